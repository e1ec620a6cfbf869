"""What `aigap` alone shows: the newest gap, and what to do next."""

from __future__ import annotations

from datetime import UTC, datetime

from pipelines.cli.console import print_heading, say

NEXT = {
    "aigap plot": "the gap month by month",
    "aigap explain {month}": "from the number to its rows and bytes",
    'aigap query "FROM monthly_gap"': "ask in SQL; aigap dictionary names the tables",
    "aigap status": "how fresh each source is, what is doubtful",
    "aigap --help": "all commands",
}


def show() -> None:
    """Print the newest gap of each variant of the arena, and the next commands. Reads no database."""
    from warehouse.read.country_pair import CountryPair
    from warehouse.read.headline import answer
    from warehouse.release import current
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    release = current(workspace)
    if release is None:
        print_heading(f"nothing is published in {workspace.data}")
        _say_next({"aigap refresh": "build, check and publish", "aigap --help": "all commands"})
        return
    pair = CountryPair(*release.summary.get("pair", ()))
    print_heading(
        f"aigap: how far the best {pair.first} AI model is ahead of the best {pair.second_adjective} one"
    )
    say("Points of the text arena, with 95 % interval; the two ratings are different scales.")
    say()
    for line in answer(release.summary, datetime.now(UTC).date()):
        say(f"  {line}")
    say()
    latest = release.summary.get("latest") or [{"month": "2025-02"}]
    _say_next({command.format(month=latest[0]["month"][:7]): what for command, what in NEXT.items()})


def _say_next(commands: dict[str, str]) -> None:
    width = max(map(len, commands))
    say("next")
    for command, what in commands.items():
        say(f"  {command:<{width}}  {what}")

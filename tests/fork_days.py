"""Twenty days of a fork: ``python -m tests.fork_days`` (about ten minutes) runs them and ends at the first surprise.

Upstream changes, stands still, names a model that nobody knows, goes away; GitHub fails at the worst moments. Printed
is what each day moved and took. ``--whole`` runs two days on the whole shipped history instead, for the sizes that a
fork has; numbers run those days only, such as ``1 5 7 16 17 18 19 20``.
"""

from __future__ import annotations

import sys
import tempfile
from contextlib import ExitStack
from pathlib import Path

from tests.fixtures.fork import UNKNOWN, Day, Fork, fork

HEAD = (
    "day  what                                    ended  new  releases  archive kB  issues  fetched kB  up MB  "
    "down MB  wall s  cpu s"
)
#: Of each day: what happens, whether the run succeeds, whether there is something new, open and all issues after it.
DAYS = [
    ("from nothing", True, True, (0, 0)),
    ("upstream stands still", True, False, (0, 0)),
    ("new figures", True, True, (0, 0)),
    ("upstream stands still", True, False, (0, 0)),
    ("an unknown model leads", True, True, (1, 1)),
    ("upstream stands still", True, False, (1, 1)),
    ("the owner pastes the line", True, True, (0, 1)),
    ("upstream stands still", True, False, (0, 1)),
    ("new figures", True, True, (0, 1)),
    ("upstream is down", False, False, (0, 1)),
    ("upstream is back", True, False, (0, 1)),
    ("GitHub fails before the day begins", False, False, (0, 1)),
    ("new figures", True, True, (0, 1)),
    ("new figures, GitHub fails at the end", False, False, (0, 1)),
    ("the same figures again", True, True, (0, 1)),
    ("another unknown model, no issues", True, True, (0, 1)),
    ("issues are turned on", True, False, (1, 2)),
    # What named it stays withheld: it is a publication of its own.
    ("upstream drops the model", True, True, (1, 2)),
    ("the owner closes the issue", True, False, (0, 2)),
    ("new figures", True, True, (0, 2)),
]


def prepare(number: int, here: Fork) -> None:
    """Let happen what happens on the day ``number``."""
    hub, what = here.hub, DAYS[number - 1][0]
    hub.fails, hub.has_issues = "$^", "no issues" not in what
    model = [UNKNOWN] if number >= 5 else []
    if what in (
        "from nothing",
        "new figures",
        "upstream drops the model",
        "upstream is back",
        "an unknown model leads",
    ):
        here.shows(number if what != "upstream is back" else number - 2, *model)
    elif what == "the owner pastes the line":
        here.pastes(hub.issues[0])
    elif what == "the owner closes the issue":
        hub.issues[1]["state"] = "closed"
    elif what == "upstream is down":
        here.is_down()
    elif what == "GitHub fails before the day begins":
        hub.fails = "^GET .*/releases$"
    elif what == "new figures, GitHub fails at the end":
        here.shows(number, *model)
        hub.fails = "^PATCH"
    elif what == "another unknown model, no issues":
        other = {**UNKNOWN, "model_name": "eta-2-omega", "organization": "Eta Works", "rating": 1540.0}
        here.shows(number, *model, {**other, "rating_lower": 1535.0, "rating_upper": 1545.0})


def expect(number: int, here: Fork, day: Day, before: list[str], published: int) -> None:
    """Raise AssertionError if the day did not end as it should, with ``published`` releases before it."""
    what, succeeds, is_new, issues = DAYS[number - 1]
    hub = here.hub
    assert day.succeeded == succeeds, f"{what}\n{day.log}"
    assert day.is_new == is_new, f"{what}\n{day.log}"
    assert (sum(one["state"] == "open" for one in hub.issues), len(hub.issues)) == issues, (
        f"{what}\n{day.log}"
    )
    assert len(hub.public()) == published + is_new
    assert all(
        {asset["name"] for asset in one["assets"]} == {"aigap.duckdb", "release.json", "export.zip"}
        for one in hub.public()
    )
    if what == "GitHub fails before the day begins":
        assert hub.archives() == before
    else:
        # Also when the day failed: what was fetched is kept.
        assert hub.archives()[-1] not in before
    assert len(hub.archives()) <= 3
    drafts = [one["tag_name"] for one in hub.releases if one["draft"]]
    assert drafts.count("aigap-archive") == len(drafts) - (what == "new figures, GitHub fails at the end"), (
        drafts
    )
    if "no issues" in what:
        assert "eta-works,Eta Works,<country>" in day.summary


def main() -> None:
    whole = "--whole" in sys.argv
    with tempfile.TemporaryDirectory() as folder, ExitStack() as stack:
        here = fork(stack, Path(folder), whole)
        sys.stdout.write(f"{HEAD}\n")
        chosen = [int(word) for word in sys.argv[1:] if word.isdecimal()]
        for number in chosen or range(1, (2 if whole else len(DAYS)) + 1):
            before, published = here.hub.archives(), len(here.hub.public())
            prepare(number, here)
            day = here.today()
            expect(number, here, day, before, published)
            sys.stdout.write(f"{line(number, here, day)}\n")
            sys.stdout.flush()
        files = [path for path in here.pages.rglob("*") if path.is_file()] if here.pages else []
        sys.stdout.write(
            f"pages: {len(files)} files, {sum(path.stat().st_size for path in files) / 1e6:.1f} MB\n"
        )
        for asset in here.hub.public()[0]["assets"]:
            sys.stdout.write(f"{asset['name']}: {asset['size'] / 1e6:.1f} MB\n")


def line(number: int, here: Fork, day: Day) -> str:
    """What the day moved and took."""
    hub = here.hub
    kept = [one for one in hub.releases if one["tag_name"] == "aigap-archive"]
    archive = kept[0]["assets"][-1]["size"] if kept else 0
    still_open = sum(issue["state"] == "open" for issue in hub.issues)
    ended, new = "ok" if day.succeeded else "failed", "yes" if day.is_new else ""
    return (
        f"{number:3}  {DAYS[number - 1][0]:38}  {ended:6} {new:3}  {len(hub.public()):8}  {archive / 1e3:10.0f}  "
        f"{still_open} of {len(hub.issues)}  {day.fetched / 1e3:10.1f}  {day.up / 1e6:5.1f}  {day.down / 1e6:7.1f}  "
        f"{day.wall:6.0f}  {day.processor:5.0f}"
    )


if __name__ == "__main__":
    main()

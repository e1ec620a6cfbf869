"""`aigap resolve`: what is withheld, and the lines that mend it."""

from __future__ import annotations

import shlex
import sys
from collections.abc import Callable
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli.console import TextOrJson, check_format, print_json, say, warn
from pipelines.cli.exit_codes import DONE, STOPPED
from pipelines.cli.help import examples

if TYPE_CHECKING:
    from warehouse.reference.resolving import Line
    from warehouse.release.withheld import Withheld
    from warehouse.workspace import Workspace

app = typer.Typer()

#: What to ask for each cell that only a person can fill in.
QUESTIONS = {
    "<country>": "Country of the head office (two capital letters: US, CN, …)",
    "<organization_id>": "Its maker (an organization_id of organizations.csv, or a new one)",
    "<where a person can check>": "Where a person can check this (an address)",
}


@app.command(
    help="Show what is withheld, and add the lines that mend it.\n\n"
    "Each line is shown and added when you confirm it; what only a person knows is asked for. Lines go into the "
    "reference folder of the data folder (or AIGAP_REFERENCE_DIR), which an upgrade does not touch, once they fit "
    "all others. aigap refresh then publishes what was withheld. Without a terminal nothing is asked: give --yes "
    "or --line. --format json only lists what is withheld.",
    epilog=examples(
        "aigap resolve",
        "aigap resolve --yes --evidence https://livebench.ai",
        "aigap resolve --line 'zeta-lab,Zeta Lab,CA,,,,Zeta Lab,,https://zeta.example/about'",
    ),
)
def resolve(
    yes: Annotated[
        bool, typer.Option("--yes", "-y", help="Add every proposed line that has nothing left to fill in.")
    ] = False,
    evidence: Annotated[
        str | None,
        typer.Option("--evidence", help="Where a person can check the lines: fills that cell of each."),
    ] = None,
    line: Annotated[
        list[str] | None,
        typer.Option(
            "--line",
            help="Add this line of organizations.csv, models.csv, countries.csv or licence_spellings.csv. Repeatable.",
        ),
    ] = None,
    format_: TextOrJson = "text",
) -> None:
    from warehouse.compute.proposals import EVIDENCE
    from warehouse.reference.resolving import read_line
    from warehouse.workspace import Workspace

    check_format(format_, "text", "json")
    workspace = Workspace.from_environment()
    if line:
        raise typer.Exit(_write(workspace, [read_line(text) for text in line]))
    found = _withheld(workspace)
    if format_ == "json":
        print_json([entry.to_row() for entry in found])
        raise typer.Exit(DONE)
    for entry in found:
        say(entry.message)
        for place in entry.places:
            say(f"  left out: {place}")
    if not found:
        say("nothing is withheld")
        raise typer.Exit(DONE)
    open_ = [entry for entry in found if entry.csv_line and not _is_mended(workspace, entry)]
    if len(open_) < sum(bool(entry.csv_line) for entry in found):
        say(f"some of it is mended by lines in {workspace.reference} already; run: aigap refresh")
    if not open_:
        say("no line is left to add")
        raise typer.Exit(DONE)
    known = {EVIDENCE: evidence} if evidence else {}
    proposed = [read_line(f"{entry.csv_file}: {entry.csv_line}").filled(known) for entry in open_]
    if yes:
        chosen = [new for new in proposed if not new.unfilled()]
        for new in proposed:
            if missing := new.unfilled():
                warn(f"aigap: warning: not added, fill in {', '.join(missing)}: {_command(new)}")
    elif sys.stdin.isatty():
        chosen = choose(proposed, _known_makers(workspace), typer.prompt, typer.confirm)
    else:
        for new in proposed:
            say(f"to add it: {_command(new)}")
        raise typer.Exit(DONE)
    if not chosen:
        warn("aigap: nothing was added")
        raise typer.Exit(STOPPED)
    raise typer.Exit(_write(workspace, chosen))


def choose(
    proposed: list[Line], makers: set[str], ask: Callable[[str], str], confirm: Callable[[str], bool]
) -> list[Line]:
    """Those of ``proposed`` that the person confirms, filled in; for a maker not among ``makers`` a line too."""
    from warehouse.reference.data import COLUMNS
    from warehouse.reference.resolving import Line

    chosen: list[Line] = []
    for line in proposed:
        say("")
        say(f"{line.table}.csv: {line.text}")
        if not confirm("Add this line?"):
            continue
        answers = {cell: ask(QUESTIONS.get(cell, cell)).strip() for cell in line.unfilled()}
        maker = answers.get("<organization_id>")
        if maker and maker not in makers:
            name = ask(f"Name of {maker}, a new organization").strip()
            country = ask(QUESTIONS["<country>"]).strip()
            cells = {
                "organization_id": maker,
                "name": name,
                "hq_country": country,
                "names": name,
                "evidence": answers.get("<where a person can check>"),
            }
            chosen.append(
                Line("organizations", tuple(cells.get(column) for column in COLUMNS["organizations"]))
            )
            makers = {*makers, maker}
        chosen.append(line.filled(answers))
    return chosen


def _write(workspace: Workspace, lines: list[Line]) -> int:
    from warehouse import release
    from warehouse.reference.resolving import add_lines

    with release.exclusive(workspace):
        added = add_lines(workspace.reference, lines)
    for line in added:
        say(f"added to {workspace.reference / line.table}.csv: {line.text}")
    say(
        "next: aigap refresh"
        if added
        else "nothing to add: these lines are there already; next: aigap refresh"
    )
    return DONE


def _command(line: Line) -> str:
    return f"aigap resolve --line {shlex.quote(line.text)}"


def _withheld(workspace: Workspace) -> list[Withheld]:
    """What the build that was stopped last withholds, else the published release."""
    from sources.errors import UsageError
    from warehouse.builder import steps
    from warehouse.db import read_only
    from warehouse.release import published, withheld

    try:
        file = steps.staged(workspace).candidate
    except UsageError:
        file = published(workspace)
    with read_only(file if file.is_file() else published(workspace)) as con:
        return withheld.read(con)


def _is_mended(workspace: Workspace, entry: Withheld) -> bool:
    """Whether the site's own lines resolve every name that ``entry`` is about."""
    from warehouse import reference
    from warehouse.compute.name_resolution import PrintedName, Resolver

    if entry.reason != "unknown_name":
        return False
    resolver = Resolver(reference.load(own=workspace.reference))
    return all(
        any(
            reading.resolution != "unresolved"
            for maker in entry.organizations
            for reading in resolver.read(PrintedName("", model, maker))
        )
        for model in entry.models
    )


def _known_makers(workspace: Workspace) -> set[str]:
    from warehouse import reference

    return set(reference.load(own=workspace.reference).organizations["organization_id"])

"""`aigap backfill`: past publications of the sources that keep them, by commit or release day."""

from __future__ import annotations

from datetime import date, datetime
from functools import partial
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import Console, Quiet, TextOrJson, check_format, console, print_json
from pipelines.cli.help import examples
from sources.errors import UsageError, meant

if TYPE_CHECKING:
    from sources.ingestion.past_publications import Known

HELP = (
    "Fetch what a source published before.\n\n"
    "A release of LiveBench, a mirror's file or the official dataset at a commit. Known since then, not since now."
)
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="UTC, included.")]


def command(
    source: Annotated[str, typer.Argument(help="Source id.", autocompletion=completion.sources)],
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Commits or days.")] = None,
    list_: Annotated[bool, typer.Option("--list", help="Print the keys, and what is held.")] = False,
    since: Day = None,
    until: Day = None,
    missing: Annotated[bool, typer.Option("--missing", help="Only what is not held.")] = False,
    request: Annotated[
        list[str] | None,
        typer.Option(
            "--request", autocompletion=completion.requests, help="Only this request; may be repeated."
        ),
    ] = None,
    format_: TextOrJson = "text",
    quiet: Quiet = False,
) -> None:
    check_format(format_, "text", "json")
    if format_ == "json" and not list_:
        raise UsageError("--format json without --list", "both", "only the list can be had as JSON")
    raise typer.Exit(
        run(
            source,
            keys or [],
            since.date() if since else None,
            until.date() if until else None,
            list_,
            missing,
            request or [],
            console(quiet=quiet),
            format_ == "json",
        )
    )


def add_to(app: typer.Typer) -> None:
    app.command(
        "backfill",
        help=HELP,
        epilog=examples(
            "aigap backfill livebench --list",
            "aigap backfill livebench 2025-04-02",
            "aigap backfill litellm_prices --since 2026-05-01 --until 2026-05-31 --missing",
        ),
    )(command)


def run(
    source_id: str,
    names: list[str],
    since: date | None,
    until: date | None,
    listing: bool,
    only_missing: bool,
    requests: list[str],
    console: Console,
    as_json: bool = False,
) -> int:
    """List or fetch; returns 0 when all that was asked for is held now, 1 when anything was refused or failed."""
    from sources.ingestion import past_publications
    from sources.registry import get
    from warehouse.builder.inputs import keep_parsed
    from warehouse.workspace import Workspace

    source = get(source_id)
    past_publications.dated(source)
    _check(names, since, until, listing, only_missing)
    unknown = [name for name in requests if name not in {request.name for request in source.requests}]
    if unknown:
        known = ", ".join(request.name for request in source.requests)
        hint = meant(unknown[0], [request.name for request in source.requests])
        raise UsageError(f"{source.id}: no request named {unknown[0]!r}", f"one of {known}", hint)
    workspace = Workspace.from_environment()
    if names:
        chosen = [past_publications.find(source, name) for name in dict.fromkeys(names)]
        chosen.sort(key=lambda key: key.known_at)
    else:
        chosen = past_publications.keys(source, since=since, until=until)
    archived, shipped = _held(source_id)
    if only_missing:
        chosen = [
            key for key in chosen if past_publications.missing(source, key, archived + shipped, requests)
        ]
    if listing:
        held = {
            key: [
                name
                for name, known in (("archive", archived), ("history", shipped))
                if not past_publications.missing(source, key, known, requests)
            ]
            for key in chosen
        }
        if as_json:
            print_json(
                [{"key": key.key, "known_at": key.known_at, "held_in": where} for key, where in held.items()]
            )
            return 0
        for key, where in held.items():
            console.say(f"{key.key}  {key.known_at:%Y-%m-%d %H:%M}  {', '.join(where) or '-'}")
        console.say(f"{len(chosen)} keys of {source_id}; a key is a {past_publications.dated(source).kind}")
        return 0
    outcomes = []
    with console.tracking(f"{past_publications.dated(source).kind}s") as track:
        for key in track(chosen):
            for outcome in past_publications.backfill(
                source, key, workspace.archive, requests, keep_rows=partial(keep_parsed, workspace)
            ):
                outcomes.append(outcome)
                (console.warn if outcome.failed else console.say)(f"{key.key}  {outcome.line()}")
    failed = sum(outcome.failed for outcome in outcomes)
    done = len(outcomes) - failed
    console.say(
        f"{done} of {len(outcomes)} accepted or held; next: aigap refresh" if outcomes else "nothing to fetch"
    )
    return 1 if failed else 0


def _check(
    names: list[str], since: date | None, until: date | None, listing: bool, only_missing: bool
) -> None:
    if names and (since or until or listing):
        raise UsageError("keys with --list, --since or --until", "keys, or a range", "leave one out")
    if since and until and since > until:
        raise UsageError(f"--since {since} --until {until}", "a day not after the other")
    if not (names or since or until or listing or only_missing):
        raise UsageError(
            "nothing to fetch is named", "keys, --since, --until or --missing", "see them: --list"
        )


def _held(source_id: str) -> tuple[list[Known], list[Known]]:
    """What is held of a source in the archive, and what of it ships."""
    from sources.ingestion.archive import Archive
    from sources.ingestion.past_publications import Known
    from warehouse.builder.inputs import Input, read_manifest
    from warehouse.workspace import Workspace

    receipts = Archive(Workspace.from_environment().archive).history(source_id)
    inputs = [Input.from_row(row) for row in read_manifest()["inputs"] if row["source_id"] == source_id]
    return (
        [Known.of(receipt) for receipt in receipts],
        [Known(entry.request, entry.known_at, entry.file_name) for entry in inputs],
    )

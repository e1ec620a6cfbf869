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
    from sources.contract.revisions import Revision
    from sources.contract.source import Source
    from sources.ingestion.backfill import StoredBody
    from warehouse.workspace import Workspace

HELP = (
    "Fetch what a source published before.\n\n"
    "A release of LiveBench, a mirror's file or the official dataset at a commit. Known since then, not since now."
)
Day = Annotated[datetime | None, typer.Option(formats=["%Y-%m-%d"], metavar="DATE", help="UTC, included.")]


app = typer.Typer()


@app.command(
    "backfill",
    help=HELP,
    epilog=examples(
        "aigap backfill livebench --list",
        "aigap backfill livebench 2025-04-02",
        "aigap backfill litellm_prices --since 2026-05-01 --until 2026-05-31 --missing",
    ),
)
def command(
    source: Annotated[str, typer.Argument(help="Source id.", autocompletion=completion.sources)],
    keys: Annotated[list[str] | None, typer.Argument(metavar="[KEY]...", help="Commits or days.")] = None,
    list_: Annotated[
        bool, typer.Option("--list", help="Print the keys, and where their bodies are.")
    ] = False,
    since: Day = None,
    until: Day = None,
    missing: Annotated[
        bool, typer.Option("--missing", help="Only what is neither archived nor shipped.")
    ] = False,
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


def run(
    source_id: str,
    keys: list[str],
    since: date | None,
    until: date | None,
    listing: bool,
    only_missing: bool,
    requests: list[str],
    console: Console,
    as_json: bool = False,
) -> int:
    """List or fetch revisions; returns 0, or 1 when anything was refused or failed. A deleted file is no failure.

    Raises `UsageError` for what is unknown or contradicts itself, and `FetchError` or `ParseError` when upstream's
    listing cannot be had or read.
    """
    from sources.ingestion.archive import Archive
    from sources.ingestion.archive.gone_keys import gone_keys
    from sources.ingestion.backfill import backfill, missing_requests
    from sources.ingestion.intake import IntakeResult
    from sources.ingestion.revision_search import find_revision, list_revisions, revision_index
    from sources.registry import get
    from warehouse.builder.inputs import keep_parsed
    from warehouse.builder.shipped import shipped_history
    from warehouse.workspace import Workspace

    source = get(source_id)
    kind = revision_index(source).kind
    _check_choice(keys, since, until, listing, only_missing)
    _check_requests(source, requests)
    workspace = Workspace.from_environment()
    if keys:
        revisions = [find_revision(source, key) for key in dict.fromkeys(keys)]
        revisions.sort(key=lambda revision: revision.known_at)
    else:
        revisions = list_revisions(source, since=since, until=until)
    archived, shipped = _stored_bodies(source, workspace)
    gone = gone_keys(Archive(workspace.archive), source.id)
    if only_missing:
        revisions = [
            revision
            for revision in revisions
            if missing_requests(source, revision, archived + shipped, requests, gone)
        ]
    if listing:
        held_in = {
            revision: [
                place
                for place, stored in (("archive", archived), ("history", shipped))
                if not missing_requests(source, revision, stored, requests)
            ]
            or ["gone"] * (not missing_requests(source, revision, [], requests, gone))
            for revision in revisions
        }
        _list(source, held_in, kind, console, as_json)
        return 0
    outcomes = []
    with console.tracking(f"{kind}s") as track:
        for revision in track(revisions):
            for outcome in backfill(
                source,
                revision,
                workspace.archive,
                requests,
                keep_rows=partial(keep_parsed, workspace),
                baseline=shipped_history(),
                # Who names a key wants it asked for.
                ask_again=bool(keys),
            ):
                outcomes.append(outcome)
                line, *held = outcome.lines()
                (console.warn if outcome.failed else console.say)(f"{revision.key}  {line}")
                for line in held:
                    console.warn(line)
    failed = sum(outcome.failed for outcome in outcomes)
    absent = sum(outcome.result is IntakeResult.GONE for outcome in outcomes)
    done = len(outcomes) - failed - absent
    beside = f", {absent} not there upstream" if absent else ""
    summary = f"{done} of {len(outcomes)} accepted or archived already{beside}; next: aigap refresh"
    console.say(summary if outcomes else "nothing to fetch")
    return 1 if failed else 0


def _list(
    source: Source, held_in: dict[Revision, list[str]], kind: str, console: Console, as_json: bool
) -> None:
    if as_json:
        print_json(
            [
                {"key": revision.key, "known_at": revision.known_at, "held_in": places}
                for revision, places in held_in.items()
            ]
        )
        return
    for revision, places in held_in.items():
        console.say(f"{revision.key}  {revision.known_at:%Y-%m-%d %H:%M}  {', '.join(places) or '-'}")
    console.say(f"{len(held_in)} keys of {source.id}; a key is a {kind}")


def _check_choice(
    keys: list[str], since: date | None, until: date | None, listing: bool, only_missing: bool
) -> None:
    if keys and (since or until or listing):
        raise UsageError("keys with --list, --since or --until", "keys, or a range", "leave one out")
    if since and until and since > until:
        raise UsageError(f"--since {since} --until {until}", "a day not after the other")
    if not (keys or since or until or listing or only_missing):
        raise UsageError(
            "nothing to fetch is named", "keys, --since, --until or --missing", "see them: --list"
        )


def _check_requests(source: Source, names: list[str]) -> None:
    known = [request.name for request in source.requests]
    for name in names:
        if name not in known:
            raise UsageError(
                f"{source.id}: no request named {name!r}", f"one of {', '.join(known)}", meant(name, known)
            )


def _stored_bodies(source: Source, workspace: Workspace) -> tuple[list[StoredBody], list[StoredBody]]:
    """The bodies of a source in the archive, and those of the shipped history."""
    from sources.ingestion.archive import Archive
    from sources.ingestion.backfill import StoredBody
    from warehouse.builder.inputs import Input, read_manifest

    receipts = Archive(workspace.archive).history(source.id)
    inputs = [Input.from_row(row) for row in read_manifest()["inputs"] if row["source_id"] == source.id]
    return (
        [StoredBody.of(receipt) for receipt in receipts],
        [StoredBody(entry.request, entry.known_at, entry.file_name) for entry in inputs],
    )

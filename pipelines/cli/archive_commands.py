"""`aigap archive`: list, show, check and prune what was fetched and ingested."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import TextOrJson, check_format, console, print_heading, print_json, say, warn
from pipelines.cli.help import examples
from pipelines.cli.plain_values import load_when_used
from sources.errors import UsageError, meant

if TYPE_CHECKING:
    from sources.ingestion.archive import Archive
    from warehouse.workspace import Workspace

app = typer.Typer(
    name="archive",
    help="List, show, verify, decide about or prune what was received.\n\n"
    "Every body is kept as it came, with its receipt.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples(
        "aigap archive list",
        "aigap archive release 3f2a9c1b --reason 'the maker announced it'",
        "aigap archive prune --dry-run",
    ),
)
Body = Annotated[
    str,
    typer.Argument(metavar="SHA", help="Beginning of the body's sha256.", autocompletion=completion.bodies),
]
Reason = Annotated[str, typer.Option("--reason", help="Why; it stays on record.")]


def _open() -> tuple[Workspace, Archive]:
    from sources.ingestion.archive import Archive
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    return workspace, Archive(workspace.archive)


@app.command(
    help="Check every receipt, and the body it names.\n\nExit code 1 if anything is damaged.",
    epilog=examples("aigap archive verify"),
)
def verify() -> None:
    from sources.ingestion.archive.request_stats import request_stats

    _, archive = _open()
    with console().tracking("receipts") as track:
        problems = archive.verify(track)
    for problem in problems:
        warn(problem)
    if problems:
        warn(f"{len(problems)} problems in {archive.root}")
        raise typer.Exit(1)
    receipts = sum(entry.receipts for entry in request_stats(archive))
    say(f"{receipts} receipts, all intact in {archive.root}")


@app.command(
    "list",
    help="List how much is archived of each request.\n\n"
    "With --bodies each body and whether it counts: held, held in part, released, rejected.",
    epilog=examples("aigap archive list", "aigap archive list --bodies", "aigap archive list --format json"),
)
def list_(
    bodies: Annotated[bool, typer.Option("--bodies", help="One line a body, the newest last.")] = False,
    format_: TextOrJson = "text",
) -> None:
    load_when_used("polars")
    from sources.ingestion.archive.request_stats import request_stats

    check_format(format_, "text", "json")
    _, archive = _open()
    if bodies:
        _list_bodies(archive, as_json=format_ == "json")
        return
    stats = request_stats(archive)
    if format_ == "json":
        print_json([asdict(entry) for entry in stats])
        return
    if not stats:
        say(f"nothing is archived in {archive.root}; next: aigap ingest, or aigap refresh --live")
        return
    rows = [("source/request", "receipts", "bodies", "MB", "first", "last")]
    rows += [
        (
            f"{entry.source_id}/{entry.request}",
            f"{entry.receipts:,}",
            f"{entry.blobs:,}",
            f"{entry.size / 1e6:,.1f}",
            f"{entry.first:%Y-%m-%d}",
            f"{entry.last:%Y-%m-%d}",
        )
        for entry in stats
    ]
    widths = [max(len(row[place]) for row in rows) for place in range(6)]
    for row in rows:
        right = (f"{cell:>{width}}" for cell, width in zip(row[1:], widths[1:], strict=True))
        (print_heading if row is rows[0] else say)("  ".join((f"{row[0]:<{widths[0]}}", *right)))


def _list_bodies(archive: Archive, *, as_json: bool) -> None:
    from sources.ingestion.archive.decisions import all_decisions

    decided = {(one.source_id, one.request, one.sha256): one for one in all_decisions(archive.root)}
    receipts = sorted(archive.receipts(), key=lambda one: (one.source_id, one.request, one.known_at))
    newest = {(one.source_id, one.request, one.sha256): one for one in receipts}
    states = {key: decided[key].state if key in decided else "in use" for key in newest}
    if as_json:
        fields = ("sha256", "source_id", "request", "known_at", "file_name")
        print_json(
            [
                {**{name: getattr(receipt, name) for name in fields}, "state": states[key]}
                for key, receipt in newest.items()
            ]
        )
        return
    for key, receipt in newest.items():
        words = [
            receipt.sha256[:12],
            f"{receipt.known_at:%Y-%m-%d}",
            f"{receipt.source_id}/{receipt.request}",
        ]
        say("  ".join(filter(None, [*words, states[key], receipt.file_name])))


@app.command(
    help="Let rows count that were held back.\n\n"
    "They did not fit what was known before. The next refresh reads them, and later bodies are compared with them.",
    epilog=examples(
        "aigap archive release 3f2a9c1b --reason 'announced on their page'",
        "aigap archive release 3f2a9c1b --series arena_text/raw/overall --reason 'seen on the site'",
    ),
)
def release(
    sha256: Body,
    reason: Reason,
    series: Annotated[
        list[str] | None,
        typer.Option(
            "--series",
            help="Only this series, or all that begin like it; may be repeated.",
            autocompletion=completion.held_series,
        ),
    ] = None,
) -> None:
    from datetime import UTC, datetime

    from sources.ingestion import deciding

    _, archive = _open()
    decisions, names = deciding.release(archive, sha256, series or [], reason, datetime.now(UTC))
    for name in names:
        say(f"{decisions.where()}: released {name}")
    left = f"; {len(decisions.active)} still held" if decisions.active else ""
    say(f"{len(names)} released{left}; next: aigap refresh")


@app.command(
    help="Never read a body again.\n\nIt is kept. The last good one is in use from the next refresh on.",
    epilog=examples("aigap archive reject 3f2a9c1b --reason 'withdrawn by the maker'"),
)
def reject(sha256: Body, reason: Reason) -> None:
    from datetime import UTC, datetime

    from sources.ingestion import deciding

    _, archive = _open()
    say(deciding.reject(archive, sha256, reason, datetime.now(UTC)).rejection())
    say("next: aigap refresh")


@app.command(
    help="Use a rejected body again.",
    epilog=examples("aigap archive restore 3f2a9c1b --reason 'it was right'"),
)
def restore(sha256: Body, reason: Reason = "restored") -> None:
    from datetime import UTC, datetime

    from sources.ingestion import deciding

    _, archive = _open()
    decisions = deciding.restore(archive, sha256, reason, datetime.now(UTC))
    say(f"{decisions.where()}: in use again; next: aigap refresh")


@app.command(
    help="Take a body out of quarantine in again.\n\n"
    "After its parser was mended. Exit code 1 if it is refused or held back.",
    epilog=examples("aigap archive retry 3f2a9c1b"),
)
def retry(
    sha256: Annotated[
        str,
        typer.Argument(
            metavar="SHA",
            help="Beginning of its sha256, see: aigap status.",
            autocompletion=completion.refused,
        ),
    ],
) -> None:
    from functools import partial

    from sources.ingestion import deciding
    from warehouse.builder.inputs import keep_parsed
    from warehouse.builder.shipped import shipped_history

    workspace, archive = _open()
    outcome = deciding.retry(archive, sha256, partial(keep_parsed, workspace), shipped_history())
    for line in outcome.lines():
        (warn if outcome.failed else say)(line)
    if outcome.failed:
        raise typer.Exit(1)
    say("next: aigap refresh")


@app.command(
    help="Show the newest receipt of each request of a source.\n\nAnd where its body lies.",
    epilog=examples("aigap archive show lmarena_hf", "aigap archive show lmarena_hf --request text"),
)
def show(
    source: Annotated[
        str, typer.Argument(help="Source id, see: aigap archive list.", autocompletion=completion.sources)
    ],
    request: Annotated[
        str | None,
        typer.Option("--request", help="Only this request.", autocompletion=completion.requests),
    ] = None,
) -> None:
    from sources.ingestion.archive.request_stats import request_stats

    _, archive = _open()
    stats = request_stats(archive)
    requests = [entry.request for entry in stats if entry.source_id == source]
    chosen = [name for name in requests if request in (None, name)]
    if not chosen:
        known = requests or sorted({entry.source_id for entry in stats})
        what = f"{source}/{request}" if request else source
        raise UsageError(
            f"nothing is archived of {what}",
            f"one of {', '.join(known)}" if known else "",
            meant(request or source if requests else source, known, "see: aigap archive list"),
        )
    for name in chosen:
        receipt = archive.latest(source, name)
        if receipt is not None:
            say(receipt.to_json().rstrip())
            say(f"body (gzip): {archive.blob_of(receipt)}")


@app.command(
    help="Remove bodies that are no longer needed.\n\n"
    "These are bodies that no kept release was built from and no newest receipt names, and old refused ones. "
    "Nothing younger than --older-than days, or than the published release, is removed.",
    epilog=examples("aigap archive prune --dry-run", "aigap archive prune --older-than 730"),
)
def prune(
    older_than: Annotated[
        int | None,
        typer.Option("--older-than", min=0, help="Days.", show_default="AIGAP_KEEP_BODIES_DAYS, else 365"),
    ] = None,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Only say what would go.")] = False,
) -> None:
    from warehouse.release import exclusive
    from warehouse.release.archive_policy import DAYS, days_kept, prune_archive

    workspace, archive = _open()
    days = next(chosen for chosen in (older_than, days_kept(), DAYS) if chosen is not None)
    with exclusive(workspace):
        before, removed = prune_archive(workspace, days, dry_run=dry_run)
    for entry in removed:
        say(f"{entry.path.relative_to(archive.root).as_posix()}: {entry.why}")
    size = sum(entry.size for entry in removed) / 1e6
    verb = "would be removed" if dry_run else "removed"
    say(f"{len(removed)} files, {size:.1f} MB {verb}; older than {before:%Y-%m-%d}")

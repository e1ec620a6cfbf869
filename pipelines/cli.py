"""The command line. Imports are inside the commands: `query`, `status` and `--help` never load Dagster."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from pipelines import backfill_cli, export_cli
from pipelines.archive_cli import app as archive_app
from pipelines.console import LogFormat, console, say, warn
from pipelines.site_cli import HELP as SITE_HELP
from pipelines.site_cli import site
from sources.errors import AigapError, UsageError

DONE, STOPPED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
LEFT = "aigap: interrupted; the last release is untouched"

app = typer.Typer(
    name="aigap",
    help="How far apart are the best US and the best Chinese AI models, month by month, and how do we know?",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
history_app = typer.Typer(
    help="The history that ships with the project.", no_args_is_help=True, rich_markup_mode=None
)
app.add_typer(history_app, name="history")
app.add_typer(archive_app, name="archive")
app.command("backfill", help=backfill_cli.HELP)(backfill_cli.command)
export_cli.add_to(app)
app.command(help=SITE_HELP)(site)


class Format(StrEnum):
    """How `aigap query` prints."""

    TABLE = "table"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


def _leave(signal_number: int, frame: object) -> None:
    """Ctrl-C outside a step: leave at once, as a kill would, which harms nothing.

    An exception could be lost in one of the callbacks Python runs without a caller.
    """
    os.write(2, f"{LEFT}\n".encode())
    os._exit(INTERRUPTED)


@app.command(
    help="Build a release from the shipped history and the archive, check it and publish it.\n\n"
    "Without --live nothing touches the network. With it, today's boards of every source are fetched first, "
    "unchanged ones without a download; a source that fails is a warning, and the exit code is 1 only when "
    "all fail. Whole histories (requests called …_full, tens of megabytes) are fetched when named:\n\n"
    "aigap refresh --live --source lmarena_hf --request text_full"
)
def refresh(
    live: Annotated[bool, typer.Option("--live", help="Fetch every source first.")] = False,
    source: Annotated[
        list[str] | None, typer.Option("--source", help="With --live: only this source; may be repeated.")
    ] = None,
    request: Annotated[
        list[str] | None, typer.Option("--request", help="With --live: only this request; may be repeated.")
    ] = None,
    force: Annotated[bool, typer.Option("--force", help="Publish even if nothing is new.")] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of",
            formats=["%Y-%m-%d"],
            help="Build what could have been built at the end of this day (UTC) beside the releases; "
            "the published one stays.",
        ),
    ] = None,
    pages: Annotated[
        bool,
        typer.Option(
            "--pages", envvar="AIGAP_PAGES", help="Write the export and the pages too, beside the link."
        ),
    ] = False,
    quiet: Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")] = False,
    log_format: Annotated[
        LogFormat,
        typer.Option("--log-format", envvar="AIGAP_LOG_FORMAT", help="json: one object a line, on stderr."),
    ] = LogFormat.TEXT,
) -> None:
    from pipelines.refresh import refresh as run

    signal.signal(signal.SIGINT, _leave)
    raise typer.Exit(
        run(
            live=live,
            sources=source or [],
            force=force,
            console=console(log_format, quiet=quiet),
            requests=request or [],
            as_of=as_of.date() if as_of else None,
            pages=pages,
        )
    )


@app.command(help="Run SQL on the published warehouse, read-only.")
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; tables of main need no schema.")],
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to print.")] = Format.TABLE,
    to: Annotated[Path | None, typer.Option("--to", help="Write to this file instead.")] = None,
) -> None:
    from warehouse.query import run
    from warehouse.workspace import Workspace

    # DuckDB does not always hear Python's Ctrl-C inside a long statement; there is nothing to tidy up.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    run(Workspace.from_environment(), sql, format_.value, to, sys.stdout)


@app.command(help="What is published, how fresh every source is, and what went wrong last.")
def status(
    format_: Annotated[str, typer.Option("--format", "-f", help="text or json.")] = "text",
) -> None:
    from warehouse.status import as_json, as_text
    from warehouse.workspace import Workspace

    if format_ not in ("text", "json"):
        raise UsageError(f"no format {format_!r}", "text or json", "choose one")
    workspace = Workspace.from_environment()
    say(as_json(workspace) if format_ == "json" else as_text(workspace))


@app.command(help="List the releases kept, newest first; * is the one published.")
def releases() -> None:
    from warehouse.release import current
    from warehouse.release import releases as listed
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    now = current(workspace)
    found = listed(workspace)
    if not found:
        raise UsageError(f"nothing is published in {workspace.data}", "a release", "run: aigap refresh")
    for release in found:
        mark = "*" if now and release.name == now.name else " "
        size = release.path(workspace).stat().st_size / 1e6
        counts = release.summary.get("counts", {})
        say(
            f"{mark} {release.name}  {release.published_at[:19]}Z  {size:.1f} MB  "
            f"{counts.get('snapshots', 0)} snapshots, {counts.get('months_with_gap', 0)} months with a gap"
        )


@app.command(help="Point the published link at an earlier release.")
def rollback(
    to: Annotated[
        str | None, typer.Option("--to", help="Name of a release; default: the one before.")
    ] = None,
) -> None:
    from warehouse.release import exclusive
    from warehouse.release import rollback as point
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    with exclusive(workspace):
        release = point(workspace, to)
    say(f"published is now {release.name} (of {release.published_at[:19]}Z); readers see it at once")


@app.command(help="Take local files of a source into the archive, through the same acceptance as a fetch.")
def ingest(
    source: Annotated[str, typer.Argument(help="Source id, see: aigap status.")],
    files: Annotated[list[Path], typer.Argument(help="Files as upstream serves them.")],
    request: Annotated[str | None, typer.Option("--request", help="Which request the files answer.")] = None,
) -> None:
    from pipelines.ingest import ingest as take

    raise typer.Exit(take(source, files, request, say=say, warn=warn))


@app.command(help="Walk from one month's gap to its rows, its snapshot and its bytes.")
def explain(
    month: Annotated[str, typer.Argument(help="As in 2025-02.")],
    board: Annotated[str, typer.Option("--board")] = "arena_text",
    variant: Annotated[str, typer.Option("--variant")] = "raw",
    category: Annotated[str, typer.Option("--category")] = "overall",
) -> None:
    import duckdb

    from warehouse.explain import explain as walk
    from warehouse.release import published
    from warehouse.workspace import Workspace

    con = duckdb.connect(str(published(Workspace.from_environment())), read_only=True)
    try:
        for line in walk(con, month, board, variant, category):
            say(line)
    finally:
        con.close()


@app.command(
    help="Compute the marts under other parameters into a file of its own; the published one is not touched.\n\n"
    "Example: aigap recompute --set country_b=FR --set month_rule=first --to us_fr.duckdb"
)
def recompute(
    to: Annotated[Path, typer.Option("--to", help="The new DuckDB file.")],
    set_: Annotated[list[str], typer.Option("--set", help="NAME=VALUE of meta.parameters; may be repeated.")],
) -> None:
    from warehouse.recompute import recompute as compute
    from warehouse.release import published
    from warehouse.workspace import Workspace

    changes = {name: value for name, _, value in (word.partition("=") for word in set_)}
    empty = [name for name, value in changes.items() if not value]
    if empty:
        raise UsageError(f"--set {empty[0]}", "NAME=VALUE", "as in --set country_b=FR")
    counts = compute(published(Workspace.from_environment()), to, changes)
    say(f"{len(counts)} tables, {sum(counts.values()):,} rows in {to}")


@app.command(help="Run every check on the published warehouse again.")
def check() -> None:
    from warehouse import audit
    from warehouse.release import file_before, published
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    results = audit.run(published(workspace), before=file_before(workspace))
    for result in results:
        if not result.passed:
            (warn if result.stops_release else say)(
                f"{'FAIL' if result.stops_release else 'warn'}  {result.line()}"
            )
    stopped = sum(result.stops_release for result in results)
    warned = sum(not result.passed for result in results) - stopped
    say(f"{len(results)} checks: {len(results) - stopped - warned} passed, {warned} warned, {stopped} failed")
    raise typer.Exit(STOPPED if stopped else DONE)


@app.command(help="Print the dictionary, or the page of one table, as Markdown; --to writes a page a table.")
def dictionary(
    table: Annotated[str | None, typer.Argument(help="With or without its schema.")] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Folder for the pages of all tables.")] = None,
) -> None:
    from warehouse import dictionary as pages
    from warehouse.release import published
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    if to is not None and table is not None:
        raise UsageError(f"--to with {table}", "all pages or one", "leave one of them out")
    if to is not None:
        with pages.opened(published(workspace)) as con:
            say(f"{pages.write(to, con)} pages in {to}")
    elif table is None:
        typer.echo(pages.markdown(), nl=False)
    elif workspace.link.exists():
        with pages.opened(workspace.link) as con:
            typer.echo(pages.page(pages.find(table), con), nl=False)
    else:
        typer.echo(pages.page(pages.find(table)), nl=False)


@history_app.command("build", help="Replay archived bytes, or a folder of raw files, into warehouse/history.")
def history_build(
    raw: Annotated[
        Path | None,
        typer.Option("--raw", help="Folder of raw files, one subfolder a source; default: the archive."),
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write here instead of warehouse/history.")] = None,
) -> None:
    from warehouse import history
    from warehouse.inputs import HISTORY
    from warehouse.workspace import Workspace

    folder = to or HISTORY
    manifest = history.build(Workspace.from_environment(), raw, folder, progress=say)
    size = sum((folder / entry["file"]).stat().st_size for entry in manifest["files"])
    rows = sum(entry["rows"] for entry in manifest["files"])
    say(
        f"{len(manifest['inputs'])} inputs, {rows:,} rows, {size / 1e6:.1f} MB in {folder}; next: aigap refresh"
    )


def guarded(command: Callable[[], Any]) -> int:
    """Run ``command``; expected failures become one line and an exit code, never a traceback."""
    try:
        command()
    except SystemExit as done:
        # Typer's own: help, wrong options (told by it), an exit code of a command, Ctrl-C.
        code = done.code if isinstance(done.code, int) else DONE
        if code == INTERRUPTED:
            warn(LEFT)
        return code
    except UsageError as error:
        warn(f"aigap: {error.line()}")
        return WRONG_USE
    except AigapError as error:
        warn(f"aigap: {error.line()}")
        return STOPPED
    except OSError as error:
        where = f": {error.filename}" if error.filename else ""
        warn(f"aigap: {error.strerror or error}{where}; the last release is untouched")
        return STOPPED
    return DONE


def main() -> None:
    if isinstance(sys.stdout, io.TextIOWrapper):
        # A terminal that is not UTF-8 shows a name it lacks the letters for as \\u…, and the rest as it is.
        sys.stdout.reconfigure(errors="backslashreplace")
    raise SystemExit(guarded(app))


if __name__ == "__main__":
    main()

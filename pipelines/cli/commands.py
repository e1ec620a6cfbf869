"""The command line. Imports are inside the commands: `query`, `status` and `--help` never load Dagster."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from dataclasses import asdict
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from pipelines.cli import backfill_commands, completion, export_commands, site_commands
from pipelines.cli.archive_commands import app as archive_app
from pipelines.cli.console import (
    LogFormat,
    Quiet,
    TextOrJson,
    coloured,
    console,
    head,
    one_of,
    say,
    tell,
    warn,
)
from pipelines.cli.help import Commands, examples, shared
from sources.errors import AigapError, UsageError

if TYPE_CHECKING:
    from warehouse.release import Release
    from warehouse.workspace import Workspace

DONE, STOPPED, WRONG_USE, INTERRUPTED = 0, 1, 2, 130
LEFT = "aigap: interrupted; the last release is untouched"

app = typer.Typer(
    name="aigap",
    cls=Commands,
    help="How far apart are the best US and the best Chinese AI models, month by month, and how do we know?",
    no_args_is_help=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
    add_completion=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    epilog=examples(
        "aigap refresh",
        'aigap query "SELECT month, us_model, cn_model, gap_points FROM monthly_gap LIMIT 5"',
        "aigap explain 2025-02",
    ),
)
app.callback()(shared)
history_app = typer.Typer(
    help="Write the history that ships with the project.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples("aigap history build --to new_history"),
)
app.add_typer(history_app, name="history")
app.add_typer(archive_app, name="archive")
backfill_commands.add_to(app)
export_commands.add_to(app)
site_commands.add_to(app)

ReleaseOption = Annotated[
    str | None,
    typer.Option(
        "--release",
        metavar="NAME|FILE",
        autocompletion=completion.readable,
        help="Read this release, or one of a past day; the beginning of its name will do.",
    ),
]


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
    help="Build, check and publish a release; --live fetches first.\n\n"
    "Built from the shipped history and the archive. Without --live nothing touches the network. With it, "
    "today's boards of every source are fetched first, unchanged ones without a download; a source that fails "
    "is a warning, and the exit code is 1 only when all fail. Whole histories (requests called …_full, tens of "
    "megabytes) are fetched when named.",
    epilog=examples(
        "aigap refresh",
        "aigap refresh --live --source lmarena_hf --request text_full",
        "aigap refresh --as-of 2025-06-30",
    ),
)
def refresh(
    context: typer.Context,
    live: Annotated[bool, typer.Option("--live", help="Fetch every source first.")] = False,
    source: Annotated[
        list[str] | None,
        typer.Option(
            "--source",
            autocompletion=completion.sources,
            help="With --live: only this source; may be repeated.",
        ),
    ] = None,
    request: Annotated[
        list[str] | None,
        typer.Option(
            "--request",
            autocompletion=completion.requests,
            help="With --live: only this request; may be repeated.",
        ),
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
    quiet: Quiet = False,
    log_format: Annotated[
        LogFormat,
        typer.Option("--log-format", envvar="AIGAP_LOG_FORMAT", help="json: one object a line, on stderr."),
    ] = LogFormat.TEXT,
) -> None:
    from pipelines.cli.refresh import refresh as run

    signal.signal(signal.SIGINT, _leave)
    # What the environment asks for is pages of what is published; with a past day only who types it is wrong.
    asked_by = context.get_parameter_source("pages")
    if as_of and asked_by and asked_by.name == "ENVIRONMENT":
        pages = False
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


@app.command(
    help="Run SQL on the published warehouse, read-only.",
    epilog=examples(
        """aigap query "SELECT month, gap_points FROM monthly_gap WHERE board = 'arena_text' LIMIT 5\"""",
        'aigap query "FROM core.models" --format csv --to models.csv',
        'aigap query "SELECT count(*) FROM core.scores" --format json',
    ),
)
def query(
    sql: Annotated[str, typer.Argument(help="One SELECT; tables of main need no schema.")],
    format_: Annotated[Format, typer.Option("--format", "-f", help="How to print.")] = Format.TABLE,
    to: Annotated[Path | None, typer.Option("--to", help="Write to this file instead.")] = None,
    release: ReleaseOption = None,
) -> None:
    from warehouse.read.query import run
    from warehouse.workspace import Workspace

    # DuckDB does not always hear Python's Ctrl-C inside a long statement; there is nothing to tidy up.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    workspace = Workspace.from_environment()
    run(workspace, sql, format_.value, to, sys.stdout, release, colour=coloured(sys.stdout))


@app.command(
    help="Tell what is published, how fresh sources are, what failed.",
    epilog=examples("aigap status", "aigap status --format json"),
)
def status(format_: TextOrJson = "text") -> None:
    from warehouse.read.status import as_json, as_text
    from warehouse.workspace import Workspace

    one_of(format_, "text", "json")
    workspace = Workspace.from_environment()
    if format_ == "json":
        say(as_json(workspace))
        return
    for line in as_text(workspace).splitlines():
        (say if line.startswith(" ") else head)(line)


@app.command(
    help="List the releases kept, newest first; * is published.",
    epilog=examples("aigap releases", "aigap releases --format json"),
)
def releases(format_: TextOrJson = "text") -> None:
    from warehouse.release import current
    from warehouse.release import releases as listed
    from warehouse.workspace import Workspace

    one_of(format_, "text", "json")
    workspace = Workspace.from_environment()
    now = current(workspace)
    found = listed(workspace)
    if not found:
        raise UsageError(f"nothing is published in {workspace.data}", "a release", "run: aigap refresh")
    if format_ == "json":
        tell([_release_fields(release, workspace, now) for release in found])
        return
    for release in found:
        mark = "*" if now and release.name == now.name else " "
        size = release.path(workspace).stat().st_size / 1e6
        counts = release.summary.get("counts", {})
        say(
            f"{mark} {release.name}  {release.published_at[:19]}Z  {size:.1f} MB  "
            f"{counts.get('snapshots', 0)} snapshots, {counts.get('months_with_gap', 0)} months with a gap"
        )


def _release_fields(release: Release, workspace: Workspace, now: Release | None) -> dict[str, Any]:
    path = release.path(workspace)
    return {
        "name": release.name,
        "is_published": now is not None and release.name == now.name,
        "published_at": release.published_at,
        "previous": release.previous,
        "rolled_back": release.rolled_back,
        "input_hash": release.input_hash,
        "path": str(path),
        "size": path.stat().st_size,
        "counts": release.summary.get("counts", {}),
    }


@app.command(
    help="Point the published link at an earlier release.",
    epilog=examples("aigap rollback", "aigap rollback --to aigap-20261122T203442Z-b0178eb125e9"),
)
def rollback(
    to: Annotated[
        str | None,
        typer.Option(
            "--to",
            autocompletion=completion.releases,
            help="Name of a release; default: the one before.",
        ),
    ] = None,
) -> None:
    from warehouse.release import exclusive
    from warehouse.release import rollback as point
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    with exclusive(workspace):
        release = point(workspace, to)
    say(f"published is now {release.name} (of {release.published_at[:19]}Z); readers see it at once")


@app.command(
    help="Take local files of a source into the archive.\n\n"
    "They pass through the same acceptance as what is fetched; what is refused goes to quarantine.",
    epilog=examples(
        "aigap ingest lmarena_hf --request text latest.parquet", "aigap ingest aider polyglot_leaderboard.yml"
    ),
)
def ingest(
    source: Annotated[
        str, typer.Argument(help="Source id, see: aigap status.", autocompletion=completion.sources)
    ],
    files: Annotated[list[Path], typer.Argument(help="Files as upstream serves them.")],
    request: Annotated[
        str | None,
        typer.Option("--request", help="Which request the files answer.", autocompletion=completion.requests),
    ] = None,
    quiet: Quiet = False,
) -> None:
    from pipelines.cli.ingest import ingest as take

    raise typer.Exit(take(source, files, request, console(quiet=quiet)))


@app.command(
    help="Walk from one month's gap to its rows, snapshot and bytes.",
    epilog=examples(
        "aigap explain 2025-02",
        "aigap explain 2025-02 --variant style_control",
        "aigap explain 2025-06 --board arena_text --category coding",
    ),
)
def explain(
    month: Annotated[str, typer.Argument(help="As in 2025-02.", autocompletion=completion.months)],
    board: Annotated[
        str, typer.Option("--board", help="Which leaderboard.", autocompletion=completion.boards)
    ] = "arena_text",
    variant: Annotated[
        str,
        typer.Option("--variant", help="raw or style_control.", autocompletion=completion.variants),
    ] = "raw",
    category: Annotated[
        str,
        typer.Option("--category", help="Which part of the board.", autocompletion=completion.categories),
    ] = "overall",
    release: ReleaseOption = None,
) -> None:
    import duckdb

    from warehouse.read.explain import explain as walk
    from warehouse.read.query import opened
    from warehouse.release import find_file
    from warehouse.workspace import Workspace

    file = find_file(Workspace.from_environment(), release)
    try:
        with opened(file) as con:
            lines = walk(con, month, board, variant, category)
    except duckdb.Error as error:
        raise AigapError(
            f"{file} has not the tables it takes ({str(error).splitlines()[0]})",
            "a release of this version",
            "see: aigap releases",
        ) from None
    for line in lines:
        (say if line.startswith(" ") else head)(line)


@app.command(
    help="Compute the marts under other parameters into a new file.\n\nThe published one is not touched.",
    epilog=examples(
        "aigap recompute --set country_b=FR --set month_rule=first --to us_fr.duckdb",
        'aigap query "FROM meta.parameters"',
    ),
)
def recompute(
    to: Annotated[Path, typer.Option("--to", help="The new DuckDB file.")],
    set_: Annotated[
        list[str],
        typer.Option(
            "--set",
            metavar="NAME=VALUE",
            autocompletion=completion.parameters,
            help="A parameter of meta.parameters; may be repeated.",
        ),
    ],
) -> None:
    from warehouse.builder.recompute import recompute as compute
    from warehouse.release import published
    from warehouse.workspace import Workspace

    changes = {name: value for name, _, value in (word.partition("=") for word in set_)}
    empty = [name for name, value in changes.items() if not value]
    if empty:
        raise UsageError(f"--set {empty[0]}", "NAME=VALUE", "as in --set country_b=FR")
    counts = compute(published(Workspace.from_environment()), to, changes)
    say(f"{len(counts)} tables, {sum(counts.values()):,} rows in {to}")


@app.command(
    help="Run every check on the published warehouse again.",
    epilog=examples("aigap check", "aigap check --format json"),
)
def check(format_: TextOrJson = "text") -> None:
    from warehouse.builder import checks
    from warehouse.release import previous_file, published
    from warehouse.workspace import Workspace

    one_of(format_, "text", "json")
    workspace = Workspace.from_environment()
    results = checks.run(published(workspace), before=previous_file(workspace))
    for result in results if format_ == "text" else ():
        if not result.passed:
            (warn if result.stops_release else say)(
                f"{'FAIL' if result.stops_release else 'warn'}  {result.line()}"
            )
    stopped = sum(result.stops_release for result in results)
    warned = sum(not result.passed for result in results) - stopped
    passed = len(results) - stopped - warned
    if format_ == "json":
        tell({"passed": passed, "warned": warned, "failed": stopped, "checks": [asdict(r) for r in results]})
    else:
        say(f"{len(results)} checks: {passed} passed, {warned} warned, {stopped} failed")
    raise typer.Exit(STOPPED if stopped else DONE)


@app.command(
    help="Print the dictionary, or one table's page, as Markdown.",
    epilog=examples(
        "aigap dictionary", "aigap dictionary monthly_gap", "aigap dictionary --to dictionary_pages"
    ),
)
def dictionary(
    table: Annotated[
        str | None, typer.Argument(help="With or without its schema.", autocompletion=completion.tables)
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Folder for the pages of all tables.")] = None,
) -> None:
    from warehouse.read import dictionary as pages
    from warehouse.read.query import opened
    from warehouse.release import published
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    if to is not None and table is not None:
        raise UsageError(f"--to with {table}", "all pages or one", "leave one of them out")
    if to is not None:
        with opened(published(workspace)) as con:
            say(f"{pages.write(to, con)} pages in {to}")
    elif table is None:
        typer.echo(pages.markdown(), nl=False)
    elif workspace.link.exists():
        with opened(workspace.link) as con:
            typer.echo(pages.page(pages.find(table), con), nl=False)
    else:
        typer.echo(pages.page(pages.find(table)), nl=False)


@history_app.command(
    "build",
    help="Replay archived bytes, or raw files, into warehouse/history.",
    epilog=examples(
        "aigap history build --to new_history", "aigap history build --raw downloads --to new_history"
    ),
)
def history_build(
    raw: Annotated[
        Path | None,
        typer.Option("--raw", help="Folder of raw files, one subfolder a source; default: the archive."),
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write here instead of warehouse/history.")] = None,
    quiet: Quiet = False,
) -> None:
    from warehouse.builder import history
    from warehouse.builder.inputs import HISTORY
    from warehouse.workspace import Workspace

    folder = to or HISTORY
    voice = console(quiet=quiet)
    with voice.tracking("sources") as track:
        manifest = history.build(Workspace.from_environment(), raw, folder, progress=voice.say, track=track)
    size = sum((folder / entry["file"]).stat().st_size for entry in manifest["files"])
    rows = sum(entry["rows"] for entry in manifest["files"])
    voice.say(
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
    raise SystemExit(guarded(lambda: app(prog_name="aigap")))


if __name__ == "__main__":
    main()

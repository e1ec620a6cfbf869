"""Commands that read a release: `aigap query`, `explain`, `status`, `dictionary`."""

from __future__ import annotations

import signal
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import TextOrJson, check_format, print_heading, say, screen
from pipelines.cli.help import examples
from pipelines.cli.plain_values import load_when_used
from sources.errors import AigapError, UsageError

app = typer.Typer()

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
    RECORDS = "records"
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


#: The formats of files with these endings, unless --format says another.
BY_ENDING = {
    ".csv": Format.CSV,
    ".json": Format.JSON,
    ".md": Format.MARKDOWN,
    ".parquet": Format.PARQUET,
}


@app.command(
    help="Run one SELECT on the published warehouse, read-only.",
    epilog=examples(
        """aigap query "SELECT month, gap_points FROM monthly_gap WHERE board = 'arena_text' LIMIT 5\"""",
        'aigap query "FROM monthly_gap LIMIT 1" --format records',
        'aigap query "FROM core.models" --to models.csv',
        'aigap query "SELECT count(*) FROM core.scores" --format json --timeout 10',
    ),
)
def query(
    sql: Annotated[
        str | None,
        typer.Argument(help="One SELECT; tables of main need no schema. - or nothing reads standard input."),
    ] = None,
    file: Annotated[Path | None, typer.Option("--file", help="Read the SELECT from this file.")] = None,
    format_: Annotated[
        Format | None,
        typer.Option(
            "--format",
            "-f",
            help="How to print; default: by the ending of --to, else a table, of which a terminal gets what fits.",
        ),
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write to this file instead.")] = None,
    release: ReleaseOption = None,
    timeout: Annotated[
        float | None, typer.Option("--timeout", min=0.001, help="Seconds after which it is stopped.")
    ] = None,
    memory: Annotated[
        str | None, typer.Option("--memory", metavar="SIZE", help="The most it may take, as in 2GB.")
    ] = None,
) -> None:
    from warehouse.read.query import Limits, run
    from warehouse.workspace import Workspace

    # DuckDB does not always notice Ctrl-C inside a long statement, and there is nothing to clean up.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    run(
        Workspace.from_environment(),
        _sql_text(sql, file),
        (format_ or (BY_ENDING.get(to.suffix.lower()) if to else None) or Format.TABLE).value,
        to,
        sys.stdout,
        release,
        screen=screen(sys.stdout),
        limits=Limits(memory, timeout),
    )


def _sql_text(typed: str | None, file: Path | None) -> str:
    """The SQL as typed, of ``file``, or of standard input."""
    if typed not in (None, "-"):
        if file is not None:
            raise UsageError(f"SQL and --file {file}", "one of them", "leave the other out")
        return typed or ""
    try:
        if file is not None:
            return file.read_text(encoding="utf-8-sig")
        if sys.stdin.isatty() and typed is None:
            raise UsageError(
                "no SQL", "a SELECT, --file or standard input", 'as in: aigap query "FROM monthly_gap"'
            )
        return sys.stdin.buffer.read().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise UsageError(
            f"{file or 'standard input'} is not UTF-8", "SQL in UTF-8", "save it as UTF-8"
        ) from None


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
    from warehouse.release import find_file, open_release
    from warehouse.workspace import Workspace

    file = find_file(Workspace.from_environment(), release)
    try:
        with open_release(file) as con:
            lines = walk(con, month, board, variant, category)
    except duckdb.Error as error:
        raise AigapError(
            f"{file} lacks the tables this needs ({str(error).splitlines()[0]})",
            "a release of this version",
            "see: aigap releases",
        ) from None
    for line in lines:
        (say if line.startswith(" ") else print_heading)(line)


@app.command(
    help="Draw the gap of one series, month by month, in the terminal.",
    epilog=examples(
        "aigap plot",
        "aigap plot --variant style_control --since 2025-01",
        "aigap plot --category coding",
    ),
)
def plot(
    board: Annotated[
        str, typer.Option("--board", help="Which leaderboard.", autocompletion=completion.boards)
    ] = "arena_text",
    variant: Annotated[
        str | None,
        typer.Option(
            "--variant", help="raw or style_control; default: raw.", autocompletion=completion.variants
        ),
    ] = None,
    category: Annotated[
        str,
        typer.Option("--category", help="Which part of the board.", autocompletion=completion.categories),
    ] = "overall",
    since: Annotated[
        datetime | None, typer.Option("--since", formats=["%Y-%m", "%Y-%m-%d"], help="From this month on.")
    ] = None,
    release: ReleaseOption = None,
) -> None:
    from warehouse.read.gap_plot import draw, read_series
    from warehouse.release import find_file, open_release
    from warehouse.workspace import Workspace

    with open_release(find_file(Workspace.from_environment(), release)) as con:
        series = read_series(con, board, variant, category, since.date() if since else None)
    shown = screen(sys.stdout)
    for line in draw(series, shown.width or 80, shown.dim):
        typer.echo(line)


@app.command(
    help="Show what is published, how fresh sources are, what failed.",
    epilog=examples("aigap status", "aigap status --format json"),
)
def status(format_: TextOrJson = "text") -> None:
    # What is shown stands beside the release; only one of an earlier version has to be opened.
    for module in ("polars", "duckdb"):
        load_when_used(module)
    from warehouse.read.report import report
    from warehouse.workspace import Workspace

    check_format(format_, "text", "json")
    state = report(Workspace.from_environment())
    if format_ == "json":
        from warehouse.read.cells import json_text

        say(json_text(state, indent=1))
        return
    from warehouse.read.status import lines_of

    for line in lines_of(state):
        (say if line.startswith(" ") else print_heading)(line)


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
    load_when_used("polars")
    from warehouse.read import dictionary as pages
    from warehouse.release import open_release, published
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    if to is not None and table is not None:
        raise UsageError(f"--to with {table}", "all pages or one", "leave one of them out")
    if to is not None:
        with open_release(published(workspace)) as con:
            say(f"{pages.write(to, con)} pages in {to}")
    elif table is None:
        say(pages.markdown().rstrip("\n"))
    elif workspace.link.exists():
        with open_release(workspace.link) as con:
            say(pages.page(pages.find(table), con).rstrip("\n"))
    else:
        say(pages.page(pages.find(table)).rstrip("\n"))

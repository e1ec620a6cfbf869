"""Commands that read a release: `aigap query`, `explain`, `status`, `dictionary`."""

from __future__ import annotations

import signal
import sys
from enum import StrEnum
from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import TextOrJson, check_format, has_colour, print_heading, say
from pipelines.cli.help import examples
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
    CSV = "csv"
    JSON = "json"
    MARKDOWN = "markdown"
    PARQUET = "parquet"


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

    # DuckDB does not always notice Ctrl-C inside a long statement, and there is nothing to clean up.
    signal.signal(signal.SIGINT, signal.SIG_DFL)
    workspace = Workspace.from_environment()
    run(workspace, sql, format_.value, to, sys.stdout, release, colour=has_colour(sys.stdout))


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
    from warehouse.read.query import open_release
    from warehouse.release import find_file
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
    help="Show what is published, how fresh sources are, what failed.",
    epilog=examples("aigap status", "aigap status --format json"),
)
def status(format_: TextOrJson = "text") -> None:
    from warehouse.read.status import as_json, as_text
    from warehouse.workspace import Workspace

    check_format(format_, "text", "json")
    workspace = Workspace.from_environment()
    if format_ == "json":
        say(as_json(workspace))
        return
    for line in as_text(workspace).splitlines():
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
    from warehouse.read import dictionary as pages
    from warehouse.read.query import open_release
    from warehouse.release import published
    from warehouse.workspace import Workspace

    workspace = Workspace.from_environment()
    if to is not None and table is not None:
        raise UsageError(f"--to with {table}", "all pages or one", "leave one of them out")
    if to is not None:
        with open_release(published(workspace)) as con:
            say(f"{pages.write(to, con)} pages in {to}")
    elif table is None:
        typer.echo(pages.markdown(), nl=False)
    elif workspace.link.exists():
        with open_release(workspace.link) as con:
            typer.echo(pages.page(pages.find(table), con), nl=False)
    else:
        typer.echo(pages.page(pages.find(table)), nl=False)

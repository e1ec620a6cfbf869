"""`aigap export`: a release as plain files."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import AsJson, Quiet, console, print_json
from pipelines.cli.help import examples

app = typer.Typer()


@app.command(
    help="Write the published release as Parquet and CSV.\n\n"
    "With a Data Package, a Croissant file, and what changed. "
    "The folder appears whole or not at all; the same inputs give the same bytes.",
    epilog=examples(
        "aigap export --to public_data",
        "aigap export --to csv_only --format csv --table monthly_gap --table frontier",
        "aigap export --to gap --table monthly_gap --json",
    ),
)
def export(
    to: Annotated[Path, typer.Option("--to", help="The folder; an earlier export there is replaced.")],
    table: Annotated[
        list[str] | None,
        typer.Option("--table", autocompletion=completion.tables, help="Only this table; may be repeated."),
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="parquet, csv or both.")] = "parquet,csv",
    mix_licences: Annotated[
        bool,
        typer.Option(
            "--mix-licences",
            help="Put rows under a share-alike licence among the others, not into a folder of their own.",
        ),
    ] = False,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    from warehouse.export.exporting import export_release
    from warehouse.workspace import Workspace

    formats = list(dict.fromkeys(word.strip() for word in format_.split(",")))
    out = console(quiet=quiet or as_json)
    with out.tracking("files") as track:
        done = export_release(Workspace.from_environment(), to, table or [], formats, track, mix_licences)
    if as_json:
        print_json(
            {"folder": done.folder.absolute(), "tables": done.tables, "rows": done.rows, "size": done.size}
        )
    tables = "1 table" if done.tables == 1 else f"{done.tables} tables"
    out.say(
        f"{tables}, {done.rows:,} rows, {done.size / 1e6:.1f} MB in {done.folder}; start with README.md there"
    )

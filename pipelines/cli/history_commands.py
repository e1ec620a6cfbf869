"""`aigap history`: the history that ships with the project."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import Quiet, console
from pipelines.cli.help import examples

app = typer.Typer(
    name="history",
    help="Write the history that ships with the project.",
    no_args_is_help=True,
    rich_markup_mode=None,
    epilog=examples("aigap history build --to new_history"),
)


@app.command(
    "build",
    help="Merge archived bytes, or raw files, into warehouse/history.\n\n"
    "What ships already stays, with the rows of bodies that are given parsed anew; what would lose rows is refused. "
    "Only files that its own manifest lists are replaced or removed.",
    epilog=examples(
        "aigap history build --to new_history", "aigap history build --raw downloads --to new_history"
    ),
)
def build(
    raw: Annotated[
        Path | None,
        typer.Option("--raw", help="Folder of raw files, one subfolder a source; default: the archive."),
    ] = None,
    to: Annotated[Path | None, typer.Option("--to", help="Write here instead of warehouse/history.")] = None,
    drop: Annotated[
        list[str] | None,
        typer.Option(
            "--drop",
            metavar="SOURCE|INPUT",
            help="Forget these shipped inputs first: a source, an input's id or its beginning; may be repeated.",
        ),
    ] = None,
    quiet: Quiet = False,
) -> None:
    from warehouse.builder import history
    from warehouse.builder.inputs import HISTORY
    from warehouse.workspace import Workspace

    folder = to or HISTORY
    out = console(quiet=quiet)
    with out.tracking("sources") as track:
        manifest = history.build(
            Workspace.from_environment(), raw, folder, drop or [], progress=out.say, track=track
        )
    size = sum((folder / entry["file"]).stat().st_size for entry in manifest["files"])
    rows = sum(entry["rows"] for entry in manifest["files"])
    out.say(
        f"{len(manifest['inputs'])} inputs, {rows:,} rows, {size / 1e6:.1f} MB in {folder}; next: aigap refresh"
    )

"""`aigap export` and `aigap changes`: a release as plain files, and what is new in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from sources.errors import UsageError

if TYPE_CHECKING:
    from warehouse.release import Release
    from warehouse.workspace import Workspace


def export(
    to: Annotated[Path, typer.Option("--to", help="The folder; an earlier export there is replaced.")],
    table: Annotated[
        list[str] | None, typer.Option("--table", help="Only this table; may be repeated.")
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="parquet, csv or both.")] = "parquet,csv",
) -> None:
    from warehouse.export import export as write
    from warehouse.workspace import Workspace

    formats = list(dict.fromkeys(word.strip() for word in format_.split(",")))
    done = write(Workspace.from_environment(), to, table or [], formats)
    tables = "1 table" if done.tables == 1 else f"{done.tables} tables"
    typer.echo(
        f"{tables}, {done.rows:,} rows, {done.size / 1e6:.1f} MB in {done.folder}; start with README.md there"
    )


def changes(
    from_: Annotated[
        str | None, typer.Option("--from", help="A release; default: the one before --to.")
    ] = None,
    to: Annotated[str | None, typer.Option("--to", help="A release; default: the published one.")] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text, json or markdown.")] = "text",
) -> None:
    from warehouse import changes as compared
    from warehouse.release import current, published
    from warehouse.workspace import Workspace

    told = {"text": compared.text, "json": compared.as_json, "markdown": compared.markdown}
    if format_ not in told:
        raise UsageError(f"no format {format_!r}", "text, json or markdown", "choose one")
    workspace = Workspace.from_environment()
    published(workspace)
    now = current(workspace)
    after = _release(workspace, to or (now.name if now else ""))
    before = _release(workspace, from_) if from_ else _before(workspace, after)
    difference = compared.compare(before.path(workspace) if before else None, after.path(workspace))
    typer.echo(told[format_](difference), nl=False)


def _release(workspace: Workspace, name: str) -> Release:
    from warehouse.release import releases

    kept = {entry.name: entry for entry in releases(workspace)}
    name = Path(name).name.removesuffix(".duckdb")
    if name not in kept:
        raise UsageError(f"no release named {name}", f"one of {', '.join(kept)}", "see: aigap releases")
    return kept[name]


def _before(workspace: Workspace, release: Release) -> Release | None:
    """What was published before ``release``, if it is still there."""
    from warehouse.release import releases

    return next((entry for entry in releases(workspace) if entry.name == release.previous), None)


def add_to(app: typer.Typer) -> None:
    app.command(
        "export",
        help="Write the published release into a folder: Parquet and CSV, a Data Package, a Croissant file, what "
        "changed.\n\nThe folder appears whole or not at all; the same inputs give the same bytes.",
    )(export)
    app.command("changes", help="What changed from one release to another, and why.")(changes)

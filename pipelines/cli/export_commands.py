"""`aigap export` and `aigap changes`: a release as plain files, and what is new in it."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from pipelines.cli import completion
from pipelines.cli.console import AsJson, Quiet, console, one_of, tell
from pipelines.cli.help import examples

if TYPE_CHECKING:
    from warehouse.release import Release
    from warehouse.workspace import Workspace


def export(
    to: Annotated[Path, typer.Option("--to", help="The folder; an earlier export there is replaced.")],
    table: Annotated[
        list[str] | None,
        typer.Option("--table", autocompletion=completion.tables, help="Only this table; may be repeated."),
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="parquet, csv or both.")] = "parquet,csv",
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    from warehouse.export.exporting import export_release
    from warehouse.workspace import Workspace

    formats = list(dict.fromkeys(word.strip() for word in format_.split(",")))
    voice = console(quiet=quiet or as_json)
    with voice.tracking("files") as track:
        done = export_release(Workspace.from_environment(), to, table or [], formats, track)
    if as_json:
        tell({"folder": done.folder.absolute(), "tables": done.tables, "rows": done.rows, "size": done.size})
    tables = "1 table" if done.tables == 1 else f"{done.tables} tables"
    voice.say(
        f"{tables}, {done.rows:,} rows, {done.size / 1e6:.1f} MB in {done.folder}; start with README.md there"
    )


def changes(
    from_: Annotated[
        str | None,
        typer.Option(
            "--from",
            autocompletion=completion.releases,
            help="A release; default: the one before --to.",
        ),
    ] = None,
    to: Annotated[
        str | None,
        typer.Option(
            "--to", autocompletion=completion.releases, help="A release; default: the published one."
        ),
    ] = None,
    format_: Annotated[str, typer.Option("--format", "-f", help="text, json or markdown.")] = "text",
) -> None:
    from warehouse.read import changes as compared
    from warehouse.release import current, published
    from warehouse.workspace import Workspace

    told = {"text": compared.text, "json": compared.as_json, "markdown": compared.markdown}
    one_of(format_, *told)
    workspace = Workspace.from_environment()
    published(workspace)
    now = current(workspace)
    after = _release(workspace, to or (now.name if now else ""))
    before = _release(workspace, from_) if from_ else _before(workspace, after)
    difference = compared.compare(before.path(workspace) if before else None, after.path(workspace))
    typer.echo(told[format_](difference), nl=False)


def _release(workspace: Workspace, name: str) -> Release:
    from warehouse.release import releases, unknown_release

    kept = {entry.name: entry for entry in releases(workspace)}
    name = Path(name).name.removesuffix(".duckdb")
    if name not in kept:
        raise unknown_release(name, kept)
    return kept[name]


def _before(workspace: Workspace, release: Release) -> Release | None:
    """What was published before ``release``, if it is still there."""
    from warehouse.release import releases

    return next((entry for entry in releases(workspace) if entry.name == release.previous), None)


def add_to(app: typer.Typer) -> None:
    app.command(
        "export",
        help="Write the published release as Parquet and CSV.\n\n"
        "With a Data Package, a Croissant file, and what changed. "
        "The folder appears whole or not at all; the same inputs give the same bytes.",
        epilog=examples(
            "aigap export --to public_data",
            "aigap export --to csv_only --format csv --table monthly_gap --table frontier",
            "aigap export --to gap --table monthly_gap --json",
        ),
    )(export)
    app.command(
        "changes",
        help="Tell what changed from one release to another, and why.",
        epilog=examples(
            "aigap changes",
            "aigap changes --format markdown",
            "aigap changes --from aigap-20261122T203442Z-b0178eb125e9",
        ),
    )(changes)

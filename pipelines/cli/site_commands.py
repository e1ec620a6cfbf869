"""`aigap site`: the published warehouse as a folder of pages, or its one picture."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from pipelines.cli.console import AsJson, Quiet, console, print_json
from pipelines.cli.help import examples
from sources.errors import UsageError

HELP = (
    "Write the published warehouse as a folder of pages.\n\n"
    "It needs no server and no network. A folder written before is replaced as a whole; one with other files "
    "in it is refused. The same release gives the same bytes.\n\n"
    "With --with-sql the folder also has a copy of the release, to be queried in the browser."
)


app = typer.Typer()


@app.command(
    help=HELP,
    epilog=examples("aigap site --to public", "aigap site --picture gap.svg --json"),
)
def site(
    to: Annotated[
        Path | None, typer.Option("--to", help="The folder: new, empty, or written here before.")
    ] = None,
    picture: Annotated[
        Path | None,
        typer.Option("--picture", help="Write the gap as one picture to this .svg or .png file."),
    ] = None,
    with_sql: Annotated[
        bool, typer.Option("--with-sql", help="Add a page that runs SQL on the release in the browser.")
    ] = False,
    duckdb_wasm: Annotated[
        Path | None,
        typer.Option("--duckdb-wasm", help="With --with-sql: the folder of the two npm tarballs it needs."),
    ] = None,
    url: Annotated[
        str | None,
        typer.Option(
            "--url",
            envvar="AIGAP_SITE_URL",
            help="Where the folder will be served: for links that are shared, the site map and the feed.",
        ),
    ] = None,
    quiet: Quiet = False,
    as_json: AsJson = False,
) -> None:
    from warehouse.site import picture as picture_of_gap
    from warehouse.site import sql_page, writer
    from warehouse.site.addresses import addresses
    from warehouse.site.reading import read
    from warehouse.site.renewal import renew
    from warehouse.workspace import Workspace

    if to is None and picture is None:
        raise UsageError("nothing to write", "--to FOLDER or --picture FILE", "as in aigap site --to public")
    workspace = Workspace.from_environment()
    if to is not None:
        writer.check(to.absolute())
        found_at = addresses(workspace, to, url)
    if with_sql and duckdb_wasm is None:
        raise UsageError(
            "--with-sql has no engine", "--duckdb-wasm FOLDER", f"get it: {sql_page.how_to_get()}"
        )
    extra = sql_page.sql_page(workspace, duckdb_wasm) if with_sql and duckdb_wasm is not None else None
    out = console(quiet=quiet or as_json)
    summary: dict[str, object] = {}
    if picture is not None:
        results, release = read(workspace)
        summary["release"] = release.name
        size = picture_of_gap.write(results, release, picture)
        summary["picture"] = {"path": picture.absolute(), "size": size}
        out.say(f"{picture}, {size / 1e3:.0f} kB, of {release.name}")
    if to is not None:
        with out.tracking("charts") as track:
            written = renew(workspace, to, out.say, extra, track, found_at)
        summary |= {
            "release": written.release.name,
            "folder": written.folder,
            "files": written.files,
            "size": written.size,
            "largest_page": written.largest_page,
            "largest_page_size": written.largest_page_size,
            "script_size": written.script_size,
        }
        out.say(
            f"{written.release.name}: {written.files} files, {written.size / 1e6:.1f} MB in {written.folder}; "
            f"largest page {written.largest_page} {written.largest_page_size / 1e6:.2f} MB, "
            f"shared script {written.script_size / 1e6:.2f} MB"
        )
        out.say(f"open {written.folder / 'index.html'}")
    if as_json:
        print_json(summary)

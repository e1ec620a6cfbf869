"""The folder: pages, assets, drawings, rows and SQL, complete before it takes its name."""

from __future__ import annotations

import json
import os
import shutil
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

import duckdb
import vl_convert

from sources.errors import UsageError
from warehouse.read.query import as_string
from warehouse.release import current, published
from warehouse.site import palette, queries
from warehouse.site.charts.parts import Panel
from warehouse.site.charts.rendering import drawing, png, svg
from warehouse.site.citations import citation
from warehouse.site.figures import FIGURES, Figure, drawn
from warehouse.site.pages import Edition, render
from warehouse.site.queries import Result, Results
from warehouse.workspace import Workspace

ASSETS = Path(__file__).parent / "assets"
#: Says that a folder is ours to replace, and which release it shows.
MARK = "aigap-site.json"
#: Goes over what is to be drawn and may show how far it is.
Track = Callable[[Sequence[Figure]], Iterable[Figure]]


@dataclass(frozen=True)
class Written:
    """What a folder holds: files and bytes, the largest page, the shared script."""

    folder: Path
    edition: Edition
    files: int
    size: int
    largest_page: str
    largest_page_size: int
    script_size: int


def read(workspace: Workspace) -> tuple[Results, Edition]:
    """Every query on the published file, and which release that is. Raises `UsageError` before the first."""
    path = published(workspace)
    release = current(workspace)
    name = release.name if release else path.resolve().stem
    with duckdb.connect(str(path), read_only=True) as con:
        return results_of(con), edition_of(name, release.published_at if release else "")


def results_of(con: duckdb.DuckDBPyConnection) -> Results:
    con.execute("SET TimeZone = 'UTC'")
    con.execute("SET python_enable_replacements = false")
    return queries.run_all(con)


def edition_of(name: str, published_at: str) -> Edition:
    """The day is the release's. A file without its note says it in its name, as in aigap-20261122T…"""
    if published_at:
        return Edition(name, datetime.fromisoformat(published_at).date())
    try:
        return Edition(name, datetime.strptime(name.split("-")[1][:8], "%Y%m%d").date())  # noqa: DTZ007
    except (IndexError, ValueError):
        raise UsageError(f"{name} has no day", "a release", "run: aigap refresh") from None


def write(
    results: Results,
    edition: Edition,
    to: Path,
    say: Callable[[str], None] = lambda line: None,
    extra: tuple[tuple[str, str], ...] = (),
    add: Callable[[Path], None] = lambda folder: None,
    track: Track = iter,
) -> Written:
    """Write the folder beside ``to`` and rename it. ``add`` puts further files in, ``extra`` names their pages."""
    to = to.absolute()
    check(to)
    unfinished = to.with_name(f".{to.name}.{os.getpid()}.unfinished")
    shutil.rmtree(unfinished, ignore_errors=True)
    unfinished.mkdir()
    try:
        panels = drawn(results)
        for name, html in render(results, edition, extra, panels).items():
            (unfinished / name).write_text(html, encoding="utf-8")
        _rows(results, unfinished)
        _drawings(results, edition, panels, unfinished, say, track)
        _assets(unfinished)
        add(unfinished)
        _mark(edition, unfinished)
        _swap(unfinished, to)
    finally:
        shutil.rmtree(unfinished, ignore_errors=True)
    return _measured(to, edition)


def check(to: Path) -> None:
    """Raise `UsageError` unless ``to`` is free, empty, or a folder written here before."""
    if not to.parent.is_dir():
        raise UsageError(f"no folder {to.parent}", "a folder that exists", "make it first")
    if to.is_symlink() or (to.exists() and not to.is_dir()):
        raise UsageError(f"{to} is no folder", "a name that is free", "choose another with --to")
    if to.is_dir() and any(to.iterdir()) and not (to / MARK).is_file():
        raise UsageError(
            f"{to} holds other files (no {MARK} in it)",
            "an empty folder or one that aigap site wrote",
            "choose another with --to; nothing was changed",
        )


def _rows(results: Results, folder: Path) -> None:
    """Rows as CSV in full precision, and the SQL they are from."""
    (folder / "data").mkdir()
    (folder / "sql").mkdir()
    for name, result in results.items():
        (folder / "data" / f"{name}.csv").write_text(csv(result), encoding="utf-8")
        (folder / "sql" / f"{name}.sql").write_text(result.sql, encoding="utf-8")


def csv(result: Result) -> str:
    return as_string(result.names, list(result.rows), "csv")


def _drawings(
    results: Results,
    edition: Edition,
    panels_of: Mapping[str, list[Panel]],
    folder: Path,
    say: Callable[[str], None],
    track: Track,
) -> None:
    (folder / "charts").mkdir()
    for figure in track([figure for figure in FIGURES if figure.id in panels_of]):
        panels = panels_of[figure.id]
        below = f"{figure.note(results).striptags()}\n{citation(figure, results, edition.name).line()}"
        whole = svg(drawing(panels, results, figure.headline(results).striptags(), below))
        (folder / "charts" / f"{figure.id}.svg").write_text(whole, encoding="utf-8")
        (folder / "charts" / f"{figure.id}.png").write_bytes(png(whole))
        plain = svg(drawing(panels, results))
        (folder / "charts" / f"{figure.id}-plain.svg").write_text(plain, encoding="utf-8")
        say(f"  {figure.id:<11} {len(panels)} panels, {len(results[figure.main]):,} rows")


def _assets(folder: Path) -> None:
    (folder / "assets").mkdir()
    style = palette.stylesheet() + (ASSETS / "site.css").read_text(encoding="utf-8")
    (folder / "assets" / "site.css").write_text(style, encoding="utf-8")
    script = (ASSETS / "site.js").read_text(encoding="utf-8")
    (folder / "assets" / "site.js").write_text(
        f"const PALETTES = {json.dumps(palette.PALETTES)};\n{script}", encoding="utf-8"
    )
    # without a snippet: the libraries alone, which the stubs do not know
    libraries = vl_convert.javascript_bundle()  # type: ignore[call-arg]
    # in a function of its own: its one-letter names would else be everybody's
    (folder / "assets" / "vega.js").write_text(f"(() => {{\n{libraries}\n}})();\n", encoding="utf-8")


def _mark(edition: Edition, folder: Path) -> None:
    note = {"written_by": "aigap site", "release": edition.name, "published_on": str(edition.published_on)}
    (folder / MARK).write_text(json.dumps(note, indent=1) + "\n", encoding="utf-8")


def _swap(finished: Path, to: Path) -> None:
    """Give the finished folder its name; the one before goes only then."""
    before = to.with_name(f".{to.name}.{os.getpid()}.before")
    if to.exists():
        to.rename(before)
    try:
        finished.rename(to)
    except OSError:
        if before.exists():
            before.rename(to)
        raise
    shutil.rmtree(before, ignore_errors=True)


def _measured(folder: Path, edition: Edition) -> Written:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    largest = max(folder.glob("*.html"), key=lambda path: (path.stat().st_size, path.name))
    return Written(
        folder=folder,
        edition=edition,
        files=len(files),
        size=sum(path.stat().st_size for path in files),
        largest_page=largest.name,
        largest_page_size=largest.stat().st_size,
        script_size=(folder / "assets" / "vega.js").stat().st_size,
    )

"""The folder: pages, assets, drawings, rows and SQL, complete before it takes its name."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import date
from pathlib import Path

import vl_convert

from sources.errors import UsageError
from warehouse.files import refuse_foreign, replacing_folder, sha256_of
from warehouse.read.row_formats import as_string
from warehouse.site import feed, picture, words
from warehouse.site.addresses import Addresses
from warehouse.site.chart_metadata import metadata
from warehouse.site.drawing import palette
from warehouse.site.drawing.kept import Kept
from warehouse.site.drawing.rendering import drawing, png, svg
from warehouse.site.drawn_charts import DrawnChart, drawn_charts
from warehouse.site.explorer import files as explorer_files
from warehouse.site.explorer.figures import Figures
from warehouse.site.html_pages import all_pages, embedded, render
from warehouse.site.page import ExtraPage
from warehouse.site.queries import QueryResult, Results
from warehouse.site.reading import ShownRelease

ASSETS = Path(__file__).parent / "assets"
#: The parts of the script of all pages, in their order.
SCRIPTS = ("charts.js", "site.js")
#: The file that says a folder was written here, and may be replaced, and which release it shows.
MARK = "aigap-site.json"
#: Of the icon as PNG, in pixels: for tabs, and for home screens.
ICON_SIZES = (32, 180)
#: Goes over what is to be drawn and may show how far it is.
Track = Callable[[Sequence[DrawnChart]], Iterable[DrawnChart]]


@dataclass(frozen=True)
class SiteFolder:
    """A folder of pages: how many files, and sizes in bytes of all of it, its largest page and the shared script."""

    folder: Path
    release: ShownRelease
    files: int
    size: int
    largest_page: str
    largest_page_size: int
    script_size: int


def write(
    results: Results,
    release: ShownRelease,
    to: Path,
    say: Callable[[str], None] = lambda line: None,
    extra: ExtraPage | None = None,
    track: Track = iter,
    addresses: Addresses = Addresses(),  # noqa: B008 - it is frozen
    explorer: Figures | None = None,
    made_from: str | None = None,
    kept: Kept = Kept(),  # noqa: B008 - it keeps nothing
) -> SiteFolder:
    """Write the site into the folder ``to``, in place of an earlier one. Raises as `check` and `replacing_folder`.

    ``say`` takes a line a chart, ``track`` goes over the charts and may show how far it is.
    ``explorer``: the figures of the explorer, which is empty without them. ``made_from``: what `existing` looks for.
    ``kept``: drawings made before.
    """
    to = to.absolute()
    check(to)
    with replacing_folder(to) as unfinished:
        charts = drawn_charts(results, release)
        for name, html in render(results, release, charts, extra, addresses).items():
            (unfinished / name).parent.mkdir(exist_ok=True)
            (unfinished / name).write_text(html, encoding="utf-8")
        for name, text in feed.texts(results, release, all_pages(results, extra), addresses).items():
            (unfinished / name).write_text(text, encoding="utf-8")
        _rows(results, unfinished)
        _drawings(results, charts, unfinished, say, track, kept)
        _assets(unfinished, kept)
        _icons(unfinished)
        explorer_files.add(unfinished, explorer, release.name)
        if extra is not None:
            extra.add(unfinished)
        _mark(release, unfinished, made_from)
        # Again: a file may have been put there in the meantime.
        check(to)
    kept.sweep()
    return _measured(to, release)


def existing(to: Path, made_from: str) -> SiteFolder | None:
    """The pages in the folder ``to`` if they were written with this ``made_from`` and no file has changed since."""
    try:
        mark = json.loads((to / MARK).read_text(encoding="utf-8"))
        is_same = mark["made_from"] == made_from and mark["sha256"] == _hashes(to, mark["files"])
        release = ShownRelease(mark["release"], date.fromisoformat(mark["published_on"]))
    except (OSError, ValueError, TypeError, KeyError):
        return None
    return _measured(to, release) if is_same else None


def check(to: Path) -> None:
    """Raise `UsageError` unless ``to`` is free, empty, or a folder written here before."""
    if not to.parent.is_dir():
        raise UsageError(f"no folder {to.parent}", "a folder that exists", "make it first")
    if to.is_symlink() or (to.exists() and not to.is_dir()):
        raise UsageError(f"{to} is no folder", "a name that is free", "choose another with --to")
    if not to.is_dir() or all(path.is_dir() for path in to.rglob("*")):
        return
    if not (to / MARK).is_file():
        raise UsageError(
            f"{to} contains other files (no {MARK} in it)",
            "an empty folder or one that aigap site wrote",
            "choose another with --to; nothing was changed",
        )
    refuse_foreign(to, {*_listed(to), MARK}, "site")


def _listed(folder: Path) -> set[str]:
    """The files that the mark in ``folder`` lists; a mark of an earlier version lists none."""
    try:
        return set(json.loads((folder / MARK).read_text(encoding="utf-8"))["files"])
    except (ValueError, TypeError, KeyError):
        earlier = ("*.html", "*.duckdb", "assets/**/*", "charts/*", "data/*", "sql/*")
        return {path.relative_to(folder).as_posix() for pattern in earlier for path in folder.glob(pattern)}


def _rows(results: Results, folder: Path) -> None:
    """Rows as CSV in full precision, and the SQL they are from."""
    (folder / "data").mkdir()
    (folder / "sql").mkdir()
    for name, result in results.items():
        if not result.sql:
            continue
        (folder / "data" / f"{name}.csv").write_text(csv(result), encoding="utf-8")
        (folder / "sql" / f"{name}.sql").write_text(result.sql, encoding="utf-8")


def csv(result: QueryResult) -> str:
    return as_string(result.names, list(result.rows), "csv")


def _drawings(
    results: Results,
    charts: list[DrawnChart],
    folder: Path,
    say: Callable[[str], None],
    track: Track,
    kept: Kept,
) -> None:
    (folder / "charts").mkdir()
    for drawn in track(charts):
        name, panels = drawn.chart.id, drawn.panels
        # Drawn without the name of the release, by which alone most drawings differ from those of the one before.
        release = drawn.citation.release.name
        nameless = "n" * len(release)
        below = tuple(line.replace(release, nameless) for line in drawn.words.below)
        unnamed = svg(drawing(panels, results, replace(drawn.words, below=below)), kept)
        whole = unnamed.replace(nameless, release)
        (folder / "charts" / f"{name}.svg").write_text(whole, encoding="utf-8")
        (folder / "charts" / f"{name}.png").write_bytes(png(whole))
        plain = svg(drawing(panels, results), kept)
        (folder / "charts" / f"{name}-plain.svg").write_text(plain, encoding="utf-8")
        if name == "gap":
            (folder / "charts" / "card.png").write_bytes(picture.card(results, drawn, kept))
        (folder / "charts" / f"{name}.html").write_text(embedded(drawn, results), encoding="utf-8")
        described = json.dumps(metadata(drawn, results), ensure_ascii=False, indent=1)
        (folder / "data" / f"{name}.json").write_text(described + "\n", encoding="utf-8")
        say(f"  {name:<11} {len(panels)} panels, {len(results[name]):,} rows")


def _assets(folder: Path, kept: Kept) -> None:
    (folder / "assets").mkdir()
    style = palette.stylesheet() + (ASSETS / "site.css").read_text(encoding="utf-8") + explorer_files.style()
    (folder / "assets" / "site.css").write_text(style, encoding="utf-8")
    script = "\n".join((ASSETS / name).read_text(encoding="utf-8") for name in SCRIPTS)
    shared = f"const PALETTES = {json.dumps(palette.PALETTES)};\nconst CODES = {json.dumps(words.CODES)};"
    (folder / "assets" / "site.js").write_text(
        f'(() => {{\n"use strict";\n{shared}\n{script}}})();\n', encoding="utf-8"
    )
    # without a snippet: the libraries alone, which the stubs do not know
    libraries = kept.text("libraries", lambda: vl_convert.javascript_bundle())  # type: ignore[call-arg]
    # in a function of its own: its one-letter names would else be everybody's
    (folder / "assets" / "vega.js").write_text(f"(() => {{\n{libraries}\n}})();\n", encoding="utf-8")


def _icons(folder: Path) -> None:
    """The icon of the pages, also as pictures for what takes no SVG."""
    icon = (ASSETS / "icon.svg").read_text(encoding="utf-8")
    (folder / "assets" / "icon.svg").write_text(icon, encoding="utf-8")
    for size in ICON_SIZES:
        (folder / "assets" / f"icon-{size}.png").write_bytes(png(icon, scale=size / 64))


def _hashes(folder: Path, files: Iterable[str]) -> str:
    """A hash of the bytes of ``files``, in their order."""
    lines = [f"{name} {sha256_of(folder / name)}" for name in files]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def _mark(release: ShownRelease, folder: Path, made_from: str | None) -> None:
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    mark = {
        "written_by": "aigap site",
        "release": release.name,
        "published_on": str(release.published_on),
        "made_from": made_from,
        "sha256": _hashes(folder, files),
        "files": files,
    }
    (folder / MARK).write_text(json.dumps(mark, indent=1) + "\n", encoding="utf-8")


def _measured(folder: Path, release: ShownRelease) -> SiteFolder:
    files = sorted(path for path in folder.rglob("*") if path.is_file())
    largest = max(folder.rglob("*.html"), key=lambda path: (path.stat().st_size, path.name))
    return SiteFolder(
        folder=folder,
        release=release,
        files=len(files),
        size=sum(path.stat().st_size for path in files),
        largest_page=largest.relative_to(folder).as_posix(),
        largest_page_size=largest.stat().st_size,
        script_size=(folder / "assets" / "vega.js").stat().st_size,
    )

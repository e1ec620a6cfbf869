"""Every page as HTML, from results and templates. Nothing here writes to the disk."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from markdown_it import MarkdownIt
from markupsafe import Markup

from warehouse.read import method
from warehouse.site.drawing.rendering import specification
from warehouse.site.drawn_charts import DrawnChart
from warehouse.site.freshness import with_state
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease
from warehouse.site.templating import environment
from warehouse.tables import TABLES

#: Each page and its name in the navigation. Its template is the file of that name with .j2.
PAGES = (
    ("index.html", "The gap"),
    ("boards.html", "Boards"),
    ("claims.html", "Claims"),
    ("sources.html", "Sources"),
    ("method.html", "Method"),
    ("dictionary.html", "Dictionary"),
)


@dataclass(frozen=True)
class ExtraPage:
    """A page that a folder has on request; ``add`` puts the files it needs into the folder."""

    file: str
    name: str
    add: Callable[[Path], None]


def render(
    results: Results, release: ShownRelease, charts: list[DrawnChart], extra: ExtraPage | None = None
) -> dict[str, str]:
    """File name of each page to its HTML. ``charts`` go to the page each is declared for."""
    pages = PAGES if extra is None else (*PAGES, (extra.file, extra.name))
    context = {
        "pages": pages,
        "release": release,
        "results": {**results, "sources": with_state(results["sources"], release.published_on)},
        "specification": specification,
        "tables": sorted(TABLES, key=lambda table: (table.schema != "main", table.schema)),
        "method": Markup(MarkdownIt().enable("table").render(method.markdown())),
    }
    return {
        file: environment()
        .get_template(f"{file}.j2")
        .render(context, here=file, charts=[drawn for drawn in charts if drawn.chart.page == file])
        for file, _ in pages
    }

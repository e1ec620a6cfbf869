"""Every page as HTML, from results and templates. Nothing here writes to the disk."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from markdown_it import MarkdownIt
from markupsafe import Markup

from warehouse.site.chart import Chart, Panel
from warehouse.site.charts import CHARTS, drawn
from warehouse.site.citations import citation
from warehouse.site.drawing.rendering import specification
from warehouse.site.freshness import with_state
from warehouse.site.queries import Results
from warehouse.site.templating import environment, headline, note
from warehouse.tables import TABLES
from warehouse.workspace import ROOT

#: Each page and its name in the navigation; its template is called as it is.
PAGES = (
    ("index.html", "The gap"),
    ("boards.html", "Boards"),
    ("claims.html", "Claims"),
    ("sources.html", "Sources"),
    ("method.html", "Method"),
    ("dictionary.html", "Dictionary"),
)
METHOD_ELSEWHERE = "# Method\n\nThe rules are in `docs/method.md` of the project."


@dataclass(frozen=True)
class ShownRelease:
    """The release the pages are of: its name and the day it was published."""

    name: str
    published_on: date


@dataclass(frozen=True)
class ExtraPage:
    """A page that a folder has on request; ``add`` puts the files it needs into the folder."""

    file: str
    name: str
    add: Callable[[Path], None]


def render(
    results: Results,
    release: ShownRelease,
    extra: ExtraPage | None = None,
    panels: Mapping[str, list[Panel]] | None = None,
) -> dict[str, str]:
    """File name of each page to its HTML.

    ``panels`` are those of `charts.drawn`, if they are drawn already.
    """
    panels = drawn(results) if panels is None else panels
    pages = PAGES if extra is None else (*PAGES, (extra.file, extra.name))
    context = {
        "pages": pages,
        "release": release,
        "results": {**results, "sources": with_state(results["sources"], release.published_on)},
        "charts": {
            file: [
                _chart(chart, results, release, panels[chart.id])
                for chart in CHARTS
                if chart.page == file and chart.id in panels
            ]
            for file, _ in pages
        },
        "tables": sorted(TABLES, key=lambda table: (table.schema != "main", table.schema)),
        "method": Markup(MarkdownIt().enable("table").render(_method())),
    }
    return {file: environment().get_template(f"{file}.j2").render(context, here=file) for file, _ in pages}


def _method() -> str:
    """docs/method.md of a checkout; an installed package carries no docs and says where they are."""
    path = ROOT / "docs" / "method.md"
    return path.read_text(encoding="utf-8") if path.is_file() else METHOD_ELSEWHERE


def _chart(chart: Chart, results: Results, release: ShownRelease, panels: list[Panel]) -> dict[str, Any]:
    return {
        "chart": chart,
        "headline": headline(chart, results),
        "note": note(chart, results),
        "panels": [(panel.key, panel.title, _script(specification(panel, results))) for panel in panels],
        "citation": citation(chart, results, release.name),
    }


def _script(specification: dict[str, Any]) -> Markup:
    # a model called </script> must not end the script
    return Markup(json.dumps(specification, ensure_ascii=False).replace("<", "\\u003c"))

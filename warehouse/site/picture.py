"""The one picture of the gap, for a README or a story: light, about 1200 by 600."""

from __future__ import annotations

from pathlib import Path

from sources.errors import UsageError
from warehouse.site import sentences
from warehouse.site.charts.rendering import drawing, png, svg
from warehouse.site.citations import citation
from warehouse.site.figures import FRONT
from warehouse.site.pages import Edition
from warehouse.site.queries import Results

#: Of the plot, in pixels; with axes, title and margins the picture is about 1200 wide.
WIDTH = 1070
MARKS = (
    "Rating of the best US model less that of the best Chinese one in raw votes of the text arena, month by month. "
    "● whole listing, ○ leaders only; shading: 95 % interval. Ticks: export-control milestones."
)


def write(results: Results, edition: Edition, to: Path) -> int:
    """Write ``to`` as its suffix says and return its size in bytes. Raises `UsageError`."""
    if to.suffix not in (".svg", ".png"):
        raise UsageError(f"{to.name} is no picture", "a name that ends in .svg or .png", "rename it")
    if not to.parent.is_dir():
        raise UsageError(f"no folder {to.parent}", "a folder that exists", "make it first")
    drawn = svg(drawn_of(results, edition))
    to.write_bytes(drawn.encode() if to.suffix == ".svg" else png(drawn, scale=1.25))
    return to.stat().st_size


def drawn_of(results: Results, edition: Edition) -> dict[str, object]:
    """The first chart with its sentence above and its source below the headline."""
    if not len(results[FRONT[0].main]):
        raise UsageError("no month of the raw text arena is held", "a gap to draw", "run: aigap refresh")
    figure = FRONT[0]
    headline = sentences.gap(results).striptags()
    below = f"{MARKS}\n{citation(figure, results, edition.name).line()}"
    return drawing(figure.panels(results), results, headline, below, width=WIDTH)

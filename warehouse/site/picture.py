"""The one picture of the gap, for a README or a story: light, about 1200 by 600."""

from __future__ import annotations

from pathlib import Path

from sources.errors import UsageError
from warehouse.site.charts.gap_chart import CHART
from warehouse.site.drawing.rendering import drawing, png, svg
from warehouse.site.drawn_charts import drawn_charts
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease

#: Of the plot, in pixels; with axes, title and margins the picture is about 1200 wide.
WIDTH = 1070
MARKS = (
    "Rating of the best US model less that of the best Chinese one in raw votes of the text arena, month by month. "
    "● whole listing, ○ leaders only; shading: 95 % interval. Ticks: export-control milestones."
)


def write(results: Results, release: ShownRelease, to: Path) -> int:
    """Write ``to`` as its suffix says and return its size in bytes. Raises `UsageError`."""
    if to.suffix not in (".svg", ".png"):
        raise UsageError(f"{to.name} is no picture", "a name that ends in .svg or .png", "rename it")
    if not to.parent.is_dir():
        raise UsageError(f"no folder {to.parent}", "a folder that exists", "make it first")
    charts = drawn_charts(results, release, (CHART,))
    if not charts:
        raise UsageError("there is no month of the raw text arena", "a gap to draw", "run: aigap refresh")
    [gap] = charts
    below = f"{MARKS}\n{gap.citation}"
    drawn = svg(drawing(gap.panels, results, gap.headline.striptags(), below, width=WIDTH))
    to.write_bytes(drawn.encode() if to.suffix == ".svg" else png(drawn, scale=1.25))
    return to.stat().st_size

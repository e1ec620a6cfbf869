"""The gap as one picture: for a README, light, about 1200 by 600; for a link that is shared, 1200 by 630."""

from __future__ import annotations

from pathlib import Path

from sources.errors import UsageError
from warehouse.site.answer import answer
from warehouse.site.charts.gap_chart import CHART
from warehouse.site.drawing.kept import Kept
from warehouse.site.drawing.rendering import Words, drawing, fitted, png, svg
from warehouse.site.drawn_charts import DrawnChart, drawn_charts
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease

#: Of all plots together, in pixels; with axes, title and margins the picture is about 1200 wide.
WIDTH = 1060
MARKS = (
    "Rating of the best US model less that of the best Chinese one on LMArena’s text arena, month by month; each "
    "rating is a scale of its own. ● whole listing, ○ leaders only; shading: 95 % interval."
)
#: What a link that is shared shows: half of 1200 by 630, drawn at double size so that its text is large.
CARD_WIDTH, CARD_HEIGHT = 600, 315


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
    words = Words(answer(results), "", (MARKS, gap.citation.line))
    drawn = svg(drawing(gap.panels, results, words, width=WIDTH, beside=True))
    to.write_bytes(drawn.encode() if to.suffix == ".svg" else png(drawn, scale=1.25))
    return to.stat().st_size


def card(results: Results, gap: DrawnChart, kept: Kept) -> bytes:
    """The first panel of the gap chart under the sentence of the front page, as PNG of 1200 by 630 pixels."""
    first = gap.panels[0]
    below = f"LMArena’s text arena. {first.title}; shading: 95 % interval."
    drawn = fitted(first, results, answer(results), below, CARD_WIDTH, CARD_HEIGHT)
    return png(svg(drawn, kept), scale=2)

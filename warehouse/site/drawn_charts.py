"""The charts of one release: their panels and the words around them."""

from __future__ import annotations

from dataclasses import dataclass

from altair.utils.schemapi import debug_mode
from markupsafe import Markup

from warehouse.site.chart import Chart, Panel
from warehouse.site.charts import CHARTS
from warehouse.site.citations import Citation, citation
from warehouse.site.drawing.rendering import Words
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease
from warehouse.site.templating import fill


@dataclass(frozen=True)
class DrawnChart:
    """A chart of one release, ready for a page."""

    chart: Chart
    panels: list[Panel]
    headline: Markup
    subtitle: Markup
    note: Markup
    citation: Citation

    @property
    def frame_height(self) -> int:
        """Of a frame that shows it without scrolling on a screen, in pixels: the drawings, and the words around."""
        return 220 + sum(60 + int(panel.spec["height"]) for panel in self.panels)

    @property
    def words(self) -> Words:
        """What stands around its drawing in a file."""
        headline, subtitle, note = (part.striptags() for part in (self.headline, self.subtitle, self.note))
        return Words(headline, subtitle, (note, self.citation.line))

    @property
    def description(self) -> str:
        """The chart in words, for those who do not see it."""
        return f"{self.headline.striptags()} {self.subtitle.striptags()}".strip()


def drawn_charts(
    results: Results, release: ShownRelease, charts: tuple[Chart, ...] = CHARTS
) -> list[DrawnChart]:
    """Each of ``charts`` that has something to draw: a warehouse of one leaderboard has no chips."""
    # Altair would check every part against the schema of Vega-Lite, a quarter of the time of all pages; the tests do.
    with debug_mode(False):
        return [_drawn(chart, results, release) for chart in charts if len(results[chart.id])]


def _drawn(chart: Chart, results: Results, release: ShownRelease) -> DrawnChart:
    headline, subtitle, note = (
        fill(text, chart, results) for text in (chart.headline, chart.subtitle, chart.note)
    )
    cited = citation(chart, results, release, headline.striptags())
    return DrawnChart(chart, chart.panels(results), headline, subtitle, note, cited)

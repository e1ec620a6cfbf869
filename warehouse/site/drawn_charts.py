"""The charts of one release: their panels and the words around them."""

from __future__ import annotations

from dataclasses import dataclass

from markupsafe import Markup

from warehouse.site.chart import Chart, Panel
from warehouse.site.charts import CHARTS
from warehouse.site.citations import citation
from warehouse.site.queries import Results
from warehouse.site.reading import ShownRelease
from warehouse.site.templating import fill


@dataclass(frozen=True)
class DrawnChart:
    """A chart of one release, ready for a page."""

    chart: Chart
    panels: list[Panel]
    headline: Markup
    note: Markup
    citation: str


def drawn_charts(
    results: Results, release: ShownRelease, charts: tuple[Chart, ...] = CHARTS
) -> list[DrawnChart]:
    """Each of ``charts`` that has something to draw: a warehouse of one leaderboard has no chips."""
    return [
        DrawnChart(
            chart,
            chart.panels(results),
            fill(chart.headline, chart, results),
            fill(chart.note, chart, results),
            citation(chart, results, release.name),
        )
        for chart in charts
        if len(results[chart.id])
    ]

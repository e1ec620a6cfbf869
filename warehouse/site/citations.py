"""Whose figures a chart shows, under what licence, of which vintage and release."""

from __future__ import annotations

from datetime import date, datetime

from warehouse.site.chart import Chart
from warehouse.site.queries import Results

#: Columns that say of when a figure is.
DAYS = ("published_on", "vintage", "price_list_date")


def citation(chart: Chart, results: Results, release: str) -> str:
    """One line: producers, licences, the newest day of any figure drawn, and the release."""
    rows = results[chart.id]
    used = {
        source for name in rows.names if name.endswith("source_id") for source in rows.column(name) if source
    }
    sources = [source for source in results["sources"] if source["source_id"].value in used]
    sources.sort(key=lambda source: source["source_id"].value)
    days = [value for name in DAYS if name in rows.names for value in rows.column(name) if value is not None]
    # a list that prints no day is as new as its newest bytes
    days = days or [day for source in sources if (day := source["last_fetch"].value) is not None]
    producers = ", ".join(dict.fromkeys(source["producer"].value for source in sources)) or "no source"
    licences = ", ".join(dict.fromkeys(source["licence"].value for source in sources)) or "no licence"
    vintage = f"; figures to {max(map(_day, days)).isoformat()}" if days else ""
    return f"Source: {producers} ({licences}){vintage}. Computed by aigap, release {release}."


def _day(value: date) -> date:
    return value.date() if isinstance(value, datetime) else value

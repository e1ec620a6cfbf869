"""Raw votes and style control side by side, on axes of equal length: each in points of its own scale."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import GAP, LEADERS, MONTH, Chart, PageColumn, Panel
from warehouse.site.drawing.gap_series import gap_series, hover_month, point_labels
from warehouse.site.drawing.marks import data, layered, months_axis, points_axis, zero_line
from warehouse.site.queries import Results
from warehouse.site.words import VARIANT_TITLES


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    result = results["variants"]
    found = [
        value
        for column in ("gap_points", "gap_low", "gap_high", "gap_at_least")
        for value in result.column(column)
        if value is not None
    ]
    low, high = min([0.0, *found]), max([0.0, *found])
    days = [value.isoformat() for value in result.column("day")]
    x = months_axis(domain=[min(days), max(days)])
    made = []
    for variant, title in VARIANT_TITLES.items():
        lead = f"US lead, points ({title.lower()})"
        y = points_axis(lead, domain=[low, high], nice=True)
        rows = [
            row for row in result.records() if row["variant"] == variant and row["gap_points"] is not None
        ]
        if not rows:
            continue
        only = f"datum.variant == '{variant}'"
        layers = [
            hover_month(alt.Chart(data("variants")).transform_filter(only)),
            zero_line(),
            *gap_series(result, lead, variant, x, y),
            point_labels("variants", [rows[-1]["month"]], only),
        ]
        made.append(Panel(variant, title, layered(layers, 300, top=8, right=34)))
    return made


CHART = Chart(
    id="variants",
    order=20,
    page="stories/two-ratings.html",
    title="Raw against style control",
    headline="""
        {% if not facts.months.value %}No month has a gap in both variants yet.
        {% else %}
        {{ month(facts.last_month) }} has {{ number(facts.raw_gap) }} points raw and {{ number(facts.style_gap) }} with
        style control;
        {% if not facts.months_leaders_differ.value %}the leaders are the same in every month that has both.
        {% else %}the leaders differ in {{ number(facts.months_leaders_differ, 0) }} of the
        {{ number(facts.months, 0) }} months that have both.{% endif %}
        {% endif %}
    """,
    subtitle="""
        Text arena: the best US model less the best Chinese one, in points of each rating; the last
        publication of each month.
    """,
    unit="points of the text arena",
    note="""
        Two ratings of the same votes: raw, and with the effect of length and formatting taken out, which the arena
        shows by default since 16 May 2025. They are different scales: the axes are of equal length, but no
        number may be subtracted across them. Months without a number are left open.
    """,
    panels=panels,
    columns=(
        MONTH,
        PageColumn("variant", "Variant", "code"),
        PageColumn("status", "Status", "code"),
        *GAP,
        *LEADERS,
    ),
    facts="variants_facts",
)

"""The gap by category of the text arena, smallest first; hollow where the interval contains zero."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import GAP, LEADERS, Chart, PageColumn, Panel
from warehouse.site.drawing.lollipops import lollipops
from warehouse.site.drawing.marks import data
from warehouse.site.queries import Results
from warehouse.site.words import VARIANT_TITLES


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    rows = alt.Chart(data("categories")).transform_calculate(
        label="replace(replace(datum.category, 'industry_', ''), regexp('_', 'g'), ' ')"
    )
    tooltip = [
        alt.Tooltip("label:N", title="Category"),
        alt.Tooltip("us_model:N", title="Best US model"),
        alt.Tooltip("cn_model:N", title="Best Chinese model"),
        alt.Tooltip("gap_points:Q", title="US lead, points", format=",.1f"),
        alt.Tooltip("gap_low:Q", title="95 % from", format=",.1f"),
        alt.Tooltip("gap_high:Q", title="95 % to", format=",.1f"),
    ]
    layers = lollipops(
        rows,
        "US lead, points (with style control)",
        tooltip,
        "datum.is_tie",
        results["categories"].records(),
        stem=False,
    )
    return [Panel("style_control", VARIANT_TITLES["style_control"], layers)]


CHART = Chart(
    id="categories",
    order=90,
    title="By kind of question",
    headline="""
        {% if not facts.categories.value %}No category has an interval yet.
        {% else %}
        In {{ number(facts.open, 0) }} of {{ number(facts.categories, 0) }} kinds of question the interval of
        {{ month(facts.month) }} leaves it open who leads; the gap runs from {{ number(facts.smallest_gap) }} points to
        {{ number(facts.largest_gap) }}.
        {% endif %}
    """,
    subtitle="""
        Text arena with style control: the best US model less the best Chinese one in each category, in
        points{% if facts.month.value %}, {{ month(facts.month) }}{% endif %}.
    """,
    unit="points of the text arena, style control",
    note="""
        Categories of the text arena with style control. │ 95 % interval of the gap between the two leaders. ○ the
        interval contains zero. ▽ China leads.
    """,
    panels=panels,
    columns=(PageColumn("category", "Category"), *GAP, *LEADERS),
    facts="categories_facts",
    page="boards.html",
)

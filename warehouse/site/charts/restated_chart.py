"""The gap as published month by month, and as the newest ratings have the same months."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import MONTH, Chart, PageColumn, Panel
from warehouse.site.cited_values import in_words
from warehouse.site.drawing.gap_series import LEAD
from warehouse.site.drawing.marks import (
    data,
    hover,
    layered,
    months_axis,
    numbered_runs,
    points_axis,
    zero_line,
)
from warehouse.site.queries import Results
from warehouse.site.words import VARIANT_TITLES


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    then = "as published that month"
    now = f"as restated, ratings of {in_words(results['restated_facts'].cell(0, 'vintage'))}"
    dash = alt.StrokeDash(
        "series:N",
        title=None,
        scale=alt.Scale(domain=[then, now], range=[[2, 3], [1, 0]]),
        legend=alt.Legend(symbolType="stroke", symbolStrokeColor="@ink", direction="vertical"),
    )
    rows = alt.Chart(data("restated"))
    both = numbered_runs(
        rows.transform_fold(["gap_points_then", "gap_points"], as_=["column", "gap"])
        .transform_filter("isValid(datum.gap)")
        .transform_calculate(series=f"datum.column == 'gap_points' ? '{now}' : '{then}'"),
        "series",
    )
    x = months_axis("month")
    y = points_axis(f"{LEAD} (raw)", "gap")
    tooltip = [
        alt.Tooltip("month_name:N", title="Month"),
        alt.Tooltip("gap_points_then:Q", title="Published then", format=",.1f"),
        alt.Tooltip("us_model_then:N", title="best US model then"),
        alt.Tooltip("cn_model_then:N", title="best Chinese model then"),
        alt.Tooltip("gap_points:Q", title="Restated", format=",.1f"),
        alt.Tooltip("us_model:N", title="best US model now"),
        alt.Tooltip("cn_model:N", title="best Chinese model now"),
        alt.Tooltip("reasons:N", title="Why they differ"),
    ]
    layers = [
        hover(rows, "month", tooltip),
        zero_line(),
        both.mark_line(color="@ink", strokeWidth=1.75).encode(x=x, y=y, strokeDash=dash, detail="run:N"),
        both.mark_point(size=40, strokeWidth=1.5, filled=False, stroke="@ink", opacity=1, fillOpacity=1)
        .encode(
            x=x,
            y=y,
            shape={
                "condition": {"test": "datum.column == 'gap_points'", "value": "circle"},
                "value": "square",
            },
            fill={"condition": {"test": "datum.leader_then_missing", "value": "@paper"}, "value": "@ink"},
        )
        .properties(name="points"),
    ]
    return [Panel("raw", VARIANT_TITLES["raw"], layered(layers, 330, right=20))]


CHART = Chart(
    id="restated",
    order=30,
    page="stories/then-and-now.html",
    title="As published then, as restated now",
    headline="""
        {% if not facts.months.value %}There are no later ratings to restate a month with.
        {% else %}
        In the ratings of {{ day(facts.vintage) }}, {{ number(facts.months_moved, 0) }} of
        {{ number(facts.months, 0) }} months move by more than {{ number(facts.moved_by_more_than, 0) }} points;
        {% if not facts.months_changing_sides.value %}in none does the lead change sides.
        {% else %}
        {% if facts.months_changing_sides.value == 1 %}{{ month(facts.turned_month) }} changes sides
        {%- else %}{{ number(facts.months_changing_sides, 0) }} change sides, the newest {{ month(facts.turned_month) }}
        {%- endif %}, from {{ number(facts.turned_then, signed=true) }} then to
        {{ number(facts.turned_now, signed=true) }} now.
        {% endif %}
        {% endif %}
    """,
    subtitle="""
        Text arena, raw votes: the best US model less the best Chinese one, in points, in the ratings of two
        different days.
    """,
    unit="points of the text arena, raw votes",
    note="""
        Ratings are estimated again for every publication, so a month has as many gaps as vintages. Both lines are raw
        votes. Hollow: a model that led then is no longer in the newest ratings
        ({{ number(facts.months_leader_missing, 0) }} months), and another takes its place.
    """,
    panels=panels,
    columns=(
        MONTH,
        PageColumn("gap_points_then", "Then", 1),
        PageColumn("gap_points", "Restated", 1),
        PageColumn("change_points", "Change", 1),
        PageColumn("us_model_then", "Best US model then", "name"),
        PageColumn("us_model", "now", "name"),
        PageColumn("cn_model_then", "Best Chinese model then", "name"),
        PageColumn("cn_model", "now", "name"),
        PageColumn("reasons", "Why they differ"),
    ),
    facts="restated_facts",
)

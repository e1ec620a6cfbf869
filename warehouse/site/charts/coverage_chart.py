"""What is held of each board, month by month: a square for each month, filled where it has an interval."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import MONTH, Chart, PageColumn, Panel
from warehouse.site.drawing.marks import data, layered, month_text, months_axis, row_labels, with_month_bounds
from warehouse.site.queries import Results

#: The states that are drawn, with fill and edge: filled, hollow and faint are apart without any colour.
STATES = {
    "observed with interval": ("@ink", "@ink"),
    "observed, no interval": ("@paper", "@ink"),
    "nothing new": ("@paper", "@faint"),
    "hole": ("@faint", "@faint"),
}
#: Height of one row, in pixels.
ROW = 19


def panels(results: Results) -> list[Panel]:
    """The one panel of the chart, a row for each board and variant."""
    result = results["coverage"]
    series = dict.fromkeys(row["series"] for row in result.records() if not row["is_self_reported"])
    rows = with_month_bounds(alt.Chart(data("coverage"))).transform_filter(
        "datum.state != 'ended' && !datum.is_self_reported"
    )
    fills, edges = (
        alt.Scale(domain=list(STATES), range=[state[place] for state in STATES.values()]) for place in (0, 1)
    )
    squares = rows.mark_rect(height={"band": 0.66}, xOffset=1.5, x2Offset=-1.5, strokeWidth=1.25).encode(
        x=months_axis("month_from"),
        x2="month_to:T",
        y=alt.Y("series:N", title=None, sort=list(series), axis=row_labels()),
        fill=alt.Fill("state:N", title=None, scale=fills),
        stroke=alt.Stroke("state:N", title=None, scale=edges),
        tooltip=[
            alt.Tooltip("series:N", title="Board"),
            alt.Tooltip("month_name:N", title="Month"),
            alt.Tooltip("state:N", title="Held"),
            alt.Tooltip("reason:N", title="Why not"),
            alt.Tooltip("sources:N", title="Sources"),
            alt.Tooltip("days_before_month_end:Q", title="Days before the month’s end"),
        ],
    )
    squares = squares.transform_calculate(month_name=month_text("month"))
    return [Panel("months", "Months held", layered([squares], ROW * len(series)))]


CHART = Chart(
    id="coverage",
    order=110,
    title="What is held",
    headline="""
        {% if not facts.observed.value %}No month of any board is held yet.
        {% else %}
        {{ plural(facts.observed, "month", "months") }} of {{ plural(facts.boards, "board", "boards") }}
        {{ "is" if facts.observed.value == 1 else "are" }} held, {{ number(facts.with_interval, 0) }} with an interval;
        {{ plural(facts.holes, "is a hole", "are holes") }}
        {%- if facts.standing_still.value %}, and
            {{ plural(facts.standing_still, "board stands", "boards stand") }} still
        {%- endif %}.
        {% endif %}
    """,
    subtitle="""
        Each month of each board and rating since its first: whether a publication new in it is held, with
        both countries in it.
    """,
    unit="months",
    note="""
        ■ observed with an interval, □ without one, pale edge: nothing new, grey: a hole. A month is held when a
        publication new in it is, and both countries have a model there. Nothing new is a month in which upstream
        changed nothing, or in which only figures of an earlier month were read. After a board has ended no square is
        drawn. A board stands still when nothing new of the newest three months is held.
        {%- if facts.self_reported.value %} Not drawn and not counted: {{ plural(facts.self_reported, "month",
        "months") }} of
        boards on which only makers report.{% endif %}
    """,
    panels=panels,
    columns=(
        PageColumn("series", "Board"),
        MONTH,
        PageColumn("state", "Held"),
        PageColumn("reason", "Why not", "code"),
        PageColumn("new_publications", "New publications", 0),
        PageColumn("sources", "Sources"),
        PageColumn("days_before_month_end", "Days before the month’s end", 0),
    ),
    facts="coverage_facts",
    page="sources.html",
)

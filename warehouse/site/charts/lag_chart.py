"""How many months China is behind, by three readings: a panel a board, on axes of equal length."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import MONTH, Chart, PageColumn, Panel, SideTable
from warehouse.site.drawing.marks import data, hover, layered, months_axis, renamed, zero_line
from warehouse.site.queries import Results
from warehouse.site.words import CODES

#: Dashes of each reading of docs/method.md.
READINGS: dict[str, list[float]] = {"first_reached": [1, 0], "last_matched": [6, 3], "passed": [1.5, 2.5]}
NAMES = {reading: CODES.get(reading, reading) for reading in READINGS}


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    result, facts = results["lag"], results["lag_facts"]
    known = [
        value
        for column in ("lag_months", "at_least_months")
        for value in result.column(column)
        if value is not None
    ]
    domain = [min([0.0, *known]), max([0.0, *known])]
    names = dict(zip(facts.column("board"), facts.column("board_name"), strict=True))
    return [
        Panel(board, names[board], _layers(board, domain)) for board in dict.fromkeys(result.column("board"))
    ]


def _layers(board: str, domain: list[float]) -> alt.LayerChart:
    rows = alt.Chart(data("lag")).transform_filter(f"datum.board == '{board}'")
    named = rows.transform_calculate(name=renamed("reading", NAMES))
    dash = alt.StrokeDash(
        "name:N",
        title=None,
        scale=alt.Scale(domain=list(NAMES.values()), range=list(READINGS.values())),
        legend=alt.Legend(symbolType="stroke", symbolStrokeColor="@ink"),
    )
    y = alt.Y(
        "lag_months:Q",
        title="months behind",
        scale=alt.Scale(domain=domain, nice=True),
        axis=alt.Axis(tickCount=6),
    )
    per_month = rows.transform_pivot(
        "reading", value="lag_months", groupby=["month", "us_model", "cn_model", "us_score", "cn_score"]
    )
    tooltip = [
        alt.Tooltip("month_name:N", title="At the end of"),
        alt.Tooltip("cn_model:N", title="Chinese record"),
        alt.Tooltip("us_model:N", title="US record"),
        *(
            alt.Tooltip(f"{reading}:Q", title=f"Months, {name}", format=".1f")
            for reading, name in NAMES.items()
        ),
    ]
    read = named.transform_filter("isValid(datum.lag_months)")
    line = read.mark_line(strokeWidth=2, color="@ink").encode(
        x=months_axis("month"), y=y, strokeDash=dash, detail="reading:N"
    )
    bounds = (
        rows.transform_filter("isValid(datum.at_least_months)")
        .mark_point(shape="triangle-up", size=50, strokeWidth=1.5, filled=False, opacity=1, stroke="@ink")
        .encode(x=months_axis("month"), y=alt.Y("at_least_months:Q", title="months behind"))
    )
    layers = [
        hover(per_month, "month", tooltip),
        zero_line(),
        line.properties(name="readings"),
        bounds.properties(name="bounds"),
    ]
    return layered(layers, 280)


CHART = Chart(
    id="lag",
    order=40,
    page="stories/lag.html",
    title="The lag in months",
    # of the first board listed, over its readings
    headline="""
        {% set lags = results.lag_facts|selectattr("board.value", "eq", facts.board.value if facts else none)
            |rejectattr("lag_months.value", "none")|sort(attribute="lag_months.value") %}
        {% if not lags %}No lag can be read from the newest vintages.
        {% else %}
        {% set low, high = lags[0].lag_months, lags[-1].lag_months %}
        {% set least, most = low.value|round(1), high.value|round(1) %}
        China is
        {% if least < 0 < most %}between {{ number(low, size=true) }} months ahead and
        {{ number(high, size=true) }} behind
        {% elif least == most %}{{ number(low, size=true) }} months {{ "ahead" if most < 0 else "behind" }}
        {% elif most <= 0 %}{{ number(high, size=true) }} to {{ number(low, size=true) }} months ahead
        {% else %}{{ number(low, size=true) }} to {{ number(high, size=true) }} months behind
        {% endif %}
        on the {{ name(lags[0].board_name) }} of {{ day(lags[0].vintage) }}, depending on how one reads “behind”.
        {% endif %}
    """,
    subtitle="""
        Months by which the best Chinese model is behind the best US one at the end of each month, on each
        board in ratings of one day.
    """,
    unit="months",
    note="""
        Within one vintage, from release dates (first listings on the arena). First reached: how long ago the US first
        stood where China stands. Last matched: the age of the newest US record China has matched. Passed: how long
        ago the US went beyond China’s best. A saw-tooth falls when a Chinese model sets a record.
        {% if results.lag|rejectattr("at_least_months.value", "none")|list %}△ China had matched no US record yet: last
        matched is at least this. Such days are not in its mean; the mean with them is at least the figure
        beside it.{% endif %}
        {% set arena = results.lag_facts|selectattr("board.value", "eq", "arena_text")|first %}
        {% if arena is defined %}Arena: style control, ratings of {{ day(arena.vintage) }}.{% endif %}
    """,
    panels=panels,
    columns=(
        PageColumn("board", "Board"),
        MONTH,
        PageColumn("reading", "Reading", "code"),
        PageColumn("lag_months", "Months", 1),
        PageColumn("at_least_months", "at least", 1),
        PageColumn("since_model", "Counted from", "name"),
        PageColumn("since_on", "of", "day"),
    ),
    facts="lag_facts",
    side_tables=(
        SideTable(
            "lag_facts",
            "Lag by reading, months",
            (
                PageColumn("board_name", "Board"),
                PageColumn("reading", "Reading", "code"),
                PageColumn("lag_months", "Newest", 1),
                PageColumn("mean_months", "Mean", 1),
                PageColumn("mean_low", "95 % from", 1),
                PageColumn("mean_high", "to", 1),
                PageColumn("max_months", "Longest", 1),
                PageColumn("censored_days", "Days of △", 0),
                PageColumn("mean_at_least", "Mean with △, at least", 1),
                PageColumn("vintage", "Vintage", "day"),
            ),
            folded=False,
        ),
    ),
)

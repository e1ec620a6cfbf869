"""Where the gap may go if it moves as lately: the newest two years, the fan, and how such fans have fared."""

from __future__ import annotations

from datetime import date

import altair as alt

from warehouse.site.chart import Chart, PageColumn, Panel, SideTable
from warehouse.site.drawing.marks import data, hover, layered, months_axis, points_axis, zero_line
from warehouse.site.queries import Results

#: Columns of the bounds of each range, from the widest, and how dark it is drawn.
RANGES = {95: 0.1, 80: 0.16, 50: 0.24}
AXIS = "US lead, points (raw votes)"


def panels(results: Results) -> list[Panel]:
    """The fan, and beside it its record."""
    return [
        Panel("fan", "Where it may go", _fan(results["outlook_facts"].cell(0, "origin_month"))),
        Panel("record", "How such ranges have fared", _record()),
    ]


def _fan(origin: date) -> alt.LayerChart:
    rows = alt.Chart(data("outlook"))
    seen = rows.transform_filter("datum.kind == 'observed'")
    # the fan opens at the last gap, which is known
    is_origin = f"toDate(datum.month) == utc({origin.year}, {origin.month - 1}, 1)"
    ahead = rows.transform_filter(f"datum.kind == 'outlook' || {is_origin}").transform_calculate(
        **{
            f"{end}_{share}": f"isValid(datum.low_95) ? datum.{end}_{share} : datum.gap_points"
            for end in ("high", "low")
            for share in (50, 80, 95)
        }
    )
    x = months_axis("month")
    time = alt.X("month:T", title=None, scale=alt.Scale(type="utc", nice=False))
    y = points_axis(AXIS)
    tooltip = [
        alt.Tooltip("month_name:N", title="Month"),
        alt.Tooltip("gap_points:Q", title="US lead, points", format=",.1f"),
        alt.Tooltip("us_model:N", title="Best US model"),
        alt.Tooltip("cn_model:N", title="Best Chinese model"),
        *(
            tip
            for share in RANGES
            for tip in (
                alt.Tooltip(f"low_{share}:Q", title=f"{share} of 100 from", format=",.1f"),
                alt.Tooltip(f"high_{share}:Q", title=f"{share} of 100 to", format=",.1f"),
            )
        ),
    ]
    bands = [
        ahead.mark_area(color="@us", opacity=shade).encode(
            x=time, y=alt.Y(f"low_{share}:Q", title=AXIS), y2=f"high_{share}:Q"
        )
        for share, shade in RANGES.items()
    ]
    last = ahead.transform_window(
        place="row_number()", sort=[alt.SortField("month", order="descending")]
    ).transform_filter("datum.place == 1")
    names = [
        last.mark_text(align="left", dx=5, fontSize=11, color="@muted").encode(
            x=time, y=alt.Y(f"high_{share}:Q", title=AXIS), text=alt.value(f"{share} %")
        )
        for share in RANGES
    ]
    layers = [
        hover(rows, "month", tooltip),
        zero_line(),
        *bands,
        ahead.mark_line(color="@us", strokeDash=[4, 3], strokeWidth=1.5).encode(x=time, y=y),
        seen.mark_line(color="@ink", strokeWidth=1.75).encode(x=x, y=y),
        seen.mark_point(size=30, filled=True, opacity=1, color="@us")
        .encode(x=x, y=y)
        .properties(name="points"),
        *names,
    ]
    return layered(layers, 330, right=34)


def _record() -> alt.LayerChart:
    rows = alt.Chart(data("outlook_record"))
    long = rows.transform_fold(
        ["within_50", "within_80", "within_95"], as_=["range", "within"]
    ).transform_calculate(
        share="100 * datum.within",
        name="substring(datum.range, 7) + ' %'",
        nominal="toNumber(substring(datum.range, 7))",
    )
    x = alt.X(
        "share:Q",
        title="outcomes within the range, %",
        scale=alt.Scale(domain=[0, 100]),
        axis=alt.Axis(grid=False, values=[0, 25, 50, 75, 100]),
    )
    y = alt.Y(
        "horizon:O",
        title="months ahead",
        axis=alt.Axis(domain=False, ticks=False, labelColor="@ink", grid=True),
    )
    tooltip = [
        alt.Tooltip("horizon:Q", title="Months ahead"),
        alt.Tooltip("name:N", title="Range of"),
        alt.Tooltip("share:Q", title="Outcomes within it, %", format=".0f"),
        alt.Tooltip("forecasts:Q", title="Forecasts tried"),
        alt.Tooltip("mean_absolute_error:Q", title="Mean error, points", format=".1f"),
    ]
    layers = [
        long.transform_aggregate(nominal="max(nominal)", groupby=["name"])
        .mark_rule(color="@muted", strokeDash=[2, 3])
        .encode(x=alt.X("nominal:Q", title="outcomes within the range, %")),
        long.transform_aggregate(nominal="max(nominal)", groupby=["name"])
        .mark_text(baseline="bottom", dy=-3, fontSize=11, color="@muted")
        .encode(x=alt.X("nominal:Q", title="outcomes within the range, %"), y=alt.value(0), text="name:N"),
        long.mark_point(size=80, filled=True, color="@us", opacity=1)
        .encode(
            x=x,
            y=y,
            shape=alt.Shape(
                "name:N",
                legend=None,
                scale=alt.Scale(domain=["50 %", "80 %", "95 %"], range=["circle", "diamond", "square"]),
            ),
            tooltip=tooltip,
        )
        .properties(name="shares"),
    ]
    return layered(layers, 330, top=20)


CHART = Chart(
    id="outlook",
    order=30,
    page="stories/outlook.html",
    title="The next six months",
    headline="""
        {% if not facts %}The series is too short for an outlook.
        {% else %}
        If the raw-vote gap of the text arena moves as in the last {{ number(facts.changes, 0) }} months, it lies
        between
        {{ number(facts.last_low) }} and {{ number(facts.last_high) }} points in {{ month(facts.last_month) }};
        {% if facts.parity_not_excluded_from.value is not none %}level is not excluded from
        {{ month(facts.parity_not_excluded_from) }} on.
        {% else %}level is excluded throughout.{% endif %}
        {% endif %}
    """,
    subtitle="""
        Text arena, raw votes: the US lead in points, and the ranges that hold 50, 80 and 95 of 100 movements like
        those of
        the last twelve months. No trend is assumed.
    """,
    unit="points of the text arena, raw votes",
    note="""
        {% if facts %}
        The middle is the newest gap, {{ number(facts.last_gap) }} points in {{ month(facts.origin_month) }}; its
        movement
        was {{ number(facts.monthly_sd) }} points a month. No model of those tried was closer than no change. Of
        {{ number(facts.all_forecasts, 0) }} forecasts of this kind made from earlier months, the outcome lay within the
        50 % range in {{ number(facts.within_50_pct, 0) }} % and within the 95 % range in
        {{ number(facts.within_95_pct, 0) }} %: the ranges have been too wide, for the gap moved less from year to year.
        The record: ● 50 %, ♦ 80 %, ■ 95 % range, the share of outcomes within it; dotted: the share it stands for.
        It is no probability that China leads: that has not happened once in the record, so no forecast of it can be
        scored.
        {% endif %}
    """,
    panels=panels,
    columns=(
        PageColumn("month", "Month", "month"),
        PageColumn("kind", "Figure"),
        PageColumn("gap_points", "US lead, points", 1),
        PageColumn("low_50", "50 % from", 1),
        PageColumn("high_50", "to", 1),
        PageColumn("low_80", "80 % from", 1),
        PageColumn("high_80", "to", 1),
        PageColumn("low_95", "95 % from", 1),
        PageColumn("high_95", "to", 1),
    ),
    facts="outlook_facts",
    more_queries=("outlook_record",),
    side_tables=(
        SideTable(
            "outlook_record",
            "Record of the outlook, by months ahead",
            (
                PageColumn("horizon", "Months ahead", 0),
                PageColumn("forecasts", "Forecasts", 0),
                PageColumn("within_50", "share within 50 %", 2),
                PageColumn("within_80", "within 80 %", 2),
                PageColumn("within_95", "within 95 %", 2),
                PageColumn("mean_absolute_error", "Mean error, points", 1),
            ),
            folded=True,
        ),
    ),
)

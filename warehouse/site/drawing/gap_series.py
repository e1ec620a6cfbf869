"""A monthly series of gaps: line, intervals, points, labels of a few points, and the tooltip of a month."""

from __future__ import annotations

import altair as alt

from warehouse.site.drawing.marks import (
    SIDE_COLOUR,
    SIDE_SHAPE,
    data,
    day_text,
    figure,
    hollow_where,
    hover,
    months_axis,
    numbered_runs,
    points_axis,
)
from warehouse.site.queries import QueryResult

LEAD = "US lead, arena points"


def hover_month(rows: alt.Chart) -> alt.Chart:
    """A tooltip a month: both leaders with their scores, the gap and its interval."""
    tooltip = [
        alt.Tooltip("month_name:N", title="Month"),
        alt.Tooltip("us_model:N", title="Best US model"),
        alt.Tooltip("us_rating:N", title="its score"),
        alt.Tooltip("cn_model:N", title="Best Chinese model"),
        alt.Tooltip("cn_rating:N", title="its score "),
        alt.Tooltip("gap_points:Q", title="US lead, points", format=",.1f"),
        alt.Tooltip("gap_low:Q", title="95 % from", format=",.1f"),
        alt.Tooltip("gap_high:Q", title="95 % to", format=",.1f"),
        alt.Tooltip("status:N", title="Status"),
        alt.Tooltip("published:N", title="Published"),
    ]
    rows = rows.transform_calculate(
        published=day_text("published_on"), us_rating=figure("us_score"), cn_rating=figure("cn_score")
    )
    return hover(rows, "month", tooltip)


def gap_series(
    result: QueryResult,
    title: str,
    variant: str | None = None,
    x: alt.X | None = None,
    y: alt.Y | None = None,
) -> list[alt.Chart]:
    """Line, band, interval bars and points of a monthly series. Nothing is drawn across a missing month."""
    rows = alt.Chart(data(result.id))
    records = result.records()
    if variant is not None:
        rows = rows.transform_filter(f"datum.variant == '{variant}'")
        records = [row for row in records if row["variant"] == variant]
    return series_layers(
        rows,
        title,
        x or months_axis(),
        y or points_axis(title),
        intervals=any(row["gap_low"] is not None for row in records),
        bounds=any(row["gap_at_least"] is not None and row["gap_points"] is None for row in records),
    )


def series_layers(
    rows: alt.Chart, title: str, x: alt.X, y: alt.Y, *, intervals: bool = True, bounds: bool = True
) -> list[alt.Chart]:
    """The same of ``rows``, with a layer for ``intervals`` and one for ``bounds`` of the gap."""
    with_gap = rows.transform_filter("isValid(datum.gap_points)")
    measured = rows.transform_filter("isValid(datum.gap_low)")
    at_least = rows.transform_filter("isValid(datum.gap_at_least) && !isValid(datum.gap_points)")
    layers: list[alt.Chart] = []
    if intervals:
        layers += [
            numbered_runs(measured, name="measured_run")
            .mark_area(color="@ink", opacity=0.1)
            .encode(
                x=x, y=alt.Y("gap_low:Q", title=title), y2="gap_high:Q", detail=["measured_run:N", "run:N"]
            )
            .properties(name="band"),
            measured.mark_rule(color="@ink", opacity=0.55, strokeWidth=1.5)
            .encode(x=x, y=alt.Y("gap_low:Q", title=title), y2="gap_high:Q")
            .properties(name="intervals"),
        ]
    layers += [
        with_gap.mark_line(color="@ink", strokeWidth=1.75).encode(x=x, y=y, detail="run:N"),
        with_gap.mark_point(
            size=alt.ExprRef("narrow ? 28 : 52"), strokeWidth=1.75, filled=False, opacity=1, fillOpacity=1
        )
        .encode(
            x=x,
            y=y,
            shape=SIDE_SHAPE,
            stroke=SIDE_COLOUR,
            fill=hollow_where("datum.status == 'leaders_only'"),
        )
        .properties(name="points"),
    ]
    if bounds:
        layers.append(
            at_least.mark_point(
                shape="triangle-up", size=70, strokeWidth=1.75, filled=False, opacity=1, stroke="@us"
            )
            .encode(x=x, y=alt.Y("gap_at_least:Q", title=title))
            .properties(name="bounds")
        )
    return layers


def scale_break(facts: str, only: str = "true") -> list[alt.Chart]:
    """Shades the months whose scale has another zero: those between two days of the query ``facts``."""
    rows = (
        alt.Chart(data(facts))
        .transform_filter(only)
        .transform_calculate(words="['older zero', 'of the scale']")
    )
    return [
        rows.mark_rect(color="@soft", opacity=1).encode(
            x=alt.X("other_zero_from:T", scale=alt.Scale(type="utc")), x2="other_zero_to:T"
        ),
        rows.mark_text(align="left", baseline="bottom", dx=3, dy=-17, color="@muted", fontSize=11).encode(
            x="other_zero_from:T", y=alt.value("height"), text="words:N"
        ),
    ]


def point_labels(
    query: str, months: list[str], only: str | None = None, *, above: bool = False, below: bool = False
) -> alt.Chart:
    """The gap in figures next to the points of ``months``, above them and their intervals, or a little below."""
    wanted = " || ".join(f"datum.month == '{month}'" for month in months) or "false"
    rows = alt.Chart(data(query))
    if only is not None:
        rows = rows.transform_filter(only)
    rows = rows.transform_filter(f"isValid(datum.gap_points) && ({wanted})")
    rows = rows.transform_calculate(head="isValid(datum.gap_high) ? datum.gap_high : datum.gap_points")
    text = alt.Text("gap_points:Q", format=",.0f")
    shown: alt.Chart
    if above:
        shown = rows.mark_text(
            align="right", baseline="bottom", dx=5, dy=-7, fontSize=13, fontWeight=600
        ).encode(
            x="day:T",
            y="head:Q",
            text=text,
            opacity={"condition": {"test": "narrow", "value": 0}, "value": 1},
        )
    else:
        shown = rows.mark_text(
            align="left", dx=8, dy=13 if below else -9, fontSize=13, fontWeight=600
        ).encode(x="day:T", y="gap_points:Q", text=text)
    return shown

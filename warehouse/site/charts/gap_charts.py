"""The monthly gap: the long raw series with policy events, both variants, and as restated."""

from __future__ import annotations

import altair as alt

from warehouse.site.charts import parts
from warehouse.site.charts.parts import (
    SIDE_COLOUR,
    SIDE_SHAPE,
    WIDE,
    Panel,
    data,
    gap_tooltip,
    hollow,
    hover,
    in_runs,
    layered,
    months_axis,
    points_axis,
    zero,
)
from warehouse.site.cited_values import in_words
from warehouse.site.queries import Result, Results

LEAD = "US lead over China, arena points"
VARIANT_NAMES = {"raw": "Raw votes", "style_control": "With style control"}

#: Height of the two lanes of policy events above the plot, in pixels, from its upper edge.
LANES = {"CN": -12, "US": -28}


def gap(results: Results) -> list[Panel]:
    """Raw text arena since 2023: line, intervals, statuses, and policy events on the day they happened."""
    facts = results["gap_facts"]
    ends = _months(facts, "first_month", "last_month")
    smallest = [month for month in _months(facts, "smallest_month") if month not in ends]
    layers = [
        *(_scale_break() if facts.cell(0, "months_other_zero") else []),
        _event_rules(),
        hover(
            alt.Chart(data("gap")).transform_calculate(published=parts.in_words("published_on")),
            "month",
            gap_tooltip(),
        ),
        zero(),
        *_series(results["gap"], LEAD),
        _values("gap", ends),
        _values("gap", smallest, above=True),
        *_events(),
    ]
    chart = layered(layers, 400, top=4, right=34)
    return [Panel("raw", VARIANT_NAMES["raw"], chart)]


def _months(facts: Result, *columns: str) -> list[str]:
    return [value.isoformat() for column in columns if (value := facts.cell(0, column)) is not None]


def variants(results: Results) -> list[Panel]:
    """The two variants beside each other, on axes of equal length: each in points of its own scale."""
    result = results["variants"]
    found = [
        value
        for column in ("gap_points", "gap_low", "gap_high", "gap_at_least")
        for value in result.column(column)
        if value is not None
    ]
    low, high = min([0.0, *found]), max([0.0, *found])
    days = [value.isoformat() for value in result.column("day")]
    x = months_axis(domain=[min(days), max(days)]) if days else months_axis()
    panels = []
    for variant, name in VARIANT_NAMES.items():
        rows = [
            row for row in result.records() if row["variant"] == variant and row["gap_points"] is not None
        ]
        if not rows:
            continue
        only = f"datum.variant == '{variant}'"
        lead = points_axis("US lead, arena points", domain=[low, high], nice=True)
        layers = [
            hover(
                alt.Chart(data("variants"))
                .transform_filter(only)
                .transform_calculate(published=parts.in_words("published_on")),
                "month",
                gap_tooltip(),
            ),
            zero(),
            *_series(result, "US lead, arena points", variant, lead, x),
            _values("variants", [rows[-1]["month"]], only),
        ]
        panels.append(Panel(variant, name, layered(layers, 300, top=8, right=34)))
    return panels


def restated(results: Results) -> list[Panel]:
    """One line as published month by month, one as the newest ratings have the same months."""
    then = "as published that month"
    now = f"as restated, ratings of {in_words(results['restated_facts'].cell(0, 'vintage'))}"
    dash = alt.StrokeDash(
        "series:N",
        title=None,
        scale=alt.Scale(domain=[then, now], range=[[2, 3], [1, 0]]),
        legend=alt.Legend(symbolType="stroke", symbolStrokeColor="@ink", direction="vertical"),
    )
    rows = alt.Chart(data("restated"))
    both = in_runs(
        rows.transform_fold(["gap_points_then", "gap_points"], as_=["column", "gap"])
        .transform_filter("isValid(datum.gap)")
        .transform_calculate(series=f"datum.column == 'gap_points' ? '{now}' : '{then}'"),
        "series",
    )
    x = months_axis("month")
    y = points_axis("US lead, arena points (raw)", "gap")
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
        zero(),
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
    return [Panel("raw", VARIANT_NAMES["raw"], layered(layers, 330, right=20))]


def _series(
    result: Result,
    title: str,
    variant: str | None = None,
    lead: alt.Y | None = None,
    axis: alt.X | None = None,
) -> list[alt.Chart]:
    """Line, band, interval bars and points of a monthly series. Nothing is drawn across a missing month."""
    rows = alt.Chart(data(result.id))
    records = result.records()
    if variant is not None:
        rows = rows.transform_filter(f"datum.variant == '{variant}'")
        records = [row for row in records if row["variant"] == variant]
    held = rows.transform_filter("isValid(datum.gap_points)")
    measured = rows.transform_filter("isValid(datum.gap_low)")
    at_least = rows.transform_filter("isValid(datum.gap_at_least) && !isValid(datum.gap_points)")
    x, y = axis or months_axis(), lead or points_axis(title)
    layers: list[alt.Chart] = []
    if any(row["gap_low"] is not None for row in records):
        layers += [
            # a band joins neighbours only: `stretch` numbers the rows that have an interval without a hole
            measured.transform_window(place="row_number()", sort=[alt.SortField("day")])
            .transform_calculate(
                stretch="12 * utcyear(toDate(datum.month)) + utcmonth(toDate(datum.month)) - datum.place"
            )
            .mark_area(color="@ink", opacity=0.1)
            .encode(x=x, y=alt.Y("gap_low:Q", title=title), y2="gap_high:Q", detail=["stretch:N", "run:N"]),
            measured.mark_rule(color="@ink", opacity=0.55, strokeWidth=1.5)
            .encode(x=x, y=alt.Y("gap_low:Q", title=title), y2="gap_high:Q")
            .properties(name="intervals"),
        ]
    layers += [
        held.mark_line(color="@ink", strokeWidth=1.75).encode(x=x, y=y, detail="run:N"),
        held.mark_point(
            size=alt.ExprRef("narrow ? 28 : 52"), strokeWidth=1.75, filled=False, opacity=1, fillOpacity=1
        )
        .encode(
            x=x,
            y=y,
            shape=SIDE_SHAPE,
            stroke=SIDE_COLOUR,
            fill=hollow("datum.status == 'leaders_only'"),
        )
        .properties(name="points"),
    ]
    if any(row["gap_at_least"] is not None and row["gap_points"] is None for row in records):
        layers.append(
            at_least.mark_point(
                shape="triangle-up", size=70, strokeWidth=1.75, filled=False, opacity=1, stroke="@us"
            )
            .encode(x=x, y=alt.Y("gap_at_least:Q", title=title))
            .properties(name="bounds")
        )
    return layers


def _values(query: str, months: list[str], only: str | None = None, *, above: bool = False) -> alt.Chart:
    """The figure beside the points of ``months``, or above them and their intervals."""
    wanted = " || ".join(f"datum.month == '{month}'" for month in months) or "false"
    rows = alt.Chart(data(query))
    if only is not None:
        rows = rows.transform_filter(only)
    rows = rows.transform_filter(f"isValid(datum.gap_points) && ({wanted})")
    rows = rows.transform_calculate(head="isValid(datum.gap_high) ? datum.gap_high : datum.gap_points")
    text = alt.Text("gap_points:Q", format=",.1f")
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
        shown = rows.mark_text(align="left", dx=8, dy=-9, fontSize=13, fontWeight=600).encode(
            x="day:T", y="gap_points:Q", text=text
        )
    return shown


def _scale_break() -> list[alt.Chart]:
    """Shades the months whose scale has another zero."""
    facts = alt.Chart(data("gap_facts")).transform_calculate(words="['older zero', 'of the scale']")
    return [
        facts.mark_rect(color="@soft", opacity=1).encode(
            x=alt.X("other_zero_from:T", scale=alt.Scale(type="utc")), x2="other_zero_to:T"
        ),
        facts.mark_text(align="right", baseline="bottom", dx=-5, dy=-22, color="@muted", fontSize=11).encode(
            x="other_zero_to:T", y=alt.value("height"), text="words:N"
        ),
    ]


def _event_rules() -> alt.Chart:
    """A thin rule down from each named event."""
    rules: alt.Chart = (
        alt.Chart(data("events"))
        .transform_filter("isValid(datum.label)")
        .mark_rule(strokeDash=[2, 3], strokeWidth=1, color="@muted", opacity=0.8)
        .encode(
            x=alt.X("date:T", scale=alt.Scale(type="utc")),
            y=alt.value(LANES["US"] + 6),
            y2=alt.value("height"),
        )
    )
    return rules


def _events() -> list[alt.Chart]:
    """Two lanes of ticks above the plot, one a side, and the names of a few."""
    rows = alt.Chart(data("events")).transform_calculate(day_name=parts.in_words("date"))
    tooltip = [
        alt.Tooltip("day_name:N", title="Day"),
        alt.Tooltip("actor:N", title="Who"),
        alt.Tooltip("event:N", title="What"),
        alt.Tooltip("effect_on:N", title="Concerns"),
    ]
    layers: list[alt.Chart] = []
    for side, place in LANES.items():
        colour = f"@{side.lower()}"
        layers.append(
            rows.transform_filter(f"datum.side == '{side}'")
            .mark_tick(thickness=2.5, size=12, orient="vertical", color=colour, clip=False)
            .encode(x="date:T", y=alt.value(place), tooltip=tooltip)
            .properties(name=f"events_{side.lower()}")
        )
        layers.append(
            alt.Chart(alt.InlineData(values=[{}]))
            .mark_text(align="right", dx=-8, fontSize=11, fontWeight=600, color=colour)
            .encode(x=alt.value(0), y=alt.value(place), text=alt.value({"US": "US", "CN": "China"}[side]))
        )
    for line in (0, 1):
        layers.append(
            rows.transform_filter(f"isValid(datum.label) && datum.label_line == {line}")
            .mark_text(align="left", baseline="middle", dx=-1, fontSize=11, color="@muted")
            .encode(
                x="date:T",
                y=alt.value(LANES["US"] - 13 - 13 * line),
                text="label:N",
                opacity={"condition": {"test": f"width > {WIDE}", "value": 1}, "value": 0},
            )
        )
    return layers

"""What moved the gap from month to month: a bar a part, stacked away from zero, and the whole change as a line."""

from __future__ import annotations

from datetime import date
from typing import Any

import altair as alt

from warehouse.site.chart import MONTH, Chart, PageColumn, Panel
from warehouse.site.drawing.marks import (
    data,
    layered,
    month_text,
    months_axis,
    points_axis,
    renamed,
    with_month_bounds,
    zero_line,
)
from warehouse.site.queries import Results
from warehouse.site.words import CODES, VARIANT_TITLES

#: Colour of each part, in the order of the legend.
PARTS = {"us_new": "@us", "cn_new": "@cn", "rerated": "@muted", "dropped": "@faint"}
NAMES = {part: CODES[part] for part in PARTS}
#: The look of a model's name.
NAME: dict[str, Any] = {"align": "left", "dx": 1, "fontSize": 11, "color": "@muted"}
AXIS = "change of the US lead, points"


def panels(results: Results) -> list[Panel]:
    """A panel a rating, on one scale of points."""
    result = results["changes"]
    sums: dict[tuple[str, object, bool], float] = {}
    for row in result.records():
        key = row["variant"], row["month"], row["points"] > 0
        sums[key] = sums.get(key, 0.0) + row["points"]
    domain = [min([0.0, *sums.values()]) - 12, max([0.0, *sums.values()]) + 12]
    months = result.column("month")
    last = max(months)
    time = [min(months).isoformat(), date(last.year + last.month // 12, last.month % 12 + 1, 1).isoformat()]
    variants = [variant for variant in VARIANT_TITLES if variant in result.column("variant")]
    return [Panel(variant, VARIANT_TITLES[variant], _layers(variant, domain, time)) for variant in variants]


def _layers(variant: str, domain: list[float], time: list[str]) -> alt.LayerChart:
    rows = with_month_bounds(
        alt.Chart(data("changes")).transform_filter(f"datum.variant == '{variant}'")
    ).transform_calculate(
        part_name=renamed("part", NAMES),
        place=f"indexof({list(PARTS)}, datum.part)",
        before=month_text("from_month"),
        returned="datum.is_return ? 'listed before, now back' : ''",
    )
    # Vega-Lite takes no domain where a mark has two ends: the names bring it
    x, whole_time = months_axis("month_from"), months_axis("month_from", domain=time)
    y = points_axis(AXIS, "low", domain=domain)
    fill = alt.Fill(
        "part_name:N",
        title=None,
        scale=alt.Scale(domain=list(NAMES.values()), range=list(PARTS.values())),
        legend=alt.Legend(columns=alt.ExprRef("narrow ? 1 : 2"), symbolType="square"),
    )
    tooltip = [
        alt.Tooltip("month_name:N", title="Month"),
        alt.Tooltip("before:N", title="compared with"),
        alt.Tooltip("part_name:N", title="Part"),
        alt.Tooltip("model:N", title="Model"),
        alt.Tooltip("returned:N", title="It was"),
        alt.Tooltip("points:Q", title="Moved the US lead by, points", format="+,.1f"),
        alt.Tooltip("change_points:Q", title="Whole change, points", format="+,.1f"),
        alt.Tooltip("us_new_leader:N", title="Best US model now"),
        alt.Tooltip("cn_new_leader:N", title="Best Chinese model now"),
    ]
    stacked = rows.transform_stack(
        stack="points",
        groupby=["month_from", "month_to"],
        sort=[alt.SortField("place")],
        offset="zero",
        as_=["low", "high"],
    )
    bars = (
        stacked.mark_rect(xOffset=1, x2Offset=-1)
        .encode(x=x, x2="month_to:T", y=y, y2="high:Q", fill=fill, tooltip=tooltip)
        .properties(name="parts")
    )
    # the largest part of a new model of each side is named, beyond all parts of its month
    named = (
        stacked.transform_joinaggregate(top="max(high)", bottom="min(high)", groupby=["month_from"])
        .transform_filter("isValid(datum.model)")
        .transform_calculate(size="abs(datum.points)", end="datum.points > 0 ? datum.top : datum.bottom")
        .transform_window(
            largest="row_number()", groupby=["part"], sort=[alt.SortField("size", order="descending")]
        )
        .transform_filter("datum.largest == 1 && !narrow")
    )
    above = named.transform_filter("datum.points > 0").mark_text(baseline="bottom", dy=-4, **NAME)
    below = named.transform_filter("datum.points < 0").mark_text(baseline="top", dy=4, **NAME)
    names = [
        text.encode(x=whole_time, y=alt.Y("end:Q", title=AXIS), text="model:N") for text in (above, below)
    ]
    whole = (
        rows.transform_aggregate(change_points="max(change_points)", groupby=["month_from", "month_to"])
        .mark_rule(color="@ink", strokeWidth=2.5)
        .encode(x=x, x2="month_to:T", y=alt.Y("change_points:Q", title=AXIS))
        .properties(name="wholes")
    )
    return layered([bars, zero_line(), whole, *names], 280)


CHART = Chart(
    id="changes",
    order=28,
    page="stories/what-moved-the-gap.html",
    title="Part by part",
    headline="""
        {% set found = results.changes_facts|selectattr("variant.value", "eq", "raw")|list %}
        {% set raw = found[0] if found else none %}
        {% if not raw %}No two months of the text arena in raw votes can be compared yet.
        {% elif not raw.large_changes.value %}
        In raw votes of the text arena no monthly change of the gap since {{ month(raw.first_month) }} is larger than
        {{ number(raw.large, 0) }} points.
        {% else %}
        Of {{ plural(raw.large_changes, "change", "changes") }} of more than {{ number(raw.large, 0) }} points in raw
        votes
        of the text arena since {{ month(raw.first_month) }},
        {% for count, what in [
            (raw.mostly_us_new, "mostly by a new US model"),
            (raw.mostly_cn_new, "mostly by a new Chinese one"),
            (raw.mostly_rerated, "by new ratings of the same models"),
            (raw.mostly_dropped, "by models no longer listed"),
        ] if count.value %}{{ number(count, 0) }} came {{ what }}{{ comma(loop) }}{% endfor %}.
        {% endif %}
    """,
    subtitle="""
        Text arena: change of the US lead in points from one month with a number to the next, by what changed it. Up:
        the
        US lead grew. — the whole change.
    """,
    unit="points of the text arena",
    note="""
        New: the best model first listed since the month before. New ratings: the same models, estimated again from more
        votes. The parts add up to the whole change exactly. A month that follows a hole is compared with the one before
        the hole; of a list of leaders only, “new” may mean that it was not listed before. A change of the whole scale
        moves both sides and cancels.
        {% for row in results.changes_facts if row.change_12m.value is not none %}
        {% if loop.first %}Over twelve months the lead changed by {% endif %}
        {{ number(row.change_12m, signed=true) }}
        {%- if row.change_12m_margin.value is not none %} ± {{ number(row.change_12m_margin) }}{% endif %} points
        {{ VARIANT_PHRASES[row.variant.value] }}{{ comma(loop) }}{% if loop.last %}, to {{ month(row.last_month) }}.{%
        endif %}
        {% endfor %}
    """,
    panels=panels,
    columns=(
        MONTH,
        PageColumn("variant", "Rating", "code"),
        PageColumn("from_month", "Compared with", "month"),
        PageColumn("part", "Part", "code"),
        PageColumn("points", "Moved the US lead by", 1),
        PageColumn("model", "Model", "name"),
        PageColumn("change_points", "Whole change", 1),
        PageColumn("gap_points", "US lead after it", 1),
    ),
    facts="changes_facts",
)

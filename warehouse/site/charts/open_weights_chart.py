"""Open weights: the best open US model against the best open Chinese one, and closed against open, in both ratings."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import Chart, PageColumn, Panel
from warehouse.site.drawing.marks import (
    SIDE_COLOUR,
    SIDE_SHAPE,
    data,
    day_text,
    hover,
    layered,
    months_axis,
    points_axis,
    zero_line,
)
from warehouse.site.queries import Results
from warehouse.site.words import VARIANT_TITLES

#: Title, axis and the words of the tooltip for both models, by measure.
MEASURES = {
    "open_us_minus_open_cn": ("Open US less open Chinese", "Best open US model", "Best open Chinese model"),
    "world_closed_minus_open": ("Closed less open, any country", "Best closed model", "Best open model"),
}


def panels(results: Results) -> list[Panel]:
    """A panel a measure and rating; those of one measure have one scale, those of one rating one span of time."""
    result = results["open_weights"]
    records = result.records()
    made = []
    for measure, (title, first, second) in MEASURES.items():
        values = [
            row[column]
            for row in records
            for column in ("gap_points", "gap_low", "gap_high", "at_most")
            if row["measure"] == measure and row[column] is not None
        ]
        domain = [min([0.0, *values]), max([0.0, *values])]
        for variant, rating in VARIANT_TITLES.items():
            shown = [row for row in records if (row["measure"], row["variant"]) == (measure, variant)]
            if shown:
                bounded = any(row["at_most"] is not None for row in shown)
                layers = _layers(measure, variant, domain, first, second, bounded)
                made.append(Panel(f"{measure}_{variant}", f"{title}, {rating.lower()}", layers))
    return made


def _layers(
    measure: str, variant: str, domain: list[float], first: str, second: str, bounded: bool
) -> alt.LayerChart:
    rows = alt.Chart(data("open_weights")).transform_filter(
        f"datum.measure == '{measure}' && datum.variant == '{variant}'"
    )
    with_gap = rows.transform_filter("isValid(datum.gap_points)")
    newest = with_gap.transform_window(
        place="row_number()", sort=[alt.SortField("month", order="descending")]
    ).transform_filter("datum.place == 1")
    axis = "US lead, points" if measure == "open_us_minus_open_cn" else "lead of closed, points"
    x, y = months_axis(), points_axis(axis, domain=domain, nice=True)
    tooltip = [
        alt.Tooltip("month_name:N", title="Month"),
        alt.Tooltip("first_model:N", title=first),
        alt.Tooltip("first_score:Q", title="its rating", format=",.1f"),
        alt.Tooltip("second_model:N", title=second),
        alt.Tooltip("second_score:Q", title="its rating ", format=",.1f"),
        alt.Tooltip("gap_points:Q", title=axis, format=",.1f"),
        alt.Tooltip("gap_low:Q", title="95 % from", format=",.1f"),
        alt.Tooltip("gap_high:Q", title="95 % to", format=",.1f"),
        alt.Tooltip("at_most:Q", title="At most", format=",.1f"),
        alt.Tooltip("status:N", title="Listing"),
        alt.Tooltip("published:N", title="Published"),
    ]
    sided = measure == "open_us_minus_open_cn"
    layers = [
        hover(rows.transform_calculate(published=day_text("published_on")), "month", tooltip),
        zero_line(),
        with_gap.transform_filter("isValid(datum.gap_low)")
        .mark_rule(color="@ink", opacity=0.5, strokeWidth=1.25)
        .encode(x=x, y=alt.Y("gap_low:Q", title=axis), y2="gap_high:Q"),
        with_gap.mark_line(color="@ink", strokeWidth=1.5).encode(x=x, y=y, detail="run:N"),
        with_gap.mark_point(size=34, filled=True, opacity=1)
        .encode(
            x=x,
            y=y,
            shape=SIDE_SHAPE if sided else alt.value("circle"),
            color=SIDE_COLOUR if sided else alt.value("@ink"),
        )
        .properties(name="points"),
        newest.mark_text(align="left", dx=6, dy=14 if sided else -8, fontSize=13, fontWeight=600).encode(
            x="day:T", y="gap_points:Q", text=alt.Text("gap_points:Q", format=",.1f")
        ),
    ]
    if bounded:
        layers.append(
            rows.transform_filter("isValid(datum.at_most) && !isValid(datum.gap_points)")
            .mark_point(
                shape="triangle-down", size=44, strokeWidth=1.5, filled=False, opacity=1, stroke="@muted"
            )
            .encode(x=x, y=alt.Y("at_most:Q", title=axis))
            .properties(name="bounds")
        )
    return layered(layers, 250, right=34)


CHART = Chart(
    id="open_weights",
    order=24,
    page="stories/open-weights.html",
    title="Open against open, closed against open",
    headline="""
        {% if not facts %}No month of the text arena has an open US and an open Chinese model yet.
        {% else %}
        {% set rows = results.open_weights_facts|list %}
        {% set sides = rows|map(attribute="gap_points.value")|map("leading_side")|unique|list %}
        {% set months = rows|map(attribute="month.value")|unique|list %}
        {% if sides == ["China"] %}The best open Chinese model leads the best open US one
        {% elif sides == ["US"] %}The best open US model leads the best open Chinese one
        {% else %}The best open models of the two sides are apart{% endif %}
        in the text arena by
        {% for row in rows %}
        {{ number(row.gap_points, size=true) }} points {{ VARIANT_PHRASES[row.variant.value] }}
        {%- if sides|length > 1 %} ({{ {"US": "the US ahead", "China": "China ahead", "level":
        "level"}[row.gap_points.value|leading_side] }}){% endif %}
        {%- if months|length > 1 %} in {{ month(row.month) }}{% endif %}{{ comma(loop) }}
        {%- endfor %}
        {%- if months|length == 1 %} ({{ month(facts.month) }}){% endif %}.
        {% set led = results.open_weights_facts|rejectattr("cn_since.value", "none")|list %}
        {% for row in led %}
        {% if loop.first %}China has been ahead in every month that can be measured since {% endif %}
        {{ month(row.cn_since) }} {{ VARIANT_PHRASES[row.variant.value] }}{{ comma(loop) }}{% if loop.last %}.{% endif
        %}
        {% endfor %}
        {% endif %}
    """,
    subtitle="""
        Text arena, points of each rating: the best model whose weights anyone can download against the best other one,
        the last publication of each month. Below zero, China leads.
    """,
    unit="points of the text arena",
    note="""
        <abbr title="Anyone can download the model and run it on a machine of their own, on any terms of use">Open
        weights</abbr> are dated: a model counts as open from the day on which a list first prints a licence of that
        kind.
        │ 95 % interval, where both errors are published. ▼ grey, hollow: a list of leaders only, without an open US
        model; the
        lead is at most this. Raw votes and style control are two ratings on different scales: compare the side and the
        course, not the size.
        {% for row in results.open_weights_facts %}
        {% if loop.first %}Closed against open, any country: {% endif %}
        {{ number(row.closed_gap, signed=true) }} points {{ VARIANT_PHRASES[row.variant.value] }}
        ({{ name(row.closed_model) }} against {{ name(row.open_model) }}, {{ month(row.closed_month) }}){{ comma(loop)
        }}
        {%- if loop.last %}.{% endif %}
        {% endfor %}
    """,
    panels=panels,
    columns=(
        PageColumn("month", "Month", "month"),
        PageColumn("variant", "Rating", "code"),
        PageColumn("measure", "Measure", "code"),
        PageColumn("gap_points", "Lead, points", 1),
        PageColumn("gap_low", "95 % from", 1),
        PageColumn("gap_high", "to", 1),
        PageColumn("at_most", "at most", 1),
        PageColumn("first_model", "Open US, or closed", "name"),
        PageColumn("first_score", "its rating", 1),
        PageColumn("second_model", "Open Chinese, or open", "name"),
        PageColumn("second_score", "its rating", 1),
    ),
    facts="open_weights_facts",
)

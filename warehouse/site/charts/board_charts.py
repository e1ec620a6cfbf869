"""The newest gap of every board in its own unit, and of every category of the text arena."""

from __future__ import annotations

from typing import Any

import altair as alt

from warehouse.site.charts.parts import (
    SIDE_COLOUR,
    SIDE_SHAPE,
    Panel,
    data,
    hollow,
    in_words,
    layered,
    row_labels,
)
from warehouse.site.queries import Results

UNITS = {
    "elo": ("Preference boards", "US lead, arena points"),
    "percent": ("Exams, coding and agentic tasks", "US lead, percentage points"),
    "index": ("Capability index", "US lead, index points"),
    "minutes": ("Time horizons", "US lead, minutes"),
}
#: Of one row, in pixels: room for two lines on a phone.
ROW = 28


def boards(results: Results) -> list[Panel]:
    """A panel a unit: a lollipop a board, hollow where the better model is near the ceiling."""
    result = results["boards"]
    panels = []
    for unit in dict.fromkeys(result.column("unit")):
        title, axis = UNITS.get(unit, (unit, f"US lead, {unit}"))
        rows = alt.Chart(data("boards")).transform_filter(f"datum.unit == '{unit}'")
        rows = rows.transform_calculate(
            label="datum.name + ', ' + utcFormat(toDate(datum.month), '%b %Y')",
            month_name=in_words("month", "%B %Y"),
        )
        tooltip = [
            alt.Tooltip("name:N", title="Board"),
            alt.Tooltip("kind:N", title="Kind"),
            alt.Tooltip("month_name:N", title="Month"),
            alt.Tooltip("us_model:N", title="Best US model"),
            alt.Tooltip("us_score:Q", title="its score", format=",.1f"),
            alt.Tooltip("cn_model:N", title="Best Chinese model"),
            alt.Tooltip("cn_score:Q", title="its score ", format=",.1f"),
            alt.Tooltip("gap_points:Q", title=axis, format=",.1f"),
        ]
        shown = [row for row in result.records() if row["unit"] == unit]
        chart = _lollipops(rows, axis, tooltip, "datum.near_ceiling", shown)
        panels.append(Panel(unit, title, chart))
    return panels


def categories(results: Results) -> list[Panel]:
    """A row a category with its interval, smallest gap first; hollow where the interval holds zero."""
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
    shown = results["categories"].records()
    chart = _lollipops(rows, "US lead, arena points", tooltip, "datum.is_tie", shown, stem=False)
    return [Panel("style_control", "With style control", chart)]


def _lollipops(
    rows: alt.Chart,
    title: str,
    tooltip: list[alt.Tooltip],
    hollow_where: str,
    shown: list[dict[str, Any]],
    *,
    stem: bool = True,
) -> alt.LayerChart:
    """Rows of a board or category on one horizontal scale, with the figure at the end."""
    y = alt.Y(
        "label:N",
        title=None,
        sort=alt.EncodingSortField("gap_points", order="descending" if stem else "ascending"),
        axis=row_labels(),
    )
    x = alt.X("gap_points:Q", title=title, axis=alt.Axis(grid=True, tickCount=5, labelFlush=False))
    measured = rows.transform_filter("isValid(datum.gap_low)")
    layers: list[alt.Chart] = []
    if stem:
        layers.append(
            rows.mark_rule(strokeWidth=2, opacity=0.45).encode(y=y, x=x, x2=alt.datum(0), color=SIDE_COLOUR)
        )
    if any(row["gap_low"] is not None for row in shown):
        layers.append(
            measured.mark_rule(strokeWidth=1.5, color="@ink", opacity=0.6)
            .encode(y=y, x=alt.X("gap_low:Q", title=title), x2="gap_high:Q")
            .properties(name="intervals")
        )
    layers += [
        alt.Chart(alt.InlineData(values=[{"level": 0}]))
        .mark_rule(color="@ink", strokeWidth=1)
        .encode(x=alt.X("level:Q", title=title)),
        rows.mark_point(size=70, strokeWidth=1.75, filled=False, opacity=1, fillOpacity=1)
        .encode(
            y=y,
            x=x,
            tooltip=tooltip,
            shape=SIDE_SHAPE,
            stroke=SIDE_COLOUR,
            fill=hollow(hollow_where),
        )
        .properties(name="points"),
    ]
    if stem:
        layers.append(
            rows.transform_calculate(
                end="isValid(datum.gap_high) ? max(datum.gap_high, datum.gap_points) : datum.gap_points"
            )
            .mark_text(align="left", dx=9, fontSize=12)
            .encode(y=y, x=alt.X("end:Q", title=title), text=alt.Text("gap_points:Q", format=",.1f"))
        )
    return layered(layers, ROW * len(shown), right=34)

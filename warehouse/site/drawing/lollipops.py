"""Gaps of many boards or categories below one another."""

from __future__ import annotations

from typing import Any

import altair as alt

from warehouse.site.drawing.marks import SIDE_COLOUR, SIDE_SHAPE, hollow_where, layered, row_labels

#: Height of one row, in pixels: room for two lines on a phone.
ROW = 28


def lollipops(
    rows: alt.Chart,
    title: str,
    tooltip: list[alt.Tooltip],
    hollow: str,
    shown: list[dict[str, Any]],
    *,
    stem: bool = True,
    pale: str = "false",
) -> alt.LayerChart:
    """A lollipop a row of ``shown``, on one horizontal scale, with the figure at the end.

    ``hollow`` and ``pale`` are Vega tests.
    """
    faded = {"condition": {"test": pale, "value": 0.4}, "value": 1}
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
            rows.mark_rule(strokeWidth=2).encode(
                y=y,
                x=x,
                x2=alt.datum(0),
                color=SIDE_COLOUR,
                opacity={"condition": {"test": pale, "value": 0.2}, "value": 0.45},
            )
        )
    if any(row["gap_low"] is not None for row in shown):
        layers.append(
            measured.mark_rule(strokeWidth=1.5, color="@ink")
            .encode(
                y=y,
                x=alt.X("gap_low:Q", title=title),
                x2="gap_high:Q",
                opacity={"condition": {"test": pale, "value": 0.3}, "value": 0.6},
            )
            .properties(name="intervals")
        )
    layers += [
        alt.Chart(alt.InlineData(values=[{"level": 0}]))
        .mark_rule(color="@ink", strokeWidth=1)
        .encode(x=alt.X("level:Q", title=title)),
        rows.mark_point(size=70, strokeWidth=1.75, filled=False, fillOpacity=1)
        .encode(
            opacity=faded,
            y=y,
            x=x,
            tooltip=tooltip,
            shape=SIDE_SHAPE,
            stroke=SIDE_COLOUR,
            fill=hollow_where(hollow),
        )
        .properties(name="points"),
    ]
    if stem:
        layers.append(
            rows.transform_calculate(
                end="max(0, datum.gap_points, isValid(datum.gap_high) ? datum.gap_high : 0)"  # not over a stem
            )
            .mark_text(align="left", dx=9, fontSize=12)
            .encode(y=y, x=alt.X("end:Q", title=title), text=alt.Text("gap_points:Q", format=",.1f"))
        )
    return layered(layers, ROW * len(shown), right=34)

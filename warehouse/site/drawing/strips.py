"""Who held what and when: a row a board or maker, a bar a reign."""

from __future__ import annotations

from typing import Any

import altair as alt

from warehouse.site.drawing.marks import COUNTRY_COLOUR, COUNTRY_NAME, day_text, layered, months_axis

#: Height of one row, in pixels: its label has two lines.
ROW = 36


def strips(rows: alt.Chart, label: str, order: str, count: int, tooltip: list[alt.Tooltip]) -> alt.LayerChart:
    """A bar from ``first_seen`` to ``last_seen``, and a thin line on to ``seen_until``, in one of ``count`` rows.

    ``label``, a Vega expression, names the row, with | between its two lines; ``order`` is the column that sorts them.
    """
    timed = rows.transform_calculate(
        label=label,
        side=COUNTRY_NAME,
        since=day_text("first_seen"),
        until=day_text("last_seen"),
        # a publication stands for its whole day
        end="toDate(datum.last_seen) + 86400000",
        on="toDate(isValid(datum.seen_until) ? datum.seen_until : datum.last_seen) + 86400000",
    )
    y = alt.Y(
        "label:N",
        title=None,
        sort=alt.EncodingSortField(order, op="min"),
        axis=alt.Axis(
            labelExpr="split(datum.label, '|')",
            labelLimit=alt.ExprRef("narrow ? 150 : 260"),
            labelFontSize=alt.ExprRef("narrow ? 11 : 12"),
            labelColor="@ink",
            # both lines about the middle of the bar
            labelOffset=-7,
            ticks=False,
            domain=False,
            grid=True,
        ),
    )
    colour = alt.Color("side:N", title=None, scale=COUNTRY_COLOUR, legend=None)
    edge = alt.Stroke("side:N", title=None, scale=COUNTRY_COLOUR, legend=None)
    x_end = alt.X("end:T", title=None, scale=alt.Scale(type="utc", nice=False))
    layers: list[Any] = [
        timed.mark_rule(strokeWidth=1.5, opacity=0.6).encode(x=x_end, x2="on:T", y=y, color=colour),
        timed.mark_bar(height={"band": 0.5}, strokeWidth=1)
        # the edge keeps a day in view
        .encode(x=months_axis("first_seen"), x2="end:T", y=y, color=colour, stroke=edge, tooltip=tooltip)
        .properties(name="reigns"),
    ]
    return layered(layers, ROW * count, right=20)

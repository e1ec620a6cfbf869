"""How many months China is behind, by three readings."""

from __future__ import annotations

import altair as alt

from warehouse.site.charts.parts import Panel, data, hover, layered, months_axis, zero
from warehouse.site.queries import Results

#: Each reading of docs/method.md, and its dashes.
READINGS: dict[str, tuple[str, list[float]]] = {
    "first_reached": ("first reached", [1, 0]),
    "last_matched": ("last matched", [6, 3]),
    "passed": ("passed", [1.5, 2.5]),
}


def lag(results: Results) -> list[Panel]:
    """A panel a board, on axes of equal length; months without a reading are holes."""
    result = results["lag"]
    known = [value for value in result.column("lag_months") if value is not None]
    domain = [min([0.0, *known]), max([0.0, *known])]
    names = {board: results["lag_facts"].cell(n, "board_name") for n, board in enumerate(_boards(results))}
    return [
        Panel(board, names[board], _panel(board, domain)) for board in dict.fromkeys(result.column("board"))
    ]


def _boards(results: Results) -> list[str]:
    return list(results["lag_facts"].column("board"))


def _panel(board: str, domain: list[float]) -> alt.LayerChart:
    rows = alt.Chart(data("lag")).transform_filter(f"datum.board == '{board}'")
    labels = ", ".join(f"'{key}': '{text}'" for key, (text, _) in READINGS.items())
    named = rows.transform_calculate(name=f"({{{labels}}})[datum.reading]")
    dash = alt.StrokeDash(
        "name:N",
        title=None,
        scale=alt.Scale(
            domain=[text for text, _ in READINGS.values()], range=[dash for _, dash in READINGS.values()]
        ),
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
            alt.Tooltip(f"{key}:Q", title=f"Months, {text}", format=".1f")
            for key, (text, _) in READINGS.items()
        ),
    ]
    line = named.mark_line(strokeWidth=2, color="@ink").encode(
        x=months_axis("month"), y=y, strokeDash=dash, detail="reading:N"
    )
    layers = [hover(per_month, "month", tooltip), zero(), line.properties(name="readings")]
    return layered(layers, 280)

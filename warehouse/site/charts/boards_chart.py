"""The newest gap of every board in its own unit: a panel a unit, hollow where the better model is near the ceiling."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import GAP, LEADERS, MONTH, Chart, PageColumn, Panel
from warehouse.site.drawing.gap_series import LEAD
from warehouse.site.drawing.lollipops import lollipops
from warehouse.site.drawing.marks import data, month_text
from warehouse.site.queries import Results

#: Title and axis of the panel of each unit.
UNITS = {
    "elo": ("Preference boards", LEAD),
    "percent": ("Exams, coding and agentic tasks", "US lead, percentage points"),
    "index": ("Capability index", "US lead, index points"),
    "minutes": ("Time horizons", "US lead, minutes"),
}


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    result = results["boards"]
    made = []
    for unit in dict.fromkeys(result.column("unit")):
        title, axis = UNITS.get(unit, (unit, f"US lead, {unit}"))
        rows = alt.Chart(data("boards")).transform_filter(f"datum.unit == '{unit}'")
        rows = rows.transform_calculate(
            label="datum.name + ', ' + utcFormat(toDate(datum.month), '%b %Y')",
            month_name=month_text("month"),
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
        made.append(
            Panel(
                unit, title, lollipops(rows, axis, tooltip, "datum.near_ceiling", shown, pale="datum.is_old")
            )
        )
    return made


CHART = Chart(
    id="boards",
    order=50,
    page="boards.html",
    title="Board by board",
    headline="""
        {% import "headlines.html.j2" as headlines %}
        {{ headlines.boards(facts, results.boards_led) }}
    """,
    subtitle="""
        The best US model less the best Chinese one in the newest month of each board, in the unit of that
        board.
    """,
    unit="the unit of each board",
    note="""
        The newest figure of each board, in its own unit. Units differ: which side leads can be compared, the size
        across panels cannot. ○ the better model is near the ceiling of the board. │ 95 % interval, where errors are
        published.
        {% import "headlines.html.j2" as headlines %}
        {{ headlines.led_before(results.boards_led) }}
        {{ headlines.not_counted(facts, results.boards) }}
    """,
    panels=panels,
    columns=(
        PageColumn("name", "Board"),
        PageColumn("kind", "Kind"),
        PageColumn("unit", "Unit"),
        MONTH,
        PageColumn("gap_points", "US lead, in the unit", 1),
        *GAP[1:],
        *LEADERS,
    ),
    facts="boards_facts",
    more_queries=("boards_led",),
)

"""The gap on exams month by month, by whoever measured all models under the same conditions."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import MONTH, Chart, PageColumn, Panel
from warehouse.site.drawing.marks import (
    data,
    hover,
    layered,
    months_axis,
    numbered_runs,
    points_axis,
    zero_line,
)
from warehouse.site.queries import Results


def panels(results: Results) -> list[Panel]:
    """A panel an exam, on one scale and one span of time."""
    result = results["exams_since"]
    gaps = result.column("gap_points")
    months = [month.isoformat() for month in result.column("month")]
    domain = [min([0.0, *gaps]), max([0.0, *gaps])]
    return [
        Panel(f"exam_{place}", exam, _layers(exam, domain, [min(months), max(months)]))
        for place, exam in enumerate(dict.fromkeys(result.column("exam")))
    ]


def _layers(exam: str, domain: list[float], months: list[str]) -> alt.LayerChart:
    rows = alt.Chart(data("exams_since")).transform_filter(f"datum.exam == '{exam}'")
    axis = "US lead, percentage points"
    x, y = months_axis("month", domain=months), points_axis(axis, domain=domain, nice=True)
    tooltip = [
        alt.Tooltip("month_name:N", title="At the end of"),
        alt.Tooltip("us_model:N", title="Best US model"),
        alt.Tooltip("us_score:Q", title="its score", format=",.1f"),
        alt.Tooltip("cn_model:N", title="Best Chinese model"),
        alt.Tooltip("cn_score:Q", title="its score ", format=",.1f"),
        alt.Tooltip("gap_points:Q", title=axis, format=",.1f"),
        alt.Tooltip("vintage_rule:N", title="Scores"),
    ]
    newest = rows.transform_window(
        place="row_number()", sort=[alt.SortField("month", order="descending")]
    ).transform_filter("datum.place == 1")
    layers = [
        hover(rows, "month", tooltip),
        zero_line(),
        numbered_runs(rows).mark_line(color="@ink", strokeWidth=1.75).encode(x=x, y=y, detail="run:N"),
        rows.mark_point(size=26, filled=True, opacity=1, color="@us")
        .encode(x=x, y=y)
        .properties(name="points"),
        newest.mark_text(align="left", dx=6, dy=-8, fontSize=13, fontWeight=600).encode(
            x=alt.X("month:T", scale=alt.Scale(type="utc")),
            y="gap_points:Q",
            text=alt.Text("gap_points:Q", format=",.1f"),
        ),
    ]
    return layered(layers, 210, right=34)


CHART = Chart(
    id="exams_since",
    order=45,
    page="stories/exams.html",
    title="The same exams since",
    headline="""
        {% if not facts %}No exam is measured by one party in two months.
        {% else %}
        On {{ name(facts.exam) }}, where one party measured all models, the US lead was {{ number(facts.first_gap) }}
        points in
        {{ month(facts.first_month) }} and {{ number(facts.last_gap) }} in {{ month(facts.last_month) }}.
        {% endif %}
    """,
    subtitle="""
        Best US model less best Chinese model at the end of each month, percentage points; all models measured by one
        party.
    """,
    unit="percentage points",
    note="""
        For months before the first list that is held, models count by their release in the first list
        (“by release”), later by the list of that month (“as listed”). A gap near the top of an exam says little: both
        sides
        answer nearly everything.
    """,
    panels=panels,
    columns=(
        PageColumn("exam", "Exam"),
        MONTH,
        PageColumn("gap_points", "US lead", 1),
        PageColumn("us_model", "Best US model", "name"),
        PageColumn("us_score", "its score", 1),
        PageColumn("cn_model", "Best Chinese model", "name"),
        PageColumn("cn_score", "its score", 1),
        PageColumn("vintage_rule", "Scores", "code"),
    ),
    facts="exams_since_facts",
)

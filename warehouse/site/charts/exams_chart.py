"""The exams of the AI Index at the ends of 2023 and 2024: the gap it printed beside the gap by who measured it."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import Chart, PageColumn, Panel
from warehouse.site.drawing.marks import data, layered, renamed, row_labels
from warehouse.site.queries import Results
from warehouse.site.words import CODES

#: Mark of each basis: filled where one party measured all models.
BASES = {"one_party": "circle", "author_reported": "diamond", "any_source": "square"}
NAMES = {basis: CODES[basis] for basis in BASES}
PRINTED = "printed in the AI Index 2025"
ROW = 34


def panels(results: Results) -> list[Panel]:
    """A panel a year, exams below one another."""
    result = results["exams"]
    found = [*result.column("gap_points"), *result.column("published_gap")]
    domain = [min([0.0, *found]), max([0.0, *found])]
    made = []
    for month in sorted(set(result.column("month"))):
        exams = {row["exam"] for row in result.records() if row["month"] == month.isoformat()}
        made.append(
            Panel(f"end_{month.year}", f"End of {month.year}", _layers(month.isoformat(), len(exams), domain))
        )
    return made


def _layers(month: str, exams: int, domain: list[float]) -> alt.LayerChart:
    rows = (
        alt.Chart(data("exams"))
        .transform_filter(f"datum.month == '{month}'")
        .transform_calculate(label="datum.exam", basis_name=renamed("basis", NAMES))
    )
    y = alt.Y(
        "label:N",
        title=None,
        sort=alt.EncodingSortField("published_gap", op="max", order="descending"),
        axis=row_labels(),
    )
    x = alt.X(
        "gap_points:Q",
        title="US lead, percentage points",
        scale=alt.Scale(domain=domain, nice=True),
        axis=alt.Axis(grid=True, tickCount=5),
    )
    tooltip = [
        alt.Tooltip("exam:N", title="Exam"),
        alt.Tooltip("published_gap:Q", title="The AI Index printed", format=",.1f"),
        alt.Tooltip("gap_points:Q", title="Computed", format=",.1f"),
        alt.Tooltip("basis_name:N", title="from scores"),
        alt.Tooltip("us_model:N", title="Best US model"),
        alt.Tooltip("us_score:Q", title="its score", format=",.1f"),
        alt.Tooltip("cn_model:N", title="Best Chinese model"),
        alt.Tooltip("cn_score:Q", title="its score ", format=",.1f"),
        alt.Tooltip("why_they_differ:N", title="Why they differ"),
    ]
    shape = alt.Shape(
        "basis_name:N",
        title=None,
        scale=alt.Scale(domain=list(NAMES.values()), range=list(BASES.values())),
        legend=alt.Legend(symbolFillColor="@us", columns=alt.ExprRef("narrow ? 1 : 3")),
    )
    printed = rows.transform_aggregate(published_gap="max(published_gap)", groupby=["label"])
    layers = [
        alt.Chart(alt.InlineData(values=[{"level": 0}]))
        .mark_rule(color="@ink", strokeWidth=1)
        .encode(x=alt.X("level:Q", title="US lead, percentage points")),
        rows.mark_rule(color="@muted", opacity=0.4, strokeWidth=1.25).encode(x=x, x2="published_gap:Q", y=y),
        printed.mark_tick(color="@ink", thickness=3, size=22, orient="vertical")
        .encode(x=alt.X("published_gap:Q", title="US lead, percentage points"), y=y)
        .properties(name="printed"),
        rows.mark_point(size=72, filled=True, color="@us", opacity=0.9)
        .encode(x=x, y=y, shape=shape, tooltip=tooltip)
        .properties(name="points"),
    ]
    return layered(layers, ROW * exams)


CHART = Chart(
    id="exams",
    order=44,
    page="stories/exams.html",
    title="At the ends of 2023 and 2024",
    headline="""
        {% if not facts.pairs.value %}No exam of the AI Index is held at the end of a year.
        {% else %}
        Of {{ number(facts.pairs, 0) }} gaps on exams that the AI Index printed for the ends of {{
        year(facts.first_year) }} and {{ year(facts.last_year) }},
        {{ number(facts.near, 0) }} {{ "is" if facts.near.value == 1 else "are" }} within
        {{ number(facts.near_by, 0) }} point of what any scores held here give.
        {% endif %}
    """,
    subtitle="""
        Best US model less best Chinese model, percentage points of each exam, of models released by the end of the
        year. │ as printed in the AI Index 2025; dots: computed, by who measured the scores.
    """,
    unit="percentage points",
    note="""
        One party measured all models under the same conditions, makers reported their own, or any source counts. A
        method
        around someone else’s model (a search over prompts, a chain of calls) is no model and leads for nobody. The
        report
        names no models for most of its figures; where arithmetic tells which it compares, the table says so.
    """,
    panels=panels,
    columns=(
        PageColumn("exam", "Exam"),
        PageColumn("month", "End of", "month"),
        PageColumn("published_gap", "Printed", 1),
        PageColumn("gap_points", "Computed", 1),
        PageColumn("basis", "from scores", "code"),
        PageColumn("us_model", "Best US model", "name"),
        PageColumn("us_score", "its score", 1),
        PageColumn("cn_model", "Best Chinese model", "name"),
        PageColumn("cn_score", "its score", 1),
        PageColumn("why_they_differ", "Why they differ"),
    ),
    facts="exams_facts",
)

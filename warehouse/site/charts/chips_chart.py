"""The Chinese chip as a share of the US chip: the best shipped by each year, and named pairs; 100 is parity."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import Chart, PageColumn, Panel
from warehouse.site.drawing.marks import data, layered, renamed, row_labels
from warehouse.site.queries import Results
from warehouse.site.words import CODES

#: Dashes and mark of each measure drawn.
MEASURES: dict[str, tuple[list[int], str]] = {
    "fp16_tensor": ([1, 0], "circle"),
    "memory": ([6, 3], "square"),
    "bandwidth": ([2, 2], "diamond"),
}
NAMES = {measure: CODES.get(measure, measure) for measure in MEASURES}


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    scale = alt.Scale(domain=list(NAMES.values()), range=[shape for _, shape in MEASURES.values()])
    rows = alt.Chart(data("chips")).transform_filter("isValid(datum.share_pct)")
    rows = rows.transform_calculate(
        name=renamed("measure", NAMES), label="replace(datum.pair, '_v_', ' v. ')"
    )
    tooltip = [
        alt.Tooltip("year:Q", title="Year", format="d"),
        alt.Tooltip("cn_chip:N", title="Chinese chip"),
        alt.Tooltip("us_chip:N", title="US chip"),
        alt.Tooltip("name:N", title="Measure"),
        alt.Tooltip("share_pct:Q", title="Chinese figure, % of the US one", format=",.0f"),
        alt.Tooltip("availability:N", title="The Chinese chip is"),
    ]
    shape = alt.Shape(
        "name:N",
        title=None,
        scale=scale,
        legend=alt.Legend(symbolFillColor="@cn", columns=alt.ExprRef("narrow ? 2 : 3")),
    )
    best = rows.transform_filter("datum.pair == 'best_shipped'")
    year = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0))
    share = alt.Y("share_pct:Q", title="Chinese chip, % of the US chip", scale=alt.Scale(domainMin=0))
    parity = alt.Chart(alt.InlineData(values=[{"parity": 100}])).mark_rule(color="@ink")
    by_year = [
        parity.encode(y=alt.Y("parity:Q", title="")),
        best.mark_line(color="@cn", strokeWidth=2).encode(
            x=year,
            y=share,
            strokeDash=alt.StrokeDash(
                "measure:N",
                legend=None,
                scale=alt.Scale(domain=list(MEASURES), range=[dash for dash, _ in MEASURES.values()]),
            ),
        ),
        best.mark_point(size=56, filled=True, color="@cn", opacity=1)
        .encode(x=year, y=share, shape=shape, tooltip=tooltip)
        .properties(name="points"),
    ]
    pairs = rows.transform_filter("datum.pair != 'best_shipped'")
    names = set(results["chips"].column("pair")) - {"best_shipped"}
    on_log = alt.X(
        "share_pct:Q",
        title="Chinese chip, % of the US chip (log)",
        scale=alt.Scale(type="log", domain=[10, 1000]),
        axis=alt.Axis(grid=True, values=[10, 25, 50, 100, 200, 500, 1000]),
    )
    label = alt.Y("label:N", title=None, axis=row_labels())
    named = [
        parity.encode(x=alt.X("parity:Q", title="")),
        pairs.mark_point(size=70, strokeWidth=1.75, filled=False, stroke="@cn", opacity=1, fillOpacity=1)
        .encode(
            x=on_log,
            y=label,
            shape=shape,
            tooltip=tooltip,
            fill={
                "condition": {"test": "datum.availability != 'shipped'", "value": "@paper"},
                "value": "@cn",
            },
        )
        .properties(name="points"),
    ]
    return [
        Panel("best_shipped", "Best chip shipped by the end of each year", layered(by_year, 280)),
        Panel("pairs", "Named chips against one another", layered(named, 30 * len(names))),
    ]


CHART = Chart(
    id="chips",
    order=70,
    page="stories/chips.html",
    title="The chips",
    headline="""
        {% macro share(percent, measure) %}{% if percent.value is not none %}{{ number(percent, 0) }} % of
            {{ measure }}{% endif %}{% endmacro %}
        {% if not facts %}No Chinese chip has a published figure to compare.
        {% else %}
        On paper, measure by measure, the best Chinese chip shipped by {{ year(facts.year) }} has
        {% for part in [
            share(facts.fp16_pct, "the dense FP16 rate"),
            share(facts.memory_pct, "the memory"),
            share(facts.bandwidth_pct, "the memory bandwidth"),
        ]|select %}{{ part }}{{ comma(loop) }}{% endfor %}
        of the best US one.
        {% endif %}
    """,
    subtitle="""
        The Chinese chip’s figure in percent of the US chip’s: dense FP16 rate, memory, memory bandwidth.
    """,
    unit="percent of the US chip",
    note="""
        Single chips on paper: dense rates, memory and bandwidth as their makers state them; what a system of them can
        do is another question. A chip counts from the month of its first known delivery to a customer. Of chips with
        matrix units only (Ascend, Cambricon’s MLU, Kunlun) the one FP16 figure printed is the dense rate; of GPUs it
        is not. Blank figures stay blank. Hollow: announced, not shipped.
    """,
    panels=panels,
    columns=(
        PageColumn("pair", "Pair"),
        PageColumn("year", "Year", "year"),
        PageColumn("measure", "Measure", "code"),
        PageColumn("us_chip", "US chip", "name"),
        PageColumn("cn_chip", "Chinese chip", "name"),
        PageColumn("share_pct", "Chinese, % of US", 0),
        PageColumn("availability", "The Chinese chip is"),
    ),
    facts="chips_facts",
)

"""Export-control milestones on their days, above the monthly gap in raw votes."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import GAP, LEADERS, MONTH, Chart, PageColumn, Panel, SideTable
from warehouse.site.drawing.gap_series import gap_series, hover_month, point_labels, scale_break
from warehouse.site.drawing.marks import data, day_text, layered, zero_line
from warehouse.site.queries import Results
from warehouse.site.words import SIDES, VARIANT_TITLES

#: Height of the two lanes of policy events above the plot, in pixels, from its upper edge.
LANES = {"CN": -12, "US": -28}


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    facts = results["policy_facts"].records()[0]
    layers = [
        *(scale_break("policy_facts") if facts["other_zero_from"] else []),
        _event_rules(),
        hover_month(alt.Chart(data("policy"))),
        zero_line(),
        *gap_series(results["policy"], "US lead in raw votes, Arena points"),
        point_labels("policy", [facts["first_month"], facts["last_month"]]),
        *_events(),
    ]
    return [Panel("raw", VARIANT_TITLES["raw"], layered(layers, 400, top=4, right=34))]


def _event_rules() -> alt.Chart:
    """A thin rule down from each named event."""
    rules: alt.Chart = (
        alt.Chart(data("events"))
        .transform_filter("isValid(datum.label)")
        .mark_rule(strokeDash=[2, 3], strokeWidth=1, color="@muted", opacity=0.8)
        .encode(
            x=alt.X("date:T", scale=alt.Scale(type="utc")),
            y=alt.value(LANES["US"] + 6),
            y2=alt.value("height"),
        )
    )
    return rules


def _events() -> list[alt.Chart]:
    """Two lanes of ticks above the plot, one a side, and the names of a few."""
    rows = alt.Chart(data("events")).transform_calculate(day_name=day_text("date"))
    tooltip = [
        alt.Tooltip("day_name:N", title="Day"),
        alt.Tooltip("actor:N", title="Who"),
        alt.Tooltip("event:N", title="What"),
        alt.Tooltip("effect_on:N", title="Concerns"),
    ]
    layers: list[alt.Chart] = []
    for side, height in LANES.items():
        colour = f"@{side.lower()}"
        layers.append(
            rows.transform_filter(f"datum.side == '{side}'")
            .mark_tick(thickness=2.5, size=12, orient="vertical", color=colour, clip=False)
            .encode(x="date:T", y=alt.value(height), tooltip=tooltip)
            .properties(name=f"events_{side.lower()}")
        )
        layers.append(
            alt.Chart(alt.InlineData(values=[{}]))
            .mark_text(align="right", dx=-8, fontSize=11, fontWeight=600, color=colour)
            .encode(x=alt.value(0), y=alt.value(height), text=alt.value(SIDES[side]))
        )
    for line in (0, 1):
        layers.append(
            rows.transform_filter(f"isValid(datum.label) && datum.label_line == {line}")
            .mark_text(
                align="left",
                baseline="middle",
                dx=-1,
                fontSize=alt.ExprRef("narrow ? 10 : 11"),
                color="@muted",
            )
            .encode(x="date:T", y=alt.value(LANES["US"] - 13 - 13 * line), text="label:N")
        )
    return layers


CHART = Chart(
    id="policy",
    order=25,
    page="stories/export-controls.html",
    title="Export controls",
    headline="""
        Since {{ month(facts.first_month) }} there were
        {{ plural(facts.us_events, "export-control milestone", "export-control milestones") }} of the US and
        {{ number(facts.cn_events, 0) }} of China; the US lead on the text arena in raw votes was
        {{ number(facts.first_gap, 0) }} points then and is {{ number(facts.last_gap, 0) }} in
        {{ month(facts.last_month) }}.
    """,
    subtitle="""
        Text arena, raw votes: rating of the best US model less that of the best Chinese one, in points, below the
        days of
        export-control milestones of both sides.
    """,
    unit="points of the text arena, raw votes",
    note="""
        Ticks are export-control milestones of both sides, on their days; the first about each chip is named. No cause
        is claimed. Below them the gap in raw votes, the longest series: each dot is the last publication of a month,
        ● whole listing, ○ leaders only; │ and shading: 95 % interval. Shaded months have an older zero of the scale.
    """,
    panels=panels,
    columns=(
        MONTH,
        PageColumn("status", "Status", "code"),
        *GAP,
        *LEADERS,
        PageColumn("day", "Published", "day"),
    ),
    facts="policy_facts",
    more_queries=("events",),
    side_tables=(
        SideTable(
            "events",
            "Policy events drawn above the gap",
            (
                PageColumn("date", "Day", "day"),
                PageColumn("side", "Side"),
                PageColumn("actor", "Who"),
                PageColumn("event", "What"),
                PageColumn("effect_on", "Concerns"),
                PageColumn("citation", "Citation"),
            ),
            folded=True,
        ),
    ),
)

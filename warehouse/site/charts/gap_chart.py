"""The monthly gap in raw votes since 2023: line, intervals, statuses, and policy events on their days."""

from __future__ import annotations

from datetime import date

import altair as alt

from warehouse.site.chart import GAP, LEADERS, MONTH, Chart, PageColumn, Panel, SideTable
from warehouse.site.drawing.gap_series import gap_series, hover_month, point_labels
from warehouse.site.drawing.marks import WIDE, data, day_text, layered, zero_line
from warehouse.site.queries import Results
from warehouse.site.words import SIDES, VARIANT_TITLES

#: Height of the two lanes of policy events above the plot, in pixels, from its upper edge.
LANES = {"CN": -12, "US": -28}


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    facts = results["gap_facts"]
    ends = _iso(facts.cell(0, "first_month"), facts.cell(0, "last_month"))
    smallest = [month for month in _iso(facts.cell(0, "smallest_month")) if month not in ends]
    layers = [
        *(_scale_break() if facts.cell(0, "months_other_zero") else []),
        _event_rules(),
        hover_month(alt.Chart(data("gap"))),
        zero_line(),
        *gap_series(results["gap"], "US lead over China, arena points"),
        point_labels("gap", ends),
        point_labels("gap", smallest, above=True),
        *_events(),
    ]
    return [Panel("raw", VARIANT_TITLES["raw"], layered(layers, 400, top=4, right=34))]


def _iso(*months: date | None) -> list[str]:
    return [month.isoformat() for month in months if month is not None]


def _scale_break() -> list[alt.Chart]:
    """Shades the months whose scale has another zero."""
    facts = alt.Chart(data("gap_facts")).transform_calculate(words="['older zero', 'of the scale']")
    return [
        facts.mark_rect(color="@soft", opacity=1).encode(
            x=alt.X("other_zero_from:T", scale=alt.Scale(type="utc")), x2="other_zero_to:T"
        ),
        facts.mark_text(align="right", baseline="bottom", dx=-5, dy=-22, color="@muted", fontSize=11).encode(
            x="other_zero_to:T", y=alt.value("height"), text="words:N"
        ),
    ]


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
            .mark_text(align="left", baseline="middle", dx=-1, fontSize=11, color="@muted")
            .encode(
                x="date:T",
                y=alt.value(LANES["US"] - 13 - 13 * line),
                text="label:N",
                opacity={"condition": {"test": f"width > {WIDE}", "value": 1}, "value": 0},
            )
        )
    return layers


CHART = Chart(
    id="gap",
    order=10,
    title="The monthly gap",
    headline="""
        {% if facts.last_gap.value is none %}No month of the raw text arena has a gap yet.
        {% else %}
        {{ "The US lead" if facts.smallest_gap.value >= LEVEL else "The US lead over China" }}
        was {{ number(facts.first_gap) }} points in {{ month(facts.first_month) }}
        {%- if facts.smallest_month.value not in (facts.first_month.value, facts.last_month.value) %},
        {{ number(facts.smallest_gap) }} at its smallest in {{ month(facts.smallest_month) }}{% endif %}
        and {{ number(facts.last_gap) }}{% if facts.last_is_open.value %} so far{% endif %}
        in {{ month(facts.last_month) }}
        {%- if facts.smallest_month.value == facts.last_month.value %}, its smallest{% endif %}
        {%- if facts.last_gap.value|leading_side == "China" %}: China leads{% endif %}.
        {% endif %}
    """,
    note="""
        Each dot is the last publication of a month, drawn on its day. ● whole listing, ○ leaders only, copied by
        hand ({{ number(facts.months_leaders_only, 0) }} of {{ number(facts.months, 0) }} months).
        │ and shading: 95 % interval of how far apart the two leaders truly are
        ({{ number(facts.months_with_interval, 0) }} months): where the errors of both are published and no model that
        is not listed could lead.
        {% if facts.months_truncated.value %}△ truncated listing: the gap is at least this
        ({{ number(facts.months_truncated, 0) }} months).{% endif %}
        {% if facts.months_without.value %}{{ number(facts.months_without, 0) }} months have no snapshot and are left
        open.{% endif %}
        {% if facts.months_other_zero.value %}Shaded months ({{ number(facts.months_other_zero, 0) }}) have an
        older zero of the scale: points can be compared, percentages cannot.{% endif %}
        Ticks above are export-control milestones of both sides, on their days; the first about each chip is
        named. No cause is claimed.
    """,
    panels=panels,
    columns=(
        MONTH,
        PageColumn("status", "Status", "code"),
        *GAP,
        *LEADERS,
        PageColumn("day", "Published", "day"),
    ),
    facts="gap_facts",
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

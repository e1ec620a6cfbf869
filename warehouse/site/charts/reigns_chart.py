"""Who was first in the text arena, by maker: of all models and of Chinese ones, in both ratings."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import Chart, PageColumn, Panel
from warehouse.site.drawing.marks import data
from warehouse.site.drawing.strips import strips
from warehouse.site.queries import Results
from warehouse.site.words import VARIANT_TITLES

SCOPES = {"world": "First of all", "CN": "First of the Chinese"}


def panels(results: Results) -> list[Panel]:
    """A panel a scope and rating, makers in the order in which they were first."""
    result = results["reigns"]
    made = []
    for scope, variant in dict.fromkeys(zip(result.column("scope"), result.column("variant"), strict=True)):
        makers = {
            row["maker"] for row in result.records() if (row["scope"], row["variant"]) == (scope, variant)
        }
        rows = alt.Chart(data("reigns")).transform_filter(
            f"datum.scope == '{scope}' && datum.variant == '{variant}'"
        )
        label = "datum.maker + '|' + datum.all_days_at_least + '–' + datum.all_days_at_most + ' days'"
        tooltip = [
            alt.Tooltip("maker:N", title="Maker"),
            alt.Tooltip("model_name:N", title="Model at the start"),
            alt.Tooltip("since:N", title="First seen"),
            alt.Tooltip("until:N", title="Last seen"),
            alt.Tooltip("days_at_least:Q", title="Days, at least"),
            alt.Tooltip("days_at_most:Q", title="Days, at most"),
            alt.Tooltip("margin_at_start:Q", title="Ahead at the start by, points", format=",.1f"),
        ]
        title = f"{SCOPES[scope]}, {VARIANT_TITLES[variant].lower()}"
        made.append(Panel(f"{scope}_{variant}", title, strips(rows, label, "reign", len(makers), tooltip)))
    return made


CHART = Chart(
    id="reigns",
    order=26,
    page="stories/reigns.html",
    title="Reigns of makers",
    headline="""
        {% if not facts %}Nobody has been first in the text arena yet.
        {% else %}
        {% set rows = results.reigns_facts|selectattr("variant.value", "eq", facts.variant.value)|list %}
        {% set world = rows|selectattr("scope.value", "eq", "world")|list %}
        {% set found = rows|selectattr("scope.value", "eq", "CN")|list %}
        {% set chinese = found[0] if found else none %}
        First in the text arena {{ VARIANT_PHRASES[facts.variant.value] }} since {{ month(facts.first_day) }}:
        {% for row in world %}{{ name(row.maker) }} on {{ number(row.days_at_least, 0) }} to
        {{ number(row.days_at_most, 0) }} days{{ comma(loop) }}{% endfor %}
        {%- if chinese %}. {{ plural(chinese.makers, "Chinese maker has", "Chinese makers have") }} been first of
        the Chinese{% endif %}.
        {% endif %}
    """,
    subtitle="""
        Maker of the model with the highest rating in the text arena, publication by publication; below its name, on how
        many days it was first.
    """,
    unit="days",
    note="""
        A bar runs from the first to the last publication with that maker first, the thin line after it to the next one:
        on one of those days the place changed hands. Days are therefore given as at least and at most. Changes that
        were undone between two publications are not seen, so no count of changes is complete. Equal scores leave the
        first place where it is. Scores have errors: first is who was shown first, not who was best.
    """,
    panels=panels,
    columns=(
        PageColumn("variant", "Rating", "code"),
        PageColumn("scope", "First of", "code"),
        PageColumn("maker", "Maker", "name"),
        PageColumn("model_name", "Model at the start", "name"),
        PageColumn("first_seen", "First seen", "day"),
        PageColumn("last_seen", "Last seen", "day"),
        PageColumn("days_at_least", "Days, at least", 0),
        PageColumn("days_at_most", "at most", 0),
        PageColumn("margin_at_start", "Ahead at the start by, points", 1),
    ),
    facts="reigns_facts",
)

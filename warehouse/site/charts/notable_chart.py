"""Notable models by year and country: two bars a year, paler where the year was not over when the list was taken."""

from __future__ import annotations

from typing import Any

import altair as alt

from warehouse.site.chart import Chart, PageColumn, Panel
from warehouse.site.drawing.marks import COUNTRY_COLOUR, COUNTRY_NAME, WIDE, data, day_text, layered
from warehouse.site.queries import Results
from warehouse.site.words import SIDES


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    facts = results["notable_facts"]
    last = facts.cell(0, "year") if len(facts) else 9999
    rows = alt.Chart(data("notable")).transform_calculate(side=COUNTRY_NAME, listed=day_text("vintage"))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap="parity"))
    offset = alt.XOffset("side:N", sort=list(SIDES.values()))
    y = alt.Y("models:Q", title="models published in the year", axis=alt.Axis(tickCount=5))
    colour: dict[str, Any] = {
        "field": "side",
        "type": "nominal",
        "title": None,
        "scale": COUNTRY_COLOUR.to_dict(),
        "legend": {"symbolType": "square"},
    }
    layers = [
        rows.mark_bar(cornerRadiusEnd=1)
        .encode(
            x=x,
            y=y,
            xOffset=offset,
            fill=alt.Fill.from_dict(colour),
            fillOpacity={"condition": {"test": f"datum.year > {last}", "value": 0.4}, "value": 1},
            tooltip=[
                alt.Tooltip("year:O", title="Year"),
                alt.Tooltip("side:N", title="Country"),
                alt.Tooltip("models:Q", title="Notable models"),
                alt.Tooltip("listed:N", title="List of"),
            ],
        )
        .properties(name="bars"),
        rows.mark_text(dy=-7, fontSize=11).encode(
            x=x,
            y=y,
            xOffset=offset,
            text="models:Q",
            opacity={"condition": {"test": f"width > {WIDE}", "value": 1}, "value": 0},
        ),
    ]
    return [Panel("models", "Notable models by year of publication", layered(layers, 280))]


CHART = Chart(
    id="notable",
    order=80,
    page="stories/notable-models.html",
    title="Notable models",
    headline="""
        {% if not facts %}The list has no whole year yet.
        {% else %}
        Epoch AI lists {{ number(facts.us, 0) }} notable US models of {{ year(facts.year) }} and
        {{ number(facts.cn, 0) }} Chinese ones.
        {% endif %}
    """,
    subtitle="""
        Models of Epoch AI’s list of notable models, by year of publication and country of their makers.
    """,
    unit="models",
    note="""
        A model of several countries counts once for each. The list grows backwards: counts of earlier years rise with
        every vintage. Pale: the year was not over when the list was taken.
    """,
    panels=panels,
    columns=(
        PageColumn("year", "Year", "year"),
        PageColumn("country", "Country"),
        PageColumn("models", "Models", 0),
        PageColumn("vintage", "List of", "day"),
    ),
    facts="notable_facts",
)

"""The cheapest price of each country's makers by month: a panel a level, on one logarithmic axis."""

from __future__ import annotations

import altair as alt

from warehouse.site.chart import MONTH, Chart, PageColumn, Panel
from warehouse.site.drawing.marks import (
    COUNTRY_COLOUR,
    COUNTRY_NAME,
    COUNTRY_SHAPE,
    data,
    day_text,
    layered,
    month_text,
    months_axis,
    numbered_runs,
)
from warehouse.site.queries import Results
from warehouse.site.words import SIDES

DASH = alt.Scale(domain=list(SIDES), range=[[1, 0], [5, 3]])


def panels(results: Results) -> list[Panel]:
    """The panels of the chart, from the results of the queries."""
    result = results["prices"]
    known = [value for value in result.column("blended_usd_per_mtok") if value]
    domain = [min(known), max(known)] if known else [0.1, 10]
    months = [month.isoformat() for month in result.column("month")]
    made = []
    for level in dict.fromkeys(result.column("level")):
        rows = (
            alt.Chart(data("prices"))
            .transform_filter(f"datum.level == {level} && datum.blended_usd_per_mtok > 0")
            .transform_calculate(
                side=COUNTRY_NAME, month_name=month_text("month"), listed=day_text("price_list_date")
            )
        )
        rows = numbered_runs(rows, "side")
        x = months_axis("month", domain=[min(months), max(months)])
        y = alt.Y(
            "blended_usd_per_mtok:Q",
            title="US$ per million tokens (log)",
            scale=alt.Scale(type="log", domain=domain, nice=True),
            axis=alt.Axis(values=[0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200], format="~g"),
        )
        colour = alt.Color("side:N", title=None, scale=COUNTRY_COLOUR)
        tooltip = [
            alt.Tooltip("month_name:N", title="Month"),
            alt.Tooltip("side:N", title="Makers of"),
            alt.Tooltip("model:N", title="Cheapest model"),
            alt.Tooltip("blended_usd_per_mtok:Q", title="US$ per million tokens", format=",.2f"),
            alt.Tooltip("listed:N", title="Price list of"),
        ]
        layers = [
            rows.mark_line(strokeWidth=2, interpolate="step-after").encode(
                x=x,
                y=y,
                color=colour,
                strokeDash=alt.StrokeDash("country:N", legend=None, scale=DASH),
                detail="run:N",
            ),
            rows.mark_point(size=46, filled=True, opacity=1)
            .encode(
                x=x,
                y=y,
                color=colour,
                shape=alt.Shape("side:N", title=None, scale=COUNTRY_SHAPE),
                tooltip=tooltip,
            )
            .properties(name="points"),
        ]
        if 0 in (row["blended_usd_per_mtok"] for row in result.records() if row["level"] == level):
            # a logarithm has no place for nothing
            layers.append(
                alt.Chart(data("prices"))
                .transform_filter(f"datum.level == {level} && datum.blended_usd_per_mtok === 0")
                .transform_calculate(side=COUNTRY_NAME)
                .mark_text(text="free", dy=-5, fontSize=11)
                .encode(x=x, y=alt.value("height"), color=colour)
            )
        made.append(
            Panel(f"level_{level:.0f}", f"Cheapest model rated {level:,.0f} or more", layered(layers, 260))
        )
    return made


CHART = Chart(
    id="prices",
    order=60,
    page="stories/prices.html",
    title="What it costs",
    headline="""
        {% macro costs(price) %}{% if not price.value %}is free
            {%- else %}costs US$ {{ number(price, 2) }} per million tokens{% endif %}{% endmacro %}
        {% if not facts %}No level has a price on both sides yet.
        {% else %}
        {% set us, cn = facts.us_price.value, facts.cn_price.value %}
        In the price lists of {{ month(facts.month) }} the cheapest model rated {{ number(facts.level, 0) }} arena
        points or more {{ costs(facts.us_price) }} from a US maker
        {%- if not (us and cn) %} and {{ costs(facts.cn_price) }} from a Chinese one.
        {%- else %}, {{ number(facts.cn_price, 2) }} from a Chinese one
        {%- if us != cn %}: the {{ "US" if us > cn else "Chinese" }} one costs {{ number(facts.times) }} times as much
        {%- endif %}.
        {% endif %}
        {% endif %}
    """,
    subtitle="""
        Lowest list price of a model rated that high in the text arena with style control, US dollars per
        million tokens, by month.
    """,
    unit="US dollars per million tokens",
    note="""
        The makers’ own list prices, three parts input to one output; resellers are left out and a zero is no price
        unless the maker says free. Where the price depends on the length of the prompt, the shortest counts. Of each
        maker the newest list of the month counts: a model that it lacks counts as withdrawn, and a month without a
        price is left open.
        {% if facts %}Levels are points of the text arena with style control, all in its ratings of
        {{ day(facts.vintage) }}, so that “rated the same” means the same throughout.{% endif %}
    """,
    panels=panels,
    columns=(
        MONTH,
        PageColumn("level", "Rated at least", 0),
        PageColumn("country", "Country"),
        PageColumn("model", "Cheapest model", "name"),
        PageColumn("blended_usd_per_mtok", "US$ per million tokens", 2),
        PageColumn("tier_up_to_tokens", "Prompts up to", 0),
        PageColumn("price_status", "Price", "code"),
        PageColumn("price_list_date", "List of", "day"),
    ),
    facts="prices_facts",
)

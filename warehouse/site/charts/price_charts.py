"""Beside the scores: prices, chips, notable models."""

from __future__ import annotations

from typing import Any

import altair as alt

from warehouse.site.charts.parts import Panel, data, in_runs, in_words, layered, months_axis, row_labels
from warehouse.site.queries import Results

SIDES = {"US": "US", "CN": "China"}
COLOUR = alt.Scale(domain=list(SIDES.values()), range=["@us", "@cn"])
SHAPE = alt.Scale(domain=list(SIDES.values()), range=["circle", "triangle-down"])
DASH = alt.Scale(domain=list(SIDES), range=[[1, 0], [5, 3]])
SIDE = "{US: 'US', CN: 'China'}[datum.country]"

MEASURES = {
    "fp16_tensor": ("dense FP16", [1, 0], "circle"),
    "memory": ("memory", [6, 3], "square"),
    "bandwidth": ("bandwidth", [2, 2], "diamond"),
}


def prices(results: Results) -> list[Panel]:
    """A panel a level: the cheapest price of each country's makers, on one logarithmic axis."""
    result = results["prices"]
    known = [value for value in result.column("blended_usd_per_mtok") if value]
    domain = [min(known), max(known)] if known else [0.1, 10]
    months = [month.isoformat() for month in result.column("month")]
    panels = []
    for level in dict.fromkeys(result.column("level")):
        rows = (
            alt.Chart(data("prices"))
            .transform_filter(f"datum.level == {level} && datum.blended_usd_per_mtok > 0")
            .transform_calculate(
                side=SIDE, month_name=in_words("month", "%B %Y"), listed=in_words("price_list_date")
            )
        )
        rows = in_runs(rows, "side")
        x = months_axis("month", domain=[min(months), max(months)])
        y = alt.Y(
            "blended_usd_per_mtok:Q",
            title="US$ per million tokens (log)",
            scale=alt.Scale(type="log", domain=domain, nice=True),
            axis=alt.Axis(values=[0.05, 0.1, 0.2, 0.5, 1, 2, 5, 10, 20, 50, 100, 200], format="~g"),
        )
        colour = alt.Color("side:N", title=None, scale=COLOUR)
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
                shape=alt.Shape("side:N", title=None, scale=SHAPE),
                tooltip=tooltip,
            )
            .properties(name="points"),
        ]
        if 0 in (row["blended_usd_per_mtok"] for row in result.records() if row["level"] == level):
            # a logarithm has no place for nothing
            layers.append(
                alt.Chart(data("prices"))
                .transform_filter(f"datum.level == {level} && datum.blended_usd_per_mtok === 0")
                .transform_calculate(side=SIDE)
                .mark_text(text="free", dy=-5, fontSize=11)
                .encode(x=x, y=alt.value("height"), color=colour)
            )
        panels.append(
            Panel(f"level_{level:.0f}", f"Cheapest model rated {level:,.0f} or more", layered(layers, 260))
        )
    return panels


def chips(results: Results) -> list[Panel]:
    """Best shipped by year as a share of the US chip, and named pairs; 100 is parity."""
    scale = alt.Scale(
        domain=[text for text, *_ in MEASURES.values()], range=[shape for *_, shape in MEASURES.values()]
    )
    labels = ", ".join(f"'{key}': '{text}'" for key, (text, *_) in MEASURES.items())
    rows = alt.Chart(data("chips")).transform_filter("isValid(datum.share_pct)")
    rows = rows.transform_calculate(
        name=f"({{{labels}}})[datum.measure]", label="replace(datum.pair, '_v_', ' v. ')"
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
    share = alt.Y(
        "share_pct:Q", title="Chinese chip, % of the US chip", scale=alt.Scale(domainMin=0, domainMax=100)
    )
    by_year = [
        best.mark_line(color="@cn", strokeWidth=2).encode(
            x=year,
            y=share,
            strokeDash=alt.StrokeDash(
                "measure:N",
                legend=None,
                scale=alt.Scale(domain=list(MEASURES), range=[dash for _, dash, _ in MEASURES.values()]),
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
        alt.Chart(alt.InlineData(values=[{"parity": 100}]))
        .mark_rule(color="@ink")
        .encode(x=alt.X("parity:Q", title="")),
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


def notable(results: Results) -> list[Panel]:
    """Two bars a year. The list's own year is not over in it and is paler."""
    facts = results["notable_facts"]
    last = facts.cell(0, "year") if len(facts) else 9999
    rows = alt.Chart(data("notable")).transform_calculate(side=SIDE, listed=in_words("vintage"))
    x = alt.X("year:O", title=None, axis=alt.Axis(labelAngle=0, labelOverlap="parity"))
    offset = alt.XOffset("side:N", sort=list(SIDES.values()))
    y = alt.Y("models:Q", title="models published in the year", axis=alt.Axis(tickCount=5))
    colour: dict[str, Any] = {
        "field": "side",
        "type": "nominal",
        "title": None,
        "scale": COLOUR.to_dict(),
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
            opacity={"condition": {"test": "width > 560", "value": 1}, "value": 0},
        ),
    ]
    return [Panel("models", "Notable models by year of publication", layered(layers, 280))]

"""One month, many gaps: by rating, by publication of the month, by the models that count, by the day of the ratings."""

from __future__ import annotations

from datetime import date

import altair as alt

from warehouse.site.chart import MONTH, Chart, PageColumn, Panel
from warehouse.site.cited_values import in_words
from warehouse.site.drawing.marks import data, day_text, figure, layered, renamed
from warehouse.site.queries import Results
from warehouse.site.words import VARIANT_TITLES

READINGS = {
    "last": "last publication",
    "first": "first publication",
    "mean": "mean of the month",
    "min": "smallest in the month",
    "max": "largest in the month",
    "restated": "ratings of ",
    "claimed": "as claimed by ",
}
LISTINGS = {"any": "", "public": ", public only"}
#: Filled: raw votes; hollow: style control. A claim is a cross.
ROW = 25


def panels(results: Results) -> list[Panel]:
    """A panel a month, its gaps from the largest to the smallest."""
    result = results["definitions"]
    gaps = result.column("gap_points")
    domain = [min([0.0, *gaps]), max([0.0, *gaps])]
    return [
        Panel(
            f"month_{month:%Y_%m}",
            in_words(month, day=False),
            _layers(month, result.column("month").count(month), domain),
        )
        for month in dict.fromkeys(result.column("month"))
    ]


def _layers(month: date, count: int, domain: list[float]) -> alt.LayerChart:
    rating = renamed("variant", dict(VARIANT_TITLES.items()))
    rows = (
        alt.Chart(data("definitions"))
        .transform_filter(f"datum.month == '{month.isoformat()}'")
        .transform_calculate(
            rating=rating,
            published=day_text("published_on"),
            gap=figure("gap_points"),
            what=renamed("reading", READINGS),
            which=renamed("listing", LISTINGS),
            of=f"datum.kind == 'vintage' ? {day_text('vintage')} : isValid(datum.claimant) ? datum.claimant : ''",
        )
        .transform_calculate(label="datum.rating + ': ' + datum.what + datum.of + datum.which")
    )
    # the row is named by its place too: two readings may have one name in different ratings of a day
    y = alt.Y(
        "label:N",
        title=None,
        sort=alt.EncodingSortField("gap_points", op="max", order="descending"),
        axis=alt.Axis(
            labelExpr="narrow ? split(replace(datum.label, ': ', ':|'), '|') : datum.label",
            labelLimit=alt.ExprRef("narrow ? 160 : 420"),
            # the same in all panels, so that their zeros are below one another
            minExtent=alt.ExprRef("narrow ? 150 : 330"),
            labelFontSize=alt.ExprRef("narrow ? 10 : 12"),
            labelColor="@ink",
            ticks=False,
            domain=False,
            grid=True,
        ),
    )
    title = "US lead, points"
    x = alt.X(
        "gap_points:Q",
        title=title,
        scale=alt.Scale(domain=domain, nice=True),
        axis=alt.Axis(
            tickCount=alt.ExprRef("narrow ? 3 : 5"), labelExpr="replace(format(datum.value, ','), '-', '−')"
        ),
    )
    tooltip = [
        alt.Tooltip("label:N", title="Reading"),
        alt.Tooltip("gap:N", title="US lead, points"),
        alt.Tooltip("us_model:N", title="Best US model"),
        alt.Tooltip("cn_model:N", title="Best Chinese model"),
        alt.Tooltip("published:N", title="Published"),
    ]
    layers = [
        alt.Chart(alt.InlineData(values=[{"level": 0}]))
        .mark_rule(color="@ink", strokeWidth=1)
        .encode(x=alt.X("level:Q", title=title)),
        rows.mark_point(
            size=64,
            strokeWidth=1.75,
            filled=False,
            opacity=1,
            fillOpacity=1,
        )
        .encode(
            x=x,
            y=y,
            tooltip=tooltip,
            shape={
                "condition": [
                    {"test": "datum.kind == 'claim'", "value": "diamond"},
                    {"test": "datum.kind == 'vintage'", "value": "square"},
                ],
                "value": "circle",
            },
            stroke={"condition": {"test": "datum.gap_points < 0", "value": "@cn"}, "value": "@us"},
            fill={
                "condition": [
                    {"test": "datum.variant == 'style_control'", "value": "@paper"},
                    {"test": "datum.gap_points < 0", "value": "@cn"},
                ],
                "value": "@us",
            },
        )
        .properties(name="points"),
        rows.mark_text(
            align="left",
            dx=9,
            fontSize=12,
            fontWeight={"expr": "datum.is_default ? 700 : 400"},
        ).encode(
            x=x,
            y=y,
            text="gap:N",
        ),
    ]
    return layered(layers, ROW * count, right=44)


CHART = Chart(
    id="definitions",
    order=18,
    page="stories/which-gap.html",
    title="One month, many gaps",
    headline="""
        {% if not facts %}No month of the text arena has a gap yet.
        {% else %}
        The gap of {{ month(facts.month) }} in the text arena is
        {% if facts.figures.value == 1 %}{{ number(facts.largest) }} points by every reading that is held.
        {% else %}{{ number(facts.smallest) }} to {{ number(facts.largest) }} points, by what one means: which rating,
        which
        day, which models.
        {% endif %}
        {% endif %}
    """,
    subtitle="""
        Text arena: the best US model less the best Chinese one in one month, in points, by every reading of those
        words.
        Filled: raw votes, hollow: with style control. ◊ a published claim, □ in later ratings.
    """,
    unit="points of the text arena",
    note="""
        These pages quote the last publication of the month with all listed models (bold), the same by either rating.
        <abbr title="The arena's second rating: the effect of an answer's length and formatting on votes is taken
        out">Style
        control</abbr> and raw votes are two ratings of the same votes, on different scales. Public models only: those
        that
        anyone could use on the day. Ratings of a later day
        (a <abbr title="All ratings of one day; they are estimated again, from all votes so far, at every
        publication">vintage</abbr>)
        move the past too. Each computed figure is right for what it says: ask of a gap which one it is. Months shown:
        the newest, the newest that has
        later ratings, and the one with a claim whose figures are furthest apart.
    """,
    panels=panels,
    columns=(
        MONTH,
        PageColumn("variant", "Rating", "code"),
        PageColumn("reading", "Reading", "code"),
        PageColumn("listing", "Models", "code"),
        PageColumn("vintage", "Ratings or claim of", "day"),
        PageColumn("claimant", "Claimed by"),
        PageColumn("gap_points", "US lead, points", 1),
        PageColumn("us_model", "Best US model", "name"),
        PageColumn("cn_model", "Best Chinese model", "name"),
        PageColumn("published_on", "Published", "day"),
    ),
    facts="definitions_facts",
)

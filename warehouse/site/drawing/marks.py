"""What several charts share: axes, the tooltip of a month, marks and colours of the two sides."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import altair as alt

from warehouse.site.words import SIDES

#: Charts narrower than this, in pixels, have no room for small text.
WIDE = 560


def layered(
    layers: Sequence[alt.Chart],
    height: int,
    *,
    top: int = 5,
    right: int = 16,
    narrow_height: int | None = None,
) -> alt.LayerChart:
    """``layers`` over one another; ``right`` leaves room for figures that stand beyond the plot, in pixels.

    The page draws it ``narrow_height`` high on a phone.
    """
    padding = {"top": top, "left": 5, "right": right, "bottom": 5}
    chart = alt.LayerChart(layer=list(layers), height=height, padding=padding)
    if narrow_height is not None:
        chart.usermeta = {"narrowHeight": narrow_height}
    return chart


def data(query: str) -> alt.NamedData:
    """The rows of ``query``, which the page stores next to the drawing."""
    return alt.NamedData(name=query)


def months_axis(field: str = "day", **more: Any) -> alt.X:
    """A time axis labelled by half-years. Months are UTC, whatever the reader's clock."""
    return alt.X(
        f"{field}:T",
        title=None,
        scale=alt.Scale(type="utc", nice=False, **more),
        axis=alt.Axis(
            tickCount=alt.TimeIntervalStep(interval="month", step=6),
            # the first tick has its year too
            labelExpr="[utcFormat(datum.value, '%b'), utcmonth(datum.value) == 0 || datum.index == 0 "
            "? utcFormat(datum.value, narrow ? '’%y' : '%Y') : '']",
            labelFlush=False,
            labelOverlap="parity",
        ),
    )


def points_axis(title: str, field: str = "gap_points", **scale: Any) -> alt.Y:
    return alt.Y(
        f"{field}:Q",
        title=title,
        scale=alt.Scale(**scale),
        axis=alt.Axis(tickCount=6, labelExpr="replace(format(datum.value, ','), '-', '−')"),
    )


def row_labels() -> alt.Axis:
    """Names of rows: on a phone in two lines, a month on the second. The page sets ``narrow``."""
    before_month = "replace(datum.label, regexp(', (?=[^,]*$)'), '|')"
    by_length = "replace(datum.label, regexp('^(.{9,19}) '), '$1|')"
    return alt.Axis(
        labelExpr=f"!narrow ? datum.label : split(length(datum.label) < 30 ? {before_month} : {by_length}, '|')",
        labelLimit=alt.ExprRef("narrow ? 150 : 320"),
        labelFontSize=alt.ExprRef("narrow ? 11 : 12"),
        ticks=False,
        domain=False,
        labelColor="@ink",
    )


def zero_line() -> alt.Chart:
    """A line where the two sides are level."""
    level: alt.Chart = (
        alt.Chart(alt.InlineData(values=[{"level": 0}]))
        .mark_rule(color="@ink", strokeWidth=1)
        .encode(y=alt.Y("level:Q", title=""))
    )
    return level


def with_month_bounds(chart: alt.Chart) -> alt.Chart:
    """Adds the bounds of each row's month, and its name."""
    named: alt.Chart = chart.transform_calculate(
        month_from="utc(utcyear(toDate(datum.month)), utcmonth(toDate(datum.month)), 1)",
        month_to="utc(utcyear(toDate(datum.month)), utcmonth(toDate(datum.month)) + 1, 1)",
        month_name=month_text("month"),
    )
    return named


def numbered_runs(chart: alt.Chart, *series: str, name: str = "run") -> alt.Chart:
    """Adds a number that changes after each missing month of a ``series``, so that a line joins neighbours only."""
    numbered: alt.Chart = chart.transform_window(
        place="row_number()", groupby=list(series), sort=[alt.SortField("month")]
    ).transform_calculate(
        **{name: "12 * utcyear(toDate(datum.month)) + utcmonth(toDate(datum.month)) - datum.place"}
    )
    return numbered


def day_text(field: str) -> str:
    """A Vega expression for a day as a tooltip shows it."""
    return _date_text(field, "%-d %B %Y")


def month_text(field: str) -> str:
    return _date_text(field, "%B %Y")


def _date_text(field: str, form: str) -> str:
    # an encoded day is a number by then
    return f"isValid(datum.{field}) ? utcFormat(toDate(datum.{field}), '{form}') : ''"


def figure(field: str) -> str:
    """A Vega expression for a number as a reader sees it: a whole one as printed, any other with one decimal."""
    form = f"datum.{field} == round(datum.{field}) ? ',.0f' : ',.1f'"
    return f"isValid(datum.{field}) ? format(datum.{field}, {form}) : ''"


def renamed(field: str, names: dict[str, str]) -> str:
    """A Vega expression for the name that ``names`` has for a value of ``field``."""
    return f"({names})[datum.{field}]"


def hover(chart: alt.Chart, name: str, tooltip: list[alt.Tooltip]) -> alt.Chart:
    """A tooltip over the whole height of a month, so that no dot has to be hit."""
    over = alt.selection_point(name=name, on="pointerover", clear="pointerout", empty=False)
    answering: alt.Chart = (
        with_month_bounds(chart)
        .mark_rect(color="@muted", cursor="default")
        .encode(
            x=alt.X("month_from:T", scale=alt.Scale(type="utc", nice=False)),
            x2="month_to:T",
            opacity=alt.condition(over, alt.value(0.12), alt.value(0)),
            tooltip=tooltip,
        )
        .add_params(over)
        .properties(name=f"{name}_months")
    )
    return answering


CHINA_LEADS = "datum.gap_points < 0"
#: Blue and a dot where the US leads, orange and a downward triangle where China does.
SIDE_COLOUR = {"condition": {"test": CHINA_LEADS, "value": "@cn"}, "value": "@us"}
SIDE_SHAPE = {"condition": {"test": CHINA_LEADS, "value": "triangle-down"}, "value": "circle"}


def hollow_where(test: str) -> dict[str, Any]:
    """The fill of a mark: paper where ``test`` is true, else the colour of the side that leads."""
    return {
        "condition": [
            {"test": test, "value": "@paper"},
            {"test": CHINA_LEADS, "value": "@cn"},
        ],
        "value": "@us",
    }


#: The same where each row is of one ``country``.
COUNTRY_COLOUR = alt.Scale(domain=list(SIDES.values()), range=["@us", "@cn"])
COUNTRY_SHAPE = alt.Scale(domain=list(SIDES.values()), range=["circle", "triangle-down"])
COUNTRY_NAME = renamed("country", SIDES)

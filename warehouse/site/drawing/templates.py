"""Drawings of which a site has hundreds: each is built and checked once, and gets its words on every page.

A page stores the rows beside the drawing, see `stored`.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cache
from typing import Any

import altair as alt

from warehouse.site.chart import Panel
from warehouse.site.drawing.gap_series import series_layers
from warehouse.site.drawing.marks import (
    COUNTRY_NAME,
    data,
    day_text,
    hover,
    layered,
    months_axis,
    points_axis,
    renamed,
    row_labels,
    zero_line,
)
from warehouse.site.drawing.rendering import specification
from warehouse.site.words import HELD_WORDS, WEIGHTS_WORDS

#: The one data set of such a drawing.
ROWS = "rows"
ROW = 26
#: Layers that not all series have, and which rows they draw.
LAYERS_OF: dict[str, Callable[[Mapping[str, Any]], bool]] = {
    "band": lambda row: row["gap_low"] is not None,
    "intervals": lambda row: row["gap_low"] is not None,
    "score_intervals": lambda row: row["score_low"] is not None,
    "bounds": lambda row: row["gap_at_least"] is not None and row["gap_points"] is None,
}


@dataclass(frozen=True)
class FilledDrawing:
    """A drawing for one page: Vega-Lite, and the rows of it as the page stores them (see `QueryResult.columns`)."""

    spec: dict[str, Any]
    rows: dict[str, Any]


Rows = Sequence[Mapping[str, Any]]


def gap_drawing(rows: Rows, lead: str, sides: tuple[str, str], names: tuple[str, str]) -> FilledDrawing:
    """A monthly series. ``lead`` names its axis, ``names`` the sides as in "Best US model", ``sides`` their columns."""
    return filled("gap", sides, rows, {"lead": lead, "first": names[0], "second": names[1]})


def tops_drawing(rows: Rows, unit: str) -> FilledDrawing:
    """The highest models of one publication with their bounds, by country."""
    return filled("tops", (), rows, {"unit": unit}, ROW * len(rows))


def reigns_drawing(rows: Rows) -> FilledDrawing:
    """A bar for each time that one holder was first, a line for each holder."""
    return filled("reigns", (), rows, {}, ROW * len({row["holder"] for row in rows}))


def filled(
    name: str, of: tuple[str, ...], rows: Rows, words: Mapping[str, str], height: int | None = None
) -> FilledDrawing:
    """The template ``name`` with the layers that have ``rows``, and ``words`` where it says ``[[word]]``."""
    text = _template(name, of)
    for word, value in words.items():
        text = text.replace(f"[[{word}]]", json.dumps(value, ensure_ascii=False)[1:-1])
    spec = json.loads(text)
    # a layer without a row would make Vega complain
    spec["layer"] = [layer for layer in spec["layer"] if _has_rows(layer.get("name"), rows)]
    spec["height"] = height or spec["height"]
    return FilledDrawing(
        spec, {ROWS: {"names": tuple(rows[0]), "rows": [tuple(row.values()) for row in rows]}}
    )


def _has_rows(layer: str | None, rows: Sequence[Mapping[str, Any]]) -> bool:
    return layer not in LAYERS_OF or any(map(LAYERS_OF[layer], rows))


@cache
def _template(name: str, of: tuple[str, ...]) -> str:
    drawings: dict[str, Callable[..., alt.LayerChart]] = {"gap": _gap, "tops": _tops, "reigns": _reigns}
    return json.dumps(specification(Panel(name, "", drawings[name](*of))), ensure_ascii=False)


def _gap(first: str, second: str) -> alt.LayerChart:
    rows = alt.Chart(data(ROWS))
    shown = rows.transform_calculate(
        first_text=_model(first),
        second_text=_model(second),
        lead_text=f"isValid(datum.gap_points) ? {_number('gap_points')} : 'no figure'",
        interval=_interval("gap_low", "gap_high"),
        status_text=renamed("status", HELD_WORDS),
        published=f"isValid(datum.published_on) ? {day_text('published_on')} : 'nothing held'",
    )
    tooltip = [
        alt.Tooltip("month_name:N", title="Month"),
        alt.Tooltip("lead_text:N", title="[[lead]]"),
        alt.Tooltip("interval:N", title="95 % interval"),
        alt.Tooltip("first_text:N", title="[[first]]"),
        alt.Tooltip("second_text:N", title="[[second]]"),
        alt.Tooltip("status_text:N", title="What is held"),
        alt.Tooltip("published:N", title="Published"),
    ]
    layers = [
        hover(shown, "month", tooltip),
        zero_line(),
        *series_layers(rows, "[[lead]]", months_axis(), points_axis("[[lead]]")),
    ]
    return layered(layers, 300, top=8, right=24)


def _model(side: str) -> str:
    score = _number(f"{side}_score")
    return f"isValid(datum.{side}_model) ? datum.{side}_model + ' (' + {score} + ')' : 'none listed'"


def _interval(low: str, high: str) -> str:
    return f"isValid(datum.{low}) ? {_number(low)} + ' to ' + {_number(high)} : 'not known'"


def _number(field: str) -> str:
    return f"format(datum.{field}, ',.1f')"


def _tops() -> alt.LayerChart:
    rows = alt.Chart(data(ROWS)).transform_calculate(
        # two models of one name stay two rows
        label="datum.place + '. ' + datum.model_name",
        bounds=_interval("score_low", "score_high"),
        maker_text="isValid(datum.maker) ? datum.maker : 'not known'",
        country_text=f"{COUNTRY_NAME} || (isValid(datum.country) ? datum.country : 'not known')",
        weights_text=renamed("weights", WEIGHTS_WORDS),
    )
    y = alt.Y(
        "label:N", title=None, sort=alt.EncodingSortField("score", order="descending"), axis=row_labels()
    )
    x = alt.X("score:Q", title="[[unit]]", scale=alt.Scale(zero=False), axis=alt.Axis(grid=True, tickCount=5))
    tooltip = [
        alt.Tooltip("model_name:N", title="Model"),
        alt.Tooltip("maker_text:N", title="Maker"),
        alt.Tooltip("country_text:N", title="Country"),
        alt.Tooltip("weights_text:N", title="Weights"),
        alt.Tooltip("score:Q", title="Score", format=",.1f"),
        alt.Tooltip("bounds:N", title="95 % interval"),
    ]
    measured = rows.transform_filter("isValid(datum.score_low)")
    layers = [
        measured.mark_rule(strokeWidth=1.5, color="@ink", opacity=0.6)
        .encode(y=y, x=alt.X("score_low:Q", title="[[unit]]"), x2="score_high:Q")
        .properties(name="score_intervals"),
        rows.mark_point(size=80, strokeWidth=1.75, filled=True, opacity=1)
        .encode(y=y, x=x, tooltip=tooltip, color=_OF_COUNTRY, shape=_SHAPE_OF_COUNTRY)
        .properties(name="points"),
    ]
    return layered(layers, ROW, right=24)


def _reigns() -> alt.LayerChart:
    rows = alt.Chart(data(ROWS)).transform_calculate(
        days="datum.days_at_least == datum.days_at_most ? '' + datum.days_at_least : "
        "datum.days_at_least + ' to ' + datum.days_at_most",
        from_text=day_text("first_seen"),
        to_text=day_text("last_seen"),
    )
    tooltip = [
        alt.Tooltip("name:N", title="First place"),
        alt.Tooltip("model_name:N", title="Model at the start"),
        alt.Tooltip("from_text:N", title="First seen"),
        alt.Tooltip("to_text:N", title="Last seen"),
        alt.Tooltip("days:N", title="Days"),
    ]
    layers = [
        rows.mark_bar(height=12, cornerRadius=1, stroke="@paper", strokeWidth=0.5)
        .encode(
            y=alt.Y(
                "name:N",
                title=None,
                sort=alt.EncodingSortField("first_seen", op="min", order="ascending"),
                axis=row_labels(),
            ),
            x=months_axis("first_seen"),
            x2="seen_until:T",
            tooltip=tooltip,
            color=_OF_COUNTRY,
        )
        .properties(name="reigns")
    ]
    return layered(layers, ROW, right=24)


_IS_US, _IS_CN = "datum.country == 'US'", "datum.country == 'CN'"
_OF_COUNTRY = {
    "condition": [{"test": _IS_US, "value": "@us"}, {"test": _IS_CN, "value": "@cn"}],
    "value": "@muted",
}
_SHAPE_OF_COUNTRY = {
    "condition": [{"test": _IS_US, "value": "circle"}, {"test": _IS_CN, "value": "triangle-down"}],
    "value": "square",
}

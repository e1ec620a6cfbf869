"""A chart's specification for the page, and its drawing for files: SVG and PNG, on white."""

from __future__ import annotations

import copy
import json
import re
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import altair as alt
import vl_convert

from warehouse.site.chart import Panel
from warehouse.site.drawing.kept import Kept
from warehouse.site.drawing.palette import CONFIG, LIGHT, paint
from warehouse.site.queries import QueryResult, Results

#: Of the drawing in a file, without axes and margins.
WIDTH = 860
#: The look of the notes and the source below it.
SMALL_PRINT: dict[str, Any] = {"fontSize": 11, "lineHeight": 15, "color": "@muted"}


def specification(panel: Panel, description: str = "") -> dict[str, Any]:
    """Vega-Lite of one panel, with ``description`` for those who do not see it; `rows_of` has its rows.

    Colours are still names, and the width is the page's.
    """
    spec = copy.deepcopy(panel.spec)
    spec.pop("$schema", None)
    spec["description"] = description
    spec["width"] = "container"
    # the plot takes what the axes leave of the page's width; its height stays as given
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["params"] = [{"name": "narrow", "value": False}, *spec.get("params", [])]
    spec["config"] = CONFIG
    return spec


def rows_of(panels: Sequence[Panel], results: Results) -> dict[str, QueryResult]:
    """The results of every query that a panel draws, by name. Altair names the few rows that are written out."""
    named = set[str]().union(
        *(queries_of(panel.spec) - set(panel.spec.get("datasets", {})) for panel in panels)
    )
    return {name: results[name] for name in sorted(named)}


def queries_of(spec: Any) -> set[str]:
    """Every data set a specification names."""
    if isinstance(spec, dict):
        here = (
            {spec["data"]["name"]} if isinstance(spec.get("data"), dict) and "name" in spec["data"] else set()
        )
        return here.union(*(queries_of(value) for key, value in spec.items() if key != "datasets"))
    if isinstance(spec, list):
        return set[str]().union(*map(queries_of, spec))
    return set()


@dataclass(frozen=True)
class Words:
    """What stands around a drawing in a file: lines above it, and below it."""

    headline: str
    subtitle: str
    below: tuple[str, ...]


def drawing(
    panels: Sequence[Panel],
    results: Results,
    words: Words | None = None,
    width: int = WIDTH,
    *,
    beside: bool = False,
) -> dict[str, Any]:
    """All panels of a chart above or ``beside`` one another, for a file, with the ``words`` around them."""
    parts: list[dict[str, Any]] = []
    datasets: dict[str, Any] = {name: result.records() for name, result in rows_of(panels, results).items()}
    for panel in panels:
        part = specification(panel)
        datasets |= part.pop("datasets", {})
        for key in ("config", "autosize", "params", "description"):
            part.pop(key)
        part["layer"] = [_unnamed(layer) for layer in part["layer"] if not _is_hover(layer)]
        part["width"] = (width - 90 * (len(panels) - 1)) // len(panels) if beside else width
        part.pop("padding", None)
        part.pop("usermeta", None)
        if len(panels) > 1:
            part["title"] = {"text": panel.title, "fontSize": 14, "offset": 8}
        parts.append(part)
    whole: dict[str, Any] = {"hconcat" if beside else "vconcat": parts, "spacing": 28}
    if words is not None:
        whole = {"vconcat": [whole, _small_print(words, width)], "spacing": 22}
    spec: dict[str, Any] = {
        "$schema": alt.SCHEMA_URL,
        **whole,
        "padding": 20,
        "params": [{"name": "narrow", "value": False}],
        "config": CONFIG,
        "datasets": datasets,
    }
    if words is not None:
        spec["title"] = {
            "text": textwrap.wrap(words.headline, width // 9),
            "subtitle": textwrap.wrap(words.subtitle, width // 6),
        }
    painted: dict[str, Any] = paint(spec, LIGHT)
    return painted


def fitted(
    panel: Panel, results: Results, headline: str, below: str, width: int, height: int
) -> dict[str, Any]:
    """One panel under a headline, ``width`` by ``height`` pixels with all that is around it."""
    spec = specification(panel)
    spec["datasets"] = spec.get("datasets", {}) | {
        name: result.records() for name, result in rows_of([panel], results).items()
    }
    spec["layer"] = [layer for layer in spec["layer"] if not _is_hover(layer)]
    title = {
        "text": textwrap.wrap(headline, width // 11),
        "subtitle": textwrap.wrap(below, width // 6),
        "offset": 12,
    }
    spec |= {
        "$schema": alt.SCHEMA_URL,
        "width": width,
        "height": height,
        "autosize": {"type": "fit", "contains": "padding"},
        "padding": 16,
        "title": title,
    }
    painted: dict[str, Any] = paint(spec, LIGHT)
    return painted


def _small_print(words: Words, width: int) -> dict[str, Any]:
    """The lines below a drawing, as a drawing."""
    lines = [line for part in words.below for line in textwrap.wrap(part, int(width / 5.4))]
    mark = {"type": "text", "align": "left", "baseline": "top", "text": lines, **SMALL_PRINT}
    return {
        "data": {"values": [{}]},
        "mark": mark,
        "encoding": {"x": {"value": 0}, "y": {"value": 0}},
        "width": width,
        "height": SMALL_PRINT["lineHeight"] * len(lines),
    }


def _is_hover(layer: dict[str, Any]) -> bool:
    """Whether this is the layer of `marks.hover`, which is of no use in a file."""
    return "cursor" in layer["mark"]


def _unnamed(layer: dict[str, Any]) -> dict[str, Any]:
    """``layer`` without its name, which no two panels of a drawing may share."""
    return {key: value for key, value in layer.items() if key != "name"}


def svg(spec: dict[str, Any], kept: Kept = Kept()) -> str:  # noqa: B008 - it keeps nothing
    """The drawing of a chart as SVG text, as it was ``kept`` or else made."""
    text = json.dumps(spec)
    return _plain_ids(kept.text(["svg", text], lambda: vl_convert.vegalite_to_svg(text)))


def png(drawn: str, scale: float = 2.0) -> bytes:
    """An SVG of `svg` as a picture of ``scale`` times its size."""
    picture: bytes = vl_convert.svg_to_png(drawn, scale=scale)
    return picture


def _plain_ids(drawn: str) -> str:
    """Vega numbers clip paths across the whole process; here from one, so that equal charts give equal files."""
    found = list(dict.fromkeys(re.findall(r'id="((?:clip|gradient)\w*?)"', drawn)))
    for place, name in enumerate(found, start=1):
        drawn = re.sub(rf"\b{re.escape(name)}\b", f"part{place}", drawn)
    return drawn

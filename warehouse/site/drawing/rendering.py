"""A chart's specification for the page, and its drawing for files: SVG and PNG, on white."""

from __future__ import annotations

import copy
import json
import re
import textwrap
from collections.abc import Sequence
from typing import Any

import altair as alt
import vl_convert

from warehouse.site.chart import Panel
from warehouse.site.drawing.palette import CONFIG, LIGHT, paint
from warehouse.site.queries import Results

#: Of the drawing in a file, without axes and margins.
WIDTH = 860


def specification(panel: Panel, results: Results) -> dict[str, Any]:
    """Vega-Lite of one panel with its rows. Colours are still names, and the width is the page's."""
    spec = copy.deepcopy(panel.spec)
    spec.pop("$schema", None)
    spec["width"] = "container"
    # the plot takes what the axes leave of the page's width; its height stays as given
    spec["autosize"] = {"type": "fit-x", "contains": "padding"}
    spec["params"] = [{"name": "narrow", "value": False}, *spec.get("params", [])]
    spec["config"] = CONFIG
    # Altair names the few data sets that are written out; all others are queries
    written = spec.get("datasets", {})
    spec["datasets"] = written | {
        name: results[name].records() for name in sorted(queries_of(spec) - set(written))
    }
    return spec


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


def drawing(
    panels: Sequence[Panel],
    results: Results,
    headline: str = "",
    below: str = "",
    width: int = WIDTH,
    *,
    beside: bool = False,
) -> dict[str, Any]:
    """All panels of a chart above one another, or ``beside`` one another, under its headline, for a file."""
    parts: list[dict[str, Any]] = []
    datasets: dict[str, Any] = {}
    for panel in panels:
        part = specification(panel, results)
        datasets |= part.pop("datasets")
        for key in ("config", "autosize", "params"):
            part.pop(key)
        part["layer"] = [_unnamed(layer) for layer in part["layer"] if not _is_hover(layer)]
        part["width"] = (width - 90 * (len(panels) - 1)) // len(panels) if beside else width
        part.pop("padding", None)
        part.pop("usermeta", None)
        if len(panels) > 1:
            part["title"] = {"text": panel.title, "fontSize": 14, "offset": 8}
        parts.append(part)
    spec: dict[str, Any] = {
        "$schema": alt.SCHEMA_URL,
        "hconcat" if beside else "vconcat": parts,
        "spacing": 28,
        "padding": 20,
        "params": [{"name": "narrow", "value": False}],
        "config": CONFIG,
        "datasets": datasets,
    }
    if headline:
        spec["title"] = {
            "text": textwrap.wrap(headline, width // 9),
            "subtitle": [line for part in below.splitlines() for line in textwrap.wrap(part, width // 6)],
        }
    painted: dict[str, Any] = paint(spec, LIGHT)
    return painted


def fitted(
    panel: Panel, results: Results, headline: str, below: str, width: int, height: int
) -> dict[str, Any]:
    """One panel under a headline, ``width`` by ``height`` pixels with all that is around it."""
    spec = specification(panel, results)
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


def _is_hover(layer: dict[str, Any]) -> bool:
    """Whether this is the layer of `marks.hover`, which is of no use in a file."""
    return "cursor" in layer["mark"]


def _unnamed(layer: dict[str, Any]) -> dict[str, Any]:
    """``layer`` without its name, which no two panels of a drawing may share."""
    return {key: value for key, value in layer.items() if key != "name"}


def svg(spec: dict[str, Any]) -> str:
    """The drawing of a chart as SVG text."""
    return _plain_ids(vl_convert.vegalite_to_svg(json.dumps(spec)))


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

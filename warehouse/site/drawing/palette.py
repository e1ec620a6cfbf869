"""The colours of both themes, and the look all charts share.

US and China are a blue and an orange of different lightness: apart for all common kinds of colour blindness
and in grey. No chart relies on them alone. A specification names a colour ``@us``; `paint` fills it in, here
for the files and in the browser for the theme a reader has chosen.
"""

from __future__ import annotations

from typing import Any

LIGHT = {
    "paper": "#ffffff",
    "ink": "#1b1b1b",
    "muted": "#595959",
    "faint": "#dcd9d3",
    "soft": "#f4f2ed",
    "us": "#1d5a9e",
    "cn": "#c8500a",
    "link": "#1d5a9e",
    "agrees": "#1a7347",
    "differs": "#8a2c83",
}
DARK = {
    "paper": "#15171b",
    "ink": "#ededeb",
    "muted": "#a9adb5",
    "faint": "#3a3e46",
    "soft": "#1f2228",
    "us": "#86b8f2",
    "cn": "#ff9f5f",
    "link": "#9cc4f5",
    "agrees": "#7ccfa3",
    "differs": "#e3a3de",
}
PALETTES = {"light": LIGHT, "dark": DARK}

FONT = "Helvetica Neue, Helvetica, Arial, Liberation Sans, sans-serif"

CONFIG: dict[str, Any] = {
    "background": "@paper",
    "font": FONT,
    "aria": False,
    "view": {"stroke": None},
    "axis": {
        "labelColor": "@muted",
        "labelFontSize": 12,
        "titleColor": "@muted",
        "titleFontSize": 12,
        "titleFontWeight": "normal",
        "gridColor": "@faint",
        "domainColor": "@muted",
        "tickColor": "@muted",
    },
    "axisY": {"domain": False, "ticks": False, "labelPadding": 6, "titlePadding": 8},
    "axisX": {"grid": False},
    "legend": {
        "labelColor": "@ink",
        "labelFontSize": 12,
        "labelLimit": 320,
        "titleColor": "@muted",
        "orient": "top",
        "symbolSize": 90,
        "symbolStrokeWidth": 2,
    },
    "text": {"color": "@ink", "fontSize": 12},
    "rule": {"color": "@muted"},
    "title": {
        "anchor": "start",
        "frame": "group",
        "color": "@ink",
        "fontSize": 19,
        "fontWeight": 600,
        "lineHeight": 25,
        "subtitleColor": "@muted",
        "subtitleFontSize": 12,
        "subtitleLineHeight": 17,
        "subtitlePadding": 8,
        "offset": 22,
    },
}


def paint(spec: Any, palette: dict[str, str]) -> Any:
    """``spec`` with every ``@name`` replaced by that colour, but for its data: a model may be called ``@us``."""
    if isinstance(spec, dict):
        return {key: value if key == "datasets" else paint(value, palette) for key, value in spec.items()}
    if isinstance(spec, list):
        return [paint(value, palette) for value in spec]
    if isinstance(spec, str) and spec.startswith("@"):
        return palette[spec[1:]]
    return spec


def stylesheet() -> str:
    """The palettes as CSS custom properties: the reader's system chooses until the switch on the page does."""
    light, dark = (
        "".join(f"--{name}:{colour};" for name, colour in PALETTES[theme].items()) for theme in PALETTES
    )
    return (
        f":root{{color-scheme:light;{light}}}\n"
        f'@media (prefers-color-scheme:dark){{:root:not([data-theme="light"]){{color-scheme:dark;{dark}}}}}\n'
        f':root[data-theme="dark"]{{color-scheme:dark;{dark}}}\n'
        # thrice :root outweighs both rules above, whatever the reader has chosen
        f"@media print{{:root:root:root{{color-scheme:light;{light}}}}}\n"
    )

"""The files of the explorer in the folder: its figures, and its scripts as one."""

from __future__ import annotations

import json
from pathlib import Path

from warehouse.site.drawing import palette
from warehouse.site.explorer import look
from warehouse.site.explorer.figures import NAME, Figures, script
from warehouse.site.words import VARIANT_PHRASES

ASSETS = Path(__file__).parents[1] / "assets" / "explore"
#: In the order in which they need each other.
SCRIPTS = ("rows", "words", "sql", "state", "chart", "page")
#: Without figures the page says so, and nothing else of the script runs.
EMPTY = f"""
  if (!{NAME}) {{
    document.getElementById("x-none").hidden = false;
    document.getElementById("x-explorer").hidden = true;
    return;
  }}
"""


def add(folder: Path, figures: Figures | None, release: str) -> None:
    """Write ``explore-data.js``, of ``release``, and ``explore.js`` into the assets of ``folder``.

    They are plain scripts: a page opened from the disk may load no module.
    """
    named = None if figures is None or not figures["boards"] else {"release": release, **figures}
    (folder / "assets" / "explore-data.js").write_text(script(named), encoding="utf-8")
    parts = [(ASSETS / f"{name}.js").read_text(encoding="utf-8") for name in SCRIPTS]
    known = {
        "config": palette.CONFIG,
        "palettes": palette.PALETTES,
        "series": look.SERIES,
        "variants": VARIANT_PHRASES,
        "first": look.FIRST,
    }
    text = json.dumps(known, ensure_ascii=False)
    whole = f'(() => {{\n  "use strict";\n  const LOOK = {text};\n{EMPTY}\n{"".join(parts)}}})();\n'
    (folder / "assets" / "explore.js").write_text(whole, encoding="utf-8")


def style() -> str:
    """The part of the style sheet that is of the explorer alone."""
    return (ASSETS / "explore.css").read_text(encoding="utf-8")

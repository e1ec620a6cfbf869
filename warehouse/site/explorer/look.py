"""Words and colours of the explorer that other pages do not need."""

from __future__ import annotations

from warehouse.site.country_words import ADJECTIVES, COUNTRIES

#: What the explorer opens with, where it is held.
FIRST = {"board": "arena_text", "variant": "style_control"}
#: Lines that are compared with each other, in the order in which they are added. Not those of the US and China, which
#: say who leads. Text of these colours can be read on the paper of its theme.
SERIES = {
    "light": ["#00706b", "#7b3fa0", "#b3204d", "#7a5c00", "#2f5fb3", "#5b5b5b"],
    "dark": ["#4fc4ba", "#c9a0ec", "#ff8aa5", "#e0b84c", "#8fb4ff", "#c2c5cb"],
}


def country_words(code: str, name: str) -> dict[str, str]:
    """The country as a name, and as what stands before "model"."""
    return {"name": COUNTRIES.get(code, name), "adjective": ADJECTIVES.get(code, "")}

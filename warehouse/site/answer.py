"""The sentence of the front page, for what shows nothing else: pictures, shared links."""

from __future__ import annotations

from typing import Any

from warehouse.site.queries import Results
from warehouse.site.templating import environment


def answer(results: Results) -> str:
    """At most 25 words: the newest gap of one rating, its day, its interval and what it means."""
    module: Any = environment().get_template("now.html.j2").module
    return str(module.answer(results["now"]).striptags())

"""docs/method.md, written from the definitions."""

from __future__ import annotations

import re
import textwrap
from functools import cache
from pathlib import Path

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from warehouse.definitions import by_section, definitions

#: Characters in a line, as in the documents written by hand.
WIDTH = 130


def markdown() -> str:
    """The whole method as Markdown: the rules, formulas and sources of ``meta.definitions``."""
    text = _templates().get_template("method.md.j2").render(sections=by_section(definitions()))
    return "\n".join(_wrapped(line) for line in text.splitlines()) + "\n"


def _wrapped(line: str) -> str:
    """``line`` in lines of `WIDTH`; none begins with a mark that Markdown would read as a list's."""
    glued = re.sub(r" (?=[-+*] |\d+\. )", "\0", line)
    return "\n".join(textwrap.wrap(glued, WIDTH, break_long_words=False, break_on_hyphens=False)).replace(
        "\0", " "
    )


@cache
def _templates() -> Environment:
    templates = Environment(
        loader=FileSystemLoader(Path(__file__).parent / "templates"),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    templates.filters["code"] = lambda names: ", ".join(f"`{name}`" for name in names)
    return templates

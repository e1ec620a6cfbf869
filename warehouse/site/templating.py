"""The Jinja environment of the pages and of the sentences about charts."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from warehouse.site import category_words, country_words, dictionary_text, page_files, words
from warehouse.site.chart import Chart, PageColumn
from warehouse.site.cited_values import in_words, rounded
from warehouse.site.queries import Results

TEMPLATES = Path(__file__).parent / "templates"
#: Macros to print cited values, and tables of them.
MACROS = {
    "cited_values.html.j2": ("number", "month", "span", "day", "year", "name", "plural", "comma"),
    "tables.html.j2": ("table", "records"),
}


@cache
def environment() -> Environment:
    """Jinja with the filters, words and macros that every template and sentence may use."""
    made = Environment(loader=FileSystemLoader(TEMPLATES), autoescape=True, undefined=StrictUndefined)
    made.policies["json.dumps_kwargs"] = {"ensure_ascii": False}
    made.filters |= {
        "rounded": rounded,
        "in_words": in_words,
        "leading_side": words.leading_side,
        "markdown": _from_markdown,
        "country": country_words.country,
        "the_country": country_words.the_country,
        "adjective": country_words.adjective,
        "category_title": category_words.category_title,
        "board_file": page_files.board_file,
        "pair_file": lambda pair: page_files.pair_file(*pair),
        "table_file": page_files.table_file,
        "dictionary_html": dictionary_text.html,
    }
    made.globals |= {
        "column": PageColumn,
        "LEVEL": words.LEVEL,
        "VARIANT_TITLES": words.VARIANT_TITLES,
        "VARIANT_PHRASES": words.VARIANT_PHRASES,
        "STATUS_WORDS": words.STATUS_WORDS,
        "CODES": words.CODES,
        "HELD_WORDS": words.HELD_WORDS,
        "WEIGHTS_WORDS": words.WEIGHTS_WORDS,
    }
    made.globals |= _macros(made, {})
    return made


def _from_markdown(text: str) -> Markup:
    # names of models are part of it: what looks like markup in them stays text
    return Markup(MarkdownIt("commonmark", {"html": False}).render(text))


def macros(root: str, model_pages: Mapping[str, str]) -> dict[str, Any]:
    """The macros for a page, in which a name of ``model_pages`` leads there; ``root`` leads to the root."""
    return _macros(environment(), {"root": root, "model_pages": model_pages})


def _macros(made: Environment, context: Mapping[str, Any]) -> dict[str, Any]:
    found = {file: made.get_template(file).make_module(dict(context)) for file in MACROS}
    return {name: getattr(found[file], name) for file, names in MACROS.items() for name in names}


def fill(text: str, chart: Chart, results: Results) -> Markup:
    """``text``, the headline or the note of ``chart``, with the values it cites."""
    facts = results[chart.facts].first if chart.facts else None
    filled = environment().from_string(text).render(results=results, facts=facts)
    return Markup(" ".join(filled.split()))

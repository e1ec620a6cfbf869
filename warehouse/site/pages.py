"""Every page as HTML, from results and templates. Nothing here touches the disk but to read templates."""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markdown_it import MarkdownIt
from markupsafe import Markup

from warehouse.site import sentences
from warehouse.site.charts.parts import Panel
from warehouse.site.charts.rendering import specification
from warehouse.site.citations import citation
from warehouse.site.cited_values import in_words, month, number, word
from warehouse.site.figures import CATEGORIES, FRONT, Figure, drawn
from warehouse.site.freshness import state
from warehouse.site.html_tables import Column, records, table
from warehouse.site.queries import Result, Results
from warehouse.tables import TABLES
from warehouse.workspace import ROOT

TEMPLATES = Path(__file__).parent / "templates"
PAGES = (
    ("index.html", "The gap"),
    ("boards.html", "Boards"),
    ("claims.html", "Claims"),
    ("sources.html", "Sources"),
    ("method.html", "Method"),
    ("dictionary.html", "Dictionary"),
)
DESCRIPTION = (
    "The monthly gap between the best US and the best Chinese AI models, with its uncertainty and sources."
)
METHOD_ELSEWHERE = "# Method\n\nThe rules are in `docs/method.md` of the project."
CARD = {"raw": "Raw votes", "style_control": "With style control"}


@dataclass(frozen=True)
class Edition:
    """The release the pages are of: its name and the day it was published."""

    name: str
    published_on: date


def render(
    results: Results,
    edition: Edition,
    extra: tuple[tuple[str, str], ...] = (),
    panels: Mapping[str, list[Panel]] | None = None,
) -> dict[str, str]:
    """Name of each page to its HTML.

    ``extra``: further pages to link to, as (file, name). ``panels``: of `figures.drawn`, if they are drawn already.
    """
    panels = drawn(results) if panels is None else panels
    environment = Environment(
        loader=FileSystemLoader(TEMPLATES),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    release = results["release"]
    common = {
        "pages": (*PAGES, *extra),
        "edition": edition,
        "edition_day": in_words(edition.published_on),
        "description": DESCRIPTION,
        "version": release.cell(0, "project_version"),
        "schema_version": release.cell(0, "schema_version"),
        "inputs": number(release, "inputs", 0),
    }
    contents: dict[str, Mapping[str, Any]] = {
        "index.html": _front(results, edition, panels),
        "boards.html": _boards(results, edition, panels),
        "claims.html": {"headline": sentences.claims(results), "records": _claims(results["claims"])},
        "sources.html": {
            "headline": sentences.sources(results),
            "records": _sources(results["sources"], edition),
        },
        "method.html": {"title": "Method", "body": Markup(MarkdownIt().enable("table").render(_method()))},
        "dictionary.html": {"tables": sorted(TABLES, key=lambda t: (t.schema != "main", t.schema))},
        **{file: {"example": results["variants"].sql.rstrip()} for file, _ in extra},
    }
    template = {"method.html": "text.html.j2"}
    return {
        file: environment.get_template(template.get(file, f"{file}.j2")).render(common, here=file, **content)
        for file, content in contents.items()
    }


def _method() -> str:
    """docs/method.md of a checkout; an installed package carries no docs and says where they are."""
    path = ROOT / "docs" / "method.md"
    return path.read_text(encoding="utf-8") if path.is_file() else METHOD_ELSEWHERE


def _front(results: Results, edition: Edition, panels: Mapping[str, list[Panel]]) -> dict[str, Any]:
    claims = results["claims"]
    measured = [n for n, v in enumerate(claims.column("verdict")) if v in ("reproduced", "differs")]
    return {
        "now": sentences.now(results),
        "cards": [_card(results["now"], row) for row in range(len(results["now"]))],
        "figures": _figures(FRONT, results, edition, panels),
        "claims": {"headline": sentences.claims(results), "table": _claims_short(claims, measured)},
        "sources": {
            "headline": sentences.sources(results),
            "table": _sources_short(results["sources"], edition),
        },
    }


def _card(now: Result, row: int) -> dict[str, Any]:
    gap, variant = now.cell(row, "gap_points"), now.cell(row, "variant")
    side = sentences.side(gap)
    if now.cell(row, "gap_low") is not None:
        interval = Markup("{} to {} points").format(
            number(now, "gap_low", 1, row), number(now, "gap_high", 1, row)
        )
    elif now.cell(row, "interval_month") is not None:
        interval = Markup("none for this month; newest, of {}: {} ({} to {})").format(
            month(now, "interval_month", row),
            number(now, "interval_gap", 1, row),
            number(now, "interval_low", 1, row),
            number(now, "interval_high", 1, row),
        )
    else:
        interval = Markup("none published")
    return {
        "variant": variant,
        "title": CARD.get(variant, variant),
        "month": month(now, "month", row),
        "side": {"US": "us", "China": "cn"}.get(side, "level"),
        "word": {"US": "of US lead", "China": "of Chinese lead"}.get(side, "apart: level"),
        "gap": number(now, "gap_points", 1, row, size=True),
        "us_model": word(now, "us_model", row),
        "us_maker": now.cell(row, "us_maker") or "",
        "us_score": number(now, "us_score", 1, row),
        "cn_model": word(now, "cn_model", row),
        "cn_maker": now.cell(row, "cn_maker") or "",
        "cn_score": number(now, "cn_score", 1, row),
        "interval": interval,
        "spread": _spread(now, row),
        "wins": number(now, "us_wins_pct", 0, row),
    }


def _spread(now: Result, row: int) -> Markup:
    """How far the definitions are apart, of the month the interval is of: one snapshot alone cannot differ."""
    if now.cell(row, "gap_low") is None and now.cell(row, "interval_spread") is not None:
        return Markup("{} points in {}").format(
            number(now, "interval_spread", 1, row), month(now, "interval_month", row)
        )
    return Markup("{} points").format(number(now, "definition_spread", 1, row))


def _figures(
    among: tuple[Figure, ...], results: Results, edition: Edition, panels: Mapping[str, list[Panel]]
) -> list[dict[str, Any]]:
    return [_figure(figure, results, edition, panels[figure.id]) for figure in among if figure.id in panels]


def _figure(figure: Figure, results: Results, edition: Edition, panels: list[Panel]) -> dict[str, Any]:
    beside = [
        (name, caption, table(results[name], columns, caption, stack=True))
        for name, columns, caption in figure.beside
    ]
    return {
        "id": figure.id,
        "kicker": figure.kicker,
        "headline": figure.headline(results),
        "note": figure.note(results),
        "main": figure.main,
        "rows": len(results[figure.main]),
        "panels": [
            {
                "key": panel.key,
                "title": panel.title,
                # a model called </script> must not end the script
                "spec": Markup(
                    json.dumps(specification(panel, results), ensure_ascii=False).replace("<", "\\u003c")
                ),
            }
            for panel in panels
        ],
        "table": table(results[figure.main], figure.columns, f"Rows of: {figure.kicker}"),
        # small tables of facts stand open, long lists are folded away
        "beside_open": [html for name, _, html in beside if name.endswith("_facts")],
        "beside_closed": [
            (Markup("{} ({})").format(caption, len(results[name])), html)
            for name, caption, html in beside
            if not name.endswith("_facts")
        ],
        "citation": citation(figure, results, edition.name).line(),
        "sql": [(name, results[name].sql.rstrip()) for name in figure.queries],
    }


def _claims_short(claims: Result, rows: list[int]) -> Markup:
    columns = (
        Column("statement", "Claim"),
        Column("claimant", "Who"),
        Column("claimed_on", "When", "day"),
        Column("claimed_value", "Claimed"),
        Column("measured_value", "Measured", 2),
        Column("unit", "Unit"),
        Column("verdict", "Verdict", "verdict"),
    )
    return table(claims, columns, "Claims that can be measured", rows, stack=True)


def _claims(claims: Result) -> Markup:
    columns = (
        Column("verdict", "Verdict", "verdict"),
        Column("claimant", "Who"),
        Column("claimed_on", "When", "day"),
        Column("claimed_value", "Claimed"),
        Column("measured_value", "Measured", 2),
        Column("unit", "Unit"),
        Column("rule", "Rule"),
        Column("explanation", "What was found"),
        Column("source", "Where it stands"),
    )
    return records(claims, "statement", columns)


def _with_state(sources: Result, edition: Edition) -> Result:
    """``sources`` with a column of words on freshness; it is no figure and carries no hook."""
    states = [state(dict(zip(sources.names, row, strict=True)), edition.published_on) for row in sources.rows]
    rows = tuple((*row, words) for row, words in zip(sources.rows, states, strict=True))
    return Result(sources.id, sources.sql, (*sources.names, "state"), rows)


def _sources_short(sources: Result, edition: Edition) -> Markup:
    columns = (
        Column("title", "Source"),
        Column("producer", "Whose figures"),
        Column("licence", "Licence"),
        Column("inputs", "Files", 0),
        Column("last_published_on", "Figures to", "day"),
        Column("state", "On the day of the release"),
    )
    return table(_with_state(sources, edition), columns, "Sources, licences and freshness", stack=True)


def _sources(sources: Result, edition: Edition) -> Markup:
    columns = (
        Column("source_id", "Name"),
        Column("producer", "Whose figures"),
        Column("mirror", "Copied by"),
        Column("licence", "Licence"),
        Column("redistribution_note", "May it ship"),
        Column("coverage", "Coverage"),
        Column("precision", "Precision"),
        Column("inputs", "Files", 0),
        Column("last_published_on", "Figures to", "day"),
        Column("state", "On the day of the release"),
        Column("citation", "Citation"),
        Column("address", "Address", "link"),
    )
    return records(_with_state(sources, edition), "title", columns)


def _boards(results: Results, edition: Edition, panels: Mapping[str, list[Panel]]) -> dict[str, Any]:
    listed, months = results["board_list"], results["board_months"]
    columns = (
        Column("month", "Month", "month"),
        Column("variant", "Variant", "word"),
        Column("status", "Status", "word"),
        Column("gap_points", "US lead", 1),
        Column("gap_low", "95 % from", 1),
        Column("gap_high", "to", 1),
        Column("us_model", "Best US model", "name"),
        Column("us_score", "its score", 1),
        Column("cn_model", "Best Chinese model", "name"),
        Column("cn_score", "its score", 1),
        Column("published_on", "Published", "day"),
    )
    boards = []
    for row, board in enumerate(listed.column("board")):
        rows = [n for n, name in enumerate(months.column("board")) if name == board]
        name = listed.cell(row, "name")
        if rows:
            held = Markup("{} with a gap, {} to {}").format(
                sentences.plural(listed, "months_with_gap", "month", "months", row),
                month(listed, "first_month", row),
                month(listed, "last_month", row),
            )
        else:
            held = Markup("No month has both a US and a Chinese model here")
        boards.append(
            {
                **{
                    key: listed.cell(row, key) for key in ("board", "name", "kind", "unit", "private", "note")
                },
                "ceiling": number(listed, "ceiling", 0, row) if listed.cell(row, "ceiling") else None,
                "months": held,
                "table": table(months, columns, f"Months of {name}", rows) if rows else None,
            }
        )
    return {
        "boards": boards,
        "figures": _figures((CATEGORIES,), results, edition, panels),
    }

"""The Stanford AI Index's chapter pages: figures about the United States and China in prose and tables.

Written after descriptions of the pages, without a capture of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from pathlib import PurePath
from typing import TYPE_CHECKING, Any

import polars as pl

from sources.contract import FIGURE, Request, Snapshot, Source, conform
from sources.errors import EmptyTable, ParseError, excerpt
from sources.parsing.ai_index.report import REPORT, known_at_of, origin
from sources.parsing.ai_index.tables import table_figures
from sources.parsing.bodies import looks_like_markup
from sources.parsing.html import page_tree, read_tables

if TYPE_CHECKING:
    from bs4 import BeautifulSoup

EDITIONS = (2025, 2026)
#: The report's own page with its takeaways, and the chapters that compare the two countries.
CHAPTERS = ("", "research-and-development", "technical-performance", "economy")

BLOCKS = ["p", "li", "h1", "h2", "h3", "h4", "h5", "h6", "blockquote", "figcaption", "dd"]
NOT_TEXT = ["script", "style", "noscript", "template", "svg", "nav", "footer", "sup", "form"]
_EDITION_IN_ADDRESS = re.compile(r"/(20\d\d)-ai-index-report\b")
_EDITION_IN_TITLE = re.compile(r"\b(20\d\d) AI Index|\bAI Index(?: Report)? (20\d\d)", re.I)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per figure in prose or in a table, with the edition that the page names."""
    # Loaded only to parse: its patterns take longer to compile than all other sources to load.
    from sources.parsing.ai_index.sentences import FIGURE_REFERENCE, figures_in

    where = snapshot.where()
    text = snapshot.text()
    if not text.strip():
        raise EmptyTable(f"{where}: an empty body", "a web page")
    if not looks_like_markup(snapshot.body):
        raise ParseError(
            f"{where}: {excerpt(text, 40)!r}",
            "a web page",
            "the address may have moved: docs/runbook.md#address-changed",
        )
    page = page_tree(text)
    edition = _edition(page, snapshot, where)
    captions = [_caption(tag.find_all("caption")) for tag in page.find_all("table")]
    rows = [row for paragraph in _paragraphs(page) for row in figures_in(paragraph)]
    for table, caption in zip(read_tables(snapshot), captions, strict=True):
        figure = FIGURE_REFERENCE.search(caption)
        title = FIGURE_REFERENCE.sub("", caption).strip(" :.–-") or "table"
        cells = [[cell.text for cell in row] for row in table.rows]
        found = table_figures(table.header, cells, title)
        rows += [row | {"figure": figure[1] if figure else None} for row in found]
    common = {"edition": edition, "address": snapshot.receipt.address or None}
    # A page may print a sentence twice, for wide and for narrow screens.
    return conform([row | common for row in rows], FIGURE).unique(maintain_order=True)


def _edition(page: BeautifulSoup, snapshot: Snapshot, where: str) -> int:
    """The edition in the page, else in its address or request: old addresses lead to new editions."""
    links = [str(tag.get("href") or tag.get("content") or "") for tag in page.find_all(["link", "meta"])
             if "canonical" in str(tag.get("rel")) or tag.get("property") == "og:url"]  # fmt: skip
    titles = [tag.get_text(" ") for tag in page.find_all(["title", "h1"])]
    for pattern, passages in (
        (_EDITION_IN_ADDRESS, links),
        (_EDITION_IN_TITLE, titles),
        (_EDITION_IN_ADDRESS, [snapshot.receipt.address]),
        (re.compile(r"^(20\d\d)-"), [snapshot.request]),
    ):
        for text in passages:
            found = pattern.search(text)
            if found:
                return int(next(group for group in found.groups() if group))
    raise ParseError(
        f"{where}: no edition in its address or title", "as in 2026-ai-index-report", "look at it"
    )


def request_of(path: PurePath) -> str | None:
    """The chapter and edition in a file's name, in either order."""
    year = re.search(r"(?<!\d)(20\d\d)(?![\d-]\d)", path.name) or re.search(
        r"(?<!\d)(20\d\d)(?!\d)", path.name
    )
    chapter = next((name for name in CHAPTERS[1:] if name in path.name.replace("_", "-")), "report")
    named = f"{year[1]}-{chapter}" if year else ""
    return named if named in {request.name for request in SOURCE.requests} else None


def _paragraphs(page: BeautifulSoup) -> Iterator[str]:
    for tag in page.find_all([*NOT_TEXT, "table"]):
        tag.decompose()
    for tag in page.find_all("br"):
        tag.replace_with(" ")
    for tag in page.find_all(BLOCKS):
        # Only the innermost blocks: an outer one repeats their text.
        if tag.find(BLOCKS) is None:
            text = " ".join(tag.get_text().split())
            if text:
                yield text


def _caption(tags: list[Any]) -> str:
    return " ".join(tags[0].get_text(" ").split()) if tags else ""


SOURCE = Source(
    id="ai_index_pages",
    title="Stanford AI Index, chapter pages",
    origin=origin(
        "AI Index Report, chapter pages",
        REPORT,
        False,
        "CC BY-ND allows no altered copies, and sentences are kept as evidence, so they are read but never shipped.",
    ),
    requests=tuple(
        Request(
            f"{edition}-{chapter or 'report'}",
            "/".join(filter(None, (REPORT, f"{edition}-ai-index-report", chapter))),
            ("text/html", "application/xhtml+xml"),
        )
        for edition in EDITIONS
        for chapter in CHAPTERS
    ),
    parse=parse,
    cadence=timedelta(days=365),
    # A chapter has few sentences about both countries and is edited after publication.
    row_floor=1,
    may_shrink=True,
    schema=FIGURE,
    raw_patterns=("ai_index/**/*.html",),
    request_of=request_of,
    known_at_of=known_at_of,
)

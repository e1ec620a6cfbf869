"""The AI Index's chapter pages. No capture was at hand: the pages are made after descriptions of them."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import PurePath

import polars as pl
import pytest

from sources.contract.rows import FIGURE
from sources.contract.validation import read
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures import bodies
from tests.fixtures.bodies import figure_values as values_of


def page(
    *inside: str, title: str = "Technical Performance | The 2026 AI Index Report", head: str = ""
) -> str:
    """A sample chapter page: prose under headings, with what pages have around it."""
    body = "".join(inside)
    return (
        f"<!DOCTYPE html><html><head><title>{title}</title>{head}</head><body><nav><p>The US has 1 China menu.</p>"
        f"</nav><main><h1>Chapter</h1>{body}</main><script>var p = 'China had 999 notable models';</script>"
        "<footer><p>In 2024 the US had 77 notable models, China 7.</p></footer></body></html>"
    )


PROSE = "<p>In 2025 the <b>U.S.</b> had <strong>fifty</strong> notable models, China<span>’s</span> count was 30.</p>"


def pages(body: str | bytes, request: str = "2026-technical-performance") -> pl.DataFrame:
    return bodies.parsed("ai_index_pages", body, request)


def test_a_page_gives_its_figures_with_edition_and_sentence() -> None:
    """Would catch menus and scripts read as prose, or a figure without its words."""
    frame = pages(page(PROSE))
    assert dict(frame.schema) == dict(FIGURE)
    (row,) = frame.iter_rows(named=True)
    assert (row["edition"], row["us"], row["china"]) == (2026, 50.0, 30.0)
    assert row["sentence"] == "In 2025 the U.S. had fifty notable models, China’s count was 30."


def test_figures_are_read_once_from_nested_and_repeated_blocks() -> None:
    """Would catch each figure counted for every block around it, or for wide and narrow screens."""
    sentence = "In 2025 the US had 50 notable models and China 30."
    body = page(f"<ul><li><p>{sentence}</p></li></ul>", f"<blockquote><p>{sentence}</p></blockquote>")
    assert pages(body).height == 1


def test_footnote_marks_are_no_digits() -> None:
    """Would catch "30²" read as 302."""
    body = page("<p>In 2025 the US had 50<sup>1</sup> notable models and China 30<sup>2</sup>.</p>")
    assert pages(body).select("us", "china").row(0) == (50.0, 30.0)


def test_the_page_says_its_edition_whatever_was_asked() -> None:
    """Would catch last year's address, led on to this year's page, dating its figures."""
    link = '<link rel="canonical" href="https://hai.stanford.edu/ai-index/2025-ai-index-report/economy">'
    assert pages(page(PROSE, head=link))["edition"].to_list() == [2025]
    assert pages(page(PROSE, title="AI Index 2025"))["edition"].to_list() == [2025]
    assert pages(page(PROSE, title="Economy"))["edition"].to_list() == [2026]


def test_figure_numbers_are_kept_and_not_counted() -> None:
    """Would catch "Figure 1.3.1" read as a figure about China, or its number lost."""
    frame = pages(page("<p>In 2025 the US had 50 notable models and China 30 (Figure 1.3.1).</p>"))
    assert frame.select("figure", "us", "china").row(0) == ("1.3.1", 50.0, 30.0)


def test_tables_with_the_countries_in_columns_and_in_rows() -> None:
    """Would catch a table read by its place, or a total taken for a country."""
    wide = (
        "<table><caption>Figure 1.3.2 Notable models</caption><tr><th>Year</th><th>China</th><th>United States</th>"
        "</tr><tr><td>2024</td><td>15</td><td>40</td></tr></table>"
    )
    tall = (
        "<table><caption>Private investment</caption><tr><th>Geographic area</th><th>2023</th><th>2024</th></tr>"
        "<tr><td>World</td><td>$90.1</td><td>$150.8</td></tr><tr><td>China</td><td>$7.8</td><td>$9.3</td></tr>"
        "<tr><td>U.S.</td><td>$67.2</td><td>$109.1</td></tr></table>"
    )
    frame = pages(page(wide, tall))
    rows = [values_of(row) for row in frame.iter_rows(named=True)]
    assert {"measure": "Notable models", "period": "2024", "us": 40.0, "china": 15.0} in rows
    assert {"measure": "Private investment", "period": "2024", "us": 109.1, "china": 9.3} in rows
    assert {"measure": "Private investment", "period": "2023", "other": 90.1, "other_label": "World"} in rows
    assert frame.filter(pl.col("figure") == "1.3.2").height == 1
    assert frame["sentence"].null_count() == 0


@pytest.mark.parametrize(
    ("body", "error", "says"),
    [
        (b"", EmptyTable, "empty body"),
        (b'{"error": "not found"}', ParseError, "a web page"),
        (b"\xff\xfe<html>", ParseError, "not UTF-8"),
        (page("<p>Nothing of the kind.</p>"), EmptyTable, "no rows"),
        (page("<p>Just a moment …</p>", title="Sign in"), EmptyTable, "no rows"),
    ],
    ids=["empty", "not a page", "not UTF-8", "no figures", "login"],
)
def test_a_page_without_figures_is_refused(body: str | bytes, error: type[Exception], says: str) -> None:
    """Would catch a login page that replaces a chapter."""
    with pytest.raises(error, match=says):
        pages(body)


def test_a_page_of_no_edition_is_refused() -> None:
    """Would catch figures of unknown edition: editions disagree about the same month."""
    taken = bodies.snapshot("ai_index_pages", page(PROSE, title="AI"), "2026-economy")
    source = get("ai_index_pages")
    unknown = replace(taken, receipt=replace(taken.receipt, request="economy"))
    with pytest.raises(ParseError, match="no edition"):
        read(source, unknown)


def test_live_addresses_and_local_names() -> None:
    """Would catch a chapter asked for under an address that no edition has, or filed under another."""
    source = get("ai_index_pages")
    addresses = {request.name: request.address for request in source.requests}
    assert addresses["2026-economy"] == "https://hai.stanford.edu/ai-index/2026-ai-index-report/economy"
    assert addresses["2025-report"] == "https://hai.stanford.edu/ai-index/2025-ai-index-report"
    assert source.request_of(PurePath("2026-research-and-development_2026-05-01.html")) == (
        "2026-research-and-development"
    )
    assert source.request_of(PurePath("economy 2025.html")) == "2025-economy"
    assert source.request_of(PurePath("economy.html")) is None
    assert source.known_at_of(PurePath("2026-economy_2026-05-01.html"), b"") == datetime(
        2026, 5, 1, tzinfo=UTC
    )
    assert not source.origin.redistributable

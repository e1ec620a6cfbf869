"""The captured page: twenty tables, one of them wanted."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.contract.source import Precision
from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import (
    ARENA_HEADER,
    PICTURE_MODELS,
    TEXT_MODELS,
    arena_page,
    arena_rows,
    html_table,
    parsed,
    read_file,
)

SOURCE = get("arena_html")


def page(*tables: str) -> str:
    return f"<html><body>{''.join(tables)}</body></html>"


def test_the_text_board_is_found_by_what_it_holds() -> None:
    """Would catch the first table taken, which here is the vision board, or a sizing dummy's row as leader."""
    frame = parsed("arena_html", arena_page())
    text = frame.filter(pl.col("board") == "arena_text")
    assert text["model_name"].to_list() == TEXT_MODELS
    assert frame.filter(pl.col("board") == "arena_vision")["model_name"].to_list() == PICTURE_MODELS
    assert set(frame["board"]) == {"arena_text", "arena_vision"}
    row = text.row(1, named=True)
    assert (row["score"], row["score_low"], row["score_high"], row["votes"]) == (1442.0, 1434.0, 1453.0, 3001)
    assert (row["organization_name"], row["license_name"], row["rank"]) == ("Contoso", "MIT", 2)
    assert (row["variant"], row["category"], row["published_on"]) == ("raw", "overall", None)
    assert json.loads(row["extra"]) == {"rank_style_control": 3}


def test_a_board_that_cannot_be_told_is_left_out() -> None:
    """Would catch a table of unknown kind published as one we know."""
    unknown = html_table(ARENA_HEADER, arena_rows(["Sample-1", "Sample-2"], 1500))
    text = html_table(ARENA_HEADER, arena_rows(TEXT_MODELS, 1443))
    mixed = html_table(ARENA_HEADER, arena_rows(["o3-mini", "Pixtral-Sample"], 1600))
    frame = parsed("arena_html", page(unknown, text, mixed))
    assert frame["model_name"].to_list() == TEXT_MODELS


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (page(html_table(ARENA_HEADER, arena_rows(PICTURE_MODELS, 1342))), "expected a table of text models"),
        (
            page(*[html_table(ARENA_HEADER, arena_rows(TEXT_MODELS, 1443))] * 2),
            "two tables look like arena_text",
        ),
        (page("<p>Just a moment…</p>"), r"0 tables \(none\)"),
        (page(html_table(["Model", "Score"], [["o3-mini", 1]])), r"1 tables \(Model, Score\)"),
        (arena_page().replace("+11/-8", "wide"), "interval 'wide'"),
        (arena_page().replace(">3001\n", ">many\n"), "votes 'many'"),
    ],
    ids=["only pictures", "two", "no table", "other table", "interval", "votes"],
)
def test_another_page_is_named(body: str, says: str) -> None:
    """Would catch a consent page, or a redesign, read as an empty or other board."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("arena_html", body)
    assert "\n" not in caught.value.line()


def test_known_on_the_day_of_capture() -> None:
    """Would catch the day of download taken for the day of capture."""
    assert SOURCE.known_at_of(PurePath("tables_2025-03-28.html"), b"") == datetime(2025, 3, 28, tzinfo=UTC)
    assert SOURCE.precision is Precision.ROUNDED


def test_the_real_page(upstream: Path) -> None:
    """Would catch real markup that the sample page lacks. Its 21 rows were counted by eye; the leader is known."""
    (path,) = (upstream / "arena_html").glob("*.html")
    frame = read_file(SOURCE, path)
    text = frame.filter(pl.col("board") == "arena_text")
    assert text.height == 21
    assert text.row(0, named=True)["model_name"] == "Gemini-2.5-Pro-Exp-03-25"
    assert text.select("score", "score_low", "score_high", "votes").row(0) == (1443.0, 1435.0, 1454.0, 3474)
    assert (text["score"].diff().drop_nulls() <= 0).all()
    assert frame.filter(pl.col("board") == "arena_vision").height == 34
    assert frame["organization_name"].null_count() == 0
    assert 117763 not in frame["votes"], "the widest cell of a dummy"

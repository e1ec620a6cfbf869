"""The pages of boards, categories, models and pairs of countries.

Would catch a page under a name that leaves its folder, two names on one page, a drawing of other rows than its board's,
an empty page that gives the wrong reason, a pair of countries that `gap_pair` contradicts.
"""

from __future__ import annotations

import json
import math
import re
import zlib
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest
from bs4 import BeautifulSoup

from warehouse.db import read_only
from warehouse.site import board_words, dictionary_text, page_files, queries
from warehouse.site.drawing.templates import ROWS
from warehouse.site.html_pages import render
from warehouse.site.page import Page
from warehouse.site.pages import declared
from warehouse.site.queries import QueryResult, Results
from warehouse.site.reading import ShownRelease
from warehouse.site.words import HELD_WORDS
from warehouse.tables import domains

RELEASE = ShownRelease("aigap-20261122T120000Z-0123456789ab", date(2026, 11, 22))
HOSTILE = (
    "../../etc/passwd", "a/b", "a\\b", "a--b", ".hidden", "trailing.", "CON", "con", "nul.html", "index", "Index", "",
    " ", "名前", "名字", "naïve", "naive", "x" * 300, "x" * 301, "<script>alert(1)</script>", 'a" onload="b', "a?b#c",
    "a%2Fb", "a\nb", "@us", "-rf", "\u202eabc", "[[lead]]", "{{ 7 * 7 }}", "Qwen2.5", "qwen2.5",
)  # fmt: skip


@pytest.fixture(scope="module")
def results(shipped: Path) -> Results:
    with read_only(shipped) as con:
        return queries.run_all(con)


def test_every_name_has_a_file_of_its_own_that_is_safe_anywhere() -> None:
    slugs = [page_files.slug(name) for name in HOSTILE]
    assert len({slug.lower() for slug in slugs}) == len(HOSTILE)
    for slug in slugs:
        assert re.fullmatch(r"[a-z0-9]([a-z0-9._-]*[a-z0-9])?", slug)
        assert len(slug) <= page_files.LONGEST
        assert slug.split(".")[0] not in ("index", "con", "nul")
    assert page_files.slug("claude-opus-4.6") == "claude-opus-4.6"
    # a category is no part of the name of another board
    assert page_files.board_file("a", "b") not in {page_files.board_file("a--b"), page_files.board_file("a")}


def stored(text: str) -> list[dict[str, Any]]:
    """The rows that a page stores for a drawing."""
    table = json.loads(text)[ROWS]
    return [dict(zip(table["names"], row, strict=True)) for row in table["rows"]]


def renamed(results: Results, query: str, column: str, old: Any, new: Any) -> QueryResult:
    """The result of ``query`` with ``new`` for every ``old`` in ``column``."""
    found = results[query]
    place = found.names.index(column)
    rows = (tuple(new if n == place and v == old else v for n, v in enumerate(row)) for row in found.rows)
    return replace(found, rows=tuple(rows))


def test_a_hostile_name_of_a_model_is_shown_as_it_is(results: Results) -> None:
    """Would catch a name read as markup, as a colour, as a word to fill in, or as a path."""
    name = "@us[[lead]]</script><script>alert(1)</script>{{ 7 * 7 }}/../../etc"
    old = results["led_models"].cell(0, "printed_name")
    changed = {
        **results,
        "led_models": renamed(results, "led_models", "printed_name", old, name),
        "led_names": renamed(results, "led_names", "model_name", old, name),
        "board_series": renamed(results, "board_series", "us_model", old, name),
        "board_tops": renamed(results, "board_tops", "model_name", old, name),
    }
    assert old in results["board_series"].column("us_model")
    page_of_model = page_files.model_file(results["led_models"].cell(0, "model_id"))
    files = {"boards/arena_text.html", page_of_model}
    rendered = render(changed, RELEASE, [], wanted=lambda page: page.file in files)
    model = BeautifulSoup(rendered[page_of_model], "lxml")
    board = BeautifulSoup(rendered["boards/arena_text.html"], "lxml")
    assert model.h1 is not None
    assert model.h1.get_text() == name
    assert f"../{page_of_model}" in {a["href"] for a in board.select(".card a") if a.get_text() == name}
    for page in (model, board):
        assert "alert(1)" not in " ".join(script.get_text() for script in page.select("script:not([type])"))
    drawn = [row for script in board.select('script[id$="-rows"]') for row in stored(script.get_text())]
    assert name in {row.get("us_model") for row in drawn}


def test_a_name_in_the_dictionary_is_no_markup() -> None:
    """Would catch the result of an example read as HTML."""
    shown = dictionary_text.html(
        "# t\n\n## Example\n\n| model |\n| --- |\n| <img src=x onerror=alert(1)> |\n"
    )
    assert "<img" not in shown
    assert '<div class="scroll" role="region" aria-label="Example"' in shown


def test_a_drawing_has_the_rows_of_its_board_and_no_others(results: Results) -> None:
    of_query = {"gap": "board_series", "top": "board_tops", "reigns": "board_reigns"}

    def is_read(page: Page) -> bool:
        return page.template == "board.html.j2" and zlib.crc32(page.file.encode()) % 9 == 0

    pages = {page.file: page for page in declared(results) if is_read(page)}
    drawn = 0
    for file, html in render(results, RELEASE, [], wanted=is_read).items():
        context = pages[file].context
        board, category = context["board"]["board"].value, context["category"]
        for script in BeautifulSoup(html, "lxml").select('script[id$="-rows"]'):
            kind, variant, *scope, _ = str(script["id"]).split("-")
            whole = [
                row
                for row in results[of_query[kind]].records()
                if row["board"] == board
                and row["variant"] == variant
                and row.get("category", category) == category
                and (not scope or (row["scope"], row["level"]) == (scope[0], "organization"))
            ]
            shown = [
                {name: value for name, value in row.items() if name != "name"}
                for row in stored(script.get_text())
            ]
            assert shown == [{name: row[name] for name in shown[0]} for row in whole]
            drawn += 1
    assert drawn > 5


def test_every_board_has_a_page_and_an_empty_one_says_why(results: Results, shipped: Path) -> None:
    """Would catch "nothing is held" of a board that lists models of one side."""
    with read_only(shipped) as con:
        without = dict(
            con.sql(
                "SELECT board, count(snapshot_id) > 0 FROM core.boards LEFT JOIN core.snapshots USING (board) "
                "WHERE board NOT IN (SELECT board FROM monthly_gap WHERE gap_points IS NOT NULL AND category = "
                "'overall') GROUP BY board"
            ).fetchall()
        )
    pages = {
        page.context["board"]["board"].value: page for page in declared(results) if "variants" in page.context
    }
    assert set(pages) == set(results["board_list"].column("board"))
    reasons = {board: pages[board].context["board"]["empty_reason"].value for board in pages}
    assert {board for board, reason in reasons.items() if reason} == set(without)
    assert {board for board, reason in reasons.items() if reason == "nothing_held"} == {
        board for board, held in without.items() if not held
    }
    assert reasons["self_bbh"] == "no_cn_model"


@pytest.mark.parametrize(
    ("status", "category", "reason"),
    [
        ("ambiguous", "overall", "ambiguous"),
        ("no_us_model", "overall", "no_us_model"),
        ("no_cn_model", "overall", "no_cn_model"),
        ("withheld", "overall", "withheld"),
        ("observed", "coding", "category_only"),
    ],
)
def test_the_reason_of_an_empty_board_is_that_of_its_months(status: str, category: str, reason: str) -> None:
    """Would catch a reason that nothing in the shipped history has."""
    gap = "1.0" if status == "observed" else "NULL"
    with duckdb.connect() as con:
        con.sql(
            "CREATE SCHEMA core; CREATE SCHEMA meta;"
            "CREATE TABLE core.boards AS SELECT 'b' AS board, 'B' AS name, 'exam' AS kind, 'percent' AS unit, "
            "100.0 AS ceiling, NULL AS chance, false AS private, NULL::VARCHAR AS note, 'e' AS evidence;"
            f"CREATE TABLE monthly_gap AS SELECT 'b' AS board, DATE '2026-05-01' AS month, '{status}' AS status, "
            f"'{category}' AS category, {gap}::DOUBLE AS gap_points;"
            "CREATE TABLE core.snapshots AS SELECT 'b' AS board, DATE '2026-05-03' AS published_on;"
            "CREATE TABLE meta.coverage AS SELECT 'b' AS board, true AS board_stands_still, false AS is_self_reported;"
            "CREATE TABLE core.board_ends (board VARCHAR, ended_on DATE, evidence VARCHAR)"
        )
        found = queries.run(con, "board_list")
    assert found.cell(0, "empty_reason") == reason
    assert reason in board_words.EMPTY


def test_every_code_that_a_reader_could_meet_has_words() -> None:
    """Would catch a status or a kind shown as its code."""
    assert set(board_words.KINDS) == set(board_words.KIND_TITLES) == set(domains.KINDS)
    assert set(board_words.UNITS) == set(board_words.UNIT_POINTS) == set(domains.UNITS)
    assert set(board_words.BASES) == set(domains.BASES)
    assert set(board_words.DATE_BASES) == set(domains.DATE_BASES)
    assert set(domains.STATUSES) == set(HELD_WORDS)


@pytest.mark.parametrize("pair", [("US", "FR"), ("CN", "KR")])
def test_a_pair_has_the_rows_of_gap_pair(results: Results, shipped: Path, pair: tuple[str, str]) -> None:
    columns = "board, variant, month, gap_points, gap_low, gap_high, a_model, b_model"
    with read_only(shipped) as con:
        expected = con.execute(
            f"SELECT {columns} FROM gap_pair(?, ?) WHERE category = 'overall' AND NOT starts_with(board, 'self_') "
            "AND gap_points IS NOT NULL AND status IN ('observed', 'leaders_only') ORDER BY board, variant, month",
            list(pair),
        ).fetchall()
    found = results["country_pairs"].by("a_country", "b_country")[pair]
    shown = [tuple(row[name].value for name in columns.split(", ")) for row in found]
    assert len(shown) == len(expected) > 20
    for one, other in zip(shown, expected, strict=True):
        for mine, theirs in zip(one, other, strict=True):
            same = math.isclose(mine, theirs) if isinstance(mine, float) else mine == theirs
            assert same, (one, other)


def test_what_a_model_led_is_shown_with_the_bytes_that_show_it(results: Results, shipped: Path) -> None:
    """Would catch a first place credited to another file than the one that lists it."""
    rows = [row for row in results["board_reigns"].records() if row["level"] == "model"][::40]
    with read_only(shipped) as con:
        for row in rows:
            listed = con.execute(
                "SELECT max(score) FILTER (model_name = ?), i.sha256, i.address FROM core.scores "
                "JOIN core.snapshots USING (snapshot_id) JOIN meta.inputs AS i USING (input_id) "
                "WHERE snapshot_id = ? AND category = 'overall' GROUP BY ALL",
                [row["model_name"], row["snapshot_id"]],
            ).fetchone()
            assert listed is not None
            assert listed[0] is not None
            assert listed[1:] == (row["sha256"], row["address"])
    assert len(rows) > 5

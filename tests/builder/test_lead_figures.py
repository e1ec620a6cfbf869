"""The figures of days in the lead that are fixed for the shipped history, and the questions it settles."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from tests.fixtures.warehouses import Candidate
from warehouse.workspace import PACKAGE

#: Publications that came into the history after these figures were fixed.
ADDED = {
    "raw": "published_on IN ('2025-05-18', '2026-08-06', '2026-08-19') OR published_on > '2026-10-02'",
    "style_control": "published_on IN ('2025-05-13', '2025-12-17') OR published_on > '2026-08-03' "
    "AND published_on <> '2026-10-02'",
}


@pytest.fixture(scope="module")
def before(shipped: Path) -> duckdb.DuckDBPyConnection:
    """The marts over the publications of the text board that were held then."""
    con = duckdb.connect()
    con.execute(f"ATTACH '{shipped}' AS now (READ_ONLY)")
    con.execute("CREATE SCHEMA core; CREATE SCHEMA internal")
    con.execute("CREATE VIEW internal.settings AS SELECT 45 AS publication_lasts_days")
    con.execute(
        "CREATE TABLE core.publication_leaders AS SELECT * FROM now.core.publication_leaders "
        "WHERE board = 'arena_text' AND NOT "
        f"CASE variant WHEN 'raw' THEN {ADDED['raw']} ELSE {ADDED['style_control']} END"
    )
    for mart in ("reigns", "days_led_by_month", "days_led"):
        con.execute(
            f"CREATE TABLE {mart} AS {(PACKAGE / 'marts' / f'{mart}.sql').read_text(encoding='utf-8')}"
        )
    return con


# 153 and 73 when the figures were fixed: before copies that add a model were publications (5 and 2 days more), and
# before publications that lack leaders were withheld (1 day less in each).
@pytest.mark.parametrize(
    ("variant", "publications", "known", "unknown"), [("raw", 157, 1241, 3), ("style_control", 74, 463, 112)]
)
def test_the_us_was_first_in_every_publication(
    before: duckdb.DuckDBPyConnection, variant: str, publications: int, known: int, unknown: int
) -> None:
    [found] = before.execute(
        "SELECT holder, publications, taken_from FROM reigns WHERE variant = ? AND level = 'country'",
        [variant],
    ).fetchall()
    assert found == ("US", publications, None)
    days = before.execute(
        "SELECT holder, days, known_days, unknown_days, round(share_of_known_days, 3) FROM days_led "
        "WHERE variant = ? AND level = 'country' ORDER BY holder",
        [variant],
    ).fetchall()
    assert days == [("US", known, known, unknown, 1.0), ("unknown", unknown, known, unknown, None)]


def test_makers_changed_seventeen_times(before: duckdb.DuckDBPyConnection) -> None:
    found = before.execute(
        "SELECT holder, days_at_least, days_at_most FROM days_led WHERE variant = 'raw' AND scope = 'world' "
        "AND level = 'organization' AND holder <> 'unknown' ORDER BY days_at_most DESC"
    ).fetchall()
    assert found == [("google", 395, 455), ("openai", 363, 437), ("anthropic", 343, 425), ("xai", 32, 38)]
    changes = before.execute(
        "SELECT count(taken_from) FROM reigns WHERE variant = 'raw' AND scope = 'world' AND level = 'organization'"
    ).fetchall()
    assert changes == [(17,)]


def test_nine_makers_were_first_in_china(before: duckdb.DuckDBPyConnection) -> None:
    chinese = "variant = 'raw' AND scope = 'CN' AND level = 'organization'"
    found = before.execute(f"SELECT count(*), count(DISTINCT holder) FROM reigns WHERE {chinese}").fetchall()
    assert found == [(18, 9)]
    longest = before.execute(
        "SELECT holder, first_seen::VARCHAR, days_at_least, days_at_most FROM reigns "
        f"WHERE {chinese} ORDER BY days_at_least DESC LIMIT 1"
    ).fetchall()
    assert longest == [("deepseek", "2024-12-30", 205, 226)]


def test_no_chinese_model_was_first_on_the_text_board(shipped_build: Candidate) -> None:
    """The answer counts publications and names the longest hole; it never says that none was first in between."""
    for variant, hole in (("raw", 48), ("style_control", 143)):
        [found] = shipped_build.rows(
            "SELECT answer, statement, publications, longest_hole FROM first_lead('arena_text', ?, 'CN', '2026-10-08')",
            [variant],
        )
        assert (found["answer"], found["longest_hole"]) == ("no", hole)
        assert found["statement"] == (
            f"in none of {found['publications']} publications held, longest hole {hole} days"
        )


@pytest.mark.parametrize(
    ("board", "shown", "settled", "model", "margin"),
    [
        # first in the mirror of 2026-04-07, then by the official list
        ("arena_image_to_video", "2026-04-07", "2026-06-23", "dreamina-seedance-2.0-720p", 4.4),
        ("arena_video_edit", "2026-04-14", "2026-05-12", "dreamina-seedance-2.0-720p", 114.6),
        # 1460 v 1375 and 1463 v 1370, by one mirror alone
        ("arena_text_to_video", "2026-04-07", None, None, None),
        ("arena_text_to_image", None, None, None, None),
    ],
)
def test_china_was_first_on_boards_of_video(
    shipped_build: Candidate,
    board: str,
    shown: str | None,
    settled: str | None,
    model: str | None,
    margin: float | None,
) -> None:
    """Fails when a lead that only one mirror shows is taken as settled, or a settled one is missed."""
    [found] = shipped_build.rows("SELECT * FROM first_lead(?, 'default', 'CN', '2026-10-31')", [board])
    assert found["answer"] == ("yes" if settled else "open" if shown else "no")
    assert [str(day) if day else None for day in (found["first_shown_on"], found["published_on"])] == [
        shown,
        settled,
    ]
    assert (found["model_name"], found["margin"] and round(found["margin"], 1)) == (model, margin)


def test_the_days_of_one_lead_and_the_next_on_text_to_video(shipped_build: Candidate) -> None:
    rows = shipped_build.rows(
        "SELECT holder, first_seen::VARCHAR AS first_seen, round(margin_at_start) AS margin, taken_from FROM reigns "
        "WHERE board = 'arena_text_to_video' AND level = 'country' ORDER BY reign LIMIT 3"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("US", "2026-03-06", 34, None),
        ("CN", "2026-04-07", 79, "US"),
        ("US", "2026-06-10", 61, "CN"),
    ]

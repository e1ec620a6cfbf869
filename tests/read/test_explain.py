"""`aigap explain`: every fact of a month's gap, in the words of the release it reads."""

from __future__ import annotations

import re
import shutil
from pathlib import Path

import duckdb
import pytest

from sources.errors import UsageError
from warehouse.db import read_only, read_write
from warehouse.read.explain import explain

SERIES = ("2025-04", "arena_text", "raw", "overall")


def test_explain_names_the_rule_the_snapshot_both_leaders_and_the_bytes(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    lines = explain(warehouse, *SERIES)
    assert lines[0].startswith("arena_text raw overall, April 2025: ")
    assert "% of the Chinese score, US expected score" in lines[0]
    starts = [line.split("  ")[0] for line in lines if not line.startswith(" ")][1:]
    assert starts[:6] == ["interval", "wide", "rule", "snapshot", "US", "CN"]
    assert any(line.startswith("bytes     sha256 ") for line in lines)
    assert sum(line.startswith("          evidence: ") for line in lines) == 2


def test_explain_names_the_pair_of_the_release(shipped: Path, tmp_path: Path) -> None:
    other = tmp_path / "other.duckdb"
    shutil.copy(shipped, other)
    with read_write(other) as con:
        con.execute("UPDATE meta.parameters SET value = 'KR' WHERE name = 'country_a'")
        con.execute("UPDATE meta.parameters SET value = 'FR' WHERE name = 'country_b'")
    with read_only(other) as con:
        words = "\n".join(explain(con, *SERIES))
    assert "% of the FR score, KR expected score" in words
    assert "P(KR ahead)" in words
    assert "\nKR        " in words
    assert "\nFR        " in words
    assert "Chinese" not in words
    assert "US expected" not in words


def test_a_variant_of_another_board_is_refused_with_those_of_this_one(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    with pytest.raises(UsageError, match="no variant raw; expected one of default"):
        explain(warehouse, "2025-04", "eci", "raw", "overall")


def lines_of_change(con: duckdb.DuckDBPyConnection, *series: str) -> list[str]:
    lines = explain(con, *series)
    [start] = [place for place, line in enumerate(lines) if line.startswith("change")] or [len(lines)]
    end = next((place for place in range(start + 1, len(lines)) if not lines[place].startswith(" ")), start)
    return [line.strip() for line in lines[start:end]]


def test_explain_says_what_moved_the_gap_and_names_the_models(warehouse: duckdb.DuckDBPyConnection) -> None:
    change = "change    -34.05 points since December 2024 (published 2024-12-30); models in both lists moved by +0.04"
    assert lines_of_change(warehouse, "2025-01", "arena_text", "raw", "overall") == [
        f"{change} (median)",
        "US +8.54: new +8.50 (gemini-2.0-flash-thinking-exp-01-21), re-rated +0.04",
        "CN +42.58: new +41.08 (deepseek-r1), re-rated +1.50",
        "over 12 months -98.12 points; no error is known",
    ]


def test_explain_says_when_a_list_was_cut(warehouse: duckdb.DuckDBPyConnection) -> None:
    *_, cut, in_a_year = lines_of_change(warehouse, "2026-04", "arena_text", "raw", "overall")
    assert re.fullmatch(r"over 12 months -37\.41 points ± 13\.\d\d \(95 %\)", in_a_year)
    assert (
        cut
        == "one of the lists is not whole: a new model may only be newly listed, a dropped one only unlisted"
    )


def test_the_first_month_of_a_series_has_no_change(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert lines_of_change(warehouse, "2023-05", "arena_text", "raw", "overall") == []


def test_a_release_from_before_the_changes_is_explained_without(shipped: Path, tmp_path: Path) -> None:
    old = tmp_path / "old.duckdb"
    shutil.copy(shipped, old)
    with read_write(old) as con:
        con.execute("DROP TABLE main.gap_changes")
    with read_only(old) as con:
        assert lines_of_change(con, *SERIES) == []


@pytest.mark.parametrize(
    ("month", "variant", "words"),
    [
        ("2025-11", "raw", ("interval  12.9 to 28.0 (95 %)", "wide      11.3 to 29.6: ")),
        (
            "2025-01",
            "raw",
            ("interval  13.9 to 34.7 (95 %)", "wide      the same: ", "errors    of llm_leaderboard_csv"),
        ),
        ("2026-10", "raw", ("interval  29.4 to 55.0 (95 %)", "wide      none: ", "the month was not over")),
        ("2026-08", "raw", ("interval  none: a model that is not listed could lead", "at least 21.5 points")),
        ("2023-06", "raw", ("interval  none: upstream published no standard error for a leader",)),
    ],
)
def test_explain_says_what_the_interval_is_of_or_why_there_is_none(
    warehouse: duckdb.DuckDBPyConnection, month: str, variant: str, words: tuple[str, ...]
) -> None:
    text = "\n".join(explain(warehouse, month, "arena_text", variant, "overall"))
    assert [word for word in words if word not in text] == []


def test_every_month_has_an_interval_in_words_if_and_only_if_it_has_one_in_figures(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    """The README said no interval for months in which explain printed one."""
    rows = warehouse.execute(
        "SELECT strftime(month, '%Y-%m'), variant, gap_low IS NOT NULL FROM monthly_gap "
        "WHERE board = 'arena_text' AND category = 'overall' AND gap_points IS NOT NULL "
        "AND (status = 'leaders_only' OR month IN ('2023-06-01', '2024-08-01', '2025-11-01'))"
    ).fetchall()
    assert {has_interval for *_, has_interval in rows} == {False, True}
    for month, variant, has_interval in rows:
        lines = explain(warehouse, month, "arena_text", variant, "overall")
        [line] = [line for line in lines if line.startswith("interval")]
        assert ("none" not in line) == has_interval, (month, variant)

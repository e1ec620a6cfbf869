"""Scores and intervals as the arena and its mirrors print them."""

from __future__ import annotations

import polars as pl
import pytest

from sources.errors import ParseError
from sources.parsing.arena import split_intervals
from sources.parsing.columns import Rows
from tests.fixtures.bodies import snapshot


@pytest.mark.parametrize(
    ("score", "interval", "expected"),
    [
        ("1443", "+11/-8", (1443, 1435, 1454, False)),
        ("1029", "+14 / -15", (1029, 1014, 1043, False)),
        ("1452", "±4", (1452, 1448, 1456, False)),
        ("1495Preliminary", "±9", (1495, 1486, 1504, True)),
        ("1,505", None, (1505, None, None, False)),
        ("1505 ±8", None, (1505, 1497, 1513, False)),
        ("1498±9Preliminary", None, (1498, 1489, 1507, True)),
        ("1561 +14/-13", None, (1561, 1548, 1575, False)),
        ("1712+20/-20Preliminary", None, (1712, 1692, 1732, True)),
        ("1400.5", "±1.5", (1400.5, 1399.0, 1402.0, False)),
        ("N/A", "N/A", (None, None, None, False)),
    ],
)
def test_scores_and_intervals_as_printed(
    score: str, interval: str | None, expected: tuple[float | None, float | None, float | None, bool]
) -> None:
    """Would catch bounds swapped, joined to the score, or taken for points instead of distances."""
    row = {"score": [score], "interval": [interval]} if interval else {"score": [score]}
    rows = Rows(pl.DataFrame(row, schema=dict.fromkeys(row, pl.String)), snapshot("arena_html", ""))
    split_intervals(rows)
    frame = rows.frame
    assert frame.select("score", "score_low", "score_high", "preliminary").row(0) == expected
    assert "interval" not in frame.columns


@pytest.mark.parametrize(
    ("score", "interval"), [("abc", "±4"), ("1452", "4 points"), ("1452±", "±4"), ("1 452", "±4")]
)
def test_an_unknown_print_of_a_score_costs_its_row_or_the_source(score: str, interval: str) -> None:
    """Would catch intervals that vanish from every month after a redesign."""
    rows = Rows(pl.DataFrame({"score": [score], "interval": [interval]}), snapshot("arena_html", ""))
    split_intervals(rows)
    assert rows.frame.filter(rows.is_faulty).height == 1
    many = Rows(pl.DataFrame({"score": [score] * 9, "interval": [interval] * 9}), snapshot("arena_html", ""))
    with pytest.raises(ParseError, match="in 9 rows"):
        split_intervals(many)

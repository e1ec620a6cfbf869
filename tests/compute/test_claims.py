"""Every claim gets a verdict by its own rule; none is made to pass."""

from __future__ import annotations

import duckdb
import pytest

from warehouse.compute import claim_checks, claim_measures
from warehouse.tables.domains import READINGS

Check = dict[str, object]


def check(warehouse: duckdb.DuckDBPyConnection, claim_id: str) -> Check:
    found = warehouse.execute("SELECT * FROM main.claim_checks WHERE claim_id = ?", [claim_id])
    assert found.description is not None
    names = [column[0] for column in found.description]
    rows = found.fetchall()
    assert len(rows) == 1
    return dict(zip(names, rows[0], strict=True))


@pytest.mark.parametrize(
    ("comparison", "claimed", "tolerance", "measured", "expected"),
    [
        ("about", "39", "1", 38.0, True),
        ("about", "39", "1", 37.9, False),
        ("about", "9.26", None, 9.27, False),
        ("about", "1.70", "0.02", 1.72, True),
        ("at_least", "10", None, 15.8, True),
        ("at_least", "10", None, 9.99, False),
        ("at_most", "12", None, 4.6, True),
        ("at_most", "12", None, 12.1, False),
        ("between", "24..36", "0", 23.9, False),
        ("between", "24..36", "0", 36.0, True),
    ],
)
def test_no_tolerance_is_widened(
    comparison: str, claimed: str, tolerance: str | None, measured: float, expected: bool
) -> None:
    assert claim_measures.agrees(comparison, claimed, tolerance, measured) is expected


def test_every_claim_has_one_verdict_with_its_rule(warehouse: duckdb.DuckDBPyConnection) -> None:
    assert (
        warehouse.sql(
            "SELECT claim_id FROM main.claims EXCEPT SELECT claim_id FROM main.claim_checks"
        ).fetchall()
        == []
    )
    assert (
        warehouse.sql("SELECT claim_id FROM main.claim_checks WHERE rule = '' OR explanation = ''").fetchall()
        == []
    )
    measured = warehouse.sql("SELECT DISTINCT measure FROM main.claims").fetchall()
    assert {row[0] for row in measured} <= set(claim_measures.MEASURES)


@pytest.mark.parametrize(
    ("claim_id", "verdict", "measured", "within"),
    [
        ("ai-index-2025-arena-2024-01", "differs", 11.48, 0.01),
        ("ai-index-2025-arena-2025-02", "reproduced", 1.70, 0.005),
        ("ai-index-2026-arena-2025-02", "reproduced", 5.1, 0.05),
        ("ai-index-2026-arena-2026-03", "reproduced", 38, 0.01),
        ("ai-index-2024-notable-us", "vintage_not_held", 84, 0),
        ("ai-index-2024-notable-cn", "vintage_not_held", 23, 0),
        ("ai-index-2025-notable-us", "vintage_not_held", 57, 0),
        ("ai-index-2025-notable-cn", "vintage_not_held", 31, 0),
        ("ai-index-2026-notable-us", "reproduced", 50, 0),
        ("ai-index-2026-notable-cn", "reproduced", 32, 0),
        ("seed-arena-2025-05", "differs", 78.2, 0.05),
        ("seed-double-digit", "reproduced", 15.83, 0.01),
        ("schmidt-2024", "differs", 14.6, 0.05),
        ("schmidt-2025", "reproduced", 4.6, 0.05),
        ("epoch-lag-mean", "reproduced", 6.4, 0.05),
        ("epoch-lag-max", "reproduced", 13.8, 0.05),
        ("seed-huawei-910c", "no_value_claimed", 0.81, 0.005),
    ],
)
def test_verdicts(
    warehouse: duckdb.DuckDBPyConnection, claim_id: str, verdict: str, measured: float, within: float
) -> None:
    found = check(warehouse, claim_id)
    assert (found["verdict"], found["measured_value"]) == (verdict, pytest.approx(measured, abs=within))


@pytest.mark.parametrize("board", ["mmlu", "mmmu", "humaneval", "math"])
@pytest.mark.parametrize("year", [2023, 2024])
def test_a_board_without_data_is_not_measured_by_a_similar_one(
    warehouse: duckdb.DuckDBPyConnection, board: str, year: int
) -> None:
    found = check(warehouse, f"ai-index-2025-{board}-{year}")
    assert (found["verdict"], found["measured_value"]) == ("not_measurable", None)


def test_no_price_of_the_claimed_maker_is_no_ratio(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = check(warehouse, "seed-ernie-x1-turbo-price")
    assert (found["verdict"], found["measured_value"]) == ("no_value_claimed", None)
    assert "o1-2024-12-17 15 in, 60 out" in str(found["explanation"])


def test_the_article_of_may_2025_against_what_was_published(warehouse: duckdb.DuckDBPyConnection) -> None:
    found = str(check(warehouse, "seed-arena-2025-05")["explanation"])
    assert "by the day of the claim the last was 2025-05-07" in found
    assert "the last day before it on which the claim held is 2025-02-14" in found


@pytest.mark.parametrize("claim_id", ["schmidt-2024", "schmidt-2025"])
def test_all_three_readings_are_shown(warehouse: duckdb.DuckDBPyConnection, claim_id: str) -> None:
    found = check(warehouse, claim_id)
    assert all(reading in str(found["explanation"]) for reading in READINGS)


def test_other_leaders_do_not_reproduce_a_claim(warehouse: duckdb.DuckDBPyConnection) -> None:
    claim = {
        "value": "23",
        "comparison": "about",
        "tolerance": "1",
        "us_model": "o1",
        "cn_model": "DeepSeek-R1",
    }
    found = claim_measures.Measurement(
        "", "", 23.2, us_model_id="gemini-2.0-flash-thinking-exp-01-21", cn_model_id="deepseek-r1"
    )
    assert claim_checks._verdict(warehouse, claim, found) == "differs"
    named = claim_measures.Measurement("", "", 23.2, us_model_id="o1-2024-12-17", cn_model_id="deepseek-r1")
    assert claim_checks._verdict(warehouse, {**claim, "us_model": "O1 2024-12-17"}, named) == "reproduced"

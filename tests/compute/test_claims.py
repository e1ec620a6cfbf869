"""Every claim gets a verdict by its own rule; none is made to pass."""

from __future__ import annotations

import duckdb
import pytest

from warehouse import db
from warehouse.compute.claims import checks, gaps, measurement
from warehouse.db import sql_text
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
    assert measurement.agrees(comparison, claimed, tolerance, measured) is expected


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
    assert {row[0] for row in measured} <= set(checks.MEASURES)


@pytest.mark.parametrize(
    ("claim_id", "verdict", "measured", "within"),
    [
        ("ai-index-2025-arena-2024-01", "differs", 11.48, 0.01),
        ("ai-index-2025-arena-2025-02", "reproduced", 1.70, 0.005),
        ("ai-index-2026-arena-2025-02", "reproduced", 5.1, 0.05),
        ("ai-index-2026-arena-2026-03", "reproduced", 39, 0.01),
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
        ("epoch-lag-mean", "by_some_readings", 9.0, 0.05),
        ("epoch-lag-max", "by_some_readings", 18.2, 0.05),
        ("seed-huawei-910c", "no_value_claimed", 0.81, 0.005),
        # By the vintage of 2026-06-30, the first with the model; passed, the other reading, is 5.2 months.
        ("caisi-deepseek-v4-pro", "reproduced", 8.5, 0.05),
        ("ai-index-2025-mmmu-2023", "reproduced", 13.5, 0.005),
        ("ai-index-2025-mmmu-2024", "differs", 7.9, 0.005),
        ("ai-index-2025-humaneval-2023", "differs", 9.7, 0.05),
        ("ai-index-2025-humaneval-2024", "differs", 4.2, 0.05),
    ],
)
def test_verdicts(
    warehouse: duckdb.DuckDBPyConnection, claim_id: str, verdict: str, measured: float, within: float
) -> None:
    found = check(warehouse, claim_id)
    assert (found["verdict"], found["measured_value"]) == (verdict, pytest.approx(measured, abs=within))


@pytest.mark.parametrize("board", ["math"])
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


def test_names_in_prose_mean_models_by_letters_and_digits(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch a claim that no leader can bear out, since its name is written in another way than ours."""
    query = sql_text("compute/claims/claims_with_pair.sql")
    claims = {row["claim_id"]: row for row in db.dicts(warehouse.sql(query))}
    assert len(claims) == len(warehouse.sql("FROM main.claims").fetchall())
    named = claims["ai-index-2026-arena-2026-03"]
    assert (named["us_model"], named["us_model_ids"]) == ("Claude Opus 4.6", ["claude-opus-4-6"])
    assert (named["cn_model"], named["cn_model_ids"]) == ("Dola-Seed-2.0-Preview", ["dola-seed-2.0-pro"])
    of_none = claims["caisi-deepseek-v4-pro"]
    assert (of_none["us_model_ids"], of_none["cn_model_ids"]) == ([], ["deepseek-v4-pro"])


def test_other_leaders_do_not_reproduce_a_claim() -> None:
    claim = {
        "value": "23",
        "comparison": "about",
        "tolerance": "1",
        "reading": None,
        "us_model": "o1",
        "us_model_ids": ["o1-2024-12-17"],
        "cn_model": "DeepSeek-R1",
        "cn_model_ids": ["deepseek-r1"],
    }
    found = measurement.Measurement(
        "", "", 23.2, us_model_id="gemini-2.0-flash-thinking-exp-01-21", cn_model_id="deepseek-r1"
    )
    assert checks.verdict_of(claim, found) == "differs"
    named = measurement.Measurement("", "", 23.2, us_model_id="o1-2024-12-17", cn_model_id="deepseek-r1")
    assert checks.verdict_of(claim, named) == "reproduced"


@pytest.mark.parametrize(
    ("claim_id", "expected"),
    [
        # With all records; to leave the first one out was a choice that made the claim fit.
        (
            "epoch-lag-mean",
            {"record_matches": (6.5, True), "first_reached": (7.9, True), "passed": (6.0, False)},
        ),
        (
            "epoch-lag-max",
            {"record_matches": (13.8, True), "first_reached": (18.2, False), "passed": (13.8, True)},
        ),
        (
            "schmidt-2024",
            {"first_reached": (14.6, False), "last_matched": (15.2, False), "passed": (14.6, False)},
        ),
    ],
)
def test_a_claim_is_measured_by_every_reading(
    warehouse: duckdb.DuckDBPyConnection, claim_id: str, expected: dict[str, tuple[float, bool]]
) -> None:
    found = warehouse.execute(
        "SELECT reading, measured_value, fits FROM main.claim_readings WHERE claim_id = ?", [claim_id]
    ).fetchall()
    values = {reading: (value, fits) for reading, value, fits in found}
    for reading, (value, fits) in expected.items():
        assert values[reading] == (pytest.approx(value, abs=0.05), fits), reading
    explanation = str(check(warehouse, claim_id)["explanation"])
    assert all(f"{reading} {value:.1f}" in explanation for reading, (value, _) in expected.items())


def claimed(**more: object) -> dict[str, object]:
    words = {
        "reading": None,
        "us_model": None,
        "cn_model": None,
        "comparison": "about",
        "value": "7",
        "tolerance": "1",
    }
    return {**words, **more}


def readings(**values: float | None) -> measurement.Measurement:
    found = tuple(measurement.Reading(name, value, "", "") for name, value in values.items())
    return measurement.Measurement("", "", readings=found)


@pytest.mark.parametrize(
    ("claim", "values", "verdict", "decided_by"),
    [
        (claimed(), {"a": 7.5, "b": 6.2}, "reproduced", "a"),
        (claimed(), {"a": 7.5, "b": 9.0}, "by_some_readings", "b"),
        (claimed(), {"a": 4.0, "b": 9.0}, "differs", "a"),
        (claimed(reading="a"), {"a": 7.5, "b": 9.0}, "reproduced", "a"),
        (claimed(reading="b"), {"a": 7.5, "b": 9.0}, "differs", "b"),
        # a reading that is undefined has no say; if none is defined, nothing is measured
        (claimed(), {"a": 7.5, "b": None}, "reproduced", "a"),
        (claimed(), {"a": None, "b": None}, "not_measurable", None),
        (claimed(reading="b"), {"a": 7.5, "b": None}, "not_measurable", None),
    ],
)
def test_the_stated_reading_decides_else_all_together(
    claim: dict[str, object],
    values: dict[str, float | None],
    verdict: str,
    decided_by: str | None,
) -> None:
    """Fails when the reading that fits best is taken for a claim that does not say which it means."""
    measured = readings(**values)
    assert checks.verdict_of(claim, measured) == verdict
    decided = checks.deciding(claim, measured.readings)
    assert (decided.name if decided else None) == decided_by


def publication(day: int, gap_points: float, us_model: str = "claude-opus-4-6") -> dict[str, object]:
    models = {
        "us_model": us_model,
        "us_model_id": us_model,
        "cn_model": "dola",
        "cn_model_id": "dola-seed-2.0-pro",
    }
    scores = {"us_score": 1500.0, "cn_score": 1500.0 - gap_points, "gap_points": gap_points}
    about = {"published_on": f"2026-03-{day:02}", "anchor_is_standard": True, "snapshot_id": str(day)}
    return {**models, **scores, **about}


@pytest.mark.parametrize(
    ("days", "verdict"),
    [
        ([(8, 39.0)], "reproduced"),
        ([(8, 39.0), (15, 38.0)], "reproduced"),
        ([(8, 39.0), (15, 38.0), (17, 41.3)], "reproduced"),
        ([(17, 41.3)], "vintage_not_held"),
        ([(17, 41.3), (18, 42.0)], "vintage_not_held"),
        ([], "vintage_not_held"),
    ],
)
def test_days_that_come_in_later_never_take_a_verdict_back(
    days: list[tuple[int, float]], verdict: str
) -> None:
    """March 2026 turned from reproduced to differs when more of its days were held."""
    claim = claimed(
        value="39",
        measure="gap_points",
        us_model="Claude Opus 4.6",
        us_model_ids=["claude-opus-4-6"],
        cn_model="Dola-Seed-2.0-Preview",
        cn_model_ids=["dola-seed-2.0-pro"],
    )
    held = [*(publication(*day) for day in days), publication(31, 37.0, "claude-opus-4-6-thinking")]
    measured = gaps._with_leaders(claim, "", held)
    assert checks.verdict_of(claim, measured) == verdict


@pytest.mark.parametrize(("year", "figure"), [(2023, "33.6 points"), (2024, "29.8 points")])
def test_another_board_is_shown_beside_and_measures_nothing(
    warehouse: duckdb.DuckDBPyConnection, year: int, figure: str
) -> None:
    """Epoch's MATH level 5 is a part of MATH: its gap is not the one claimed."""
    found = check(warehouse, f"ai-index-2025-math-{year}")
    assert (found["verdict"], found["measured_value"]) == ("not_measurable", None)
    assert "beside it, on another board, math_level_5" in str(found["explanation"])
    assert figure in str(found["explanation"])

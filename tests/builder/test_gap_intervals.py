"""The interval of the gap in sample leaderboards: whose errors count, who contends, and where there is none.

The cases stand in one warehouse, each beside its test; the arithmetic is in tests/compute/test_gap_intervals.py.
"""

from __future__ import annotations

import math
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import (
    CN,
    LEADERS,
    MIRROR,
    OFFICIAL,
    OLD_MIRROR,
    OTHER,
    SITE,
    US,
    Candidate,
    Cases,
    field_of,
    printed,
    row,
    rows,
    undated,
)
from warehouse.builder.recompute import recompute

CASES = Cases()
Z = 1.959964
INTERVAL = (
    "gap_median",
    "gap_low",
    "gap_high",
    "probability_us_leads",
    "is_tie",
    "gap_error",
    "error_source_id",
)
WIDE = ("gap_low_wide", "gap_high_wide")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return warehouses.warehouse(tmp_path_factory.mktemp("intervals"), *CASES.boards)


def times(lines: list[dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    return [{**line, **more} for line in lines]


def picked(line: dict[str, Any], names: tuple[str, ...]) -> tuple[Any, ...]:
    return tuple(line[name] for name in names)


def ends(line: dict[str, Any]) -> tuple[float, float]:
    return line["gap_low"], line["gap_high"]


# Whose errors count

#: Tops of 1300 and 1290, the second of each 11 and 13 points below.
WITH_ERRORS = field_of(1300.0, 1290.0, standard_error=6.0)
ERRORS = CASES.add("errors", printed(OFFICIAL, "2025-01-31", WITH_ERRORS))


def test_the_interval_is_of_the_two_leaders_and_holds_the_gap(story: Candidate) -> None:
    line = story.gap("2025-01", ERRORS)
    error = math.sqrt(72)
    assert line["gap_error"] == pytest.approx(error)
    assert line["gap_median"] == line["gap_points"] == 10.0
    assert ends(line) == pytest.approx((10 - Z * error, 10 + Z * error), abs=1e-5)
    assert line["gap_low"] < 0 < line["gap_high"]
    assert (line["is_tie"], line["error_source_id"]) == (True, OFFICIAL)
    assert line["probability_us_leads"] == pytest.approx(0.8807, abs=1e-4)


def test_two_models_a_side_contend_and_widen_the_wide_interval(story: Candidate) -> None:
    """1.96 · √72 = 16.6: the second of each country is nearer than that, the third is not. Three comparisons."""
    line = story.gap("2025-01", ERRORS)
    assert picked(line, ("us_contenders", "cn_contenders")) == (2, 2)
    half = 2.3877 * math.sqrt(72)
    assert picked(line, WIDE) == pytest.approx((10 - half, 10 + half), abs=1e-3)


BOUNDED = CASES.add(
    "bounds",
    printed(
        OFFICIAL,
        "2025-01-31",
        times(field_of(1300.0, 1290.0), score_low=0.0, score_high=2 * 1.959963984540054 * 6.0),
    ),
)


def test_published_bounds_give_the_same_interval_as_the_errors_they_come_from(story: Candidate) -> None:
    with_errors, with_bounds = story.gap("2025-01", ERRORS), story.gap("2025-01", BOUNDED)
    names = ("gap_low", "gap_high", "probability_us_leads", *WIDE)
    assert picked(with_bounds, names) == pytest.approx(picked(with_errors, names))


def with_errors_of(*models: str) -> list[dict[str, Any]]:
    return [
        {**line, "standard_error": 6.0} if line["model_name"] in models else line
        for line in field_of(1300.0, 1290.0)
    ]


LEADERS_ONLY_WITH_ERRORS = CASES.add(
    "only leaders have errors", printed(OFFICIAL, "2025-01-31", with_errors_of(US[0], CN[0]))
)


def test_the_errors_of_other_models_are_not_needed(story: Candidate) -> None:
    """One model without an error took the interval from 15 months before; such a model may contend all the same."""
    line, like = story.gap("2025-01", LEADERS_ONLY_WITH_ERRORS), story.gap("2025-01", ERRORS)
    names = ("gap_low", "gap_high", "us_contenders", "cn_contenders", *WIDE)
    assert picked(line, names) == picked(like, names)
    [law] = story.rows(
        "SELECT max_low FROM core.gap_intervals JOIN core.snapshots AS s USING (snapshot_id) WHERE s.variant = ?",
        [LEADERS_ONLY_WITH_ERRORS],
    )
    assert law["max_low"] is None, "the law of two maxima needs them all"


NO_LEADERS_ERROR = CASES.add(
    "a leader without error",
    printed(OFFICIAL, "2025-01-31", with_errors_of(US[0], *CN[1:])),
    printed(OFFICIAL, "2025-02-28", times(field_of(1300.0, 1290.0), score_low=1280.0)),
    printed(OFFICIAL, "2025-03-31", field_of(1300.0, 1290.0, standard_error=0.0)),
)


@pytest.mark.parametrize("month", ["2025-01", "2025-02", "2025-03"])
def test_where_a_leader_has_no_error_there_is_no_interval(story: Candidate, month: str) -> None:
    """The leader of one country, one bound of two, an error of 0 as printed: none of it is made up."""
    line = story.gap(month, NO_LEADERS_ERROR)
    assert (line["status"], line["gap_points"]) == ("observed", 10.0)
    assert set(picked(line, (*INTERVAL, *WIDE, "us_contenders", "cn_contenders"))) == {None}


ROUNDED = CASES.add("rounded", printed(SITE, "2025-01-31", times(WITH_ERRORS, rank=None)))


def test_scores_in_whole_numbers_add_their_rounding(story: Candidate) -> None:
    assert story.gap("2025-01", ROUNDED)["gap_error"] == pytest.approx(math.sqrt(72 + 1 / 6))


PERCENT = CASES.add(
    "percent",
    printed(
        OFFICIAL, "2025-01-31", rows({US[0]: 80.0, CN[0]: 78.5}, board="gpqa_diamond", standard_error=1.5)
    ),
)


def test_a_board_in_percent_has_intervals_by_the_same_rule(story: Candidate) -> None:
    line = story.gap("2025-01", PERCENT, board="gpqa_diamond")
    assert ends(line) == pytest.approx((1.5 - Z * math.sqrt(4.5), 1.5 + Z * math.sqrt(4.5)), abs=1e-5)


FIXED = CASES.add(
    "fixed",
    printed(
        OFFICIAL,
        "2025-01-31",
        [row("gpt-5", 150.0, board="eci"), row(CN[0], 145.0, board="eci", standard_error=2.0)],
    ),
    printed(
        OFFICIAL,
        "2025-02-28",
        [row("gpt-5", 150.1, board="eci"), row(CN[0], 145.0, board="eci", standard_error=2.0)],
    ),
    printed(OFFICIAL, "2025-03-31", [row("gpt-5", 150.0), row(CN[0], 145.0, standard_error=2.0)]),
)


@pytest.mark.parametrize(
    ("month", "board", "error"),
    [("2025-01", "eci", 2.0), ("2025-02", "eci", None), ("2025-03", "arena_text", None)],
)
def test_a_score_that_defines_the_scale_has_no_error(
    story: Candidate, month: str, board: str, error: float | None
) -> None:
    """GPT-5 is 150 on the index by definition; at another score, or on another board, its error is missing."""
    assert story.gap(month, FIXED, board=board)["gap_error"] == error


# Contenders

EQUAL = CASES.add(
    "equal tops",
    printed(
        OFFICIAL,
        "2025-01-31",
        rows({US[1]: 1300.0, US[0]: 1300.0, CN[0]: 1250.0, CN[1]: 1100.0}, standard_error=5.0),
    ),
)


def test_equal_tops_are_both_contenders_and_the_first_by_name_leads(story: Candidate) -> None:
    line = story.gap("2025-01", EQUAL)
    assert line["us_model"] == min(US[0], US[1])
    assert picked(line, ("us_contenders", "cn_contenders", "us_contending_base_models")) == (2, 1, 2)
    assert line["gap_high_wide"] > line["gap_high"]


EFFORTS = CASES.add(
    "efforts",
    printed(
        OFFICIAL,
        "2026-03-31",
        rows(
            {"claude-opus-4-6": 1300.0, "claude-opus-4-6-high": 1304.0, US[0]: 1299.0, CN[0]: 1250.0},
            standard_error=5.0,
        ),
    ),
)


def test_efforts_of_a_model_contend_singly_and_are_one_model_in_prose(story: Candidate) -> None:
    line = story.gap("2026-03", EFFORTS)
    assert picked(line, ("us_contenders", "us_contending_base_models")) == (3, 2)


ONE_WIDE_ERROR = CASES.add(
    "one wide error",
    printed(
        OFFICIAL,
        "2025-01-31",
        [
            row(US[0], 1300.0, standard_error=3.0),
            row(US[1], 1275.0, standard_error=14.0),
            row(US[2], 1285.0, standard_error=3.0),
            row(CN[0], 1250.0, standard_error=3.0),
        ],
    ),
)


def test_a_model_contends_by_its_own_error_and_moves_the_default_interval_not_at_all(
    story: Candidate,
) -> None:
    """One model with an error of 13.8 pulled the interval of November 2025 by ten points: by the law of maxima."""
    line = story.gap("2025-01", ONE_WIDE_ERROR)
    assert line["us_contenders"] == 2, "25 points below with an error of 14, not 15 below with one of 3"
    assert line["gap_error"] == pytest.approx(math.sqrt(18))


# Lists of leaders


def leaders(*ranked: tuple[str, float, int | None], error: float | None = 4.0) -> list[dict[str, Any]]:
    return [row(model, score, rank=rank, standard_error=error) for model, score, rank in ranked]


#: Rank 3 is missing, 1340 above it; the Chinese model stands below.
HOLE = leaders((US[0], 1360.0, 1), (US[1], 1340.0, 2), (CN[0], 1330.0, 4), (OTHER[0], 1200.0, 5))
LISTED = CASES.add(
    "leader lists",
    printed(LEADERS, "2025-01-31", leaders((US[0], 1360.0, 1), (CN[0], 1330.0, 2), (OTHER[0], 1320.0, 3))),
    printed(LEADERS, "2025-02-28", HOLE),
    printed(LEADERS, "2025-03-31", leaders((US[0], 1360.0, 1), (CN[0], 1330.0, 2), (OTHER[0], 1320.0, 4))),
    printed(LEADERS, "2025-04-30", leaders((US[0], 1360.0, 2), (CN[0], 1330.0, 3))),
    printed(LEADERS, "2025-05-31", leaders((US[0], 1360.0, None), (CN[0], 1330.0, None))),
    printed(LEADERS, "2025-06-30", leaders((US[0], 1360.0, 1), (CN[0], 1330.0, 2), error=None)),
    printed(
        LEADERS,
        "2025-07-31",
        leaders((US[0], 1360.0, 1), (OTHER[1], 1340.0, 2), (US[1], 1340.0, 2), (CN[0], 1330.0, 4)),
    ),
    printed(LEADERS, "2025-08-31", leaders((CN[0], 1330.0, 1), (OTHER[0], 1320.0, 2), (US[0], 1310.0, 4))),
)


def test_a_list_that_proves_both_leaders_has_the_interval_of_a_whole_one(story: Candidate) -> None:
    line = story.gap("2025-01", LISTED)
    assert (line["status"], line["gap_at_least"]) == ("leaders_only", None)
    assert ends(line) == pytest.approx((30 - Z * math.sqrt(32), 30 + Z * math.sqrt(32)), abs=1e-4)


def test_a_list_without_all_contenders_has_no_wide_interval(story: Candidate) -> None:
    """The last row stands 10 below the Chinese leader: a model that is not listed could contend with it."""
    line = story.gap("2025-01", LISTED)
    assert picked(line, WIDE) == (None, None)
    assert picked(line, ("us_contenders", "cn_contenders")) == (1, None)


def test_a_rank_missing_above_a_leader_leaves_only_the_least_gap(story: Candidate) -> None:
    """A Chinese model on rank 3 could have up to 1340."""
    line = story.gap("2025-02", LISTED)
    assert (line["status"], line["gap_points"], line["gap_at_least"]) == ("leaders_only", 30.0, 20.0)
    assert set(picked(line, (*INTERVAL, *WIDE))) == {None}


def test_a_rank_missing_below_both_leaders_changes_nothing(story: Candidate) -> None:
    assert ends(story.gap("2025-03", LISTED)) == ends(story.gap("2025-01", LISTED))


@pytest.mark.parametrize("month", ["2025-04", "2025-05"])
def test_without_the_first_rank_or_any_nothing_is_known_of_the_others(story: Candidate, month: str) -> None:
    line = story.gap(month, LISTED)
    assert picked(line, ("gap_points", "gap_low", "gap_at_least")) == (30.0, None, None)


def test_a_proved_list_without_bounds_has_no_interval_and_no_least_gap(story: Candidate) -> None:
    line = story.gap("2025-06", LISTED)
    assert picked(line, ("gap_points", "gap_low", "gap_at_least")) == (30.0, None, None)


def test_a_shared_rank_is_no_hole(story: Candidate) -> None:
    """1, 2, 2, 4: rank 3 is not missing."""
    assert story.gap("2025-07", LISTED)["gap_low"] is not None


def test_where_the_us_leader_is_not_proved_the_gap_is_at_least_what_is_listed(story: Candidate) -> None:
    line = story.gap("2025-08", LISTED)
    assert picked(line, ("gap_points", "gap_low", "gap_at_least")) == (-20.0, None, -20.0)


DEEP = CASES.add(
    "a deep list",
    printed(
        LEADERS,
        "2025-01-31",
        leaders((US[0], 1360.0, 1), (US[1], 1352.0, 2), (CN[0], 1330.0, 3), (OTHER[0], 1314.2, 4)),
    ),
    printed(
        LEADERS,
        "2025-02-28",
        leaders((US[0], 1360.0, 1), (US[1], 1352.0, 2), (CN[0], 1330.0, 3), (OTHER[0], 1314.1, 4)),
    ),
)


def test_a_list_with_all_contenders_has_the_wide_interval_too(story: Candidate) -> None:
    """1330 − 1.96 · √(4² + 7²) = 1314.2: beyond that a model that is not listed cannot contend."""
    short, deep = story.gap("2025-01", DEEP), story.gap("2025-02", DEEP)
    assert picked(short, (*WIDE, "cn_contenders")) == (None, None, None)
    assert picked(deep, ("us_contenders", "cn_contenders")) == (2, 1)
    half = 2.2365 * math.sqrt(32)
    assert picked(deep, WIDE) == pytest.approx((30 - half, 30 + half), abs=1e-3)


# Copies and other publications

PLAIN = field_of(1300.2, 1290.1)
COPY = [{**line, "score": round(line["score"]), "standard_error": 6.0} for line in PLAIN]
CATEGORIES = tuple(f"part {number}" for number in range(10))
BORROWED = CASES.add(
    "copies",
    printed(OLD_MIRROR, "2025-01-31", PLAIN),
    undated(MIRROR, "2025-02-02", COPY),
    # The same scores a month later are a publication of their own, since their day is printed.
    printed(OLD_MIRROR, "2025-03-31", field_of(1320.2, 1310.1)),
    printed(OFFICIAL, "2025-04-30", field_of(1320.2, 1310.1, standard_error=6.0)),
)


def test_a_publication_without_errors_takes_them_from_a_copy_of_itself(story: Candidate) -> None:
    line = story.gap("2025-01", BORROWED)
    assert (line["source_id"], line["error_source_id"]) == (OLD_MIRROR, MIRROR)
    assert line["gap_points"] == pytest.approx(10.1)
    assert line["gap_error"] == pytest.approx(math.sqrt(72)), "the scores are its own, so nothing is rounded"
    assert picked(line, ("us_contenders", "cn_contenders")) == (2, 2)


def test_it_never_takes_them_from_another_publication(story: Candidate) -> None:
    line = story.gap("2025-03", BORROWED)
    assert (line["source_id"], line["gap_low"], line["error_source_id"]) == (OLD_MIRROR, None, None)
    assert story.gap("2025-04", BORROWED)["gap_points"] == line["gap_points"]


#: The Chinese leader is another by a point; of 165 rows 164 agree, which is enough for a copy.
MANY = [line for category in ("overall", *CATEGORIES) for line in times(PLAIN, category=category)]
CHANGED = [
    {**line, "score": round(line["score"]), "standard_error": 6.0}
    if (line["model_name"], line["category"]) != (CN[0], "overall")
    else {**line, "score": 1289.0, "standard_error": 6.0}
    for line in MANY
]
MISPRINTED = CASES.add(
    "a misprinted copy", printed(OLD_MIRROR, "2025-01-31", MANY), undated(MIRROR, "2025-02-02", CHANGED)
)


def test_a_leader_whose_score_the_copy_prints_otherwise_takes_no_error_from_it(story: Candidate) -> None:
    [copy] = story.rows(
        "SELECT same_as IS NOT NULL AS is_copy FROM core.snapshots WHERE variant = ? AND source_id = ?",
        [MISPRINTED, MIRROR],
    )
    assert copy["is_copy"]
    line = story.gap("2025-01", MISPRINTED)
    assert picked(line, ("status", "source_id", "gap_low")) == ("observed", OLD_MIRROR, None)
    assert story.gap("2025-01", MISPRINTED, category="part 3")["gap_low"] is not None


def test_as_of_a_day_before_the_copy_was_known_there_is_no_interval(story: Candidate) -> None:
    lows = [
        story.rows(
            "SELECT gap_points, gap_low FROM gap_as_of(?) WHERE variant = ? AND month = DATE '2025-01-01'",
            [date(2025, 2, day), BORROWED],
        )[0]
        for day in (1, 2)
    ]
    assert lows[0]["gap_points"] == pytest.approx(10.1)
    assert (lows[0]["gap_low"], lows[1]["gap_low"]) == (
        None,
        pytest.approx(story.gap("2025-01", BORROWED)["gap_low"]),
    )


# The month's end

MONTHS = CASES.add(
    "months",
    printed(OFFICIAL, "2024-02-10", field_of(1300, 1260)),
    printed(OFFICIAL, "2024-12-31", field_of(1300, 1260)),
    printed(OFFICIAL, "2026-03-02", field_of(1300, 1260)),
)


def test_each_month_says_how_old_its_snapshot_was_at_its_end(story: Candidate) -> None:
    ages = {
        month: story.gap(month, MONTHS)["days_before_month_end"]
        for month in ("2024-02", "2024-12", "2025-01")
    }
    assert ages == {"2024-02": 19, "2024-12": 0, "2025-01": None}


def test_only_the_month_of_the_newest_bytes_is_not_over(story: Candidate) -> None:
    """The newest bytes of this warehouse are of 2026-03-31."""
    months = story.rows(
        "SELECT DISTINCT month, month_is_open FROM monthly_gap WHERE month >= DATE '2026-02-01'"
    )
    assert sorted((line["month"], line["month_is_open"]) for line in months) == [
        (date(2026, 2, 1), False),
        (date(2026, 3, 1), True),
    ]


# Other ways to the same interval


def test_gap_pair_gives_the_interval_of_the_month_and_turned_round_for_the_pair_turned_round(
    story: Candidate,
) -> None:
    differing = story.rows(
        "SELECT g.variant, g.category, g.month FROM monthly_gap AS g "
        "JOIN gap_pair('US', 'CN') AS p USING (board, variant, category, month) "
        "JOIN gap_pair('CN', 'US') AS r USING (board, variant, category, month) "
        "WHERE (g.gap_low IS NULL) <> (p.gap_low IS NULL) OR abs(g.gap_low - p.gap_low) > 1e-9 "
        "OR (g.gap_low IS NULL) <> (r.gap_low IS NULL) OR abs(g.gap_low + r.gap_high) > 1e-9"
    )
    assert differing == []


def test_a_warehouse_of_another_pair_has_its_intervals(story: Candidate, tmp_path: Path) -> None:
    target = tmp_path / "us_fr.duckdb"
    recompute(story.staged.candidate, target, {"country_b": "FR"})
    with duckdb.connect(str(target), read_only=True) as con:
        [row] = con.execute(
            "SELECT cn_model, gap_points, gap_error, gap_low, cn_contenders FROM monthly_gap "
            "WHERE variant = ? AND month = DATE '2025-01-01'",
            [ERRORS],
        ).fetchall()
    assert row[0] == OTHER[0]
    assert row[1:4] == pytest.approx((27.0, math.sqrt(72), 27 - Z * math.sqrt(72)), abs=1e-4)
    assert row[4] == 2

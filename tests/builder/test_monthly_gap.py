"""The monthly gap of sample leaderboards: every status and every choice of snapshot.

The cases stand in one warehouse, each beside its test; what is left out of a release is in test_withheld.py.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import (
    CATALOG,
    CN,
    LEADERS,
    MIRROR,
    OFFICIAL,
    OLD_MIRROR,
    SITE,
    US,
    Candidate,
    Cases,
    field_of,
    printed,
    row,
    rows,
)
from warehouse.reference import COLUMNS
from warehouse.tables import TABLES

CASES = Cases()

NUMBERS = (
    "us_model", "us_score", "cn_model", "cn_score", "gap_points", "gap_pct_of_cn", "gap_pct_of_us",
    "us_win_probability", "gap_at_least",
)  # fmt: skip
INTERVAL = ("gap_median", "gap_low", "gap_high", "probability_us_leads", "is_tie")
COUNTS = ("us_eligible_models", "cn_eligible_models", "listed_models")


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return warehouses.warehouse(tmp_path_factory.mktemp("story"), *CASES.boards)


def picked(line: dict[str, Any], names: tuple[str, ...]) -> dict[str, Any]:
    return {name: line[name] for name in names}


def without_numbers(names: tuple[str, ...]) -> dict[str, None]:
    return dict.fromkeys(names)


def times(lines: list[dict[str, Any]], **more: Any) -> list[dict[str, Any]]:
    """``lines`` with some columns set otherwise."""
    return [{**line, **more} for line in lines]


# What a row says

OBSERVED = CASES.add("observed", printed(OFFICIAL, "2025-01-31", field_of(1300.0, 1260.0)))


def test_an_observed_month_names_both_models_their_scores_snapshot_and_source(story: Candidate) -> None:
    line = story.gap("2025-01", OBSERVED)
    assert picked(line, ("status", "us_model", "us_score", "cn_model", "cn_score", "gap_points")) == {
        "status": "observed",
        "us_model": US[0],
        "us_score": 1300.0,
        "cn_model": CN[0],
        "cn_score": 1260.0,
        "gap_points": 40.0,
    }
    assert (line["us_organization_id"], line["cn_organization_id"]) == ("openai", "deepseek")
    assert (line["us_model_id"], line["cn_model_id"]) == (US[0], CN[0])
    assert picked(line, COUNTS) == dict(zip(COUNTS, (5, 5, 15), strict=True))
    expected = (warehouses.day("2025-01-31"), "printed", OFFICIAL)
    assert (line["published_on"], line["date_basis"], line["source_id"]) == expected
    assert line["gap_at_least"] is None


def test_percentages_go_both_ways_and_the_win_probability_is_elos(story: Candidate) -> None:
    line = story.gap("2025-01", OBSERVED)
    assert line["gap_pct_of_cn"] == pytest.approx(100 * 40 / 1260)
    assert line["gap_pct_of_us"] == pytest.approx(100 * 40 / 1300)
    assert line["us_win_probability"] == pytest.approx(1 / (1 + 10**-0.1))


UNROUNDED = CASES.add("unrounded", printed(OFFICIAL, "2025-01-31", field_of(1385.449, 1361.55)))


def test_scores_are_not_rounded_before_dividing(story: Candidate) -> None:
    line = story.gap("2025-01", UNROUNDED)
    assert line["gap_points"] == pytest.approx(23.899)
    # rounded scores would give 23 / 1362 = 1.69, a rounded gap 24 / 1362 = 1.76
    assert line["gap_pct_of_cn"] == pytest.approx(100 * 23.899 / 1361.55)


NEGATIVE = CASES.add("negative", printed(OFFICIAL, "2025-01-31", field_of(1250.0, 1300.0)))


def test_a_chinese_lead_is_negative_and_not_clamped(story: Candidate) -> None:
    line = story.gap("2025-01", NEGATIVE)
    assert line["gap_points"] == -50.0
    assert line["gap_pct_of_cn"] == pytest.approx(-100 * 50 / 1300)
    assert line["us_win_probability"] < 0.5


LEVEL = CASES.add(
    "level",
    printed(
        OFFICIAL,
        "2025-01-31",
        [*field_of(1300.0, 1300.0), row("claude-3-5-sonnet-20240620", 1300.0), row("glm-4.5", 1300.0)],
    ),
)


def test_of_equal_scores_the_first_name_leads_whatever_the_order_of_rows(story: Candidate) -> None:
    line = story.gap("2025-01", LEVEL)
    assert (line["us_model"], line["cn_model"]) == ("claude-3-5-sonnet-20240620", "deepseek-r1")
    assert (line["gap_points"], line["us_win_probability"]) == (0.0, 0.5)


# Months

HOLE = CASES.add(
    "hole",
    printed(OFFICIAL, "2025-01-31", field_of(1300, 1260)),
    printed(OFFICIAL, "2025-03-01", field_of(1310, 1275)),
)


def test_a_month_without_snapshot_has_a_row_without_numbers(story: Candidate) -> None:
    expected = [40, None, 35]
    assert [story.gap(month, HOLE)["gap_points"] for month in ("2025-01", "2025-02", "2025-03")] == expected
    line = story.gap("2025-02", HOLE)
    assert line["status"] == "no_snapshot"
    everything = (*NUMBERS, *INTERVAL, *COUNTS, "snapshot_id", "published_on", "date_basis", "source_id")
    assert picked(line, everything) == without_numbers(everything)


LATEST = CASES.add("latest", printed(OFFICIAL, "2025-06-02", field_of(1300, 1260)))


def test_every_series_has_every_month_to_the_latest_of_the_arena(story: Candidate) -> None:
    series = story.rows(
        "SELECT board, variant, category, min(month) AS first, max(month) AS last, count(*) AS months "
        "FROM monthly_gap GROUP BY ALL"
    )
    assert len(series) > 20
    for line in series:
        first, last = line["first"], line["last"]
        assert last == warehouses.day("2025-06-01"), line
        assert line["months"] == 12 * (last.year - first.year) + last.month - first.month + 1, line


def test_the_text_board_has_rows_from_may_2023_before_its_first_snapshot(story: Candidate) -> None:
    for variant in ("raw", "style_control"):
        assert story.gap("2023-05", variant)["status"] == "no_snapshot"
    firsts = story.rows("SELECT min(month) AS first FROM monthly_gap WHERE variant = ?", [HOLE])
    assert firsts == [{"first": warehouses.day("2025-01-01")}], (
        "every other series begins with its first snapshot"
    )


MID_MONTH = CASES.add(
    "mid-month",
    printed(OFFICIAL, "2025-01-10", field_of(1350, 1260)),
    printed(OFFICIAL, "2025-01-31", [line for line in field_of(1300, 1280) if line["model_name"] != US[0]]),
)


def test_the_month_is_its_last_snapshot_not_its_highest_or_first(story: Candidate) -> None:
    line = story.gap("2025-01", MID_MONTH)
    assert line["published_on"] == warehouses.day("2025-01-31")
    assert (line["us_model"], line["us_score"], line["cn_score"]) == (US[1], 1289.0, 1280.0)


# Statuses

LEADERS_ONLY = CASES.add(
    "leaders only",
    printed(
        LEADERS,
        "2025-01-31",
        rows({US[0]: 1300.5, CN[0]: 1260.2, US[1]: 1259.0}, score_low=1250.0, score_high=1310.0),
    ),
)


def test_leaders_only_has_a_gap_but_no_counts_and_no_interval(story: Candidate) -> None:
    line = story.gap("2025-01", LEADERS_ONLY)
    assert (line["status"], line["us_model"], line["cn_model"]) == ("leaders_only", US[0], CN[0])
    assert line["gap_points"] == pytest.approx(40.3)
    assert picked(line, (*COUNTS, *INTERVAL)) == without_numbers((*COUNTS, *INTERVAL))


TRUNCATED = CASES.add(
    "truncated",
    printed(OFFICIAL, "2025-01-31", field_of(1300, 1260)),
    printed(SITE, "2025-02-28", rows({US[0]: 1310.0, "mistral-large-2407": 1301.0, US[1]: 1290.0})),
    printed(SITE, "2025-03-31", rows({CN[0]: 1310.0, "mistral-large-2407": 1301.0, CN[1]: 1290.0})),
    printed(SITE, "2025-04-30", rows({US[0]: 1310.0, "mistral-large-2407": 1301.0, CN[1]: 1290.0})),
)


def test_a_cut_listing_without_chinese_models_says_only_how_large_the_gap_is_at_least(
    story: Candidate,
) -> None:
    line = story.gap("2025-02", TRUNCATED)
    assert (line["status"], line["us_model"], line["gap_at_least"]) == ("truncated", US[0], 20.0)
    unknown = ("cn_model", "cn_score", "gap_points", "gap_pct_of_cn", "gap_pct_of_us", "us_win_probability")
    assert picked(line, (*unknown, *INTERVAL)) == without_numbers((*unknown, *INTERVAL))


def test_a_cut_listing_without_us_models_is_truncated_and_has_no_bound(story: Candidate) -> None:
    line = story.gap("2025-03", TRUNCATED)
    expected = ("truncated", None, None, None)
    assert (line["status"], line["us_score"], line["gap_points"], line["gap_at_least"]) == expected


def test_a_cut_listing_with_both_tops_is_observed(story: Candidate) -> None:
    line = story.gap("2025-04", TRUNCATED)
    assert (line["status"], line["gap_points"], line["gap_at_least"]) == ("observed", 20.0, None)


CUT_LEADERS = CASES.add(
    "cut leaders",
    printed(LEADERS, "2025-01-31", [row(US[0], 1310.0, rank=1), row("mistral-large-2407", 1301.0, rank=2)]),
    printed(LEADERS, "2025-02-28", [row(US[0], 1310.0, rank=1), row("mistral-large-2407", 1301.0, rank=3)]),
    printed(LEADERS, "2025-03-31", rows({US[0]: 1310.0, "mistral-large-2407": 1301.0})),
)


@pytest.mark.parametrize(("month", "at_least"), [("2025-01", 9.0), ("2025-02", 0.0), ("2025-03", None)])
def test_copied_leaders_of_one_country_only_are_truncated(
    story: Candidate, month: str, at_least: float | None
) -> None:
    """A Chinese model may stand on the missing rank 2 with nearly the first score; without ranks anywhere."""
    line = story.gap(month, CUT_LEADERS)
    assert (line["status"], line["gap_at_least"], line["gap_points"]) == ("truncated", at_least, None)


ONE_SIDED = CASES.add(
    "one-sided",
    printed(OFFICIAL, "2025-01-31", [line for line in field_of(1300, 1260) if line["model_name"] not in CN]),
    printed(OFFICIAL, "2025-02-28", [line for line in field_of(1300, 1260) if line["model_name"] not in US]),
)


def test_a_whole_listing_without_one_country_is_no_model_not_truncated(story: Candidate) -> None:
    january, february = story.gap("2025-01", ONE_SIDED), story.gap("2025-02", ONE_SIDED)
    assert (january["status"], january["us_score"], january["gap_points"]) == ("no_cn_model", 1300.0, None)
    assert (february["status"], february["cn_score"], february["gap_points"]) == ("no_us_model", 1260.0, None)
    assert january["gap_at_least"] is february["gap_at_least"] is None


# Repeated rows

CONTRADICTING = [
    row(US[0], 1330.0, category="coding", votes=10),
    row(US[0], 1390.0, category="coding", votes=20),
]
AMBIGUOUS = CASES.add(
    "ambiguous",
    printed(
        OFFICIAL,
        "2025-01-31",
        [*field_of(1300, 1260), *times(field_of(1320, 1270)[1:], category="coding"), *CONTRADICTING],
    ),
    printed(OFFICIAL, "2025-02-28", [*field_of(1300, 1260), *times(field_of(1320, 1270), category="coding")]),
)


def test_differing_rows_under_one_key_quarantine_only_their_category_and_snapshot(story: Candidate) -> None:
    line = story.gap("2025-01", AMBIGUOUS, "coding")
    assert line["status"] == "ambiguous"
    assert picked(line, (*NUMBERS, *INTERVAL)) == without_numbers((*NUMBERS, *INTERVAL))
    assert story.gap("2025-01", AMBIGUOUS)["gap_points"] == 40.0
    assert story.gap("2025-02", AMBIGUOUS, "coding")["gap_points"] == 50.0


def test_quarantined_rows_are_kept_to_be_seen_and_give_no_score(story: Candidate) -> None:
    kept = story.rows(
        "SELECT model_name, occurrence, score, votes FROM core.ambiguous_rows JOIN core.snapshots "
        "USING (snapshot_id) WHERE variant = ? ORDER BY occurrence",
        [AMBIGUOUS],
    )
    assert kept == [
        {"model_name": US[0], "occurrence": 1, "score": 1390.0, "votes": 20},
        {"model_name": US[0], "occurrence": 2, "score": 1330.0, "votes": 10},
    ]
    [score] = story.rows(
        "SELECT score, votes, is_ambiguous FROM core.scores JOIN core.snapshots USING (snapshot_id) "
        "WHERE variant = ? AND published_on = '2025-01-31' AND category = 'coding' AND model_name = ?",
        [AMBIGUOUS, US[0]],
    )
    assert score == {"score": None, "votes": None, "is_ambiguous": True}


CLEAN_COPY = CASES.add(
    "clean copy",
    printed(
        OFFICIAL, "2025-01-31", [*field_of(1300, 1260), row(US[0], 1350.0), row("gemma-2-27b-it", 1100.0)]
    ),
    printed(CATALOG, "2025-01-31", field_of(1300.3, 1260.2)),
)


def test_a_clean_source_of_the_day_stands_in_for_a_quarantined_one(story: Candidate) -> None:
    line = story.gap("2025-01", CLEAN_COPY)
    assert (line["status"], line["source_id"]) == ("observed", CATALOG)


TWICE = CASES.add("twice", printed(OFFICIAL, "2025-01-31", field_of(1300, 1260) + field_of(1300, 1260)))


def test_identical_duplicate_rows_collapse(story: Candidate) -> None:
    line = story.gap("2025-01", TWICE)
    assert (line["status"], line["gap_points"], line["listed_models"]) == ("observed", 40.0, 15)


SAME_BUT_FOR_ERROR = CASES.add(
    "same but for the error",
    printed(
        OFFICIAL,
        "2025-01-31",
        [
            *field_of(1300, 1260)[1:],
            *[
                row(US[0], 1300.0, standard_error=float(error), rank=error, extra=f'{{"n": {error}}}')
                for error in (4, 3, 5)
            ],
        ],
    ),
)


def test_rows_that_differ_in_their_error_alone_are_differing_rows(story: Candidate) -> None:
    assert story.gap("2025-01", SAME_BUT_FOR_ERROR)["status"] == "ambiguous"


# Blank, zero, not a number

NOT_A_NUMBER = CASES.add(
    "not a number",
    printed(OFFICIAL, "2025-01-31", [*field_of(1300, 1260)[1:], row(US[0], math.nan), row("gpt-4o", None)]),
)


def test_a_score_that_is_no_number_is_null_and_leads_nowhere(story: Candidate) -> None:
    line = story.gap("2025-01", NOT_A_NUMBER)
    assert (line["us_model"], line["us_score"], line["us_eligible_models"]) == (US[1], 1289.0, 4)
    assert line["listed_models"] == 14
    scores = story.rows(
        "SELECT model_name, score FROM core.scores JOIN core.snapshots USING (snapshot_id) "
        "WHERE variant = ? AND (score IS NULL OR isnan(score)) ORDER BY model_name",
        [NOT_A_NUMBER],
    )
    assert scores == [{"model_name": "gpt-4o", "score": None}, {"model_name": US[0], "score": None}]


ZERO = CASES.add(
    "zero",
    printed(OFFICIAL, "2025-01-31", rows({US[0]: 12.5, CN[0]: 0.0, CN[1]: None}, board="gpqa_diamond")),
)
BOTH_ZERO = CASES.add(
    "both zero", printed(OFFICIAL, "2025-01-31", rows({US[0]: 0.0, CN[0]: 0.0}, board="gpqa_diamond"))
)


def test_zero_is_a_score_and_not_missing(story: Candidate) -> None:
    line = story.gap("2025-01", ZERO, board="gpqa_diamond")
    expected = ("observed", CN[0], 0.0, 12.5)
    assert (line["status"], line["cn_model"], line["cn_score"], line["gap_points"]) == expected
    assert story.gap("2025-01", BOTH_ZERO, board="gpqa_diamond")["gap_points"] == 0.0


def test_a_percentage_of_zero_is_null_not_infinite(story: Candidate) -> None:
    line = story.gap("2025-01", ZERO, board="gpqa_diamond")
    assert (line["gap_pct_of_cn"], line["gap_pct_of_us"]) == (None, 100.0)
    line = story.gap("2025-01", BOTH_ZERO, board="gpqa_diamond")
    assert (line["gap_pct_of_cn"], line["gap_pct_of_us"]) == (None, None)


def test_only_elo_boards_have_a_win_probability(story: Candidate) -> None:
    assert story.gap("2025-01", ZERO, board="gpqa_diamond")["us_win_probability"] is None


BLANK_LICENCE = CASES.add(
    "blank licence",
    printed(
        OFFICIAL, "2025-01-31", [*times(field_of(1300, 1260), license_name="MIT")[1:], row(US[0], 1300.0)]
    ),
)


def test_a_blank_licence_stays_null(story: Candidate) -> None:
    licences = story.rows(
        "SELECT license_name, count(*) AS models FROM core.scores JOIN core.snapshots USING (snapshot_id) "
        "WHERE variant = ? GROUP BY ALL ORDER BY models",
        [BLANK_LICENCE],
    )
    assert licences == [{"license_name": None, "models": 1}, {"license_name": "MIT", "models": 14}]


# What must never be mixed

RAW_AND_STYLE_CONTROL = (
    CASES.add("raw", printed(OFFICIAL, "2025-01-31", field_of(1300, 1260))),
    CASES.add("style_control", printed(OFFICIAL, "2025-01-31", field_of(1280, 1270))),
)


def test_raw_is_never_mixed_with_style_control(story: Candidate) -> None:
    lines = [story.gap("2025-01", variant) for variant in RAW_AND_STYLE_CONTROL]
    assert [(line["us_score"], line["cn_score"], line["gap_points"]) for line in lines] == [
        (1300.0, 1260.0, 40.0),
        (1280.0, 1270.0, 10.0),
    ]


TWO_SOURCES = CASES.add(
    "two sources",
    # the US top of one and the Chinese top of the other would give a smaller gap than either
    printed(OFFICIAL, "2025-01-31", [*field_of(1300.0, 1260.0), row("gemma-2-27b-it", 1100.0)]),
    printed(CATALOG, "2025-01-31", field_of(1298.5, 1261.5)),
)
RESCALED = CASES.add(
    "rescaled",
    printed(OFFICIAL, "2025-01-15", field_of(1300, 1260)),
    printed(OFFICIAL, "2025-01-31", field_of(1360, 1320)),
    printed(OFFICIAL, "2025-02-28", field_of(1420, 1380)),
)


def test_both_tops_are_of_one_snapshot_never_of_two_sources(story: Candidate) -> None:
    line = story.gap("2025-01", TWO_SOURCES)
    assert (line["source_id"], line["us_score"], line["cn_score"]) == (OFFICIAL, 1300.0, 1260.0)


def test_a_rescaling_between_vintages_moves_no_gap(story: Candidate) -> None:
    assert [story.gap(month, RESCALED)["gap_points"] for month in ("2025-01", "2025-02")] == [40.0, 40.0]


def test_every_gap_is_the_difference_of_two_scores_of_its_one_snapshot(story: Candidate) -> None:
    wrong = story.rows(
        "SELECT g.board, g.variant, g.month FROM monthly_gap AS g "
        "LEFT JOIN core.scores AS u ON u.snapshot_id = g.snapshot_id AND u.category = g.category "
        "AND u.model_name = g.us_model "
        "LEFT JOIN core.scores AS c ON c.snapshot_id = g.snapshot_id AND c.category = g.category "
        "AND c.model_name = g.cn_model "
        "JOIN core.snapshots AS s ON s.snapshot_id = g.snapshot_id "
        "WHERE g.gap_points IS NOT NULL AND (g.gap_points IS DISTINCT FROM u.score - c.score "
        "OR s.variant <> g.variant OR s.board <> g.board)"
    )
    assert wrong == []


# Several sources of one day

MORE_COMPLETE = CASES.add(
    "more complete",
    printed(OFFICIAL, "2025-01-31", field_of(1300.2, 1260.3)),
    printed(OLD_MIRROR, "2025-01-31", [*field_of(1300.4, 1260.4), row("gemma-2-27b-it", 1100.0)]),
)
ROUNDED = CASES.add(
    "rounded",
    printed("lmarena_site", "2025-01-31", field_of(1300.0, 1260.0)),
    printed(OLD_MIRROR, "2025-01-31", field_of(1300.4, 1260.4)),
)
MORE_OFFICIAL = CASES.add(
    "more official",
    printed(OLD_MIRROR, "2025-01-31", field_of(1300.4, 1260.4)),
    printed(CATALOG, "2025-01-31", field_of(1300.3, 1260.3)),
    printed(OFFICIAL, "2025-01-31", field_of(1300.2, 1260.2)),
)
WHOLE_FIRST = CASES.add(
    "whole first",
    printed(OFFICIAL, "2025-01-31", field_of(1300.2, 1260.2)[:8]),
    printed(MIRROR, "2025-01-31", field_of(1300.0, 1260.0)),
    printed(LEADERS, "2025-01-31", [*field_of(1300.2, 1260.2), row("gemma-2-27b-it", 1100.0)]),
)


@pytest.mark.parametrize(
    ("variant", "source_id"),
    [
        pytest.param(MORE_COMPLETE, OLD_MIRROR, id="the most complete before the most official"),
        pytest.param(ROUNDED, OLD_MIRROR, id="unrounded before rounded, though further from upstream"),
        pytest.param(MORE_OFFICIAL, OFFICIAL, id="the most official of equals"),
        pytest.param(WHOLE_FIRST, MIRROR, id="a whole listing before a cut one and copied leaders"),
    ],
)
def test_of_several_sources_of_a_day_one_stands(story: Candidate, variant: str, source_id: str) -> None:
    assert story.gap("2025-01", variant)["source_id"] == source_id
    publications = story.rows("SELECT candidates FROM core.publications WHERE variant = ?", [variant])
    snapshots = story.rows("SELECT snapshot_id FROM core.snapshots WHERE variant = ?", [variant])
    assert publications == [{"candidates": len(snapshots)}], "the others stay"


# Who leads

WHO = CASES.add(
    "who",
    printed(
        OFFICIAL,
        "2025-01-31",
        [
            *field_of(1300, 1260),
            row("gemini-2.5-pro", 1350.0, organization_name="google"),
            row("nvila-8b", 1400.0, organization_name="nvidia"),
            row("mistral-medium-2508", 1390.0),
            row("athene-v2-chat", 1200.0),
            row("SenseNova-9", 1370.0, organization_name="SenseTime"),
        ],
    ),
)


def test_google_leads_for_the_us_although_it_is_british_too(story: Candidate) -> None:
    assert story.gap("2025-01", WHO)["us_model"] == "gemini-2.5-pro"


def test_a_joint_model_leads_for_neither_and_is_listed_as_joint(story: Candidate) -> None:
    line = story.gap("2025-01", WHO)
    assert (line["us_score"], line["cn_score"]) == (1350.0, 1260.0)
    assert story.rows("SELECT is_joint FROM core.models WHERE model_id = 'nvila-8b'") == [{"is_joint": True}]


def test_models_of_other_countries_are_neither_chinese_nor_american(story: Candidate) -> None:
    leaders = story.rows(
        "SELECT country, model_name FROM core.country_leaders JOIN core.snapshots USING (snapshot_id) "
        "WHERE variant = ? ORDER BY country",
        [WHO],
    )
    by_country = {leader["country"]: leader["model_name"] for leader in leaders}
    assert by_country["FR"] == "mistral-medium-2508"
    assert story.gap("2025-01", WHO)["us_eligible_models"] == 7, "the five, Gemini and a US fine-tune"


def test_hong_kong_leads_for_china_under_its_own_rule_only(story: Candidate, tmp_path: Path) -> None:
    assert story.gap("2025-01", WHO)["cn_score"] == 1260.0
    built = warehouses.warehouse(
        tmp_path,
        *[board for board in CASES.boards if board.rows[0]["variant"] == WHO],
        reference_folder=parameters(tmp_path, country_rule="cn_hk"),
    )
    line = built.gap("2025-01", WHO)
    expected = ("cn_hk", "SenseNova-9", "gemini-2.5-pro")
    assert (line["country_rule"], line["cn_model"], line["us_model"]) == expected


RENAMED = CASES.add(
    "renamed",
    printed(
        OFFICIAL, "2025-01-31", [*field_of(1300, 1260), row("kimi-k3", 1290.0), row("kimi-k3-max", 1289.0)]
    ),
)


def test_two_names_of_one_model_count_once(story: Candidate) -> None:
    line = story.gap("2025-01", RENAMED)
    expected = ("kimi-k3", "kimi-k3-max", 6)
    assert (line["cn_model"], line["cn_model_id"], line["cn_eligible_models"]) == expected


PREVIEW = CASES.add(
    "preview", printed(OLD_MIRROR, "2025-02-27", [*field_of(1384, 1362), row("early-grok-3", 1403.0)])
)


def test_an_anonymous_preview_counts_under_the_default_listing(story: Candidate) -> None:
    line = story.gap("2025-02", PREVIEW)
    assert (line["listing"], line["us_model"], line["gap_points"]) == ("any", "early-grok-3", 41.0)


def test_an_anonymous_preview_does_not_count_under_the_public_listing(tmp_path: Path) -> None:
    folder = parameters(tmp_path, listing="public")
    preview = "gpt-4.5-preview-2025-02-27"
    early = [*field_of(1384, 1362), row("early-grok-3", 1403.0), row(preview, 1390.0)]
    built = warehouses.warehouse(
        tmp_path,
        printed(OFFICIAL, "2025-01-31", early),
        printed(OFFICIAL, "2025-02-28", early),
        reference_folder=folder,
    )
    january, february = built.gap("2025-01"), built.gap("2025-02")
    assert (january["listing"], january["us_model"], january["gap_points"]) == ("public", US[0], 22.0)
    assert (february["us_model"], february["gap_points"]) == (preview, 28.0)
    assert built.stopped_by() == []


def test_the_pair_of_countries_is_a_default_and_no_constant(tmp_path: Path) -> None:
    lines = [*field_of(1300, 1260), row("mistral-medium-2508", 1280.0)]
    built = warehouses.warehouse(
        tmp_path,
        printed(OFFICIAL, "2025-01-31", lines),
        reference_folder=parameters(tmp_path, country_b="FR"),
    )
    line = built.gap("2025-01")
    assert (line["us_model"], line["cn_model"], line["gap_points"]) == (US[0], "mistral-medium-2508", 20.0)


def parameters(folder: Path, **values: str) -> Path:
    """The reference tables with other parameters."""
    copy = warehouses.reference_copy(folder)
    path = copy / "parameters.csv"
    lines = list(csv.reader(path.read_text(encoding="utf-8").splitlines()))
    for line in lines:
        line[1] = values.get(line[0], line[1])
    with path.open("w", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows(lines)
    return copy


# Anchors

# The anchors are of the text board's own variants.
ANCHORS = CASES.add(
    "raw",
    printed(OLD_MIRROR, "2024-02-15", field_of(1188, 1093)),
    printed(OLD_MIRROR, "2024-04-26", field_of(1257, 1153)),
    printed(MIRROR, "2024-01-31", field_of(1250, 1150)),
)


def test_percentages_on_another_anchor_are_flagged(story: Candidate) -> None:
    before, after, elsewhere = (story.gap(month, ANCHORS) for month in ("2024-02", "2024-04", "2024-01"))
    assert (before["anchor"], before["anchor_is_standard"]) == ("mirror_before_2024_03_27", False)
    assert (after["anchor"], after["anchor_is_standard"]) == ("arena", True)
    assert (elsewhere["source_id"], elsewhere["anchor_is_standard"]) == (MIRROR, True)


# Unknown names

FAR_BELOW = CASES.add(
    "far below",
    printed(
        OFFICIAL,
        "2025-01-31",
        [
            *field_of(1300, 1260),
            row("mystery-nano", 1259.9, organization_name="Mystery Lab"),
            row('odd, "quoted" name', 1000.0),
            row("Qwen-9-Max", 1255.0, organization_name="Alibaba"),
        ],
    ),
)


def test_an_unknown_name_below_both_tops_passes_and_is_written_down(story: Candidate) -> None:
    unresolved = {line["model_name"]: line for line in story.rows("SELECT * FROM meta.unresolved_models")}
    assert set(unresolved) == {"mystery-nano", 'odd, "quoted" name', "Qwen-9-Max", "SenseNova-9"}
    nano = unresolved["mystery-nano"]
    assert (nano["organization_name"], nano["resolution"]) == ("Mystery Lab", "unresolved")
    assert nano["margin_to_top"] == pytest.approx(-0.1)
    assert (nano["best_rank"], nano["best_score"], nano["snapshots"]) == (6, 1259.9, 1)
    assert not nano["blocks_release"]
    assert unresolved["Qwen-9-Max"]["resolution"] == "organization"


def test_a_model_known_only_by_its_maker_counts_for_it_and_is_pointed_out(story: Candidate) -> None:
    assert story.gap("2025-01", FAR_BELOW)["cn_eligible_models"] == 6
    assert not story.result("resolved_by_organization_only").passed


def test_the_line_to_add_is_one_row_of_the_reference_table(story: Candidate) -> None:
    lines = story.rows("SELECT model_name, csv_line FROM meta.unresolved_models")
    for line in lines:
        [cells] = csv.reader([line["csv_line"]])
        added = dict(zip(COLUMNS["models"], cells, strict=True))
        assert (added["name"], added["names"]) == (line["model_name"], line["model_name"])


# All of it at once


def test_the_ordinary_cases_stop_no_release(story: Candidate) -> None:
    assert story.stopped_by() == []


def test_the_order_of_rows_changes_nothing_in_any_table(story: Candidate, tmp_path: Path) -> None:
    shuffled = warehouses.warehouse(tmp_path, *CASES.boards[::-1], shuffle=7)
    for table in TABLES:
        # Rows of core.scores stand in the order of the files.
        query = f"SELECT * FROM {table.full_name} ORDER BY {', '.join(table.key)}"
        assert shuffled.con.sql(query).fetchall() == story.con.sql(query).fetchall(), table.full_name

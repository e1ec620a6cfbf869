"""Publications that lack leaders of those around them, days after the bytes were known, and matches before records."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import (
    CATALOG,
    CN,
    LEADERS,
    OFFICIAL,
    US,
    Candidate,
    Cases,
    Leaderboard,
    printed,
)

CASES = Cases()
FIELD = warehouses.field_of(1300.0, 1260.0)


def field(step: float, *lacking: str) -> list[dict[str, Any]]:
    """The fifteen models, ``step`` points higher, without some of them."""
    return [{**line, "score": line["score"] + step} for line in FIELD if line["model_name"] not in lacking]


BEFORE = printed(OFFICIAL, "2025-01-10", field(0))
AFTER = printed(OFFICIAL, "2025-02-10", field(2))
TWO = CASES.add("two missing once", BEFORE, printed(OFFICIAL, "2025-01-31", field(1, *US[:2])), AFTER)
CHINESE = CASES.add("two Chinese missing", BEFORE, printed(OFFICIAL, "2025-01-31", field(1, *CN[1:3])), AFTER)
ONE = CASES.add("one missing once", BEFORE, printed(OFFICIAL, "2025-01-31", field(1, US[0], CN[0])), AFTER)
NEWEST = CASES.add("the newest", BEFORE, printed(OFFICIAL, "2025-01-31", field(1, *US[:2])))
RETIRED = CASES.add(
    "gone for good",
    BEFORE,
    printed(OFFICIAL, "2025-01-31", field(1, *US[:2])),
    printed(OFFICIAL, "2025-02-10", field(2, *US[:2])),
)
LOW = CASES.add("below the first five", BEFORE, printed(OFFICIAL, "2025-01-31", field(1)[:-3]), AFTER)
BOTH = CASES.add(
    "two sources of the day",
    BEFORE,
    printed(OFFICIAL, "2025-01-31", field(1, *US[:2])),
    printed(CATALOG, "2025-01-31", field(1, *US[:3])),
    AFTER,
)
RIGHT = CASES.add(
    "another source of the day has them",
    BEFORE,
    printed(OFFICIAL, "2025-01-31", field(1, *US[:2])),
    printed(CATALOG, "2025-01-31", field(1, *US[3:])),
    AFTER,
)
SHORT = CASES.add("leaders between", BEFORE, printed(LEADERS, "2025-01-31", field(1)[3:8]), AFTER)
CATEGORIES = CASES.add(
    "every category",
    BEFORE,
    printed(
        OFFICIAL,
        "2025-01-31",
        field(1, *US[:2]) + [{**line, "category": "math"} for line in field(1, *US[:2])],
    ),
    AFTER,
)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    return warehouses.warehouse(tmp_path_factory.mktemp("suspect"), *CASES.boards)


def suspects(story: Candidate, variant: str) -> list[tuple[str, str]]:
    rows = story.rows(
        "SELECT source_id, category FROM meta.withheld WHERE variant = ? AND reason = 'suspect' ORDER BY ALL",
        [variant],
    )
    return [(row["source_id"], row["category"]) for row in rows]


@pytest.mark.parametrize("variant", [TWO, CHINESE])
def test_two_leaders_missing_once_make_a_publication_suspect(story: Candidate, variant: str) -> None:
    """Would catch a month's gap of 31 points between 17 and 19, from a list without the best Chinese models."""
    assert suspects(story, variant) == [(OFFICIAL, "overall")]
    january = story.gap("2025-01", variant)
    assert (january["published_on"], january["us_score"]) == (date(2025, 1, 10), 1300.0)
    [first] = story.rows(
        "SELECT published_on FROM core.month_snapshots WHERE variant = ? AND month = '2025-01-01' "
        "AND month_rule = 'first'",
        [variant],
    )
    assert first["published_on"] == date(2025, 1, 10)
    assert story.gap("2025-02", variant)["us_score"] == 1302.0


def test_the_message_names_what_is_missing(story: Candidate) -> None:
    [row] = story.rows("SELECT message FROM meta.withheld WHERE variant = ?", [TWO])
    for words in (US[0], US[1], "of US on 2025-01-10", "again on 2025-02-10"):
        assert words in row["message"]
    assert story.result("publications_lack_leaders").failing_rows > 0
    assert story.stopped_by() == []


@pytest.mark.parametrize("variant", [ONE, NEWEST, RETIRED, LOW, SHORT])
def test_what_may_be_right_stands(story: Candidate, variant: str) -> None:
    """Would catch a leader that upstream retired, or the newest publication, kept out of its month."""
    assert suspects(story, variant) == []
    assert story.gap("2025-01", variant)["published_on"] == date(2025, 1, 31)


def test_a_single_missing_leader_is_a_finding(story: Candidate) -> None:
    found = [row["message"] for row in story.result("leader_is_missing_once").sample]
    assert story.result("leader_is_missing_once").failing_rows == 2
    assert all("one missing once" in message for message in found)
    assert {model for model in (US[0], CN[0]) for message in found if model in message} == {US[0], CN[0]}


def test_no_other_snapshot_of_the_day_stands_in_its_place_with_the_same_fault(story: Candidate) -> None:
    assert suspects(story, BOTH) == [(CATALOG, "overall"), (OFFICIAL, "overall")]
    assert story.gap("2025-01", BOTH)["published_on"] == date(2025, 1, 10)
    assert suspects(story, CATEGORIES) == [(OFFICIAL, "math"), (OFFICIAL, "overall")]


# Days after the bytes were known, and matches before records

FUTURE = Leaderboard(OFFICIAL, [{**line, "published_on": date(2062, 1, 1)} for line in FIELD], "2025-03-01")
TOMORROW = Leaderboard(
    OFFICIAL, [{**line, "variant": "grace", "published_on": date(2025, 3, 2)} for line in FIELD], "2025-03-01"
)


def index_row(model: str, score: float, released: str) -> dict[str, Any]:
    return warehouses.row(
        model, score, board="eci", variant="default", released_on=warehouses.day(released), standard_error=1.0
    )


INDEX = [
    index_row("gpt-4-0314", 120.0, "2023-03-14"),
    index_row("gpt-4o-2024-05-13", 130.0, "2024-05-13"),
    index_row("yi-34b-chat", 105.0, "2023-11-05"),
    # The day of another year: no model of 2020 matches one of 2024.
    index_row("deepseek-r1", 139.0, "2020-01-20"),
]


@pytest.fixture(scope="module")
def times(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    index = Leaderboard("epoch_eci", INDEX, "2025-03-01", "eci_scores")
    return warehouses.warehouse(tmp_path_factory.mktemp("times"), FUTURE, TOMORROW, index)


def test_a_day_after_the_bytes_were_known_is_not_believed(times: Candidate) -> None:
    """Would catch a slip of the keyboard, 2062, as the latest month of every board and of the headline."""
    rows = times.rows(
        "SELECT variant, published_on, date_basis, printed_on FROM core.snapshots "
        "WHERE board = 'arena_text' ORDER BY ALL"
    )
    assert [tuple(row.values()) for row in rows] == [
        ("grace", date(2025, 3, 2), "printed", date(2025, 3, 2)),
        ("raw", date(2025, 3, 1), "not_after", date(2062, 1, 1)),
    ]
    [release] = times.rows("SELECT latest_month FROM meta.release")
    assert release["latest_month"] == date(2025, 3, 1)
    [last] = times.rows("SELECT max(month) AS month FROM monthly_gap")
    assert last["month"] == date(2025, 3, 1)


def test_a_match_years_before_its_record_is_a_finding(times: Candidate) -> None:
    """Would catch a release date of another year that gives a lag of minus four years and no word about it."""
    result = times.result("match_after_record")
    assert not result.passed
    assert not result.stops_release
    assert "deepseek-r1 (2020-01-20) matched gpt-4o-2024-05-13" in str(result.sample)

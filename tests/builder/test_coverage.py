"""What is held of each board, month by month: by hand, from the raw files, and against the release before."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.fixtures import warehouses
from tests.fixtures.warehouses import (
    CN,
    LEADERS,
    OFFICIAL,
    OTHER,
    US,
    Candidate,
    day,
    field_of,
    printed,
    row,
    undated,
)
from warehouse.builder import checks
from warehouse.db import read_only
from warehouse.read.evidence import in_words
from warehouse.release.state import evidence

CHECK = "coverage_shrinks"


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Candidate:
    """Months of one series: new, repeated, held by nobody, new with an interval, one side only, leaders."""
    exact: dict[str, Any] = {"standard_error": 5.0}
    boards = (
        printed(OFFICIAL, "2024-01-20", field_of(1250.0, 1200.0)),
        printed(OFFICIAL, "2024-02-20", field_of(1250.0, 1200.0)),
        printed(OFFICIAL, "2024-04-10", field_of(1250.0, 1200.0)),
        printed(OFFICIAL, "2024-04-20", field_of(1260.0, 1210.0, **exact)),
        printed(OFFICIAL, "2024-04-25", field_of(1260.0, 1210.0, **exact)),
        printed(
            OFFICIAL,
            "2024-05-20",
            [row(name, 1200.0 - 9 * place) for place, name in enumerate((*US, *OTHER))],
        ),
        printed(LEADERS, "2024-06-20", [row(US[0], 1290.0), row(CN[0], 1230.0)]),
        undated("evalplus", "2024-12-26", [_exam(US[0], 90.0), _exam(CN[0], 80.0)]),
    )
    return warehouses.warehouse(tmp_path_factory.mktemp("coverage"), *boards)


def _exam(model: str, score: float) -> dict[str, Any]:
    return {**row(model, score), "board": "humaneval", "variant": "default"}


def of(made: Candidate, board: str, month: str, variant: str = "raw") -> dict[str, Any]:
    [found] = made.rows(
        "SELECT * FROM meta.coverage WHERE board = ? AND variant = ? AND month = ?",
        [board, variant, day(f"{month}-01")],
    )
    return found


@pytest.mark.parametrize(
    ("month", "observed", "interval", "reason", "new"),
    [
        ("2024-01", True, False, None, 1),
        # The page of January, stamped again.
        ("2024-02", False, False, "repeated", 0),
        ("2024-03", False, False, "nothing_held", 0),
        # Of three publications the first is January's, and the last repeats the second, which is new.
        ("2024-04", True, True, None, 2),
        ("2024-05", False, False, "one_side_only", 1),
        ("2024-06", True, False, None, 1),
    ],
)
def test_a_month_is_observed_only_by_what_is_new_in_it(
    made: Candidate, month: str, observed: bool, interval: bool, reason: str | None, new: int
) -> None:
    """Would catch a repeated page counted, a hole without its reason, or an interval where there is none."""
    found = of(made, "arena_text", month)
    assert (found["is_observed"], found["has_interval"]) == (observed, interval)
    assert (found["reason"], found["new_publications"]) == (reason, new)


def test_sources_and_days_of_a_month(made: Candidate) -> None:
    april, june = (of(made, "arena_text", month) for month in ("2024-04", "2024-06"))
    assert (april["sources"], april["days_before_month_end"]) == ([OFFICIAL], 5)
    assert (june["sources"], june["source_id"], june["days_before_month_end"]) == ([LEADERS], LEADERS, 10)


def test_months_in_which_nothing_was_published_are_no_holes_to_fill(tmp_path: Path) -> None:
    """Would catch EvalPlus blamed for standing still: it ended, and later months are no fault of ours. Nor is a month
    in which upstream changed nothing, or one in which its page was read and still the old one.
    """
    boards = (
        undated("evalplus", "2024-09-26", [_exam(US[0], 88.0), _exam(CN[0], 80.0)]),
        undated("evalplus", "2024-12-26", [_exam(US[0], 90.0), _exam(CN[0], 80.0)]),
        printed(OFFICIAL, "2025-05-20", field_of(1250.0, 1200.0)),
        replace(printed(OFFICIAL, "2025-05-20", field_of(1250.0, 1200.0)), known="2025-07-10"),
        printed(OFFICIAL, "2025-08-20", field_of(1260.0, 1200.0)),
    )
    built = warehouses.warehouse(tmp_path, *boards)
    assert [of(built, "humaneval", f"2024-{month}", "default")["reason"] for month in (10, 11)] == [
        "unchanged"
    ] * 2
    assert of(built, "arena_text", "2025-06")["reason"] == "nothing_held"
    assert of(built, "arena_text", "2025-07")["reason"] == "repeated"
    assert of(built, "humaneval", "2024-12", "default")["is_observed"]
    later = of(built, "humaneval", "2025-01", "default")
    assert (later["reason"], later["board_stands_still"]) == ("board_ended", False)
    assert not of(built, "arena_text", "2025-08")["board_stands_still"]


def test_a_line_says_how_much_is_held(made: Candidate) -> None:
    """Would catch an unobserved month in the count, or a board that stands still passed over."""
    found = evidence(made.con)
    assert found is not None
    assert found["board_months"] == 4
    assert in_words(found) == "4 board-months of 2 boards, 1 with an interval; 1 board stands still"
    assert found["standing_still"] == ["arena_text"]
    apart = {**found, "self_reported_board_months": 3, "self_reported_boards": 1, "standing_still": []}
    assert in_words(apart).endswith("1 with an interval, and 3 self-reported board-months of 1 board")
    assert evidence(duckdb.connect()) is None


# --- the release before ----------------------------------------------------------------------------------------


def held(candidate: Path, before: Path | None) -> checks.Result:
    [check] = [found for found in checks.all_checks() if found.name == CHECK]
    [result] = checks.run(candidate, [check], before)
    return result


def test_months_that_were_lost_are_told(made: Candidate, tmp_path: Path) -> None:
    """Would catch evidence that vanishes from one release to the next without a word."""
    lost = "UPDATE meta.coverage SET is_observed = FALSE, has_interval = FALSE, reason = 'nothing_held' "
    candidate = made.copy(tmp_path, f"{lost} WHERE board = 'arena_text' AND month <= '2024-04-01'")
    result = held(candidate, made.staged.candidate)
    assert not result.passed
    assert not result.stops_release
    assert "arena_text raw: 2 of 3 observed months lost (2024-01, 2024-04)" in result.line()


@pytest.mark.parametrize(
    "older",
    [
        "DROP TABLE meta.coverage",
        "UPDATE meta.parameters SET value = 'FR' WHERE name = 'country_b'",
        "DELETE FROM meta.coverage WHERE month > '2024-02-01'",
    ],
)
def test_nothing_is_lost_where_nothing_was_held(made: Candidate, tmp_path: Path, older: str) -> None:
    """Would catch a warning after a release that had no such table, compared others, or held less."""
    assert held(made.staged.candidate, made.copy(tmp_path, older)).passed
    assert held(made.staged.candidate, None).passed


# --- the shipped history ---------------------------------------------------------------------------------------


def test_the_shipped_history_holds_what_it_is_said_to(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch a source that drops out of the history: these boards and months were held once."""
    held_months = {
        (board, variant): (observed, interval)
        for board, variant, observed, interval in warehouse.sql(
            "SELECT board, variant, count(*) FILTER (is_observed), count(*) FILTER (has_interval) "
            "FROM meta.coverage GROUP BY ALL"
        ).fetchall()
    }
    at_least = {
        ("arena_text", "raw"): (42, 27),
        ("arena_text", "style_control"): (16, 16),
        ("arena_vision", "style_control"): (6, 6),
        ("arena_text_to_video", "default"): (6, 6),
        ("eci", "default"): (9, 9),
        ("gpqa_diamond", "default"): (9, 8),
        ("otis_mock_aime", "default"): (9, 2),
        ("simpleqa_verified", "default"): (8, 8),
    }
    for series, (observed, interval) in at_least.items():
        assert held_months[series][0] >= observed, series
        assert held_months[series][1] >= interval, series
    assert sum(observed for observed, _ in held_months.values()) >= 200


MEDIA = ("text_to_image", "image_edit", "text_to_video", "image_to_video", "video_edit")


def test_repeated_publications_of_the_raw_files(upstream: Path, shipped: Path) -> None:
    """Would catch a list of June under a day of July taken for July's, where no other source has one of July."""
    new: dict[str, set[date]] = defaultdict(set)
    repeated: dict[str, set[date]] = defaultdict(set)
    for subset in MEDIA:
        seen: set[tuple[float, ...]] = set()
        for path in sorted((upstream / "lmarena_hf" / subset).glob("*.parquet")):
            rows = pl.read_parquet(path).filter(pl.col("category") == "overall", ~pl.col("rating").is_nan())
            # `latest` can hold several dates, each with its own categories.
            [printed_on] = rows["leaderboard_publish_date"].unique()
            figures = tuple(sorted(rows["rating"]))
            month = date.fromisoformat(printed_on).replace(day=1)
            (repeated if figures in seen else new)[f"arena_{subset}"].add(month)
            seen.add(figures)
    assert new
    with read_only(shipped) as con:
        found = con.sql(
            "SELECT board, month, reason, sources = ['lmarena_hf'] FROM meta.coverage WHERE variant = 'default'"
        ).fetchall()
    reasons = {(board, month): reason for board, month, reason, _ in found}
    alone = {(board, month) for board, month, _, is_alone in found if is_alone}
    for board, months in new.items():
        assert {reasons[board, month] for month in months} == {None}, board
    only_repeated = {(board, month) for board, months in repeated.items() for month in months - new[board]}
    # Where another source has something new of the month too, it is observed.
    assert {reasons[place] for place in only_repeated & alone} <= {"repeated"}

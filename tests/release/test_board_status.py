"""When a board is overdue, by its own rhythm."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Any

import duckdb
import pytest

from tests.fixtures.tables_in_memory import Row, tiny
from warehouse.db import sql_text
from warehouse.release.board_status import board_status, line, overdue, with_lateness

FIRST = date(2026, 1, 1)


def judged(gaps: list[int], *, repeats: int = 0, ended: bool = False, live: bool = True) -> Row:
    """The row of a board whose publications lie ``gaps`` days apart, the last ``repeats`` of them the same figures."""
    days = [FIRST]
    for gap in gaps:
        days.append(days[-1] + timedelta(days=gap))
    series: Row = {"board": "b", "variant": "default"}
    names = [(f"s{place}", day) for place, day in enumerate(days)]
    con = tiny(
        core__publications=[
            {**series, "category": "overall", "snapshot_id": name, "published_on": day} for name, day in names
        ],
        core__scores=[
            {"category": "overall", "snapshot_id": name, "score": float(min(place, len(days) - 1 - repeats))}
            for place, (name, _) in enumerate(names)
        ],
        core__snapshots=[{**series, "snapshot_id": name, "source_id": "s"} for name, _ in names],
        core__board_ends=[{"board": "b"}] if ended else [],
    )
    con.execute(
        f"CREATE TABLE staged_source AS SELECT 's' AS source_id, {604800 if live else 'NULL'} AS cadence"
    )
    found = con.sql(sql_text("meta/board_status.sql"))
    [row] = found.fetchall()
    return dict(zip(found.columns, row, strict=True))


@pytest.mark.parametrize(
    ("given", "rhythm", "state"),
    [
        ({"gaps": [30] * 6}, 30, "expected"),
        # fast boards are asked once a day at most
        ({"gaps": [1] * 12}, 7, "expected"),
        # one long pause of twelve is no rhythm, and what was a year ago counts no more
        ({"gaps": [90] * 5 + [10] * 11 + [60]}, 10, "expected"),
        ({"gaps": [10] * 3}, None, "too_few"),
        ({"gaps": [10] * 8, "ended": True}, 10, "ended"),
        ({"gaps": [10] * 8, "live": False}, 10, "no_live_source"),
    ],
)
def test_a_board_is_expected_by_its_own_rhythm(given: Any, rhythm: int | None, state: str) -> None:
    """Would catch one rule for all boards, or a board called late that has ended or that nobody brings."""
    row = judged(**given)
    assert (row["rhythm_days"], row["state"]) == (rhythm, state)
    if state == "expected":
        assert row["overdue_after"] == row["last_published_on"] + timedelta(days=2 * row["rhythm_days"])
    else:
        assert row["expected_on"] is None
        assert row["overdue_after"] is None


def test_a_repeated_listing_is_nothing_new() -> None:
    """Would catch a board that stamps old figures again, and so is never late."""
    row = judged(gaps=[10] * 8, repeats=3)
    assert row["last_published_on"] == FIRST + timedelta(days=50)
    assert row["publications"] == 6


@pytest.mark.parametrize(
    ("asked", "today", "days", "ending"),
    [
        (None, date(2026, 1, 15), 0, ""),
        (None, date(2026, 1, 16), 8, ", not asked since"),
        (date(2026, 1, 15), date(2026, 1, 20), 12, ", not asked since"),
        (date(2026, 1, 16), date(2026, 1, 20), 12, "12 days overdue"),
    ],
)
def test_an_overdue_board_says_whether_anybody_asked(
    asked: date | None, today: date, days: int, ending: str
) -> None:
    """Would catch a board called late by upstream's fault while nobody has asked for it."""
    con = tiny(
        meta__board_status=[
            {
                "board": "b",
                "state": "expected",
                "last_published_on": FIRST,
                "rhythm_days": 7,
                "expected_on": date(2026, 1, 8),
                "overdue_after": date(2026, 1, 15),
                "source_ids": ["s"],
            }
        ]
    )
    now = datetime(today.year, today.month, today.day, 23, tzinfo=UTC)
    times = {"s": datetime(asked.year, asked.month, asked.day)} if asked else {}  # noqa: DTZ001
    rows = with_lateness(board_status(con), times, now)
    assert rows[0]["overdue_days"] == days
    assert [line(row).endswith(ending) for row in overdue(rows)] == [True] * bool(days)


def test_a_release_without_the_table_has_no_boards() -> None:
    """Would catch `aigap status` that fails on a release of an earlier version."""
    assert board_status(duckdb.connect()) == []

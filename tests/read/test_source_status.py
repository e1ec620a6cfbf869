"""What is said to be wrong with a source."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import pytest

from sources.ingestion.archive import Archive
from warehouse.read.source_status import _notes

NOVEMBER, DECEMBER = datetime(2026, 11, 1), datetime(2026, 12, 1)  # noqa: DTZ001 (as DuckDB returns UTC times)


@pytest.mark.parametrize(
    ("next_expected", "notes"),
    [
        (None, []),
        (DECEMBER, ["repeats old figures"]),
        (NOVEMBER, ["repeats old figures", "overdue since 2026-11-01"]),
    ],
)
def test_only_a_source_that_is_expected_to_change_is_stale(
    tmp_path: Path, next_expected: datetime | None, notes: list[str]
) -> None:
    """Would catch a finished archive reported for repeating what it always held."""
    row = {"source_id": "s", "last_error": None, "next_expected": next_expected, "is_repeating": True}
    assert _notes(Archive(tmp_path), row, {}, datetime(2026, 11, 2, tzinfo=UTC)) == notes

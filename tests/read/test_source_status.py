"""What is said to be wrong with a source."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path

import duckdb
import pytest

from sources.ingestion.archive import Archive
from warehouse.read.source_status import _notes, _set_aside

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
    row = {"last_error": None, "next_expected": next_expected, "is_repeating": True}
    assert _notes(Archive(tmp_path), row, None, datetime(2026, 11, 2, tzinfo=UTC)) == notes


def test_what_the_newest_bytes_lost_is_told() -> None:
    """Would catch rows left out that nobody hears of, or those of old bytes told for ever."""
    con = duckdb.connect()
    assert _set_aside(con) == {}
    con.execute(
        "CREATE SCHEMA meta; CREATE TABLE meta.inputs AS FROM (VALUES "
        "('old', 's', 'a', TIMESTAMP '2026-01-01'), ('new', 's', 'a', TIMESTAMP '2026-02-01'), "
        "('other', 's', 'b', TIMESTAMP '2026-01-01')) AS t(input_id, source_id, request, known_at);"
        "CREATE TABLE meta.set_aside AS FROM (VALUES "
        "('old', 's', 'gone', 'score', '''x''', FALSE, 7), ('new', 's', 'm', 'score', '''x''', FALSE, 1), "
        "('other', 's', 'm', 'released_on', '1970-01-01', TRUE, 4)"
        ") AS t(input_id, source_id, name, column_name, found, is_cell, rows)"
    )
    told = "1 row set aside (m: score 'x'); 4 cells set aside (m: released_on 1970-01-01)"
    assert _set_aside(con) == {"s": told}

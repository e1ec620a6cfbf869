"""Of which listings a build that starts from a release asks for scores. Would catch a copy or an original that it does
not find, since the scores of the other are not there.
"""

from __future__ import annotations

from collections.abc import Collection

import pytest

from warehouse.db import in_memory, sql_text

#: Listings of three series: key, source, board, printed day. Those of "mirror" have none.
LISTINGS = (
    (1, "official", "text", "2025-01-01"),
    (2, "official", "text", "2025-01-02"),
    (3, "mirror", "text", None),
    (4, "official", "vision", "2025-01-01"),
    (5, "official", "search", "2025-01-01"),
    (6, "mirror", "search", None),
    (7, "own", "search", "2025-01-02"),
    (8, "own", "search", None),
)
DOUBTED = {1, 2, 3, 5, 6, 7, 8}


def weighed(new: set[int], cut: Collection[int] = (), kept: Collection[tuple[int, int]] = ()) -> set[int]:
    with in_memory() as con:
        con.execute(
            "CREATE SCHEMA internal; CREATE SCHEMA meta; "
            "CREATE TABLE listing(key BIGINT, source_id VARCHAR, board VARCHAR, stamped_on DATE); "
            "CREATE TABLE staged_source AS SELECT unnest(['official', 'mirror', 'own']) AS source_id, "
            "'exact' AS precision, FALSE AS stamp_can_lag; "
            "CREATE TABLE new_listing(key BIGINT); CREATE TABLE cut_listing(key BIGINT); "
            "CREATE TABLE kept_pair(copy BIGINT, original BIGINT); "
            "CREATE TABLE internal.settings AS SELECT 0.05 AS same_within"
        )
        con.executemany("INSERT INTO listing VALUES (?, ?, ?, ?)", LISTINGS)
        con.execute(
            "ALTER TABLE listing ADD COLUMN variant VARCHAR DEFAULT 'raw'; "
            "ALTER TABLE listing ADD COLUMN known_at TIMESTAMP DEFAULT TIMESTAMP '2025-02-01'"
        )
        for table, rows in (
            ("new_listing", [(key,) for key in new]),
            ("cut_listing", [(key,) for key in cut]),
            ("kept_pair", list(kept)),
        ):
            if rows:
                con.executemany(f"INSERT INTO {table} VALUES ({', '.join('?' * len(rows[0]))})", rows)
        found = con.execute(f"SELECT key FROM ({sql_text('staging/weighed_listing.sql')})").fetchall()
        return {key for (key,) in found}


def test_a_whole_build_asks_for_all_of_a_series_with_a_listing_in_doubt() -> None:
    assert weighed({key for key, *_ in LISTINGS}) == DOUBTED


@pytest.mark.parametrize(
    ("new", "printed"),
    [
        pytest.param(set(), {7}, id="nothing is new: what corrects facts of its own source"),
        pytest.param({2}, {2, 7}, id="a printed one: it itself"),
        pytest.param({3}, {1, 2, 7}, id="one in doubt: all of its series that it may be a copy of"),
    ],
)
def test_of_printed_listings_those_that_a_new_one_is_compared_with(new: set[int], printed: set[int]) -> None:
    assert weighed(new) == {3, 6, 8} | printed


def test_the_lowest_score_of_a_cut_original_is_asked_for_again() -> None:
    pairs = {(3, 1), (6, 5)}
    assert weighed(set(), {1, 2}, pairs) == {1, 3, 6, 7, 8}

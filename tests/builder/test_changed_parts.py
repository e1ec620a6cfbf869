"""Which parts of a table a build makes anew. Would catch a series that stands although a snapshot of it has changed."""

from __future__ import annotations

import duckdb
import pytest

from warehouse.builder.changes import Changes, OneSeries

TABLES = """
CREATE SCHEMA core;
CREATE TABLE core.snapshots AS FROM (VALUES ('one', 'arena_text', 'raw'), ('two', 'arena_vision', 'raw'))
    AS t(snapshot_id, board, variant);
CREATE TABLE core.snapshot_categories AS FROM (VALUES ('one', 'overall'), ('one', 'coding'), ('two', 'overall'))
    AS t(snapshot_id, category)
"""
ALL_OF_TEXT: OneSeries = ("arena_text", "raw", None)


@pytest.mark.parametrize(
    ("changed", "parts"),
    [
        ({"one"}, {("arena_text", "raw", "overall"), ("arena_text", "raw", "coding")}),
        ({"one", "gone"}, {ALL_OF_TEXT}),
    ],
    ids=["the categories that it has", "all of its board and variant once it has gone"],
)
def test_a_changed_snapshot_stands_for(changed: set[str], parts: set[OneSeries]) -> None:
    changes = Changes("release")
    changes.add("core.snapshots", frozenset(changed), frozenset({ALL_OF_TEXT}))
    with duckdb.connect() as con:
        con.execute(TABLES)
        assert changes.parts(con, "main.gap_changes") == parts

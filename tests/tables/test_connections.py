"""What a connection to a file may hold in memory."""

from __future__ import annotations

import os
from pathlib import Path

import duckdb
import pytest

from warehouse import db


def limit(con: duckdb.DuckDBPyConnection) -> str:
    [(text,)] = con.sql("SELECT current_setting('memory_limit')").fetchall()
    return str(text)


def test_only_a_large_file_gets_much_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch builds of whole histories above a gigabyte, and ones of twenty million rows that run out of it."""
    file = tmp_path / "a.duckdb"
    with db.read_write(file) as con:
        con.execute("CREATE TABLE a AS SELECT 1 AS b")
        assert limit(con) == "572.2 MiB"
    with db.read_only(file) as con:
        assert limit(con) == "572.2 MiB"
    # Blocks that nothing refers to: the size alone counts.
    os.truncate(file, db.LARGE + 4096)
    with db.read_only(file) as con:
        assert limit(con) == "953.6 MiB"
    monkeypatch.setenv("AIGAP_BUILD_MEMORY", "100MB")
    with db.read_only(file) as con:
        assert limit(con) == "95.3 MiB"

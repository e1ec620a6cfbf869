"""What a connection may hold in memory, keep open and print."""

from __future__ import annotations

import os
import subprocess
import sys
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


def test_file_that_is_kept_open_is_let_go(tmp_path: Path) -> None:
    """Would catch a candidate that a later step cannot open or move, and temporary tables of one step in the next."""
    file, others = tmp_path / "kept.duckdb", tmp_path / "others.duckdb"
    with db.kept_open():
        for number, path in enumerate((file, file, others)):
            with db.read_write(path, is_kept=path == file) as con:
                con.execute("CREATE TABLE IF NOT EXISTS numbers (number INTEGER)")
                con.execute(
                    f"INSERT INTO numbers VALUES ({number}); CREATE TEMP TABLE of_this_step AS SELECT 1"
                )
        with db.read_only(file) as con:
            assert con.sql("FROM numbers").fetchall() == [(0,), (1,)]
            assert limit(con) == "572.2 MiB"
            with pytest.raises(duckdb.CatalogException):
                con.sql("FROM of_this_step")
        # What nobody keeps is closed as ever: read-only is another way to open it.
        with duckdb.connect(str(others), read_only=True) as con:
            assert con.sql("FROM numbers").fetchall() == [(2,)]
        with pytest.raises(duckdb.ConnectionException):
            duckdb.connect(str(file), read_only=True)
        db.let_go(file)
        assert not file.with_name("kept.duckdb.wal").exists()
        with duckdb.connect(str(file), read_only=True) as con:
            assert len(con.sql("FROM numbers").fetchall()) == 2
        with db.read_write(file, is_kept=True) as con:
            con.execute("INSERT INTO numbers VALUES (3)")
    duckdb.connect(str(file), read_only=True).close()


def test_only_a_small_file_is_worked_on_by_one_thread(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a release of whole histories that takes twice as long, and a small one that costs a tenth more."""
    for name, size in (("small", db.SMALL), ("large", 0)):
        monkeypatch.setattr(db, "SMALL", size)
        with db.read_write(tmp_path / f"{name}.duckdb") as con:
            con.execute("CREATE TABLE a AS SELECT 1 AS b; CHECKPOINT; SET threads = 2")
            db.work_alone(con)
            assert con.sql("SELECT current_setting('threads')").fetchall() == [(1 if size else 2,)]


def test_no_progress_is_drawn_where_nobody_looks(tmp_path: Path) -> None:
    """Would catch DuckDB's bar in the output of a worker that runs no file, as of one that is spawned."""
    program = """
import sys
from pathlib import Path
from warehouse import db
file = Path(sys.argv[1])
for connect in (lambda: db.read_write(file), lambda: db.read_only(file), db.in_memory):
    with connect() as con:
        print(con.execute("SELECT current_setting('enable_progress_bar')").fetchone())
"""
    command = [sys.executable, "-c", program, str(tmp_path / "a.duckdb")]
    done = subprocess.run(command, capture_output=True, text=True, check=True)
    assert done.stdout == "(False,)\n" * 3

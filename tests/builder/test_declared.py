"""The file of empty tables that a build starts from, and the one kept of it for other processes."""

from __future__ import annotations

from pathlib import Path

import pytest

from warehouse.builder import fill
from warehouse.db import read_only
from warehouse.tables import TABLES


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setattr(fill, "KEPT_IN", tmp_path / "kept")
    return tmp_path / "kept"


def as_in_another_process(path: Path, monkeypatch: pytest.MonkeyPatch) -> list[tuple[object, ...]]:
    """The catalogue of the file declared at ``path`` by a process that has declared nothing yet."""
    monkeypatch.setattr(fill, "_DECLARED", {})
    fill.declare_tables(path)
    with read_only(path) as con:
        return con.execute(
            "SELECT schema_name, table_name, column_name, comment, data_type FROM duckdb_columns() WHERE NOT internal "
            "UNION ALL SELECT schema_name, table_name, sql, comment, '' FROM duckdb_tables() "
            "UNION ALL SELECT schema_name, view_name, sql, comment, '' FROM duckdb_views() WHERE NOT internal "
            "ORDER BY ALL"
        ).fetchall()


def test_a_kept_file_is_the_one_that_was_declared(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a release that lacks a column, a comment or a view."""
    declared = as_in_another_process(tmp_path / "declared.duckdb", monkeypatch)
    assert len(list(folder.iterdir())) == 1
    monkeypatch.setattr(fill, "declared", lambda path, script: pytest.fail("declared again"))
    assert as_in_another_process(tmp_path / "kept.duckdb", monkeypatch) == declared
    assert {row[1] for row in declared} >= {table.name for table in TABLES}


def test_a_damaged_file_is_made_again(folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    declared = as_in_another_process(tmp_path / "declared.duckdb", monkeypatch)
    [kept] = folder.iterdir()
    whole = kept.read_bytes()
    kept.write_bytes(whole[:1000])
    assert as_in_another_process(tmp_path / "again.duckdb", monkeypatch) == declared
    # No two files of the same declarations have the same bytes.
    assert abs(len(kept.read_bytes()) - len(whole)) < 10_000


def test_one_of_other_declarations_is_replaced(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a build that starts from the tables of another version, and files that heap up."""
    declared = as_in_another_process(tmp_path / "declared.duckdb", monkeypatch)
    script = fill._script()
    monkeypatch.setattr(fill, "_script", lambda: script + ";\nCREATE TABLE main.another (x INTEGER)")
    assert len(as_in_another_process(tmp_path / "another.duckdb", monkeypatch)) == len(declared) + 2
    assert len(list(folder.iterdir())) == 1


def test_where_nothing_can_be_kept_tables_are_declared(
    folder: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder.write_text("no folder")
    assert as_in_another_process(tmp_path / "declared.duckdb", monkeypatch)

"""Opening the project's DuckDB files, and moving rows between them and Python."""

from __future__ import annotations

import os
import re
import threading
from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.workspace import PACKAGE

if TYPE_CHECKING:
    import polars as pl

#: What a connection to a file holds in memory, before it puts the rest beside the file: a build of whole histories
#: fits into a small machine. Of a file of more than `LARGE` bytes it is more, for what cannot be put to disk.
#: ``AIGAP_BUILD_MEMORY`` says otherwise.
MEMORY, MEMORY_OF_LARGE = "600MB", "1GB"
LARGE = 400_000_000
#: A file of more bytes is not kept open, since what is cached of it is in the way of the estimates; and one thread is
#: too slow for what differs in it.
SMALL = 150_000_000
#: A whole build fills tables of many rows at once, which two threads do sooner: one works alone on a smaller file.
SMALL_IF_WHOLE = 100_000_000

Config = dict[str, str | bool | int | float | list[str]]

#: Readers of 1.4 and 1.5 cannot open a file in 2.0's own format.
STORAGE_VERSION = "v1.4.0"

_SEALED: Config = {
    "enable_external_access": "false",
    "autoload_known_extensions": "false",
    "autoinstall_known_extensions": "false",
    # Names in the SQL are relations, never Python variables.
    "python_enable_replacements": "false",
}
_SEALING = threading.Lock()


def read_only(path: Path) -> duckdb.DuckDBPyConnection:
    """A connection to the DuckDB file ``path`` that cannot change it; ``with`` closes it.

    Raises `duckdb.Error` if there is no such file or it is no database. Of a file that `kept_open` keeps it is one that
    can.
    """
    is_kept = _KEPT is not None and path in _KEPT
    return _limited(_connected(path) if is_kept else duckdb.connect(str(path), read_only=True), path)


def sealed(path: Path, memory: str | None = None) -> duckdb.DuckDBPyConnection:
    """A connection to ``path`` whose SQL reaches nothing else; ``with`` closes it.

    No file is read or written, no extension loaded and no setting changed, whatever statement runs or stands in a
    view of the file. What does not fit into ``memory`` ("2GB") fails; without, it is put into the folder for
    temporary files. Raises `duckdb.Error` if there is no such file or it is no database.
    """
    import tempfile

    # DuckDB makes the folder when it needs one, and by default beside the file.
    spill = "" if memory else f"{tempfile.gettempdir()}/aigap-{os.getpid()}.spill"
    limits: Config = {"temp_directory": spill, **({"memory_limit": memory} if memory else {})}
    con = duckdb.connect(str(path), read_only=True, config=_SEALED | limits)
    with _SEALING:
        # Connections of one process to one file share these settings: the second finds them locked.
        [(is_locked,)] = con.sql("SELECT current_setting('lock_configuration')").fetchall()
        if not is_locked:
            con.execute("SET GLOBAL TimeZone = 'UTC'")
            con.execute("SET lock_configuration = true")
    return con


def in_memory() -> duckdb.DuckDBPyConnection:
    """A connection to an empty database in memory; ``with`` closes it."""
    return _prepared(duckdb.connect())


@contextmanager
def read_write(path: Path, is_kept: bool = False) -> Iterator[duckdb.DuckDBPyConnection]:
    """A connection that creates or changes the file ``path``; at the end all changes are in that one file.

    With ``is_kept`` it stays open afterwards, within `kept_open`.
    The checkpoint raises `duckdb.Error` when the disk is full; closing alone would hide it.
    """
    with _limited(_connected(path), path) as con:
        con.execute("SET preserve_insertion_order = true")
        yield con
        con.execute("CHECKPOINT")
        if is_kept and _KEPT is not None and path not in _KEPT and path.stat().st_size <= SMALL:
            # Not this one, which has temporary tables. A second connection to an open file takes a millisecond.
            _KEPT[path] = _connected(path)


@contextmanager
def kept_open() -> Iterator[None]:
    """Within it, a file that `read_write` was told to keep stays open until `let_go`.

    For one process that makes all steps, each of which opens the candidate: a file with a thousand comments takes long.
    No other process can open it meanwhile.
    """
    global _KEPT
    before, _KEPT = _KEPT, {}
    try:
        yield
    finally:
        for path in list(_KEPT):
            let_go(path)
        _KEPT = before


def let_go(path: Path) -> None:
    """Close ``path``, if it is kept open: before it is moved, removed or replaced."""
    if _KEPT and path in _KEPT:
        _KEPT.pop(path).close()


#: What `kept_open` keeps, each with a connection of its own; None outside it.
_KEPT: dict[Path, duckdb.DuckDBPyConnection] | None = None


def _connected(path: Path) -> duckdb.DuckDBPyConnection:
    return duckdb.connect(str(path), config={"storage_compatibility_version": STORAGE_VERSION})


def _limited(con: duckdb.DuckDBPyConnection, path: Path) -> duckdb.DuckDBPyConnection:
    # Once a file: to be told again, DuckDB looks through all that it holds.
    if not (_KEPT and path in _KEPT):
        # Set, not given when connecting: connections of one process to one file must be given the same.
        usual = MEMORY_OF_LARGE if path.stat().st_size > LARGE else MEMORY
        con.execute(f"SET memory_limit = {literal(os.environ.get('AIGAP_BUILD_MEMORY', usual))}")
    return _prepared(con)


def _prepared(con: duckdb.DuckDBPyConnection) -> duckdb.DuckDBPyConnection:
    con.execute("SET TimeZone = 'UTC'")
    # Names in the SQL are relations, never Python variables.
    con.execute("SET python_enable_replacements = false")
    # DuckDB draws it on standard output where Python runs no file (`python -c`, a spawned worker), though nobody looks.
    con.execute("SET enable_progress_bar = false")
    return con


def work_alone(con: duckdb.DuckDBPyConnection, most: int | None = None) -> None:
    """Have one thread run what is asked on ``con``, if its database has no more than ``most`` bytes (`SMALL`).

    For many queries of few rows: to share them among two takes a tenth more processor time, and is hardly quicker.
    """
    [(is_small,)] = con.execute(
        "SELECT total_blocks * block_size <= ? FROM pragma_database_size() WHERE database_name = current_database()",
        [SMALL if most is None else most],
    ).fetchall()
    if is_small:
        con.execute("SET threads = 1")


def dicts(relation: duckdb.DuckDBPyRelation) -> list[dict[str, Any]]:
    """All rows of ``relation``, each a dictionary of its columns in their order."""
    names = relation.columns
    return [dict(zip(names, row, strict=True)) for row in relation.fetchall()]


def rows_of(
    con: duckdb.DuckDBPyConnection, query: str, values: dict[str, object] | None = None
) -> list[dict[str, Any]]:
    """All rows of ``query`` with its parameters set to ``values``, as `dicts` gives them.

    Quicker where many small queries are asked: a relation is bound when it is made, and again when it is run.
    """
    found = con.execute(query, values)
    names = [column[0] for column in found.description]
    return [dict(zip(names, row, strict=True)) for row in found.fetchall()]


def insert(con: duckdb.DuckDBPyConnection, table: str, frame: pl.DataFrame) -> None:
    """Append ``frame`` to ``table`` ("core.scores"); columns are matched by name."""
    con.register("incoming", frame)
    con.execute(f"INSERT INTO {table} BY NAME SELECT * FROM incoming")
    con.unregister("incoming")


def stage(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Create or replace the temporary table ``name`` with the rows of ``frame``."""
    con.register("incoming", frame)
    con.execute(f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT * FROM incoming")
    con.unregister("incoming")


def stage_texts(con: duckdb.DuckDBPyConnection, name: str, column: str, values: Iterable[str]) -> None:
    """Create or replace the temporary table ``name`` with one column. Quicker than by way of a frame, if not large."""
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE {name} AS SELECT unnest(?::VARCHAR[]) AS {column}", [sorted(values)]
    )


def sql_text(relative: str) -> str:
    """The text of an SQL file, named from the folder ``warehouse``: ``marts/frontier.sql``."""
    return (PACKAGE / relative).read_text(encoding="utf-8")


def literal(text: str) -> str:
    """``text`` as an SQL string literal."""
    return "'" + text.replace("'", "''") + "'"


def parquet_literal(path: Path) -> str:
    """An SQL string literal that names the one file ``path`` to ``read_parquet``, which expands patterns."""
    return literal(re.sub(r"([*?\[])", r"[\1]", str(path)))

"""Filling the tables of a candidate in the order of the graph."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Collection, Mapping
from contextlib import suppress
from pathlib import Path

import duckdb
import polars as pl

from sources.errors import AigapError
from warehouse.builder import graph
from warehouse.db import STORAGE_VERSION, insert, read_write, sql_text, stage
from warehouse.files import write_atomically
from warehouse.tables import TABLES, table
from warehouse.workspace import IS_CHECKOUT, PACKAGE


class RowCounts(dict[str, int]):
    """Full table name → number of rows."""


def declare_tables(path: Path) -> None:
    """Create the file ``path`` with every published table, empty, with its comments, and the internal views."""
    script = _script()
    if script not in _DECLARED:
        kept = _kept_file(script)
        _DECLARED[script] = _kept(kept) or _keep(kept, declared(path, script))
    path.write_bytes(_DECLARED[script])


def declared(path: Path, script: str) -> bytes:
    """The file that ``script`` makes, by way of ``path``."""
    with read_write(path) as con:
        # In one transaction: otherwise each of more than a thousand comments is written to disk by itself.
        con.begin()
        con.execute(script)
        con.commit()
    return path.read_bytes()


def _script() -> str:
    statements = [f"CREATE SCHEMA {schema}" for schema in ("meta", "core", "internal")]
    for entry in TABLES:
        statements += [entry.ddl(), *entry.comments()]
    statements += [f"CREATE VIEW {view} AS {query}" for view, query in graph.view_queries().items()]
    return ";\n".join(statements)


def _kept_file(script: str) -> Path:
    made_from = f"{duckdb.__version__} {STORAGE_VERSION} {script}"
    return KEPT_IN / f"declared-{hashlib.sha256(made_from.encode()).hexdigest()}.bin"


def _kept(file: Path) -> bytes | None:
    """What `_keep` wrote to ``file``; None if it is not there or damaged."""
    with suppress(OSError, zlib.error):
        return zlib.decompress(file.read_bytes())
    return None


def _keep(file: Path, made: bytes) -> bytes:
    """Write ``made`` to ``file``, in place of those of other declarations, if that can be; returns it.

    Not among the packages of an installed copy, which belong to its installer.
    """
    if not IS_CHECKOUT:
        return made
    with suppress(OSError, AigapError):
        file.parent.mkdir(exist_ok=True)
        for old in file.parent.glob("declared-*.bin"):
            old.unlink(missing_ok=True)
        write_atomically(file, zlib.compress(made))
    return made


#: Script → the file it makes. Half a megabyte; to make it takes a third of a second, since DuckDB copies a table for
#: every comment on it.
_DECLARED: dict[str, bytes] = {}
#: Where it is kept for other processes: with what else is made of the code.
KEPT_IN = PACKAGE / "__pycache__"


def fill(
    con: duckdb.DuckDBPyConnection,
    names: Collection[str],
    fillers: Mapping[str, Callable[[], pl.DataFrame | None]],
) -> None:
    """Fill the tables ``names`` and create the staged relations they need, in the order of the graph.

    A relation is filled by its entry in ``fillers``, else by the SQL file of its name. Relations staged by SQL are
    dropped after their last reader. Raises `GraphError` for a relation that neither fills.
    """
    files = graph.sql_files()
    order = graph.order(names)
    last_reader = {other: name for name in order for other in graph.reads_below(name)}
    for name in order:
        is_table = "." in name
        if name in fillers:
            frame = fillers[name]()
            if frame is not None:
                insert_typed(con, name, frame) if is_table else stage(con, name, frame)
        elif name in files:
            staged = f"CREATE TEMP {graph.staged_as(name)} {name} AS"
            how = f"INSERT INTO {name} BY NAME" if is_table else staged
            con.execute(f"{how} {sql_text(files[name])}")
        else:
            raise graph.GraphError(f"nothing fills {name}", "an SQL file of its name or a filler in Python")
        for other in graph.reads_below(name):
            if other in files and "." not in other and last_reader[other] == name:
                con.execute(f"DROP {graph.staged_as(other)} {other}")


def insert_typed(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Insert ``frame`` into the table ``name``, cast to the types of its declaration."""
    insert(con, name, typed(name, frame))


def typed(name: str, frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` cast to the types of the declaration of the table ``name``."""
    return frame.select(pl.col(column).cast(kind) for column, kind in table(name).polars_schema().items())


def refill(con: duckdb.DuckDBPyConnection, name: str, frame: pl.DataFrame) -> None:
    """Replace all rows of the table ``name`` by ``frame``."""
    con.execute(f"DELETE FROM {name}")
    insert_typed(con, name, frame)


def count_rows(con: duckdb.DuckDBPyConnection, names: Collection[str]) -> RowCounts:
    """The number of rows of each table in ``names``."""
    counted = " UNION ALL ".join(f"SELECT '{name}', count(*) FROM {name}" for name in names)
    found = dict(con.execute(counted).fetchall()) if names else {}
    return RowCounts({name: found[name] for name in names})

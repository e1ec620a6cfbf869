"""One query on a release: its rows as a table, CSV, JSON, Markdown or Parquet. It reads, and does nothing else."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any, TextIO

import duckdb

from sources.errors import UsageError
from warehouse.read.row_formats import render
from warehouse.read.suggestions import suggest
from warehouse.read.terminal_table import Screen
from warehouse.release import find_file, open_release
from warehouse.workspace import Workspace

#: Kinds of statements that read. ``MULTI`` is what DuckDB makes of PIVOT: the list of columns, then a SELECT.
READING = {"SELECT", "EXPLAIN", "MULTI"}
#: Rows fetched at once.
BATCH = 10_000
#: Types that Parquet does not have, and what they become there.
PARQUET_TYPES = {
    "HUGEINT": "DOUBLE",
    "UHUGEINT": "DOUBLE",
    "INTERVAL": "VARCHAR",
    "BIT": "VARCHAR",
    "TIME WITH TIME ZONE": "VARCHAR",
}


@dataclass(frozen=True)
class Limits:
    """What one query may take: ``memory`` as DuckDB writes it ("2GB"), ``seconds`` of time; None for no limit."""

    memory: str | None = None
    seconds: float | None = None


def run(
    workspace: Workspace,
    sql: str,
    format_: str,
    to: Path | None,
    out: TextIO,
    release: str | None = None,
    screen: Screen | None = None,
    limits: Limits = Limits(),
) -> None:
    """Run ``sql`` on a release, by default the published one, and print it to ``out`` or write it to ``to``.

    Nothing but the release can be read, and nothing written but ``to``. ``screen``: ``out`` is this terminal. Raises
    `UsageError`, also for a query that takes more than its ``limits``.
    """
    if to is not None and not to.parent.is_dir():
        raise UsageError(f"no folder {to.parent}", "a folder that exists", "make it first")
    if to is not None:
        workspace.refuse_own(to)
    if format_ == "parquet" and to is None and sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal", "--to FILE or a pipe", "name a file with --to")
    with open_release(find_file(workspace, release), limits.memory, of_strangers=True) as con:
        try:
            with _stopped_after(con, limits.seconds):
                _require_one_that_reads(con, sql)
                _print(con, sql, format_, to, out, screen)
        except duckdb.InterruptException:
            raise UsageError(
                f"the query took more than {limits.seconds:g} s", "a faster one", "or a longer --timeout"
            ) from None
        except duckdb.OutOfMemoryException as error:
            raise UsageError(first_line(error), "a query that needs less", "or a larger --memory") from None
        except duckdb.PermissionException:
            raise UsageError(
                "the query reads or writes a file", "tables of the release", "write its rows with --to FILE"
            ) from None
        except duckdb.Error as error:
            raise UsageError(first_line(error), *suggest(con, str(error))) from None


def first_line(error: duckdb.Error) -> str:
    """What DuckDB says, without the lines that repeat the query."""
    return str(error).splitlines()[0]


def _require_one_that_reads(con: duckdb.DuckDBPyConnection, sql: str) -> None:
    statements = con.extract_statements(sql)
    if not statements:
        raise UsageError("no statement", "a SELECT", "see: aigap query --help")
    if len(statements) > 1:
        raise UsageError(f"{len(statements)} statements", "one SELECT", "run them one after the other")
    kind = statements[0].type.name
    if kind not in READING:
        raise UsageError(f"the statement is of the kind {kind}", "a SELECT", "the release is read-only")


@contextmanager
def _stopped_after(con: duckdb.DuckDBPyConnection, seconds: float | None) -> Iterator[None]:
    """Interrupt what ``con`` does after ``seconds``."""
    if seconds is None:
        yield
        return
    timer = threading.Timer(seconds, con.interrupt)
    timer.daemon = True
    timer.start()
    try:
        yield
    finally:
        timer.cancel()


def _print(
    con: duckdb.DuckDBPyConnection,
    sql: str,
    format_: str,
    to: Path | None,
    out: TextIO,
    screen: Screen | None,
) -> None:
    if format_ == "parquet":
        relation = con.sql(sql)
        if to is None:
            _parquet(relation, sys.stdout.buffer)
        else:
            with to.open("wb") as file:
                _parquet(relation, file)
        return
    con.execute(sql)
    names = [column[0] for column in con.description or ()]
    if to is None:
        render(names, _rows(con), format_, out, screen)
    else:
        with to.open("w", encoding="utf-8", newline="") as text:
            render(names, _rows(con), format_, text)


def _rows(con: duckdb.DuckDBPyConnection) -> Iterator[tuple[Any, ...]]:
    """The rows of what ``con`` runs, as it finds them."""
    while batch := con.fetchmany(BATCH):
        yield from batch


def _parquet(relation: duckdb.DuckDBPyRelation, file: IO[bytes]) -> None:
    """Write the rows with their types, batch by batch. DuckDB may not write files itself here."""
    import pyarrow.parquet

    columns = ", ".join(map(_parquet_column, relation.columns, relation.types))
    reader = relation.project(columns).to_arrow_reader(BATCH)
    with pyarrow.parquet.ParquetWriter(file, reader.schema, compression="zstd") as writer:
        for batch in reader:
            writer.write_batch(batch)


def _parquet_column(name: str, kind: Any) -> str:
    quoted = '"' + name.replace('"', '""') + '"'
    other = PARQUET_TYPES.get(str(kind))
    return f"CAST({quoted} AS {other}) AS {quoted}" if other else quoted

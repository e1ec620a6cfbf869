"""One query on a release, printed as a table, CSV, JSON, Markdown or Parquet."""

from __future__ import annotations

import sys
import tempfile
from pathlib import Path
from typing import TextIO

import duckdb

from sources.errors import AigapError, UsageError
from warehouse.db import read_only
from warehouse.read.row_formats import render
from warehouse.read.suggestions import suggest
from warehouse.release import find_file
from warehouse.workspace import Workspace


def open_release(file: Path) -> duckdb.DuckDBPyConnection:
    """A read-only connection to a release; ``with`` closes it. Raises `AigapError` if it is not a database."""
    try:
        return read_only(file)
    except duckdb.Error as error:
        raise AigapError(
            f"{file} cannot be opened ({_first_line(error)})", "a release", "see: aigap releases"
        ) from None


def run(
    workspace: Workspace,
    sql: str,
    format_: str,
    to: Path | None,
    out: TextIO,
    release: str | None = None,
    colour: bool = False,
) -> None:
    """Run ``sql`` read-only on a release, by default the published one, and print it to ``out`` or write it to ``to``.

    ``colour``: ``out`` is a terminal that shows bold letters. Raises `UsageError`.
    """
    with open_release(find_file(workspace, release)) as con:
        try:
            relation = con.sql(sql)
        except duckdb.Error as error:
            raise UsageError(_first_line(error), *suggest(con, str(error))) from None
        if relation is None:
            raise UsageError("the statement returns no rows", "a SELECT", "the published file is read-only")
        if to is not None and not to.parent.is_dir():
            raise UsageError(f"no folder {to.parent}", "a folder that exists", "make it first")
        try:
            if format_ == "parquet":
                _parquet(relation, to)
                return
            names, rows = relation.columns, relation.fetchall()
        except duckdb.Error as error:
            raise UsageError(_first_line(error), "a query that runs", "see: aigap dictionary") from None
    if to is not None:
        with to.open("w", encoding="utf-8", newline="") as file:
            render(names, rows, format_, file)
    else:
        render(names, rows, format_, out, colour)


def _parquet(relation: duckdb.DuckDBPyRelation, to: Path | None) -> None:
    if to is not None:
        relation.write_parquet(str(to), compression="zstd")
        return
    if sys.stdout.isatty():
        raise UsageError("Parquet is not for a terminal", "--to FILE or a pipe", "name a file with --to")
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "query.parquet"
        relation.write_parquet(str(path), compression="zstd")
        sys.stdout.buffer.write(path.read_bytes())


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]

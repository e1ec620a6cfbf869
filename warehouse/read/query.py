"""One query on the published warehouse, printed as a table, CSV, JSON, Markdown or Parquet."""

from __future__ import annotations

import csv
import io
import json
import math
import re
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import date, datetime, time
from decimal import Decimal
from pathlib import Path
from typing import Any, TextIO

import duckdb

from sources.errors import AigapError, UsageError, meant
from warehouse.release import find_file
from warehouse.workspace import Workspace

Rows = list[tuple[Any, ...]]


@contextmanager
def opened(file: Path) -> Iterator[duckdb.DuckDBPyConnection]:
    """A release to read. Raises `AigapError` for a file that is none."""
    try:
        con = duckdb.connect(str(file), read_only=True)
    except duckdb.Error as error:
        raise AigapError(
            f"{file} cannot be opened ({_first_line(error)})", "a release", "see: aigap releases"
        ) from None
    try:
        con.execute("SET TimeZone = 'UTC'")
        # Names in the SQL are tables, never Python variables of the module that asks.
        con.execute("SET python_enable_replacements = false")
        yield con
    finally:
        con.close()


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
    with opened(find_file(workspace, release)) as con:
        try:
            relation = con.sql(sql)
        except duckdb.Error as error:
            raise UsageError(_first_line(error), *_near_miss(con, str(error))) from None
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


def render(names: Sequence[str], rows: Rows, format_: str, out: TextIO, colour: bool = False) -> None:
    """Print ``rows`` under ``names``. CSV and JSON carry full precision; tables are for eyes."""
    if format_ == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["" if cell is None else _text(cell) for cell in row] for row in rows])
    elif format_ == "json":
        twice = sorted({name for name in names if list(names).count(name) > 1})
        if twice:
            raise UsageError(f"two columns are called {twice[0]}", "one name a column", "rename one with AS")
        objects = [dict(zip(names, map(_jsonable, row), strict=True)) for row in rows]
        json.dump(objects, out, ensure_ascii=False, indent=1, allow_nan=False)
        out.write("\n")
    elif format_ == "markdown":
        out.write("| " + " | ".join(names) + " |\n|" + " --- |" * len(names) + "\n")
        for row in rows:
            out.write("| " + " | ".join(_shown(cell).replace("|", "\\|") for cell in row) + " |\n")
    else:
        _table(names, rows, out, colour)


def _table(names: Sequence[str], rows: Rows, out: TextIO, colour: bool) -> None:
    from rich import box
    from rich.console import Console
    from rich.table import Table

    # Piped into a file or a pager there is no width to keep to: a cut number would be a wrong number.
    console = Console(
        file=out,
        width=None if out.isatty() else 10_000,
        soft_wrap=False,
        highlight=False,
        force_terminal=colour,
        color_system="standard" if colour else None,
    )
    shown = Table(box=box.SIMPLE_HEAD, pad_edge=False)
    for index, name in enumerate(names):
        numeric = any(isinstance(row[index], int | float | Decimal) for row in rows)
        shown.add_column(name, justify="right" if numeric else "left", overflow="fold")
    for row in rows:
        shown.add_row(*(_shown(cell).replace("[", "\\[") for cell in row))
    console.print(shown)
    console.print(f"{len(rows):,} row{'' if len(rows) == 1 else 's'}")


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


def _shown(cell: Any) -> str:
    if cell is None:
        return ""
    if isinstance(cell, float):
        return f"{cell:.4f}".rstrip("0").rstrip(".")
    return _text(cell)


def _text(cell: Any) -> str:
    if isinstance(cell, list | dict):
        return json.dumps(_jsonable(cell), ensure_ascii=False, allow_nan=False)
    return str(cell)


def _jsonable(value: Any) -> Any:
    """``value`` as JSON has it: no NaN and no infinity, and only text names a member."""
    if value is None or isinstance(value, bool | int | str):
        return value
    if isinstance(value, float | Decimal):
        return float(value) if math.isfinite(value) else None
    if isinstance(value, date | datetime | time):
        return value.isoformat()
    if isinstance(value, list | tuple):
        return [_jsonable(item) for item in value]
    if isinstance(value, dict):
        return {str(_jsonable(name)): _jsonable(item) for name, item in value.items()}
    return str(value)


def _first_line(error: duckdb.Error) -> str:
    return str(error).splitlines()[0]


def _near_miss(con: duckdb.DuckDBPyConnection, message: str) -> tuple[str, str]:
    """What may have been meant by a table, column or function that does not exist."""
    see = "see: aigap dictionary"
    # DuckDB's candidates are what the FROM clause holds; its guess at a table may be one of its own.
    _, _, candidates = message.partition("\nCandidate ")
    held = re.findall(r'(\w+)"', candidates.partition("\n")[0])
    if found := re.search(r'(?:Referenced column|does not have a column named) "?(\w+)"?', message):
        return "a column of the warehouse", meant(found[1], held, see)
    if 'Referenced table "' in message:
        return "a table or an alias of the FROM clause", f"which has {', '.join(held)}" if held else see
    if found := re.search(r'Table with name "?([\w.]+)"?', message):
        near = _tables_near(con, found[1])
        return "a table of the warehouse", f"did you mean {', '.join(near)}?" if near else see
    if found := re.search(r"(\w+) Function with name (\w+) does not exist", message):
        known = con.execute(
            r"SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_name SIMILAR TO '[a-z]\w+' "
            "AND starts_with(function_type, 'table') = ?",
            [found[1] == "Table"],
        ).fetchall()
        return "a function of the warehouse", meant(found[2], [name for (name,) in known], see)
    return "", "tables and columns: aigap dictionary"


def _tables_near(con: duckdb.DuckDBPyConnection, typed: str) -> list[str]:
    """The up to three tables that ``typed`` may be a slip of, each as it has to be written."""
    from difflib import get_close_matches

    # Only those of main are found without their schema; they come last, to stand where two share a name.
    tables = con.sql(
        "SELECT schema_name || '.' || table_name, table_name, schema_name = 'main' AS bare "
        "FROM duckdb_tables() WHERE NOT internal ORDER BY bare"
    ).fetchall()
    written = {full if "." in typed else table: table if bare else full for full, table, bare in tables}
    # Nearer than the names of two tables mostly are to each other: one that is missing is no slip of the next.
    return [written[one] for one in get_close_matches(typed.casefold(), written, n=3, cutoff=0.8)]


def as_string(names: Sequence[str], rows: Rows, format_: str) -> str:
    buffer = io.StringIO()
    render(names, rows, format_, buffer)
    return buffer.getvalue()

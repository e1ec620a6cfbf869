"""Rows of a query as a table for a terminal, CSV, JSON or Markdown."""

from __future__ import annotations

import csv
import io
import json
import math
from collections.abc import Sequence
from datetime import date, datetime, time
from decimal import Decimal
from typing import Any, TextIO

from sources.errors import UsageError

Rows = Sequence[tuple[Any, ...]]


def render(names: Sequence[str], rows: Rows, format_: str, out: TextIO, colour: bool = False) -> None:
    """Print ``rows`` under ``names`` as ``format_``: csv, json, markdown or table.

    CSV and JSON carry full precision, tables and Markdown four decimals. ``colour``: ``out`` is a terminal that shows
    bold letters. Raises `UsageError` for JSON with two columns of one name.
    """
    if format_ == "csv":
        writer = csv.writer(out, lineterminator="\n")
        writer.writerow(names)
        writer.writerows([["" if cell is None else _text(cell) for cell in row] for row in rows])
    elif format_ == "json":
        repeated = sorted({name for name in names if list(names).count(name) > 1})
        if repeated:
            raise UsageError(
                f"two columns are called {repeated[0]}", "one name a column", "rename one with AS"
            )
        objects = [dict(zip(names, map(_jsonable, row), strict=True)) for row in rows]
        json.dump(objects, out, ensure_ascii=False, indent=1, allow_nan=False)
        out.write("\n")
    elif format_ == "markdown":
        out.write("| " + " | ".join(names) + " |\n|" + " --- |" * len(names) + "\n")
        for row in rows:
            out.write("| " + " | ".join(_shown(cell).replace("|", "\\|") for cell in row) + " |\n")
    else:
        _table(names, rows, out, colour)


def as_string(names: Sequence[str], rows: Rows, format_: str) -> str:
    """What `render` prints, as a string."""
    buffer = io.StringIO()
    render(names, rows, format_, buffer)
    return buffer.getvalue()


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

"""Rows of a query as a table or records for people, CSV, JSON or Markdown."""

from __future__ import annotations

import io
from collections.abc import Iterable, Sequence
from typing import Any, TextIO

from sources.errors import UsageError
from warehouse.read import csv_lines
from warehouse.read.cells import json_text, shown
from warehouse.read.terminal_table import Screen, records, table
from warehouse.text import markdown

Rows = Iterable[tuple[Any, ...]]


def render(names: Sequence[str], rows: Rows, format_: str, out: TextIO, screen: Screen | None = None) -> None:
    """Print ``rows`` under ``names`` as ``format_``: csv, json, markdown, records or table.

    CSV and JSON carry full precision. ``screen`` is the terminal that ``out`` is, if it is one: what does not fit
    there is left out and said. Raises `UsageError` for JSON with two columns of one name.
    """
    if format_ == "csv":
        out.write(csv_lines.line(names))
        out.writelines(map(csv_lines.line, rows))
    elif format_ == "json":
        _json(names, rows, out)
    elif format_ == "markdown":
        out.write("| " + " | ".join(map(_markdown_cell, names)) + " |\n|" + " --- |" * len(names) + "\n")
        out.writelines(
            "| " + " | ".join(_markdown_cell(shown(cell)) for cell in row) + " |\n" for row in rows
        )
    else:
        lines = (records if format_ == "records" else table)(names, rows, screen or Screen())
        out.writelines(f"{line}\n" for line in lines)


def as_string(names: Sequence[str], rows: Rows, format_: str) -> str:
    """What `render` prints, as a string."""
    buffer = io.StringIO()
    render(names, rows, format_, buffer)
    return buffer.getvalue()


def _json(names: Sequence[str], rows: Rows, out: TextIO) -> None:
    repeated = sorted({name for name in names if list(names).count(name) > 1})
    if repeated:
        raise UsageError(f"two columns are called {repeated[0]}", "one name a column", "rename one with AS")
    out.write(json_text([dict(zip(names, row, strict=True)) for row in rows], indent=1) + "\n")


def _markdown_cell(text: str) -> str:
    return "<br>".join(map(markdown, text.splitlines()))

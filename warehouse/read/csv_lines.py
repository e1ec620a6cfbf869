r"""The one dialect of CSV here, for `aigap query`, `aigap export` and the pages.

RFC 4180 in UTF-8, lines end with CR LF. A null is an empty field, an empty text is ``""``; only fields that need it
are quoted. Texts go through `warehouse.text.spreadsheet`, so that no cell is run. `warehouse.export.data_files` writes
the same from columns; a test compares the two.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from warehouse.read.cells import csv_text
from warehouse.text import spreadsheet

LINE_END = "\r\n"


def line(cells: Iterable[Any]) -> str:
    """One line of CSV, with its end."""
    return ",".join(map(_field, cells)) + LINE_END


def _field(cell: Any) -> str:
    text = csv_text(cell)
    if text is None:
        return ""
    if isinstance(cell, str):
        text = spreadsheet(text)
    if text == "" or any(sign in text for sign in ',"\r\n'):
        return '"' + text.replace('"', '""') + '"'
    return text

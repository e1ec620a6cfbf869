"""The columns that each published column is computed from, read from ``lineage.json``.

The file is written by `warehouse.builder.column_lineage`, which a refresh never imports; a test fails when it is out
of date. Columns that are not in it have no lineage. The columns are those of published tables and of
inputs: ``observations`` (what parsers returned), ``archive``, ``sources/*.py`` and ``reference/<table>.csv``.
"""

from __future__ import annotations

import json
from functools import cache

from warehouse.workspace import PACKAGE

FILE = PACKAGE / "lineage.json"
WRITTEN_BY = "python -m warehouse.builder.column_lineage"


@cache
def _known() -> dict[str, dict[str, list[str]]]:
    try:
        known: dict[str, dict[str, list[str]]] = json.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return known


def tables() -> tuple[str, ...]:
    """The name of every published table, with its schema, without loading the declarations."""
    return tuple(_known())


def derived_from(table: str, column: str) -> tuple[str, ...]:
    """The names ("core.scores.score") that ``column`` of ``table`` ("main.frontier") is computed from.

    None for a constant or a count, for tables filled by Python, and for columns that are not in the file.
    """
    return tuple(_known().get(table, {}).get(column, ()))


def columns(table: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """For each column of ``table`` that has a lineage the (table, column) pairs it is computed from."""
    return {column: tuple(map(split, names)) for column, names in _known().get(table, {}).items()}


def split(name: str) -> tuple[str, str]:
    """``core.scores.score`` as its table and its column."""
    table, _, column = name.rpartition(".")
    return table, column

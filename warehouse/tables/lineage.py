"""What every published table and column derives from, as ``lineage.json`` has it.

The file is computed from the SQL and the declarations by `warehouse.builder.derivation`, which a refresh never
imports; here it is only read.

Names are those of published tables and of what a release is made from: ``observations`` (what parsers
returned, and the note of every set of bytes), ``reference/<table>.csv``, ``sources/*.py`` (what each source
declares) and ``archive``.
"""

from __future__ import annotations

import json
from functools import cache
from typing import Any

from sources.errors import AigapError
from warehouse.workspace import PACKAGE

FILE = PACKAGE / "lineage.json"
WRITTEN_BY = "python -m warehouse.builder.derivation"


class LineageError(AigapError):
    """The lineage does not know what was asked for, or cannot be told."""


@cache
def _held() -> dict[str, Any]:
    held: dict[str, Any] = json.loads(FILE.read_text(encoding="utf-8"))
    return held


def tables() -> tuple[str, ...]:
    """The name of every published table, with its schema: what can be told without loading the declarations."""
    return tuple(_held())


def _of(table: str) -> dict[str, Any]:
    if table not in _held():
        raise LineageError(f"{FILE.name} has no {table}", "every published table", f"run {WRITTEN_BY}")
    of_table: dict[str, Any] = _held()[table]
    return of_table


def is_published(name: str) -> bool:
    """Is ``name`` a published table, not an input?"""
    return name in _held()


def upstream(table: str) -> tuple[str, ...]:
    """The tables and inputs ``table`` ("core.scores") is filled from, those that only choose its rows too."""
    return tuple(_of(table)["filled_from"])


def columns(table: str) -> dict[str, tuple[tuple[str, str], ...]]:
    """For each column the (table, column) pairs its values are computed from; none for a constant or a count."""
    return {
        column: tuple(split(name) for name in names) for column, names in _of(table)["derived_from"].items()
    }


def derived_from(table: str, column: str) -> tuple[str, ...]:
    """The names ("core.scores.score") that ``column`` is computed from."""
    found = _of(table)["derived_from"]
    if column not in found:
        raise LineageError(
            f"{FILE.name} has no {table}.{column}", "every published column", f"run {WRITTEN_BY}"
        )
    return tuple(found[column])


def split(name: str) -> tuple[str, str]:
    """``core.scores.score`` as its table and its column."""
    table, _, column = name.rpartition(".")
    return table, column

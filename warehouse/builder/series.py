"""Which series (board, variant and category) rows of a table are of, and the conditions that choose them."""

from __future__ import annotations

from collections.abc import Collection
from functools import cache

from warehouse.builder import graph
from warehouse.builder.changes import SERIES, OneSeries
from warehouse.db import literal
from warehouse.tables import table


@cache
def columns_of(name: str) -> frozenset[str]:
    """The columns of the declared table ``name``."""
    return frozenset(column.name for column in table(name).columns)


def tells_series(name: str) -> bool:
    """Whether rows of ``name`` say what board they are of, or what snapshot."""
    if "." not in name or graph.is_input(name):
        return False
    columns = columns_of(name)
    return "board" in columns or "snapshot_id" in columns


def of_parts(name: str, parts: frozenset[OneSeries], database: str) -> str:
    """The condition on the rows of ``name`` in ``parts``; ``database`` holds the snapshots."""
    columns = columns_of(name)

    def one_of(columns: Collection[str]) -> str:
        conditions = (
            [
                f"{one} = {literal(value)}"
                for one, value in zip(SERIES, part, strict=True)
                if value and one in columns
            ]
            for part in sorted(parts, key=str)
        )
        return " OR ".join(dict.fromkeys(" AND ".join(some) or "TRUE" for some in conditions))

    if "board" in columns:
        return f"({one_of(columns)})"
    return (
        f"(snapshot_id IN (SELECT snapshot_id FROM {database}.core.snapshots WHERE {one_of(SERIES[:2])}) "
        f"AND ({one_of(columns)}))"
    )

"""Rows that do not fit what was known before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

#: Column → value as text, null where the rows have none. Together they select rows; empty: all rows of the body.
Series = Mapping[str, str | None]


#: The columns that name series, in the order in which people name them.
COLUMNS = ("board", "variant", "category", "published_on", "provider", "listed_name", "edition", "measure")


@dataclass(frozen=True)
class Suspicion:
    """The rows that do not fit (``series``), and why: what was found and what was known before, with its day."""

    series: Series
    reason: str


def series_name(series: Series) -> str:
    """How people name a series: its values, ``board/variant/category``; ``everything`` for all rows of a body."""
    order = sorted(series, key=lambda column: COLUMNS.index(column) if column in COLUMNS else len(COLUMNS))
    return "/".join(series[column] or "-" for column in order) or "everything"

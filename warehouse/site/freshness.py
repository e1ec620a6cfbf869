"""How fresh sources and boards were on the day of the release. The pages read no clock."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import date, datetime
from typing import Any

from warehouse.site.cited_values import in_words
from warehouse.site.queries import QueryResult


def with_state(result: QueryResult, on: date, phrase: Callable[[dict[str, Any], date], str]) -> QueryResult:
    """``result`` with a column ``state``: a ``phrase`` on the freshness of each row as of day ``on``."""
    rows = (dict(zip(result.names, row, strict=True)) for row in result.rows)
    return replace(
        result,
        names=(*result.names, "state"),
        rows=tuple((*row.values(), phrase(row, on)) for row in rows),
    )


def state(source: dict[str, Any], on: date) -> str:
    """One phrase for a row of ``sources``, as of day ``on``."""
    if not source["inputs"]:
        return "not held: read live" if source["redistributable"] else "not held: may not ship"
    if source["is_repeating"]:
        return "repeats older figures"
    expected = source["next_expected"]
    if expected is None:
        return "no schedule"
    due = expected.date() if isinstance(expected, datetime) else expected
    return f"overdue since {in_words(due)}" if due < on else f"next expected {in_words(due)}"


def board_state(board: dict[str, Any], on: date) -> str:
    """One phrase for a row of ``board_rhythm``, as of day ``on``."""
    expected = in_words(board["expected_on"])
    return f"overdue, expected by {expected}" if on > board["overdue_after"] else f"expected by {expected}"

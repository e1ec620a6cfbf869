"""How much is held of the boards, in one line."""

from __future__ import annotations

from typing import Any

import duckdb

from warehouse.db import dicts, sql_text


def evidence(con: duckdb.DuckDBPyConnection) -> dict[str, Any] | None:
    """Counts of observed board-months by ``meta.coverage``, and the boards that stand still.

    None for a release made before there was such a table.
    """
    try:
        [found] = dicts(con.sql(sql_text("read/sql/evidence.sql")))
    except duckdb.CatalogException:
        return None
    return found


def in_words(found: dict[str, Any]) -> str:
    """``found`` of `evidence` as one line."""
    still = len(found["standing_still"])
    line = (
        f"{_counted(found['board_months'], 'board-month')} of {_counted(found['boards'], 'board')}, "
        f"{found['with_interval']} with an interval"
    )
    if found["self_reported_boards"]:
        line += (
            f", and {_counted(found['self_reported_board_months'], 'self-reported board-month')} of "
            f"{_counted(found['self_reported_boards'], 'board')}"
        )
    if still:
        line += f"; {_counted(still, 'board')} {'stands' if still == 1 else 'stand'} still"
    return line


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

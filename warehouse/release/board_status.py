"""How late each board is by its own rhythm: `meta.board_status` as of now."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from warehouse.db import dicts


def board_status(con: duckdb.DuckDBPyConnection) -> list[dict[str, Any]]:
    """The rows of `meta.board_status`; none for releases that know no such table."""
    if not con.sql("FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'board_status'"):
        return []
    return dicts(con.sql("FROM meta.board_status ORDER BY overdue_after, board, variant"))


def with_lateness(
    rows: Iterable[Mapping[str, Any]], asked: Mapping[str, datetime], now: datetime
) -> list[dict[str, Any]]:
    """``rows`` of `board_status` with ``overdue_days`` as of ``now`` (0 in time, null if nothing is expected).

    ``asked_since``: a source of the board was asked after the day from which it is overdue; ``asked`` has the newest
    live fetch of each source.
    """
    today = now.astimezone(UTC).date()
    found = []
    for row in rows:
        after: date | None = row["overdue_after"]
        late = after is not None and today > after
        days = None if after is None else (today - row["expected_on"]).days * late
        asked_since = after is not None and any(
            source in asked and asked[source].date() > after for source in row["source_ids"]
        )
        found.append({**row, "overdue_days": days, "asked_since": asked_since})
    return found


def name(row: Mapping[str, Any]) -> str:
    """How people name the board of ``row``."""
    variant = "" if row["variant"] == "default" else f"/{row['variant']}"
    return f"{row['board']}{variant}"


def overdue(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Those of ``rows`` that are overdue, the latest first."""
    return sorted((row for row in rows if row["overdue_days"]), key=lambda row: -row["overdue_days"])


def line(row: Mapping[str, Any]) -> str:
    """What is known of an overdue board, without its name."""
    return (
        f"figures to {row['last_published_on']}, usually new within {row['rhythm_days']} days; "
        f"{row['overdue_days']} days overdue" + ("" if row["asked_since"] else ", not asked since")
    )

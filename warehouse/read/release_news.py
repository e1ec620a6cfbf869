"""What a release says that the one before did not, and the state of a day: lines for people who get notices."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, date, datetime
from typing import Any

import duckdb

from warehouse.db import dicts
from warehouse.read.country_pair import read_country_pair
from warehouse.read.explained_change import change_lines
from warehouse.read.headline import VARIANTS, headline
from warehouse.read.report import report
from warehouse.release import Release, current, open_release, withheld
from warehouse.workspace import Workspace

#: The board that notices are about.
BOARD = {"board": "arena_text", "category": "overall"}
#: How many lines of one kind are shown.
SHOWN = 10

_CLOSED = (
    "SELECT variant, month, gap_points, us_model, cn_model FROM main.monthly_gap "
    "WHERE board = $board AND category = $category AND gap_points IS NOT NULL AND NOT month_is_open "
    "ORDER BY month DESC, variant"
)
_SET_ASIDE = (
    "SELECT source_id, is_cell, sum(rows)::BIGINT AS rows, any_value(format('{}: {} {}', name, column_name, found)) "
    "AS example FROM meta.set_aside GROUP BY ALL ORDER BY ALL"
)


def release_news(workspace: Workspace, release: Release, before: Release) -> list[str]:
    """What ``release`` says and ``before`` did not: months that closed, with what moved the gap, what is withheld
    and what was set aside. Empty if there is no such thing."""
    with open_release(before.path(workspace)) as con:
        known = {(row["variant"], row["month"]) for row in _rows(con, _CLOSED, BOARD)}
        lost_before = {(row["source_id"], row["is_cell"]): row["rows"] for row in _rows(con, _SET_ASIDE)}
    withheld_before = {entry["message"] for entry in before.summary.get("withheld", ())}
    with open_release(release.path(workspace)) as con:
        return [
            *_closed(con, known),
            *_withheld(release.summary.get("withheld", ()), withheld_before),
            *_set_aside(con, lost_before),
        ]


def digest(workspace: Workspace, now: datetime | None = None) -> list[str]:
    """The state of the day: what is published and how old it is, what a person must do, what is left out."""
    now = now or datetime.now(UTC)
    release = current(workspace)
    if release is None:
        return ["nothing is published"]
    days = (now - datetime.fromisoformat(release.published_at)).days
    state = report(workspace, now)
    lost = [f"{row['source_id']}: {row['set_aside']}" for row in state["sources"] if row.get("set_aside")]
    return [
        f"{release.name} is published, {days} day{'s' * (days != 1)} old",
        *headline(release.summary),
        *_listed("to do", [f"{task['what']}: {task['command']}" for task in state["to_do"]]),
        *_listed("withheld", [entry["message"] for entry in release.summary.get("withheld", ())]),
        *_listed("held", state["held"]),
        *_listed("set aside", lost),
    ]


def _closed(con: duckdb.DuckDBPyConnection, known: set[tuple[str, date]]) -> Iterator[str]:
    pair = read_country_pair(con)
    newest = max((month for _, month in known), default=date.min)
    for row in _rows(con, _CLOSED, BOARD):
        # A month long past that is shown again is a correction, which `aigap changes` tells.
        if (row["variant"], row["month"]) in known or row["month"] < newest:
            continue
        name = VARIANTS.get(row["variant"], row["variant"])
        lead = pair.lead(row["gap_points"])
        yield f"{row['month']:%B %Y} closed ({name}): {lead}, {row['us_model']} to {row['cn_model']}"
        keys = {**BOARD, "variant": row["variant"], "month": row["month"]}
        for line in change_lines(con, keys, pair):
            yield f"  {line.removeprefix('change').strip()}"


def _withheld(found: Any, before: set[str]) -> Iterator[str]:
    new = [entry for entry in found if entry["message"] not in before and not withheld.is_old_news(entry)]
    yield from _listed("withheld", withheld.lines(new))


def _set_aside(con: duckdb.DuckDBPyConnection, before: Mapping[tuple[str, bool], int]) -> Iterator[str]:
    lines = []
    for row in _rows(con, _SET_ASIDE):
        more = row["rows"] - before.get((row["source_id"], row["is_cell"]), 0)
        if more > 0:
            what = ("cell" if row["is_cell"] else "row") + "s" * (more != 1)
            lines.append(f"{row['source_id']}: {more} {what} more ({row['example']})")
    yield from _listed("set aside", lines)


def _listed(what: str, lines: list[str]) -> Iterator[str]:
    for line in lines[:SHOWN]:
        yield f"{what}: {line.strip()}"
    if len(lines) > SHOWN:
        yield f"{what}: {len(lines) - SHOWN} more; aigap status shows all"


def _rows(
    con: duckdb.DuckDBPyConnection, query: str, params: Mapping[str, str] | None = None
) -> list[dict[str, Any]]:
    return dicts(con.sql(query, params=dict(params)) if params else con.sql(query))

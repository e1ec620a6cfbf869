"""How fresh sources and boards are now, and what is wrong with them: the tables of `meta` and what happened since."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import duckdb

from sources.contract.receipt import Receipt
from sources.contract.source import Source
from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import decisions_about, oddity_lines
from sources.ingestion.archive.fetch_failures import current_failures
from sources.registry import all_sources
from warehouse.db import dicts
from warehouse.release import open_release
from warehouse.release.board_status import board_rows, line, name, overdue
from warehouse.workspace import Workspace

Rows = list[dict[str, Any]]


def freshness(workspace: Workspace, now: datetime) -> tuple[Rows, Rows]:
    """The rows of `meta.source_status` with ``notes`` on what is wrong, and those of `board_rows`, as of ``now``.

    Days and times are in ISO 8601. ``set_aside`` says how many rows and cells of the newest bytes of each request were
    left out; null if none. ``not_read`` has what upstream offers beside it that no parser reads, with the reason.
    ``not_built`` counts archived bodies that the release knows nothing of.
    """
    archive = Archive(workspace.archive)
    with open_release(workspace.link) as con:
        rows = dicts(con.sql("FROM meta.source_status ORDER BY source_id"))
        received = {row["source_id"]: archive.history(row["source_id"]) for row in rows}
        asked = {source_id: at for source_id, of_it in received.items() if (at := _last_asked(of_it))}
        boards = board_rows(con, asked, now)
        set_aside = _set_aside(con)
        known = _known_bodies(con)
    # The last failure of each source. As of now: it may have failed, or recovered, since the release was built.
    failures = {
        one.source_id: one.reason for one in sorted(current_failures(archive), key=lambda one: one.at)
    }
    sources = {source.id: source for source in all_sources()}
    for row in rows:
        source = sources.get(row["source_id"])
        _add_fetches_since(asked.get(row["source_id"]), row, source)
        row["last_error"] = failures.get(row["source_id"])
        row["notes"] = [
            *_notes(archive, row, source, now),
            *(
                f"{name(board)}: {line(board)}"
                for board in overdue(boards)
                if board["asked_since"] and row["source_id"] in board["source_ids"]
            ),
            *_missing(archive, source),
        ]
        row["set_aside"] = set_aside.get(row["source_id"])
        row["not_read"] = dict(source.not_read) if source else {}
        row["not_built"] = _not_built(archive, received[row["source_id"]], known)
    return _with_iso_times(rows), _with_iso_times(boards)


def _with_iso_times(rows: Rows) -> Rows:
    return [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
        for row in rows
    ]


def _set_aside(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    # Releases made before schema version 1.2 have no such table.
    if not con.sql("FROM duckdb_tables() WHERE schema_name = 'meta' AND table_name = 'set_aside'"):
        return {}
    lost = con.sql(
        "WITH newest AS (FROM meta.inputs QUALIFY known_at = max(known_at) OVER (PARTITION BY source_id, request)) "
        "SELECT source_id, is_cell, sum(a.rows)::BIGINT, any_value(format('{}: {} {}', a.name, column_name, found)) "
        "FROM meta.set_aside AS a JOIN newest USING (input_id, source_id) GROUP BY ALL ORDER BY ALL"
    ).fetchall()
    found: dict[str, list[str]] = {}
    for source_id, is_cell, rows, example in lost:
        what = "cell" if is_cell else "row"
        found.setdefault(source_id, []).append(f"{rows} {what}{'s' * (rows != 1)} set aside ({example})")
    return {source_id: "; ".join(parts) for source_id, parts in found.items()}


def stale_sources(workspace: Workspace, now: datetime | None = None) -> list[str]:
    """One line for each live source that repeats old figures, is overdue or whose last answer was refused."""
    return [
        f"{row['source_id']}: {'; '.join(row['notes'])}"
        for row in freshness(workspace, now or datetime.now(UTC))[0]
        if row["notes"]
    ]


def _known_bodies(con: duckdb.DuckDBPyConnection) -> set[str]:
    """The hashes that the release was built from or leaves out, and the names of sources left out on request."""
    known: set[str] = set()
    for column in ("sha256 FROM meta.inputs", "sha256 FROM meta.held", "unnest(left_out) FROM meta.release"):
        # Releases of earlier versions have not all of them.
        with suppress(duckdb.CatalogException, duckdb.BinderException):
            known.update(row[0] for row in con.sql(f"SELECT {column}").fetchall())
    return known


def _not_built(archive: Archive, received: list[Receipt], known: set[str]) -> int:
    """How many bodies of ``received`` a build would read and the release has not seen."""
    new = {one.sha256: one for one in received if one.sha256 not in known and one.source_id not in known}
    decided = [decisions_about(archive.root, one) for one in new.values()]
    return sum(decisions is None or not decisions.holds_all for decisions in decided)


def _last_asked(received: list[Receipt]) -> datetime | None:
    # Backfills do not show how fresh a source is.
    live = [receipt.fetched_at for receipt in received if not receipt.key]
    return max(live).replace(tzinfo=None) if live else None


def _add_fetches_since(last: datetime | None, row: dict[str, Any], source: Source | None) -> None:
    """Update ``row`` by fetches after the release was built: while a check stops builds, there may be many."""
    if source and source.cadence and last and (row["last_fetch"] is None or last > row["last_fetch"]):
        row["last_fetch"], row["next_expected"] = last, last + source.cadence


def _notes(archive: Archive, row: dict[str, Any], source: Source | None, now: datetime) -> list[str]:
    notes = []
    if row["last_error"]:
        notes.append(f"last answer refused or missing: {row['last_error']}")
    if source is not None:
        notes += _unchanged_requests(archive, source)
    expected = row["next_expected"]
    if expected is not None and row["is_repeating"]:
        notes.append("repeats old figures")
    if expected is not None and expected.replace(tzinfo=UTC) < now:
        notes.append(f"overdue since {expected:%Y-%m-%d}")
    return notes


def _missing(archive: Archive, source: Source | None) -> list[str]:
    """What vanished from the newest body of each request of ``source``, and what no parser reads."""
    lines = []
    for request in source.requests if source else ():
        newest = archive.latest(source.id, request.name) if source else None
        decisions = decisions_about(archive.root, newest) if newest else None
        lines += oddity_lines(decisions.oddities) if decisions else []
    return lines


def _unchanged_requests(archive: Archive, source: Source) -> list[str]:
    """Requests of ``source`` that still answer, but with the same bytes for too long."""
    notes = []
    for request in source.requests:
        newest = archive.latest(source.id, request.name) if request.address else None
        since = archive.unchanged_since(source.id, request.name) if newest and newest.status else None
        if newest and since and source.is_stale(newest.known_at - since):
            notes.append(f"{request.name}: the same bytes since {since:%Y-%m-%d}")
    return notes

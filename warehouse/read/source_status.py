"""How fresh sources and boards are now, and what is wrong with them: the tables of `meta` and what happened since."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from sources.contract.receipt import Receipt
from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import decisions_about, oddity_lines
from sources.ingestion.archive.fetch_failures import current_failures
from warehouse.release.board_status import line, name, overdue, with_lateness
from warehouse.workspace import Workspace

Rows = list[dict[str, Any]]


def freshness(workspace: Workspace, known: Mapping[str, Any], now: datetime) -> tuple[Rows, Rows]:
    """The rows of `meta.source_status` with ``notes`` on what is wrong, and those of `with_lateness`, as of ``now``.

    ``known`` is the state of the release (`warehouse.release.state`). Days and times are in ISO 8601. ``set_aside``
    says how many rows and cells of the newest bytes of each request were left out; null if none. ``not_read`` has what
    upstream offers beside it that no parser reads, with the reason. ``not_built`` counts archived bodies that the
    release knows nothing of.
    """
    archive = Archive(workspace.archive)
    rows = [dict(row) for row in known["sources"]]
    received = {row["source_id"]: archive.history(row["source_id"]) for row in rows}
    asked = {source_id: at for source_id, of_it in received.items() if (at := _last_asked(of_it))}
    boards = with_lateness(known["boards"], asked, now)
    # The last failure of each source. As of now: it may have failed, or recovered, since the release was built.
    failures = {
        one.source_id: one.reason for one in sorted(current_failures(archive), key=lambda one: one.at)
    }
    seen = set(known["seen"])
    for row in rows:
        declared = known["declared"].get(row["source_id"], {})
        _add_fetches_since(asked.get(row["source_id"]), row, declared.get("cadence"))
        row["last_error"] = failures.get(row["source_id"])
        row["notes"] = [
            *_notes(archive, row, declared, now),
            *(
                f"{name(board)}: {line(board)}"
                for board in overdue(boards)
                if board["asked_since"] and row["source_id"] in board["source_ids"]
            ),
            *_missing(archive, row["source_id"], declared.get("requests", ())),
        ]
        row["set_aside"] = known["set_aside"].get(row["source_id"])
        row["not_read"] = declared.get("not_read", {})
        row["not_built"] = _not_built(archive, received[row["source_id"]], seen)
    return _with_iso_times(rows), _with_iso_times(boards)


def _with_iso_times(rows: Rows) -> Rows:
    return [
        {key: value.isoformat() if hasattr(value, "isoformat") else value for key, value in row.items()}
        for row in rows
    ]


def stale_sources(workspace: Workspace, known: Mapping[str, Any], now: datetime | None = None) -> list[str]:
    """One line for each live source that repeats old figures, is overdue or whose last answer was refused."""
    return [
        f"{row['source_id']}: {'; '.join(row['notes'])}"
        for row in freshness(workspace, known, now or datetime.now(UTC))[0]
        if row["notes"]
    ]


def _not_built(archive: Archive, received: list[Receipt], seen: set[str]) -> int:
    """How many bodies of ``received`` a build would read and the release has not seen."""
    new = {one.sha256: one for one in received if one.sha256 not in seen and one.source_id not in seen}
    decided = [decisions_about(archive.root, one) for one in new.values()]
    return sum(decisions is None or not decisions.holds_all for decisions in decided)


def _last_asked(received: list[Receipt]) -> datetime | None:
    # Backfills do not show how fresh a source is.
    live = [receipt.fetched_at for receipt in received if not receipt.key]
    return max(live).replace(tzinfo=None) if live else None


def _add_fetches_since(last: datetime | None, row: dict[str, Any], cadence: float | None) -> None:
    """Update ``row`` by fetches after the release was built: while a check stops builds, there may be many."""
    if cadence and last and (row["last_fetch"] is None or last > row["last_fetch"]):
        row["last_fetch"], row["next_expected"] = last, last + timedelta(seconds=cadence)


def _notes(archive: Archive, row: dict[str, Any], declared: Mapping[str, Any], now: datetime) -> list[str]:
    notes = []
    if row["last_error"]:
        notes.append(f"last answer refused or missing: {row['last_error']}")
    if declared.get("stale_after"):
        stale_after = timedelta(seconds=declared["stale_after"])
        notes += _unchanged_requests(archive, row["source_id"], declared["fetched"], stale_after)
    expected = row["next_expected"]
    if expected is not None and row["is_repeating"]:
        notes.append("repeats old figures")
    if expected is not None and expected.replace(tzinfo=UTC) < now:
        notes.append(f"overdue since {expected:%Y-%m-%d}")
    return notes


def _missing(archive: Archive, source_id: str, requests: Iterable[str]) -> list[str]:
    """What vanished from the newest body of each of ``requests``, and what no parser reads."""
    lines = []
    for request in requests:
        newest = archive.latest(source_id, request)
        decisions = decisions_about(archive.root, newest) if newest else None
        lines += oddity_lines(decisions.oddities) if decisions else []
    return lines


def _unchanged_requests(
    archive: Archive, source_id: str, requests: Iterable[str], stale_after: timedelta
) -> list[str]:
    """Those of ``requests`` that still answer, but with the same bytes for longer than ``stale_after``."""
    notes = []
    for request in requests:
        newest = archive.latest(source_id, request)
        since = archive.unchanged_since(source_id, request) if newest and newest.status else None
        if newest and since and newest.known_at - since > stale_after:
            notes.append(f"{request}: the same bytes since {since:%Y-%m-%d}")
    return notes

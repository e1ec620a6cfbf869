"""Requests that bring nothing acceptable now, and why."""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import UTC, datetime

from sources.ingestion.archive.layout import json_text, safe_name, unreadable
from sources.ingestion.archive.quarantine import quarantined_bodies
from sources.ingestion.archive.store import Archive
from sources.ingestion.atomic_files import write_atomically


@dataclass(frozen=True)
class FetchFailure:
    """The last fetch of a request, if it brought nothing acceptable."""

    source_id: str
    request: str
    at: datetime
    reason: str


def record_failure(archive: Archive, failure: FetchFailure) -> None:
    """Store ``failure`` in place of the request's earlier one."""
    folder = archive.root / "failures" / safe_name(failure.source_id)
    note = {"at": failure.at.astimezone(UTC).isoformat(), "reason": failure.reason}
    write_atomically(folder / f"{safe_name(failure.request)}.json", json_text(note))


def current_failures(archive: Archive) -> list[FetchFailure]:
    """The newest failure of each request that brought nothing acceptable since, by source and request.

    Revisions and local files do not count: they say nothing about what upstream serves now. Raises `ArchiveError`
    when a note or receipt cannot be read.
    """
    failures = [
        FetchFailure(entry.receipt.source_id, entry.receipt.request, entry.receipt.fetched_at, entry.reason)
        for entry in quarantined_bodies(archive)
        if not (entry.receipt.is_local or entry.receipt.key)
    ]
    failures += _recorded(archive)
    # Of two at the same moment the first counts.
    newest: dict[tuple[str, str], FetchFailure] = {}
    for failure in failures:
        key = (failure.source_id, failure.request)
        if key not in newest or failure.at > newest[key].at:
            newest[key] = failure
    return [
        failure
        for (source_id, request), failure in sorted(newest.items())
        if all(
            receipt.fetched_at < failure.at
            for receipt in archive.history(source_id, request)
            if not receipt.key
        )
    ]


def _recorded(archive: Archive) -> list[FetchFailure]:
    failures = []
    for path in sorted((archive.root / "failures").glob("*/*.json")):
        try:
            note = json.loads(path.read_text(encoding="utf-8"))
            at, reason = datetime.fromisoformat(note["at"]), str(note["reason"])
        except (ValueError, TypeError, KeyError) as error:
            raise unreadable(path, error) from None
        failures.append(FetchFailure(path.parent.name, path.stem, at, reason))
    return failures

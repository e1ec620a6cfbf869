"""Revisions at which upstream has no file: their commit deleted it, or it was not there yet.

A note is written once and keeps `aigap backfill` from asking again. It says nothing about what upstream serves now.
"""

from __future__ import annotations

from datetime import UTC, datetime

from sources.ingestion.archive.layout import json_text, request_folder
from sources.ingestion.archive.store import Archive
from sources.ingestion.atomic_files import write_atomically

#: A request and the key of a revision at which it has no file.
GoneKey = tuple[str, str]


def record_gone(archive: Archive, source_id: str, gone: GoneKey, at: datetime) -> None:
    """Note that upstream answered at the time ``at`` that it has no such file."""
    request, key = gone
    folder = request_folder(archive.root, "gone", source_id, request)
    write_atomically(folder / f"{key}.json", json_text({"at": at.astimezone(UTC).isoformat()}))


def gone_keys(archive: Archive, source_id: str) -> frozenset[GoneKey]:
    """The keys noted for the requests of a source."""
    notes = (archive.root / "gone" / source_id).glob("*/*.json")
    return frozenset((path.parent.name, path.stem) for path in notes)

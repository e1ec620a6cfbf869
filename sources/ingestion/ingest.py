"""Archive a local file like a fetched body."""

from __future__ import annotations

from dataclasses import asdict
from datetime import UTC, datetime
from pathlib import Path

from sources.contract.receipt import Receipt
from sources.contract.request import Request
from sources.contract.source import Source
from sources.errors import UsageError, meant
from sources.ingestion.archive import Archive
from sources.ingestion.baseline import NOTHING_SHIPS, Baseline
from sources.ingestion.intake import KeepRows, Outcome, discard, take_in
from sources.ingestion.local_files import body_of
from sources.ingestion.parser_process import known_at_apart


def ingest(
    source: Source,
    request_name: str | None,
    path: Path,
    archive: Archive,
    now: datetime | None = None,
    *,
    known_at: datetime | None = None,
    keep_rows: KeepRows = discard,
    baseline: Baseline = NOTHING_SHIPS,
) -> Outcome:
    """Archive the local file ``path`` if it is accepted; its rows go to ``keep_rows``.

    ``request_name`` may be left out when the file's name implies it or there is only one. The body is known at
    ``known_at``, else at the time the source reads from the name or the body, at the latest ``now``: a file's own
    time is when it was copied. Raises `UsageError` when the file cannot be read, or its request is unknown.
    """
    try:
        body = body_of(source, path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}", "a readable file") from None
    moment = now or datetime.now(UTC)
    # A day to come is a wrong one, in the file's name or in one of its rows, which is then set aside.
    said = known_at or min(known_at_apart(source, path, body) or moment, moment)
    receipt = Receipt(
        source_id=source.id,
        request=_request_of(source, request_name, path).name,
        sha256="",
        size=0,
        address=source.address_of(path),
        known_at=said,
        fetched_at=moment,
        file_name=path.name,
        origin=asdict(source.origin),
    )
    return take_in(source, archive, body, receipt, keep_rows, baseline)


def _request_of(source: Source, name: str | None, path: Path) -> Request:
    known = [request.name for request in source.requests]
    chosen = name or source.request_for(path)
    if chosen not in known:
        found = f"no request named {chosen!r}" if chosen else f"{path.name} does not name its request"
        hint = meant(chosen or "", known, "name the request")
        raise UsageError(f"{source.id}: {found}", "one of " + ", ".join(known), hint)
    return source.request(chosen)

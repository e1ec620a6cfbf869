"""The one way into the archive for fetched bodies and local files.

Accepted bodies are archived; refused ones are quarantined with the reason, and the last accepted body stays in use.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from sources.contract.receipt import Receipt
from sources.contract.set_aside import Parsed
from sources.contract.snapshot import Snapshot
from sources.contract.source import Source
from sources.errors import ArchiveError, ParseError, RejectedBody
from sources.ingestion.acceptance import Accepted, accept
from sources.ingestion.archive.quarantine import put_into_quarantine
from sources.ingestion.archive.store import Archive, stamp

#: Called with the receipt of an accepted body as stored, and what it was parsed into.
KeepRows = Callable[[Receipt, Parsed], None]


class IntakeResult(StrEnum):
    """What became of one request or file."""

    NEW = "new"  # accepted, and different from the bytes known before
    UNCHANGED = "unchanged"  # the bytes known before
    QUARANTINED = "quarantined"  # something came and was refused
    FAILED = "failed"  # nothing came
    GONE = "gone"  # upstream has no file at this revision


@dataclass(frozen=True)
class Outcome:
    """The result of one fetch or ingest. ``reason`` is empty unless it was refused or failed.

    ``rows`` counts distinct rows; null when the body was not read: unchanged bytes are not read again.
    ``note`` says what is odd about a body that was accepted.
    """

    source_id: str
    request: str
    result: IntakeResult
    reason: str = ""
    receipt: Receipt | None = None
    rows: int | None = None
    note: str = ""

    @property
    def failed(self) -> bool:
        """Whether no body was accepted, because none came or it was refused."""
        return self.result in (IntakeResult.QUARANTINED, IntakeResult.FAILED)

    def fields(self) -> dict[str, object]:
        """The content of `line` by name, for machine-readable logs."""
        sha256 = self.receipt.sha256 if self.receipt else None
        names = ("source_id", "request", "result", "reason", "rows", "note")
        return {**{name: getattr(self, name) for name in names}, "sha256": sha256}

    def line(self) -> str:
        """The request and its result on one line, for people."""
        words = [self.reason, f"{self.rows:,} rows" if self.rows is not None else "", self.note]
        detail = "; ".join(filter(None, words))
        return f"{self.source_id}/{self.request}: {self.result}" + (f" ({detail})" if detail else "")


def discard(receipt: Receipt, parsed: Parsed) -> None:
    """Keep no rows; they can be parsed from the archived body again."""


def take_in(
    source: Source, archive: Archive, body: bytes, receipt: Receipt, keep_rows: KeepRows = discard
) -> Outcome:
    """Archive ``body`` if it is accepted, and hand its rows to ``keep_rows``; put it into quarantine otherwise.

    It is compared with the newest archived body that was not known later.
    """
    receipt = stamp(receipt, body)
    last = archive.latest(source.id, receipt.request, at=receipt.known_at)
    if last is not None and last.sha256 == receipt.sha256:
        return unchanged(source, archive, archive.put(body, receipt))
    try:
        accepted = accept(source, Snapshot(body, receipt), _predecessor(archive, last))
    except (ParseError, RejectedBody) as error:
        return refuse(archive, body, receipt, error)
    stored = archive.put(body, receipt)
    keep_rows(stored, accepted.parsed)
    notes = [
        "" if receipt.file_name else _oddity(source, accepted, receipt.fetched_at),
        accepted.parsed.losses(),
    ]
    note = "; ".join(filter(None, notes))
    return Outcome(
        source.id, receipt.request, IntakeResult.NEW, receipt=stored, rows=accepted.summary.rows, note=note
    )


def unchanged(source: Source, archive: Archive, receipt: Receipt) -> Outcome:
    """The outcome of bytes that are archived already; ``receipt`` is the newest, as stored."""
    note = ""
    since = archive.unchanged_since(source.id, receipt.request)
    if source.cadence and since and source.is_stale(receipt.known_at - since):
        note = f"the same bytes since {since:%Y-%m-%d}, expected to change every {source.cadence.days} days"
    return Outcome(source.id, receipt.request, IntakeResult.UNCHANGED, receipt=receipt, note=note)


def refuse(archive: Archive, body: bytes, receipt: Receipt, error: ParseError | RejectedBody) -> Outcome:
    """Put ``body`` into quarantine because of ``error``."""
    stored = put_into_quarantine(archive, body, receipt, error.line())
    return Outcome(receipt.source_id, receipt.request, IntakeResult.QUARANTINED, error.line(), receipt=stored)


def _oddity(source: Source, accepted: Accepted, now: datetime) -> str:
    """What is odd about a new body: the figures of the one before, or an old publication day; else empty."""
    summary, before = accepted.summary, accepted.before
    if before is not None and summary.figures is not None and summary.figures == before.figures:
        return "new bytes, the same figures as before"
    if summary.newest and not source.fills_up and source.is_stale(now.date() - summary.newest):
        return f"new bytes, but no figures after {summary.newest}"
    return ""


def _predecessor(archive: Archive, last: Receipt | None) -> Snapshot | None:
    if last is None:
        return None
    try:
        return archive.load(last)
    except ArchiveError:
        # `Archive.verify` reports the damage; a good body is accepted all the same.
        return None

"""The one way into the archive for fetched bodies and local files.

Accepted bodies are archived; what of them does not fit the figures known before is held back. Refused bodies are
quarantined with the reason. The last good figures stay in use.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from enum import StrEnum

from sources.contract.receipt import Receipt
from sources.contract.set_aside import Parsed, ParsedFile
from sources.contract.snapshot import Snapshot
from sources.contract.source import Source
from sources.errors import ParseError, RejectedBody
from sources.ingestion.acceptance import Accepted, accept
from sources.ingestion.archive.decisions import (
    Decisions,
    Hold,
    decisions_about,
    oddity_lines,
    with_holds,
    write_decisions,
)
from sources.ingestion.archive.quarantine import put_into_quarantine
from sources.ingestion.archive.store import Archive, stamp
from sources.ingestion.baseline import NOTHING_SHIPS, Baseline
from sources.ingestion.plausibility import Suspicion

#: How many held series an outcome shows.
SHOWN = 10

#: Called with the receipt of an accepted body as stored, and what it was parsed into.
KeepRows = Callable[[Receipt, Parsed | ParsedFile], None]


class IntakeResult(StrEnum):
    """What became of one request or file."""

    NEW = "new"  # accepted, and different from the bytes known before
    UNCHANGED = "unchanged"  # the bytes known before
    HELD = "held"  # archived, and nothing of it counts until a person releases it
    REJECTED = "rejected"  # bytes that a person rejected before
    QUARANTINED = "quarantined"  # something came and was refused
    FAILED = "failed"  # nothing came
    GONE = "gone"  # upstream has no file at this revision


@dataclass(frozen=True)
class Outcome:
    """The result of one fetch or ingest. ``reason`` is empty unless nothing of it counts.

    ``rows`` counts distinct rows; null when the body was not read: unchanged bytes are not read again.
    ``note`` says what is odd about a body that was accepted, ``held`` what of it is held back and how to release it.
    """

    source_id: str
    request: str
    result: IntakeResult
    reason: str = ""
    receipt: Receipt | None = None
    rows: int | None = None
    note: str = ""
    held: tuple[str, ...] = ()

    @property
    def failed(self) -> bool:
        """Whether nothing new counts, because nothing came or it was refused or held."""
        return self.result not in (IntakeResult.NEW, IntakeResult.UNCHANGED, IntakeResult.GONE)

    def fields(self) -> dict[str, object]:
        """The content of `line` by name, for machine-readable logs."""
        sha256 = self.receipt.sha256 if self.receipt else None
        names = ("source_id", "request", "result", "reason", "rows", "note", "held")
        return {**{name: getattr(self, name) for name in names}, "sha256": sha256}

    def line(self) -> str:
        """The request and its result on one line, for people."""
        rows = f"{self.rows:,} rows" if self.rows is not None else ""
        held = f"{len(self.held)} series held back" if self.held else ""
        words = [self.reason, rows, self.note, held]
        detail = "; ".join(filter(None, words))
        return f"{self.source_id}/{self.request}: {self.result}" + (f" ({detail})" if detail else "")

    def lines(self) -> list[str]:
        """`line`, and one for each of the first `SHOWN` series that are held back."""
        more = len(self.held) - SHOWN
        return [
            self.line(),
            *self.held[:SHOWN],
            *([f"… and {more} more; aigap status shows all"] if more > 0 else []),
        ]


def discard(receipt: Receipt, parsed: Parsed | ParsedFile) -> None:
    """Keep no rows; they can be parsed from the archived body again."""


def take_in(
    source: Source,
    archive: Archive,
    body: bytes,
    receipt: Receipt,
    keep_rows: KeepRows = discard,
    baseline: Baseline = NOTHING_SHIPS,
) -> Outcome:
    """Archive ``body`` if it is accepted, and hand its rows to ``keep_rows``; put it into quarantine otherwise.

    It is compared with the newest figures not known later, in the archive and in ``baseline``; what does not fit is
    held back, but for rows that ship: those a person has looked at. Bytes that a person rejected are refused.
    """
    receipt = stamp(receipt, body)
    if (refusal := rejection(archive, receipt)) is not None:
        return refusal
    last = archive.latest(source.id, receipt.request, at=receipt.known_at)
    if last is not None and last.sha256 == receipt.sha256:
        return unchanged(source, archive, archive.put(body, receipt))
    try:
        accepted = accept(source, Snapshot(body, receipt), archive, baseline)
    except (ParseError, RejectedBody) as error:
        return refuse(archive, body, receipt, error)
    # First what is held, so that no build ever reads a body without it.
    known = decisions_about(archive.root, receipt) or Decisions.of(receipt)
    suspicions = [
        one
        for one in accepted.suspicions
        if not baseline.ships(receipt) or one.series.get("board") in source.withheld_boards
    ]
    decisions = with_holds(known, _holds(suspicions), accepted.oddities)
    if decisions.holds or decisions.oddities:
        write_decisions(archive.root, decisions)
    stored = archive.put(body, receipt)
    keep_rows(stored, accepted.parsed)
    notes = [
        "" if receipt.file_name else _oddity(source, accepted, receipt.fetched_at),
        accepted.parsed.losses(),
        *oddity_lines(accepted.oddities),
    ]
    outcome = Outcome(
        source.id,
        receipt.request,
        IntakeResult.NEW,
        receipt=stored,
        rows=accepted.rows,
        note="; ".join(filter(None, notes)),
    )
    return _with_held(outcome, decisions)


def rejection(archive: Archive, receipt: Receipt) -> Outcome | None:
    """The outcome of the bytes of ``receipt`` if a person rejected them; else None."""
    decisions = decisions_about(archive.root, receipt)
    if decisions is None or decisions.rejected_at is None:
        return None
    return Outcome(
        receipt.source_id, receipt.request, IntakeResult.REJECTED, decisions.rejection(), receipt=receipt
    )


def unchanged(source: Source, archive: Archive, receipt: Receipt) -> Outcome:
    """The outcome of bytes that are archived already; ``receipt`` is the newest, as stored."""
    note = ""
    since = archive.unchanged_since(source.id, receipt.request)
    if source.cadence and since and source.is_stale(receipt.known_at - since):
        note = f"the same bytes since {since:%Y-%m-%d}, expected to change every {source.cadence.days} days"
    outcome = Outcome(source.id, receipt.request, IntakeResult.UNCHANGED, receipt=receipt, note=note)
    return _with_held(outcome, decisions_about(archive.root, receipt))


def refuse(archive: Archive, body: bytes, receipt: Receipt, error: ParseError | RejectedBody) -> Outcome:
    """Put ``body`` into quarantine because of ``error``."""
    stored = put_into_quarantine(archive, body, receipt, error.line())
    return Outcome(receipt.source_id, receipt.request, IntakeResult.QUARANTINED, error.line(), receipt=stored)


def _holds(suspicions: Iterable[Suspicion]) -> list[Hold]:
    now = datetime.now(UTC)
    return [Hold(suspicion.series, suspicion.reason, now) for suspicion in suspicions]


def _with_held(outcome: Outcome, decisions: Decisions | None) -> Outcome:
    """``outcome`` with what of its body is held back; it is `IntakeResult.HELD` when that is all."""
    if decisions is None or not decisions.active:
        return outcome
    lines = tuple(decisions.lines())
    if not decisions.holds_all:
        return replace(outcome, held=lines)
    return replace(outcome, result=IntakeResult.HELD, reason=lines[0])


def _oddity(source: Source, accepted: Accepted, now: datetime) -> str:
    """What is odd about a new body: the figures of the one before, or an old publication day; else empty."""
    if accepted.is_repetition:
        return "new bytes, the same figures as before"
    if accepted.newest and not source.fills_up and source.is_stale(now.date() - accepted.newest):
        return f"new bytes, but no figures after {accepted.newest}"
    return ""

"""What a person decides about a body: release what is held, reject it, take it back, try a refused one again."""

from __future__ import annotations

from collections.abc import Collection
from datetime import datetime

from sources.errors import UsageError, meant
from sources.ingestion.archive.decisions import (
    Decisions,
    rejected,
    released,
    restored,
    write_decisions,
)
from sources.ingestion.archive.lookup import decisions_of, find_body, find_sha256
from sources.ingestion.archive.quarantine import quarantined_bodies
from sources.ingestion.archive.store import Archive
from sources.ingestion.baseline import NOTHING_SHIPS, Baseline
from sources.ingestion.intake import IntakeResult, KeepRows, Outcome, discard, take_in
from sources.registry import get


def release(
    archive: Archive, sha256: str, series: Collection[str], reason: str, now: datetime
) -> tuple[Decisions, list[str]]:
    """Release what is held of a body, or of that only the ``series``; returns the decisions and what was released.

    A series is named as it is shown, or by its beginning (``arena_text``). Raises `UsageError` for an unknown body or
    series, and when nothing is held.
    """
    before = decisions_of(archive, find_body(archive, sha256))
    held = [hold.name for hold in before.active]
    if not held:
        raise UsageError(
            f"nothing of {before.where()} is held", "a body with rows held back", "see: aigap status"
        )
    chosen = [name for name in held if not series or any(_is_named(name, one) for one in series)]
    for one in series:
        if not any(_is_named(name, one) for name in held):
            shown = ", ".join(held[:5]) + (" …" if len(held) > 5 else "")
            raise UsageError(f"{one!r} is not held of {before.where()}", f"one of {shown}", meant(one, held))
    after = released(before, chosen, _said(reason), now)
    write_decisions(archive.root, after)
    return after, chosen


def reject(archive: Archive, sha256: str, reason: str, now: datetime) -> Decisions:
    """Reject a body: nothing reads it again until it is restored. Raises `UsageError` for an unknown one."""
    before = decisions_of(archive, find_body(archive, sha256))
    if before.rejected_at is not None:
        raise UsageError(
            f"{before.where()} is rejected already, since {before.rejected_at:%Y-%m-%d} ({before.reject_reason})",
            "a body that is in use",
        )
    after = rejected(before, _said(reason), now)
    write_decisions(archive.root, after)
    return after


def restore(archive: Archive, sha256: str, reason: str, now: datetime) -> Decisions:
    """Use a rejected body again. Raises `UsageError` for an unknown one, or one that is not rejected."""
    before = decisions_of(archive, find_body(archive, sha256))
    if before.rejected_at is None:
        raise UsageError(f"{before.where()} is not rejected", "a rejected body", "see: aigap status")
    after = restored(before, reason, now)
    write_decisions(archive.root, after)
    return after


def retry(
    archive: Archive, sha256: str, keep_rows: KeepRows = discard, baseline: Baseline = NOTHING_SHIPS
) -> Outcome:
    """Take a body out of quarantine in again, as if it came now; it stays there if it is refused once more.

    Raises `UsageError` for an unknown one.
    """
    entries = {entry.receipt.sha256: entry for entry in quarantined_bodies(archive)}
    known = {sha: f"{entry.receipt.source_id}/{entry.receipt.request}" for sha, entry in entries.items()}
    entry = entries[find_sha256(sha256, known, "aigap status")]
    try:
        body = entry.body.read_bytes()
    except OSError as error:
        raise UsageError(f"{entry.body}: {error.strerror or error}", "the refused body") from None
    outcome = take_in(get(entry.receipt.source_id), archive, body, entry.receipt, keep_rows, baseline)
    if outcome.result not in (IntakeResult.QUARANTINED, IntakeResult.FAILED):
        for other in quarantined_bodies(archive):
            if other.receipt.sha256 == entry.receipt.sha256:
                other.note.unlink(missing_ok=True)
        entry.body.unlink(missing_ok=True)
    return outcome


def _is_named(name: str, wanted: str) -> bool:
    return name == wanted or name.startswith(f"{wanted}/")


def _said(reason: str) -> str:
    if not reason.strip():
        raise UsageError("an empty reason", "why, in a few words", "it stays on record")
    return reason.strip()

"""Remove files from the archive that are no longer needed."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from sources.ingestion.archive.layout import read_receipt, receipt_files
from sources.ingestion.archive.quarantine import quarantined_bodies
from sources.ingestion.archive.store import Archive
from sources.ingestion.atomic_files import TEMPORARY


@dataclass(frozen=True)
class PrunedFile:
    """A file that pruning removes: its size in bytes, and why it is not needed."""

    path: Path
    size: int
    why: str


def prune_archive(
    archive: Archive, needed: Collection[str], before: datetime, *, dry_run: bool = False
) -> list[PrunedFile]:
    """Remove files that are not needed and older than ``before``; returns them in the order of removal.

    Every body whose sha256 is ``needed``, every request's newest, and everything taken in since ``before`` stays,
    with all their receipts. Raises `ArchiveError` when a receipt cannot be read.
    """
    chosen = [*_unneeded(archive, needed, before), *_long_refused(archive, before)]
    leftovers = sorted(archive.root.rglob(TEMPORARY))
    chosen += [(path, "left by a killed process") for path in leftovers if _is_older(path, before)]
    removed = []
    for path, why in chosen:
        removed.append(PrunedFile(path, path.stat().st_size, why))
        if not dry_run:
            path.unlink()
    return removed


def _unneeded(archive: Archive, needed: Collection[str], before: datetime) -> list[tuple[Path, str]]:
    """Receipts, then blobs: killed in between, this leaves bytes without a receipt, never the reverse."""
    receipts = [(path, read_receipt(path)) for path in receipt_files(archive.root)]
    keep = set(needed) | {receipt.sha256 for _, receipt in receipts if receipt.fetched_at >= before}
    newest = {
        (receipt.source_id, receipt.request): receipt
        for _, receipt in sorted(receipts, key=lambda entry: entry[1].known_at)
        if not archive.is_rejected(receipt)
    }
    keep |= {receipt.sha256 for receipt in newest.values()}
    unneeded = [
        (path, "no release and no newest receipt needs its bytes")
        for path, receipt in receipts
        if receipt.sha256 not in keep
    ]
    gone = {receipt.sha256 for _, receipt in receipts} - keep
    for path in sorted((archive.root / "blobs").glob("*/*.gz")):
        # A body is written before its receipt: that of a young one may still be missing.
        if path.stem in gone or (path.stem not in keep and _is_older(path, before)):
            unneeded.append((path, "no receipt names it"))
    return unneeded


def _long_refused(archive: Archive, before: datetime) -> list[tuple[Path, str]]:
    entries = quarantined_bodies(archive)
    recent = {entry.body for entry in entries if entry.receipt.fetched_at >= before}
    notes = [entry.note for entry in entries if entry.receipt.fetched_at < before]
    bodies = sorted((archive.root / "quarantine").glob("*/*/*.body"))
    bodies = [path for path in bodies if path not in recent and _is_older(path, before)]
    return [(path, "refused long ago") for path in (*notes, *bodies)]


def _is_older(path: Path, moment: datetime) -> bool:
    return datetime.fromtimestamp(path.stat().st_mtime, UTC) < moment

"""Statistics of the archived bodies of each request."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sources.contract.receipt import Receipt
from sources.ingestion.archive.layout import read_receipt, receipt_files
from sources.ingestion.archive.store import Archive


@dataclass(frozen=True)
class RequestStats:
    """What is archived of one request: ``size`` in bytes, unpacked, each body once; ``first`` and ``last`` known."""

    source_id: str
    request: str
    receipts: int
    blobs: int
    size: int
    first: datetime
    last: datetime


def request_stats(archive: Archive) -> list[RequestStats]:
    """The statistics of every request, by source and request. Raises `ArchiveError` at an unreadable receipt."""
    found: dict[tuple[str, str], list[Receipt]] = {}
    for path in receipt_files(archive.root):
        found.setdefault((path.parent.parent.name, path.parent.name), []).append(read_receipt(path))
    return [
        RequestStats(
            source_id,
            request,
            len(receipts),
            len(sizes := {receipt.sha256: receipt.size for receipt in receipts}),
            sum(sizes.values()),
            min(receipt.known_at for receipt in receipts),
            max(receipt.known_at for receipt in receipts),
        )
        for (source_id, request), receipts in sorted(found.items())
    ]

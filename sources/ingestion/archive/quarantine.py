"""Refused bodies, kept uncompressed with the reason, so that a person can look at them."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path

from sources.contract.receipt import Receipt
from sources.ingestion.archive.layout import json_text, receipt_name, request_folder, unreadable
from sources.ingestion.archive.store import Archive, stamp
from sources.ingestion.atomic_files import write_atomically


@dataclass(frozen=True)
class QuarantinedBody:
    """A refused body: its receipt, why it was refused, and the files with body and note."""

    receipt: Receipt
    reason: str
    body: Path
    note: Path


def put_into_quarantine(archive: Archive, body: bytes, receipt: Receipt, reason: str) -> Receipt:
    """Store ``body`` with its receipt and the reason it was refused; returns the receipt as stored."""
    receipt = stamp(receipt, body)
    folder = request_folder(archive.root, "quarantine", receipt.source_id, receipt.request)
    kept = folder / f"{receipt.sha256}.body"
    if not kept.exists():
        write_atomically(kept, body)
    note = {"reason": reason, "receipt": json.loads(receipt.to_json())}
    write_atomically(folder / f"{receipt_name(receipt)}.json", json_text(note))
    return receipt


def quarantined_bodies(archive: Archive) -> list[QuarantinedBody]:
    """Everything in quarantine, sorted by source, request and ``known_at``.

    Raises `ArchiveError` when a note cannot be read.
    """
    found = []
    for path in sorted((archive.root / "quarantine").glob("*/*/*.json")):
        try:
            note = json.loads(path.read_text(encoding="utf-8"))
            receipt = Receipt.from_json(json.dumps(note["receipt"]))
            body = path.with_name(f"{receipt.sha256}.body")
            found.append(QuarantinedBody(receipt, note["reason"], body, path))
        except (ValueError, TypeError, KeyError) as error:
            raise unreadable(path, error) from None
    return found

"""Immutable bodies and their receipts, on a file system; see `layout` for the folders.

Nothing here is rewritten or removed: what is no longer needed goes by `archive_pruning`. Whether a body may be
archived is decided in `acceptance`.
"""

from __future__ import annotations

import gzip
import zlib
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

from sources.contract.addresses import public_address
from sources.contract.receipt import Receipt, sha256_of
from sources.contract.snapshot import Snapshot
from sources.errors import ArchiveError, UsageError
from sources.ingestion.archive.decisions import decision_files, decisions_about
from sources.ingestion.archive.layout import (
    blob_path,
    read_receipt,
    receipt_files,
    receipt_name,
    receipts_in,
    request_folder,
    safe_name,
    timestamp,
    timestamp_of,
)
from sources.ingestion.atomic_files import write_atomically

#: Half the time of the highest level, within a few percent of its size.
COMPRESSION = 6

#: Headers with credentials, which are removed from every receipt.
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "set-cookie2", "x-api-key"}
)


class Archive:
    """The archive below ``root``; folders are created when first needed."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def put(self, body: bytes, receipt: Receipt) -> Receipt:
        """Store ``body`` and its receipt; returns the receipt as stored, with hash and size of ``body``.

        Bytes that are archived already add a receipt and no blob. The same bytes with the same ``known_at`` and
        ``file_name`` add nothing: the receipt stored before is returned.
        """
        receipt = stamp(receipt, body)
        # An intact blob is left alone; a missing or damaged one is restored.
        if self._read(receipt.sha256)[0] is None:
            write_atomically(self._blob(receipt.sha256), gzip.compress(body, COMPRESSION, mtime=0))
        return self._put_receipt(receipt)

    def put_unchanged(self, stored: Receipt, receipt: Receipt) -> Receipt:
        """Store ``receipt`` of an answer saying that upstream still has the bytes of ``stored``; returns it."""
        return self._put_receipt(_clean(replace(receipt, sha256=stored.sha256, size=stored.size)))

    def is_intact(self, receipt: Receipt) -> bool:
        """Are the bytes of ``receipt`` there, with its hash?"""
        return self._read(receipt.sha256)[0] is not None

    def blob_of(self, receipt: Receipt) -> Path:
        """The file with the compressed bytes of ``receipt``."""
        return self._blob(receipt.sha256)

    def load(self, receipt: Receipt) -> Snapshot:
        """The bytes of ``receipt``. Raises `ArchiveError` when they are missing or have another hash."""
        body, problem = self._read(receipt.sha256)
        if body is None:
            raise ArchiveError(
                f"{receipt.source_id}/{receipt.request}: {problem}",
                f"the {receipt.size} bytes received {receipt.fetched_at:%Y-%m-%d}",
                "fetch or ingest it again, or restore the archive",
            )
        return Snapshot(body=body, receipt=receipt)

    def history(self, source_id: str, request: str | None = None) -> list[Receipt]:
        """The receipts of a source, or of one of its requests, sorted by ``known_at``; none of a rejected body."""
        # Few bodies are decided on: to list them is quicker than to look for a thousand files that are not there.
        decided = {path.name for path in decision_files(self.root, source_id)}
        receipts = [
            one
            for one in self.receipts(source_id, request)
            if f"{one.sha256}.json" not in decided or not self.is_rejected(one)
        ]
        return sorted(receipts, key=lambda receipt: receipt.known_at)

    def receipts(self, source_id: str = "*", request: str | None = None) -> list[Receipt]:
        """All receipts, or those of a source or of one of its requests, also of rejected bodies."""
        source = source_id if source_id == "*" else safe_name(source_id)
        folder = "*" if request is None else safe_name(request)
        return [
            read_receipt(file)
            for of_request in sorted((self.root / "receipts").glob(f"{source}/{folder}"))
            for file in receipts_in(of_request)
        ]

    def is_rejected(self, receipt: Receipt) -> bool:
        """Whether a person rejected the body of ``receipt``: nothing reads it again."""
        decisions = decisions_about(self.root, receipt)
        return decisions is not None and decisions.rejected_at is not None

    def latest(self, source_id: str, request: str, at: datetime | None = None) -> Receipt | None:
        """The receipt with the newest ``known_at``, or the newest not later than ``at``, of a body not rejected."""
        return next(self.newest_first(source_id, request, at), None)

    def newest_first(self, source_id: str, request: str, at: datetime | None = None) -> Iterator[Receipt]:
        """The receipts of a request not later than ``at``, the newest first; none of a rejected body."""
        folder = request_folder(self.root, "receipts", source_id, request)
        newest = None if at is None else timestamp(at)
        # By name, so that only those are read that are asked for.
        for path in sorted(folder.glob("*.json"), key=timestamp_of, reverse=True):
            if newest is None or timestamp_of(path) <= newest:
                receipt = read_receipt(path)
                if not self.is_rejected(receipt):
                    yield receipt

    def unchanged_since(self, source_id: str, request: str) -> datetime | None:
        """Since when every answer to ``request`` had the same bytes as the newest; None before the first."""
        since = None
        receipts = self.history(source_id, request)
        for receipt in reversed(receipts):
            if receipt.sha256 != receipts[-1].sha256:
                break
            since = receipt.known_at
        return since

    def verify(self, track: Callable[[Sequence[Path]], Iterable[Path]] = iter) -> list[str]:
        """What is wrong with the archive, one line each; empty when every receipt and its blob are intact.

        ``track`` wraps the files that are checked, to show progress.
        """
        problems: list[str] = []
        checked: dict[str, str] = {}
        for path in track(receipt_files(self.root)):
            where = path.relative_to(self.root).as_posix()
            try:
                receipt = read_receipt(path)
            except ArchiveError as error:
                problems.append(error.line())
                continue
            if (receipt.source_id, receipt.request) != (path.parent.parent.name, path.parent.name):
                problems.append(f"{where}: is a receipt of {receipt.source_id}/{receipt.request}")
            if not path.name.startswith(receipt_name(receipt)):
                problems.append(f"{where}: is a receipt of {receipt_name(receipt)}")
            if receipt.sha256 not in checked:
                checked[receipt.sha256] = self._read(receipt.sha256)[1]
            if checked[receipt.sha256]:
                problems.append(f"{where}: {checked[receipt.sha256]}")
        return problems

    def _put_receipt(self, receipt: Receipt) -> Receipt:
        folder = request_folder(self.root, "receipts", receipt.source_id, receipt.request)
        name, number = receipt_name(receipt), 1
        # The same bytes of the same time may have come under several file names.
        for path in sorted(folder.glob(f"{name}*.json")):
            stored = read_receipt(path)
            if stored.file_name == receipt.file_name:
                return stored
        path = folder / f"{name}.json"
        while path.exists():
            number += 1
            path = folder / f"{name}-{number}.json"
        write_atomically(path, receipt.to_json())
        return receipt

    def _blob(self, sha256: str) -> Path:
        return blob_path(self.root, sha256)

    def _read(self, sha256: str) -> tuple[bytes | None, str]:
        """The plain bytes, or None and what is wrong with the blob."""
        path = self._blob(sha256)
        where = path.relative_to(self.root).as_posix()
        try:
            body = gzip.decompress(path.read_bytes())
        except FileNotFoundError:
            return None, f"blob {where} is missing"
        except (OSError, EOFError, zlib.error) as error:
            return None, f"blob {where} is damaged ({error})"
        if sha256_of(body) != sha256:
            return None, f"blob {where} is damaged (its bytes have another hash)"
        return body, ""


def stamp(receipt: Receipt, body: bytes) -> Receipt:
    """``receipt`` of ``body`` as the archive stores it: with hash and size, times in UTC, and without secrets.

    Raises `UsageError` when a time has no zone.
    """
    return _clean(replace(receipt, sha256=sha256_of(body), size=len(body)))


def _clean(receipt: Receipt) -> Receipt:
    try:
        receipt.file_name.encode()
    except UnicodeEncodeError:
        raise UsageError(
            f"the name of {receipt.file_name} is not UTF-8",
            "a file name in UTF-8",
            "rename it; nothing was stored",
        ) from None
    for name in ("known_at", "fetched_at"):
        if getattr(receipt, name).tzinfo is None:
            raise UsageError(f"{receipt.source_id}: {name} without a time zone", "a time in UTC")
    return replace(
        receipt,
        known_at=receipt.known_at.astimezone(UTC),
        fetched_at=receipt.fetched_at.astimezone(UTC),
        address=public_address(receipt.address),
        asked=public_address(receipt.asked),
        headers={k: v for k, v in receipt.headers.items() if k.casefold() not in SECRET_HEADERS},
    )

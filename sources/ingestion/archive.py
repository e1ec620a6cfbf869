"""Immutable bytes and their receipts, on a file system.

    blobs/<2 hex>/<sha256>.gz                      each body once, named by the hash of its plain bytes
    receipts/<source>/<request>/<stamp>-<sha12>.json   one a fetch or ingest; the stamp is `known_at`
    quarantine/<source>/<request>/                 bodies that failed acceptance, with the reason
    failures/<source>/<request>.json               why the last fetch that brought nothing did so

Nothing but the last failure is ever rewritten, and nothing removed except by `Archive.prune`. A file gets
its final name only when it is complete and on the disk, so a process killed at any moment leaves at most a
temporary file, which nobody reads.

What does not belong here: whether a body is acceptable (`sources.ingestion.fetch`), what it means.
"""

from __future__ import annotations

import gzip
import json
import re
import zlib
from collections.abc import Callable, Collection, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

from sources.contract.addresses import public_address
from sources.contract.receipt import Receipt, sha256_of
from sources.contract.snapshot import Snapshot
from sources.errors import ArchiveError, UsageError
from sources.ingestion.atomic_files import TEMPORARY, write_atomically

#: Names that become folders: no separator, no leading dot, nothing a shell or file system treats specially.
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")

#: Half the time of the highest level, within a few percent of its size.
COMPRESSION = 6

#: Headers that are credentials; no receipt holds them, whoever made it.
SECRET_HEADERS = frozenset(
    {"authorization", "proxy-authorization", "cookie", "set-cookie", "set-cookie2", "x-api-key"}
)


@dataclass(frozen=True)
class Quarantined:
    """A body that was not accepted: what is known of it, why it was refused, and where it lies, plain."""

    receipt: Receipt
    reason: str
    body: Path


@dataclass(frozen=True)
class Trouble:
    """A request that brought nothing acceptable when it was last asked, or given a file."""

    source_id: str
    request: str
    at: datetime
    reason: str


@dataclass(frozen=True)
class Holding:
    """What the archive holds of one request. ``size`` counts the plain bytes of each body once."""

    source_id: str
    request: str
    receipts: int
    blobs: int
    size: int
    first: datetime
    last: datetime


@dataclass(frozen=True)
class Removal:
    """A file that pruning takes away, and why nobody needs it."""

    path: Path
    size: int
    why: str


class Archive:
    """The archive below ``root``; folders are made when first needed."""

    def __init__(self, root: Path) -> None:
        self.root = Path(root)

    def put(self, body: bytes, receipt: Receipt) -> Receipt:
        """Keep ``body`` and its receipt; returns the receipt as stored (hash and size are computed here).

        Bytes already held add a receipt, not a blob. The same bytes with the same ``known_at`` and
        ``file_name`` add nothing, and the receipt already held is returned.
        """
        receipt = _stamped(receipt, body)
        for held in self._receipts_of_moment(receipt):
            if held.file_name == receipt.file_name:
                self._keep(body, held.sha256)
                return held
        self._keep(body, receipt.sha256)
        write_atomically(self._free_name(receipt), receipt.to_json())
        return receipt

    def put_unchanged(self, held: Receipt, receipt: Receipt) -> Receipt:
        """Note that upstream still has the bytes of ``held``, which were not received again."""
        receipt = _clean(replace(receipt, sha256=held.sha256, size=held.size))
        for known in self._receipts_of_moment(receipt):
            if known.file_name == receipt.file_name:
                return known
        write_atomically(self._free_name(receipt), receipt.to_json())
        return receipt

    def is_intact(self, receipt: Receipt) -> bool:
        """Are the bytes of ``receipt`` there and what it says?"""
        return self._read(receipt.sha256)[0] is not None

    def blob_of(self, receipt: Receipt) -> Path:
        """Where the bytes of ``receipt`` lie, compressed."""
        return self._blob(receipt.sha256)

    def load(self, receipt: Receipt) -> Snapshot:
        """The bytes of ``receipt``. Raises `ArchiveError` when they are missing or not what it says."""
        body, problem = self._read(receipt.sha256)
        if body is None:
            raise ArchiveError(
                f"{receipt.source_id}/{receipt.request}: {problem}",
                f"the {receipt.size} bytes received {receipt.fetched_at:%Y-%m-%d}",
                "fetch or ingest it again, or restore the archive",
            )
        return Snapshot(body=body, receipt=receipt)

    def history(self, source_id: str, request: str | None = None) -> list[Receipt]:
        """All receipts of a source, or of one of its requests, sorted by ``known_at``."""
        folder = self.root / "receipts" / _safe(source_id)
        names = [_safe(request)] if request is not None else [p.name for p in _folders(folder)]
        receipts = [_read_receipt(path) for name in names for path in sorted((folder / name).glob("*.json"))]
        return sorted(receipts, key=lambda receipt: receipt.known_at)

    def latest(self, source_id: str, request: str, at: datetime | None = None) -> Receipt | None:
        """The receipt with the newest ``known_at``, or the newest not later than ``at``."""
        folder = self.root / "receipts" / _safe(source_id) / _safe(request)
        newest = None if at is None else _stamp(at)
        # Stamps have a fixed width, so their order as text is their order in time and one file is read.
        for path in sorted(folder.glob("*.json"), key=_stamp_of, reverse=True):
            if newest is None or _stamp_of(path) <= newest:
                return _read_receipt(path)
        return None

    def unchanged_since(self, source_id: str, request: str) -> datetime | None:
        """Since when each answer to ``request`` had the same bytes as the newest; None before the first."""
        since = None
        receipts = self.history(source_id, request)
        for receipt in reversed(receipts):
            if receipt.sha256 != receipts[-1].sha256:
                break
            since = receipt.known_at
        return since

    def holdings(self) -> list[Holding]:
        """What is held of every request, sorted by source and request."""
        found: dict[tuple[str, str], list[Receipt]] = {}
        for path in self._receipt_files():
            found.setdefault((path.parent.parent.name, path.parent.name), []).append(_read_receipt(path))
        return [
            Holding(
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

    def fail(self, source_id: str, request: str, at: datetime, reason: str) -> None:
        """Note that asking brought nothing. Only the last time is kept."""
        note = {"at": at.astimezone(UTC).isoformat(), "reason": reason}
        path = self.root / "failures" / _safe(source_id) / f"{_safe(request)}.json"
        write_atomically(path, (json.dumps(note, indent=2, sort_keys=True, ensure_ascii=False) + "\n"))

    def troubles(self) -> list[Trouble]:
        """Requests whose last answer was refused or never came, by source and request."""
        last: dict[tuple[str, str], Trouble] = {}

        def note(trouble: Trouble) -> None:
            key = (trouble.source_id, trouble.request)
            if key not in last or trouble.at > last[key].at:
                last[key] = trouble

        for entry in self.quarantined():
            receipt = entry.receipt
            if receipt.key:  # of the past: tells nothing of what upstream answers now
                continue
            note(Trouble(receipt.source_id, receipt.request, receipt.fetched_at, entry.reason))
        for path in sorted((self.root / "failures").glob("*/*.json")):
            try:
                row = json.loads(path.read_text(encoding="utf-8"))
                at, reason = datetime.fromisoformat(row["at"]), str(row["reason"])
            except (ValueError, TypeError, KeyError) as error:
                raise _unreadable(path, error) from None
            note(Trouble(path.parent.name, path.stem, at, reason))
        return [
            trouble
            for (source_id, request), trouble in sorted(last.items())
            if all(
                receipt.fetched_at < trouble.at
                for receipt in self.history(source_id, request)
                if not receipt.key
            )
        ]

    def quarantine(self, body: bytes, receipt: Receipt, reason: str) -> Receipt:
        """Put ``body`` aside, uncompressed, with its receipt and the reason it was refused."""
        receipt = _stamped(receipt, body)
        folder = self._folder("quarantine", receipt)
        kept = folder / f"{receipt.sha256}.body"
        if not kept.exists():
            write_atomically(kept, body)
        note = {"reason": reason, "receipt": json.loads(receipt.to_json())}
        text = json.dumps(note, indent=2, sort_keys=True, ensure_ascii=False) + "\n"
        write_atomically(folder / f"{_name(receipt)}.json", text)
        return receipt

    def quarantined(self) -> list[Quarantined]:
        """Everything put aside, sorted by source, request and ``known_at``."""
        found = []
        for path in sorted((self.root / "quarantine").glob("*/*/*.json")):
            try:
                note = json.loads(path.read_text(encoding="utf-8"))
                receipt = Receipt.from_json(json.dumps(note["receipt"]))
                found.append(Quarantined(receipt, note["reason"], path.parent / f"{receipt.sha256}.body"))
            except (ValueError, TypeError, KeyError) as error:
                raise _unreadable(path, error) from None
        return found

    def verify(self, track: Callable[[Sequence[Path]], Iterable[Path]] = iter) -> list[str]:
        """What is wrong with the archive, one line each; empty when all is well.

        Reads every receipt and every blob that a receipt names; ``track`` may show how far it is.
        """
        problems: list[str] = []
        checked: dict[str, str] = {}
        for path in track([*self._receipt_files()]):
            where = path.relative_to(self.root).as_posix()
            try:
                receipt = _read_receipt(path)
            except ArchiveError as error:
                problems.append(error.line())
                continue
            if (receipt.source_id, receipt.request) != (path.parent.parent.name, path.parent.name):
                problems.append(f"{where}: is a receipt of {receipt.source_id}/{receipt.request}")
            if not path.name.startswith(_name(receipt)):
                problems.append(f"{where}: is a receipt of {_name(receipt)}")
            if receipt.sha256 not in checked:
                checked[receipt.sha256] = self._read(receipt.sha256)[1]
            if checked[receipt.sha256]:
                problems.append(f"{where}: {checked[receipt.sha256]}")
        return problems

    def prune(self, needed: Collection[str], before: datetime, *, dry_run: bool = False) -> list[Removal]:
        """Remove what nobody needs and what is older than ``before``; returns it, in the order it goes.

        Stays: every body whose sha256 is ``needed``, every request's newest, everything taken in since
        ``before``, with all their receipts. Raises `ArchiveError` when a receipt cannot be read.
        """
        receipts = [(path, _read_receipt(path)) for path in self._receipt_files()]
        keep = set(needed) | {receipt.sha256 for _, receipt in receipts if receipt.fetched_at >= before}
        newest = {(receipt.source_id, receipt.request): receipt for _, receipt in receipts}
        for _, receipt in receipts:
            key = (receipt.source_id, receipt.request)
            newest[key] = max(newest[key], receipt, key=lambda one: one.known_at)
        keep |= {receipt.sha256 for receipt in newest.values()}

        def old(path: Path) -> bool:
            return datetime.fromtimestamp(path.stat().st_mtime, UTC) < before

        # Receipts first: killed in between, this leaves bytes without a receipt, never the reverse.
        found = [
            (path, "no release and no newest receipt needs its bytes")
            for path, receipt in receipts
            if receipt.sha256 not in keep
        ]
        gone = {receipt.sha256 for _, receipt in receipts} - keep
        for path in sorted((self.root / "blobs").glob("*/*.gz")):
            # A body gets its name before its receipt: a young one may be about to get one.
            if path.stem in gone or (path.stem not in keep and old(path)):
                found.append((path, "no receipt names it"))
        entries = self.quarantined()
        aside = {entry.body for entry in entries if entry.receipt.fetched_at >= before}
        for entry in entries:
            if entry.receipt.fetched_at < before:
                note = entry.body.parent / f"{_name(entry.receipt)}.json"
                found.append((note, "refused long ago"))
        bodies = sorted((self.root / "quarantine").glob("*/*/*.body"))
        found += [(path, "refused long ago") for path in bodies if path not in aside and old(path)]
        unfinished = sorted(self.root.rglob(TEMPORARY))
        found += [(path, "left by a killed process") for path in unfinished if old(path)]
        removed = []
        for path, why in found:
            removed.append(Removal(path, path.stat().st_size, why))
            if not dry_run:
                path.unlink()
        return removed

    def _receipt_files(self) -> Iterator[Path]:
        yield from sorted((self.root / "receipts").glob("*/*/*.json"))

    def _folder(self, kind: str, receipt: Receipt) -> Path:
        return self.root / kind / _safe(receipt.source_id) / _safe(receipt.request)

    def _receipts_of_moment(self, receipt: Receipt) -> list[Receipt]:
        """Receipts of the same bytes with the same ``known_at``: one upstream file under several names."""
        folder = self._folder("receipts", receipt)
        return [_read_receipt(path) for path in sorted(folder.glob(f"{_name(receipt)}*.json"))]

    def _free_name(self, receipt: Receipt) -> Path:
        folder, name, count = self._folder("receipts", receipt), _name(receipt), 1
        path = folder / f"{name}.json"
        while path.exists():
            count += 1
            path = folder / f"{name}-{count}.json"
        return path

    def _blob(self, sha256: str) -> Path:
        return self.root / "blobs" / sha256[:2] / f"{sha256}.gz"

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

    def _keep(self, body: bytes, sha256: str) -> None:
        # An intact blob is left alone; a missing or damaged one is mended by receiving it again.
        if self._read(sha256)[0] is None:
            write_atomically(self._blob(sha256), gzip.compress(body, COMPRESSION, mtime=0))


def _stamped(receipt: Receipt, body: bytes) -> Receipt:
    return _clean(replace(receipt, sha256=sha256_of(body), size=len(body)))


def _clean(receipt: Receipt) -> Receipt:
    """``receipt`` with its times in UTC and without anything secret."""
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


def _stamp(moment: datetime) -> str:
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


def _stamp_of(path: Path) -> str:
    return path.name.partition("-")[0]


def _name(receipt: Receipt) -> str:
    return f"{_stamp(receipt.known_at)}-{receipt.sha256[:12]}"


def _safe(name: str) -> str:
    if not SAFE_NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a folder of the archive", "letters, digits, _ and -")
    return name


def _folders(path: Path) -> list[Path]:
    return sorted(entry for entry in path.iterdir() if entry.is_dir()) if path.is_dir() else []


def _read_receipt(path: Path) -> Receipt:
    try:
        return Receipt.from_json(path.read_text(encoding="utf-8"))
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise _unreadable(path, error) from None


def _unreadable(path: Path, error: Exception) -> ArchiveError:
    return ArchiveError(
        f"{path}: unreadable ({type(error).__name__}: {error})",
        "JSON written by this archive",
        "restore it, or remove it and fetch again",
    )

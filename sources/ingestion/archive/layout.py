"""Where the archive keeps its files and what they are called.

    blobs/<2 hex>/<sha256>.gz                      each body once, named by the hash of its plain bytes
    receipts/<source>/<request>/<stamp>-<sha12>.json   one for each fetch or ingest; the stamp is `known_at`
    quarantine/<source>/<request>/                 refused bodies, each with its receipt and the reason
    failures/<source>/<request>.json               why the last fetch of a request brought nothing
    gone/<source>/<request>/<commit>.json          commits at which upstream has no file
    decisions/<source>/<request>/<sha256>.json     what of a body is held back and why, and what a person decided

A file gets its name only when it is complete and on the disk, so a process killed at any moment leaves at most a
temporary file, which is never read.
"""

from __future__ import annotations

import json
import os
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from functools import lru_cache
from operator import attrgetter
from pathlib import Path
from typing import Any

from sources.contract.receipt import Receipt
from sources.errors import ArchiveError, UsageError

#: Names that become folders: no separator, no leading dot, nothing a shell or file system treats specially.
SAFE_NAME = re.compile(r"[A-Za-z0-9][A-Za-z0-9_-]*")


def safe_name(name: str) -> str:
    """``name``, if it may name a folder. Raises `UsageError` otherwise."""
    if not SAFE_NAME.fullmatch(name):
        raise UsageError(f"{name!r} cannot name a folder of the archive", "letters, digits, _ and -")
    return name


def request_folder(root: Path, kind: str, source_id: str, request: str) -> Path:
    """The folder of one request below ``receipts``, ``quarantine``, ``gone`` or ``decisions``."""
    return root / kind / safe_name(source_id) / safe_name(request)


def blob_path(root: Path, sha256: str) -> Path:
    """The file of the body with this hash."""
    return root / "blobs" / sha256[:2] / f"{sha256}.gz"


def receipt_files(root: Path) -> list[Path]:
    """All receipts, sorted by source, request and time."""
    return sorted((root / "receipts").glob("*/*/*.json"))


def timestamp(moment: datetime) -> str:
    """``moment`` as file names have it: a fixed width, so that names sort by time."""
    return f"{moment.astimezone(UTC):%Y%m%dT%H%M%S.%fZ}"


def timestamp_of(path: Path) -> str:
    """The timestamp that the name of a receipt's file begins with."""
    return path.name.partition("-")[0]


def receipt_name(receipt: Receipt) -> str:
    """The name of a receipt's file, without its ending."""
    return f"{timestamp(receipt.known_at)}-{receipt.sha256[:12]}"


def read_receipt(file: Path | os.DirEntry[str]) -> Receipt:
    """The receipt in ``file``. Raises `ArchiveError` when it cannot be read."""
    try:
        state = file.stat()
        return _receipt(os.fspath(file), state.st_ino, state.st_size, state.st_mtime_ns)
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise unreadable(Path(file), error) from None


def receipts_in(folder: Path) -> list[os.DirEntry[str]]:
    """The files of receipts in the folder of a request, by name. Paths would take twice as long."""
    if not folder.is_dir():
        return []
    with os.scandir(folder) as entries:
        return sorted((one for one in entries if one.name.endswith(".json")), key=attrgetter("name"))


@lru_cache(maxsize=10_000)
def _receipt(path: str, number: int, size: int, written: int) -> Receipt:
    """The receipt in ``path``, read once as long as it has the same inode, size and time: a build asks five times."""
    return Receipt.from_json(Path(path).read_text(encoding="utf-8"))


def json_text(note: Mapping[str, Any]) -> str:
    """``note`` as the archive stores it."""
    return json.dumps(note, indent=2, sort_keys=True, ensure_ascii=False) + "\n"


def unreadable(path: Path, error: Exception) -> ArchiveError:
    """The error for a damaged file of the archive."""
    return ArchiveError(
        f"{path}: unreadable ({type(error).__name__}: {error})",
        "JSON written by this archive",
        "restore it, or remove it and fetch again",
    )

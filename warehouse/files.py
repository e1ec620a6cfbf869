"""Files: their hash, and writing them so that a reader never sees half of one."""

from __future__ import annotations

import hashlib
from pathlib import Path

from sources.ingestion.atomic_files import replacing, sync, write_atomically

__all__ = ["replacing", "sha256_of", "sync", "write_atomically"]


def sha256_of(path: Path) -> str:
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()

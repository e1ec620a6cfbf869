"""Atomic writing of files: after a crash or power cut a file is either complete or as before."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

#: Matches temporary files, which a killed process leaves behind.
TEMPORARY = ".*.tmp"


@contextmanager
def replacing(path: Path) -> Iterator[Path]:
    """A temporary path next to ``path`` to write a file to; it replaces ``path`` when the block ends, synced to disk.

    On any error the temporary file is removed and whatever was at ``path`` stays. Missing folders are created.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    temporary = path.with_name(f".{uuid4().hex}.tmp")
    try:
        yield temporary
        sync(temporary)
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
    sync(path.parent)


def write_atomically(path: Path, content: bytes | str, mode: int | None = None) -> None:
    """Create ``path``, or replace it, with ``content`` (text as UTF-8); on any error the old file stays.

    ``mode`` has its permissions, by default those of the umask.
    """
    with replacing(path) as temporary:
        temporary.write_bytes(content.encode() if isinstance(content, str) else content)
        if mode is not None:
            temporary.chmod(mode)


def sync(path: Path) -> None:
    """Flush ``path``, a file or a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

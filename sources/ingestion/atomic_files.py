"""Atomic writing of files: after a crash or power cut a file is either complete or as before."""

from __future__ import annotations

import fcntl
import os
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path
from time import time
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

    ``mode`` has its permissions, by default those of the umask. What a killed process leaves, `remove_abandoned` finds.
    """
    # Locked until it is in its place, which tells it from what a killed process left.
    with ExitStack() as held, replacing(path) as temporary:
        file = held.enter_context(temporary.open("xb"))
        _lock(file.fileno())
        file.write(content.encode() if isinstance(content, str) else content)
        file.flush()
        if mode is not None:
            temporary.chmod(mode)


def remove_abandoned(folder: Path) -> None:
    """Remove temporary files below ``folder`` that `write_atomically` began and no process is writing."""
    for path in folder.rglob(TEMPORARY):
        with suppress(OSError), path.open("rb") as file:
            # Its process may not have come to lock it yet.
            is_old = time() - path.stat().st_mtime > 1
            if is_old and _lock(file.fileno()):
                path.unlink()


def _lock(descriptor: int) -> bool:
    """Whether nobody else holds the file; False where the file system has no locks."""
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        return False
    return True


def sync(path: Path) -> None:
    """Flush ``path``, a file or a folder, to the disk."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)

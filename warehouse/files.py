"""Hashes of files, and atomic writing of files and folders."""

from __future__ import annotations

import errno
import fcntl
import hashlib
import os
import shutil
import sys
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from pathlib import Path
from uuid import uuid4

from sources.errors import AigapError, UsageError
from sources.ingestion.atomic_files import TEMPORARY, replacing, sync, write_atomically

__all__ = [
    "TEMPORARY",
    "new_folder",
    "refuse_foreign",
    "replacing",
    "replacing_folder",
    "sha256_of",
    "sync",
    "write_atomically",
]

#: From linux/fcntl.h and linux/fs.h.
AT_FDCWD, RENAME_EXCHANGE = -100, 2


#: Bytes of a file hashed at once. Between two pieces Python is needed: few are soon done beside other work.
HASHED_AT_ONCE = 4_000_000


def sha256_of(path: Path) -> str:
    """The sha256 of the file ``path``, in hexadecimal."""
    digest = hashlib.sha256()
    # No larger than the file: Python writes zeros into it first.
    buffer = memoryview(bytearray(min(HASHED_AT_ONCE, path.stat().st_size + 1)))
    with path.open("rb", buffering=0) as file:
        while size := file.readinto(buffer):
            digest.update(buffer[:size])
    return digest.hexdigest()


def refuse_foreign(folder: Path, ours: Collection[str], writer: str) -> None:
    """Raise `UsageError` if a file below ``folder`` is none of ``ours`` (paths in it, with ``/``)."""
    there = {path.relative_to(folder).as_posix() for path in folder.rglob("*") if not path.is_dir()}
    foreign = sorted(there - set(ours))
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise UsageError(
            f"{folder} contains {foreign[0]}{more}, which no {writer} wrote",
            f"what an earlier {writer} wrote and nothing else",
            "move it away; nothing was changed",
        )


@contextmanager
def new_folder(target: Path) -> Iterator[Path]:
    """A folder next to ``target`` to fill; it is renamed to ``target`` when the block ends.

    If another process has created ``target`` in the meantime, that one stays. On an error nothing appears.
    """
    partial = target.with_name(f".{target.name}.{uuid4().hex}.unfinished")
    partial.mkdir(parents=True)
    try:
        yield partial
        try:
            partial.rename(target)
        except OSError:
            if not target.is_dir():
                raise
    finally:
        shutil.rmtree(partial, ignore_errors=True)


@contextmanager
def replacing_folder(target: Path) -> Iterator[Path]:
    """A folder next to ``target`` to fill; it replaces ``target`` when the block ends, synced to disk.

    On an error ``target`` stays as it was. A killed process leaves its folder, which the next one clears. Raises
    `UsageError` if the folder above cannot be written or another process is writing ``target``, and `AigapError`
    if the disk is full.
    """
    fresh = target.with_name(f".{target.name}.unfinished")
    try:
        fresh.mkdir(exist_ok=True)
        lock = os.open(fresh, os.O_RDONLY)
    except FileNotFoundError:
        raise UsageError(f"no folder {target.parent}", "a folder that exists", "make it first") from None
    except OSError as error:
        raise UsageError(
            f"{target.parent} cannot be written ({error.strerror})",
            "a folder to write into",
            "name another one",
        ) from None
    try:
        _lock_at_once(lock, target)
        try:
            _clear(fresh)
            yield fresh
            for path in sorted(fresh.rglob("*")):
                sync(path)
            sync(fresh)
            _take_place(fresh, target)
            sync(target.parent)
        except OSError as error:
            raise AigapError(
                f"{target} cannot be written: {error.strerror or error}",
                "room for all of its files",
                "what was there before is untouched",
            ) from None
        finally:
            shutil.rmtree(fresh, ignore_errors=True)
    finally:
        os.close(lock)


def _lock_at_once(descriptor: int, target: Path) -> None:
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        raise UsageError(
            f"another process is writing {target}", "one at a time", "wait for it to end"
        ) from None


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _take_place(fresh: Path, target: Path) -> None:
    """Replace ``target`` by ``fresh``; afterwards the old folder, if any, is at ``fresh``."""
    if not target.exists():
        fresh.rename(target)
        return
    if _exchange(fresh, target):
        return
    # No single step here: for a moment nothing is at ``target``, never half of something.
    old = target.with_name(f".{target.name}.replaced")
    shutil.rmtree(old, ignore_errors=True)
    target.rename(old)
    try:
        fresh.rename(target)
    except OSError:
        old.rename(target)
        raise
    old.rename(fresh)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (``renameat2``); False where system or file system cannot."""
    if sys.platform != "linux":
        return False
    import ctypes

    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))

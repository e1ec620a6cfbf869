"""A folder that appears whole or not at all.

The export is written into a hidden sibling of its target and takes the target's place in one step. A
killed export leaves the sibling, which the next one into the same place clears.
"""

from __future__ import annotations

import ctypes
import errno
import fcntl
import json
import os
import shutil
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from sources.errors import AigapError, UsageError
from warehouse.export.datapackage import NAME
from warehouse.files import sha256_of, sync

SUMS = "SHA256SUMS"
#: Of linux/fcntl.h and linux/fs.h.
AT_FDCWD, RENAME_EXCHANGE = -100, 2


@contextmanager
def replacing(target: Path) -> Iterator[Path]:
    """A new folder to fill, which becomes ``target`` at the end; on an error ``target`` stays as it was.

    Raises `UsageError` if ``target`` holds anything but an earlier export, or another export into it is at
    work; `AigapError` if the disk is full.
    """
    target = target.expanduser().resolve()
    require_ours(target)
    if not target.parent.is_dir():
        raise UsageError(f"no folder {target.parent}", "a folder that exists", "make it first")
    fresh = target.with_name(f".{target.name}.unfinished")
    try:
        fresh.mkdir(exist_ok=True)
    except OSError as error:
        raise UsageError(
            f"{target.parent} cannot be written ({error.strerror})",
            "a folder to write into",
            "name another one",
        ) from None
    held = os.open(fresh, os.O_RDONLY)
    try:
        fcntl.flock(held, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError:
        os.close(held)
        raise UsageError(
            f"another export into {target} is at work", "one at a time", "wait for it to end"
        ) from None
    try:
        _clear(fresh)
        try:
            yield fresh
            shutil.rmtree(fresh / ".spill", ignore_errors=True)
            for path in sorted(fresh.rglob("*")):
                sync(path)
            sync(fresh)
        except OSError as error:
            raise AigapError(
                f"{target} cannot be written: {error.strerror or error}",
                "room for the whole export",
                "what was there before is untouched",
            ) from None
        # Again: somebody may have put a file there in the meantime.
        require_ours(target)
        _swap(fresh, target)
        sync(target.parent)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)
        os.close(held)


def require_ours(target: Path) -> None:
    """Raise `UsageError` unless ``target`` is free, an empty folder, or an export and nothing else."""
    if not target.exists():
        return
    if not target.is_dir():
        raise UsageError(f"{target} is a file", "a folder, or a name not taken", "name another one")
    there = {path.relative_to(target).as_posix() for path in target.rglob("*") if not path.is_dir()}
    if not there:
        return
    if not _is_export(target):
        raise UsageError(
            f"{target} holds files and is no export of aigap",
            "an earlier export, an empty folder or a name not taken",
            "name another one; nothing was changed",
        )
    listed = {line[66:] for line in (target / SUMS).read_text(encoding="utf-8").splitlines()}
    foreign = sorted(there - listed - {SUMS})
    if foreign:
        more = f" and {len(foreign) - 1} more" if len(foreign) > 1 else ""
        raise UsageError(
            f"{target} holds {foreign[0]}{more}, which no export wrote",
            "an export and nothing else",
            "move it away; nothing was changed",
        )


def sums(folder: Path) -> str:
    """The lines of ``SHA256SUMS``, for ``sha256sum -c`` in ``folder``: every file below it, by name."""
    files = sorted(path.relative_to(folder).as_posix() for path in folder.rglob("*") if path.is_file())
    return "".join(f"{sha256_of(folder / name)}  {name}\n" for name in files if name != SUMS)


def _is_export(folder: Path) -> bool:
    try:
        told = json.loads((folder / "datapackage.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return False
    return isinstance(told, dict) and told.get("name") == NAME and (folder / SUMS).is_file()


def _clear(folder: Path) -> None:
    for path in folder.iterdir():
        if path.is_dir() and not path.is_symlink():
            shutil.rmtree(path)
        else:
            path.unlink()


def _swap(fresh: Path, target: Path) -> None:
    """Put ``fresh`` in the place of ``target``; what was there is then at ``fresh``."""
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
    shutil.rmtree(old, ignore_errors=True)


def _exchange(one: Path, other: Path) -> bool:
    """Exchange two folders in one step (``renameat2``); False where system or file system cannot."""
    if sys.platform != "linux":
        return False
    rename = getattr(ctypes.CDLL(None, use_errno=True), "renameat2", None)
    if rename is None:
        return False
    if rename(AT_FDCWD, os.fsencode(one), AT_FDCWD, os.fsencode(other), RENAME_EXCHANGE) == 0:
        return True
    code = ctypes.get_errno()
    if code in (errno.EINVAL, errno.ENOSYS, errno.ENOTSUP):
        return False
    raise OSError(code, os.strerror(code), str(other))

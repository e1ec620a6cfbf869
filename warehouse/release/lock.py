"""The lock of the data folder: one writer at a time; readers never need it."""

from __future__ import annotations

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from sources.errors import UsageError
from warehouse.workspace import Workspace

NO_LOCKS = {errno.ENOSYS, errno.ENOTSUP, errno.ENOLCK, errno.EINVAL}


class Busy(UsageError):
    """Another process holds the lock of the data folder."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(
            f"another refresh is at work in {workspace.data}",
            "one at a time",
            "wait for it to end; nothing was changed (docs/runbook.md#locked-folder)",
        )


@contextmanager
def exclusive(workspace: Workspace) -> Iterator[None]:
    """Hold the lock of the data folder.

    Raises `Busy` at once if another process holds it, `UsageError` if the folder cannot be written. A killed
    process leaves no lock behind.
    """
    # Commands that only read import this module too.
    from filelock import FileLock, Timeout

    # Without flock there is no lock: one that a killed process leaves behind, or that two can take, is none.
    lock = FileLock(workspace.lock, timeout=0, fallback_to_soft=False)
    try:
        workspace.data.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise Busy(workspace) from None
    except OSError as error:
        what = "cannot be locked" if error.errno in NO_LOCKS else "cannot be written"
        raise UsageError(
            f"{workspace.data} {what} ({error.strerror})",
            "a folder for the warehouse, on a file system with locks",
            "name another one with AIGAP_DATA_DIR (docs/runbook.md#locked-folder)",
        ) from None
    try:
        yield
    finally:
        lock.release()

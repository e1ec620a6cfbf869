"""The lock of the data folder: one writer at a time; readers never need it."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from sources.errors import UsageError
from warehouse.workspace import Workspace


class Busy(UsageError):
    """Another process holds the lock of the data folder."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(
            f"another refresh is at work in {workspace.data}",
            "one at a time",
            "wait for it to end; nothing was changed",
        )


@contextmanager
def exclusive(workspace: Workspace) -> Iterator[None]:
    """Hold the lock of the data folder.

    Raises `Busy` at once if another process holds it, `UsageError` if the folder cannot be written. A killed
    process leaves no lock behind.
    """
    # Commands that only read import this module too.
    from filelock import FileLock, Timeout

    lock = FileLock(workspace.lock, timeout=0)
    try:
        workspace.data.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise Busy(workspace) from None
    except OSError as error:
        raise UsageError(
            f"{workspace.data} cannot be written ({error.strerror})",
            "a folder for the warehouse",
            "name another one with AIGAP_DATA_DIR",
        ) from None
    try:
        yield
    finally:
        lock.release()

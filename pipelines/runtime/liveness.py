"""A lock that shows that a run's process lives: the operating system releases it, however the process ends."""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import dagster as dg


def lock_file(instance: dg.DagsterInstance, run_id: str) -> Path:
    """The file a run locks, in a folder of this machine: other machines may not see the lock."""
    return Path(instance.root_directory) / "alive" / socket.gethostname() / run_id


@contextmanager
def hold_lock(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Keep the run's file locked; it appears locked and is removed at the end.

    The run goes on when the lock cannot be taken: the folder may belong to another user or know no locks.
    """
    path = lock_file(instance, run_id)
    with ExitStack() as stack:
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            unlocked = path.with_suffix(".new")
            file = stack.enter_context(unlocked.open("w"))
            fcntl.flock(file, fcntl.LOCK_EX)
            unlocked.replace(path)
            stack.callback(path.unlink, missing_ok=True)
        yield


def is_dead(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Whether the run's file exists and no process locks it. A run without a file may be on another machine."""
    path = lock_file(instance, run_id)
    try:
        # Network file systems give an exclusive lock only to a file open for writing.
        with path.open("r+") as file:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # A run that ended meanwhile has removed its file.
            return path.exists()
    except OSError:
        return False

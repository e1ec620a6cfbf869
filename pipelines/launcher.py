"""Dagster's own launcher, which also sees that a run died together with the code server it is a child of.

Nobody is left to report that, as when the machine goes down or the code server is started anew. So each run holds
a file locked while its process lives: the operating system opens the lock, however the process ends.
"""

import fcntl
import socket
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager, suppress
from pathlib import Path

import dagster as dg
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus


def file_of(instance: dg.DagsterInstance, run_id: str) -> Path:
    """What the run holds: a name below Dagster's own folder, and there below this machine's.

    A lock is seen by who shares the machine; whether other machines see it is their file system's affair.
    """
    return Path(instance.root_directory) / "alive" / socket.gethostname() / run_id


@contextmanager
def alive(instance: dg.DagsterInstance, run_id: str) -> Iterator[None]:
    """Hold the run's file. It is there from when it is locked until the run has nothing more to do."""
    path = file_of(instance, run_id)
    with ExitStack() as until_the_end:
        # No run fails for want of it: the folder may be another's, or know no locks.
        with suppress(OSError):
            path.parent.mkdir(parents=True, exist_ok=True)
            unnamed = path.with_suffix(".new")
            held = until_the_end.enter_context(unnamed.open("w"))
            fcntl.flock(held, fcntl.LOCK_EX)
            unnamed.replace(path)
            until_the_end.callback(path.unlink, missing_ok=True)
        yield


def is_dead(instance: dg.DagsterInstance, run_id: str) -> bool:
    """Is the run's file there, and held by nobody? Without one nothing is known: it may be on another machine."""
    path = file_of(instance, run_id)
    try:
        # for writing: over a network, who may not write may not lock
        with path.open("r+") as found:
            fcntl.flock(found, fcntl.LOCK_EX | fcntl.LOCK_NB)
            # not one that has just ended
            return path.exists()
    except OSError:
        return False


class WatchfulLauncher(DefaultRunLauncher):
    """Named in dagster.yaml; the daemon asks it of every run that has started (``run_monitoring``)."""

    @property
    def supports_check_run_worker_health(self) -> bool:
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        dead = is_dead(self._instance, run.run_id)
        return CheckRunHealthResult(WorkerStatus.FAILED if dead else WorkerStatus.RUNNING)

"""Dagster's records of one process: where they cannot be kept, the run goes on with records in memory."""

from __future__ import annotations

import errno
import logging
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from shutil import disk_usage
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import dagster as dg

#: Primary codes of SQLite (the low byte of an extended one), and what helps.
_LOCKED, _FULL, _DAMAGED, _NOT_WRITABLE, _UNREADABLE_DISK = {5, 6}, {13}, {11, 26}, {3, 8, 14}, {10}
#: Bytes: less than one page of a shared memory file.
_LITTLE_SPACE = 64 * 1024
_NO_SPACE = {errno.ENOSPC, errno.EDQUOT, errno.EFBIG}

_log = logging.getLogger("aigap.progress")


def is_lost(error: BaseException) -> bool:
    """Whether ``error`` says that the records cannot be read or written, whatever else is right."""
    from sqlalchemy.exc import SQLAlchemyError

    return any(isinstance(cause, SQLAlchemyError | sqlite3.Error | OSError) for cause in _causes(error))


def why(home: Path, error: BaseException) -> str:
    """One line: the records named in ``home``/dagster.yaml are out of reach, and what to do."""
    cause = list(_causes(error))[-1]
    cause = getattr(cause, "orig", None) or cause
    reason = str(cause).strip().partition("\n")[0]
    state, remedy = _state_and_remedy(cause, home)
    see = "docs/runbook.md#records"
    return f"the run history in {home} {state} ({reason}); this run goes on without it; {remedy} ({see})"


def _causes(error: BaseException) -> Iterator[BaseException]:
    now: BaseException | None = error
    while now is not None:
        yield now
        now = now.__cause__


def _state_and_remedy(cause: BaseException, home: Path) -> tuple[str, str]:
    if not isinstance(cause, sqlite3.Error | OSError):
        return "is out of reach", "start the database that dagster.yaml names, or correct dagster.yaml"
    code = getattr(cause, "sqlite_errorcode", 0) & 0xFF
    if code in _LOCKED:
        return "is locked by another program", "end that program, or wait for it"
    # On a full disk SQLite cannot map its shared memory, and says no more than that.
    is_full = code in _UNREADABLE_DISK and disk_usage(home).free < _LITTLE_SPACE
    if is_full or code in _FULL or getattr(cause, "errno", None) in _NO_SPACE:
        return "has no space left", "make room there, or name another folder with DAGSTER_HOME"
    if code in _DAMAGED:
        return "is damaged", "move its .dagster folder away: a new one is made"
    if code in _NOT_WRITABLE or isinstance(cause, PermissionError | NotADirectoryError | FileExistsError):
        return "is not writable", "let this user write there, or name another folder with DAGSTER_HOME"
    if code in _UNREADABLE_DISK or isinstance(cause, OSError):
        return "cannot be written", "look whether that disk is full, or has errors"
    return "does not answer", "run dagster instance migrate, or move its .dagster folder away"


@contextmanager
def expendable(instance: dg.DagsterInstance, home: Path) -> Iterator[None]:
    """Inside, ``instance`` keeps its records in memory from the first that cannot be written to ``home``.

    What a run prints is not kept: the command prints it, and a full disk would cost its lines and then the run.
    """
    from dagster._core.storage.noop_compute_log_manager import NoOpComputeLogManager

    class Printed(NoOpComputeLogManager):
        delete_logs = instance.compute_log_manager.delete_logs

    records = _Records(instance, home)
    # Dagster has no place for this: each call goes through a stand-in for its two storages.
    stand_ins = {
        "_run_storage": _StandIn(records, 0),
        "_event_storage": _StandIn(records, 1),
        "_compute_log_manager": Printed(),
    }
    kept = {name: vars(instance)[name] for name in stand_ins}
    vars(instance).update(stand_ins)
    try:
        yield
    finally:
        vars(instance).update(kept)


class _Records:
    """The storages of runs and of events that are in use, and the runs that were added to them."""

    def __init__(self, instance: dg.DagsterInstance, home: Path) -> None:
        self.instance = instance
        self.home = home
        self.storages: tuple[Any, Any] = (instance.run_storage, instance.event_log_storage)
        self.runs: list[dg.DagsterRun] = []

    def lose(self, failed: Any, error: BaseException) -> None:
        """Go on in memory; nothing when another call was first."""
        if failed not in self.storages:
            return
        from dagster._core.storage.event_log import InMemoryEventLogStorage
        from dagster._core.storage.runs import InMemoryRunStorage

        _log.warning("%s", why(self.home, error))
        runs, events = InMemoryRunStorage(), InMemoryEventLogStorage()
        for storage in (runs, events):
            storage.register_instance(self.instance)
        self.storages = (runs, events)
        for run in self.runs:
            runs.add_run(_without_snapshots(run))


def _without_snapshots(run: dg.DagsterRun) -> dg.DagsterRun:
    """Of the job and its plan, which were recorded once, by an earlier run; a run in this process reads neither."""
    return run._replace(job_snapshot_id=None, execution_plan_snapshot_id=None)


class _StandIn:
    """Passes every call on to the storage in use."""

    def __init__(self, records: _Records, which: int) -> None:
        self._records = records
        self._which = which

    @property
    def __class__(self) -> Any:  # isinstance() sees the storage
        return type(self._records.storages[self._which])

    @__class__.setter
    def __class__(self, value: Any) -> None:
        raise AttributeError

    def __getattr__(self, name: str) -> Any:
        value = getattr(self._records.storages[self._which], name)
        return self._guarded(name) if callable(value) else value

    def _guarded(self, name: str) -> Callable[..., Any]:
        def call(*arguments: Any, **named: Any) -> Any:
            storage = self._records.storages[self._which]
            try:
                result = getattr(storage, name)(*arguments, **named)
            except Exception as error:
                if not is_lost(error):
                    raise
                self._records.lose(storage, error)
                if name == "add_run":
                    arguments = (_without_snapshots(arguments[0]),)
                # A storage in memory has no bursts to end.
                again = getattr(self._records.storages[self._which], name, None)
                result = again(*arguments, **named) if again else None
            if name == "add_run":
                self._records.runs.append(arguments[0])
            return result

        return call

"""The storage that dagster.yaml names: Dagster's own SQLite files, with the connections to them kept open.

Dagster's storage makes a new SQLAlchemy engine for every statement, which costs more than the statement, and the last
connection to close makes SQLite fold its log into the file. Files and schema are Dagster's: ``storage: sqlite`` reads
what this wrote, and the reverse.
"""

import os
import threading
import weakref
from collections import OrderedDict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from types import MappingProxyType
from typing import Any

from dagster._core.storage.event_log.sqlite.sqlite_event_log import SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS
from dagster._core.storage.sqlite_storage import (
    DagsterSqliteStorage,
    _event_logs_directory,
    _runs_directory,
    _schedule_directory,
)
from dagster._serdes import ConfigurableClassData
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import QueuePool

#: Files held open at once. There is one for each run, and a page of the web UI may read them all.
OPEN_FILES = 16


class Engines:
    """One engine for each database file, of the last used `OPEN_FILES`; any thread may ask.

    A file that was deleted or replaced meanwhile is opened anew. A forked child opens its own.
    """

    def __init__(self, settings: Mapping[str, Any] = MappingProxyType({})) -> None:
        """``settings`` are of `sqlite3.connect`."""
        self._settings = settings
        self._lock = threading.Lock()
        self._known: OrderedDict[str, tuple[object, Engine]] = OrderedDict()
        forget = weakref.WeakMethod(self._forget)
        os.register_at_fork(after_in_child=lambda: (call := forget()) and call())

    def of(self, address: str) -> Engine:
        """The engine of ``address`` ("sqlite:////folder/runs.db")."""
        with self._lock:
            file, engine = self._known.pop(address, (None, None))
            there = _identity(address)
            if engine is not None and file not in (None, there):
                engine.dispose()
                engine = None
            if engine is None:
                # As many connections as threads ask for; one stays open.
                engine = create_engine(
                    address,
                    poolclass=QueuePool,
                    pool_size=1,
                    max_overflow=-1,
                    connect_args=dict(self._settings),
                )
            self._known[address] = there, engine
            if len(self._known) > OPEN_FILES:
                _, (_, oldest) = self._known.popitem(last=False)
                oldest.dispose()
            return engine

    def close(self) -> None:
        """Close the connections that no thread uses; the next call opens new ones."""
        with self._lock:
            for _, engine in self._known.values():
                engine.dispose()
            self._known.clear()

    def _forget(self) -> None:
        """In a forked child: the connections are the parent's, which the child must neither use nor close."""
        self._lock = threading.Lock()
        for _, engine in self._known.values():
            engine.dispose(close=False)
        self._known.clear()


def _identity(address: str) -> tuple[int, int] | None:
    """What tells a file from another of the same name."""
    try:
        found = os.stat(address.removeprefix("sqlite:///"))  # noqa: PTH116 (called for every statement)
    except OSError:
        return None
    return found.st_dev, found.st_ino


class _OneFile:
    """For a storage of Dagster's that keeps all in one file: its connections are those of `Engines`."""

    _conn_string: str

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines = Engines()
        super().__init__(conn_string, inst_data)  # type: ignore[call-arg]

    @contextmanager
    def connect(self) -> Iterator[Connection]:
        """A connection in a transaction."""
        with self._engines.of(self._conn_string).begin() as connection:
            yield connection

    def dispose(self) -> None:
        """Close the file."""
        self._engines.close()


class RunRecords(_OneFile, SqliteRunStorage):
    """The runs."""


class ScheduleRecords(_OneFile, SqliteScheduleStorage):
    """Schedules and sensors with their ticks."""


class EventRecords(SqliteEventLogStorage):
    """The events: a file for each run, and one index."""

    def __init__(self, base_dir: str) -> None:
        self._engines = Engines({"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
        super().__init__(base_dir)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            engine = self._engines.of(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            with engine.begin() as connection:
                yield connection

    def wipe(self) -> None:
        """Delete every event."""
        self._engines.close()
        super().wipe()

    def dispose(self) -> None:
        """Stop watching, and close the files."""
        super().dispose()
        self._engines.close()


class SqliteRecords(DagsterSqliteStorage):
    """Dagster's records in SQLite files below ``base_dir``, as of ``storage: sqlite``."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Not that of Dagster's class, which opens storages of its own.
        super(DagsterSqliteStorage, self).__init__()  # type: ignore[no-untyped-call]
        self.base_dir = base_dir
        self._inst_data = inst_data
        self._run_storage = RunRecords.from_local(_runs_directory(base_dir))
        self._event_log_storage = EventRecords(_event_logs_directory(base_dir))
        self._schedule_storage = ScheduleRecords.from_local(_schedule_directory(base_dir))

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Any) -> "SqliteRecords":
        """As Dagster makes it from dagster.yaml."""
        return cls.from_local(inst_data=inst_data, **config_value)

"""The storage that dagster.yaml names: Dagster's own SQLite files, with the connections to them kept open.

Dagster's storage makes a new SQLAlchemy engine for every statement, which costs more than the statement, and the last
connection to close makes SQLite fold its log into the file. Files and schema are Dagster's: ``storage: sqlite`` reads
what this wrote, and the reverse.
"""

import os
import sqlite3
import threading
import weakref
from collections import OrderedDict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import ExitStack, closing, contextmanager
from datetime import datetime
from types import MappingProxyType
from typing import Any, cast

from dagster import AssetCheckEvaluation, AssetKey
from dagster._core.event_api import EventLogRecord
from dagster._core.events import (
    ASSET_CHECK_EVENTS,
    ASSET_EVENTS,
    EVENT_TYPE_TO_PIPELINE_RUN_STATUS,
    DagsterEventType,
)
from dagster._core.events.log import EventLogEntry
from dagster._core.storage.asset_check_execution_record import AssetCheckExecutionRecordStatus
from dagster._core.storage.event_log.sqlite.sqlite_event_log import INDEX_SHARD_NAME, SqliteEventLogStorage
from dagster._core.storage.runs.sqlite.sqlite_run_storage import SqliteRunStorage
from dagster._core.storage.schedules.sqlite.sqlite_schedule_storage import SqliteScheduleStorage
from dagster._core.storage.sqlite import SQLITE_BUSY_TIMEOUT_SECONDS, create_db_conn_string
from dagster._core.storage.sqlite_storage import (
    DagsterSqliteStorage,
    _event_logs_directory,
    _runs_directory,
    _schedule_directory,
)
from dagster._serdes import ConfigurableClassData, deserialize_value
from sqlalchemy import Connection, Engine, create_engine
from sqlalchemy.pool import QueuePool

#: What a step reports of the tables it has made.
IN_BURSTS = {
    DagsterEventType.ASSET_CHECK_EVALUATION,
    DagsterEventType.ASSET_MATERIALIZATION,
    DagsterEventType.STEP_OUTPUT,
}
#: What the index has too.
IN_INDEX = ASSET_EVENTS | ASSET_CHECK_EVENTS | EVENT_TYPE_TO_PIPELINE_RUN_STATUS.keys()
INSERT = (
    "INSERT INTO event_logs (run_id, event, dagster_event_type, timestamp, step_key, asset_key, partition) "
    "VALUES (?, ?, ?, ?, ?, ?, ?)"
)
EVALUATED = (
    "UPDATE asset_check_executions SET execution_status = ?, evaluation_event = ?, evaluation_event_timestamp = ?, "
    "evaluation_event_storage_id = ?, materialization_event_storage_id = ? "
    "WHERE asset_key = ? AND check_name = ? AND run_id = ? AND partition IS ?"
)
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
        _call_in_forked_children(self._forget)

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


def _call_in_forked_children(method: Callable[[], None]) -> None:
    known = weakref.WeakMethod(method)
    os.register_at_fork(after_in_child=lambda: (call := known()) and call())


def _path(address: str) -> str:
    return address.removeprefix("sqlite:///")


def _identity(address: str) -> tuple[int, int] | None:
    """What tells a file from another of the same name."""
    try:
        found = os.stat(_path(address))  # noqa: PTH116 (called for every statement)
    except OSError:
        return None
    return found.st_dev, found.st_ino


def _version(path: str, needed: str = "alembic_version") -> str | None:
    """The version of Dagster's tables in the file ``path``; None if it has none yet, or not the table ``needed``.

    Dagster itself reads its hundred migrations before it looks, which takes longer than all statements of a run.
    """
    if not os.path.exists(path):  # noqa: PTH110 (an address has text)
        return None
    query = "SELECT version_num FROM alembic_version WHERE ? IN (SELECT name FROM sqlite_master)"
    try:
        # Another program that opens or closes the file locks it for a moment.
        with closing(sqlite3.connect(path, timeout=1)) as connection:
            found = connection.execute(query, [needed]).fetchone()
    except sqlite3.Error:
        return None
    return str(found[0]) if found else None


def _made_like(model: str, path: str) -> bool:
    """Whether ``path`` has its tables: those it had, or now those of ``model`` with their version, but no rows."""
    if _version(path):
        return True
    version = _version(model)
    if not version:
        return False
    tables = "SELECT sql FROM sqlite_master WHERE sql IS NOT NULL AND name NOT LIKE 'sqlite_%' ORDER BY rowid"
    try:
        with closing(sqlite3.connect(model)) as known, closing(sqlite3.connect(path)) as new:
            new.execute("PRAGMA journal_mode=WAL")
            # Of two processes one makes it.
            new.execute("BEGIN IMMEDIATE")
            if not new.execute("SELECT name FROM sqlite_master").fetchone():
                for (statement,) in known.execute(tables).fetchall():
                    new.execute(statement)
                new.execute("INSERT INTO alembic_version VALUES (?)", [version])
            new.commit()
    except sqlite3.Error:
        return False
    return bool(_version(path))


def _as_stored(value: Any) -> Any:
    """``value`` as SQLAlchemy hands it to SQLite."""
    return value.replace(tzinfo=None).isoformat(" ", "microseconds") if isinstance(value, datetime) else value


def _evaluated(index: Connection, event: EventLogEntry, row: Mapping[str, Any], event_id: int) -> bool:
    """Whether the one planned check that ``event`` is the result of, now has it. ``row`` is of the event."""
    found = cast("AssetCheckEvaluation", event.get_dagster_event().event_specific_data)
    status = (
        AssetCheckExecutionRecordStatus.SUCCEEDED if found.passed else AssetCheckExecutionRecordStatus.FAILED
    )
    target = found.target_materialization_data
    result = status.value, row["event"], row["timestamp"], event_id, target.storage_id if target else None
    planned = found.asset_key.to_string(), found.check_name, event.run_id, found.partition
    return index.exec_driver_sql(EVALUATED, (*result, *planned)).rowcount == 1


class _OneFile:
    """For a storage of Dagster's that keeps all in one file: its connections are those of `Engines`."""

    _conn_string: str

    def __init__(self, conn_string: str, inst_data: ConfigurableClassData | None = None) -> None:
        self._engines = Engines()
        super().__init__(conn_string, inst_data)  # type: ignore[call-arg]

    @classmethod
    def opened(cls, folder: str, name: str, needed: str) -> Any:
        """The storage in ``folder``, whose file is made if it is not there or lacks the table ``needed``."""
        address = create_db_conn_string(folder, name)
        is_made = _version(_path(address), needed)
        return cls(address) if is_made else cls.from_local(folder)  # type: ignore[attr-defined]

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
    """The events: a file for each run, and one index.

    An event, or a batch of them, is one transaction in each file, where Dagster has one for each row. So is a burst:
    what a step reports of its tables at once.
    """

    def __init__(self, base_dir: str) -> None:
        self._engines = Engines({"timeout": SQLITE_BUSY_TIMEOUT_SECONDS})
        #: The connection to each file in the transaction that is under way, and the thread it belongs to.
        self._open: dict[str, Connection] = {}
        self._owner: int | None = None
        self._is_burst = False
        #: What the index was found to have: it does not lose it again.
        self._found: set[str] = set()
        super().__init__(base_dir)
        # Held over all statements of an event.
        self._db_lock = threading.RLock()  # type: ignore[assignment]
        _call_in_forked_children(self._forget)

    def _initdb(self, engine: Engine, for_index_shard: bool = False) -> None:
        """Make the file of a run as the index is."""
        index = self.path_for_shard(INDEX_SHARD_NAME)
        if for_index_shard or not _made_like(index, str(engine.url.database)):
            super()._initdb(engine, for_index_shard)

    @contextmanager
    def _connect(self, shard: str) -> Iterator[Connection]:
        with self._db_lock:
            if self._owner not in (None, threading.get_ident()):
                self.end_burst()
            if shard in self._open:
                yield self._open[shard]
                return
            engine = self._engines.of(self.conn_string_for_shard(shard))
            if shard not in self._initialized_dbs:
                self._initdb(engine)
                self._initialized_dbs.add(shard)
            if self._owner is not None:
                self._open[shard] = connection = engine.connect()
                connection.begin()
                yield connection
                return
            with engine.begin() as connection:
                yield connection

    def store_event(self, event: EventLogEntry) -> None:
        """Store ``event`` in the file of its run and in the index. One that no burst has ends the burst."""
        with self._together(event.dagster_event_type in IN_BURSTS):
            self._store(event)

    def store_event_batch(self, events: Sequence[EventLogEntry]) -> None:
        """Store ``events``."""
        with self._together():
            for event in events:
                self._store(event)

    def _store(self, event: EventLogEntry) -> None:
        """As Dagster does, without making and compiling a statement for each row."""
        row = self._event_to_row(event)
        row["timestamp"] = row["timestamp"].isoformat(" ", "microseconds")
        with self._connect(event.run_id) as run:
            run.exec_driver_sql(INSERT, tuple(row.values()))
        kind = event.dagster_event_type
        if kind not in IN_INDEX:
            return
        with self._connect(INDEX_SHARD_NAME) as index:
            event_id = index.exec_driver_sql(INSERT, tuple(row.values())).lastrowid
            if kind in ASSET_EVENTS:
                self._store_asset_event_tags(index, [event], [event_id])
                self._store_asset_event(index, event, event_id)
            is_done = kind == DagsterEventType.ASSET_CHECK_EVALUATION and _evaluated(
                index, event, row, event_id
            )
        if kind in ASSET_CHECK_EVENTS and not is_done:
            self.store_asset_check_event(event, event_id)

    def _store_asset_event(self, conn: Connection, event: EventLogEntry, event_id: int) -> None:
        """As Dagster does, which tries to insert first an asset that nearly always is there."""
        values = self._get_asset_entry_values(
            event, event_id, self._has_asset_key_index_cols_on_connection(conn)
        )
        key = event.dagster_event and event.dagster_event.asset_key
        if key and values:
            plain = {name: _as_stored(value) for name, value in values.items()}
            update = f"UPDATE asset_keys SET {', '.join(f'{name} = ?' for name in plain)} WHERE asset_key = ?"
            if conn.exec_driver_sql(update, (*plain.values(), key.to_string())).rowcount:
                return
        super()._store_asset_event(conn, event, event_id)

    def _get_latest_materialization_records(
        self, raw_asset_rows: Iterable[Mapping[str, Any]]
    ) -> Mapping[AssetKey, EventLogRecord | None]:
        """As Dagster does, but without asking for the events of rows that have them."""
        found: dict[AssetKey, EventLogRecord | None] = {}
        others = []
        for row in raw_asset_rows:
            key = AssetKey.from_db_string(row["asset_key"])
            event = row["last_materialization"] and deserialize_value(row["last_materialization"])
            if key and isinstance(event, EventLogRecord) and not row["asset_details"]:
                found[key] = event
            else:
                # Wiped, never materialized, or written by a version of long ago.
                others.append(row)
        return {**found, **super()._get_latest_materialization_records(others)} if others else found

    def begin_burst(self) -> None:
        """From here to `end_burst` the events of this thread are one transaction.

        No other program can write meanwhile: nothing may be computed in it. It ends as soon as another thread reads or
        writes.
        """
        with self._db_lock:
            self.end_burst()
            self._owner, self._is_burst = threading.get_ident(), True

    def end_burst(self) -> None:
        """Write what is under way, if any."""
        with self._db_lock, ExitStack() as each:
            for connection in self._open.values():
                each.callback(connection.close)
                each.callback(connection.commit)
            self._open, self._owner, self._is_burst = {}, None, False

    def _forget(self) -> None:
        """In a forked child: what is under way is the parent's, and stays as it is."""
        self._db_lock = threading.RLock()  # type: ignore[assignment]
        self._of_parent = self._open
        self._open, self._owner, self._is_burst = {}, None, False

    @contextmanager
    def _together(self, may_go_on: bool = False) -> Iterator[None]:
        with self._db_lock:
            if self._owner != threading.get_ident():
                self.end_burst()
                self._owner = threading.get_ident()
            try:
                yield
            finally:
                if not (self._is_burst and may_go_on):
                    self.end_burst()

    def has_table(self, table_name: str) -> bool:
        """Whether the index has a table of that name."""
        return self._known(table_name, lambda: super(EventRecords, self).has_table(table_name))

    def has_secondary_index(self, name: str) -> bool:
        """Whether the data of the index are migrated to ``name``."""
        return self._known(f"index {name}", lambda: super(EventRecords, self).has_secondary_index(name))

    def _has_asset_key_col_on_connection(self, conn: Connection, column_name: str) -> bool:
        found = super()._has_asset_key_col_on_connection
        return self._known(f"column {column_name}", lambda: found(conn, column_name))

    def _known(self, what: str, find: Callable[[], bool]) -> bool:
        if what not in self._found and find():
            self._found.add(what)
        return what in self._found

    def wipe(self) -> None:
        """Delete every event."""
        self.end_burst()
        self._engines.close()
        self._found.clear()
        super().wipe()

    def dispose(self) -> None:
        """Stop watching, and close the files."""
        self.end_burst()
        super().dispose()
        self._engines.close()


class SqliteRecords(DagsterSqliteStorage):
    """Dagster's records in SQLite files below ``base_dir``, as of ``storage: sqlite``."""

    def __init__(self, base_dir: str, inst_data: ConfigurableClassData | None = None) -> None:
        # Not that of Dagster's class, which opens storages of its own.
        super(DagsterSqliteStorage, self).__init__()  # type: ignore[no-untyped-call]
        self.base_dir = base_dir
        self._inst_data = inst_data
        self._run_storage = RunRecords.opened(_runs_directory(base_dir), "runs", "instance_info")
        self._event_log_storage = EventRecords(_event_logs_directory(base_dir))
        self._schedule_storage = ScheduleRecords.opened(
            _schedule_directory(base_dir), "schedules", "job_ticks"
        )

    @classmethod
    def from_config_value(cls, inst_data: ConfigurableClassData, config_value: Any) -> "SqliteRecords":
        """As Dagster makes it from dagster.yaml."""
        return cls.from_local(inst_data=inst_data, **config_value)

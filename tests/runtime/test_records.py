"""Dagster's records in SQLite files that stay open: the same records, from any thread and process."""

from __future__ import annotations

import os
import re
import sqlite3
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import closing
from pathlib import Path
from threading import Timer

import dagster as dg
import pytest
import yaml
from sqlalchemy import Connection, Engine, event
from sqlalchemy.pool import Pool

from pipelines import records
from pipelines.runtime.progress import reported_at_once
from tests.fixtures.clone import REPOSITORY
from tests.fixtures.services import home


@dg.asset
def made() -> dg.MaterializeResult[None]:
    return dg.MaterializeResult(metadata={"rows": 7})


def opened(folder: Path, **changes: object) -> dg.DagsterInstance:
    return dg.DagsterInstance.from_config(str(home(folder, **changes)))  # type: ignore[arg-type]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    with opened(tmp_path) as instance:
        assert isinstance(instance.event_log_storage, records.EventRecords)
        yield instance


def seen(instance: dg.DagsterInstance) -> list[tuple[str, str, int]]:
    return sorted(
        (run.run_id, run.status.value, len(instance.all_logs(run.run_id))) for run in instance.get_runs()
    )


def made_as(file: Path) -> tuple[str, ...]:
    """The version of the tables in ``file``, and how they are made."""
    with closing(sqlite3.connect(file)) as connection:
        [(version,)] = connection.execute("SELECT version_num FROM alembic_version")
        tables = connection.execute("SELECT sql FROM sqlite_master WHERE sql IS NOT NULL ORDER BY sql")
        return version, *(statement for (statement,) in tables)


def test_storage_of_dagster_reads_the_same_runs_and_the_reverse(tmp_path: Path) -> None:
    """Would catch runs lost to whoever updates, or goes back to `storage: sqlite`."""
    stock = {"storage": {"sqlite": {"base_dir": str(tmp_path / ".dagster")}}}
    with opened(tmp_path, **stock) as before:
        assert not isinstance(before.event_log_storage, records.EventRecords)
        dg.materialize([made], instance=before)
        first = seen(before)
    with opened(tmp_path) as instance:
        assert seen(instance) == first
        dg.materialize([made], instance=instance)
        both = seen(instance)
    assert len(both) == 2
    # Nothing is left in a log beside a file: copying the folder copies the records.
    assert not list(tmp_path.rglob("*.db-wal"))
    with opened(tmp_path, **stock) as after:
        assert seen(after) == both
        assert len({made_as(file) for file in (tmp_path / ".dagster" / "history" / "runs").glob("*.db")}) == 1
        [asset] = after.get_asset_records()
        assert asset.asset_entry.last_run_id in {run_id for run_id, _, _ in both}


@dg.asset(
    check_specs=[
        dg.AssetCheckSpec("is_seven", asset="checked"),
        dg.AssetCheckSpec("is_eight", asset="checked"),
    ]
)
def checked() -> Iterator[dg.MaterializeResult[None] | dg.AssetCheckResult]:
    yield dg.MaterializeResult(metadata={"rows": 7}, data_version=dg.DataVersion("seven"))
    yield dg.AssetCheckResult(passed=True, check_name="is_seven")
    yield dg.AssetCheckResult(passed=False, check_name="is_eight")


@dg.asset(deps=[checked])
def later() -> None: ...


def as_kept(folder: Path) -> list[list[str]]:
    """The rows on assets and checks of two runs in ``folder``, without what differs from one run to the next."""
    [index] = folder.rglob("index.db")
    numbers: dict[str, int] = {}

    def told(text: str) -> str:
        moment = r"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:]{8}(\.[0-9]{6})?"
        text = re.sub(moment, lambda found: "TO A MICROSECOND" if found[1] else "TO A SECOND", text)
        text = re.sub(r"\b[0-9]{10}\.[0-9]+", "NUMBER", text)
        ids = r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}"
        return re.sub(ids, lambda found: f"ID {numbers.setdefault(found[0], len(numbers))}", text)

    with closing(sqlite3.connect(index)) as connection:
        rows = [
            row
            for table in ("asset_keys", "asset_check_executions")
            for row in connection.execute(f"SELECT * FROM {table} ORDER BY id")
        ]
    return [[told(repr(value)) for value in row] for row in rows]


def test_assets_and_checks_are_recorded_as_dagster_does(tmp_path: Path) -> None:
    """Would catch a column left out, or written in a form that Dagster cannot read, by the statements of our own."""
    kept = []
    for name, changes in (
        ("stock", {"storage": {"sqlite": {"base_dir": str(tmp_path / "stock" / "kept")}}}),
        ("own", {}),
    ):
        folder = tmp_path / name
        folder.mkdir()
        with opened(folder, **changes) as instance:
            for _ in range(2):
                assert dg.materialize([checked, later], instance=instance).success
            [record] = instance.get_asset_records([dg.AssetKey("checked")])
            latest = instance.get_latest_data_version_record(dg.AssetKey("checked"))
            assert latest
            assert record.asset_entry.last_materialization_record == latest
            instance.wipe_assets([dg.AssetKey("later")])
            assert not instance.get_asset_records([dg.AssetKey("later")])
        kept.append(as_kept(folder))
    assert kept[0] == kept[1]
    assert len(kept[0]) == 6


def test_file_that_is_half_made_is_made_by_dagster(instance: dg.DagsterInstance) -> None:
    """Would catch a run without records since a program was killed while it made their file."""
    path = instance.event_log_storage.path_for_shard("a-run")  # type: ignore[attr-defined]
    with closing(sqlite3.connect(path)) as connection:
        connection.execute("CREATE TABLE alembic_version (version_num VARCHAR(32) NOT NULL)")
    assert instance.all_logs("a-run") == []


def test_two_programs_make_the_same_file(instance: dg.DagsterInstance) -> None:
    index, other = (
        instance.event_log_storage.path_for_shard(name)  # type: ignore[attr-defined]
        for name in ("index", "a-run")
    )
    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(lambda _: records._made_like(index, other), range(16)))
    assert made_as(Path(other)) == made_as(Path(index))


def test_file_that_another_program_locks_for_a_moment_is_read(tmp_path: Path) -> None:
    """Would catch two runs that start at once, of which one reads Dagster's hundred migrations to make its file."""
    with opened(tmp_path) as instance:
        index = instance.event_log_storage.path_for_shard("index")  # type: ignore[attr-defined]
    with closing(sqlite3.connect(index, check_same_thread=False)) as other:
        other.execute("PRAGMA locking_mode=EXCLUSIVE")
        other.execute("CREATE TABLE locked (a)")
        other.execute("DROP TABLE locked")
        release = Timer(0.1, other.close)
        release.start()
        assert records._made_like(index, str(tmp_path / "a-run.db"))
        release.join()


def test_run_opens_each_file_a_few_times(instance: dg.DagsterInstance) -> None:
    """Would catch an update of Dagster that goes past what keeps files open: it opens one for every statement."""
    opens: list[object] = []

    def count(*args: object) -> None:
        opens.append(args)

    event.listen(Pool, "connect", count)
    run = dg.materialize([made], instance=instance)
    event.remove(Pool, "connect", count)
    assert len(instance.all_logs(run.run_id)) > 10
    assert 1 <= len(opens) <= 8


@dg.multi_asset(
    specs=[dg.AssetSpec(name) for name in ("one", "two", "three")],
    check_specs=[dg.AssetCheckSpec("sound", asset="one")],
)
def at_once(context):  # type: ignore[no-untyped-def] # Dagster reads the types of a step
    with reported_at_once(context.instance):
        for name in ("one", "two"):
            yield dg.MaterializeResult(asset_key=name)
        if context.run.tags.get("fails"):
            raise RuntimeError("in the middle")
        yield dg.MaterializeResult(asset_key="three")
        yield dg.AssetCheckResult(asset_key="one", check_name="sound", passed=True)


def is_free(instance: dg.DagsterInstance) -> bool:
    """Whether another program can write into the index of the events at once."""
    path = instance.event_log_storage.path_for_shard("index")  # type: ignore[attr-defined]
    with closing(sqlite3.connect(path, timeout=0)) as other:
        try:
            other.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        return True


def test_what_a_step_reports_at_once_is_one_transaction(instance: dg.DagsterInstance) -> None:
    written: list[str] = []

    def count(connection: Connection) -> None:
        written.append(Path(str(connection.engine.url)).stem)

    event.listen(Engine, "commit", count)
    run = dg.materialize([at_once], instance=instance)
    event.remove(Engine, "commit", count)
    assert len(instance.all_logs(run.run_id)) > 15
    # What is planned, what is made, and the few changes of the state of the run.
    assert written.count("index") < 12
    for name in ("one", "two", "three"):
        assert instance.get_latest_materialization_event(dg.AssetKey(name))
    key = dg.AssetCheckKey(dg.AssetKey("one"), "sound")
    [summary] = instance.event_log_storage.get_asset_check_summary_records([key]).values()
    assert summary.last_check_execution_record
    assert summary.last_check_execution_record.status.value == "SUCCEEDED"


def test_step_that_fails_keeps_what_it_reported_and_leaves_the_records_free(
    instance: dg.DagsterInstance,
) -> None:
    """Would catch figures on disk that no record shows, and a web UI that waits for a run that is over."""
    run = dg.materialize([at_once], instance=instance, tags={"fails": "yes"}, raise_on_error=False)
    made = [entry.asset_key for entry in run.all_events if entry.is_step_materialization]
    assert made == [dg.AssetKey("one"), dg.AssetKey("two")]
    kept = instance.all_logs(run.run_id, of_type=dg.DagsterEventType.ASSET_MATERIALIZATION)
    assert len(kept) == 2
    assert is_free(instance)


def test_transaction_is_over_when_another_thread_reads(instance: dg.DagsterInstance) -> None:
    """Would catch a step that holds up all others that is not told to end, or that they see half of."""
    events = instance.event_log_storage
    assert isinstance(events, records.EventRecords)
    events.begin_burst()
    instance.report_runless_asset_event(dg.AssetMaterialization("told"))
    assert not is_free(instance)
    assert instance.get_latest_materialization_event(dg.AssetKey("told")), "the same thread sees it"
    with ThreadPoolExecutor(1) as pool:
        assert pool.submit(instance.get_latest_materialization_event, dg.AssetKey("told")).result()
    assert is_free(instance)


def test_threads_and_forked_children_write_beside_each_other(instance: dg.DagsterInstance) -> None:
    asset = dg.AssetKey("told")

    def tell(_: int) -> None:
        instance.report_runless_asset_event(dg.AssetMaterialization(asset))

    with ThreadPoolExecutor(4) as pool:
        list(pool.map(tell, range(20)))
    child = os.fork()
    if child == 0:
        tell(0)
        os._exit(0)
    tell(0)
    assert os.waitpid(child, 0)[1] == 0
    assert len(instance.fetch_materializations(asset, limit=50).records) == 22


def test_deleted_file_is_made_anew(instance: dg.DagsterInstance) -> None:
    """Would catch writes into a file that nobody sees any more."""
    engines = records.Engines()
    path = Path(instance.root_directory) / "some.db"
    address = f"sqlite:///{path}"
    for _ in range(2):
        for statement in ("CREATE TABLE some (a INTEGER)", "INSERT INTO some VALUES (1)"):
            with engines.of(address).begin() as connection:
                connection.exec_driver_sql(statement)
        with closing(sqlite3.connect(path)) as other:
            assert other.execute("SELECT count(*) FROM some").fetchall() == [(1,)], "another program sees it"
        path.unlink()


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="lists open files")
def test_no_more_files_are_open_than_agreed(tmp_path: Path) -> None:
    engines, path = records.Engines(), tmp_path / "some.db"
    for number in range(records.OPEN_FILES + 1):
        with engines.of(f"sqlite:///{path.with_name(str(number))}").begin() as connection:
            connection.exec_driver_sql("CREATE TABLE some (a INTEGER)")
    held = {fd.readlink() for fd in Path("/proc/self/fd").iterdir() if fd.is_symlink()}
    assert len([file for file in held if file.parent == path.parent]) == records.OPEN_FILES
    engines.close()


def test_settings_name_the_storage() -> None:
    settings = yaml.safe_load((REPOSITORY / "dagster.yaml").read_text(encoding="utf-8"))
    named = settings["storage"]["custom"]
    assert getattr(records, named["class"]) is records.SqliteRecords
    assert named["module"] == records.__name__

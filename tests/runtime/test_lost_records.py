"""Dagster's records are not the product: what happens to them never costs a run, and is told with what helps."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from pathlib import Path

import dagster as dg
import pytest

from pipelines.runtime import lost_records
from pipelines.runtime.instance import open_instance
from pipelines.runtime.progress import reported_at_once
from sources.errors import AigapError

QUIET = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path / "data"))
    storage = {"module": "pipelines.records", "class": "SqliteRecords", "config": {"base_dir": "kept"}}
    (tmp_path / "dagster.yaml").write_text(json.dumps({"storage": {"custom": storage}}), encoding="utf-8")
    return tmp_path


def run(between: Callable[[], object] = lambda: None) -> bool:
    """A run of two steps, ``between`` which something happens."""

    @dg.op
    def first() -> int:
        between()
        return 1

    @dg.op
    def second(value: int) -> None:
        pass

    @dg.job(executor_def=dg.in_process_executor)
    def both() -> None:
        second(first())

    with open_instance() as instance:
        return both.execute_in_process(instance=instance, run_config=QUIET, raise_on_error=False).success


def the_warning(caplog: pytest.LogCaptureFixture) -> str:
    [line] = [record.getMessage() for record in caplog.records if record.name == "aigap.progress"]
    assert "\n" not in line
    return line


def test_run_goes_on_without_records_that_another_program_locks(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    """Also when they knew the job, whose description a run then does not store again."""
    assert run()
    other = sqlite3.connect(home / "kept" / "history" / "runs.db")
    assert run(lambda: other.execute("BEGIN EXCLUSIVE"))
    other.close()
    assert "is locked by another program" in the_warning(caplog)
    assert "make room" not in the_warning(caplog)
    with open_instance() as instance:
        states = [found.status for found in instance.get_runs()]
    assert states == [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.SUCCESS]


def test_run_goes_on_when_what_it_reported_at_once_cannot_be_written(
    home: Path, caplog: pytest.LogCaptureFixture
) -> None:
    @dg.multi_asset(specs=[dg.AssetSpec("one"), dg.AssetSpec("two")])
    def tables(context):  # type: ignore[no-untyped-def] # Dagster reads the types of a step
        with reported_at_once(context.instance):
            yield dg.MaterializeResult(asset_key="one")
            yield dg.MaterializeResult(asset_key="two")
            context.instance.event_log_storage._open["index"].connection.driver_connection.close()

    with open_instance() as instance:
        assert dg.materialize([tables], instance=instance, run_config=QUIET, raise_on_error=False).success
    assert "this run goes on without it" in the_warning(caplog)


@pytest.mark.parametrize(
    ("spoil", "said"),
    [
        (lambda file: file.write_bytes(b"not a database" * 100), "is damaged"),
        (lambda file: (file.unlink(), file.mkdir()), "is not writable"),
        (lambda file: (file.unlink(), file.touch(), sqlite3.connect(file).close()), None),
    ],
    ids=["damaged", "not a file", "empty"],
)
def test_run_begins_without_records_that_cannot_be_opened(
    home: Path, caplog: pytest.LogCaptureFixture, spoil: Callable[[Path], object], said: str | None
) -> None:
    assert run()
    spoil(home / "kept" / "history" / "runs.db")
    assert run()
    if said:
        assert said in the_warning(caplog)


def test_dagster_yaml_that_dagster_does_not_accept_is_an_error(home: Path) -> None:
    (home / "dagster.yaml").write_text("storage: {sqlite: {folder: kept}}", encoding="utf-8")
    with pytest.raises(AigapError, match=r"dagster\.yaml cannot be used"):
        run()


def test_each_reason_has_its_own_remedy(tmp_path: Path) -> None:
    """Errors of SQLite itself. Would catch advice about space where a program holds the file."""

    def of(act: Callable[[sqlite3.Connection], object], at: str = "records.db") -> str:
        con = sqlite3.connect(tmp_path / at, timeout=0)
        try:
            with pytest.raises(sqlite3.Error) as caught:
                act(con)
        finally:
            con.close()
        return lost_records.why(tmp_path, caught.value)

    holder = sqlite3.connect(tmp_path / "records.db")
    holder.executescript("CREATE TABLE t (x); BEGIN EXCLUSIVE")
    assert "end that program" in of(lambda con: con.execute("INSERT INTO t VALUES (1)"))
    holder.close()

    def fill(con: sqlite3.Connection) -> None:
        con.execute("PRAGMA max_page_count = 3")
        con.execute("INSERT INTO t VALUES (zeroblob(99999))")

    assert "make room there" in of(fill)
    (tmp_path / "text.db").write_text("text" * 1000, encoding="utf-8")
    assert "move its .dagster folder away" in of(lambda con: con.execute("SELECT * FROM t"), "text.db")
    read_only = f"file:{tmp_path / 'records.db'}?mode=ro"
    con = sqlite3.connect(read_only, uri=True)
    with pytest.raises(sqlite3.Error) as caught:
        con.execute("INSERT INTO t VALUES (1)")
    con.close()
    assert "let this user write there" in lost_records.why(tmp_path, caught.value)

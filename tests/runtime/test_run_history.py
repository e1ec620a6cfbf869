"""Which old runs are deleted from Dagster's records."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
import pytest

from pipelines.defs import housekeeping
from pipelines.runtime import run_history
from sources.errors import UsageError
from tests.fixtures.runs import Status, run_of


def test_housekeeping_removes_old_runs_but_the_newest_of_each_asset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.asset
    def often() -> None: ...

    @dg.asset
    def once() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"rows": 7})

    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["a", "b"]))
    def dated() -> None: ...

    failing = False

    @dg.asset
    def lately_failing() -> None:
        assert not failing

    def run(instance: dg.DagsterInstance, asset: dg.AssetsDefinition, of: str | None = None) -> str:
        return dg.materialize([asset], instance=instance, raise_on_error=False, partition_key=of).run_id

    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        old = [run(instance, once), run(instance, often), run(instance, often), run(instance, lately_failing)]
        parts = [run(instance, dated, "a"), run(instance, dated, "b")]
        failing = True
        failed = [run(instance, lately_failing), run(instance, lately_failing)]
        going_on = run_of(instance, "collect", Status.STARTED).run_id
        long_ago = (datetime.now(UTC) - timedelta(days=91)).replace(tzinfo=None)
        [records] = tmp_path.rglob("runs.db")
        with closing(sqlite3.connect(records)) as connection, connection:
            connection.execute("UPDATE runs SET update_timestamp = ?", [str(long_ago)])
        new = run(instance, often)

        done = housekeeping.housekeeping.execute_in_process(instance=instance)

        assert done.success
        left = {run.run_id for run in instance.get_runs()}
        # `once` was last made by the first, `often` by the new one; of the third the last good and the last.
        assert left == {old[0], old[3], *parts, failed[1], going_on, new, done.run_id}
        # The one that waits for a process has said nothing yet, so it has no file.
        files = {path.stem.partition(".")[0] for path in tmp_path.rglob("*.db*")}
        assert files - {"index", "runs", "schedules"} == left - {going_on}
        assert instance.get_materialized_partitions(dated.key) == {"a", "b"}
        event = instance.get_latest_materialization_event(dg.AssetKey("once"))
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.metadata["rows"].value == 7

        monkeypatch.setenv("AIGAP_KEEP_RUNS_DAYS", "some")
        with pytest.raises(UsageError, match="AIGAP_KEEP_RUNS_DAYS is 'some'; expected a whole number"):
            run_history.days_kept()

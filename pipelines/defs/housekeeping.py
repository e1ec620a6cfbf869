"""What keeps Dagster's own records small: runs older than ``AIGAP_KEEP_RUNS_DAYS`` days (default 90) go.

Ticks of schedules and sensors Dagster tidies itself (``retention`` in dagster.yaml), releases the publication,
the archive `aigap archive prune`.
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import PARTITION_NAME_TAG

from pipelines import launcher
from sources.errors import UsageError

KEEP = 90
FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def keep_days() -> int:
    chosen = os.environ.get("AIGAP_KEEP_RUNS_DAYS", str(KEEP))
    if not chosen.isdecimal():
        raise UsageError(
            f"AIGAP_KEEP_RUNS_DAYS is {chosen!r}", "a whole number of days", "no run was removed"
        )
    return int(chosen)


def oldest_kept() -> datetime:
    return datetime.now(UTC) - timedelta(days=keep_days())


def tidy(instance: dg.DagsterInstance, before: datetime) -> list[str]:
    """Delete finished runs last changed before ``before``; returns their ids.

    The run that made the newest version of an asset stays: with it the asset's metadata and freshness would go.
    So do those that made a partition: without its run, a partition that is in the archive shows as missing.
    """
    kept: set[str | None] = set()
    for record in instance.get_asset_records():
        made = record.asset_entry.last_materialization_record
        # not the same when the last run that was to make it failed
        kept |= {record.asset_entry.last_run_id, made.run_id if made else None}
    old = instance.get_runs(dg.RunsFilter(statuses=FINISHED, updated_before=before))
    kept |= {run.run_id for run in old if run.is_success and PARTITION_NAME_TAG in run.tags}
    removed = [run.run_id for run in old if run.run_id not in kept]
    for run_id in removed:
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        launcher.file_of(instance, run_id).unlink(missing_ok=True)
    _drop_files(instance)
    return removed


def _drop_files(instance: dg.DagsterInstance) -> None:
    """Remove the event files of runs that are gone: in SQLite each run has one, which Dagster empties and leaves."""
    # Here, since it loads the library of the databases: whoever loads the definitions would wait half a second more.
    from dagster._core.storage.event_log import SqliteEventLogStorage

    events = instance.event_log_storage
    if not isinstance(events, SqliteEventLogStorage):
        return
    # In this order: a run is recorded before it has a file.
    found = events.get_all_run_ids()
    for run_id in set(found) - set(instance.get_run_ids()):
        for ending in ("", "-wal", "-shm"):
            Path(events.path_for_shard(run_id) + ending).unlink(missing_ok=True)


@dg.op(
    description="Delete runs older than AIGAP_KEEP_RUNS_DAYS days, but for the newest of each asset and partition."
)
def tidy_runs(context: dg.OpExecutionContext) -> None:
    before = oldest_kept()
    removed = tidy(context.instance, before)
    context.log.info(f"{len(removed)} runs from before {before:%Y-%m-%d} removed")


@dg.job(description="Keep the run history small.", executor_def=dg.in_process_executor)
def housekeeping() -> None:
    tidy_runs()

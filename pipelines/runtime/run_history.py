"""Removal of old runs from Dagster's records: those older than ``AIGAP_KEEP_RUNS_DAYS`` days (default 90).

Dagster itself removes old ticks of schedules and sensors (``retention`` in dagster.yaml).
"""

import os
from datetime import UTC, datetime, timedelta
from pathlib import Path

import dagster as dg
from dagster._core.storage.tags import PARTITION_NAME_TAG

from pipelines.runtime import liveness
from sources.errors import UsageError

DEFAULT_DAYS = 90
FINISHED = [dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE, dg.DagsterRunStatus.CANCELED]


def days_kept() -> int:
    """``AIGAP_KEEP_RUNS_DAYS``. Raises `UsageError` when it is not a whole number."""
    days = os.environ.get("AIGAP_KEEP_RUNS_DAYS", str(DEFAULT_DAYS))
    if not days.isdecimal():
        raise UsageError(f"AIGAP_KEEP_RUNS_DAYS is {days!r}", "a whole number of days", "no run was removed")
    return int(days)


def oldest_kept() -> datetime:
    """Runs last changed before this time are deleted. Raises `UsageError` as `days_kept` does."""
    return datetime.now(UTC) - timedelta(days=days_kept())


def delete_old_runs(instance: dg.DagsterInstance, before: datetime) -> list[str]:
    """Delete finished runs last changed before ``before``; returns their ids.

    Kept are the run of each asset's newest version, which carries its metadata and freshness, and runs that made a
    partition: without its run, a partition that is in the archive shows as missing.
    """
    kept: set[str | None] = set()
    for record in instance.get_asset_records():
        newest = record.asset_entry.last_materialization_record
        # The two differ when the last run that was to make the asset failed.
        kept |= {record.asset_entry.last_run_id, newest.run_id if newest else None}
    old = instance.get_runs(dg.RunsFilter(statuses=FINISHED, updated_before=before))
    kept |= {run.run_id for run in old if run.is_success and PARTITION_NAME_TAG in run.tags}
    deleted = [run.run_id for run in old if run.run_id not in kept]
    for run_id in deleted:
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
        liveness.lock_file(instance, run_id).unlink(missing_ok=True)
    _delete_event_files(instance)
    return deleted


def _delete_event_files(instance: dg.DagsterInstance) -> None:
    """Delete the event files of deleted runs: SQLite has one file a run, which Dagster empties but leaves."""
    # Imported here since it loads SQLAlchemy, half a second that loading the definitions need not take.
    from dagster._core.storage.event_log import SqliteEventLogStorage

    events = instance.event_log_storage
    if not isinstance(events, SqliteEventLogStorage):
        return
    # In this order: a run is recorded before it has a file.
    with_file = events.get_all_run_ids()
    for run_id in set(with_file) - set(instance.get_run_ids()):
        for ending in ("", "-wal", "-shm"):
            Path(events.path_for_shard(run_id) + ending).unlink(missing_ok=True)

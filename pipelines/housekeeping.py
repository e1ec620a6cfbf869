"""What keeps Dagster's own records small: runs older than ``AIGAP_KEEP_RUNS_DAYS`` days (default 90) go.

Ticks of schedules and sensors Dagster tidies itself (``retention`` in dagster.yaml), releases the publication,
the archive `aigap archive prune`.
"""

import os
from datetime import UTC, datetime, timedelta

import dagster as dg

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


def tidy(instance: dg.DagsterInstance, before: datetime) -> list[str]:
    """Delete finished runs last changed before ``before``; returns their ids.

    The run that made the newest version of an asset stays: with it the asset's metadata and freshness would go.
    """
    kept: set[str | None] = set()
    for record in instance.get_asset_records():
        made = record.asset_entry.last_materialization_record
        # not the same when the last run that was to make it failed
        kept |= {record.asset_entry.last_run_id, made.run_id if made else None}
    old = instance.get_run_ids(dg.RunsFilter(statuses=FINISHED, updated_before=before))
    removed = [run_id for run_id in old if run_id not in kept]
    for run_id in removed:
        instance.delete_run(run_id)
        instance.compute_log_manager.delete_logs(prefix=[run_id])
    return removed


@dg.op(description="Delete runs older than AIGAP_KEEP_RUNS_DAYS days, but for the newest of each asset.")
def tidy_runs(context: dg.OpExecutionContext) -> None:
    before = datetime.now(UTC) - timedelta(days=keep_days())
    removed = tidy(context.instance, before)
    context.log.info(f"{len(removed)} runs from before {before:%Y-%m-%d} removed")


@dg.job(description="Keep the run history small.", executor_def=dg.in_process_executor)
def housekeeping() -> None:
    tidy_runs()

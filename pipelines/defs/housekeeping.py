"""The job that keeps the run history small; its schedule is in `pipelines.defs.schedules`."""

import dagster as dg

from pipelines.runtime import run_history


@dg.op(
    description="Delete runs older than AIGAP_KEEP_RUNS_DAYS days, except the newest of each asset and partition."
)
def delete_old_runs(context: dg.OpExecutionContext) -> None:
    """Delete old runs and log how many."""
    before = run_history.oldest_kept()
    deleted = run_history.delete_old_runs(context.instance, before)
    context.log.info(f"{len(deleted)} runs from before {before:%Y-%m-%d} deleted")


@dg.job(description="Keep the run history small.", executor_def=dg.in_process_executor)
def housekeeping() -> None:
    """Delete old runs."""
    delete_old_runs()

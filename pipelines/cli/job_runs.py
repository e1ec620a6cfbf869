"""Runs jobs of `pipelines.definitions` in this process, and reads from the result why one failed."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from typing import TYPE_CHECKING, Any

from pipelines.runtime import failures, notify, tell
from pipelines.runtime.causes import THE_RUN
from sources.errors import AigapError
from warehouse import release
from warehouse.db import kept_open
from warehouse.workspace import Workspace

if TYPE_CHECKING:
    import dagster as dg

#: Tags of the runs started here.
STARTED_BY, IN_FOLDER = "aigap/started_by", "aigap/data_folder"
KILLED = "its process was killed, or lost its records"


def run_job(
    job: str,
    instance: dg.DagsterInstance,
    selection: list[str] | None = None,
    config: dict[str, Any] | None = None,
    as_of: date | None = None,
) -> dg.ExecuteInProcessResult:
    """Run ``job`` and return its result, also when it failed. The caller holds the lock of the data folder.

    Raises `AigapError` for a mistake of the user's, `release.Busy` when another process took the folder, and
    KeyboardInterrupt.
    """
    import dagster as dg

    from pipelines.runtime import executors

    # These runs never use the executor configured for this machine.
    os.environ[executors.VARIABLE] = executors.IN_PROCESS
    if job == "build":
        from pipelines.defs.build_job import alone as defs
    else:
        from pipelines.definitions import defs

    run_config: dict[str, Any] = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    if config:
        run_config["ops"] = config
    if as_of:
        run_config["resources"] = {"data": {"config": {"as_of": as_of.isoformat()}}}
    workspace = Workspace.from_environment()
    tags = {STARTED_BY: "cli", IN_FOLDER: str(workspace.data)}
    close_killed_runs(instance, tags)
    try:
        with kept_open():
            result = defs.resolve_job_def(job).execute_in_process(
                instance=instance,
                raise_on_error=False,
                run_config=run_config,
                asset_selection=[dg.AssetKey(name.split("/")) for name in selection] if selection else None,
                tags=tags,
            )
    except dg.DagsterExecutionInterruptedError:
        raise KeyboardInterrupt from None
    except dg.DagsterError as error:
        cause: BaseException | None = error
        while cause is not None and not isinstance(cause, AigapError):
            cause = cause.__cause__
        if isinstance(cause, AigapError):
            raise cause from None
        raise
    # Dagster records these as failures of a step or a run, but they say nothing about the figures.
    for _, found in errors_of(result):
        if found.cls_name == release.Busy.__name__:
            raise release.Busy(workspace)
        if failures.is_interrupt(found):
            raise KeyboardInterrupt
    return result


def close_killed_runs(instance: dg.DagsterInstance, tags: dict[str, str]) -> None:
    """Mark earlier runs with these ``tags`` as failed when their process was killed; the caller must hold the lock.

    Otherwise they stay "started", and their slots in the pools of hosts stay taken.
    """
    import dagster as dg

    unfinished = [dg.DagsterRunStatus.STARTED, dg.DagsterRunStatus.STARTING, dg.DagsterRunStatus.NOT_STARTED]
    for run in instance.get_runs(dg.RunsFilter(tags=tags, statuses=unfinished)):
        instance.report_run_failed(run, KILLED)
        instance.event_log_storage.free_concurrency_slots_for_run(run.run_id)
        notify_failure(run.job_name, run.run_id, [KILLED])


def errors_of(result: dg.ExecuteInProcessResult) -> Iterator[tuple[str, Any]]:
    """Each failed step with the root cause; "the run" when it failed between two steps."""
    import dagster as dg

    failed: list[tuple[str, Any]] = [
        (event.step_key or "", event.step_failure_data.error) for event in result.get_step_failure_events()
    ]
    # The run's own error only repeats a step's, unless there is none.
    failed = failed or [
        ("the run", event.job_failure_data.error)
        for event in result.all_events
        if event.event_type == dg.DagsterEventType.RUN_FAILURE
    ]
    for where, error in failed:
        cause = failures.root_cause(error)
        if cause is not None:
            yield where, cause


def error_lines(result: dg.ExecuteInProcessResult) -> list[str]:
    """One line for each failed step."""
    return [f"{where}: {failures.first_line(error)}" for where, error in errors_of(result)]


def notify_failure(job: str, run_id: str, reasons: list[str]) -> None:
    """Send a notice of what is new in ``reasons`` if notices go anywhere; the terminal shows the failure anyway.

    The sensor that sends notices does not see runs started here.
    """
    if notify.is_configured():
        tell.failure(job, run_id, [(THE_RUN, reason) for reason in reasons])


def notify_success(job: str, run_id: str) -> None:
    """Send a notice of what is well again, and of the news of the release that the run published."""
    if notify.is_configured():
        tell.recovery(job, run_id)
        tell.news(run_id)

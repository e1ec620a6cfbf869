"""When people get notices (`pipelines.runtime.notify`): of a new cause of failure, its end, news, and each day."""

import os
from collections.abc import Iterable

import dagster as dg

from pipelines.defs.switches import SCHEDULE_STATUS, SENSOR_SECONDS, SENSOR_STATUS
from pipelines.runtime import failures, notify, tell
from pipelines.runtime.causes import THE_RUN, Causes
from warehouse.read.release_news import digest as lines_of_the_day
from warehouse.workspace import Workspace

#: The tag of the partition that a run makes.
PARTITION = "dagster/partition"


@dg.run_failure_sensor(
    name="tell_of_failure",
    minimum_interval_seconds=SENSOR_SECONDS,
    default_status=SENSOR_STATUS,
    description="Sends a notice of each new cause of failure, not of each run: to the log, by AIGAP_WEBHOOK, "
    "AIGAP_MAIL_TO or AIGAP_NOTIFIER.",
)
def notify_of_failure(context: dg.RunFailureSensorContext) -> None:
    """Send the notice of one failed run, unless all its causes are known, and of what in it is well again.

    None of a run that a later one of the same job has made good: the sensor of successes may have been first.
    """
    run = context.dagster_run
    if _is_made_good(context.instance, run):
        return
    found = causes_of(context.instance, run, context.failure_event.message)
    tell.failure(_name(run), run.run_id, _in_partition(run, found))
    tell.recovery(_name(run), run.run_id, _steps(context.instance, run))


@dg.run_status_sensor(
    run_status=dg.DagsterRunStatus.SUCCESS,
    name="tell_of_success",
    minimum_interval_seconds=SENSOR_SECONDS,
    default_status=SENSOR_STATUS,
    description="Sends a notice when what failed is well again, and when a release has news.",
)
def notify_of_success(context: dg.RunStatusSensorContext) -> None:
    """Send what one successful run gives to tell."""
    run = context.dagster_run
    tell.recovery(_name(run), run.run_id, [*_steps(context.instance, run), THE_RUN])
    tell.news(run.run_id)


def causes_of(instance: dg.DagsterInstance, run: dg.DagsterRun, default: str | None) -> list[tuple[str, str]]:
    """Why ``run`` failed, each with its step: results of checks, errors of steps, or else of the process that was to
    run it, or else ``default``."""
    found = [
        *failures.failed_checks(instance, run),
        *(
            (step, f"{step}: {reason or failures.first_line(error)}")
            for step, error, reason in failures.step_failures(instance, run)
            if not failures.is_check_count(error)
        ),
    ]
    found = found or [(THE_RUN, failures.first_line(error)) for error in failures.run_errors(instance, run)]
    return list(dict.fromkeys(found)) or ([(THE_RUN, default)] if default else [])


def _name(run: dg.DagsterRun) -> str:
    """The job of ``run``, or what it is when somebody has chosen its assets."""
    return "materialization by hand" if run.job_name.startswith("__") else run.job_name


def _is_made_good(instance: dg.DagsterInstance, run: dg.DagsterRun) -> bool:
    """Whether a run of the same job has succeeded since ``run`` began, of the same assets or of all."""
    record = instance.get_run_record_by_id(run.run_id)
    if record is None or run.job_name.startswith("__") or PARTITION in run.tags:
        return False
    later = dg.RunsFilter(
        job_name=run.job_name, statuses=[dg.DagsterRunStatus.SUCCESS], created_after=record.create_timestamp
    )
    return any(good.asset_selection in (None, run.asset_selection) for good in instance.get_runs(later))


def _steps(instance: dg.DagsterInstance, run: dg.DagsterRun) -> list[str]:
    """The steps of ``run`` that succeeded, by the names that its causes have."""
    done = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_SUCCESS).records
    steps = [record.event_log_entry.step_key or THE_RUN for record in done]
    return [step for step, _ in _in_partition(run, [(step, "") for step in steps])]


def _in_partition(run: dg.DagsterRun, found: Iterable[tuple[str, str]]) -> list[tuple[str, str]]:
    """``found`` with the partition in the names of the steps: another one that succeeds says nothing of it."""
    partition = run.tags.get(PARTITION)
    return [(f"{step}[{partition}]" if partition and step else step, line) for step, line in found]


@dg.op(description="Send the state of the day: what is published, what to do, what is left out, what fails.")
def tell_the_day(context: dg.OpExecutionContext) -> None:
    """Send the digest."""
    workspace = Workspace.from_environment()
    failing = [f"failing: {cause.job}: {cause.told()}" for cause in Causes(workspace).open()]
    lines = (*lines_of_the_day(workspace), *failing)
    context.log.info("\n".join(lines))
    notify.send(notify.Notice("digest", context.run_id, lines, tell.published(workspace), kind=notify.DIGEST))


@dg.job(description="Send a notice of the state of the day.", executor_def=dg.in_process_executor)
def digest() -> None:
    """Tell the day."""
    tell_the_day()


digest_daily = dg.ScheduleDefinition(
    job=digest,
    name="digest_daily",
    cron_schedule=os.environ.get("AIGAP_CRON_DIGEST", "27 6 * * *"),
    execution_timezone="UTC",
    default_status=SCHEDULE_STATUS,
)

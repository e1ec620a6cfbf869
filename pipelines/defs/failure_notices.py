"""The sensor that sends a notice of each failed run (`pipelines.runtime.notify`)."""

import dagster as dg

from pipelines.defs.switches import SENSOR_SECONDS, SENSOR_STATUS
from pipelines.runtime import failures, notify
from warehouse import release
from warehouse.workspace import Workspace


@dg.run_failure_sensor(
    name="tell_of_failure",
    minimum_interval_seconds=SENSOR_SECONDS,
    default_status=SENSOR_STATUS,
    description="Sends a notice of each failed run: to the log, AIGAP_WEBHOOK or AIGAP_NOTIFIER.",
)
def notify_of_failure(context: dg.RunFailureSensorContext) -> None:
    """Send the notice of one failed run."""
    notify.send(notice_of(context.instance, context.dagster_run, context.failure_event.message))


def notice_of(instance: dg.DagsterInstance, run: dg.DagsterRun, default: str | None) -> notify.Notice:
    """The notice of a failed run. Its reasons: results of checks, errors of steps, or else ``default``."""
    reasons = [
        *failures.failed_checks(instance, run),
        *(
            f"{step}: {failures.first_line(error)}"
            for step, error in failures.step_errors(instance, run)
            if not failures.is_check_count(error)
        ),
    ]
    if not reasons and default:
        reasons = [default]
    published = release.current(Workspace.from_environment())
    return notify.Notice(run.job_name, run.run_id, tuple(reasons), published.name if published else None)

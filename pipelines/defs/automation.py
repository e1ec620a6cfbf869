"""What happens on its own: collect on schedules, build when collect brought new bytes, tell when a run fails.

Everything is off until a person turns it on in the web UI, or ``AIGAP_AUTOMATION=on`` does: a clone must not
begin to ask other people's servers. Nothing here catches up more than once: a schedule without partitions starts
one run for all the ticks it missed, and the sensor looks at what is there.
"""

import os
from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.defs import housekeeping, jobs, reader_assets
from pipelines.defs.source_assets import DAILY, MONTHLY, WEEKLY, how_often, live_sources, source_key
from pipelines.runtime import failures, notify
from sources.errors import UsageError
from warehouse import release
from warehouse.builder.inputs import release_hash
from warehouse.workspace import Workspace

SWITCH = "AIGAP_AUTOMATION"
PAGES = "AIGAP_PAGES"


def is_on(switch: str) -> bool:
    return os.environ.get(switch, "").casefold() in ("on", "1", "true", "yes")


IS_ON = is_on(SWITCH)
SCHEDULES = dg.DefaultScheduleStatus.RUNNING if IS_ON else dg.DefaultScheduleStatus.STOPPED
SENSORS = dg.DefaultSensorStatus.RUNNING if IS_ON else dg.DefaultSensorStatus.STOPPED

#: UTC, at minutes of no importance: on the full hour everybody asks. ``AIGAP_CRON_DAILY`` and so on change them.
CRON = {DAILY: "17 5 * * *", WEEKLY: "37 5 * * 1", MONTHLY: "57 5 2 * *"}


def seconds_between_looks() -> int:
    """How long a sensor waits before it looks again: ``AIGAP_SENSOR_SECONDS``, else a minute."""
    chosen = os.environ.get("AIGAP_SENSOR_SECONDS") or "60"
    if not chosen.isdecimal() or int(chosen) == 0:
        raise UsageError(
            f"AIGAP_SENSOR_SECONDS is {chosen!r}", "a whole number of seconds", "nothing was started"
        )
    return int(chosen)


LOOK = seconds_between_looks()

#: Tags that say of what a run is.
INPUTS, SHOWN = "aigap/input_hash", "aigap/shown"
IN_PROGRESS = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
#: How many runs of the same may die without a verdict before a person must look.
ATTEMPTS = 3


def collect_schedule(often: str) -> dg.ScheduleDefinition:
    asked = [source_key(source) for source in live_sources if how_often(source) == often]

    @dg.schedule(
        job=jobs.collect,
        name=f"collect_{often}",
        cron_schedule=os.environ.get(f"AIGAP_CRON_{often.upper()}", CRON[often]),
        execution_timezone="UTC",
        default_status=SCHEDULES,
        description=f"Fetch {len(asked)} sources {often}: {', '.join(key.path[-1] for key in asked)}.",
    )
    def tick(context: dg.ScheduleEvaluationContext) -> dg.RunRequest:
        return dg.RunRequest(asset_selection=asked, tags={"aigap/often": often})

    return tick


schedules: list[dg.ScheduleDefinition] = [
    *(collect_schedule(often) for often in (DAILY, WEEKLY, MONTHLY)),
    dg.ScheduleDefinition(
        job=housekeeping.housekeeping,
        name="housekeeping_weekly",
        cron_schedule="7 4 * * 0",
        execution_timezone="UTC",
        default_status=SCHEDULES,
    ),
]


@dg.sensor(
    job=jobs.build,
    minimum_interval_seconds=LOOK,
    default_status=SENSORS,
    description="Starts a build when the archive holds bytes that no release was built from, once collect is done.",
)
def build_on_new_bytes(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    workspace = Workspace.from_environment()
    input_hash = release_hash(workspace)
    done = release.existing(workspace, input_hash)
    if done is not None:
        why = "rolled back by a person" if done.rolled_back else "published"
        return dg.SkipReason(f"nothing new: {done.name} is built from exactly these inputs and {why}")
    return _is_at_work(context.instance, jobs.collect.name) or _attempt(
        context.instance, jobs.build.name, INPUTS, input_hash
    )


@dg.sensor(
    job=reader_assets.present,
    minimum_interval_seconds=LOOK,
    # Half a minute of work and 150 MB a release: where nobody reads them, they are left out.
    default_status=SENSORS if is_on(PAGES) else dg.DefaultSensorStatus.STOPPED,
    description="Writes the export and the pages anew when the link has moved to another release.",
)
def present_what_is_published(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    workspace = Workspace.from_environment()
    now = release.current(workspace)
    if now is None:
        return dg.SkipReason("nothing is published")
    # The link's own time: a rollback shows a release that was shown before.
    shown = f"{now.name}/{workspace.link.lstat().st_mtime_ns}"
    of_it = dg.RunsFilter(
        job_name=reader_assets.present.name, statuses=[dg.DagsterRunStatus.SUCCESS], tags={SHOWN: shown}
    )
    if context.instance.get_runs_count(of_it):
        return dg.SkipReason(f"nothing new: {now.name} is presented")
    return _attempt(context.instance, reader_assets.present.name, SHOWN, shown)


def _is_at_work(instance: dg.DagsterInstance, job: str) -> dg.SkipReason | None:
    busy = instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=IN_PROGRESS))
    return dg.SkipReason(f"{job} is at work") if busy else None


def _attempt(instance: dg.DagsterInstance, job: str, tag: str, value: str) -> dg.RunRequest | dg.SkipReason:
    """Ask for a run of ``job`` on what ``tag`` and ``value`` name, again if the last one died without a verdict.

    Dagster starts one run a key, however that ends: each attempt has a key of its own.
    """
    if at_work := _is_at_work(instance, job):
        return at_work
    earlier = instance.get_runs(dg.RunsFilter(job_name=job, tags={tag: value}), limit=ATTEMPTS)
    what = "these inputs" if tag == INPUTS else "this release"
    verdict = _verdict(instance, earlier[0]) if earlier else None
    if verdict:
        return dg.SkipReason(
            f"run {earlier[0].run_id} of exactly {what} was {verdict}; "
            f"waits for something new, or for a person to start {job}"
        )
    if len(earlier) >= ATTEMPTS:
        return dg.SkipReason(f"{ATTEMPTS} runs of exactly {what} died; a person should look")
    return dg.RunRequest(run_key=f"{value}/{len(earlier)}", tags={tag: value})


def _verdict(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str | None:
    """By whom a run was ended, if by somebody whose word counts.

    One whose process was killed said nothing, and one that was told to leave (the machine goes down, a new
    version comes) said nothing of its inputs: both may try again.
    """
    if run.status == dg.DagsterRunStatus.CANCELED:
        return "cancelled by a person"
    told = [error for _, error in _step_errors(instance, run) if not failures.is_interrupt(error)]
    return "stopped by a step or a check" if told else None


def _step_errors(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[tuple[str, Any]]:
    """Each step of a run that failed, with the error it failed with."""
    records = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE).records
    for record in records:
        event = record.event_log_entry.dagster_event
        error = failures.root(event.step_failure_data.error) if event else None
        if event and error:
            yield event.step_key or "", error


def _failed_checks(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[str]:
    """What each check that stopped a run has to say."""
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    for record in instance.get_records_for_run(run.run_id, of_type=kind).records:
        event = record.event_log_entry.dagster_event
        found = event.asset_check_evaluation_data if event else None
        if found and found.blocking and not found.passed:
            yield found.description or found.check_name


@dg.run_failure_sensor(
    name="tell_of_failure",
    minimum_interval_seconds=LOOK,
    default_status=SENSORS,
    description="Tells the notifier of each run that failed: the log, AIGAP_WEBHOOK or AIGAP_NOTIFIER.",
)
def tell_of_failure(context: dg.RunFailureSensorContext) -> None:
    notify.tell(notice_of(context.instance, context.dagster_run, context.failure_event.message))


def notice_of(instance: dg.DagsterInstance, run: dg.DagsterRun, otherwise: str | None) -> notify.Notice:
    """What to say of a failed run: what checks found, why steps failed, or else what Dagster itself says."""
    reasons = [
        *_failed_checks(instance, run),
        *(
            f"{step}: {failures.line(error)}"
            for step, error in _step_errors(instance, run)
            if not failures.is_of_checks(error)
        ),
    ]
    now = release.current(Workspace.from_environment())
    told = tuple(reasons) or ((otherwise,) if otherwise else ())
    return notify.Notice(run.job_name, run.run_id, told, now.name if now else None)

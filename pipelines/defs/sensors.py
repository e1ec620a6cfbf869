"""Sensors that start a build when there are new inputs, and the pages when another release is published."""

import dagster as dg

from pipelines.defs import reader_assets
from pipelines.defs.build_job import build
from pipelines.defs.collect_job import collect
from pipelines.defs.switches import PAGES, SENSOR_SECONDS, SENSOR_STATUS
from pipelines.runtime import failures
from warehouse import release
from warehouse.builder.inputs import release_hash
from warehouse.switches import excluded, is_on
from warehouse.workspace import Workspace

#: Tags naming a run's inputs.
INPUTS, PRESENTED = "aigap/input_hash", "aigap/shown"
IN_PROGRESS = [
    dg.DagsterRunStatus.QUEUED,
    dg.DagsterRunStatus.NOT_STARTED,
    dg.DagsterRunStatus.STARTING,
    dg.DagsterRunStatus.STARTED,
    dg.DagsterRunStatus.CANCELING,
]
#: How many runs with the same inputs may die before a person must look.
MAX_ATTEMPTS = 3


@dg.sensor(
    job=build,
    minimum_interval_seconds=SENSOR_SECONDS,
    default_status=SENSOR_STATUS,
    description="Starts a build when the archive has bytes that no release was built from, once collect is done.",
)
def build_on_new_bytes(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request a build unless the present inputs have a release."""
    workspace = Workspace.from_environment()
    input_hash = release_hash(workspace, excluded=excluded())
    existing = release.existing(workspace, input_hash)
    if existing is not None:
        state = "rolled back by a person" if existing.rolled_back else "published"
        return dg.SkipReason(f"nothing new: {existing.name} is built from exactly these inputs and {state}")
    return _skip_while_running(context.instance, collect.name) or _request_run(
        context.instance, build.name, INPUTS, input_hash
    )


@dg.sensor(
    job=reader_assets.present,
    minimum_interval_seconds=SENSOR_SECONDS,
    # Half a minute of work and 150 MB for each release, which not every site wants.
    default_status=SENSOR_STATUS if is_on(PAGES) else dg.DefaultSensorStatus.STOPPED,
    description="Writes the export and the pages again when the link points to another release.",
)
def present_what_is_published(context: dg.SensorEvaluationContext) -> dg.RunRequest | dg.SkipReason:
    """Request the export and the pages unless those of the published release are written."""
    workspace = Workspace.from_environment()
    published = release.current(workspace)
    if published is None:
        return dg.SkipReason("nothing is published")
    # With the link's own time: a rollback publishes a release that was presented before.
    presented = f"{published.name}/{workspace.link.lstat().st_mtime_ns}"
    done = dg.RunsFilter(
        job_name=reader_assets.present.name,
        statuses=[dg.DagsterRunStatus.SUCCESS],
        tags={PRESENTED: presented},
    )
    if context.instance.get_runs_count(done):
        return dg.SkipReason(f"nothing new: {published.name} is presented")
    return _request_run(context.instance, reader_assets.present.name, PRESENTED, presented)


def _skip_while_running(instance: dg.DagsterInstance, job: str) -> dg.SkipReason | None:
    running = instance.get_runs_count(dg.RunsFilter(job_name=job, statuses=IN_PROGRESS))
    return dg.SkipReason(f"{job} is running") if running else None


def _request_run(
    instance: dg.DagsterInstance, job: str, tag: str, value: str
) -> dg.RunRequest | dg.SkipReason:
    """Request a run of ``job`` on the inputs that ``tag`` names, again if the last one died without a verdict.

    Dagster starts one run for each key, however it ends: so each attempt has its own.
    """
    if skip := _skip_while_running(instance, job):
        return skip
    earlier = instance.get_runs(dg.RunsFilter(job_name=job, tags={tag: value}), limit=MAX_ATTEMPTS)
    inputs = "these inputs" if tag == INPUTS else "this release"
    verdict = _verdict(instance, earlier[0]) if earlier else None
    if verdict:
        return dg.SkipReason(
            f"run {earlier[0].run_id} of exactly {inputs} was {verdict}; "
            f"waits for something new, or for a person to start {job}"
        )
    if len(earlier) >= MAX_ATTEMPTS:
        return dg.SkipReason(f"{MAX_ATTEMPTS} runs of exactly {inputs} died; a person should look")
    return dg.RunRequest(run_key=f"{value}/{len(earlier)}", tags={tag: value})


def _verdict(instance: dg.DagsterInstance, run: dg.DagsterRun) -> str | None:
    """What ended a run, if trying again would not help.

    A run whose process was killed or interrupted (a shutdown, a new version) says nothing about its inputs.
    """
    if run.status == dg.DagsterRunStatus.CANCELED:
        return "cancelled by a person"
    if any(not failures.is_interrupt(error) for _, error in failures.step_errors(instance, run)):
        return "stopped by a step or a check"
    return None

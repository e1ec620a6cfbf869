"""When the sensors start a build or the pages, and what they say when they do not."""

from __future__ import annotations

import dagster as dg
import pytest

from pipelines.defs import sensors
from tests.fixtures.runs import Status, new_bytes, publish, run_of, run_with
from warehouse import release
from warehouse.workspace import Workspace

PAGES = sensors.present_what_is_published


def evaluate(
    instance: dg.DagsterInstance, sensor: dg.SensorDefinition = sensors.build_on_new_bytes
) -> dg.RunRequest | str:
    """What the sensor asks for, or why it asks for nothing."""
    result = sensor(dg.build_sensor_context(instance=instance))
    if isinstance(result, dg.RunRequest):
        return result
    assert isinstance(result, dg.SkipReason)
    return str(result.skip_message)


def test_no_new_inputs_start_no_build(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    result = evaluate(instance)
    assert isinstance(result, str)
    assert result.startswith("nothing new: aigap-")


def test_new_bytes_start_one_build_of_exactly_these(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    input_hash = new_bytes(workspace)
    result = evaluate(instance)
    assert isinstance(result, dg.RunRequest)
    assert result.tags[sensors.INPUTS] == input_hash
    assert result.run_key == f"{input_hash}/0"
    # A daemon that asks twice before the run is there asks for the same run.
    again = evaluate(instance)
    assert isinstance(again, dg.RunRequest)
    assert again.run_key == result.run_key


def test_rolled_back_release_is_not_built_again(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    first = release.current(workspace)
    assert first is not None
    new_bytes(workspace)
    publish(workspace)
    release.rollback(workspace, first.name)
    result = evaluate(instance)
    assert isinstance(result, str)
    assert "rolled back by a person" in result


@pytest.mark.parametrize("job", ["collect", "build"])
@pytest.mark.parametrize("status", [Status.NOT_STARTED, Status.STARTING, Status.STARTED, Status.CANCELING])
def test_sensor_waits_for_a_running_job(
    workspace: Workspace, instance: dg.DagsterInstance, job: str, status: Status
) -> None:
    new_bytes(workspace)
    run_of(instance, job, status)
    assert evaluate(instance) == f"{job} is running"


def test_inputs_stopped_by_a_step_or_check_are_not_tried_again(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    stopped = run_with(instance, new_bytes(workspace), ValueError("an unknown model near the top"))
    result = evaluate(instance)
    assert isinstance(result, str)
    assert result.startswith(f"run {stopped} of exactly these inputs was stopped by a step or a check")
    # Other inputs are another matter.
    other = new_bytes(workspace, "2")
    again = evaluate(instance)
    assert isinstance(again, dg.RunRequest)
    assert again.tags[sensors.INPUTS] == other


def test_cancelled_build_is_not_started_again(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    run_of(instance, "build", Status.CANCELED, new_bytes(workspace))
    result = evaluate(instance)
    assert isinstance(result, str)
    assert "cancelled by a person" in result


@pytest.mark.parametrize(
    "error",
    [None, dg.DagsterExecutionInterruptedError(), RuntimeError("INTERRUPT Error: Query interrupted")],
    ids=["killed", "asked to stop", "asked to stop during a query"],
)
def test_build_that_died_is_tried_again_three_times_at_most(
    workspace: Workspace, instance: dg.DagsterInstance, error: BaseException | None
) -> None:
    input_hash = new_bytes(workspace)
    for number in range(sensors.MAX_ATTEMPTS):
        result = evaluate(instance)
        assert isinstance(result, dg.RunRequest), number
        # Another key, or Dagster would take it for the run it has started already.
        assert result.run_key == f"{input_hash}/{number}"
        if error is None:
            instance.report_run_failed(run_of(instance, "build", Status.STARTED, input_hash))
        else:
            run_with(instance, input_hash, error)
    assert evaluate(instance) == "3 runs of exactly these inputs died; a person should look"


def presentation(instance: dg.DagsterInstance, status: Status, asked: dg.RunRequest | str) -> dg.DagsterRun:
    """The record of the run that was asked for."""
    assert isinstance(asked, dg.RunRequest)
    run_id = dg._core.utils.make_new_run_id()
    return instance.add_run(dg.DagsterRun("present", run_id=run_id, status=status, tags=asked.tags))


def test_pages_that_died_are_written_again_three_times_at_most(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    keys = set()
    for _ in range(sensors.MAX_ATTEMPTS):
        asked = evaluate(instance, PAGES)
        assert isinstance(asked, dg.RunRequest)
        keys.add(asked.run_key)
        run = presentation(instance, Status.STARTED, asked)
        assert evaluate(instance, PAGES) == "present is running"
        instance.report_run_failed(run)
    assert len(keys) == sensors.MAX_ATTEMPTS
    assert evaluate(instance, PAGES) == "3 runs of exactly this release died; a person should look"
    # Another release is another matter.
    publish(workspace)
    assert isinstance(evaluate(instance, PAGES), dg.RunRequest)


def test_pages_are_written_once_for_each_move_of_the_link(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    first = release.current(workspace)
    assert first is not None
    presentation(instance, Status.SUCCESS, evaluate(instance, PAGES))
    assert evaluate(instance, PAGES) == f"nothing new: {first.name} is presented"
    new_bytes(workspace)
    publish(workspace)
    presentation(instance, Status.SUCCESS, evaluate(instance, PAGES))
    release.rollback(workspace, first.name)
    assert isinstance(evaluate(instance, PAGES), dg.RunRequest)

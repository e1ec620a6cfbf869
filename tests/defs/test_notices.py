"""What people are told: why, once for each cause, and when it is well again."""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from typing import Any

import dagster as dg
from dagster._core.events import EngineEventData
from dagster._utils.error import serializable_error_info_from_exc_info

from pipelines.defs import notices
from pipelines.runtime import tell
from pipelines.runtime.causes import FORGOTTEN_AFTER, Causes
from sources.errors import UsageError
from tests.fixtures.runs import Status, run_of, run_with
from tests.fixtures.web import Web
from warehouse import release
from warehouse.workspace import Workspace


def told(hook: Web) -> list[tuple[str, str, list[str]]]:
    """Kind, job and reasons of each notice."""
    found = [json.loads(body) for _, body in hook.posted]
    return [(notice["kind"], notice["job"], notice["reasons"]) for notice in found]


def failed(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """The sensor looks at a run that failed."""
    event = dg.DagsterEvent(
        dg.DagsterEventType.RUN_FAILURE.value, run.job_name, message="Steps failed", event_specific_data=None
    )
    notices.notify_of_failure(
        dg.build_run_status_sensor_context("tell_of_failure", event, instance, run).for_run_failure()
    )


def succeeded(instance: dg.DagsterInstance, run: dg.DagsterRun) -> None:
    """The sensor looks at a run that succeeded."""
    event = dg.DagsterEvent(dg.DagsterEventType.RUN_SUCCESS.value, run.job_name)
    notices.notify_of_success(dg.build_run_status_sensor_context("tell_of_success", event, instance, run))


def run_by(instance: dg.DagsterInstance, run_id: str) -> dg.DagsterRun:
    run = instance.get_run_by_id(run_id)
    assert run is not None
    return run


def test_causes_are_errors_of_steps_or_else_what_the_run_says(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    run = run_by(instance, run_with(instance, "x", UsageError("no line", "one")))
    assert notices.causes_of(instance, run, "Steps failed") == [
        ("step", "step: sources.errors.UsageError: no line; expected one")
    ]
    silent = run_of(instance, "build", Status.FAILURE)
    assert notices.causes_of(instance, silent, "Its process ended") == [("", "Its process ended")]


def test_code_that_does_not_load_is_the_cause(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    """Would catch a notice that only says that the run was marked as failed."""
    run = run_of(instance, "build", Status.STARTING)
    try:
        raise ImportError("No module named 'nothing'")
    except ImportError:
        error = serializable_error_info_from_exc_info(sys.exc_info())
    instance.report_engine_event("Could not load", run, EngineEventData.engine_error(error))
    instance.report_run_failed(run)
    [(step, line)] = notices.causes_of(instance, run, "marked as failed from outside")
    assert (step, line) == ("", "ImportError: No module named 'nothing'")


def test_the_cause_is_what_the_check_found_that_stopped_the_run(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    @dg.asset(
        check_specs=[
            dg.AssetCheckSpec("near_top", asset="scores", blocking=True),
            dg.AssetCheckSpec("stale", asset="scores"),
        ]
    )
    def scores() -> Iterator[Any]:
        yield dg.Output(None)
        yield dg.AssetCheckResult(check_name="near_top", passed=False, description="unknown model zeta-1")
        yield dg.AssetCheckResult(check_name="stale", passed=False, description="only a warning")

    done = dg.materialize([scores], instance=instance, raise_on_error=False)
    assert not done.success
    assert notices.causes_of(instance, done.dagster_run, None) == [("scores", "unknown model zeta-1")]


def test_one_notice_for_a_cause_and_one_when_it_is_well_again(
    workspace: Workspace, instance: dg.DagsterInstance, hook: Web
) -> None:
    """Would catch a night of the same alert every minute, and an alert that nobody ever calls off."""
    now = release.current(workspace)
    assert now is not None
    for attempt in range(3):
        # The times and ids in a line are others each time.
        error = RuntimeError(f"upstream gave {attempt} rows in run 0123456789abcde{attempt}")
        failed(instance, run_by(instance, run_with(instance, "x", error)))
    line = "step: RuntimeError: upstream gave 0 rows in run 0123456789abcde0"
    assert told(hook) == [("failure", "build", [line])]
    assert json.loads(hook.posted[0][1])["published"] == now.name

    failed(instance, run_by(instance, run_with(instance, "x", ValueError("something else"))))
    assert told(hook)[1:] == [("failure", "build", ["step: ValueError: something else"])]

    succeeded(instance, run_of(instance, "collect", Status.SUCCESS))
    assert len(hook.posted) == 2
    # A run that fails elsewhere has succeeded in this step.
    tell.recovery("build", "a-run", ["step", ""])
    [(kind, job, reasons)] = told(hook)[2:]
    assert (kind, job, len(reasons)) == ("recovery", "build", 2)
    assert reasons[0].startswith(f"{line} (since 20")
    assert reasons[0].endswith(", 3 times)")
    tell.recovery("build", "a-run", ["step", ""])
    assert len(hook.posted) == 3


def test_a_failure_made_good_before_anybody_looked_is_not_told(
    workspace: Workspace, instance: dg.DagsterInstance, hook: Web
) -> None:
    """Would catch an alert after it was called off, which stays open: the sensor of successes was first."""
    runs = [run_by(instance, run_with(instance, "x", RuntimeError("half a deployment"))) for _ in range(2)]
    failed(instance, runs[0])
    of_one_source = dg.DagsterRun(
        job_name="build",
        run_id="b" * 32,
        status=Status.SUCCESS,
        asset_selection=frozenset({dg.AssetKey("x")}),
    )
    instance.add_run(of_one_source)
    assert not notices._is_made_good(instance, runs[1])
    succeeded(instance, run_of(instance, "build", Status.SUCCESS))
    failed(instance, runs[1])
    assert told(hook) == [("failure", "build", ["step: RuntimeError: half a deployment"])]


def test_a_partition_that_succeeds_does_not_call_off_another(
    workspace: Workspace, instance: dg.DagsterInstance, hook: Web
) -> None:
    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["one", "two"]))
    def dated(context):  # type: ignore[no-untyped-def]  # Dagster reads no quoted annotation
        if context.partition_key == "one":
            raise ValueError("gone")

    for key in ("one", "two"):
        done = dg.materialize([dated], partition_key=key, instance=instance, raise_on_error=False)
        (succeeded if done.success else failed)(instance, done.dagster_run)
    assert told(hook) == [("failure", "materialization by hand", ["dated: ValueError: gone"])]


def test_a_cause_that_never_comes_again_is_forgotten(workspace: Workspace) -> None:
    """Would catch a digest that lists a partition of years ago for ever."""
    causes, now = Causes(workspace), datetime.now(UTC)
    assert causes.add("collect", [("a", "old")], now - FORGOTTEN_AFTER - timedelta(days=1)) == ["old"]
    assert causes.add("collect", [("b", "new")], now) == ["new"]
    assert [cause.line for cause in causes.open()] == ["new"]
    (workspace.data / ".alerts.json").write_text("{", encoding="utf-8")
    assert causes.open() == []

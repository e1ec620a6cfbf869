"""What a notice of a failed run says."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.defs import failure_notices
from sources.errors import UsageError
from tests.fixtures.runs import Status, run_of, run_with
from warehouse import release
from warehouse.workspace import Workspace


def test_notice_says_why_each_step_failed_and_what_stays_published(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    run_id = run_with(instance, "x", UsageError("two lines\nof it", "one"))
    run = instance.get_run_by_id(run_id)
    assert run is not None
    now = release.current(workspace)
    assert now is not None
    result = failure_notices.notice_of(instance, run, "Steps failed")
    assert result.reasons == ("step: sources.errors.UsageError: two lines",)
    assert result.published == now.name
    silent = run_of(instance, "build", Status.FAILURE)
    assert failure_notices.notice_of(instance, silent, "Its process ended").reasons == ("Its process ended",)


def test_notice_says_what_the_check_found_that_stopped_the_run(
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
    result = failure_notices.notice_of(instance, done.dagster_run, "Steps failed")
    assert result.reasons == ("unknown model zeta-1",)

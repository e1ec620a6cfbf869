"""The choice of an executor, and the locks that every run holds."""

from collections.abc import Iterator
from pathlib import Path

import dagster as dg
import pytest

from pipelines.runtime import executors, liveness
from sources.errors import UsageError
from warehouse import release
from warehouse.workspace import Workspace


@pytest.mark.parametrize(
    ("value", "message"),
    [
        ("celery", "AIGAP_EXECUTOR is 'celery'; expected one of in_process, multiprocess"),
        ("dask", "AIGAP_DASK_SCHEDULER is not set; expected tcp://HOST:PORT"),
    ],
)
def test_wrong_choice_of_an_executor_is_reported_in_one_line(
    monkeypatch: pytest.MonkeyPatch, value: str, message: str
) -> None:
    monkeypatch.delenv("AIGAP_DASK_SCHEDULER", raising=False)
    monkeypatch.setenv("AIGAP_EXECUTOR", value)
    with pytest.raises(UsageError) as refused:
        executors.executor()
    assert refused.value.line().startswith(message)
    assert "\n" not in refused.value.line()


def is_locked(workspace: Workspace) -> bool:
    try:
        with release.exclusive(workspace):
            return False
    except release.Busy:
        return True


@dg.op
def core() -> None:
    """A step that works on the candidate."""
    assert is_locked(Workspace.from_environment())


@dg.op
def sources__sample(context: dg.OpExecutionContext) -> None:
    """A step that fetches."""
    assert liveness.lock_file(context.instance, context.run_id).is_file()
    assert not is_locked(Workspace.from_environment())


@dg.op
def sources__of_a_build() -> None:
    """A step that fetches, in one run with one that does not."""


@dg.job(executor_def=executors.with_locks(dg.in_process_executor))
def building() -> None:
    sources__of_a_build()
    core()


@dg.job(executor_def=executors.with_locks(dg.in_process_executor))
def fetching() -> None:
    sources__sample()


@pytest.fixture
def records(tmp_path: Path) -> Iterator[dg.DagsterInstance]:
    silent = {"telemetry": {"enabled": False}}
    with dg.DagsterInstance.local_temp(str(tmp_path), overrides=silent) as instance:
        yield instance


def test_build_holds_the_data_folder_from_its_first_step_to_its_last(
    workspace: Workspace, records: dg.DagsterInstance
) -> None:
    """Would catch a build under the daemon that another one, or `aigap refresh`, works into."""
    dg.execute_job(dg.reconstructable(building), records, raise_on_error=True)
    assert not is_locked(workspace)


def test_build_of_a_held_folder_fails_before_its_first_step(
    workspace: Workspace, records: dg.DagsterInstance
) -> None:
    with release.exclusive(workspace), pytest.raises(release.Busy):
        dg.execute_job(dg.reconstructable(building), records, raise_on_error=True)
    [run] = records.get_runs()
    assert run.status == dg.DagsterRunStatus.FAILURE
    assert not records.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_START).records


def test_fetching_leaves_the_data_folder_free_and_holds_its_liveness_lock(
    workspace: Workspace, records: dg.DagsterInstance
) -> None:
    dg.execute_job(dg.reconstructable(fetching), records, raise_on_error=True)
    assert not list(Path(records.root_directory).glob("alive/*/*"))

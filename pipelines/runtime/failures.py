"""Why a run failed: root causes below the errors that Dagster wraps around them, and results of checks.

Imports Dagster only inside functions: `aigap refresh` with nothing to do must not load it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import dagster as dg


def root_cause(error: Any) -> Any:
    """The innermost cause of a serialized error; None for None."""
    while error is not None and error.cause is not None:
        error = error.cause
    return error


def first_line(error: Any) -> str:
    """The first line of its message, without Dagster's class name."""
    return (
        str(error.message).strip().splitlines()[0].removeprefix("dagster._core.definitions.events.Failure: ")
    )


def reason_in(data: Any) -> str:
    """What a step that gave up itself says of the reason, as a source does; empty for any other failure."""
    failure = data.user_failure_data
    reason = failure.metadata.get("reason") if failure else None
    return str(reason.value) if reason else ""


def is_interrupt(error: Any) -> bool:
    """Whether the process was interrupted, which says nothing about the inputs. DuckDB has its own message."""
    return error.cls_name == "DagsterExecutionInterruptedError" or "Query interrupted" in error.message


def is_check_count(error: Any) -> bool:
    """Whether the error only counts failed checks, whose own results say more."""
    return bool(error.cls_name == "DagsterAssetCheckFailedError")


def step_errors(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[tuple[str, Any]]:
    """Each failed step of a recorded run with the root cause of its error."""
    for step, error, _ in step_failures(instance, run):
        yield step, error


def step_failures(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[tuple[str, Any, str]]:
    """Each failed step of a recorded run, with the root cause of its error and the reason it gave itself."""
    import dagster as dg

    records = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE).records
    for record in records:
        event = record.event_log_entry.dagster_event
        error = root_cause(event.step_failure_data.error) if event else None
        if event and error:
            yield event.step_key or "", error, reason_in(event.step_failure_data)


def stops(evaluation: dg.AssetCheckEvaluation) -> bool:
    """Whether a check stopped its run: a blocking one that found no more than a warning did not."""
    import dagster as dg

    is_error = evaluation.severity == dg.AssetCheckSeverity.ERROR
    return bool(evaluation.blocking and not evaluation.passed and is_error)


def run_errors(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[Any]:
    """The root causes of errors of a recorded run outside its steps, as of a process that could not load the code."""
    import dagster as dg

    kinds = {dg.DagsterEventType.ENGINE_EVENT, dg.DagsterEventType.RUN_FAILURE}
    for record in instance.get_records_for_run(run.run_id, of_type=kinds).records:
        event = record.event_log_entry.dagster_event
        data = event.event_specific_data if event else None
        error = root_cause(getattr(data, "error", None))
        if error:
            yield error


def failed_checks(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[tuple[str, str]]:
    """The step and the message of each check that stopped a recorded run."""
    import dagster as dg

    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    for record in instance.get_records_for_run(run.run_id, of_type=kind).records:
        event = record.event_log_entry.dagster_event
        check = event.asset_check_evaluation_data if event else None
        if event and check and stops(check):
            yield event.step_key or "", check.description or check.check_name

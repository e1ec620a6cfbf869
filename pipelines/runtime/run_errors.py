"""Reads from Dagster's records why a run failed."""

from collections.abc import Iterator
from typing import Any

import dagster as dg

from pipelines.runtime import failures


def step_errors(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[tuple[str, Any]]:
    """Each failed step of a run with the root cause of its error."""
    records = instance.get_records_for_run(run.run_id, of_type=dg.DagsterEventType.STEP_FAILURE).records
    for record in records:
        event = record.event_log_entry.dagster_event
        error = failures.root_cause(event.step_failure_data.error) if event else None
        if event and error:
            yield event.step_key or "", error


def failed_checks(instance: dg.DagsterInstance, run: dg.DagsterRun) -> Iterator[str]:
    """The message of each check that stopped a run."""
    kind = dg.DagsterEventType.ASSET_CHECK_EVALUATION
    for record in instance.get_records_for_run(run.run_id, of_type=kind).records:
        event = record.event_log_entry.dagster_event
        check = event.asset_check_evaluation_data if event else None
        if check and check.blocking and not check.passed:
            yield check.description or check.check_name

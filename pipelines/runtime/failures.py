"""Why a step failed, below what Dagster wrapped around it. Needs no Dagster: its errors are read by their fields."""

from typing import Any


def root(error: Any) -> Any:
    """The error that the others only pass on; None for None."""
    while error is not None and error.cause is not None:
        error = error.cause
    return error


def line(error: Any) -> str:
    """Its first line, as people read it."""
    return (
        str(error.message).strip().splitlines()[0].removeprefix("dagster._core.definitions.events.Failure: ")
    )


def is_interrupt(error: Any) -> bool:
    """Was the process told to leave? That is no verdict on what it was doing. DuckDB says it in its own words."""
    return error.cls_name == "DagsterExecutionInterruptedError" or "Query interrupted" in error.message


def is_of_checks(error: Any) -> bool:
    """Does it only count the checks that failed? What they found, they say themselves."""
    return bool(error.cls_name == "DagsterAssetCheckFailedError")

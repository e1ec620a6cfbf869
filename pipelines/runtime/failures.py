"""The reason a step failed, below the errors that Dagster wraps around it.

Reads Dagster's errors by their fields, so that it need not import Dagster.
"""

from typing import Any


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


def is_interrupt(error: Any) -> bool:
    """Whether the process was asked to stop, which says nothing about the inputs. DuckDB has its own message."""
    return error.cls_name == "DagsterExecutionInterruptedError" or "Query interrupted" in error.message


def is_check_count(error: Any) -> bool:
    """Whether the error only counts failed checks, whose own results say more."""
    return bool(error.cls_name == "DagsterAssetCheckFailedError")

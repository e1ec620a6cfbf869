"""Says which extra brings a package that is not installed."""

from collections.abc import Iterator
from contextlib import contextmanager

from sources.errors import UsageError


@contextmanager
def needing(extra: str, package: str = "") -> Iterator[None]:
    """Imports in this block need ``extra``, or a ``package`` that no extra brings.

    Raises `UsageError` when one of them is missing.
    """
    try:
        yield
    except ModuleNotFoundError as error:
        raise missing(error.name or extra, extra, package) from None


def missing(module: str, extra: str, package: str = "") -> UsageError:
    """The error for a ``module`` that cannot be imported."""
    return UsageError(
        f"{module} is not installed",
        f"the package {package}" if package else f"the extra {extra}",
        f"pip install '{package or f'aigap[{extra}]'}'",
    )

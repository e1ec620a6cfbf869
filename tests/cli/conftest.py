"""One small published release for all tests of the command line, and records of runs."""

from __future__ import annotations

import pytest

from tests.fixtures.clone import Clone, Refreshed, first_release
from tests.fixtures.runs import hook, instance, workspace

__all__ = ["hook", "instance", "workspace"]


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    return first_release(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="session")
def here(first: Refreshed) -> Clone:
    """The clone whose refresh made `first`."""
    return first.here

"""Fixtures of the records of runs."""

from tests.fixtures.runs import hook, instance, workspace

__all__ = ["hook", "instance", "workspace"]

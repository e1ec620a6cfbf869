"""The resource of all assets: the data folder and the build staged in it."""

from datetime import date
from typing import Protocol

import dagster as dg

from warehouse import switches
from warehouse.builder import steps
from warehouse.builder.steps import Staged
from warehouse.workspace import Workspace

OWNERS = ["team:aigap"]


class _InRun(Protocol):
    @property
    def run(self) -> dg.DagsterRun: ...


class DataFolder(dg.ConfigurableResource):  # type: ignore[type-arg]
    """The folder of ``AIGAP_DATA_DIR``.

    A build uses the inputs that are there when it begins; the archive may grow meanwhile. The lock of the folder is
    held by the process that orchestrates a run, not by its steps (`pipelines.runtime.executors`, `aigap refresh`).
    """

    #: Build what could have been built at the end of this day (2025-06-30).
    as_of: str | None = None

    def workspace(self) -> Workspace:
        """The workspace of the environment."""
        return Workspace.from_environment()

    def begin(self, context: _InRun) -> Staged:
        """Record the inputs: the first step of a build."""
        day = date.fromisoformat(self.as_of) if self.as_of else None
        return steps.stage(
            self.workspace(), run_id=context.run.run_id, as_of=day, excluded=switches.excluded()
        )

    def staged(self, context: _InRun) -> Staged:
        """The staged build of this run, or of the run that this one resumes."""
        run = context.run
        runs = (run.run_id, run.root_run_id, run.parent_run_id)
        return steps.staged(self.workspace(), [name for name in runs if name])

"""The resource of all assets: the data folder and the build staged in it."""

from collections.abc import Collection
from contextlib import suppress
from datetime import date
from typing import Protocol

import dagster as dg

from sources.errors import UsageError
from warehouse import switches
from warehouse.builder import parts, steps
from warehouse.builder.inputs import code_hash
from warehouse.builder.steps import Staged
from warehouse.workspace import ROOT, Workspace

OWNERS = ["team:aigap"]

#: Versions of the assets: of what reads a body, and of what makes a release.
PARSERS = code_hash(ROOT / "sources")[:12]
CODE = code_hash(ROOT / "sources", ROOT / "warehouse")[:12]


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
        """The staged build of this run, or of the run that this one resumes. Raises `UsageError` if there is none."""
        run = context.run
        runs = (run.run_id, run.root_run_id, run.parent_run_id)
        return steps.staged(self.workspace(), [name for name in runs if name])

    def staged_or_begun(self, context: _InRun) -> Staged:
        """The build of this run, which begins here if `begin` was not called in it."""
        with suppress(UsageError):
            return self.staged(context)
        return self.begin(context)

    def place(self, context: _InRun, names: Collection[str]) -> Staged:
        """Where the tables ``names`` are made: in the build of this run, or as `warehouse.builder.parts` says."""
        with suppress(UsageError):
            staged = self.staged(context)
            if not parts.missing(staged, names):
                return staged
        return parts.for_tables(self.workspace(), names)

    def whole(self, context: _InRun) -> Staged:
        """The build of this run, or the one that earlier runs made. Raises `UsageError` if there is none."""
        with suppress(UsageError):
            return self.staged(context)
        if candidate := parts.begun(self.workspace()):
            return candidate
        raise UsageError(
            "no candidate is staged that is of the inputs and the code of now",
            "one that archive has begun and every table is made in (a copy of a release is never published)",
            "run the job build",
        )

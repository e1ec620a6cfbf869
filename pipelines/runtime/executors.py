"""Where the steps of a run are executed: in this process, or on an existing engine.

``AIGAP_EXECUTOR`` chooses: ``in_process`` (the default, and fastest on one machine), ``multiprocess``, ``dask``
(the scheduler at ``AIGAP_DASK_SCHEDULER``) or ``k8s``. The assets are the same.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import dagster as dg

from pipelines.runtime import liveness
from pipelines.runtime.extras import needing
from sources.errors import UsageError
from warehouse import release
from warehouse.workspace import Workspace

VARIABLE, SCHEDULER = "AIGAP_EXECUTOR", "AIGAP_DASK_SCHEDULER"
IN_PROCESS = "in_process"
NAMES = (IN_PROCESS, "multiprocess", "dask", "k8s")
#: Beginnings of the names of steps that do not touch the candidate: fetching, and writing for readers.
WITHOUT_CANDIDATE = ("sources__", "dated__", "export", "site")


def executor_name() -> str:
    """``AIGAP_EXECUTOR``. Raises `UsageError` when it is none of `NAMES`."""
    name = os.environ.get(VARIABLE) or IN_PROCESS
    if name not in NAMES:
        raise UsageError(f"{VARIABLE} is {name!r}", "one of " + ", ".join(NAMES), "nothing was started")
    return name


def executor() -> dg.ExecutorDefinition:
    """The executor of the environment, with locks. Raises `UsageError` for a wrong or incomplete choice."""
    name = executor_name()
    if name == "dask":
        address = os.environ.get(SCHEDULER)
        if not address:
            raise UsageError(f"{SCHEDULER} is not set", "tcp://HOST:PORT of the scheduler", "set it")
        with needing("dask"):
            from pipelines.runtime.dask_executor import dask_executor

        return with_locks(dask_executor).configured({"address": address}, name="dask")
    if name == "k8s":
        # Not among the locked packages: see docs/distributed.md.
        with needing("k8s", "dagster-k8s>=0.29.27,<0.30"):
            from dagster_k8s import k8s_job_executor  # type: ignore[import-not-found]

        return with_locks(k8s_job_executor)
    if name == "multiprocess":
        return with_locks(dg.multiprocess_executor)
    return with_locks(dg.in_process_executor)


def with_locks(inner: dg.ExecutorDefinition) -> dg.ExecutorDefinition:
    """``inner``, but each run holds its liveness lock, and a build the lock of the data folder, to its end."""
    create = inner.executor_creation_fn
    assert create is not None

    def create_locking(context: dg.InitExecutorContext) -> dg.Executor:
        engine = create(context)
        engine_class: Any = type(engine)

        class Locking(engine_class):  # type: ignore[misc]
            def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
                keys = execution_plan.step_keys_to_execute
                is_build = not all(key.startswith(WITHOUT_CANDIDATE) for key in keys)
                with (
                    liveness.hold_lock(plan_context.instance, plan_context.run_id),
                    release.exclusive(Workspace.from_environment()) if is_build else nullcontext(),
                ):
                    yield from super().execute(plan_context, execution_plan)

        # Dagster checks the class of some executors, so this must be a subclass and not a wrapper.
        engine.__class__ = Locking
        return engine

    needs = [] if inner is dg.in_process_executor else dg.multiple_process_executor_requirements()
    return dg.ExecutorDefinition(
        inner.name,
        config_schema=inner.config_schema,  # type: ignore[arg-type]
        requirements=needs,
        executor_creation_fn=create_locking,
    )

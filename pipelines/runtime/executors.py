"""Where the steps of a run are executed: in this process, or on an engine that is there already.

``AIGAP_EXECUTOR`` chooses: ``in_process`` (the default, and on one machine the fastest), ``multiprocess``,
``dask`` (the scheduler at ``AIGAP_DASK_SCHEDULER``) or ``k8s``. The assets are the same. ``AIGAP_PARTS`` says
into how many steps the heavy parts of a build are split for the engine to spread.
"""

import os
from collections.abc import Iterator
from contextlib import nullcontext
from typing import Any

import dagster as dg

from pipelines import launcher
from sources.errors import UsageError
from warehouse import release
from warehouse.workspace import Workspace

VARIABLE, SCHEDULER, PARTS = "AIGAP_EXECUTOR", "AIGAP_DASK_SCHEDULER", "AIGAP_PARTS"
IN_PROCESS = "in_process"
NAMES = (IN_PROCESS, "multiprocess", "dask", "k8s")
#: Steps that fetch write to the archive side by side, and those for readers read what is published; every other
#: one works on the candidate.
BESIDE = ("sources__", "dated__", "export", "site")


def chosen() -> str:
    name = os.environ.get(VARIABLE) or IN_PROCESS
    if name not in NAMES:
        raise UsageError(f"{VARIABLE} is {name!r}", "one of " + ", ".join(NAMES), "nothing was started")
    return name


def parts() -> int:
    """Into how many portions heavy work is split: ``AIGAP_PARTS``, else 1 in one process and 4 on an engine."""
    text = os.environ.get(PARTS) or ("1" if chosen() == IN_PROCESS else "4")
    if not text.isdecimal() or not 1 <= int(text) <= 256:
        raise UsageError(f"{PARTS} is {text!r}", "a whole number from 1 to 256", "nothing was started")
    return int(text)


def executor() -> dg.ExecutorDefinition:
    """The chosen executor. A run that works on the candidate holds the data folder while it lasts, and every run
    what shows that it lives."""
    name = chosen()
    if name == "dask":
        address = os.environ.get(SCHEDULER)
        if not address:
            raise UsageError(f"{SCHEDULER} is not set", "tcp://HOST:PORT of the scheduler", "set it")
        from pipelines.runtime.dask_executor import dask_executor

        return _holding(dask_executor).configured({"address": address}, name="dask")
    if name == "k8s":
        # not among the locked packages: see docs/distributed.md
        from dagster_k8s import k8s_job_executor  # type: ignore[import-not-found]

        return _holding(k8s_job_executor)
    if name == "multiprocess":
        return _holding(dg.multiprocess_executor)
    return _holding(dg.in_process_executor)


def _holding(inner: dg.ExecutorDefinition) -> dg.ExecutorDefinition:
    create = inner.executor_creation_fn
    assert create is not None

    def made(context: dg.InitExecutorContext) -> dg.Executor:
        engine = create(context)
        kind: Any = type(engine)

        class Holding(kind):  # type: ignore[misc]
            def execute(self, plan_context: Any, execution_plan: Any) -> Iterator[dg.DagsterEvent]:
                keys = execution_plan.step_keys_to_execute
                builds = not all(key.startswith(BESIDE) for key in keys)
                with (
                    launcher.alive(plan_context.instance, plan_context.run_id),
                    release.exclusive(Workspace.from_environment()) if builds else nullcontext(),
                ):
                    yield from super().execute(plan_context, execution_plan)

        # An engine checks that it is itself: a subclass is, a wrapper would not be.
        engine.__class__ = Holding
        return engine

    needs = [] if inner is dg.in_process_executor else dg.multiple_process_executor_requirements()
    return dg.ExecutorDefinition(
        inner.name,
        config_schema=inner.config_schema,  # type: ignore[arg-type]
        requirements=needs,
        executor_creation_fn=made,
    )

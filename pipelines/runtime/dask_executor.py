"""Runs the steps of a run on an existing Dask cluster, one task a step.

Dagster's own `StepDelegatingExecutor` decides what runs next (order, pools, failures, interrupts) and reads what
happened from the run's event log; this module only hands a step to Dask. dagster-dask is not used: its executor
submits the whole graph at once, runs the steps after a failed one and ignores pools.
"""

import os
import socket
from collections.abc import Iterator
from typing import Any

import dagster as dg
from dagster._cli.api import execute_step_command
from dagster._core.execution.retries import RetryMode
from dagster._core.executor.step_delegating import (
    CheckStepHealthResult,
    StepDelegatingExecutor,
    StepHandler,
    StepHandlerContext,
)
from distributed import Client, Future, get_worker

from sources.errors import UsageError

# Seconds: Dagster's own 1 and 20 suit pods, not tasks.
EVENT_INTERVAL, HEALTH_INTERVAL = 0.3, 1


@dg.executor(
    name="dask",
    config_schema={"address": dg.StringSource},
    requirements=dg.multiple_process_executor_requirements(),
)
def dask_executor(context: dg.InitExecutorContext) -> dg.Executor:
    """Connects to the scheduler at ``address``. Raises `UsageError` when none answers there."""
    address = str(context.executor_config["address"])
    try:
        client = Client(address, set_as_default=False)
    except (OSError, ValueError) as error:
        reason = str(error).splitlines()[0]
        raise UsageError(
            f"no Dask scheduler at {address} ({reason})", "tcp://HOST:PORT", "start it: dask scheduler"
        ) from None
    return StepDelegatingExecutor(
        DaskStepHandler(client),
        RetryMode.DISABLED,
        sleep_seconds=EVENT_INTERVAL,
        check_step_health_interval_seconds=HEALTH_INTERVAL,
        # Steps beyond the number of threads wait here, for whichever worker is free first.
        max_concurrent=sum(client.nthreads().values()) or None,
    )


class DaskStepHandler(StepHandler):
    """Submits, watches and cancels steps.

    Dask runs a step again on another worker when its worker dies, as often as the scheduler's setting
    ``distributed.scheduler.allowed-failures`` says.
    """

    def __init__(self, client: Client) -> None:
        super().__init__()
        self._client = client
        self._futures: dict[str, Future[Any]] = {}

    @property
    def name(self) -> str:
        return "dask"

    def launch_step(self, step_handler_context: StepHandlerContext) -> Iterator[dg.DagsterEvent]:
        step, args = _step_of(step_handler_context), step_handler_context.execute_step_args
        # The run's id makes the key unique: for a key it knows, the cluster returns the old result.
        key = f"{step_handler_context.dagster_run.job_name}.{step}-{args.run_id}"
        future = self._client.submit(execute_step, dg.serialize_value(args), key=key)
        self._futures[step] = future
        future.add_done_callback(lambda done: self._forget(step, done))
        yield from ()

    def _forget(self, step: str, future: "Future[Any]") -> None:
        # Dask computes a result again when the worker that holds it dies: so a finished step is released.
        if future.status == "finished":
            del self._futures[step]

    def check_step_health(self, step_handler_context: StepHandlerContext) -> CheckStepHealthResult:
        future = self._futures.get(_step_of(step_handler_context))
        if future is None or future.status in ("pending", "finished"):
            return CheckStepHealthResult.healthy()
        reason = str(future.exception()) if future.status == "error" else f"the scheduler {future.status} it"
        return CheckStepHealthResult.unhealthy(reason)

    def terminate_step(self, step_handler_context: StepHandlerContext) -> Iterator[dg.DagsterEvent]:
        # A step that has begun on a worker ends there by itself, in the run's own staging folder.
        if future := self._futures.get(_step_of(step_handler_context)):
            future.cancel()
        yield from ()


def _step_of(context: StepHandlerContext) -> str:
    [step] = context.execute_step_args.step_keys_to_execute or []
    return step


def execute_step(serialized_args: str) -> None:
    """On a worker: execute one step, after an event that names the worker."""
    args: Any = dg.deserialize_value(serialized_args)
    [step] = args.step_keys_to_execute
    worker = get_worker()
    place = f"{worker.name} ({worker.address}, {socket.gethostname()}/{os.getpid()})"
    with dg.DagsterInstance.from_ref(args.instance_ref) as instance:
        run = instance.get_run_by_id(args.run_id)
        instance.report_engine_event(f"{step} runs on {place}", run, step_key=step)
    execute_step_command.main([serialized_args], standalone_mode=False)

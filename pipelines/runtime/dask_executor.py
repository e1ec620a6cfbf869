"""The steps of a run on a Dask cluster that is there already, one task a step.

Workers, resources and the doing of a step on a worker are dagster-dask's. Its own executor hands Dask the whole
graph at once, and a build cannot live with what follows from that: the steps after a failed one run all the same;
tasks are named by job and step, so that a run may be given what another left; results stay on their workers to the
end, so that with a worker its finished steps are lost and done again, under the feet of those that came after;
pools are not kept. Here, as in Dagster's other executors, a step is handed out when what it needs is done, and its
result is taken away at once.
"""

import os
import pickle
import socket
from collections.abc import Iterator, Sequence
from functools import partial
from queue import Empty, SimpleQueue
from typing import Any

import dagster as dg
from dagster._core.events import EngineEventData
from dagster._core.execution.context.system import IPlanContext, PlanOrchestrationContext
from dagster._core.execution.plan.active import ActiveExecution
from dagster._core.execution.plan.instance_concurrency_context import InstanceConcurrencyContext
from dagster._core.execution.plan.plan import ExecutionPlan
from dagster._core.execution.plan.step import ExecutionStep
from dagster._core.execution.retries import RetryMode
from dagster_dask.executor import get_dask_resource_requirements, query_on_dask_worker
from dagster_shared.error import SerializableErrorInfo
from distributed import Client, Future, get_worker
from distributed.scheduler import KilledWorker

from sources.errors import AigapError, UsageError

#: Seconds between two looks at what is no result: an interrupt, a place in a pool that came free.
LOOK = 0.5


@dg.executor(
    name="dask",
    config_schema={"address": dg.StringSource},
    requirements=dg.multiple_process_executor_requirements(),
)
def dask_executor(context: dg.InitExecutorContext) -> dg.Executor:
    return StepwiseDask(str(context.executor_config["address"]))


def _said(context: IPlanContext, words: str) -> dg.DagsterEvent:
    return dg.DagsterEvent.engine_event(context, words, EngineEventData())


def _do(*step: Any) -> bytes:
    """On a worker: do one step. Which worker this is, and what happened; packed, for Dask looks into what is not."""
    worker = get_worker()
    place = f"{worker.name} ({worker.address}, {socket.gethostname()}/{os.getpid()})"
    return pickle.dumps((place, query_on_dask_worker([], *step)))


class StepwiseDask(dg.Executor):
    """Runs the steps on the workers of the scheduler at ``address``.

    A step whose worker dies is begun again on another, as often as the scheduler allows (its setting
    ``distributed.scheduler.allowed-failures``).
    """

    def __init__(self, address: str) -> None:
        self.address = address

    @property
    def retries(self) -> RetryMode:
        return RetryMode.DISABLED

    def execute(
        self, plan_context: PlanOrchestrationContext, execution_plan: ExecutionPlan
    ) -> Iterator[dg.DagsterEvent]:
        running: dict[object, tuple[ExecutionStep, Future[Any]]] = {}
        ended: SimpleQueue[Future[Any]] = SimpleQueue()
        with (
            self._client() as client,
            InstanceConcurrencyContext(plan_context.instance, plan_context.dagster_run) as pools,
            ActiveExecution(execution_plan, self.retries, instance_concurrency_context=pools) as active,
        ):
            workers = len(client.nthreads())
            words = f"{workers} Dask workers at {self.address}" + ("" if workers else "; steps wait for one")
            yield _said(plan_context, words)
            while not active.is_complete:
                if active.check_for_interrupts():
                    active.mark_interrupted()
                    client.cancel([future for _, future in running.values()])
                    raise dg.DagsterExecutionInterruptedError(
                        "a step that a worker is at ends there by itself"
                    )
                # One for each thread: what waits, waits here, for whichever worker is free first.
                places = max(1, sum(client.nthreads().values()))
                for step in active.get_steps_to_execute(limit=max(0, places - len(running))):
                    future = self._hand_out(client, plan_context, active, step)
                    running[future.key] = step, future
                    future.add_done_callback(ended.put)
                yield from active.concurrency_event_iterator(plan_context)
                try:
                    step, future = running.pop(ended.get(timeout=LOOK).key)
                except Empty:
                    continue
                for event in self._answer(plan_context, active, step, future):
                    yield event
                    active.handle_event(event)
                active.verify_complete(plan_context, step.key)
                yield from active.plan_events_iterator(plan_context)

    def _client(self) -> Client:
        try:
            return Client(self.address, set_as_default=False)
        except (OSError, ValueError) as error:
            reason = str(error).splitlines()[0]
            raise UsageError(
                f"no Dask scheduler at {self.address} ({reason})",
                "tcp://HOST:PORT",
                "start it: dask scheduler",
            ) from None

    @staticmethod
    def _hand_out(
        client: Client, plan_context: PlanOrchestrationContext, active: ActiveExecution, step: ExecutionStep
    ) -> Future[Any]:
        # As one whole: among arguments Dask looks for futures, and some of Dagster's records forbid to look into them.
        work = partial(
            _do,
            plan_context.reconstructable_job,
            plan_context.dagster_run,
            plan_context.run_config,
            [step.key],
            plan_context.instance.get_ref(),
            active.get_known_state(),
        )
        return client.submit(
            work,
            # One of its own in every run: the cluster answers a key it knows with what it has.
            key=f"{plan_context.job_name}.{step.key}-{plan_context.run_id}",
            resources=get_dask_resource_requirements(step.tags),
        )

    def _answer(
        self,
        plan_context: PlanOrchestrationContext,
        active: ActiveExecution,
        step: ExecutionStep,
        future: Future[Any],
    ) -> Sequence[dg.DagsterEvent]:
        """What happened in ``step``, as its worker noted it; one failure if no worker could say."""
        context = plan_context.for_step(step)
        if future.status == "finished":
            place, events = pickle.loads(future.result())
            return [_said(context, f"{step.key} was done by {place}"), *events]
        error = future.exception() if future.status == "error" else None
        if isinstance(error, KilledWorker):
            error = AigapError(
                f"every worker that was at {step.key} died, the last was {error.last_worker.address}",
                "a worker that lasts",
                "see the workers' logs: is there too little memory?",
            )
        elif error is None:
            error = AigapError(f"the scheduler at {self.address} lost {step.key} ({future.status})")
        info = SerializableErrorInfo(f"{error}\n", [], type(error).__name__)
        return [self.log_failure_or_retry_event_after_error(context, info, active.get_known_state())]

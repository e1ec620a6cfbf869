"""The run launcher that dagster.yaml names."""

import dagster as dg
from dagster._core.launcher import CheckRunHealthResult, DefaultRunLauncher, WorkerStatus

from pipelines.runtime import liveness


class WatchfulLauncher(DefaultRunLauncher):
    """Dagster's default launcher, which also finds runs that died together with their code server.

    The code server is their parent and reports a run that dies; when both die, as with the machine, nothing does.
    So the daemon checks every started run with this launcher (``run_monitoring``).
    """

    @property
    def supports_check_run_worker_health(self) -> bool:
        """True, so that the daemon checks runs."""
        return True

    def check_run_worker_health(self, run: dg.DagsterRun) -> CheckRunHealthResult:
        """Failed if no process holds the liveness lock of ``run``."""
        dead = liveness.is_dead(self._instance, run.run_id)
        return CheckRunHealthResult(WorkerStatus.FAILED if dead else WorkerStatus.RUNNING)

"""A run that died with its code server is found by the lock its process held."""

from __future__ import annotations

import importlib
import subprocess
import sys
from pathlib import Path

import dagster as dg
import pytest
import yaml
from dagster._core.launcher import WorkerStatus

from pipelines import launcher
from pipelines.runtime import liveness
from tests.fixtures.runs import Status, run_of

REPOSITORY = Path(__file__).resolve().parents[2]

#: A process that holds a run's lock until it is killed.
LIVING = """
import sys, dagster as dg
from pipelines.runtime import liveness
with dg.DagsterInstance.local_temp(sys.argv[1]) as instance, liveness.hold_lock(instance, sys.argv[2]):
    print("alive", flush=True)
    sys.stdin.read()
"""


def test_run_whose_process_was_killed_is_dead(tmp_path: Path) -> None:
    """Would catch a run that died with its code server and holds up the others for hours."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        watchful = launcher.WatchfulLauncher()
        watchful.register_instance(instance)
        run = run_of(instance, "build", Status.STARTED)

        def health() -> WorkerStatus:
            return watchful.check_run_worker_health(run).status

        # Of one that never said so, as on another machine, nothing is known.
        assert health() == WorkerStatus.RUNNING
        elsewhere = tmp_path / "alive" / "another machine" / run.run_id
        elsewhere.parent.mkdir(parents=True)
        elsewhere.touch()
        assert health() == WorkerStatus.RUNNING
        with liveness.hold_lock(instance, run.run_id):
            assert health() == WorkerStatus.RUNNING
        assert health() == WorkerStatus.RUNNING
        with subprocess.Popen(
            [sys.executable, "-c", LIVING, str(tmp_path), run.run_id],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
        ) as process:
            assert process.stdout is not None
            assert process.stdout.readline() == b"alive\n"
            assert health() == WorkerStatus.RUNNING
            process.kill()
            process.wait()
        assert health() == WorkerStatus.FAILED


def test_run_that_ends_while_it_is_examined_is_not_dead(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a run called dead because its file was opened just before its end."""
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        path = liveness.lock_file(instance, "a run")
        path.parent.mkdir(parents=True)
        path.touch()
        assert liveness.is_dead(instance, "a run")
        # The moment at which the run ends cannot be met otherwise.
        monkeypatch.setattr(liveness.fcntl, "flock", lambda file, how: path.unlink())
        assert not liveness.is_dead(instance, "a run")


def test_run_continues_when_its_lock_cannot_be_taken(tmp_path: Path) -> None:
    """Would catch every run of a cluster failing, whose pods may not write to Dagster's own folder."""
    (tmp_path / "alive").write_text("in the way", encoding="utf-8")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance, liveness.hold_lock(instance, "a-run"):
        assert not liveness.is_dead(instance, "a-run")


@pytest.mark.parametrize("name", ["dagster.yaml", "dagster.postgres.yaml"])
def test_settings_name_the_launcher_that_finds_dead_runs(name: str) -> None:
    settings = yaml.safe_load((REPOSITORY / name).read_text(encoding="utf-8"))
    named = settings["run_launcher"]
    assert getattr(importlib.import_module(named["module"]), named["class"]) is launcher.WatchfulLauncher
    assert settings["run_monitoring"]["enabled"]

"""Dagster as its users meet it: a table by itself, the build in pieces, the services of `make dev`."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from tests.fixtures.clone import Clone, Refreshed, first_release, published_name, rows_of
from tests.fixtures.services import BIN, free_port, wait_until

pytestmark = pytest.mark.system

#: Materializes one selection after another, each in a run of its own, and prints what each run said.
RUNS = """
import json, sys
import dagster as dg
from pipelines.definitions import defs
from pipelines.defs import build_assets
from sources.errors import AigapError

job = defs.resolve_implicit_global_asset_job_def()
quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
ops = {"core": build_assets.core.keys, "marts": build_assets.marts.keys}
said = []
with dg.DagsterInstance.ephemeral() as instance:
    for name in sys.argv[1:]:
        keys = list(ops.get(name, [dg.AssetKey(name.split("/"))]))
        done = job.execute_in_process(
            asset_selection=keys, instance=instance, raise_on_error=False, run_config=quiet
        )
        why = [event.step_failure_data.error for event in done.get_step_failure_events()]
        while why and why[0].cause:
            why[0] = why[0].cause
        said.append({
            "success": done.success,
            "why": why[0].message.strip() if why else "",
            "made": {
                event.asset_key.to_user_string(): {
                    key: str(value.value) for key, value in event.materialization.metadata.items()
                }
                for event in done.all_events if event.is_step_materialization
            },
            "checks": sorted(
                [one.asset_key.to_user_string(), one.check_name] for one in done.get_asset_check_evaluations()
            ),
        })
print(json.dumps(said))
"""


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    return first_release(tmp_path_factory.getbasetemp())


def materialized(here: Clone, data: Path, *names: str) -> list[dict[str, Any]]:
    done = subprocess.run(
        [sys.executable, "-c", RUNS, *names],
        cwd=here.root,
        env=here.environment(data),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-3000:]
    said: list[dict[str, Any]] = json.loads(done.stdout)
    return said


def test_a_table_made_alone_says_from_what_and_readers_see_none_of_it(
    first: Refreshed, tmp_path: Path
) -> None:
    """Would catch a button of the web UI that fails, or that changes what is published."""
    data = first.copy(tmp_path / "data")
    mart, core, refused = materialized(first.here, data, "main/monthly_gap", "core/scores", "release")
    [(rows,)] = rows_of(data, "SELECT count(*) FROM monthly_gap")[1]
    said = mart["made"]["main/monthly_gap"]
    assert mart["success"], mart
    assert set(mart["made"]) == {"main/monthly_gap"}
    assert (said["dagster/row_count"], said["rows_before"]) == (str(rows), str(rows))
    assert first.name in said["made_from"]
    assert ["main/monthly_gap", "keys_and_references"] in mart["checks"]
    assert {asset for asset, _ in mart["checks"]} == {"main/monthly_gap"}
    assert core["success"], core
    assert set(core["made"]) == {"core/scores"}
    # Whole is only what archive has begun.
    assert not refused["success"]
    assert refused["why"].endswith("run the job build")
    assert "\n" not in refused["why"]
    assert published_name(data) == first.name


def test_a_build_in_pieces_is_published_by_release(first: Refreshed, tmp_path: Path) -> None:
    """Would catch steps that only work in one run."""
    data = first.copy(tmp_path / "data")
    names = ["archive", "observations", "core", "estimates", "marts", "main/reigns", "release"]
    runs = materialized(first.here, data, *names)
    assert [run["why"] for run in runs] == [""] * len(names)
    assert "the candidate that run" in runs[5]["made"]["main/reigns"]["made_from"]
    assert published_name(data) != first.name
    query = "SELECT count(*), sum(gap_points) FROM monthly_gap"
    assert rows_of(data, query) == rows_of(first.data, query)


def test_data_folder_elsewhere_has_its_own_records_and_dg_launch_makes_one_table(
    first: Refreshed, tmp_path: Path
) -> None:
    """Would catch runs of two data folders in one list, and a command of the documentation that does not run."""
    here, data = first.here, first.copy(tmp_path / "data")
    found = subprocess.run(
        [sys.executable, "-c", "from pipelines.runtime.instance import home; print(home())"],
        cwd=here.root,
        env=here.environment(data, DAGSTER_HOME=""),
        capture_output=True,
        text=True,
        check=True,
    )
    home = Path(found.stdout.strip())
    assert home == data / "dagster"
    launched = subprocess.run(
        [BIN / "dg", "launch", "--assets", "main/monthly_gap", "-m", "pipelines.definitions"],
        cwd=home,
        env=here.environment(data, DAGSTER_HOME=str(home), DAGSTER_DISABLE_TELEMETRY="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert launched.returncode == 0, launched.stderr[-3000:]
    assert "monthly_gap" in launched.stderr
    assert (data / "staging" / "copy" / "candidate.duckdb").is_file()
    assert (home / ".dagster" / "history" / "runs.db").is_file()


def test_services_of_make_dev_end_when_they_are_told_to(first: Refreshed, tmp_path: Path) -> None:
    """Would catch a daemon or a code server that outlives the terminal it was started from."""
    data, log = first.copy(tmp_path / "data"), tmp_path / "log"
    # As a shell starts what is to run in the background.
    deaf = signal.signal(signal.SIGINT, signal.SIG_IGN)
    try:
        with log.open("wb") as out:
            started = subprocess.Popen(
                [sys.executable, "-m", "pipelines.runtime.dev", "-p", str(free_port())],
                cwd=first.here.root,
                env=first.here.environment(data, DAGSTER_HOME=""),
                stdout=out,
                stderr=out,
                start_new_session=True,
            )
    finally:
        signal.signal(signal.SIGINT, deaf)

    def others() -> list[int]:
        found = []
        for process in Path("/proc").glob("[0-9]*"):
            try:
                of_session = os.getsid(int(process.name)) == started.pid
                is_dead = ") Z " in (process / "stat").read_text()
            except OSError:
                continue
            if of_session and not is_dead and int(process.name) != started.pid:
                found.append(int(process.name))
        return found

    try:
        wait_until(lambda: "Serving dagster-webserver" in log.read_text(errors="replace"), "it serves")
        assert len(others()) > 2
        started.terminate()
        started.wait()
        wait_until(lambda: not others(), "all that it started has ended")
    finally:
        for process in [*others(), *([started.pid] if started.poll() is None else [])]:
            os.kill(process, signal.SIGKILL)

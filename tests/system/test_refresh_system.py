"""Refreshes that are killed, starved, doubled and watched: real processes, and Dagster's own records."""

from __future__ import annotations

import contextlib
import hashlib
import json
import random
import resource
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import duckdb
import pytest

from tests.fixtures import bodies
from tests.fixtures.clone import (
    DONE,
    GAPS,
    NEW_DAY,
    NEW_MONTH,
    STOPPED,
    WRONG_USE,
    Clone,
    Refreshed,
    clone,
    first_release,
    newer_listing,
    one_line,
    published_name,
    release_names,
    rows_of,
    stopped_at,
    wait_for,
)
from tests.torture.oracle import CACHES

pytestmark = pytest.mark.system

STEPS = ("observations", "core", "core checks", "estimates", "marts", "mart checks", "release")
BIN = Path(sys.executable).parent

#: Builds a candidate once and publishes copies of it again and again, each with its number for its run.
PUBLISHER = """
import shutil, sys, time
from warehouse import release
from warehouse.builder import steps
from warehouse.db import read_write
from warehouse.workspace import Workspace
workspace = Workspace.from_environment()
with release.exclusive(workspace):
    staged = steps.stage(workspace)
    steps.observe(staged)
    steps.core(staged)
    steps.check(staged, steps.WITH_CORE)
    steps.marts(staged)
    steps.check(staged, steps.WITH_MARTS)
    summary = steps.summarize(staged.candidate)
    again = staged.candidate.with_name("again.duckdb")
    for number in range(int(sys.argv[1])):
        shutil.copy(staged.candidate, again)
        with read_write(again) as con:
            con.execute("UPDATE meta.release SET run_id = ?", [f"number {number}"])
        release.publish(workspace, again, release.new(workspace, staged.input_hash, summary))
        print("published", flush=True)
        time.sleep(0.5)
"""

#: Opens the link, reads, closes, waits so many seconds (third); for ever, until the file named second exists.
#: One JSON line a reading.
READER = """
import json, sys, time
from pathlib import Path
import duckdb
link, over, pause = Path(sys.argv[1]), Path(sys.argv[2]), float(sys.argv[3])
while not over.exists():
    con = duckdb.connect(str(link), read_only=True)
    seen = con.execute(
        "SELECT (SELECT run_id FROM meta.release), (SELECT count(*) FROM core.scores), "
        "(SELECT count(*) FROM monthly_gap), (SELECT sum(gap_points) FROM monthly_gap), "
        "(SELECT count(*) FROM meta.checks)"
    ).fetchone()
    con.close()
    print(json.dumps(seen), flush=True)
    time.sleep(pause)
"""

#: What the persisted instance of dagster.yaml knows of the run named, or of the newest.
RUN = """
import json, os, sys
os.environ["DAGSTER_HOME"] = os.getcwd()
import dagster as dg
with dg.DagsterInstance.get() as instance:
    run = instance.get_runs(dg.RunsFilter(job_name="build", run_ids=sys.argv[1:] or None), limit=1)[0]
    events = [record.dagster_event for record in instance.all_logs(run.run_id) if record.is_dagster_event]
    print(json.dumps({
        "status": run.status.value,
        "tags": dict(run.tags),
        "materialized": sorted(
            event.asset_key.to_user_string() for event in events if event.is_step_materialization
        ),
        "checks": {
            evaluation.check_name: [evaluation.passed, evaluation.blocking]
            for evaluation in (
                event.asset_check_evaluation_data
                for event in events
                if event.event_type == dg.DagsterEventType.ASSET_CHECK_EVALUATION
            )
        },
    }))
"""

#: The keys of every asset the job `build` should materialize, and the names of its checks.
JOB = """
import json
from pipelines.definitions import defs
layer = defs.resolve_job_def("build").asset_layer
print(json.dumps([
    sorted(key.to_user_string() for key in layer.executable_asset_keys),
    sorted({
        key.name for key in layer.asset_graph.asset_check_keys if key.asset_key in layer.executable_asset_keys
    }),
]))
"""


def contents(data: Path) -> list[tuple[Any, ...]]:
    """The gaps in what the link points to, by DuckDB itself, and that nothing of it is missing."""
    _, counts = rows_of(
        data,
        "SELECT (SELECT count(*) FROM core.scores) > 0, (SELECT bool_and(passed) FROM meta.checks WHERE "
        "severity = 'block'), (SELECT count(*) FROM meta.checks) > 0",
    )
    assert counts == [(True, True, True)]
    return rows_of(data, GAPS)[1]


def observed_months(data: Path) -> set[str]:
    """The months of which there is a gap. A source that prints no day may add the month in which the test runs."""
    return {month.isoformat() for month, status, *_ in contents(data) if status == "observed"}


def run_of(data: Path) -> str:
    """The run that made what is published in ``data``."""
    return str(rows_of(data, "SELECT run_id FROM meta.release")[1][0][0])


def listed(data: Path) -> set[str]:
    return {path.name for path in (data / "releases").iterdir()}


def assert_tidy(data: Path, but: tuple[str, ...] = ()) -> None:
    """Nothing lies in ``data`` that does not belong there; ``but`` may."""
    usual = {
        ".alerts.json",
        ".refresh.lock",
        "aigap.duckdb",
        "archive",
        "latest.json",
        "releases",
        "staging",
        *but,
    }
    assert {path.name for path in data.iterdir()} <= usual
    for path in (data / "releases").iterdir():
        assert path.stem in release_names(data), path.name
    # What builds keep from one to the next: parsed rows, and how listings compare.
    assert {path.name for path in (data / "staging").iterdir()} <= CACHES


def python(here: Clone, code: str, data: Path, *arguments: str) -> Any:
    """What ``code``, run in the clone, printed as JSON."""
    done = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=here.root,
        env=here.environment(data, DAGSTER_DISABLE_TELEMETRY="1"),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return clone(tmp_path_factory.mktemp("system") / "aigap")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    return first_release(tmp_path_factory.getbasetemp())


@pytest.fixture(scope="module")
def pending(here: Clone, first: Refreshed, tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    """The same, and a sample file in the archive that the next refresh makes a new month of."""
    folder = tmp_path_factory.mktemp("pending")
    data = first.copy(folder / "data")
    ingest(here, data, folder)
    return Refreshed(here, data, "", first.name)


def ingest(here: Clone, data: Path, folder: Path, *more: dict[str, Any]) -> None:
    (folder / "latest.parquet").write_bytes(newer_listing(here, *more))
    taken = here.run("ingest", "lmarena_hf", "--request", "text", str(folder / "latest.parquet"), data=data)
    assert taken.returncode == DONE


# Killed


def test_refresh_killed_at_any_step_leaves_the_release_readable_and_the_next_completes(
    here: Clone, pending: Refreshed, tmp_path: Path
) -> None:
    data = pending.copy(tmp_path / "data")
    before = contents(data)
    digest = hashlib.sha256((data / "aigap.duckdb").read_bytes()).hexdigest()
    # Each run starts from what the one killed before it left.
    for done in STEPS[:-1]:
        with here.start("refresh", data=data, options=("-u",)) as process:
            wait_for(process, done)
            time.sleep(0.02)
            process.kill()
        assert published_name(data) == pending.name, f"killed after {done}"
        assert hashlib.sha256((data / "aigap.duckdb").read_bytes()).hexdigest() == digest, done
        assert contents(data) == before, f"killed after {done}"

    # In the midst of the publication: as soon as anything of it is to be seen.
    names = listed(data)
    with here.start("refresh", "--force", data=data, options=("-u",)) as process:
        wait_for(process, "mart checks")
        while listed(data) == names and process.poll() is None:
            pass
        process.kill()
    # The old release or the new one, and that whole.
    now = contents(data)
    assert now[: len(before)] == before
    assert (published_name(data) == pending.name) == (now == before)

    finished = here.run("refresh", "--force", data=data)

    assert (finished.returncode, finished.stderr) == (DONE, "")
    assert contents(data)[-1][0].isoformat() == NEW_MONTH
    assert_tidy(data)
    assert here.run("refresh", data=data).stdout.startswith("nothing new")


def test_refresh_killed_at_random_moments_never_harms_a_reader(
    here: Clone, first: Refreshed, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    expected = contents(data)
    chance = random.Random(20230508)
    for number in range(3):
        how = signal.SIGTERM if number == 2 else signal.SIGKILL
        with here.start("refresh", "--force", data=data) as process:
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(chance.uniform(0.1, 8.0))
            process.send_signal(how)
        # Whichever release stands now, it has the same figures, and it is whole.
        assert contents(data) == expected, f"kill {number}"
    finished = here.run("refresh", "--force", data=data)
    assert (finished.returncode, finished.stderr) == (DONE, "")
    assert contents(data) == expected
    assert_tidy(data)


# Watched


def test_reader_sees_one_whole_release_after_another_through_ten_publications(
    here: Clone, first: Refreshed, tmp_path: Path
) -> None:
    data, times = first.copy(tmp_path / "data"), 10
    _, (counts,) = rows_of(
        data,
        "SELECT (SELECT count(*) FROM core.scores), (SELECT count(*) FROM monthly_gap), "
        "(SELECT sum(gap_points) FROM monthly_gap), (SELECT count(*) FROM meta.checks)",
    )
    # This process reads the first release throughout; with two kept, it is soon pruned.
    long_lived = duckdb.connect(str(data / "aigap.duckdb"), read_only=True)
    before = long_lived.execute(GAPS).fetchall()
    over = tmp_path / "over"
    said = tmp_path / "said"
    # Into files: a pipe that nobody empties would make it wait.
    reader = subprocess.Popen(
        [sys.executable, "-c", READER, str(data / "aigap.duckdb"), str(over), "0.05"],
        stdout=said.open("w"),
        stderr=subprocess.STDOUT,
    )
    try:
        publisher = subprocess.run(
            [sys.executable, "-c", PUBLISHER, str(times)],
            cwd=here.root,
            env=here.environment(data, AIGAP_KEEP_RELEASES="2"),
            capture_output=True,
            text=True,
            check=False,
        )
        assert (publisher.returncode, publisher.stdout) == (0, "published\n" * times), publisher.stderr
        # And one as people do it.
        last = here.run("refresh", "--force", data=data, environment={"AIGAP_KEEP_RELEASES": "2"})
        assert last.returncode == DONE
    finally:
        over.touch()
        reader.wait()
    assert reader.returncode == 0, said.read_text()
    readings = [json.loads(line) for line in said.read_text().splitlines()]
    assert all(tuple(reading[1:]) == counts for reading in readings)
    # It followed the link: each release stood long enough to be met.
    assert {f"number {number}" for number in range(times)} <= {reading[0] for reading in readings}
    assert len(readings) > 5 * times

    assert first.name not in release_names(data)
    assert not (data / "releases" / f"{first.name}.duckdb").exists()
    assert long_lived.execute(GAPS).fetchall() == before
    assert long_lived.execute("SELECT count(*) FROM core.scores").fetchone() == counts[:1]
    long_lived.close()
    assert len(release_names(data)) == 2
    assert_tidy(data)


def test_file_ingested_while_a_refresh_runs_waits_for_the_next(
    here: Clone, first: Refreshed, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    with here.start("refresh", "--force", data=data, options=("-u",)) as process:
        with stopped_at(process, "observations"):
            ingest(here, data, tmp_path)
        out, err = process.communicate()
    assert (process.returncode, err) == (DONE, ""), out
    assert contents(data)[-1][0].isoformat() < NEW_MONTH
    assert here.run("refresh", data=data).returncode == DONE
    assert contents(data)[-1][0].isoformat() == NEW_MONTH
    assert_tidy(data)


# Doubled


def test_second_refresh_leaves_in_one_line_while_the_first_publishes(
    here: Clone, first: Refreshed, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    # The first holds the folder from its first look to its last word, whether Dagster is loaded yet or not.
    with here.start("refresh", "--force", data=data, options=("-u",)) as early:
        for line in ("building", "observations", "mart checks"):
            with stopped_at(early, line):
                late = here.run("refresh", "--force", data=data)
            assert late.returncode == WRONG_USE
            assert "another refresh is at work" in one_line(late.stderr)
        _, early_err = early.communicate()
    assert (early.returncode, early_err) == (DONE, "")
    assert len(release_names(data)) == 2
    assert_tidy(data)


# Starved


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of its own with a few megabytes; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=64m", "tmpfs", str(folder)]
    try:
        done = subprocess.run(mount, capture_output=True, check=False)
    except FileNotFoundError:
        pytest.skip("no mount here")
    if done.returncode != 0:
        pytest.skip("no right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def resize(folder: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(folder)], check=True)


def used(folder: Path) -> int:
    usage = shutil.disk_usage(folder)
    return usage.total - usage.free


def test_full_disk_stops_the_refresh_with_a_clear_message_and_changes_nothing(
    here: Clone, first: Refreshed, small_disk: Path
) -> None:
    data = first.copy(small_disk / "data")
    before = contents(data)
    whole = (data / "aigap.duckdb").stat().st_size
    # Too small for what a step writes first, and for what it then keeps.
    for share in (0.1, 0.6):
        resize(small_disk, used(small_disk) + int(share * whole))
        stopped = here.run("refresh", "--force", data=data)
        assert stopped.returncode == STOPPED
        why, still = stopped.stderr.splitlines()
        assert "No space left on device" in why
        assert f"{first.name} stays published" in still
        assert release_names(data) == [first.name]
        assert contents(data) == before
        shutil.rmtree(data / "staging")


@pytest.mark.parametrize("when", ["building", "observations"])
def test_full_disk_under_the_run_history_costs_no_build(
    here: Clone, first: Refreshed, small_disk: Path, tmp_path: Path, when: str
) -> None:
    """Full before the first record, and in the middle of the run."""
    data = first.copy(tmp_path / "data")
    shutil.copy(here.root / "dagster.yaml", small_disk)
    environment = {"DAGSTER_HOME": str(small_disk)}
    with here.start("refresh", "--force", data=data, options=("-u",), environment=environment) as process:
        with stopped_at(process, when):
            resize(small_disk, used(small_disk))
        out, err = process.communicate()
    assert process.returncode == DONE, out + err
    said = one_line(err)
    assert f"the run history in {small_disk} has no space left" in said
    assert "this run goes on without it" in said
    assert len(release_names(data)) == 2
    assert_tidy(data)


@pytest.mark.parametrize("options", [(), ("--whole",)], ids=["copied", "whole"])
def test_limit_on_file_sizes_stops_the_refresh_with_a_clear_message_and_changes_nothing(
    here: Clone, first: Refreshed, tmp_path: Path, options: tuple[str, ...]
) -> None:
    data = first.copy(tmp_path / "data")
    before = contents(data)
    # A run history of its own, which stays below the limit.
    shutil.copy(here.root / "dagster.yaml", tmp_path)
    limited = (
        "import resource, runpy, sys; "
        f"resource.setrlimit(resource.RLIMIT_FSIZE, (6 * 2**20, {resource.RLIM_INFINITY})); "
        "runpy.run_module('pipelines.cli', run_name='__main__')"
    )
    stopped = subprocess.run(
        [sys.executable, "-c", limited, "refresh", "--force", *options],
        cwd=here.root,
        env=here.environment(data, DAGSTER_HOME=str(tmp_path)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert stopped.returncode == STOPPED
    why, still = stopped.stderr.splitlines()
    assert "File too large" in why
    assert f"{first.name} stays published" in still
    assert release_names(data) == [first.name]
    assert contents(data) == before


# Dagster


def test_definitions_pass_dagsters_own_check(here: Clone, tmp_path: Path) -> None:
    done = subprocess.run(
        [str(BIN / "dg"), "check", "defs"],
        cwd=here.root,
        env=here.environment(tmp_path / "data", DAGSTER_DISABLE_TELEMETRY="1", VIRTUAL_ENV=str(BIN.parent)),
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "Warning" not in done.stdout + done.stderr


def test_run_of_the_command_is_kept_with_every_table_and_every_check(first: Refreshed) -> None:
    tables, checks = python(first.here, JOB, first.data)
    # The release says which run made it.
    run = python(first.here, RUN, first.data, run_of(first.data))
    assert run["status"] == "SUCCESS"
    assert run["tags"]["aigap/started_by"] == "cli"
    assert run["materialized"] == tables
    assert {"observations", "core/scores", "main/monthly_gap", "release"} <= set(tables)
    assert sorted(run["checks"]) == checks
    assert all(passed for passed, blocks in run["checks"].values() if blocks)


def test_blocking_check_that_fails_is_in_the_run_and_keeps_the_release_from_being_made(
    here: Clone, first: Refreshed, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    unknown = bodies.hf_row(
        0, model_name="zeta-1-omega", organization="Zeta Lab", rating=1550.0, rating_lower=1545.0,
        rating_upper=1555.0, leaderboard_publish_date=NEW_DAY,
    )  # fmt: skip
    ingest(here, data, tmp_path, unknown)
    strict = {"AIGAP_STRICT": "on"}
    stopped = here.run("refresh", data=data, environment=strict)
    assert stopped.returncode == STOPPED
    run = python(here, RUN, data)
    assert run["status"] == "FAILURE"
    assert run["checks"]["unresolved_near_top"] == [False, True]
    assert "core/scores" in run["materialized"]
    assert "release" not in run["materialized"]
    assert release_names(data) == [first.name]

    # The line it asks for, filled in: the release goes out.
    message = stopped.stderr.splitlines()[0]
    line = message[message.index("zeta-lab,Zeta Lab") :].split(";")[0]
    filled = line.replace("<country>", "CA").replace("<where a person can check>", "made up")
    assert here.run("resolve", "--line", filled, data=data).returncode == DONE
    done = here.run("refresh", data=data, environment=strict)
    assert (done.returncode, done.stderr) == (DONE, "")
    assert contents(data)[-1][0].isoformat() == NEW_MONTH
    assert_tidy(data, ("reference",))

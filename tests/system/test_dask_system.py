"""aigap on a Dask cluster: a scheduler, workers and runs as processes of their own, some of them killed.

All see one data folder and one DAGSTER_HOME, as machines with a shared folder do.
"""

from __future__ import annotations

import json
import os
import shutil
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest

from tests.fixtures import bodies
from tests.fixtures.clone import (
    DONE,
    NEW_DAY,
    NEW_MONTH,
    Clone,
    Refreshed,
    clone,
    first_release,
    newer_listing,
    published_name,
    release_names,
)
from tests.fixtures.web import Answer, Web, answer, web
from tests.system.test_refresh_system import assert_tidy, contents, ingest, observed_months
from tests.torture.oracle import CACHES

distributed = pytest.importorskip("distributed", reason="needs the extra dask")

pytestmark = [pytest.mark.system, pytest.mark.timeout(1200)]

BIN = Path(sys.executable).parent
HF = "/huggingface.co/datasets/lmarena-ai/leaderboard-dataset/resolve/main/"
LISTING = HF + "text/latest-00000-of-00001.parquet"
STYLE = HF + "text_style_control/latest-00000-of-00001.parquet"
MIRROR = "/raw.githubusercontent.com/fboulnois/llm-leaderboard-csv/HEAD/csv/lmarena_text.csv"
SERVED = {"sources__lmarena_hf", "sources__llm_leaderboard_csv"}
#: Needs a key of the user's own: without one its step says so, which is no failure.
WITHOUT_KEY = {"sources__artificial_analysis"}

#: What the run history knows of the newest run: its state, and what was said of each step, by kind.
RUN = """
import json
import dagster as dg
with dg.DagsterInstance.get() as instance:
    run = instance.get_runs(limit=1)[0]
    said = {}
    for entry in instance.all_logs(run.run_id):
        if entry.step_key or entry.is_dagster_event:
            kind = entry.dagster_event_type.value if entry.is_dagster_event else "LOG"
            event = entry.dagster_event
            error = event.step_failure_data.error if event and event.is_step_failure else None
            while error is not None and error.cause is not None:
                error = error.cause
            text = error.message if error else entry.user_message or event.message
            said.setdefault(kind, []).append([entry.step_key, text])
    print(json.dumps({"id": run.run_id, "status": run.status.value, "said": said}))
"""


@dataclass
class Ran:
    """A run, as Dagster's records have it."""

    id: str
    status: str
    said: dict[str, list[tuple[str, str]]]

    def steps(self, kind: str) -> list[str]:
        return [step for step, _ in self.said.get(kind, [])]

    def workers(self) -> dict[str, str]:
        """The worker that did each step."""
        words = " runs on "
        done = [text.split(words) for _, text in self.said["ENGINE_EVENT"] if words in text]
        return {step: place.split()[0] for step, place in done}


@dataclass
class Cluster:
    here: Clone
    data: Path
    home: Path
    address: str = ""
    settings: dict[str, str] = field(default_factory=dict)
    processes: dict[str, subprocess.Popen[bytes]] = field(default_factory=dict)

    def environment(self) -> dict[str, str]:
        return self.here.environment(
            self.data,
            DAGSTER_HOME=str(self.home),
            DAGSTER_DISABLE_TELEMETRY="1",
            AIGAP_EXECUTOR="dask",
            AIGAP_DASK_SCHEDULER=self.address,
            AIGAP_ADDRESS_OVERRIDES=str(self.home / "addresses.json"),
            AIGAP_ALLOW_PRIVATE="1",
            **self.settings,
        )

    def start(self, name: str, *words: str) -> subprocess.Popen[bytes]:
        with (self.home / f"{name}.log").open("ab") as log:
            process = subprocess.Popen(
                [str(word) for word in words],
                cwd=self.here.root,
                env=self.environment(),
                stdout=log,
                stderr=subprocess.STDOUT,
            )
        self.processes[name] = process
        return process

    def add_worker(self, name: str) -> None:
        # Without a nanny, which would bring a killed one back.
        one = ("--nworkers", "1", "--nthreads", "1", "--no-nanny", "--no-dashboard", "--host", "127.0.0.1")
        local = self.home / "scratch"
        self.start(
            name, BIN / "dask", "worker", self.address, *one, "--name", name, "--local-directory", local
        )
        self.until(lambda: name in self.seen().values(), f"{name} is there")

    def job(self, name: str) -> subprocess.Popen[bytes]:
        return self.start(name, BIN / "dagster", "job", "execute", "-m", "pipelines.definitions", "-j", name)

    def run(self, name: str) -> Ran:
        self.job(name).wait()
        return self.last()

    def last(self) -> Ran:
        done = subprocess.run(
            [sys.executable, "-c", RUN],
            cwd=self.here.root,
            env=self.environment(),
            capture_output=True,
            text=True,
            check=False,
        )
        assert done.returncode == 0, done.stderr
        return Ran(**json.loads(done.stdout))

    def seen(self) -> dict[str, str]:
        """The workers that the scheduler knows: address → name."""
        with distributed.Client(self.address, set_as_default=False) as client:
            known = client.scheduler_info(n_workers=-1)["workers"]
        return {address: worker["name"] for address, worker in known.items()}

    def wait_for(self, step: str, also: Callable[[], object] = lambda: True) -> str:
        """The worker that is at ``step``, once it is and ``also`` holds."""
        at: list[str] = []
        with distributed.Client(self.address, set_as_default=False) as client:
            names = self.seen()

            def there() -> bool:
                found = client.processing()
                at[:] = [
                    names[place] for place, keys in found.items() if any(step in str(key) for key in keys)
                ]
                return bool(at) and bool(also())

            self.until(there, f"a worker is at {step}", pause=0.01)
        return at[0]

    def until(self, holds: Callable[[], object], what: str, pause: float = 0.2) -> None:
        limit = time.monotonic() + 300
        while not holds():
            if time.monotonic() > limit:
                logs = {path.name: path.read_text()[-2000:] for path in self.home.glob("*.log")}
                pytest.fail(f"not in time: {what}; {logs}")
            time.sleep(pause)

    def kill(self, name: str) -> None:
        self.processes[name].kill()
        self.processes[name].wait()

    def candidate(self) -> Path | None:
        return next((self.data / "staging").glob("*/candidate.duckdb"), None)

    def half_filled(self) -> bool:
        """Has the candidate been written to since it was last whole?"""
        candidate = self.candidate()
        wal = candidate and candidate.with_name(candidate.name + ".wal")
        return wal is not None and wal.is_file() and wal.stat().st_size > 100_000


@contextmanager
def cluster(here: Clone, data: Path, home: Path, site: Web, **settings: str) -> Iterator[Cluster]:
    """A scheduler and two workers, ``one`` and ``two``; everything live is asked of ``site``."""
    home.mkdir()
    instance = (here.root / "dagster.yaml").read_text(encoding="utf-8")
    assert "base_dir: .dagster" in instance
    instance = instance.replace("base_dir: .dagster", f"base_dir: {home}")
    (home / "dagster.yaml").write_text(instance, encoding="utf-8")
    (home / "addresses.json").write_text(json.dumps({"https://": site.address("/")}), encoding="utf-8")
    cluster = Cluster(here, data, home, settings=settings)
    address_file = home / "scheduler.json"
    here_alone = ("--host", "127.0.0.1", "--port", "0", "--no-dashboard")
    try:
        cluster.start("scheduler", BIN / "dask", "scheduler", *here_alone, "--scheduler-file", address_file)
        cluster.until(lambda: address_file.is_file() and address_file.read_text(), "the scheduler is there")
        cluster.address = json.loads(address_file.read_text())["address"]
        cluster.add_worker("one")
        cluster.add_worker("two")
        yield cluster
    finally:
        for process in cluster.processes.values():
            with suppress(ProcessLookupError):
                process.send_signal(signal.SIGCONT)
                process.kill()
            process.wait()


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return clone(tmp_path_factory.mktemp("dask") / "aigap")


@pytest.fixture(scope="module")
def first(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    return first_release(tmp_path_factory.getbasetemp())


@pytest.fixture
def site(here: Clone) -> Iterator[Web]:
    """The official dataset, raw and style control, and a mirror on another host; the rest is not found."""
    listing = newer_listing(here)
    with web() as site:
        site.says(LISTING, answer(listing))
        site.says(
            STYLE, answer(bodies.parquet(pl.read_parquet(listing).with_columns(pl.col("^rating.*$") + 3)))
        )
        site.says(MIRROR, answer(mirrored(listing), media_type="text/csv"))
        yield site


def mirrored(listing: bytes) -> bytes:
    rows = pl.read_parquet(listing).sort("rating", descending=True)
    header = bodies.LEADERBOARD
    body = (
        [place, row["model_name"], row["rating"] - 30, "+5/-4", 1000, row["organization"], row["license"]]
        for place, row in enumerate(rows.iter_rows(named=True), start=1)
    )
    return bodies.table(header, body).encode()


def held(body: Answer, until: Callable[[], object], site: Web) -> Answer:
    """``body``, but not before ``until`` holds."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        while not until() and not site.over.wait(0.05):
            pass
        body(handler)

    return send


def tables(data: Path) -> dict[str, list[tuple[Any, ...]]]:
    """Every published row, in its order. Which run made it is left out."""
    with duckdb.connect(str(data / "aigap.duckdb"), read_only=True) as con:
        names = con.sql(
            "SELECT table_schema || '.' || table_name FROM information_schema.tables "
            "WHERE table_type = 'BASE TABLE' AND table_schema <> 'pg_catalog'"
        ).fetchall()
        return {
            name: con.sql(
                f"SELECT {'* EXCLUDE run_id' if name == 'meta.release' else '*'} FROM {name}"
            ).fetchall()
            for (name,) in names
            if name != "meta.runs"
        }


def assert_sound(found: Cluster, bodies: int = 3) -> None:
    """The archive is whole and holds each body once; nothing of a dead run lies about, and nobody holds the folder."""
    verified = found.here.run("archive", "verify", data=found.data)
    assert (verified.returncode, verified.stderr) == (DONE, ""), verified.stdout
    blobs = [
        path.name.split(".")[0] for path in (found.data / "archive" / "blobs").rglob("*") if path.is_file()
    ]
    assert len(blobs) == len(set(blobs)) == bodies
    assert_tidy(found.data)
    # It says so only when it could take the folder.
    assert found.here.run("refresh", data=found.data).stdout.startswith("nothing new")


def test_two_workers_share_the_work_and_publish_what_one_process_does(
    here: Clone, first: Refreshed, site: Web, tmp_path: Path
) -> None:
    # The body does not come before another source asks for something: a cluster that works one by one never gets it.
    # Which source that is, and on which worker, is the scheduler's choice.
    def meanwhile() -> bool:
        asked = [path.partition("?")[0] for path, _ in site.asked]
        return any(not path.startswith(HF) for path in asked[asked.index(LISTING) :])

    site.says(LISTING, held(site.answers[LISTING][0], meanwhile, site))
    data = first.copy(tmp_path / "data")
    with cluster(here, data, tmp_path / "home", site) as dask:
        collected = dask.run("collect")
        [taken] = [text for step, text in collected.said["LOG"] if text.startswith("lmarena_hf/text: ")]
        assert "/text: new" in taken
        # Each source fails alone.
        assert set(collected.steps("STEP_SUCCESS")) == SERVED | WITHOUT_KEY, collected.said
        assert collected.status == "FAILURE"
        again = Path(shutil.copytree(data, tmp_path / "again", symlinks=True))
        built = dask.run("build")
        assert_sound(dask)
    assert set(collected.workers().values()) == {"one", "two"}

    assert built.status == "SUCCESS", built.said.get("STEP_FAILURE")
    places = built.workers()
    assert set(places.values()) == {"one", "two"}
    # Every step once, and its own words name the process.
    assert sorted(places) == sorted(set(built.steps("STEP_START"))) == sorted(built.steps("STEP_START"))
    processes = {text.rpartition("/")[2].rstrip(")") for _, text in built.said["LOG"] if " s on " in text}
    assert processes <= {str(dask.processes[name].pid) for name in ("one", "two")}

    alone = here.run("refresh", data=again)
    assert (alone.returncode, alone.stderr) == (DONE, "")
    assert NEW_MONTH in observed_months(data)
    ours, theirs = tables(data), tables(again)
    assert ours.keys() == theirs.keys()
    assert len(ours["core.scores"]) > len(ours["core.models"]) > 0
    for name, rows in theirs.items():
        assert ours[name] == rows, name


def test_failed_check_stops_the_release_and_the_steps_after_it_say_so_in_a_line(
    here: Clone, first: Refreshed, site: Web, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    unknown = bodies.hf_row(
        0, model_name="zeta-1-omega", organization="Zeta Lab", rating=1550.0, rating_lower=1545.0,
        rating_upper=1555.0, leaderboard_publish_date=NEW_DAY,
    )  # fmt: skip
    ingest(here, data, tmp_path, unknown)
    with cluster(here, data, tmp_path / "home", site, AIGAP_STRICT="on") as dask:
        run = dask.run("build")
    assert run.status == "FAILURE"
    [(step, why)] = run.said["STEP_FAILURE"]
    assert step == "core"
    assert "unresolved_near_top" in why
    assert {"marts", "release"}.isdisjoint(run.steps("STEP_START"))
    after = {step: text for step, text in run.said["LOG"] if "Not executing" in text}
    assert {"marts", "release"} <= set(after)
    assert all(len(text.splitlines()) == 1 for text in after.values())
    assert release_names(data) == [first.name]
    assert contents(data)


def test_killed_worker_only_delays_the_run(here: Clone, first: Refreshed, site: Web, tmp_path: Path) -> None:
    data = first.copy(tmp_path / "data")
    free: list[bool] = []
    site.says(LISTING, held(site.answers[LISTING][0], lambda: free, site))
    with cluster(here, data, tmp_path / "home", site) as dask:
        # While a body is on its way to it.
        collecting = dask.job("collect")
        lost = dask.wait_for("sources__lmarena_hf", lambda: site.times(LISTING))
        dask.kill(lost)
        free.append(True)
        collecting.wait()
        collected = dask.last()
        assert set(collected.steps("STEP_SUCCESS")) == SERVED | WITHOUT_KEY
        [left] = {"one", "two"} - {lost}
        assert collected.workers()["sources__lmarena_hf"] == left
        assert published_name(data) == first.name

        # While it writes the candidate; a third has come in the place of the first.
        dask.add_worker("three")
        building = dask.job("build")
        lost = dask.wait_for("build.marts", dask.half_filled)
        dask.kill(lost)
        assert published_name(data) == first.name
        assert contents(data)
        building.wait()
        built = dask.last()
        assert built.status == "SUCCESS", built.said.get("STEP_FAILURE")
        assert built.steps("STEP_START").count("marts") == 2
        assert built.steps("STEP_START").count("core") == 1
        assert built.workers()["marts"] != lost
        assert_sound(dask)
    assert NEW_MONTH in observed_months(data)
    # The tables are as if nobody had died.
    shutil.copytree(data, tmp_path / "again", symlinks=True)
    alone = here.run("refresh", "--force", data=tmp_path / "again")
    assert (alone.returncode, alone.stderr) == (DONE, "")
    assert tables(data) == tables(tmp_path / "again")


def test_killed_run_is_followed_by_one_that_completes_and_its_workers_late_writes_do_not_collide(
    here: Clone, first: Refreshed, site: Web, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    ingest(here, data, tmp_path)
    # A worker that says nothing for so long is given up.
    silence = {"DASK_DISTRIBUTED__SCHEDULER__WORKER_TTL": "10s"}
    with cluster(here, data, tmp_path / "home", site, **silence) as dask:
        killed = dask.job("build")
        busy = dask.wait_for("build.marts", dask.half_filled)
        os.kill(dask.processes[busy].pid, signal.SIGSTOP)
        killed.kill()
        killed.wait()
        assert published_name(data) == first.name
        assert contents(data)
        [stale] = [path for path in (data / "staging").iterdir() if path.is_dir() and path.name not in CACHES]
        dask.until(lambda: busy not in dask.seen().values(), f"{busy} is given up")

        # The other worker is enough, and is not given what the first had begun.
        built = dask.run("build")
        assert built.status == "SUCCESS", built.said.get("STEP_FAILURE")
        assert set(built.workers().values()) == {"one", "two"} - {busy}
        assert built.steps("STEP_START").count("marts") == 1
        assert not stale.exists()
        now = published_name(data)
        assert now != first.name

        # The first goes on where it stood, sees that it was given up and leaves.
        os.kill(dask.processes[busy].pid, signal.SIGCONT)
        dask.processes[busy].wait()
        assert published_name(data) == now
        assert_sound(dask, bodies=1)
    assert NEW_MONTH in observed_months(data)

"""aigap on its own: schedules, sensors and the queue in real Dagster services, and what kills them.

One set of services serves the whole module; each test brings new bytes of its own and leaves nothing at work.
"""

from __future__ import annotations

import io
import itertools
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import datetime
from pathlib import Path
from typing import Any

import dagster as dg
import polars as pl
import pytest
from dagster._core.scheduler.instigation import (
    InstigatorState,
    InstigatorStatus,
    InstigatorType,
    ScheduleInstigatorData,
    TickStatus,
)

from tests.fixtures import bodies
from tests.fixtures.clone import (
    DONE,
    NEW_DAY,
    NEW_MONTH,
    WRONG_USE,
    Clone,
    clone,
    first_release,
    newer_listing,
    one_line,
    published_name,
    release_names,
    rows_of,
)
from tests.fixtures.services import CODE, DAEMON, WEB, Services, home, services, wait_until
from tests.fixtures.web import Gate, Web, answer, web
from tests.system.test_refresh_system import READER, assert_tidy, observed_months
from warehouse import release
from warehouse.workspace import Workspace

pytestmark = [pytest.mark.system, pytest.mark.timeout(1800)]

LISTING = (
    "/huggingface.co/datasets/lmarena-ai/leaderboard-dataset/resolve/main/text/latest-00000-of-00001.parquet"
)
BROKEN, HOOK = "/models.dev/api.json", "/hook"
SUCCESS, FAILURE = dg.DagsterRunStatus.SUCCESS, dg.DagsterRunStatus.FAILURE
POOL = "huggingface.co"
SOURCE = "sources/lmarena_hf"
numbers = itertools.count(1)


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return clone(tmp_path_factory.mktemp("daemon") / "aigap")


@pytest.fixture(scope="module")
def site() -> Iterator[Web]:
    """All that is live, on loopback: one listing is there, one server is broken, the rest is not found."""
    with web() as site:
        site.says(BROKEN, answer(b"broken", 500, "text/plain", Retry_After="0"))
        site.says(HOOK, answer(b"ok"))
        yield site


@pytest.fixture(scope="module")
def aigap(here: Clone, site: Web, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Services]:
    """Services with everything turned on, and a first release that `aigap refresh` made."""
    folder = tmp_path_factory.mktemp("services")
    data = first_release(tmp_path_factory.getbasetemp()).copy(folder / "data")
    # Of the same settings as the services', which would build at once otherwise.
    assert here.run("refresh", data=data, environment={"AIGAP_STRICT": "on"}).returncode == DONE
    (folder / "addresses.json").write_text(json.dumps({"https://": site.address("/")}), encoding="utf-8")
    site.says(LISTING, answer(listing(here)))
    settings = home(folder / "home")
    with (
        dg.DagsterInstance.from_config(str(settings)) as instance,
        services(
            here,
            settings,
            data,
            CODE,
            WEB,
            DAEMON,
            instance=instance,
            AIGAP_AUTOMATION="on",
            AIGAP_CRON_DAILY="* * * * *",
            AIGAP_SENSOR_SECONDS="1",
            AIGAP_ADDRESS_OVERRIDES=str(folder / "addresses.json"),
            AIGAP_ALLOW_PRIVATE="1",
            AIGAP_WEBHOOK=site.address(HOOK),
            AIGAP_STRICT="on",
        ) as started,
    ):
        yield started


def listing(here: Clone, *more: dict[str, Any]) -> bytes:
    """A sample listing that nobody has seen: the figures are those of `newer_listing`, moved a little."""
    rows = pl.read_parquet(io.BytesIO(newer_listing(here, *more)))
    moved = rows.with_columns(pl.col("rating", "rating_lower", "rating_upper") + next(numbers) / 8)
    return bodies.parquet(moved)


def tags(run: dg.DagsterRun, name: str) -> str | None:
    return run.tags.get(f"aigap/{name}")


def built_since(aigap: Services, before: str) -> dg.DagsterRun:
    """The run of the sensor's that published something else than ``before``."""
    wait_until(
        lambda: published_name(aigap.data) != before, "the sensor's build is published", aigap.check_alive
    )
    newest = release.current(Workspace(aigap.data))
    assert newest is not None
    assert newest.run_id is not None
    assert aigap.ended(newest.run_id) == SUCCESS
    run = aigap.instance.get_run_by_id(newest.run_id)
    assert run is not None
    assert tags(run, "input_hash") == newest.input_hash
    return run


def sensor_ticks(aigap: Services, name: str) -> list[Any]:
    """Newest first, those that have ended: one under way has said nothing yet."""
    ended = [TickStatus.SKIPPED, TickStatus.SUCCESS, TickStatus.FAILURE]
    states = [state for state in aigap.instance.all_instigator_state() if state.name == name]
    return [
        tick
        for state in states
        for tick in aigap.instance.get_ticks(
            state.instigator_origin_id, state.selector_id, limit=5, statuses=ended
        )
    ]


def at_rest(aigap: Services) -> None:
    """Wait until nothing is at work and the sensor has said that there is nothing new."""
    unfinished = [status for status in dg.DagsterRunStatus if status not in (SUCCESS, FAILURE)]
    unfinished.remove(dg.DagsterRunStatus.CANCELED)

    def rests() -> bool:
        busy = aigap.instance.get_runs_count(dg.RunsFilter(statuses=unfinished))
        said = sensor_ticks(aigap, "build_on_new_bytes")
        return not busy and bool(said) and (said[0].skip_reason or "").startswith("nothing new")

    wait_until(rests, "nothing is at work", aigap.check_alive)


@contextmanager
def watched(data: Path, folder: Path) -> Iterator[None]:
    """Somebody reads the link all the time, in a process of its own, and always finds a whole release."""
    over, said = folder / "over", folder / "said"
    with said.open("w") as out:
        reader = subprocess.Popen(
            [sys.executable, "-c", READER, str(data / "aigap.duckdb"), str(over), "0.5"],
            stdout=out,
            stderr=out,
        )
        try:
            yield
        finally:
            over.touch()
            reader.wait()
    assert reader.returncode == 0, said.read_text()
    readings = [json.loads(line) for line in said.read_text().splitlines()]
    assert readings
    assert all(scores > 0 and months > 0 and checks > 0 for _, scores, months, _, checks in readings)


def assert_sound(aigap: Services) -> None:
    """The archive holds each set of bytes once and whole, and nothing of a dead run lies about."""
    verified = aigap.here.run("archive", "verify", data=aigap.data)
    assert (verified.returncode, verified.stderr) == (DONE, ""), verified.stdout
    blobs = [path.stem for path in (aigap.data / "archive" / "blobs").rglob("*.gz")]
    assert len(blobs) == len(set(blobs))
    leftovers = [path for path in (aigap.data / "archive").rglob("*.tmp") if path.is_file()]
    assert leftovers == []
    assert_tidy(aigap.data)
    assert NEW_MONTH in observed_months(aigap.data)


def claimed(aigap: Services) -> int:
    return len(aigap.instance.event_log_storage.get_concurrency_info(POOL).claimed_slots)


# Schedules and sensors


def test_schedule_collects_and_the_sensor_publishes_though_sources_fail(aigap: Services, site: Web) -> None:
    before = published_name(aigap.data)

    run = built_since(aigap, before)

    assert run.tags["dagster/sensor_name"] == "build_on_new_bytes"
    collected = aigap.runs("collect")[-1]
    assert collected.tags["dagster/schedule_name"] == "collect_daily"
    assert tags(collected, "often") == "daily"
    assert collected.run_id != run.run_id
    ended = {
        kind: {record.event_log_entry.step_key for record in found.records}
        for kind in ("STEP_SUCCESS", "STEP_FAILURE")
        for found in [aigap.instance.get_records_for_run(collected.run_id, of_type=dg.DagsterEventType[kind])]
    }
    assert ended["STEP_SUCCESS"] == {"sources__lmarena_hf"}
    assert {"sources__models_dev", "sources__lmarena_site"} <= ended["STEP_FAILURE"]
    assert site.times(BROKEN) > 0
    assert NEW_MONTH in observed_months(aigap.data)
    assert rows_of(aigap.data, "SELECT run_id FROM meta.release")[1] == [(run.run_id,)]


def test_machine_that_was_off_catches_up_once(aigap: Services) -> None:
    aigap.kill(DAEMON)
    hour, half_a_year = 60 * 60.0, 180 * 24 * 60 * 60.0
    now = time.time()
    for state in schedule_states(aigap):
        # To the schedules, this is when they last looked at the clock.
        away = hour if state.name == "collect_daily" else half_a_year
        aigap.instance.purge_ticks(state.instigator_origin_id, state.selector_id, before=now + hour)
        was = state.instigator_data
        assert isinstance(was, ScheduleInstigatorData)
        turned_back = ScheduleInstigatorData(was.cron_schedule, start_timestamp=now - away)
        aigap.instance.update_instigator_state(state.with_data(turned_back))
    earlier = {run.run_id for run in aigap.runs()}

    aigap.start(DAEMON)

    names = {"collect_daily", "collect_weekly", "collect_monthly", "digest_daily", "housekeeping_weekly"}

    def caught_up() -> dict[str, list[dg.RunRecord]] | None:
        found: dict[str, list[dg.RunRecord]] = {}
        for record in aigap.instance.get_run_records():
            name = record.dagster_run.tags.get("dagster/schedule_name")
            if name and record.dagster_run.run_id not in earlier:
                found.setdefault(name, []).append(record)
        runs = [record.dagster_run for records in found.values() for record in records]
        return found if set(found) == names and all(run.is_finished for run in runs) else None

    found = wait_until(caught_up, "each schedule starts a run", aigap.check_alive)
    # The daily's next ticks fall due a minute apart; what was missed was all due when its first run was made.
    for name, records in found.items():
        first = min(record.create_timestamp for record in records)
        missed = [record for record in records if due(record.dagster_run) <= first]
        assert len(missed) == 1, name


def schedule_states(aigap: Services) -> list[InstigatorState]:
    return list(aigap.instance.all_instigator_state(instigator_type=InstigatorType.SCHEDULE))


def due(run: dg.DagsterRun) -> datetime:
    return datetime.fromisoformat(run.tags[".dagster/scheduled_execution_time"])


@pytest.fixture
def still(aigap: Services) -> Services:
    """Nothing is at work, and no schedule starts anything: a test starts its runs itself."""
    # the daemon has found all that is turned on
    wait_until(lambda: len(schedule_states(aigap)) == 5, "the schedules are on", aigap.check_alive)
    for state in schedule_states(aigap):
        aigap.instance.update_instigator_state(state.with_status(InstigatorStatus.STOPPED))
    at_rest(aigap)
    return aigap


# Killed


def test_worker_killed_while_a_body_arrives_and_another_in_the_midst_of_a_build(
    still: Services, site: Web, tmp_path: Path
) -> None:
    aigap = still
    before = published_name(aigap.data)
    builds = build_ids(aigap)
    gate = Gate(listing(aigap.here))
    site.says(LISTING, gate)
    with watched(aigap.data, tmp_path):
        collected = aigap.launch("collect", SOURCE)
        worker = aigap.at_step(collected, "sources__lmarena_hf")
        wait_until(gate.reached.is_set, "half of the body is sent", aigap.check_alive)
        assert claimed(aigap) == 1
        os.kill(worker, signal.SIGKILL)
        assert aigap.ended(collected) == FAILURE
        wait_until(lambda: claimed(aigap) == 0, "the host is free again", aigap.check_alive)

        gate.opened.set()
        assert aigap.ended(aigap.launch("collect", SOURCE)) == SUCCESS
        with halted(aigap, builds, "core") as (killed, worker):
            os.kill(worker, signal.SIGKILL)
        assert aigap.ended(killed) == FAILURE
        assert_followed(aigap, killed, before)
    at_rest(aigap)
    assert_sound(aigap)


def test_daemon_killed_while_a_body_arrives_and_in_the_midst_of_a_build_stops_nothing(
    still: Services, site: Web, tmp_path: Path
) -> None:
    aigap = still
    before = published_name(aigap.data)
    builds = build_ids(aigap)
    gate = Gate(listing(aigap.here))
    site.says(LISTING, gate)
    with watched(aigap.data, tmp_path):
        collected = aigap.launch("collect", SOURCE)
        aigap.at_step(collected, "sources__lmarena_hf")
        wait_until(gate.reached.is_set, "half of the body is sent", aigap.check_alive)
        aigap.kill(DAEMON)
        gate.opened.set()
        assert aigap.ended(collected) == SUCCESS
        assert published_name(aigap.data) == before
        # Back again, it finds the bytes; killed again, what waits in the queue.
        aigap.start(DAEMON)
        with halted(aigap, builds, "core") as (built, _):
            aigap.kill(DAEMON)
        assert aigap.ended(built) == SUCCESS
        assert built_since(aigap, before).run_id == built
        waiting = aigap.launch("build")
        assert aigap.status(waiting) == dg.DagsterRunStatus.QUEUED
        aigap.start(DAEMON)
        assert aigap.ended(waiting) == SUCCESS
    at_rest(aigap)
    assert_sound(aigap)


def build_ids(aigap: Services) -> set[str]:
    return {run.run_id for run in aigap.runs("build")}


@contextmanager
def halted(aigap: Services, known: set[str], step: str) -> Iterator[tuple[str, int]]:
    """The sensor's next build stands still as it begins ``step``: its run and its process."""
    [run_id] = wait_until(lambda: build_ids(aigap) - known, "the sensor starts a build", aigap.check_alive)
    worker = aigap.at_step(run_id, step)
    os.kill(worker, signal.SIGSTOP)
    try:
        assert aigap.status(run_id) == dg.DagsterRunStatus.STARTED
        yield run_id, worker
    finally:
        with suppress(ProcessLookupError):
            os.kill(worker, signal.SIGCONT)


@contextmanager
def building(aigap: Services, site: Web, step: str = "core") -> Iterator[tuple[str, int]]:
    """New bytes are collected, and the build of them stands still as it begins ``step``."""
    known = build_ids(aigap)
    site.says(LISTING, answer(listing(aigap.here)))
    assert aigap.ended(aigap.launch("collect", SOURCE)) == SUCCESS
    with halted(aigap, known, step) as at_work:
        yield at_work


def assert_followed(aigap: Services, dead: str, before: str) -> None:
    """Another run of the same inputs completes what the dead one left lying about."""
    ended = aigap.instance.get_run_by_id(dead)
    again = built_since(aigap, before)
    assert again.run_id != dead
    assert tags(again, "input_hash") == tags(ended, "input_hash")
    assert not list((aigap.data / "staging").glob(f"*-{dead[:8]}"))


def test_worker_told_to_leave_in_the_midst_of_a_build_is_followed_by_one_that_completes(
    still: Services, site: Web, tmp_path: Path
) -> None:
    aigap = still
    before = published_name(aigap.data)
    with watched(aigap.data, tmp_path):
        with building(aigap, site, "marts") as (run_id, worker):
            os.kill(worker, signal.SIGTERM)
        assert aigap.ended(run_id) == FAILURE
        assert_followed(aigap, run_id, before)
    at_rest(aigap)
    assert_sound(aigap)


def test_machine_that_lost_its_power_in_the_midst_of_a_build_completes_it_later(
    still: Services, site: Web, tmp_path: Path
) -> None:
    aigap = still
    before = published_name(aigap.data)
    with watched(aigap.data, tmp_path):
        with building(aigap, site) as (run_id, _):
            # The run is a child of the code server: nobody is left who saw it die.
            aigap.kill(CODE, DAEMON)
        aigap.start(CODE, DAEMON)
        assert aigap.ended(run_id) == FAILURE
        assert_followed(aigap, run_id, before)
    at_rest(aigap)
    assert_sound(aigap)


# Two at once


def test_second_build_waits_in_the_queue_and_a_refresh_leaves_in_one_line(
    still: Services, site: Web, tmp_path: Path
) -> None:
    aigap = still
    before = published_name(aigap.data)
    with watched(aigap.data, tmp_path):
        with building(aigap, site) as (first, _):
            second = aigap.launch("build")
            # What was asked for later and is nobody's rival goes past it.
            assert aigap.ended(aigap.launch("housekeeping")) == SUCCESS
            assert aigap.status(second) == dg.DagsterRunStatus.QUEUED
            refused = aigap.here.run(
                "refresh", "--force", data=aigap.data, environment={"DAGSTER_HOME": str(aigap.home)}
            )
            assert refused.returncode == WRONG_USE
            assert "another refresh is at work" in one_line(refused.stderr)
            assert published_name(aigap.data) == before
        assert [aigap.ended(run_id) for run_id in (first, second)] == [SUCCESS, SUCCESS]
    newest = release.releases(Workspace(aigap.data))[:2]
    assert [entry.run_id for entry in newest] == [second, first]
    at_rest(aigap)
    assert_sound(aigap)


# Stopped by a check: after all that publishes, since what the archive holds is there for good


def test_code_that_does_not_load_is_told_with_its_reason_and_called_off(still: Services, site: Web) -> None:
    """Would catch a deployment that breaks every run, and an alert that only says that a process ended."""
    aigap = still
    file = aigap.here.root / "pipelines" / "defs" / "housekeeping.py"
    sound = file.read_text(encoding="utf-8")

    def notices(kind: str) -> list[dict[str, Any]]:
        found = [json.loads(body) for path, body in site.posted if path == HOOK]
        return [one for one in found if (one["kind"], one["job"]) == (kind, "housekeeping")]

    file.write_text(f"{sound}\nraise RuntimeError('half a deployment')\n", encoding="utf-8")
    try:
        for _ in range(2):
            assert aigap.ended(aigap.launch("housekeeping")) == FAILURE
        [failed] = wait_until(lambda: notices("failure"), "the webhook receives a notice", aigap.check_alive)
        assert "half a deployment" in failed["text"]
    finally:
        file.write_text(sound, encoding="utf-8")
    assert aigap.ended(aigap.launch("housekeeping")) == SUCCESS
    [well] = wait_until(lambda: notices("recovery"), "the webhook hears that it is well", aigap.check_alive)
    assert "half a deployment" in well["text"]
    assert len(notices("failure")) == 1


def test_unknown_lab_stops_one_build_and_sends_one_notice(still: Services, site: Web) -> None:
    aigap = still
    before, kept = published_name(aigap.data), release_names(aigap.data)
    known = build_ids(aigap)
    # Near enough to the leader to be taken for a leaderboard, and above it.
    top = pl.read_parquet(io.BytesIO(newer_listing(aigap.here)))["rating"].max()
    assert isinstance(top, float)
    unknown = bodies.hf_row(
        0, model_name="zeta-1-omega", organization="Zeta Lab", rating=top + 20, rating_lower=top + 15,
        rating_upper=top + 25, leaderboard_publish_date=NEW_DAY,
    )  # fmt: skip
    site.says(LISTING, answer(listing(aigap.here, unknown)))
    assert aigap.ended(aigap.launch("collect", SOURCE)) == SUCCESS

    [stopped] = wait_until(lambda: build_ids(aigap) - known, "the sensor starts a build", aigap.check_alive)
    assert aigap.ended(stopped) == FAILURE

    def notices() -> list[dict[str, Any]]:
        result = [json.loads(body) for path, body in site.posted if path == HOOK]
        return [notice for notice in result if notice["run_id"] == stopped]

    [notice] = wait_until(notices, "the webhook receives a notice", aigap.check_alive)
    assert notice["job"] == "build"
    assert notice["published"] == before
    assert "zeta-1-omega" in notice["text"], notice

    # The rows are where a person looks for them.
    found = aigap.instance.get_records_for_run(stopped, of_type=dg.DagsterEventType.ASSET_CHECK_EVALUATION)
    [failed] = [
        evaluation
        for record in found.records
        if record.event_log_entry.dagster_event
        for evaluation in [record.event_log_entry.dagster_event.asset_check_evaluation_data]
        if not evaluation.passed and evaluation.blocking
    ]
    assert failed.check_name == "unresolved_near_top"
    assert failed.metadata["failing_rows"].value == 1
    [row] = failed.metadata["first_failing_rows"].records
    assert "zeta-1-omega" in row.data.values()

    # Both sensors look again, and again.
    def looked(name: str) -> float:
        [state] = [state for state in aigap.instance.all_instigator_state() if state.name == name]
        return float(getattr(state.instigator_data, "last_tick_timestamp", None) or 0)

    for _ in range(2):
        for name in ("build_on_new_bytes", "tell_of_failure"):
            last = looked(name)
            wait_until(lambda name=name, last=last: looked(name) > last, f"{name} looks", aigap.check_alive)
    skipped = sensor_ticks(aigap, "build_on_new_bytes")[0].skip_reason or ""
    assert f"run {stopped} of exactly these inputs was stopped" in skipped
    assert build_ids(aigap) - known == {stopped}
    assert len(notices()) == 1
    assert (published_name(aigap.data), release_names(aigap.data)) == (before, kept)


def test_services_warn_of_nothing_that_is_to_go_or_to_change(aigap: Services) -> None:
    for name in (CODE, WEB, DAEMON):
        said = aigap.log(name).read_text(encoding="utf-8", errors="replace")
        assert said
        for kind in ("DeprecationWarning", "BetaWarning", "PreviewWarning", "SupersessionWarning"):
            found = [line for line in said.splitlines() if kind in line]
            assert found == [], name

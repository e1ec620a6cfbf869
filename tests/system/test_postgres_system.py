"""Dagster's records in PostgreSQL, as dagster.postgres.yaml sets them up: a real server, asked past Dagster."""

from __future__ import annotations

import json
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fixtures.clone import (
    DONE,
    REPOSITORY,
    STOPPED,
    Clone,
    clone,
    one_line,
    published_name,
    release_names,
    stopped_at,
)
from tests.fixtures.postgres import Postgres, postgres
from tests.fixtures.services import CODE, DAEMON, services, wait_until
from tests.fixtures.web import Web, answer, web
from tests.system.test_daemon_system import LISTING, listing

pytestmark = [pytest.mark.system, pytest.mark.timeout(1800)]
VARIABLE = "AIGAP_POSTGRES_URL"


@pytest.fixture(scope="module")
def database() -> Iterator[Postgres]:
    with postgres() as server:
        yield server


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return clone(tmp_path_factory.mktemp("postgres") / "aigap")


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """As the file itself says: a folder with a copy of it."""
    folder = tmp_path_factory.mktemp("etc-aigap")
    shutil.copy(REPOSITORY / "dagster.postgres.yaml", folder / "dagster.yaml")
    return folder


@pytest.fixture(scope="module")
def data(here: Clone, home: Path, database: Postgres, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A release that `aigap refresh` made with its records in the database."""
    folder = tmp_path_factory.mktemp("data") / "data"
    environment = {"DAGSTER_HOME": str(home), VARIABLE: database.url}
    done = here.run("refresh", data=folder, environment=environment)
    assert (done.returncode, done.stderr) == (DONE, "")
    return folder


@pytest.fixture(scope="module")
def site() -> Iterator[Web]:
    with web() as site:
        yield site


def sqlite_files(folder: Path) -> list[Path]:
    return [path for path in folder.rglob("*") if path.suffix in (".db", ".sqlite", ".sqlite3")]


def test_refresh_keeps_its_run_in_the_database(
    here: Clone, home: Path, data: Path, database: Postgres
) -> None:
    assert database.rows("SELECT pipeline_name, status FROM runs") == [("build", "SUCCESS")]
    kinds = dict(database.rows("SELECT dagster_event_type, count(*) FROM event_logs GROUP BY 1"))
    assert kinds["STEP_SUCCESS"] > 0
    assert kinds["ASSET_MATERIALIZATION"] > 0
    assert kinds["ASSET_CHECK_EVALUATION"] > 0
    assert sqlite_files(home) == []
    assert sqlite_files(here.root) == []


def test_schedule_sensor_and_queue_keep_theirs_there_too(
    here: Clone, home: Path, data: Path, database: Postgres, site: Web, tmp_path: Path
) -> None:
    before = published_name(data)
    (tmp_path / "addresses.json").write_text(json.dumps({"https://": site.address("/")}), encoding="utf-8")
    site.says(LISTING, answer(listing(here)))
    with services(
        here,
        home,
        data,
        CODE,
        DAEMON,
        AIGAP_POSTGRES_URL=database.url,
        AIGAP_AUTOMATION="on",
        AIGAP_CRON_DAILY="* * * * *",
        AIGAP_SENSOR_SECONDS="1",
        AIGAP_ADDRESS_OVERRIDES=str(tmp_path / "addresses.json"),
        AIGAP_ALLOW_PRIVATE="1",
    ) as aigap:
        wait_until(
            lambda: published_name(data) != before, "the sensor's build is published", aigap.check_alive
        )
        done = "SELECT count(*) = 2 FROM runs WHERE pipeline_name = 'build' AND status = 'SUCCESS'"
        wait_until(lambda: database.rows(done) == [(True,)], "the build ends", aigap.check_alive)

    jobs = {
        name for (name,) in database.rows("SELECT DISTINCT pipeline_name FROM runs WHERE status = 'SUCCESS'")
    }
    assert "build" in jobs
    states = {kind for (kind,) in database.rows("SELECT DISTINCT instigator_type FROM instigators")}
    assert states == {"SCHEDULE", "SENSOR"}
    ticks = dict(database.rows("SELECT type, count(*) FROM job_ticks WHERE status = 'SUCCESS' GROUP BY 1"))
    assert set(ticks) == {"SCHEDULE", "SENSOR"}
    assert database.rows("SELECT count(*) > 0 FROM daemon_heartbeats") == [(True,)]
    assert sqlite_files(home) == []
    assert sqlite_files(here.root) == []
    # The files of runs are the only thing that is not in the database.
    assert {path.name for path in (home / ".dagster").iterdir()} <= {
        "alive",
        "storage",
        "history",
        "schedules",
    }


@pytest.mark.parametrize("when", ["building", "observations"])
def test_database_that_is_gone_costs_no_build(
    here: Clone, home: Path, data: Path, database: Postgres, when: str
) -> None:
    """Before the first record, and in the middle of the run."""
    before = published_name(data)
    if not database.is_running():
        database.start()
    environment = {"DAGSTER_HOME": str(home), VARIABLE: database.url}
    with here.start("refresh", "--force", data=data, options=("-u",), environment=environment) as process:
        with stopped_at(process, when):
            database.stop()
        out, err = process.communicate()
    assert process.returncode == DONE, out + err
    said = one_line(err)
    assert f"the run history in {home} is out of reach" in said
    assert "Connection refused" in said
    assert "this run goes on without it; start the database" in said
    assert "only-a-test" not in said
    assert published_name(data) != before


def test_database_that_is_not_named_is_reported_in_one_line_and_changes_nothing(
    here: Clone, home: Path, data: Path
) -> None:
    before, kept = published_name(data), release_names(data)
    stopped = here.run("refresh", "--force", data=data, environment={"DAGSTER_HOME": str(home)})
    assert stopped.returncode == STOPPED
    assert f"{home / 'dagster.yaml'} cannot be used ({VARIABLE} is not set)" in one_line(stopped.stderr)
    assert (published_name(data), release_names(data)) == (before, kept)

"""What happens on its own, piece by piece: schedules, the sensor's reasons, who is told, what is tidied up."""

from __future__ import annotations

import contextlib
import importlib
import json
import logging
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import dagster as dg
import duckdb
import pytest
import yaml
from dagster._core.launcher import WorkerStatus
from typer.testing import CliRunner

from pipelines import cli, launcher
from pipelines.cli import refresh
from pipelines.cli.console import console
from pipelines.definitions import defs
from pipelines.defs import asset_checks, automation, housekeeping
from pipelines.defs.source_assets import ASKED, DAILY, MONTHLY, how_often, live_sources, source_key
from pipelines.runtime import executors, notify
from sources.contract.source import Source
from sources.errors import AigapError, UsageError
from sources.ingestion import collect
from sources.ingestion.archive import Archive
from sources.registry import all_sources
from tests.fixtures import make
from tests.fixtures.web import Web, answer, web
from warehouse import release
from warehouse.builder import checks
from warehouse.builder.inputs import release_hash
from warehouse.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]
PAGES = automation.present_what_is_published
Status = dg.DagsterRunStatus
NOTICE = notify.Notice("build", "1234", ("core_checks: an unknown model",), "aigap-1", "here")


# Schedules


def asked_by(schedule: dg.ScheduleDefinition) -> list[dg.AssetKey]:
    told = schedule.evaluate_tick(dg.build_schedule_context(scheduled_execution_time=datetime.now(UTC)))
    [request] = told.run_requests or []
    assert request.tags["aigap/often"] == schedule.name.removeprefix("collect_")
    return list(request.asset_selection or [])


def collecting() -> list[dg.ScheduleDefinition]:
    return [schedule for schedule in automation.schedules if schedule.name.startswith("collect_")]


def test_every_live_source_is_asked_by_exactly_one_schedule() -> None:
    asked = [key for schedule in collecting() for key in asked_by(schedule)]
    assert len(asked) == len(set(asked))
    assert set(asked) == {source_key(source) for source in all_sources() if collect.live_requests(source)}


def test_source_is_asked_at_least_as_often_as_it_changes() -> None:
    longest = dict(ASKED)
    by_name = {schedule.name: asked_by(schedule) for schedule in collecting()}
    days = {DAILY: 1, "weekly": 7, MONTHLY: 31}
    for source in live_sources:
        [name] = [name for name, keys in by_name.items() if source_key(source) in keys]
        often = name.removeprefix("collect_")
        if source.cadence is None:
            assert often == MONTHLY, source.id
        else:
            assert timedelta(days=days[often]) <= source.cadence <= longest[often], source.id


def test_schedules_and_sensors_are_off_until_somebody_turns_them_on() -> None:
    assert {schedule.default_status for schedule in automation.schedules} == {
        dg.DefaultScheduleStatus.STOPPED
    }
    sensors = [automation.build_on_new_bytes, automation.tell_of_failure]
    assert {sensor.default_status for sensor in sensors} == {dg.DefaultSensorStatus.STOPPED}


@pytest.mark.parametrize("chosen", ["soon", "0", "-1", "1.5"])
def test_wrong_interval_of_the_sensors_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    monkeypatch.setenv("AIGAP_SENSOR_SECONDS", chosen)
    with pytest.raises(UsageError, match=f"^AIGAP_SENSOR_SECONDS is '{chosen}'; expected a whole number"):
        automation.seconds_between_looks()


# The sensor


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    """A data folder with one release of what is in it."""
    monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path / "data"))
    made = Workspace.from_environment()
    publish(made)
    return made


@pytest.fixture
def instance() -> Iterator[dg.DagsterInstance]:
    with dg.DagsterInstance.ephemeral() as made:
        yield made


def publish(workspace: Workspace) -> release.Release:
    workspace.staging.mkdir(parents=True, exist_ok=True)
    candidate = workspace.staging / "candidate.duckdb"
    duckdb.connect(str(candidate)).close()
    return release.publish(workspace, candidate, release.new(workspace, release_hash(workspace), {}))


def new_bytes(workspace: Workspace, text: str = "1") -> str:
    """Something in the archive that no release was built from; the hash of all inputs now."""
    made = make.snapshot("lmarena_hf", make.hf() + text.encode())
    Archive(workspace.archive).put(made.body, made.receipt)
    return release_hash(workspace)


def looks(
    instance: dg.DagsterInstance, sensor: dg.SensorDefinition = automation.build_on_new_bytes
) -> dg.RunRequest | str:
    """What the sensor asks for, or why it asks for nothing."""
    told = sensor(dg.build_sensor_context(instance=instance))
    if isinstance(told, dg.RunRequest):
        return told
    assert isinstance(told, dg.SkipReason)
    return str(told.skip_message)


def run_of(instance: dg.DagsterInstance, job: str, status: Status, input_hash: str = "") -> dg.DagsterRun:
    """The record of a run whose process says nothing more."""
    tags = {automation.INPUTS: input_hash} if input_hash else {}
    return instance.add_run(
        dg.DagsterRun(job_name=job, run_id=dg._core.utils.make_new_run_id(), status=status, tags=tags)
    )


def run_with(instance: dg.DagsterInstance, input_hash: str, error: BaseException) -> str:
    """A run of `build` one of whose steps ends with ``error``."""

    @dg.op
    def step() -> None:
        raise error

    @dg.job(name="build", executor_def=dg.in_process_executor)
    def build() -> None:
        step()

    quiet = {"loggers": {"console": {"config": {"log_level": "CRITICAL"}}}}
    with contextlib.suppress(dg.DagsterExecutionInterruptedError):
        build.execute_in_process(
            instance=instance, raise_on_error=False, tags={automation.INPUTS: input_hash}, run_config=quiet
        )
    return instance.get_runs(limit=1)[0].run_id


def test_nothing_new_starts_nothing(workspace: Workspace, instance: dg.DagsterInstance) -> None:
    told = looks(instance)
    assert isinstance(told, str)
    assert told.startswith("nothing new: aigap-")


def test_new_bytes_start_one_build_of_exactly_these(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    input_hash = new_bytes(workspace)
    told = looks(instance)
    assert isinstance(told, dg.RunRequest)
    assert told.tags[automation.INPUTS] == input_hash
    assert told.run_key == f"{input_hash}/0"
    # A daemon that asks twice before the run is there asks for the same run.
    again = looks(instance)
    assert isinstance(again, dg.RunRequest)
    assert again.run_key == told.run_key


def test_release_that_a_person_took_back_is_not_made_again(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    first = release.current(workspace)
    assert first is not None
    new_bytes(workspace)
    publish(workspace)
    release.rollback(workspace, first.name)
    told = looks(instance)
    assert isinstance(told, str)
    assert "rolled back by a person" in told


@pytest.mark.parametrize("job", ["collect", "build"])
@pytest.mark.parametrize("status", [Status.NOT_STARTED, Status.STARTING, Status.STARTED, Status.CANCELING])
def test_run_at_work_is_waited_for(
    workspace: Workspace, instance: dg.DagsterInstance, job: str, status: Status
) -> None:
    new_bytes(workspace)
    run_of(instance, job, status)
    assert looks(instance) == f"{job} is at work"


def test_inputs_that_a_step_or_check_stopped_are_not_tried_again(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    stopped = run_with(instance, new_bytes(workspace), ValueError("an unknown model near the top"))
    told = looks(instance)
    assert isinstance(told, str)
    assert told.startswith(f"run {stopped} of exactly these inputs was stopped by a step or a check")
    # Other inputs are another matter.
    other = new_bytes(workspace, "2")
    again = looks(instance)
    assert isinstance(again, dg.RunRequest)
    assert again.tags[automation.INPUTS] == other


def test_build_that_a_person_cancelled_is_not_begun_again(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    run_of(instance, "build", Status.CANCELED, new_bytes(workspace))
    told = looks(instance)
    assert isinstance(told, str)
    assert "cancelled by a person" in told


@pytest.mark.parametrize(
    "error",
    [None, dg.DagsterExecutionInterruptedError(), RuntimeError("INTERRUPT Error: Query interrupted")],
    ids=["killed", "told to leave", "told to leave during a query"],
)
def test_build_that_died_is_tried_again_three_times_at_most(
    workspace: Workspace, instance: dg.DagsterInstance, error: BaseException | None
) -> None:
    input_hash = new_bytes(workspace)
    for number in range(automation.ATTEMPTS):
        told = looks(instance)
        assert isinstance(told, dg.RunRequest), number
        # Another key, or Dagster would take it for the run it has started already.
        assert told.run_key == f"{input_hash}/{number}"
        if error is None:
            instance.report_run_failed(run_of(instance, "build", Status.STARTED, input_hash))
        else:
            run_with(instance, input_hash, error)
    assert looks(instance) == "3 runs of exactly these inputs died; a person should look"


def presentation(instance: dg.DagsterInstance, status: Status, asked: dg.RunRequest | str) -> dg.DagsterRun:
    """The record of the run that was asked for."""
    assert isinstance(asked, dg.RunRequest)
    run_id = dg._core.utils.make_new_run_id()
    return instance.add_run(dg.DagsterRun("present", run_id=run_id, status=status, tags=asked.tags))


def test_pages_that_died_are_written_again_three_times_at_most(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    keys = set()
    for _ in range(automation.ATTEMPTS):
        asked = looks(instance, PAGES)
        assert isinstance(asked, dg.RunRequest)
        keys.add(asked.run_key)
        run = presentation(instance, Status.STARTED, asked)
        assert looks(instance, PAGES) == "present is at work"
        instance.report_run_failed(run)
    assert len(keys) == automation.ATTEMPTS
    assert looks(instance, PAGES) == "3 runs of exactly this release died; a person should look"
    # Another release is another matter.
    publish(workspace)
    assert isinstance(looks(instance, PAGES), dg.RunRequest)


def test_pages_are_written_once_for_each_move_of_the_link(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    first = release.current(workspace)
    assert first is not None
    presentation(instance, Status.SUCCESS, looks(instance, PAGES))
    assert looks(instance, PAGES) == f"nothing new: {first.name} is presented"
    new_bytes(workspace)
    publish(workspace)
    presentation(instance, Status.SUCCESS, looks(instance, PAGES))
    release.rollback(workspace, first.name)
    assert isinstance(looks(instance, PAGES), dg.RunRequest)


# Who is told


def test_log_is_told_in_one_line_with_its_fields(caplog: pytest.LogCaptureFixture) -> None:
    notify.tell(NOTICE)
    [record] = caplog.records
    assert record.getMessage() == (
        "build failed: core_checks: an unknown model; aigap-1 stays published (run 1234)"
    )
    assert (record.levelno, record.__dict__["run_id"]) == (logging.ERROR, "1234")


def test_notice_says_why_each_step_failed_and_what_stays_published(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    run_id = run_with(instance, "x", UsageError("two lines\nof it", "one"))
    run = instance.get_run_by_id(run_id)
    assert run is not None
    now = release.current(workspace)
    assert now is not None
    told = automation.notice_of(instance, run, "Steps failed")
    assert told.reasons == ("step: sources.errors.UsageError: two lines",)
    assert told.published == now.name
    silent = run_of(instance, "build", Status.FAILURE)
    assert automation.notice_of(instance, silent, "Its process ended").reasons == ("Its process ended",)


def test_notice_says_what_the_check_found_that_stopped_the_run(
    workspace: Workspace, instance: dg.DagsterInstance
) -> None:
    @dg.asset(
        check_specs=[
            dg.AssetCheckSpec("near_top", asset="scores", blocking=True),
            dg.AssetCheckSpec("stale", asset="scores"),
        ]
    )
    def scores() -> Iterator[Any]:
        yield dg.Output(None)
        yield dg.AssetCheckResult(check_name="near_top", passed=False, description="unknown model zeta-1")
        yield dg.AssetCheckResult(check_name="stale", passed=False, description="only a warning")

    done = dg.materialize([scores], instance=instance, raise_on_error=False)
    assert not done.success
    told = automation.notice_of(instance, done.dagster_run, "Steps failed")
    assert told.reasons == ("unknown model zeta-1",)


def test_webhook_gets_the_notice_as_json(monkeypatch: pytest.MonkeyPatch) -> None:
    with web() as site:
        monkeypatch.setenv(notify.WEBHOOK, site.says("/hook", answer(b"ok")))
        notify.tell(NOTICE)
        [(path, body)] = site.posted
    told = json.loads(body)
    assert path == "/hook"
    assert told["text"] == NOTICE.line()
    assert (told["job"], told["run_id"], told["reasons"]) == ("build", "1234", list(NOTICE.reasons))


@pytest.fixture
def hook(monkeypatch: pytest.MonkeyPatch) -> Iterator[Web]:
    """A webhook that hears everything, and is asked again at once."""
    monkeypatch.setattr(notify, "WAITS", (0, 0))
    with web() as site:
        monkeypatch.setenv(notify.WEBHOOK, site.says("/hook", answer(b"ok")))
        yield site


def heard(hook: Web) -> list[tuple[str, list[str]]]:
    """The job and the reasons of each notice."""
    told = [json.loads(body) for _, body in hook.posted]
    return [(notice["job"], notice["reasons"]) for notice in told]


@pytest.mark.parametrize("status", [429, 500, 503])
def test_webhook_that_is_away_for_a_moment_is_told_all_the_same(
    hook: Web, caplog: pytest.LogCaptureFixture, status: int
) -> None:
    hook.says("/hook", answer(b"later", status), answer(b"later", status), answer(b"ok"))
    notify.tell(NOTICE)
    assert heard(hook) == [("build", list(NOTICE.reasons))] * 3
    assert caplog.records == []


def test_webhook_that_stays_away_is_given_up(hook: Web, caplog: pytest.LogCaptureFixture) -> None:
    hook.says("/hook", answer(b"never", 503))
    notify.tell(NOTICE)
    assert len(hook.posted) == 1 + len(notify.WAITS)
    assert caplog.records[-1].getMessage().endswith("telling 127.0.0.1 failed: status 503")


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one's own; runs of the command are in this process and in memory only."""
    monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv(executors.VARIABLE, executors.IN_PROCESS)
    return tmp_path


def test_refresh_tells_once_that_every_source_failed(
    at_home: Path, hook: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    (at_home / "addresses.json").write_text(json.dumps({"https://": hook.address("/")}), encoding="utf-8")
    monkeypatch.setenv(collect.OVERRIDES, str(at_home / "addresses.json"))
    monkeypatch.setenv("AIGAP_ALLOW_PRIVATE", "1")
    assert refresh.refresh(True, ["aider"], False, console()) == 1
    [(job, reasons)] = heard(hook)
    assert job == "collect"
    assert reasons[0] == "every source failed"
    assert len(reasons) == 2
    assert "aider" in reasons[1]


def test_refresh_tells_that_the_pages_failed(at_home: Path, hook: Web) -> None:
    assert refresh._present(Workspace.from_environment(), console()) == 1
    [(job, reasons)] = heard(hook)
    assert job == "present"
    assert any("nothing is published" in reason for reason in reasons)


def test_refresh_tells_that_the_run_history_cannot_be_written(at_home: Path, hook: Web) -> None:
    (at_home / "dagster.yaml").write_text(
        "storage:\n  sqlite:\n    base_dir: taken/below\n", encoding="utf-8"
    )
    (at_home / "taken").write_text("a file", encoding="utf-8")
    with pytest.raises(AigapError, match="the run history in"):
        refresh.refresh(False, [], False, console())
    [(job, [reason])] = heard(hook)
    assert job == "refresh"
    assert reason.startswith("the run history in")


def test_refresh_tells_of_an_earlier_one_that_was_killed(
    workspace: Workspace, instance: dg.DagsterInstance, hook: Web
) -> None:
    run_of(instance, "build", Status.STARTED)
    for _ in range(2):
        refresh._bury(instance, {})
    assert heard(hook) == [("build", ["its process ended without a word"])]


def test_refresh_of_a_past_day_leaves_no_run_and_heeds_no_wish_for_pages(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch the day's figures and its fresh release shown as those of the live assets."""
    (at_home / "dagster.yaml").write_text("storage:\n  sqlite:\n    base_dir: records\n", encoding="utf-8")
    monkeypatch.setenv(automation.PAGES, "on")
    # The build is stopped after its first assets, by a body that is damaged.
    archive = Archive(Workspace.from_environment().archive)
    made = make.snapshot("lmarena_hf", make.hf(), at=datetime(2025, 6, 1, tzinfo=UTC))
    archive.blob_of(archive.put(made.body, made.receipt)).write_bytes(b"damaged")
    run = CliRunner().invoke(cli.app, ["refresh", "--as-of", "2025-06-30"])
    assert (run.exit_code, run.exception.__class__) == (1, SystemExit), run.output
    assert "the release was stopped" in run.output
    assert not (at_home / "records").exists()
    typed = CliRunner().invoke(cli.app, ["refresh", "--as-of", "2025-06-30", "--pages"])
    assert isinstance(typed.exception, UsageError)
    assert typed.exception.found == "--pages with --as-of"


@pytest.mark.parametrize("there", [True, False], ids=["refuses", "is not there"])
def test_webhook_that_fails_costs_nothing_and_gives_away_nothing(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, there: bool
) -> None:
    caplog.set_level(logging.INFO)
    monkeypatch.setattr(notify, "WAITS", (0, 0))
    with web() as site:
        port = site.port if there else 9
        address = f"http://somebody:passw0rd@127.0.0.1:{port}/services/T0/B0/secretpath?token=s3cret#sign"
        monkeypatch.setenv(notify.WEBHOOK, address)
        notify.tell(NOTICE)
        assert len(site.posted) == there
    [record] = [record for record in caplog.records if record.name == "aigap.notify"]
    told = record.getMessage()
    assert told.startswith(NOTICE.line())
    assert told.endswith("telling 127.0.0.1 failed: " + ("status 404" if there else "ConnectionError"))
    for secret in ("somebody", "passw0rd", "secretpath", "s3cret", "sign"):
        assert secret not in caplog.text


@pytest.mark.parametrize("address", ["no address", "http://[", "ftp://example.org/secret"])
def test_webhook_that_is_no_address_is_logged_with_the_notice(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, address: str
) -> None:
    monkeypatch.setenv(notify.WEBHOOK, address)
    notify.tell(NOTICE)
    assert NOTICE.line() in caplog.text
    assert "secret" not in caplog.text


def test_notifier_of_a_site_is_called(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    (tmp_path / "our_site.py").write_text(
        "told = []\nclass Pager:\n    def send(self, notice):\n        told.append(notice)\n",
        encoding="utf-8",
    )
    monkeypatch.syspath_prepend(tmp_path)
    monkeypatch.setenv(notify.PLUGIN, "our_site:Pager")
    notify.tell(NOTICE)
    import our_site

    assert our_site.told == [NOTICE]


@pytest.mark.parametrize("name", ["no_such_module:Pager", "json:Pager", "json", ":Pager", "json:loads"])
def test_notifier_that_is_not_there_is_told_in_one_line_with_the_notice(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture, name: str
) -> None:
    monkeypatch.setenv(notify.PLUGIN, name)
    with pytest.raises(UsageError) as refused:
        notify.chosen()
    line = refused.value.line()
    assert line.startswith(f"{notify.PLUGIN} is {name!r}")
    assert "package.module:name" in line
    assert "\n" not in line
    notify.tell(NOTICE)
    assert NOTICE.line() in caplog.text


# Engines


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("AIGAP_EXECUTOR", "celery", "AIGAP_EXECUTOR is 'celery'; expected one of in_process, multiprocess"),
        ("AIGAP_EXECUTOR", "dask", "AIGAP_DASK_SCHEDULER is not set; expected tcp://HOST:PORT"),
        ("AIGAP_PARTS", "many", "AIGAP_PARTS is 'many'; expected a whole number from 1 to 256"),
        ("AIGAP_PARTS", "0", "AIGAP_PARTS is '0'; expected a whole number from 1 to 256"),
        ("AIGAP_PARTS", "257", "AIGAP_PARTS is '257'; expected a whole number from 1 to 256"),
    ],
)
def test_wrong_choice_of_an_engine_is_told_in_one_line(
    monkeypatch: pytest.MonkeyPatch, variable: str, value: str, told: str
) -> None:
    monkeypatch.delenv("AIGAP_DASK_SCHEDULER", raising=False)
    monkeypatch.setenv(variable, value)
    with pytest.raises(UsageError) as refused:
        executors.executor() if variable == "AIGAP_EXECUTOR" else executors.parts()
    assert refused.value.line().startswith(told)
    assert "\n" not in refused.value.line()


#: A run that shows that it lives, until it is killed.
LIVING = """
import sys, dagster as dg
from pipelines import launcher
with dg.DagsterInstance.local_temp(sys.argv[1]) as instance, launcher.alive(instance, sys.argv[2]):
    print("alive", flush=True)
    sys.stdin.read()
"""


def test_run_whose_process_is_gone_is_known_to_be_dead(tmp_path: Path) -> None:
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
        with launcher.alive(instance, run.run_id):
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


def test_run_goes_on_where_it_cannot_show_that_it_lives(tmp_path: Path) -> None:
    """Would catch every run of a cluster failing, whose pods may not write to Dagster's own folder."""
    (tmp_path / "alive").write_text("in the way", encoding="utf-8")
    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance, launcher.alive(instance, "a-run"):
        assert not launcher.is_dead(instance, "a-run")


@pytest.mark.parametrize("name", ["dagster.yaml", "dagster.postgres.yaml"])
def test_settings_name_the_launcher_that_looks_whether_runs_live(name: str) -> None:
    settings = yaml.safe_load((REPOSITORY / name).read_text(encoding="utf-8"))
    named = settings["run_launcher"]
    assert getattr(importlib.import_module(named["module"]), named["class"]) is launcher.WatchfulLauncher
    assert settings["run_monitoring"]["enabled"]


# What is known of the assets


def test_every_asset_says_whose_it_is_what_it_is_and_of_which_code() -> None:
    specs = list(defs.resolve_all_asset_specs())
    assert len(specs) > 40
    for spec in specs:
        name = spec.key.to_user_string()
        assert spec.group_name not in (None, "default"), name
        assert list(spec.owners) == ["team:aigap"], name
        assert spec.kinds, name
        assert spec.code_version, name
        assert len(spec.description or "") > 20, name


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.id)
def test_source_carries_its_licence_and_address_and_how_fresh_it_must_be(source: Source) -> None:
    [spec] = [spec for spec in defs.resolve_all_asset_specs() if spec.key == source_key(source)]
    metadata: dict[str, Any] = {name: value.value for name, value in spec.metadata.items()}
    assert metadata["licence"] == source.origin.licence
    assert metadata["address"] == source.origin.address
    assert metadata["producer"] == source.origin.producer
    if collect.live_requests(source):
        assert spec.freshness_policy is not None
        assert spec.tags["aigap/asked"] == how_often(source)
    else:
        assert spec.freshness_policy is None
        assert spec.tags["aigap/asked"] == "never"


def test_broken_key_shows_its_rows_and_the_query_that_finds_them() -> None:
    query = "SELECT name, count(*) AS rows FROM core.models GROUP BY ALL HAVING count(*) > 1"
    declared = checks.Check("key_core_models", "block", "core.models", "one row a model", query, True)
    broken = checks.Result(declared, 1, [{"name": "zeta-1", "rows": 2}])
    [told] = asset_checks._results([broken], asset_checks.CORE_TABLE)
    rows, sql = (told.metadata[f"key_core_models: {name}"] for name in ("first_failing_rows", "sql"))
    assert isinstance(rows, dg.TableMetadataValue)
    assert rows.records[0].data == {"name": "zeta-1", "rows": 2}
    assert query in str(sql.value)


# Housekeeping


def test_housekeeping_removes_old_runs_but_the_newest_of_each_asset(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    @dg.asset
    def often() -> None: ...

    @dg.asset
    def once() -> dg.MaterializeResult[None]:
        return dg.MaterializeResult(metadata={"rows": 7})

    @dg.asset(partitions_def=dg.StaticPartitionsDefinition(["a", "b"]))
    def dated() -> None: ...

    failing = False

    @dg.asset
    def lately_failing() -> None:
        assert not failing

    def run(instance: dg.DagsterInstance, asset: dg.AssetsDefinition, of: str | None = None) -> str:
        return dg.materialize([asset], instance=instance, raise_on_error=False, partition_key=of).run_id

    with dg.DagsterInstance.local_temp(str(tmp_path)) as instance:
        old = [run(instance, once), run(instance, often), run(instance, often), run(instance, lately_failing)]
        parts = [run(instance, dated, "a"), run(instance, dated, "b")]
        failing = True
        failed = [run(instance, lately_failing), run(instance, lately_failing)]
        going_on = run_of(instance, "collect", Status.STARTED).run_id
        long_ago = (datetime.now(UTC) - timedelta(days=91)).replace(tzinfo=None)
        [records] = tmp_path.rglob("runs.db")
        with closing(sqlite3.connect(records)) as connection, connection:
            connection.execute("UPDATE runs SET update_timestamp = ?", [str(long_ago)])
        new = run(instance, often)

        done = housekeeping.housekeeping.execute_in_process(instance=instance)

        assert done.success
        left = {run.run_id for run in instance.get_runs()}
        # `once` was last made by the first, `often` by the new one; of the third the last good and the last.
        assert left == {old[0], old[3], *parts, failed[1], going_on, new, done.run_id}
        # The one that waits for a process has said nothing yet, so it has no file.
        files = {path.stem.partition(".")[0] for path in tmp_path.rglob("*.db*")}
        assert files - {"index", "runs", "schedules"} == left - {going_on}
        assert instance.get_materialized_partitions(dated.key) == {"a", "b"}
        event = instance.get_latest_materialization_event(dg.AssetKey("once"))
        assert event is not None
        assert event.asset_materialization is not None
        assert event.asset_materialization.metadata["rows"].value == 7

        monkeypatch.setenv("AIGAP_KEEP_RUNS_DAYS", "some")
        with pytest.raises(UsageError, match="AIGAP_KEEP_RUNS_DAYS is 'some'; expected a whole number"):
            housekeeping.keep_days()

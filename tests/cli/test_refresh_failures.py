"""`aigap refresh` sends a notice of what fails, and a past day leaves no run."""

from __future__ import annotations

import json
from datetime import UTC, datetime
from pathlib import Path

import dagster as dg
import pytest
from typer.testing import CliRunner

from pipelines import cli
from pipelines.cli import job_runs, refresh
from pipelines.cli.console import console
from pipelines.defs import switches
from pipelines.runtime import executors
from sources.errors import AigapError, UsageError
from sources.ingestion.address_overrides import OVERRIDES
from sources.ingestion.archive import Archive
from tests.fixtures import bodies
from tests.fixtures.runs import Status, heard, run_of
from tests.fixtures.web import Web
from warehouse.workspace import Workspace


@pytest.fixture
def at_home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A data folder of one's own; runs of the command are in this process and in memory only."""
    monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path / "data"))
    monkeypatch.setenv("DAGSTER_HOME", str(tmp_path))
    monkeypatch.setenv(executors.VARIABLE, executors.IN_PROCESS)
    return tmp_path


def test_one_notice_when_every_source_failed(
    at_home: Path, hook: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    (at_home / "addresses.json").write_text(json.dumps({"https://": hook.address("/")}), encoding="utf-8")
    monkeypatch.setenv(OVERRIDES, str(at_home / "addresses.json"))
    monkeypatch.setenv("AIGAP_ALLOW_PRIVATE", "1")
    assert refresh.refresh(True, ["aider"], False, console()) == 1
    [(job, reasons)] = heard(hook)
    assert job == "collect"
    assert reasons[0] == "every source failed"
    assert len(reasons) == 2
    assert "aider" in reasons[1]


def test_notice_when_the_pages_failed(at_home: Path, hook: Web) -> None:
    assert refresh.present(Workspace.from_environment(), console()) == 1
    [(job, reasons)] = heard(hook)
    assert job == "present"
    assert any("nothing is published" in reason for reason in reasons)


def test_notice_when_dagster_yaml_cannot_be_used(at_home: Path, hook: Web) -> None:
    (at_home / "dagster.yaml").write_text("storage: {sqlite: {folder: kept}}", encoding="utf-8")
    with pytest.raises(AigapError, match="cannot be used"):
        refresh.refresh(False, [], False, console())
    [(job, [reason])] = heard(hook)
    assert job == "refresh"
    assert reason.startswith(str(at_home / "dagster.yaml"))


def test_notice_of_an_earlier_run_that_was_killed(
    workspace: Workspace, instance: dg.DagsterInstance, hook: Web
) -> None:
    run_of(instance, "build", Status.STARTED)
    for _ in range(2):
        job_runs.close_killed_runs(instance, {})
    assert heard(hook) == [("build", [job_runs.KILLED])]


def test_refresh_of_a_past_day_leaves_no_run_and_ignores_aigap_pages(
    at_home: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch the day's figures and its fresh release shown as those of the live assets."""
    (at_home / "dagster.yaml").write_text("storage:\n  sqlite:\n    base_dir: records\n", encoding="utf-8")
    monkeypatch.setenv(switches.PAGES, "on")
    # The build is stopped after its first assets, by a body that is damaged.
    archive = Archive(Workspace.from_environment().archive)
    snapshot = bodies.snapshot("lmarena_hf", bodies.hf(), at=datetime(2025, 6, 1, tzinfo=UTC))
    archive.blob_of(archive.put(snapshot.body, snapshot.receipt)).write_bytes(b"damaged")
    run = CliRunner().invoke(cli.application(), ["refresh", "--as-of", "2025-06-30"])
    assert (run.exit_code, run.exception.__class__) == (1, SystemExit), run.output
    assert "the release was stopped" in run.output
    assert not (at_home / "records").exists()
    typed = CliRunner().invoke(cli.application(), ["refresh", "--as-of", "2025-06-30", "--pages"])
    assert isinstance(typed.exception, UsageError)
    assert typed.exception.found == "--pages with --as-of"

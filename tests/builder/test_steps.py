"""The steps of a build, called one by one: whose staged inputs they take, and what is never published unchecked."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from sources.errors import UsageError
from tests.fixtures import warehouses
from warehouse.builder import graph, steps
from warehouse.workspace import Workspace


def history_of_one_board(folder: Path) -> Path:
    board = warehouses.printed(warehouses.OFFICIAL, "2025-01-05", warehouses.field_of(1300, 1280))
    return warehouses.write_history(folder, [board])


def test_inputs_that_another_run_staged_are_refused(tmp_path: Path) -> None:
    """Would catch a run that goes on with the candidate of the one that came between."""
    workspace = Workspace(tmp_path / "data")
    steps.stage(workspace, history_of_one_board(tmp_path / "history"), run_id="the-other-run")
    with pytest.raises(UsageError, match="is of run the-other-run; expected the run mine"):
        steps.staged(workspace, ["mine"])
    assert steps.staged(workspace, ["mine", "the-other-run"]).run_id == "the-other-run"


def test_a_build_removes_earlier_builds_and_nothing_of_others(tmp_path: Path) -> None:
    """Would catch a folder that a person put there removed, or candidates of killed runs kept for ever."""
    workspace, history = Workspace(tmp_path / "data"), history_of_one_board(tmp_path / "history")
    killed = steps.stage(workspace, history, run_id="killed")
    somebodys = workspace.staging / "to look at"
    somebodys.mkdir()
    now = steps.stage(workspace, history, run_id="now")
    assert [folder.is_dir() for folder in (killed.folder, somebodys, now.folder)] == [False, True, True]


def test_a_candidate_without_its_checks_is_checked_when_it_is_published(tmp_path: Path) -> None:
    """Would catch a release that no check was run on."""
    workspace, history = Workspace(tmp_path / "data"), history_of_one_board(tmp_path / "history")
    staged = steps.stage(workspace, history, run_id="unchecked")
    steps.observe(staged, history)
    steps.core(staged)
    steps.marts(staged)
    published = steps.publish(staged)
    with duckdb.connect(str(published.path(workspace)), read_only=True) as con:
        assert con.sql("SELECT count(*) > 100 FROM meta.checks").fetchall() == [(True,)]


def test_a_relation_nothing_fills_is_found_before_anything_is_built(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a misspelt table that only DuckDB notices, half-way through a build."""
    monkeypatch.setattr(graph, "STAGED_READS", {**graph.STAGED_READS, "misspelt": ("core.nothing",)})
    with pytest.raises(graph.GraphError, match=r"misspelt reads core\.nothing, which nothing fills"):
        graph.reads.__wrapped__()

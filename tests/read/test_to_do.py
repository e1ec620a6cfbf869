"""What a person must do today, from the state that `aigap status` reports."""

from __future__ import annotations

from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from warehouse.read import status, to_do
from warehouse.read.report import report
from warehouse.read.to_do import tasks
from warehouse.workspace import Workspace

NOW = datetime(2026, 11, 30, 12, tzinfo=UTC)
WELL: dict[str, Any] = {
    "release": {"summary": {"withheld": []}},
    "held": [],
    "unreadable": [],
    "failing": [],
    "sources": [{"source_id": "s", "next_expected": "2026-12-01T00:00:00", "not_built": 0}],
    "boards": [{"board": "b", "overdue_days": 0, "asked_since": False}],
}
#: Withheld, and what is to be done about it.
NAME = {"reason": "unresolved", "is_covered": True, "csv_line": "a line"}
CONTRADICTION = {"reason": "sources_disagree", "is_covered": False, "csv_line": None}
OLD_NEWS = {"reason": "sources_disagree", "is_covered": True, "csv_line": None}


def test_nothing_is_to_do_when_nothing_is(tmp_path: Path) -> None:
    """Would catch a task every day for what only later publications mend."""
    state = WELL | {"release": {"summary": {"withheld": [OLD_NEWS]}}}
    assert tasks(Workspace(tmp_path), state, NOW) == []


@pytest.mark.parametrize(
    ("changed", "command", "what"),
    [
        ({"release": None}, "aigap refresh", "nothing is published"),
        ({"release": {"summary": {"withheld": [NAME]}}}, "aigap resolve", "1 name or maker unknown"),
        ({"release": {"summary": {"withheld": [CONTRADICTION]}}}, "aigap resolve", "1 publication is"),
        ({"held": ["x"]}, "aigap archive release SHA, or leave them", "1 series or body is held back"),
        ({"unreadable": ["x", "y"]}, "aigap archive show SOURCE", "2 archived bodies are not read"),
        ({"failing": [{"source_id": "a"}] * 2}, "aigap doctor --source a", "1 source fails (a)"),
        (
            {"sources": [{"source_id": "s", "next_expected": "2026-11-29T00:00:00", "not_built": 0}]},
            "aigap refresh --live",
            "1 source was not asked in time",
        ),
        (
            {"sources": [{"source_id": "s", "next_expected": None, "not_built": 2}]},
            "aigap refresh",
            "2 bodies came that the release does not have",
        ),
        (
            {"boards": [{"board": "b", "overdue_days": 3, "asked_since": True}]},
            "aigap status",
            "1 board brings nothing new for too long (b)",
        ),
    ],
)
def test_each_trouble_is_one_task_with_its_command(
    tmp_path: Path, changed: dict[str, Any], command: str, what: str
) -> None:
    """Would catch trouble that is told somewhere below, where nobody looks."""
    [task] = tasks(Workspace(tmp_path), WELL | changed, NOW)
    assert (task.command, task.what[: len(what)]) == (command, what)


def test_a_full_disk_comes_first(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a build that fails at night for want of room, unannounced."""
    monkeypatch.setattr(to_do, "LEAST_ROOM", 10**18)
    first, _ = tasks(Workspace(tmp_path), WELL | {"held": ["x"]}, NOW)
    assert first.what.startswith("only ")


def test_status_begins_with_it(tmp_path: Path) -> None:
    """Would catch the list below the fold, or not in what monitors read."""
    workspace = Workspace(tmp_path)
    assert status.lines_of(report(workspace))[:2] == [
        "to do today",
        "  1. nothing is published: aigap refresh (docs/runbook.md#nothing-published)",
    ]
    assert next(iter(report(workspace))) == "to_do"

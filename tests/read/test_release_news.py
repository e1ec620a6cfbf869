"""What people are told of a release: what closed, what moved, what is left out, and nothing they have heard."""

from __future__ import annotations

import json
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from pipelines.runtime import tell
from tests.fixtures import warehouses
from tests.fixtures.runs import Web, hook
from tests.fixtures.warehouses import field_of, printed, row
from warehouse import release
from warehouse.builder import steps
from warehouse.db import read_write
from warehouse.read.release_news import digest, release_news
from warehouse.release import Release
from warehouse.workspace import Workspace

__all__ = ["hook"]
UNKNOWN = row("zeta-1-omega", 1310.0, organization_name="Zeta Lab")
BOARDS = {
    "2025-01-31": field_of(1300, 1280),
    "2025-02-28": field_of(1300, 1284),
    "2025-03-31": field_of(1305, 1284),
    "2025-04-02": [*field_of(1305, 1284), UNKNOWN],
}


def published(folder: Path, days: int, *statements: str) -> Release:
    """A release of the first ``days`` boards, in one data folder for all."""
    boards = [printed(warehouses.OFFICIAL, day, lines) for day, lines in list(BOARDS.items())[:days]]
    history = warehouses.write_history(folder / f"history-{days}", boards)
    candidate = warehouses.build(Workspace(folder / "data"), history)
    candidate.con.close()
    with read_write(candidate.staged.candidate) as con:
        for statement in statements:
            con.execute(statement)
    return steps.publish(candidate.staged)


@pytest.fixture(scope="module")
def releases(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, Release, Release]:
    folder = tmp_path_factory.mktemp("news")
    before = published(folder, 3)
    lost = "INSERT INTO meta.set_aside BY NAME SELECT input_id, source_id, 3 AS row, 'a' AS name, "
    lost += "'score' AS column_name, '''n/a''' AS found, 'a number' AS expected, false AS is_cell, 2 AS rows "
    now = published(folder, 4, lost + "FROM meta.inputs ORDER BY known_at DESC LIMIT 1")
    return Workspace(folder / "data"), before, now


def test_a_closed_month_is_told_with_what_moved_it(releases: tuple[Workspace, Release, Release]) -> None:
    """Would catch a closed month told every day, an open one told as closed, or a change without its reason."""
    workspace, before, now = releases
    lines = release_news(workspace, now, before)
    closed = [line for line in lines if "closed" in line]
    assert closed == [
        "March 2025 closed (raw): the US leads by 21.0 points, gpt-4o-2024-05-13 to deepseek-r1"
    ]
    after = lines[lines.index(closed[0]) + 1 :]
    assert after[0].startswith("  +5.00 points since February 2025")
    assert after[1].startswith("  US +5.00: re-rated +5.00")
    assert after[2].startswith("  CN +0.00")


def test_what_is_withheld_and_set_aside_is_told_once(releases: tuple[Workspace, Release, Release]) -> None:
    workspace, before, now = releases
    lines = release_news(workspace, now, before)
    assert any(line.startswith("withheld: ") and "zeta-1-omega" in line for line in lines)
    assert f"set aside: {warehouses.OFFICIAL}: 2 rows more (a: score 'n/a')" in lines
    assert release_news(workspace, now, now) == []


def test_the_day_is_told_in_lines(releases: tuple[Workspace, Release, Release]) -> None:
    workspace, _, now = releases
    lines = digest(workspace, datetime.fromisoformat(now.published_at))
    assert lines[0] == f"{now.name} is published, 0 days old"
    assert "raw" in lines[1]
    assert any(line.startswith("to do: ") and "aigap resolve" in line for line in lines)
    assert any(line.startswith("withheld: ") for line in lines)
    assert any(line.startswith("set aside: ") for line in lines)
    assert digest(Workspace(workspace.data / "nothing"), datetime.now(UTC)) == ["nothing is published"]


def test_news_of_a_run_go_out_as_a_notice_with_its_release(
    releases: tuple[Workspace, Release, Release], hook: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch news of a release told by a run that did not publish it."""
    workspace, _, now = releases
    monkeypatch.setenv("AIGAP_DATA_DIR", str(workspace.data))
    release.record.write_sidecar(workspace, replace(now, run_id="the-run"))
    tell.news("another-run")
    tell.news("the-run")
    [(_, body)] = hook.posted
    notice = json.loads(body)
    assert (notice["kind"], notice["published"]) == ("release", now.name)
    assert notice["subject"] == "aigap: March 2025 closed (raw)"
    assert "  +5.00 points since February 2025" in notice["text"]

"""``latest.json`` names the file that is published, and says what a program that waits for it needs."""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from warehouse import release
from warehouse.db import read_write
from warehouse.release.latest_json import describe, repair_latest_json
from warehouse.workspace import Workspace

SUMMARY = {"latest": [{"variant": "raw", "gap_points": 12.5}], "counts": {"scores": 1}}


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """One release that says its schema version."""
    workspace = Workspace(tmp_path / "data")
    publish(workspace, "a" * 64)
    return workspace


def publish(workspace: Workspace, input_hash: str) -> release.Release:
    workspace.staging.mkdir(parents=True, exist_ok=True)
    candidate = workspace.staging / "candidate.duckdb"
    with read_write(candidate) as con:
        con.execute("CREATE SCHEMA meta; CREATE TABLE meta.release AS SELECT '1.0' AS schema_version")
    return release.publish(workspace, candidate, release.new(workspace, input_hash, SUMMARY))


def read(workspace: Workspace) -> dict[str, object]:
    content: dict[str, object] = json.loads(workspace.latest_json.read_text(encoding="utf-8"))
    return content


def test_it_describes_the_published_file(workspace: Workspace) -> None:
    now = release.current(workspace)
    assert now is not None
    file = now.path(workspace)
    assert read(workspace) == {
        "name": now.name,
        "published_at": now.published_at,
        "input_hash": "a" * 64,
        "schema_version": "1.0",
        "path": f"releases/{now.name}.duckdb",
        "size": file.stat().st_size,
        "sha256": hashlib.sha256(file.read_bytes()).hexdigest(),
        "latest": SUMMARY["latest"],
        "withheld": [],
        "previous": None,
    }


def test_it_follows_publishing_and_rolling_back(workspace: Workspace) -> None:
    first = release.current(workspace)
    assert first is not None
    second = publish(workspace, "b" * 64)
    assert (read(workspace)["name"], read(workspace)["previous"]) == (second.name, first.name)
    release.rollback(workspace)
    assert (read(workspace)["name"], read(workspace)["previous"]) == (first.name, None)


@pytest.mark.parametrize("content", ['{"name": "another"}', '{"na', "[]", None])
def test_what_a_publication_killed_at_its_end_left_is_repaired(
    workspace: Workspace, content: str | None
) -> None:
    whole = workspace.latest_json.read_bytes()
    if content is None:
        workspace.latest_json.unlink()
    else:
        workspace.latest_json.write_text(content, encoding="utf-8")
    repair_latest_json(workspace)
    assert workspace.latest_json.read_bytes() == whole


def test_without_a_release_there_is_nothing_to_repair(tmp_path: Path) -> None:
    repair_latest_json(Workspace(tmp_path))
    assert list(tmp_path.iterdir()) == []


def test_a_file_without_a_schema_version_is_described_without_it(workspace: Workspace) -> None:
    now = release.current(workspace)
    assert now is not None
    file = now.path(workspace)
    file.chmod(0o644)
    with read_write(file) as con:
        con.execute("DROP TABLE meta.release")
    assert describe(workspace, now)["schema_version"] is None


def test_the_page_for_dashboards_names_what_it_holds(workspace: Workspace) -> None:
    page = (REPOSITORY / "docs" / "dashboards.md").read_text(encoding="utf-8")
    listed = re.search(r"`latest\.json` beside the link says (.+?)\. ", page, re.S)
    assert listed is not None
    assert set(re.findall(r"`(\w+)`", listed[1])) == read(workspace).keys()

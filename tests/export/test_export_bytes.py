"""Exports of the same inputs have the same bytes; only what the release before changes may differ."""

from __future__ import annotations

import re
import shutil
import sys
from pathlib import Path

import pytest

from tests.conftest import REPOSITORY
from tests.fixtures.exports import BOARDS, changed_copy, contents, published, republished, run
from warehouse import release
from warehouse.export.data_files import relative_path
from warehouse.export.exporting import export_release
from warehouse.tables import TABLES
from warehouse.workspace import Workspace


def test_two_builds_of_the_same_inputs_give_the_same_bytes(exported: Path, tmp_path: Path) -> None:
    # What a second build has otherwise: its folder, its clock, its run.
    again = changed_copy(
        published(tmp_path / "again", *BOARDS, shuffle=7),
        tmp_path / "copy",
        "UPDATE meta.release SET run_id = 'another'",
        "UPDATE meta.source_status SET last_fetch = TIMESTAMP '2030-01-01', last_error = 'x'",
    )
    export_release(again, tmp_path / "export")
    assert contents(tmp_path / "export") == contents(exported)


@pytest.mark.system
def test_the_shipped_history_gives_the_same_bytes_however_many_threads(
    whole: tuple[Workspace, Path], tmp_path: Path
) -> None:
    workspace, folder = whole
    code = (
        "import duckdb, sys; from pathlib import Path; from warehouse.export.exporting import export_release; "
        "from warehouse.workspace import Workspace; connect = duckdb.connect; "
        "duckdb.connect = lambda *a, **k: connect(*a, **{**k, 'config': {'threads': 7}}); "
        "export_release(Workspace(Path(sys.argv[1])), Path(sys.argv[2]))"
    )
    done = run(sys.executable, "-c", code, workspace.data, tmp_path / "export", cwd=REPOSITORY)
    assert done.returncode == 0, done.stderr
    assert contents(tmp_path / "export") == contents(folder)


def test_no_file_holds_a_name_of_a_release_or_this_machine(workspace: Workspace, exported: Path) -> None:
    now = release.current(workspace)
    assert now is not None
    for path in exported.rglob("*"):
        if path.is_file():
            content = path.read_bytes()
            for word in (now.name, now.published_at[:16], str(workspace.data), str(exported)):
                assert word.encode() not in content, f"{word} in {path.name}"


def test_sha256sum_finds_every_file_whole(exported: Path, tmp_path: Path) -> None:
    if shutil.which("sha256sum") is None:
        pytest.skip("no sha256sum here")
    assert run("sha256sum", "--strict", "-c", "SHA256SUMS", cwd=exported).returncode == 0
    listed = {line[66:] for line in (exported / "SHA256SUMS").read_text().splitlines()}
    assert listed == contents(exported).keys() - {"SHA256SUMS"}
    damaged = tmp_path / "damaged"
    shutil.copytree(exported, damaged)
    with (damaged / "csv/main/monthly_gap.csv").open("ab") as file:
        file.write(b",")
    assert run("sha256sum", "-c", "SHA256SUMS", cwd=damaged).returncode == 1


def test_nothing_volatile_is_exported(exported: Path) -> None:
    volatile = [(table, column) for table in TABLES for column in table.columns if column.volatile]
    assert volatile
    for table, column in volatile:
        assert column.name not in table.key, f"{table.full_name}.{column.name}"
    for table in TABLES:
        assert (exported / relative_path(table, "csv")).exists() is not table.volatile


@pytest.fixture(scope="session")
def followed(workspace: Workspace, exported: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The export of the release of `exported`, where another was published before it."""
    folder = tmp_path_factory.mktemp("followed")
    other = published(folder, *BOARDS[:2])
    now = release.current(workspace)
    assert now is not None
    republished(now.path(workspace), other, now.input_hash)
    export_release(other, folder / "export")
    return folder / "export"


def test_changes_between_two_published_releases_reach_the_export(followed: Path) -> None:
    changes = (followed / "CHANGES.md").read_text(encoding="utf-8")
    assert "new_snapshot: arena_leaders_transcribed of 2025-04-30" in changes
    assert "arena_leaders_transcribed: 1 new, 15 rows" in changes
    assert "2025-04-01" in (followed / "changes.csv").read_text(encoding="utf-8")


def test_the_release_before_shows_in_no_file_but_those_the_readme_names(
    exported: Path, followed: Path
) -> None:
    alone, after = contents(exported), contents(followed)
    assert alone.keys() == after.keys()
    named = re.search(r"the same bytes, but for (.+): they depend", (exported / "README.md").read_text())
    assert named is not None
    assert {name for name in after if after[name] != alone[name]} == set(re.findall(r"`(.+?)`", named[1]))

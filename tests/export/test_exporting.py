"""What is exported, and to where: the folder appears whole, and nothing of somebody else is touched."""

from __future__ import annotations

import json
import re
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.errors import AigapError, UsageError
from tests.fixtures.command_line import aigap
from tests.fixtures.exports import changed_copy, contents
from warehouse.export.data_files import FORMATS
from warehouse.export.exporting import export_release
from warehouse.export.target_folder import replacing_export
from warehouse.workspace import Workspace


def test_chosen_tables_and_formats(workspace: Workspace, tmp_path: Path) -> None:
    done = export_release(workspace, tmp_path / "some", ["monthly_gap", "core.models"], ["csv"])
    assert done.tables == 2
    files = set(contents(tmp_path / "some"))
    assert {name for name in files if "/" in name} == {
        "csv/main/monthly_gap.csv",
        "cc-by-sa-4.0/csv/main/monthly_gap.csv",
        "csv/core/models.csv",
    }
    package = json.loads((tmp_path / "some/datapackage.json").read_text(encoding="utf-8"))
    # References to tables that are not there would make the package invalid.
    assert all("foreignKeys" not in entry["schema"] for entry in package["resources"])


@pytest.mark.parametrize(
    ("names", "formats", "message"),
    [
        (["monthly_gpa"], ["csv"], r"no table monthly_gpa.*did you mean main\.monthly_gap"),
        ([], ["xlsx"], r"no format 'xlsx'"),
        ([], [""], r"no format"),
    ],
)
def test_wrong_use_is_reported_in_one_line(
    workspace: Workspace, tmp_path: Path, names: list[str], formats: list[str], message: str
) -> None:
    with pytest.raises(UsageError) as caught:
        export_release(workspace, tmp_path / "export", names, formats)
    assert re.search(message, caught.value.line())
    assert list(tmp_path.iterdir()) == []


def test_a_folder_of_something_else_is_refused_and_stays(workspace: Workspace, tmp_path: Path) -> None:
    (tmp_path / "thesis").mkdir()
    (tmp_path / "thesis" / "chapter.tex").write_text("years of work")
    with pytest.raises(UsageError, match="contains files and is not an export of aigap"):
        export_release(workspace, tmp_path / "thesis")
    (tmp_path / "file").write_text("mine")
    with pytest.raises(UsageError, match="is a file"):
        export_release(workspace, tmp_path / "file")
    with pytest.raises(UsageError, match="no folder"):
        export_release(workspace, tmp_path / "nowhere" / "export")
    assert sorted(path.name for path in tmp_path.iterdir()) == ["file", "thesis"]
    assert (tmp_path / "thesis" / "chapter.tex").read_text() == "years of work"


def test_an_earlier_export_is_replaced_unless_somebody_put_a_file_there(
    workspace: Workspace, tmp_path: Path
) -> None:
    to = tmp_path / "export"
    to.mkdir()
    export_release(workspace, to, ["monthly_gap"], ["csv"])
    export_release(workspace, to, ["core.models"], ["csv"])
    assert [name for name in contents(to) if "/" in name] == ["csv/core/models.csv"]
    with pytest.raises(UsageError, match=r"contains late\.txt"), replacing_export(to):
        # Put there while the export is written.
        (to / "late.txt").write_text("mine")
    (to / "late.txt").unlink()
    (to / "notes.txt").write_text("mine")
    with pytest.raises(UsageError, match=r"contains notes\.txt, which no export wrote"):
        export_release(workspace, to, ["monthly_gap"], ["csv"])
    assert (to / "notes.txt").read_text() == "mine"
    assert [path.name for path in tmp_path.iterdir()] == ["export"]


def test_without_a_release_there_is_nothing_to_export(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is published"):
        export_release(Workspace(tmp_path / "data"), tmp_path / "export")


def test_a_release_of_another_program_is_not_exported_as_this_ones(
    workspace: Workspace, tmp_path: Path
) -> None:
    copy = changed_copy(workspace, tmp_path, "ALTER TABLE main.policy_events ADD COLUMN weight INTEGER")
    with pytest.raises(AigapError, match=r"main\.policy_events was built by another version"):
        export_release(copy, tmp_path / "export")
    assert not (tmp_path / "export").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A file system of a few megabytes; skips where none can be mounted."""
    folder = tmp_path / "disk"
    folder.mkdir()
    try:
        done = subprocess.run(
            ["mount", "-t", "tmpfs", "-o", "size=6m", "tmpfs", str(folder)], capture_output=True, check=False
        )
    except FileNotFoundError:
        pytest.skip("no mount here")
    if done.returncode != 0:
        pytest.skip("no right to mount")
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


@pytest.mark.system
@pytest.mark.parametrize("format_", FORMATS)
def test_a_full_disk_leaves_the_earlier_export(
    whole: tuple[Workspace, Path], small_disk: Path, format_: str
) -> None:
    to = small_disk / "export"
    export_release(whole[0], to, ["monthly_gap"], ["csv"])
    before = contents(to)
    with pytest.raises(AigapError) as caught:
        export_release(whole[0], to, [], [format_])
    assert "No space left on device" in caught.value.line()
    assert "what was there before is untouched" in caught.value.line()
    assert contents(to) == before
    assert [path.name for path in small_disk.iterdir()] == ["export"]


def test_export_and_changes_as_commands(workspace: Workspace, tmp_path: Path) -> None:
    chosen = ("--table", "monthly_gap", "--format", "csv")
    done = aigap("export", "--to", str(tmp_path / "export"), *chosen, data=workspace.data)
    assert done.returncode == 0, done.stderr
    assert done.stdout.startswith("1 table, ")
    assert (tmp_path / "export/csv/main/monthly_gap.csv").is_file()
    first = aigap("changes", "--format", "markdown", data=workspace.data)
    assert first.returncode == 0
    assert "It is the first release here" in first.stdout

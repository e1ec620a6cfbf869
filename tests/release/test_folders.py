"""Folders that appear whole or not at all, whoever else writes them."""

from __future__ import annotations

from pathlib import Path

import pytest

from sources.errors import AigapError, UsageError
from warehouse import files
from warehouse.files import new_folder, replacing_folder


def contents(folder: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in folder.iterdir()}


@pytest.fixture
def target(tmp_path: Path) -> Path:
    """A folder that is there already."""
    folder = tmp_path / "folder"
    folder.mkdir()
    (folder / "file").write_text("old")
    return folder


def test_a_new_folder_is_not_there_before_it_is_whole(tmp_path: Path) -> None:
    with new_folder(tmp_path / "new") as folder:
        (folder / "file").write_text("new")
        assert not (tmp_path / "new").exists()
    assert contents(tmp_path / "new") == {"file": "new"}
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_of_two_who_make_a_new_folder_the_first_is_kept(tmp_path: Path) -> None:
    """Would catch files that vanish under a reader because a repeated worker replaces them."""
    with new_folder(tmp_path / "new") as folder:
        (folder / "file").write_text("second")
        with new_folder(tmp_path / "new") as other:
            (other / "file").write_text("first")
    assert contents(tmp_path / "new") == {"file": "first"}
    assert [path.name for path in tmp_path.iterdir()] == ["new"]


def test_a_folder_that_could_not_be_filled_leaves_no_trace(tmp_path: Path, target: Path) -> None:
    with pytest.raises(RuntimeError), new_folder(tmp_path / "new"):
        raise RuntimeError
    with pytest.raises(RuntimeError), replacing_folder(target):
        raise RuntimeError
    full = pytest.raises(AigapError, match=r"No space left.*what was there before is untouched")
    with full, replacing_folder(target):
        raise OSError(28, "No space left on device")
    assert contents(target) == {"file": "old"}
    assert [path.name for path in tmp_path.iterdir()] == ["folder"]


@pytest.mark.parametrize("has_exchange", [True, False])
def test_a_folder_is_replaced_whole(
    target: Path, monkeypatch: pytest.MonkeyPatch, has_exchange: bool
) -> None:
    """Also where the system cannot exchange two names in one step."""
    if not has_exchange:
        monkeypatch.setattr(files, "_exchange", lambda one, other: False)
    with replacing_folder(target) as folder:
        (folder / "other").write_text("new")
        assert contents(target) == {"file": "old"}
    assert contents(target) == {"other": "new"}
    assert [path.name for path in target.parent.iterdir()] == ["folder"]


def test_what_a_killed_process_left_is_cleared_and_two_do_not_mix(target: Path) -> None:
    left = target.with_name(".folder.unfinished")
    (left / "deep").mkdir(parents=True)
    (left / "half").write_text("half")
    (left / "link").symlink_to(target)
    with replacing_folder(target) as folder:
        assert list(folder.iterdir()) == []
        with pytest.raises(UsageError, match="another process is writing"), replacing_folder(target):
            pytest.fail("two at once")
        (folder / "file").write_text("new")
    assert contents(target) == {"file": "new"}


def test_a_folder_in_a_place_that_is_not_there_is_refused(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="make it first"), replacing_folder(tmp_path / "nowhere" / "folder"):
        pytest.fail("no such place")
    (tmp_path / "file").touch()
    with pytest.raises(UsageError, match="cannot be written"), replacing_folder(tmp_path / "file" / "folder"):
        pytest.fail("a file is no place")

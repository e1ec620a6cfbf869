"""Files that appear whole or not at all."""

from __future__ import annotations

import fcntl
import os
from pathlib import Path

import pytest

from sources.ingestion.atomic_files import remove_abandoned, replacing, write_atomically


def test_a_reader_of_the_old_file_goes_on_reading_it(tmp_path: Path) -> None:
    """Would catch a file that is rewritten in place, half of which a reader or a power cut may find."""
    path = tmp_path / "new" / "file"
    write_atomically(path, "old")
    with path.open() as reader:
        write_atomically(path, b"new")
        assert reader.read() == "old"
    assert path.read_text() == "new"


def test_an_error_leaves_the_old_file_and_nothing_else(tmp_path: Path) -> None:
    """Would catch a failed write that costs the file that was there, or leaves pieces beside it."""
    path = tmp_path / "file"
    write_atomically(path, "old")
    with pytest.raises(UnicodeError), replacing(path) as temporary:
        temporary.write_text("half of \ud800", encoding="utf-8")
    assert path.read_text() == "old"
    assert list(tmp_path.iterdir()) == [path]


def test_only_what_a_killed_process_left_is_removed(tmp_path: Path) -> None:
    """Would catch files of killed processes that pile up, and one taken from a process that is writing it."""
    left, written = tmp_path / "archive" / ".left.tmp", tmp_path / "archive" / ".written.tmp"
    (tmp_path / "archive").mkdir()
    for path in (left, written):
        path.touch()
        os.utime(path, (0, 0))
    with written.open("rb") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        remove_abandoned(tmp_path)
        assert list(written.parent.iterdir()) == [written]
    remove_abandoned(tmp_path)
    assert list(written.parent.iterdir()) == []

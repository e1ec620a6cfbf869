"""A published file that another program changed is served by no command and rolled back to by none."""

from __future__ import annotations

import errno
import fcntl
import os
import stat
from pathlib import Path

import duckdb
import pytest

from sources.errors import AigapError, UsageError
from tests.fixtures.clone import DONE, STOPPED, WRONG_USE, Refreshed, first_release, one_line
from tests.fixtures.command_line import aigap
from warehouse import release
from warehouse.files import sha256_of
from warehouse.release import Release
from warehouse.workspace import Workspace


@pytest.fixture(scope="session")
def first(tmp_path_factory: pytest.TempPathFactory) -> Refreshed:
    return first_release(tmp_path_factory.getbasetemp())


def published(workspace: Workspace, number: int) -> Release:
    """A release that holds ``number``."""
    workspace.staging.mkdir(parents=True, exist_ok=True)
    candidate = workspace.staging / "candidate.duckdb"
    with duckdb.connect(str(candidate)) as con:
        con.execute(f"CREATE TABLE figures AS SELECT {number} AS number")
    return release.publish(workspace, candidate, release.new(workspace, f"{number:064}", {}))


def changed(file: Path) -> None:
    """What a client does that may write: root, or after a chmod."""
    file.chmod(0o644)
    with duckdb.connect(str(file)) as con:
        con.execute("UPDATE figures SET number = number + 500")


def test_rollback_refuses_a_release_that_was_changed(tmp_path: Path) -> None:
    """Would catch figures of a stranger served as an earlier release."""
    workspace = Workspace(tmp_path)
    old, new = published(workspace, 1), published(workspace, 2)
    assert old.sha256 == sha256_of(old.path(workspace))
    changed(old.path(workspace))
    with pytest.raises(AigapError, match="was changed after it was published"):
        release.rollback(workspace)
    assert release.current(workspace) == new
    Path(f"{new.path(workspace)}.wal").touch()
    assert "beside it" in (release.broken_seal(workspace, new) or "")


def test_no_result_is_written_over_what_a_build_wrote(tmp_path: Path) -> None:
    """Would catch rows of a query in place of the release that the link leads to."""
    workspace = Workspace(tmp_path)
    one = published(workspace, 1)
    (tmp_path / "mine.csv").symlink_to(one.path(workspace))
    for name in ("aigap.duckdb", "latest.json", "mine.csv", "releases/new.csv", "archive/x"):
        with pytest.raises(UsageError, match="is a file of the data folder"):
            workspace.refuse_own(tmp_path / name)
    workspace.refuse_own(tmp_path / "other.csv")
    refused = aigap("query", "SELECT 1", "--to", str(workspace.link), data=tmp_path)
    assert refused.returncode == WRONG_USE
    assert "is a file of the data folder" in one_line(refused.stderr)
    assert one.sha256 == sha256_of(workspace.link)


def test_every_reader_says_in_one_line_that_changes_lie_beside_a_release(
    first: Refreshed, tmp_path: Path
) -> None:
    data = first.copy(tmp_path / "data")
    wal = Path(f"{(data / 'aigap.duckdb').resolve()}.wal")
    wal.write_bytes(b"changes")
    for words in (
        ["status"],
        ["check"],
        ["query", "FROM monthly_gap"],
        ["explain", "2025-02"],
        ["plot"],
        ["changes"],
        ["site", "--to", str(tmp_path / "site")],
        ["export", "--to", str(tmp_path / "export")],
        ["recompute", "--set", "country_b=FR", "--to", str(tmp_path / "other.duckdb")],
        ["rollback", "--to", first.name],
    ):
        refused = aigap(*words, data=data)
        assert (words, refused.returncode, refused.stdout) == (words, STOPPED, "")
        assert "changes of another program beside it" in one_line(refused.stderr)
        assert "remove that file, then run: aigap check" in refused.stderr
    wal.unlink()
    assert aigap("status", data=data).returncode == DONE
    file = (data / "aigap.duckdb").resolve()
    file.chmod(0o644)
    with file.open("ab") as end:
        end.write(b"\0")
    for words in (["status"], ["check"], ["rollback", "--to", first.name]):
        assert "another sha256" in one_line(aigap(*words, data=data).stderr)
    # What cannot be read any more is first of all not what was published.
    for damage in (lambda: os.truncate(file, 100_000), lambda: file.write_bytes(b"no database" * 1000)):
        damage()
        refused = aigap("status", data=data)
        assert (refused.returncode, refused.stdout) == (STOPPED, "")
        assert "another sha256" in one_line(refused.stderr)


def test_the_last_release_is_first_in_the_list_whatever_the_clock_said(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a release stamped in 2099 that stays first, and is kept in place of every later one."""
    workspace = Workspace(tmp_path)
    ahead = published(workspace, 1)
    far = {**vars(ahead), "published_at": "2099-01-01T00:00:00.000+00:00"}
    release.record.write_sidecar(workspace, Release(**far))
    monkeypatch.setenv("AIGAP_KEEP_RELEASES", "2")
    later = [published(workspace, number) for number in (2, 3)]
    assert [one.name for one in release.releases(workspace)] == [one.name for one in reversed(later)]


def test_what_describes_a_release_is_as_readable_as_the_release(tmp_path: Path) -> None:
    before = os.umask(0o077)
    try:
        made = published(Workspace(tmp_path), 1)
    finally:
        os.umask(before)
    for path in (made.sidecar(Workspace(tmp_path)), Workspace(tmp_path).latest_json):
        assert stat.S_IMODE(path.stat().st_mode) == 0o644


def test_a_folder_that_cannot_lock_is_refused(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch two refreshes at once on a network file system."""

    def missing(*arguments: object) -> None:
        raise OSError(errno.ENOSYS, "Function not implemented")

    monkeypatch.setattr(fcntl, "flock", missing)
    with pytest.raises(UsageError, match="cannot be locked"), release.exclusive(Workspace(tmp_path)):
        pass


@pytest.mark.parametrize(
    ("data", "message"),
    [("a?b/data", "has a ?"), ("a\x1bb", "control"), (os.fsdecode(b"a\xffb"), "is not UTF-8")],
)
def test_a_path_that_libraries_misread_is_refused_before_work_begins(
    tmp_path: Path, data: str, message: str
) -> None:
    for words in (["refresh"], ["status"]):
        refused = aigap(*words, data=tmp_path / data)
        assert refused.returncode == WRONG_USE
        assert message in one_line(refused.stderr)
    assert not list(tmp_path.iterdir())


def test_a_file_whose_name_is_no_text_leaves_nothing_in_the_archive(tmp_path: Path) -> None:
    file = tmp_path / os.fsdecode(b"polyglot_leaderboard\xff.yml")
    file.write_text("- model: a\n")
    refused = aigap("ingest", "aider", "--request", "polyglot", str(file), data=tmp_path / "data")
    assert refused.returncode == WRONG_USE
    assert "not UTF-8" in one_line(refused.stderr)
    assert not (tmp_path / "data" / "archive").exists()

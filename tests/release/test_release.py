"""Publishing, rolling back, pruning and the lock, on small real DuckDB files."""

from __future__ import annotations

import dataclasses
import json
import os
import shutil
import signal
import stat
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import duckdb
import pytest

from sources.contract.receipt import Receipt
from sources.errors import AigapError, UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.archive.quarantine import put_into_quarantine
from warehouse import release
from warehouse.release import Busy, Release
from warehouse.workspace import Workspace

REPOSITORY = Path(__file__).resolve().parents[2]

#: Holds the folder it is given until it is killed or its input ends.
HOLDER = """
import sys
from pathlib import Path
from warehouse.release import exclusive
from warehouse.workspace import Workspace
with exclusive(Workspace(Path(sys.argv[1]))):
    print("held", flush=True)
    sys.stdin.read()
"""

#: Looks through the link as fast as it can; prints how often, or what it found missing.
LOOKER = """
import sys
from pathlib import Path
link, looked = Path(sys.argv[1]), 0
print("looking", flush=True)
while not Path(sys.argv[2]).exists():
    with link.open("rb") as file:
        assert file.read(12)[8:] == b"DUCK", "not a whole file"
    looked += 1
print(looked)
"""


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    return Workspace(tmp_path / "data")


def candidate(workspace: Workspace, number: int, rows: int = 1) -> Path:
    """A file with ``number`` in each of its ``rows``."""
    workspace.staging.mkdir(parents=True, exist_ok=True)
    path = workspace.staging / f"candidate-{number}.duckdb"
    con = duckdb.connect(str(path))
    con.execute(f"CREATE TABLE figures AS SELECT {number} AS number, range AS row FROM range({rows})")
    con.close()
    return path


def hash_of(number: int) -> str:
    return f"{number:04x}" * 16


def publish(workspace: Workspace, number: int, input_hash: str | None = None, rows: int = 1) -> Release:
    published = release.new(workspace, input_hash or hash_of(number), {"number": number})
    return release.publish(workspace, candidate(workspace, number, rows), published)


def held(path: Path) -> int:
    """The number in a file, seen by whoever opens it now."""
    with duckdb.connect(str(path), read_only=True) as con:
        row = con.execute("SELECT DISTINCT number FROM figures").fetchone()
    assert row is not None
    return int(row[0])


def names(workspace: Workspace) -> list[str]:
    return [entry.name for entry in release.releases(workspace)]


def files(workspace: Workspace) -> list[str]:
    return sorted(path.name for path in workspace.releases.iterdir())


def now(workspace: Workspace) -> Release:
    found = release.current(workspace)
    assert found is not None
    return found


def restamped(workspace: Workspace, one: Release, stamp: str, published_at: str) -> Release:
    """``one`` as a machine with another clock would have stamped it, link and all."""
    changed = dataclasses.replace(one, name=f"aigap-{stamp}-{one.input_hash[:12]}", published_at=published_at)
    is_published = now(workspace).name == one.name
    one.path(workspace).rename(changed.path(workspace))
    one.path(workspace).with_suffix(".json").unlink()
    sidecar = changed.path(workspace).with_suffix(".json")
    sidecar.write_text(json.dumps(dataclasses.asdict(changed)), encoding="utf-8")
    if is_published:
        workspace.link.unlink()
        workspace.link.symlink_to(Path("releases") / f"{changed.name}.duckdb")
    return changed


@pytest.fixture
def holder(workspace: Workspace) -> Iterator[subprocess.Popen[str]]:
    """Another process that holds the folder."""
    process = subprocess.Popen(
        [sys.executable, "-c", HOLDER, str(workspace.data)],
        cwd=REPOSITORY,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "held\n"
    yield process
    process.kill()
    process.communicate()


# Publish


def test_published_file_cannot_be_written_to(workspace: Workspace) -> None:
    published = publish(workspace, 1)
    mode = published.path(workspace).stat().st_mode
    assert not mode & (stat.S_IWUSR | stat.S_IWGRP | stat.S_IWOTH)
    assert mode & stat.S_IRUSR
    assert mode & stat.S_IROTH


def test_sidecar_says_what_was_published_and_what_stood_before(workspace: Workspace) -> None:
    first = publish(workspace, 1)
    second = publish(workspace, 2)
    sidecar = json.loads(second.path(workspace).with_suffix(".json").read_text(encoding="utf-8"))
    assert sidecar["name"] == second.name
    assert sidecar["input_hash"] == hash_of(2)
    assert sidecar["previous"] == first.name
    assert sidecar["summary"] == {"number": 2}
    assert first.previous is None
    assert release.current(workspace) == second


def test_previous_release_is_the_one_published_before_while_it_is_kept(workspace: Workspace) -> None:
    first, second, third = (publish(workspace, number) for number in range(3))
    assert release.previous(workspace, third) == second
    assert release.previous(workspace, second) == first
    assert release.previous(workspace, first) is None
    assert release.previous_file(workspace) == second.path(workspace)
    second.path(workspace).unlink()
    assert release.previous(workspace, third) is None


def test_candidate_is_moved_not_copied_so_nothing_is_left_in_staging(workspace: Workspace) -> None:
    publish(workspace, 1)
    assert list(workspace.staging.iterdir()) == []
    assert [path.name for path in workspace.data.glob(".*")] == []


def test_link_is_never_missing_while_it_moves(workspace: Workspace, tmp_path: Path) -> None:
    publish(workspace, 0)
    over = tmp_path / "over"
    looker = subprocess.Popen(
        [sys.executable, "-c", LOOKER, str(workspace.link), str(over)],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert looker.stdout is not None
    looker.stdout.readline()
    for number in range(1, 16):
        publish(workspace, number)
    over.touch()
    out, err = looker.communicate()
    assert err == ""
    assert int(out) > 15


def test_two_publishes_in_one_second_are_two_releases(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    # Eight take far less than eight seconds: some share one, and the name has whole seconds.
    monkeypatch.setenv("AIGAP_KEEP_RELEASES", "8")
    published = [publish(workspace, number, input_hash="a" * 64) for number in range(8)]
    stamps = {one.name.split("-")[1] for one in published}
    assert len(stamps) < len(published)
    assert len({one.name for one in published}) == len(published)
    assert held(workspace.link) == 7
    assert now(workspace).previous == published[-2].name
    assert names(workspace) == [one.name for one in reversed(published)]


def test_candidate_with_a_wal_beside_it_is_not_published_without_its_changes(workspace: Workspace) -> None:
    publish(workspace, 1)
    unfinished = candidate(workspace, 2)
    unfinished.with_name(unfinished.name + ".wal").write_bytes(b"changes")
    with pytest.raises(AigapError, match="changes in a separate file"):
        release.publish(workspace, unfinished, release.new(workspace, "b" * 64, {}))
    assert held(workspace.link) == 1
    assert len(names(workspace)) == 1
    assert unfinished.exists()


def test_reader_of_a_pruned_release_keeps_its_file(workspace: Workspace) -> None:
    rows = 300_000
    publish(workspace, 1, rows=rows)
    with duckdb.connect(str(workspace.link), read_only=True) as reader:
        assert reader.execute("SELECT count(*) FROM figures").fetchone() == (rows,)
        for number in range(2, 10):
            publish(workspace, number)
        assert not any(held(path) == 1 for path in workspace.releases.glob("*.duckdb"))
        assert reader.execute("SELECT sum(row) FROM figures WHERE number = 1").fetchone() == (
            rows * (rows - 1) // 2,
        )
    assert held(workspace.link) == 9


def test_moving_the_data_folder_keeps_link_rollback_and_publishing_at_work(
    workspace: Workspace, tmp_path: Path
) -> None:
    first, second = publish(workspace, 1), publish(workspace, 2)
    there = Workspace(tmp_path / "elsewhere" / "another name")
    there.data.parent.mkdir()
    shutil.move(workspace.data, there.data)
    assert held(there.link) == 2
    assert release.current(there) == second
    assert release.rollback(there).name == first.name
    assert held(there.link) == 1
    assert publish(there, 3).previous == first.name
    assert held(there.link) == 3


def test_before_the_first_release_there_is_nothing_to_read_and_the_remedy_is_named(
    workspace: Workspace,
) -> None:
    assert release.current(workspace) is None
    assert release.releases(workspace) == []
    with pytest.raises(UsageError, match="run: aigap refresh"):
        release.published(workspace)


# Prune


def test_prune_keeps_the_last_releases_with_their_sidecars(workspace: Workspace) -> None:
    workspace.releases.mkdir(parents=True)
    notes = workspace.releases / "aigap-notes.json"
    notes.write_text("of somebody")
    published = [publish(workspace, number) for number in range(8)]
    kept = published[-release.KEEP :]
    assert names(workspace) == [one.name for one in reversed(kept)]
    ours = [f"{one.name}.{end}" for one in kept for end in ("duckdb", "json")]
    assert files(workspace) == sorted([*ours, notes.name])


def test_number_of_releases_kept_can_be_chosen(workspace: Workspace, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("AIGAP_KEEP_RELEASES", "3")
    for number in range(6):
        publish(workspace, number)
    assert len(names(workspace)) == 3


@pytest.mark.parametrize("chosen", ["many", "-1", "2.5", ""])
def test_nonsense_number_of_releases_is_reported_before_anything_is_published(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, chosen: str
) -> None:
    publish(workspace, 1)
    monkeypatch.setenv("AIGAP_KEEP_RELEASES", chosen)
    with pytest.raises(UsageError, match="AIGAP_KEEP_RELEASES"):
        publish(workspace, 2)
    assert held(workspace.link) == 1


@pytest.mark.parametrize("keep", [0, 1])
def test_prune_never_removes_the_published_release_nor_the_one_before_it(
    workspace: Workspace, keep: int
) -> None:
    published = [publish(workspace, number) for number in range(4)]
    release.rollback(workspace, published[1].name)
    release.prune(workspace, keep)
    # The newest stays by the number (at least one is kept), the others by what they are.
    assert names(workspace) == [published[3].name, published[1].name, published[0].name]
    assert held(workspace.link) == 1
    release.rollback(workspace)
    assert held(workspace.link) == 0


# Roll back


def test_rollback_goes_to_what_was_published_before(workspace: Workspace) -> None:
    published = [publish(workspace, number) for number in range(3)]
    assert release.rollback(workspace).name == published[1].name
    assert held(workspace.link) == 1
    assert release.rollback(workspace).name == published[0].name
    assert held(workspace.link) == 0
    with pytest.raises(UsageError, match="no earlier release"):
        release.rollback(workspace)
    assert held(workspace.link) == 0


@pytest.mark.parametrize("form", ["{name}", "{name}.duckdb", "releases/{name}.duckdb"])
def test_rollback_to_a_name_takes_it_in_each_form_a_person_copies_it(workspace: Workspace, form: str) -> None:
    published = [publish(workspace, number) for number in range(3)]
    assert release.rollback(workspace, form.format(name=published[0].name)).name == published[0].name
    assert held(workspace.link) == 0
    assert release.rollback(workspace, published[2].name).name == published[2].name
    assert held(workspace.link) == 2


def test_rollback_to_an_unknown_name_changes_nothing_and_lists_the_known(workspace: Workspace) -> None:
    published = [publish(workspace, number) for number in range(2)]
    with pytest.raises(UsageError, match=published[0].name):
        release.rollback(workspace, "aigap-19990101T000000Z-000000000000")
    assert held(workspace.link) == 1


def test_after_a_rollback_a_new_release_has_the_one_rolled_back_to_before_it(workspace: Workspace) -> None:
    first, _ = publish(workspace, 1), publish(workspace, 2)
    release.rollback(workspace)
    third = publish(workspace, 3)
    assert third.previous == first.name
    release.rollback(workspace)
    assert held(workspace.link) == 1


def test_rolled_back_release_is_known_so_that_a_refresh_does_not_bring_it_back(workspace: Workspace) -> None:
    first, second = publish(workspace, 1), publish(workspace, 2)
    release.rollback(workspace)
    found = release.existing(workspace, second.input_hash)
    assert found is not None
    assert found.name == second.name
    release.rollback(workspace, second.name)
    assert release.existing(workspace, second.input_hash) == second
    # The first was left by hand now, too.
    assert release.existing(workspace, first.input_hash) is not None


def test_release_of_inputs_as_they_were_before_is_built_again_and_not_called_rolled_back(
    workspace: Workspace,
) -> None:
    # A change of a reference table is published, then taken back: the published release is the wrong one.
    first, _ = publish(workspace, 1), publish(workspace, 2)
    assert release.existing(workspace, first.input_hash) is None


def test_of_two_releases_of_the_same_inputs_the_published_one_is_meant(workspace: Workspace) -> None:
    one = publish(workspace, 1, input_hash="c" * 64)
    other = publish(workspace, 1, input_hash="c" * 64)
    assert release.existing(workspace, "c" * 64) == other
    release.rollback(workspace)
    found = release.existing(workspace, "c" * 64)
    assert found is not None
    assert found.name == one.name


# A wrong clock


@pytest.mark.parametrize(
    ("stamp", "published_at"),
    [
        ("20991231T235959Z", "2099-12-31T23:59:59.000+00:00"),
        ("19700101T000000Z", "1970-01-01T00:00:00.000+00:00"),
    ],
    ids=["future", "past"],
)
def test_wrong_clock_of_the_release_before_confuses_neither_current_nor_rollback(
    workspace: Workspace, stamp: str, published_at: str
) -> None:
    publish(workspace, 1)
    wrong = restamped(workspace, publish(workspace, 2), stamp, published_at)
    third = publish(workspace, 3)
    assert release.current(workspace) == third
    assert third.previous == wrong.name
    assert release.rollback(workspace).name == wrong.name
    assert held(workspace.link) == 2
    release.rollback(workspace)
    assert held(workspace.link) == 1


@pytest.mark.parametrize(
    ("stamp", "published_at"),
    [
        ("20991231T235959Z", "2099-12-31T23:59:59.000+00:00"),
        ("19700101T000000Z", "1970-01-01T00:00:00.000+00:00"),
    ],
    ids=["future", "past"],
)
def test_wrong_clock_removes_neither_the_published_release_nor_its_link(
    workspace: Workspace, stamp: str, published_at: str
) -> None:
    published = [publish(workspace, number) for number in range(3)]
    wrong = restamped(workspace, published[-1], stamp, published_at)
    release.prune(workspace, 1)
    assert now(workspace).name == wrong.name
    assert held(workspace.link) == 2
    assert release.existing(workspace, wrong.input_hash) is not None
    assert release.rollback(workspace).name == published[1].name


# What a killed publication leaves


def leftovers(workspace: Workspace) -> None:
    """What lies about when publications are killed at each of their moments."""
    candidate(workspace, 90)
    (workspace.data / ".0f1e.tmp").symlink_to("releases/aigap-nowhere.duckdb")
    (workspace.data / ".0f1f.tmp").write_text('{"na')
    (workspace.releases / ".0f20.tmp").write_text('{"na')
    (workspace.releases / "aigap-20250101T000000Z-eeeeeeeeeeee.json").write_text('{"name": "half')
    shutil.copy(candidate(workspace, 91), workspace.releases / "aigap-20250102T000000Z-ffffffffffff.duckdb")


def test_leftovers_of_killed_publications_are_no_releases(workspace: Workspace) -> None:
    published = [publish(workspace, number) for number in range(2)]
    leftovers(workspace)
    assert names(workspace) == [one.name for one in reversed(published)]
    assert release.current(workspace) == published[1]
    assert held(release.published(workspace)) == 1
    release.rollback(workspace)
    assert held(workspace.link) == 0


def test_leftovers_of_killed_publications_are_removed_by_the_next(workspace: Workspace) -> None:
    publish(workspace, 1)
    leftovers(workspace)
    publish(workspace, 2)
    assert held(workspace.link) == 2
    left = sorted(path.name for path in workspace.data.iterdir())
    assert left == ["aigap.duckdb", "latest.json", "releases", "staging"]
    # A database that no sidecar names may be anybody's: it stays.
    assert [name for name in files(workspace) if name.startswith((".", "aigap-2025"))] == [
        "aigap-20250102T000000Z-ffffffffffff.duckdb"
    ]


def test_publication_killed_before_the_link_moved_does_not_keep_the_next_from_publishing(
    workspace: Workspace,
) -> None:
    first, second = publish(workspace, 1), publish(workspace, 2)
    workspace.link.unlink()
    workspace.link.symlink_to(Path("releases") / f"{first.name}.duckdb")
    assert release.current(workspace) == first
    assert release.existing(workspace, second.input_hash) is None
    again = publish(workspace, 2)
    assert held(workspace.link) == 2
    assert again.previous == first.name


def test_link_whose_file_was_removed_by_hand_counts_as_nothing_published(workspace: Workspace) -> None:
    published = publish(workspace, 1)
    published.path(workspace).unlink()
    assert release.current(workspace) is None
    with pytest.raises(UsageError, match="run: aigap refresh"):
        release.published(workspace)
    publish(workspace, 2)
    assert held(workspace.link) == 2


def test_damaged_sidecar_is_named_with_the_remedy(workspace: Workspace) -> None:
    first, _ = publish(workspace, 1), publish(workspace, 2)
    sidecar = first.path(workspace).with_suffix(".json")
    sidecar.write_text("{", encoding="utf-8")
    with pytest.raises(AigapError, match=f"{sidecar.name} cannot be read.*remove it"):
        release.releases(workspace)


# The lock


def test_second_holder_in_another_process_is_refused_at_once(
    workspace: Workspace, holder: subprocess.Popen[str]
) -> None:
    with pytest.raises(Busy, match="another refresh is at work"), release.exclusive(workspace):
        pytest.fail("two at once")
    assert holder.poll() is None
    third = subprocess.run(
        [sys.executable, "-c", HOLDER, str(workspace.data)],
        cwd=REPOSITORY,
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    assert third.returncode != 0
    assert third.stdout == ""
    assert "Busy" in third.stderr


@pytest.mark.parametrize("signal_number", [signal.SIGKILL, signal.SIGTERM])
def test_killed_holder_leaves_no_lock(
    workspace: Workspace, holder: subprocess.Popen[str], signal_number: int
) -> None:
    os.kill(holder.pid, signal_number)
    holder.wait()
    with release.exclusive(workspace):
        assert publish(workspace, 1).name in names(workspace)


def test_holder_that_ends_or_fails_gives_the_folder_back(
    workspace: Workspace, holder: subprocess.Popen[str]
) -> None:
    holder.communicate("")
    with pytest.raises(RuntimeError, match="in the middle"), release.exclusive(workspace):
        raise RuntimeError("in the middle")
    with release.exclusive(workspace):
        pass


def test_readers_need_no_lock(workspace: Workspace, holder: subprocess.Popen[str]) -> None:
    publish(workspace, 1)
    assert held(release.published(workspace)) == 1
    assert now(workspace).summary == {"number": 1}
    assert holder.poll() is None


@pytest.mark.parametrize(("days", "is_there"), [(None, True), ("400", True), ("30", False), ("soon", True)])
def test_a_publication_prunes_the_archive_only_by_the_policy_that_is_set(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch, days: str | None, is_there: bool
) -> None:
    """Would catch bytes removed that nobody wanted to go, or a wrong setting that stops a release."""
    received = datetime.now(UTC) - timedelta(days=100)
    receipt = Receipt("sample", "text", "", 0, "", received, received)
    put_into_quarantine(Archive(workspace.archive), b"bad", receipt, "why")
    [body] = workspace.archive.glob("quarantine/*/*/*.body")
    os.utime(body, (received.timestamp(), received.timestamp()))
    if days:
        monkeypatch.setenv("AIGAP_KEEP_BODIES_DAYS", days)
    workspace.staging.mkdir(parents=True)
    with duckdb.connect(str(workspace.staging / "candidate.duckdb")) as con:
        con.execute("CREATE SCHEMA meta; CREATE TABLE meta.inputs AS SELECT 'x' AS sha256")
    made = release.new(workspace, hash_of(1), {})
    release.publish(workspace, workspace.staging / "candidate.duckdb", made)
    assert release.current(workspace) is not None
    assert body.exists() == is_there

"""A release of a past day: what could have been built then, set beside the releases."""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import Path

import duckdb
import pytest

from sources.contract.receipt import Receipt
from sources.errors import UsageError
from sources.ingestion.archive import Archive
from sources.registry import get
from tests.fixtures import warehouses
from warehouse import release
from warehouse.builder import steps
from warehouse.builder.inputs import archived, release_hash
from warehouse.workspace import Workspace

DAY = date(2025, 6, 30)
GAP = (
    "board, variant, category, month, status, us_model, us_score, cn_model, cn_score, gap_points, "
    "gap_at_least, snapshot_id, published_on, date_basis, source_id"
)


def built(workspace: Workspace, as_of: date | None) -> steps.Staged:
    staged = steps.stage(workspace, run_id="0123456789", as_of=as_of)
    steps.observe(staged)
    steps.core(staged)
    steps.check(staged, steps.WITH_CORE)
    steps.marts(staged)
    steps.check(staged, steps.WITH_MARTS)
    return staged


@pytest.fixture(scope="module")
def then(tmp_path_factory: pytest.TempPathFactory) -> tuple[Workspace, release.Release]:
    """The shipped history as of `DAY`, published beside an earlier release."""
    workspace = Workspace(tmp_path_factory.mktemp("as_of") / "data")
    workspace.staging.mkdir(parents=True)
    candidate = workspace.staging / "first.duckdb"
    duckdb.connect(str(candidate)).close()
    release.publish(workspace, candidate, release.new(workspace, "f" * 64, {}))
    return workspace, steps.publish(built(workspace, DAY))


def test_the_gap_of_a_past_day_is_what_todays_release_says_was_known_then(
    then: tuple[Workspace, release.Release], warehouse: duckdb.DuckDBPyConnection
) -> None:
    """Two ways to the same figures: inputs left out before the build, snapshots left out after it."""
    workspace, published = then
    con = duckdb.connect(str(published.path(workspace)), read_only=True)
    try:
        built_then = con.execute(f"SELECT {GAP} FROM monthly_gap WHERE status <> 'no_snapshot'").fetchall()
    finally:
        con.close()
    asked_now = warehouse.execute(f"SELECT {GAP} FROM gap_as_of(?)", [DAY]).fetchall()
    assert len(built_then) > 100
    assert sorted(built_then, key=repr) == sorted(asked_now, key=repr)


def test_nothing_that_became_known_later_is_in_it(then: tuple[Workspace, release.Release]) -> None:
    workspace, published = then
    con = duckdb.connect(str(published.path(workspace)), read_only=True)
    try:
        days = con.execute(
            "SELECT (SELECT max(known_at)::DATE FROM meta.inputs), (SELECT max(published_on) FROM core.snapshots), "
            "(SELECT max(date) FROM policy_events), (SELECT max(claimed_on) FROM claims), "
            "(SELECT max(last_fetch)::DATE FROM meta.source_status), (SELECT max(month) FROM monthly_gap)"
        ).fetchall()[0]
        assert con.execute("SELECT as_of FROM meta.release").fetchall() == [(DAY,)]
        later = con.execute("SELECT count(*) FROM core.snapshots ANTI JOIN meta.inputs USING (input_id)")
        assert later.fetchall() == [(0,)]
    finally:
        con.close()
    assert all(day <= DAY for day in days)
    assert days[0] > date(2025, 6, 1)


def test_the_published_link_stays_where_it_was(then: tuple[Workspace, release.Release]) -> None:
    workspace, published = then
    now = release.current(workspace)
    assert now is not None
    assert now.input_hash == "f" * 64
    assert published.name not in {entry.name for entry in release.releases(workspace)}
    assert published.path(workspace).parent == workspace.as_of
    assert release.existing_past_day(workspace, DAY, published.input_hash) is not None
    assert release.existing_past_day(workspace, DAY, "e" * 64) is None


def test_runs_of_a_release_stand_in_it(tmp_path: Path) -> None:
    """An empty meta.runs, or one of the release before only, would leave a release without its run."""
    workspace = Workspace(tmp_path / "data")
    boards = [warehouses.printed(warehouses.OFFICIAL, "2025-01-05", warehouses.field_of(1300, 1280))]
    history = warehouses.write_history(tmp_path / "history", boards)
    names = []
    for run_id in ("run-one", "run-two"):
        staged = steps.stage(workspace, history, run_id=run_id)
        steps.observe(staged, history)
        steps.core(staged)
        steps.check(staged, steps.WITH_CORE)
        steps.marts(staged)
        steps.check(staged, steps.WITH_MARTS)
        names.append(steps.publish(staged).name)
    with duckdb.connect(str(workspace.link), read_only=True) as con:
        rows = con.execute(
            "SELECT release, run_id, replaced FROM meta.runs ORDER BY published_at, release"
        ).fetchall()
    assert rows == [(names[0], "run-one", None), (names[1], "run-two", names[0])]


def test_bytes_in_the_archive_count_from_the_day_they_were_known(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    source = get("llm_leaderboard_csv")
    archive = Archive(workspace.archive)
    for day in (1, 20):
        moment = datetime(2025, 5, day, 23, 59, tzinfo=UTC)
        request = source.requests[0].name
        archive.put(
            f"body of {day}".encode(), Receipt(source.id, request, "", 0, "https://x.example", moment, moment)
        )

    def known(day: date | None) -> list[int]:
        return [receipt.known_at.day for _, receipt in archived(workspace, tmp_path / "none", day)]

    assert known(date(2025, 4, 30)) == []
    assert known(date(2025, 5, 1)) == [1]
    assert known(None) == [1, 20]
    assert release_hash(workspace, as_of=date(2025, 5, 1)) != release_hash(workspace)


def test_a_day_before_the_first_leaderboard_is_refused(tmp_path: Path) -> None:
    """Would catch a constraint of the database shown in place of what is the matter."""
    with pytest.raises(UsageError, match="no leaderboard is held that was known at the end of 2023-06-01"):
        built(Workspace(tmp_path / "data"), date(2023, 6, 1))


def test_a_step_of_a_run_that_another_run_overtook_says_so(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    old = steps.stage(workspace, run_id="old-run")
    (old.folder / "candidate.duckdb").write_bytes(b"unfinished")
    steps.stage(workspace, run_id="new-run")
    assert not old.folder.exists()
    assert steps.staged(workspace, ["new-run"]).run_id == "new-run"
    with pytest.raises(Exception, match="another run has started since"):
        steps.staged(workspace, ["old-run"])
    with pytest.raises(Exception, match="nothing is staged"):
        steps.staged(Workspace(tmp_path / "empty"))

"""Single tables made again: as a whole build makes them, apart from readers, and never published by themselves."""

from __future__ import annotations

from pathlib import Path

import duckdb
import pytest

from sources.errors import UsageError
from tests.fixtures import warehouses
from warehouse import release
from warehouse.builder import graph, inputs, parts, steps
from warehouse.builder.fillers import AFTER_THE_BUILD
from warehouse.tables import table
from warehouse.workspace import Workspace

#: Tables that say when and by whom they were made.
OF_THE_MOMENT = AFTER_THE_BUILD | {"meta.release", "meta.source_status"}
ALL = steps.WITH_CORE | steps.WITH_MARTS


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Workspace:
    """A release of one small board. Its history is the shipped one to all that asks for none."""
    folder = tmp_path_factory.mktemp("parts")
    boards = [
        warehouses.printed(warehouses.OFFICIAL, day, warehouses.field_of(1300 + more, 1280))
        for more, day in enumerate(("2025-01-05", "2025-02-05"))
    ]
    made = warehouses.warehouse(folder, *boards)
    made.con.close()
    steps.publish(made.staged)
    return made.staged.workspace


@pytest.fixture
def workspace(published: Workspace, monkeypatch: pytest.MonkeyPatch) -> Workspace:
    history = published.data.parent / "history"
    for name in ("gather", "release_hash"):
        asked = getattr(inputs, name)
        monkeypatch.setattr(parts, name, lambda of, asked=asked, **how: asked(of, history, **how))
    return published


def contents(file: Path, name: str) -> list[tuple[object, ...]]:
    with duckdb.connect(str(file), read_only=True) as con:
        return con.sql(f"FROM {name} ORDER BY ALL").fetchall()


def test_each_topic_can_be_made_alone_and_is_then_as_in_a_build(workspace: Workspace) -> None:
    """Would catch a table that reads something only a whole build stages, or that loses rows or its comments."""
    file = release.published(workspace).resolve()
    shown = sorted(ALL - OF_THE_MOMENT)
    staged = parts.for_tables(workspace, shown)
    assert staged.copy_of == release.current(workspace).name  # type: ignore[union-attr]
    topics = {table(name).topic for name in shown}
    for topic in sorted(topics):
        # Each by itself: in one go, what one of them stages would be there for all.
        parts.refill(staged, [name for name in shown if table(name).topic == topic])
    with duckdb.connect() as con:
        con.execute(f"ATTACH '{staged.candidate}' AS part (READ_ONLY); ATTACH '{file}' AS whole (READ_ONLY)")
        for name in shown:
            differ = f"(FROM part.{name} EXCEPT ALL FROM whole.{name}) UNION ALL "
            differ += f"(FROM whole.{name} EXCEPT ALL FROM part.{name})"
            assert con.sql(differ).fetchall() == [], name
        without = "FROM duckdb_columns() WHERE database_name = 'part' AND NOT internal AND comment IS NULL"
        tables = "(SELECT table_oid FROM duckdb_tables() WHERE database_name = 'part')"
        assert con.sql(f"SELECT table_name {without} AND table_oid IN {tables}").fetchall() == []


def test_a_copy_is_continued_until_another_release_is_published(workspace: Workspace) -> None:
    """Would catch a table that is made from another than the one that was made before it."""
    staged = parts.for_tables(workspace, ["main.monthly_gap"])
    with duckdb.connect(str(staged.candidate)) as con:
        con.execute(
            "UPDATE core.snapshot_gaps SET us_score = us_score + 1000, gap_points = gap_points + 1000"
        )
    parts.refill(parts.for_tables(workspace, ["main.monthly_gap"]), ["main.monthly_gap"])
    with duckdb.connect(str(staged.candidate), read_only=True) as con:
        assert con.sql("SELECT min(gap_points) > 900 FROM monthly_gap").fetchall() == [(True,)]
    assert not [row for row in contents(release.published(workspace), "monthly_gap") if 1020 in row]
    (staged.folder / parts.COPY_OF).write_text("aigap-an-earlier-one", encoding="utf-8")
    again = parts.for_tables(workspace, ["main.monthly_gap"])
    with duckdb.connect(str(again.candidate), read_only=True) as con:
        assert con.sql("SELECT max(gap_points) < 900 FROM monthly_gap").fetchall() == [(True,)]


def test_a_copy_is_never_published(workspace: Workspace) -> None:
    """Would catch a release in which tables are of different code."""
    staged = parts.for_tables(workspace, ["main.monthly_gap"])
    parts.refill(staged, ["main.monthly_gap"])
    with pytest.raises(UsageError, match=r"^\d+ tables of the candidate are not made yet, core"):
        steps.publish(staged)


def test_a_table_that_cannot_be_made_leaves_the_copy_as_it_was(
    workspace: Workspace, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch an empty table left where a query failed, or a traceback in place of a line."""
    staged = parts.for_tables(workspace, ["main.monthly_gap"])
    before = contents(staged.candidate, "main.monthly_gap")
    with duckdb.connect(str(staged.candidate)) as con:
        con.execute("ALTER TABLE core.snapshot_gaps RENAME gap_points TO points")
    with pytest.raises(
        UsageError, match=r"main\.monthly_gap cannot be made from the tables .*run the job build"
    ):
        parts.refill(staged, ["main.monthly_gap"])
    assert contents(staged.candidate, "main.monthly_gap") == before
    (staged.folder / parts.COPY_OF).unlink()


def test_a_candidate_of_several_runs_is_published_once_it_is_whole(
    workspace: Workspace, tmp_path: Path
) -> None:
    """Would catch a release with empty tables, and a build whose steps were started one by one that is refused."""
    history = workspace.data.parent / "history"
    steps.stage(workspace, history, run_id="first")
    for names in (ALL, ["main.monthly_gap"]):
        # Nothing is parsed yet.
        assert parts.for_tables(workspace, names).copy_of
    staged = parts.begun(workspace)
    assert staged is not None
    steps.observe(staged, history)
    assert parts.for_tables(workspace, steps.WITH_CORE) == staged
    assert parts.for_tables(workspace, ["core.scores"]).copy_of
    steps.core(staged)
    assert parts.for_tables(workspace, ["core.scores"]) == staged
    assert parts.for_tables(workspace, ["main.gap_changes"]).copy_of
    with pytest.raises(UsageError, match="not made yet"):
        steps.publish(staged)
    assert parts.for_tables(workspace, steps.WITH_MARTS) == staged
    steps.marts(staged)
    parts.refill(staged, ["core.scores"])
    # By other code the candidate is none to go on with.
    own = workspace.reference / "countries.csv"
    own.parent.mkdir(exist_ok=True)
    own.write_text("spelling,country\n", encoding="utf-8")
    assert parts.begun(workspace) is None
    own.unlink()
    before = release.current(workspace)
    assert steps.publish(staged) == release.current(workspace) != before


def test_a_part_before_the_first_release_is_refused_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="nothing is published"):
        parts.for_tables(Workspace(tmp_path / "data"), ["main.monthly_gap"])


def test_what_a_table_reads_is_missing_until_it_is_made(workspace: Workspace) -> None:
    """Would catch a mart filled from an empty core."""
    staged = steps.Staged(workspace, "0" * 64, "nobody")
    assert "core.snapshot_gaps" in parts.missing(staged, ["main.monthly_gap"])
    assert "core.snapshot_gaps" in graph.upstream("main.monthly_gap")

"""The heavy work of a build, divided: the same comes of it however it is divided, by whomever and however often."""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import shutil
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import duckdb
import polars as pl
import pytest
from hypothesis import given
from hypothesis import strategies as st

from sources.contract.receipt import Receipt
from sources.ingestion.archive import Archive
from tests.fixtures import warehouses
from tests.fixtures.make import hf
from warehouse.builder import inputs, partitions, steps
from warehouse.builder.inputs import HISTORY
from warehouse.tables import table
from warehouse.workspace import Workspace

PARTS = (1, 3, 7)


@pytest.fixture(scope="module")
def whole(shipped: Path, tmp_path_factory: pytest.TempPathFactory) -> dict[str, pl.DataFrame]:
    """What is measured in one piece."""
    return partitions.measured(shipped, tmp_path_factory.mktemp("whole") / "measures")


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    """Same rows in the same order, floats to the last bit."""
    return list(one) == list(other) and all(one[name].equals(other[name]) for name in one)


# How work is divided


@given(st.lists(st.integers(1, 10**9), min_size=1, max_size=60), st.integers(1, 80))
def test_a_portion_costs_at_most_a_fair_share_and_the_largest_item(costs: list[int], parts: int) -> None:
    portions = partitions.divided(costs, parts)
    assert portions == sorted(portions), "the order of the items is that of the portions"
    assert set(portions) <= set(range(parts))
    for portion in set(portions):
        cost = sum(one for one, place in zip(costs, portions, strict=True) if place == portion)
        assert cost <= (sum(costs) / parts + max(costs)) * (1 + 1e-9)


def test_nothing_is_divided_into_nothing() -> None:
    assert partitions.divided([], 3) == []


# Measuring


def test_measures_do_not_depend_on_the_number_of_parts(
    shipped: Path, whole: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    assert all(frame.height > 100 for frame in whole.values())
    for parts in PARTS[1:]:
        folder = tmp_path / str(parts)
        works = partitions.plan_measures(shipped, folder, parts)
        assert len(works) == parts
        # The last first: results are gathered in the order of the plan, not of the clock.
        for work in reversed(works):
            partitions.measure(work)
        assert same(partitions.measured(shipped, folder), whole), parts


@pytest.mark.system
def test_the_tables_of_a_candidate_do_not_depend_on_the_number_of_parts(tmp_path: Path) -> None:
    # up to the core, measured by nobody
    unmeasured = steps.stage(Workspace(tmp_path / "unmeasured"), HISTORY)
    steps.observe(unmeasured, HISTORY)
    steps.core(unmeasured)
    found = []
    for parts in PARTS:
        workspace = Workspace(tmp_path / str(parts))
        staged = steps.Staged(workspace, "f" * 64)
        staged.folder.mkdir(parents=True)
        shutil.copyfile(unmeasured.candidate, staged.candidate)
        if parts > 1:
            for name in steps.plan_measures(staged, parts):
                steps.measure(staged, name)
        steps.marts(staged)
        con = duckdb.connect(str(staged.candidate), read_only=True)
        found.append({name: con.execute(f"FROM {name}").fetchall() for name in sorted(steps.WITH_MARTS)})
        con.close()
    assert all(len(rows) for rows in found[0].values())
    for other in found[1:]:
        for name, rows in found[0].items():
            assert list(map(repr, other[name])) == list(map(repr, rows)), name


def test_vintages_are_whole_and_pieces_of_work_alike(shipped: Path, tmp_path: Path) -> None:
    works = partitions.plan_measures(shipped, tmp_path / "measures", 4)
    for name, cost in partitions.INPUTS.items():
        pieces = [pl.read_parquet(work / f"{name}.parquet") for work in works]
        keys = [set(piece.select("snapshot_id", "category").iter_rows()) for piece in pieces]
        assert sum(map(len, keys)) == len(set().union(*keys))
        costs = [piece.select(cost).item() for piece in pieces]
        assert max(costs) <= 1.5 * min(costs), name


def test_more_parts_than_work_and_no_work(tmp_path: Path) -> None:
    lines = [{**line, "standard_error": 4.0} for line in warehouses.field_of(1300.0, 1250.0)]
    one = warehouses.warehouse(tmp_path / "one", warehouses.printed(warehouses.OFFICIAL, "2025-01-05", lines))
    one.con.close()
    works = partitions.plan_measures(one.staged.candidate, tmp_path / "few", 50)
    assert len(works) == 1, "one pair and one vintage, each in the middle of the fifty"
    few = partitions.measured(one.staged.candidate, tmp_path / "few")
    assert few["core.gap_intervals"].height == 1
    assert same(few, partitions.measured(one.staged.candidate, tmp_path / "single"))

    none = warehouses.warehouse(
        tmp_path / "none",
        warehouses.printed(warehouses.OFFICIAL, "2025-01-05", warehouses.rows({"mistral-medium": 1.0})),
    )
    none.con.close()
    assert partitions.plan_measures(none.staged.candidate, tmp_path / "empty", 3) == []
    empty = partitions.measured(none.staged.candidate, tmp_path / "empty")
    assert {name: frame.schema for name, frame in empty.items()} == {
        name: table(name).polars_schema() for name in partitions.MEASURED
    }
    assert all(frame.is_empty() for frame in empty.values())


@pytest.mark.parametrize("name", ["core.gap_intervals", "main.threshold_lag"])
def test_a_result_that_is_cut_off_or_incomplete_is_done_again(
    name: str, shipped: Path, whole: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    folder = tmp_path / "measures"
    first, second = (partitions.measure(work) for work in partitions.plan_measures(shipped, folder, 2))
    path = first / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    (second / f"{name}.parquet").unlink()
    assert same(partitions.measured(shipped, folder), whole)


def test_an_old_plan_does_not_outlive_its_core(tmp_path: Path) -> None:
    lines = [{**line, "standard_error": 4.0} for line in warehouses.field_of(1300.0, 1250.0)]
    built = warehouses.warehouse(tmp_path, warehouses.printed(warehouses.OFFICIAL, "2025-01-05", lines))
    built.con.close()
    steps.plan_measures(built.staged, 2)
    steps.core(built.staged)
    assert not built.staged.measures.exists()


# Parsing


def archived(folder: Path, bodies: int) -> Workspace:
    """A workspace whose archive holds ``bodies`` official files of growing size."""
    workspace = Workspace(folder / "data")
    for number in range(bodies):
        at = datetime(2026, 1, 1, tzinfo=UTC) + timedelta(days=number)
        Archive(workspace.archive).put(
            hf(20 + 10 * number), Receipt(warehouses.OFFICIAL, "text", "", 0, "", at, at)
        )
    return workspace


def rows_by_input(workspace: Workspace, history: Path) -> dict[str, int]:
    return {entry.input_id: entry.rows for entry in inputs.gather(workspace, history).inputs}


def test_portions_cover_what_is_not_parsed_once(tmp_path: Path) -> None:
    workspace = archived(tmp_path, 7)
    staged = steps.stage(workspace, tmp_path)
    portions = [partitions.Portion.from_json(one) for one in steps.plan_parse(staged, 3, tmp_path)]
    assert [partitions.Portion.from_json(portion.to_json()) for portion in portions] == portions
    bodies = [body for portion in portions for body in portion.bodies]
    assert len(portions) == 3
    assert len(set(bodies)) == len(bodies) == 7
    assert sum(steps.parse(staged, portion.to_json()) for portion in portions) == sum(
        20 + 10 * n for n in range(7)
    )
    assert partitions.unparsed(workspace, tmp_path, 3) == []
    files = sorted((workspace.staging / "parsed").iterdir())
    assert [path.suffix for path in files] == [".parquet"] * 7
    before = [path.stat().st_mtime_ns for path in files]
    assert list(rows_by_input(workspace, tmp_path).values()) == [20 + 10 * n for n in range(7)]
    assert [path.stat().st_mtime_ns for path in files] == before, "gathered, not parsed again"


def test_what_ships_is_not_parsed(tmp_path: Path) -> None:
    workspace = archived(tmp_path, 2)
    [first, _] = Archive(workspace.archive).history(warehouses.OFFICIAL)
    entry = inputs.from_receipt(first, 20, "history").to_row()
    (tmp_path / inputs.MANIFEST).write_text(json.dumps({"inputs": [entry], "files": []}))
    [portion] = partitions.unparsed(workspace, tmp_path, 5)
    assert [sha256 for _, _, sha256 in portion.bodies] != [first.sha256]
    assert len(portion.bodies) == 1


def test_a_body_that_has_left_the_archive_is_passed_over(tmp_path: Path) -> None:
    workspace = archived(tmp_path, 1)
    gone = partitions.Portion(((warehouses.OFFICIAL, "text", "0" * 64),))
    assert partitions.parse(workspace, gone) == 0
    assert partitions.parse(workspace, partitions.Portion(())) == 0


def test_a_parsed_file_that_is_cut_off_is_parsed_again(tmp_path: Path) -> None:
    workspace = archived(tmp_path, 1)
    [portion] = partitions.unparsed(workspace, tmp_path)
    partitions.parse(workspace, portion)
    [path] = (workspace.staging / "parsed").iterdir()
    body = path.read_bytes()
    path.write_bytes(body[:-20])
    assert partitions.unparsed(workspace, tmp_path) == [portion]
    assert list(rows_by_input(workspace, tmp_path).values()) == [20]
    assert path.read_bytes() == body


def test_what_earlier_parsers_made_and_dead_processes_began_is_swept(tmp_path: Path) -> None:
    """Would catch a folder that grows by the whole archive with every change of a parser."""
    workspace = archived(tmp_path, 2)
    [portion] = partitions.unparsed(workspace, tmp_path)
    partitions.parse(workspace, portion)
    files = sorted((workspace.staging / "parsed").iterdir())
    earlier = files[0].with_name(files[0].name.replace(inputs._parsers()[:12], "0" * 12))
    begun = files[1].with_suffix(".0123456789abcdef.partial")
    for path in (earlier, begun):
        path.write_bytes(files[0].read_bytes())
    before = [path.stat().st_mtime_ns for path in files]
    steps.stage(workspace, tmp_path)
    assert sorted((workspace.staging / "parsed").iterdir()) == files
    assert [path.stat().st_mtime_ns for path in files] == before


# Several processes


def side_by_side(*calls: Callable[[], object]) -> list[int | None]:
    """The exit codes of ``calls``, each in a process of its own, all at once."""
    spawn = multiprocessing.get_context("spawn")
    workers = [spawn.Process(target=call) for call in calls]
    for worker in workers:
        worker.start()
    for worker in workers:
        worker.join()
    return [worker.exitcode for worker in workers]


def killed_while_writing(file_number: int, call: Callable[[], object]) -> None:
    """``call`` in this process, which is killed with half of its Parquet file ``file_number`` on the disk."""
    write, written = pl.DataFrame.write_parquet, itertools.count(1)

    def cut_off(frame: pl.DataFrame, path: Path) -> None:
        write(frame, path)
        if next(written) == file_number:
            os.truncate(path, path.stat().st_size // 2)
            os.kill(os.getpid(), signal.SIGKILL)

    pl.DataFrame.write_parquet = cut_off  # type: ignore[method-assign,assignment]
    call()


@pytest.mark.system
def test_two_processes_may_do_the_same_and_one_may_be_killed(
    shipped: Path, whole: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    folder = tmp_path / "measures"
    first, second = partitions.plan_measures(shipped, folder, 2)
    calls = [partial(partitions.measure, first), partial(partitions.measure, first)]
    exits = side_by_side(*calls, partial(killed_while_writing, 3, partial(partitions.measure, second)))
    assert exits == [0, 0, -signal.SIGKILL]
    assert first.with_suffix(partitions.DONE).is_dir()
    assert not second.with_suffix(partitions.DONE).exists(), "what a killed worker began is no result"
    assert [path for path in folder.iterdir() if path.suffix == ".partial"], "it was killed while it wrote"
    assert same(partitions.measured(shipped, folder), whole)


@pytest.mark.system
def test_two_processes_may_parse_the_same_and_one_may_be_killed(tmp_path: Path) -> None:
    workspace = archived(tmp_path, 4)
    one, other = partitions.unparsed(workspace, tmp_path, 2)
    calls = [partial(partitions.parse, workspace, one), partial(partitions.parse, workspace, one)]
    exits = side_by_side(
        *calls, partial(killed_while_writing, 1, partial(partitions.parse, workspace, other))
    )
    assert exits == [0, 0, -signal.SIGKILL]
    assert partitions.unparsed(workspace, tmp_path) == [other], "what a killed worker began is not parsed"
    assert list(rows_by_input(workspace, tmp_path).values()) == [20, 30, 40, 50]

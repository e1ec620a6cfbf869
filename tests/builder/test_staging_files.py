"""What one step leaves in files for another: parsed bodies and estimates. Would catch a file that is cut off and read
all the same, one that outlives what it was made from, and two processes in each other's way.
"""

from __future__ import annotations

import itertools
import json
import multiprocessing
import os
import signal
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path

import polars as pl
import pytest

from sources.contract.receipt import Receipt
from sources.ingestion.archive import Archive
from tests.fixtures import warehouses
from tests.fixtures.bodies import hf
from warehouse.builder import inputs, marts, steps
from warehouse.tables import table
from warehouse.workspace import Workspace


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


# Estimates


def same(one: dict[str, pl.DataFrame], other: dict[str, pl.DataFrame]) -> bool:
    """Same rows in the same order, floats to the last bit."""
    return one.keys() == other.keys() and all(frame.equals(other[name]) for name, frame in one.items())


@pytest.fixture(scope="module")
def small(tmp_path_factory: pytest.TempPathFactory) -> steps.Staged:
    """A candidate with one gap that has an interval, and one vintage."""
    lines = [{**line, "standard_error": 4.0} for line in warehouses.field_of(1300.0, 1250.0)]
    built = warehouses.warehouse(
        tmp_path_factory.mktemp("small"), warehouses.printed(warehouses.OFFICIAL, "2025-01-05", lines)
    )
    built.con.close()
    return built.staged


@pytest.fixture(scope="module")
def estimates(small: steps.Staged) -> dict[str, pl.DataFrame]:
    found = marts.estimate(small.candidate)
    assert found["core.gap_intervals"].height == 1
    return found


def test_estimates_are_read_as_they_were_written(
    small: steps.Staged, estimates: dict[str, pl.DataFrame], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    rows = marts.write_estimates(small.candidate, tmp_path / "estimates")
    assert rows == {name: frame.height for name, frame in estimates.items()}
    monkeypatch.delattr(marts, "estimate")
    assert same(marts.read_estimates(small.candidate, tmp_path / "estimates"), estimates)


@pytest.mark.parametrize("name", ["core.gap_intervals", "main.threshold_lag"])
def test_estimates_that_are_cut_off_or_missing_are_computed_again(
    name: str, small: steps.Staged, estimates: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    folder = tmp_path / "estimates"
    marts.write_estimates(small.candidate, folder)
    path = folder / f"{name}.parquet"
    path.write_bytes(path.read_bytes()[:-20])
    assert same(marts.read_estimates(small.candidate, folder), estimates)
    path.unlink()
    assert same(marts.read_estimates(small.candidate, folder), estimates)


def test_estimates_do_not_outlive_their_core(tmp_path: Path) -> None:
    board = warehouses.printed(warehouses.OFFICIAL, "2025-01-05", warehouses.field_of(1300.0, 1250.0))
    built = warehouses.warehouse(tmp_path, board)
    built.con.close()
    steps.estimate(built.staged)
    steps.core(built.staged)
    assert not built.staged.estimates.exists()


def test_nothing_to_estimate_gives_empty_tables(tmp_path: Path) -> None:
    board = warehouses.printed(warehouses.OFFICIAL, "2025-01-05", warehouses.rows({"mistral-medium": 1.0}))
    built = warehouses.warehouse(tmp_path, board)
    built.con.close()
    found = marts.estimate(built.staged.candidate)
    assert sorted(found) == marts.estimated_tables()
    assert {name: frame.schema for name, frame in found.items()} == {
        name: table(name).polars_schema() for name in found
    }
    assert all(frame.is_empty() for frame in found.values())


@pytest.mark.system
def test_two_processes_may_estimate_the_same_and_one_may_be_killed(
    small: steps.Staged, estimates: dict[str, pl.DataFrame], tmp_path: Path
) -> None:
    whole, broken = tmp_path / "whole", tmp_path / "broken"
    call = partial(marts.write_estimates, small.candidate, whole)
    killed = partial(killed_while_writing, 3, partial(marts.write_estimates, small.candidate, broken))
    assert side_by_side(call, call, killed) == [0, 0, -signal.SIGKILL]
    assert same(marts.read_estimates(small.candidate, whole), estimates)
    assert not broken.exists(), "what a killed process began is no result"
    assert len(list(tmp_path.iterdir())) == 2, "it was killed while it wrote"


# Parsed bodies


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


def parsed_files(workspace: Workspace) -> list[Path]:
    return sorted((workspace.staging / "parsed").iterdir())


def test_a_body_is_parsed_once(tmp_path: Path) -> None:
    workspace = archived(tmp_path, 3)
    assert list(rows_by_input(workspace, tmp_path).values()) == [20, 30, 40]
    files = parsed_files(workspace)
    before = [path.stat().st_mtime_ns for path in files]
    assert list(rows_by_input(workspace, tmp_path).values()) == [20, 30, 40]
    assert [path.stat().st_mtime_ns for path in parsed_files(workspace)] == before


def test_what_ships_is_not_parsed(tmp_path: Path) -> None:
    workspace = archived(tmp_path, 2)
    [first, _] = Archive(workspace.archive).history(warehouses.OFFICIAL)
    entry = inputs.from_receipt(first, 20, "history").to_row()
    (tmp_path / inputs.MANIFEST).write_text(json.dumps({"inputs": [entry], "files": []}))
    assert list(rows_by_input(workspace, tmp_path).values()) == [20, 30]
    assert len(parsed_files(workspace)) == 1


def test_a_parsed_file_that_is_cut_off_is_parsed_again(tmp_path: Path) -> None:
    workspace = archived(tmp_path, 1)
    rows_by_input(workspace, tmp_path)
    [path] = parsed_files(workspace)
    body = path.read_bytes()
    path.write_bytes(body[:-20])
    assert list(rows_by_input(workspace, tmp_path).values()) == [20]
    assert path.read_bytes() == body


def test_what_earlier_parsers_made_and_dead_processes_began_is_swept(tmp_path: Path) -> None:
    """Would catch a folder that grows by the whole archive with every change of a parser."""
    workspace = archived(tmp_path, 2)
    rows_by_input(workspace, tmp_path)
    files = parsed_files(workspace)
    earlier = files[0].with_name(files[0].name.replace(inputs._parsers()[:12], "0" * 12))
    begun = files[1].with_suffix(".0123456789abcdef.partial")
    for path in (earlier, begun):
        path.write_bytes(files[0].read_bytes())
    before = [path.stat().st_mtime_ns for path in files]
    steps.stage(workspace, tmp_path)
    assert parsed_files(workspace) == files
    assert [path.stat().st_mtime_ns for path in files] == before


@pytest.mark.system
def test_two_processes_may_parse_the_same_and_one_may_be_killed(tmp_path: Path) -> None:
    workspace, other = archived(tmp_path / "one", 2), archived(tmp_path / "other", 2)
    call = partial(inputs.gather, workspace, tmp_path)
    killed = partial(killed_while_writing, 2, partial(inputs.gather, other, tmp_path))
    assert side_by_side(call, call, killed) == [0, 0, -signal.SIGKILL]
    assert list(rows_by_input(workspace, tmp_path).values()) == [20, 30]
    assert len([path for path in parsed_files(other) if path.suffix == ".parquet"]) == 1
    assert list(rows_by_input(other, tmp_path).values()) == [20, 30]


def test_rows_are_counted_again_where_a_file_was_written_since(tmp_path: Path) -> None:
    """Would catch a number of rows in meta.inputs that is of the bytes before."""
    workspace = Workspace(tmp_path)
    file = workspace.staging / "parsed" / "sample.parquet"
    file.parent.mkdir(parents=True)

    def counted() -> int | None:
        known = inputs.KnownRows(workspace)
        rows = known.of(file)
        known.write()
        return rows

    for rows in (2, 3):
        pl.DataFrame({"score": [1.5] * rows}).write_parquet(file)
        assert (counted(), counted()) == (rows, rows)
    file.write_bytes(b"damaged")
    assert counted() is None
    file.unlink()
    assert counted() is None


@pytest.mark.parametrize(
    "noted", ["{", "[7]", "null", '{"sample.parquet": 7}', '{"sample.parquet": []}', None]
)
def test_rows_are_counted_whatever_was_noted_of_them(noted: str | None, tmp_path: Path) -> None:
    """Would catch a build that stops at a damaged note, or where none can be written."""
    workspace = Workspace(tmp_path)
    file = workspace.staging / "parsed" / "sample.parquet"
    file.parent.mkdir(parents=True)
    pl.DataFrame({"score": [1.5] * 2}).write_parquet(file)
    note = workspace.staging / "parsed_rows.json"
    note.mkdir() if noted is None else note.write_text(noted, encoding="utf-8")
    known = inputs.KnownRows(workspace)
    assert known.of(file) == 2
    known.write()

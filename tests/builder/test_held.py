"""What a build leaves out: rows held back, rejected bodies, and bodies that their parser no longer reads."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import polars as pl
import pytest

from sources.errors import ParseError
from sources.ingestion import deciding
from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import Hold, all_decisions, write_decisions
from sources.ingestion.archive.lookup import decisions_of
from sources.ingestion.ingest import ingest
from sources.registry import get
from tests.fixtures import bodies
from warehouse.builder import inputs
from warehouse.builder.held import without_held_sql
from warehouse.builder.inputs import Gathered, gather, release_hash
from warehouse.builder.meta_frames import held as held_rows
from warehouse.db import in_memory
from warehouse.workspace import Workspace

HF = get("lmarena_hf")
NOW = datetime(2026, 2, 1, tzinfo=UTC)


@pytest.fixture
def workspace(tmp_path: Path) -> Workspace:
    """An archive with one body of two categories, of which coding is held."""
    workspace = Workspace(tmp_path / "data")
    archive = Archive(workspace.archive)
    path = tmp_path / "2026-01-08.parquet"
    path.write_bytes(
        bodies.parquet(
            [bodies.hf_row(place, category=one) for one in ("full", "coding") for place in range(20)]
        )
    )
    receipt = ingest(HF, "text", path, archive, NOW).receipt
    assert receipt is not None
    series = {"board": "arena_text", "variant": "raw", "category": "coding"}
    hold = Hold(series, "one figure is odd", NOW)
    write_decisions(archive.root, replace(decisions_of(archive, receipt), holds=(hold,)))
    return workspace


def categories(found: Gathered) -> list[str]:
    with in_memory() as con:
        files = ", ".join(f"'{path}'" for path in found.files["observation"])
        sql = without_held_sql(f"read_parquet([{files}])", found.held)
        return [row[0] for row in con.sql(f"SELECT DISTINCT category FROM ({sql}) ORDER BY 1").fetchall()]


def states(found: Gathered) -> list[tuple[str, str]]:
    return [(rows.series, rows.state) for rows in found.held]


def test_rows_held_are_left_out_until_they_are_released(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch a doubtful figure published, or a release that changes nothing as its inputs look the same."""
    none = tmp_path / "no history"
    before = release_hash(workspace, none)
    found = gather(workspace, none)
    assert Gathered.from_json(found.to_json()) == found
    assert (states(found), categories(found)) == ([("arena_text/raw/coding", "held")], ["overall"])
    (entry,) = found.inputs
    # Nothing else of the build is asked for.
    build: Any = SimpleNamespace(gathered=found)
    (row,) = held_rows(build).to_dicts()
    assert (row["input_id"], row["reason"]) == (entry.input_id, "one figure is odd")

    (decisions,) = all_decisions(workspace.archive)
    deciding.release(Archive(workspace.archive), decisions.sha256, [], "seen", NOW)
    assert release_hash(workspace, none) != before
    found = gather(workspace, none)
    assert (states(found), categories(found)) == (
        [("arena_text/raw/coding", "released")],
        ["coding", "overall"],
    )


def test_a_rejected_body_is_no_input(workspace: Workspace, tmp_path: Path) -> None:
    """Would catch a body built from after a person rejected it."""
    (decisions,) = all_decisions(workspace.archive)
    archive = Archive(workspace.archive)
    deciding.reject(archive, decisions.sha256, "wrong", NOW)
    found = gather(workspace, tmp_path / "no history")
    assert (found.inputs, states(found)) == ((), [("everything", "rejected")])
    deciding.restore(archive, decisions.sha256, "right", NOW)
    assert len(gather(workspace, tmp_path / "no history").inputs) == 1


def test_a_body_that_its_parser_no_longer_reads_stops_no_build(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch one body of one source, taken in by an earlier parser, that keeps every board from being built."""

    def refuse(source: object, snapshot: Any) -> pl.DataFrame:
        raise ParseError(f"{snapshot.where()}: no column rating", "a rating")

    monkeypatch.setattr(inputs, "read_apart", refuse)
    found = gather(workspace, tmp_path / "no history")
    unreadable = [rows for rows in found.held if rows.state == "unreadable"]
    assert found.inputs == ()
    (rows,) = unreadable
    assert rows.reason.startswith("lmarena_hf/text (2026-01-08.parquet): no column rating")

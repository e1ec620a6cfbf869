"""Losing the data folder and restoring it from a copy of the archive, as docs/operations.md says."""

from __future__ import annotations

import shutil
from pathlib import Path

import duckdb
import polars as pl

from sources.ingestion.archive import Archive
from sources.ingestion.ingest import ingest
from sources.registry import get
from tests.fixtures import bodies
from warehouse.builder import steps
from warehouse.builder.inputs import HISTORY
from warehouse.tables import TABLES
from warehouse.workspace import Workspace

#: Says when it was published and by which run.
OF_THE_RUN = {"meta.runs"}


def body(path: Path, day: str) -> Path:
    """A sample file in the official dataset's shape, of models that the shipped history knows."""
    history = pl.concat(pl.read_parquet(file) for file in HISTORY.glob("lmarena_hf*.parquet"))
    is_series = (
        (pl.col("board") == "arena_text") & (pl.col("variant") == "raw") & (pl.col("category") == "overall")
    )
    series = history.filter(is_series)
    known = series.filter(pl.col("published_on") == pl.col("published_on").max()).unique("model_name")
    rows = [
        bodies.hf_row(
            place,
            model_name=row["model_name"],
            organization=row["organization_name"],
            leaderboard_publish_date=day,
        )
        for place, row in enumerate(known.sort("score", descending=True).iter_rows(named=True))
    ]
    path.write_bytes(bodies.parquet(rows))
    return path


def published(workspace: Workspace, history: Path) -> dict[str, list[tuple[object, ...]]]:
    """Build, publish, and read every table back."""
    staged = steps.stage(workspace, history)
    steps.observe(staged, history)
    steps.core(staged)
    steps.check(staged, steps.WITH_CORE)
    steps.marts(staged)
    steps.check(staged, steps.WITH_MARTS)
    steps.publish(staged)
    with duckdb.connect(str(workspace.link), read_only=True) as con:
        return {
            table.full_name: con.execute(f"SELECT * FROM {table.full_name} ORDER BY ALL").fetchall()
            for table in TABLES
            if table.full_name not in OF_THE_RUN
        }


def test_a_lost_data_folder_is_built_again_from_a_copy_of_the_archive(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    no_history = tmp_path / "no_history"
    no_history.mkdir()
    source = get("lmarena_hf")
    for day in ("2026-06-04", "2026-07-02"):
        file = body(tmp_path / f"{day}.parquet", day)
        assert not ingest(source, "text", file, Archive(workspace.archive)).failed
    before = published(workspace, no_history)
    assert len(before["main.monthly_gap"]) > 0

    backup = tmp_path / "backup"
    shutil.copytree(workspace.archive, backup)
    shutil.rmtree(workspace.data)
    shutil.copytree(backup, workspace.archive)

    assert Archive(workspace.archive).verify() == []
    assert published(workspace, no_history) == before


def test_a_copy_that_lost_a_body_is_reported_before_anything_is_built(tmp_path: Path) -> None:
    workspace = Workspace(tmp_path / "data")
    file = body(tmp_path / "2026-06-04.parquet", "2026-06-04")
    ingest(get("lmarena_hf"), "text", file, Archive(workspace.archive))
    [blob] = (workspace.archive / "blobs").rglob("*.gz")
    blob.unlink()
    [problem] = Archive(workspace.archive).verify()
    assert "lmarena_hf/text" in problem

"""A body is parsed when it is accepted, and not again by the builds that follow."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path

import dagster as dg
import polars as pl
import pytest

from pipelines.cli import backfill_commands
from pipelines.cli.console import console
from pipelines.cli.ingest_command import ingest_files
from pipelines.defs.backfill_assets import backfill_assets
from pipelines.defs.resources import DataFolder
from pipelines.defs.source_assets import source_assets
from sources.contract.validation import read
from sources.ingestion.archive import Archive
from sources.ingestion.web.session import shared_session
from sources.registry import get
from tests.fixtures import bodies, upstream_history
from tests.fixtures.upstream_history import commit
from tests.fixtures.web import answer, web
from tests.ingestion.test_backfill import moment
from warehouse.builder import inputs
from warehouse.workspace import Workspace

BACKFILLED = commit("a1", moment("2024-05-10"), csv___lmarena_text__csv=bodies.leaderboard().encode())


def by_ingest(tmp_path: Path) -> str:
    source_id = "llm_leaderboard_csv"
    path = tmp_path / "2024-05-10_bfa7927.csv"
    path.write_text(bodies.leaderboard())
    assert ingest_files(source_id, [path], None, console()) == 0
    return source_id


def by_fetch(tmp_path: Path) -> str:
    (asset,) = (
        a for a in source_assets if isinstance(a, dg.AssetsDefinition) and a.op.name == "sources__lmarena_hf"
    )
    config = {"ops": {"sources__lmarena_hf": {"config": {"requests": ["text"]}}}}
    assert dg.materialize([asset], run_config=config, resources={"data": DataFolder()}).success
    return "lmarena_hf"


def by_backfill_command(tmp_path: Path) -> str:
    source_id = "llm_leaderboard_csv"
    assert backfill_commands.run(source_id, [BACKFILLED.sha], None, None, False, False, [], console()) == 0
    return source_id


def by_backfill_asset(tmp_path: Path) -> str:
    source_id = "llm_leaderboard_csv"
    (asset,) = (a for a in backfill_assets if a.key.path[-1] == source_id)
    with dg.DagsterInstance.ephemeral() as instance:
        instance.add_dynamic_partitions(source_id, [BACKFILLED.sha])
        resources = {"data": DataFolder()}
        assert dg.materialize(
            [asset], partition_key=BACKFILLED.sha, instance=instance, resources=resources
        ).success
    return source_id


@pytest.fixture
def workspace(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Workspace]:
    with web() as site:
        upstream_history.github(site, "fboulnois/llm-leaderboard-csv", [BACKFILLED])
        overrides = upstream_history.overrides(site) | {
            "lmarena_hf/text": site.says("/text", answer(bodies.hf()))
        }
        addresses = tmp_path / "addresses.json"
        addresses.write_text(json.dumps(overrides))
        monkeypatch.setenv("AIGAP_ADDRESS_OVERRIDES", str(addresses))
        monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path / "data"))
        # Whether private addresses are allowed is asked when the session is made.
        shared_session.cache_clear()
        yield Workspace(tmp_path / "data")
        shared_session.cache_clear()


@pytest.mark.parametrize("take_in", [by_ingest, by_fetch, by_backfill_command, by_backfill_asset])
def test_a_build_reads_what_acceptance_has_parsed(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, take_in: Callable[[Path], str]
) -> None:
    """Would catch every body parsed twice, or rows kept that a build would have parsed otherwise."""
    source_id = take_in(tmp_path)
    archive = Archive(workspace.archive)
    (receipt,) = archive.history(source_id)
    expected = inputs.tagged(
        read(get(source_id), archive.load(receipt)).frame, inputs.from_receipt(receipt, 0, "archive").input_id
    )

    def parse_again(*args: object) -> pl.DataFrame:
        raise AssertionError("parsed again")

    monkeypatch.setattr(inputs, "read_apart", parse_again)
    gathered = inputs.gather(workspace, tmp_path / "no history")
    ((path,),) = (paths for paths in gathered.files.values() if paths)
    assert pl.read_parquet(path).equals(expected)
    assert [entry.rows for entry in gathered.inputs] == [expected.height]


def test_rows_that_a_build_sweeps_away_are_parsed_by_it(
    workspace: Workspace, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch an ingest that dies because a build begins at the same moment."""
    write = pl.DataFrame.write_parquet

    def write_and_sweep(frame: pl.DataFrame, path: Path) -> None:
        write(frame, path)
        inputs.sweep_parsed(workspace)

    monkeypatch.setattr(pl.DataFrame, "write_parquet", write_and_sweep)
    by_ingest(tmp_path)
    monkeypatch.undo()
    (entry,) = inputs.gather(workspace, tmp_path / "no history").inputs
    assert entry.rows == 60

"""The benchmarks of others in Epoch's bundle: who measured each figure, and that none of them ships.

The bodies are synthetic; the last tests read the real bundle where there is one.
"""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.contract.receipt import Receipt, sha256_of
from sources.contract.zip_files import bundle, read_zip
from sources.errors import ParseError
from sources.ingestion.archive import Archive
from sources.parsing.epoch_collected import ANSWERS, FILES
from sources.registry import get
from tests.fixtures.bodies import parsed, read_file
from tests.fixtures.csv_files import written
from warehouse.builder.inputs import gather, read_manifest
from warehouse.workspace import Workspace

BUNDLE = "benchmark_data_2026-04-19.zip"
#: Not read: their figures come from those who made them, or are of methods rather than models.
LEFT = {
    "aider_polyglot_external.csv", "common_sense_qa_2_external.csv", "metr_time_horizons_external.csv",
    "science_qa_external.csv", "webdev_arena_external.csv",
}  # fmt: skip


def row(model: str, **changes: object) -> dict[str, object]:
    """A row of `mmlu_external.csv`."""
    cells = {
        "Model version": model, "EM": "0.8", "Release date": "2024-06-20", "Organization": "Northwind",
        "Country": "China", "Name": model, "Shots": "5", "Source": "Stanford CRFM Leaderboard",
        "Source link": "https://example.org", "Notes": "", "id": f"rec{model}",
    }  # fmt: skip
    return {**cells, **changes}


def read(*rows: dict[str, object], file: str = "mmlu_external.csv") -> list[dict[str, Any]]:
    frame = parsed("epoch_benchmarks", bundle({file: written(list(rows)).encode()}))
    return [
        {**found, "basis": json.loads(str(found["extra"]))["basis"]} for found in frame.iter_rows(named=True)
    ]


def figures(
    *rows: dict[str, object], file: str = "mmlu_external.csv"
) -> dict[tuple[str, str], tuple[float, str]]:
    """Category and model → score and basis."""
    return {
        (found["category"], found["model_name"]): (found["score"], found["basis"])
        for found in read(*rows, file=file)
    }


def test_one_party_and_any_source_are_two_categories() -> None:
    """Would catch a maker's own figure compared with one that a third party measured."""
    found = figures(
        row("a"), row("a", EM="0.9", Source="A Technical Report"), row("b", EM="0.7", Source="Other")
    )
    assert found == {
        ("overall", "a"): (80.0, None),
        ("any_source", "a"): (90.0, "any_source"),
        ("any_source", "b"): (70.0, "any_source"),
    }


def test_a_board_that_no_party_measured_has_no_overall() -> None:
    """Would catch figures of many papers published as one exam."""
    rows = [{**row("a"), "Average": "0.6"}, {**row("a"), "Average": "0.5", "Shots": "0"}]
    assert figures(*rows, file="bbh_external.csv") == {("any_source", "a"): (60.0, "any_source")}


def test_an_agent_is_no_model() -> None:
    """Would catch an agent around somebody's model at the top of OSWorld, whose scores are in per cent already."""
    model = {**row("model"), "Score": "60.5", "Agent": "Model (50 steps)"}
    agent = {**row(""), "Score": "65.5", "Agent": "agi-0 (50 steps)", "Name": ""}
    assert figures(model, agent, file="os_world_external.csv") == {
        ("overall", "model"): (60.5, None),
        ("overall", "agi-0 (50 steps)"): (65.5, "scaffold"),
    }


def test_terminal_bench_is_compared_with_the_boards_own_agent() -> None:
    """Would catch models ranked by the agents they happened to run in, or a fork taken for the board's own."""
    cells = {"Accuracy mean": "0.6", "Accuracy SE": "0.018", "Agent": " Terminus 2     "}
    rows = [{**row("a"), **cells}, {**row("a"), **cells, "Accuracy mean": "0.7", "Agent": "Terminus-KIRA"}]
    frame = read(*rows, file="terminalbench_external.csv")
    assert [(found["category"], found["score"]) for found in frame] == [
        ("overall", 60.0),
        ("any_source", 70.0),
    ]
    assert frame[0]["standard_error"] == 1.8


def test_facts_are_as_printed_and_the_country_is_not_read() -> None:
    """Would catch a country taken from a list that has Google as one, or a name that is only displayed lost."""
    first, second = read(row("a"), row("", EM="0.7", Name="Shown only"))[:2]
    assert (first["released_on"], first["organization_name"]) == (date(2024, 6, 20), "Northwind")
    assert "China" not in str(first)
    assert second["model_name"] == "Shown only"


@pytest.mark.parametrize(
    ("rows", "says"),
    [
        ([{"Model version": "a", "Release date": "", "Organization": ""}], "EM"),
        ([row("a", EM="high")], "'high'"),
        ([row("a", EM="80.2")], "0 to 100"),
        ([row("a", **{"Release date": "June"})], "June"),
    ],
)
def test_another_shape_is_named(rows: list[dict[str, object]], says: str) -> None:
    """Would catch a renamed column or another unit read as a board."""
    with pytest.raises(ParseError, match=says):
        read(*rows)


def test_every_file_of_the_real_bundle_is_read_or_known(upstream: Path) -> None:
    """Would catch a benchmark of the bundle that nobody looks at."""
    path = upstream / "epoch" / BUNDLE
    files = {name.rpartition("/")[2] for name in read_zip(path.read_bytes(), "") if name.endswith(".csv")}
    own = {"epoch_capabilities_index.csv", *(name for name in files if not name.endswith("_external.csv"))}
    assert files - own - set(FILES) == LEFT
    boards = set(read_file(get("epoch_benchmarks"), path)["board"])
    assert {collected.board.board for collected in FILES.values()} <= boards


def test_mmlu_by_release_day_in_the_real_bundle(upstream: Path) -> None:
    """Would catch MMLU measured with makers' own figures: 6.2 and 0.1 by HELM, 10.1 and 0.9 by all rows."""
    frame = read_file(get("epoch_benchmarks"), upstream / "epoch" / BUNDLE).filter(pl.col("board") == "mmlu")
    found = {}
    for category in ("overall", "any_source"):
        for last in (date(2023, 12, 31), date(2024, 12, 31)):
            out = frame.filter(pl.col("category") == category, pl.col("released_on") <= last)
            us, cn = (
                out.filter(pl.col("organization_name").is_in(makers))["score"].max()
                for makers in (["OpenAI", "Anthropic", "Google DeepMind"], ["01.AI", "DeepSeek", "Alibaba"])
            )
            found[category, last.year] = round(us - cn, 1)  # type: ignore[operator]
    assert found == {
        ("overall", 2023): 6.2, ("overall", 2024): 0.1, ("any_source", 2023): 10.1, ("any_source", 2024): 0.9,
    }  # fmt: skip


def test_an_ingested_body_is_read_whole_though_a_part_of_it_ships(upstream: Path, tmp_path: Path) -> None:
    """Would catch the boards that do not ship lost to whoever ingests the bundle, or the others counted twice."""
    body = (upstream / "epoch" / BUNDLE).read_bytes()
    known = datetime(2026, 4, 19, tzinfo=UTC)
    receipt = Receipt(
        "epoch_benchmarks", "benchmark_data", sha256_of(body), len(body), "", known, known, BUNDLE
    )
    workspace = Workspace(tmp_path / "data")
    Archive(workspace.archive).put(body, receipt)
    gathered = gather(workspace)
    held = [entry for entry in gathered.inputs if entry.sha256 == receipt.sha256]
    [shipped] = [entry for entry in read_manifest()["inputs"] if entry["sha256"] == receipt.sha256]
    assert [(entry.held_in, entry.rows > shipped["rows"]) for entry in held] == [("archive", True)]
    rows = pl.concat(
        [
            pl.read_parquet(path).filter(pl.col("input_id") == held[0].input_id)
            for path in gathered.files["observation"]
        ]
    )
    assert rows.height == held[0].rows
    assert {"mmlu", "gpqa_diamond"} <= set(rows["board"])


def test_what_guessing_scores_is_a_fact_of_the_board() -> None:
    """Would catch a lag between two models at 25 of 100 on questions with four answers."""
    chances = {collected.board.board: collected.board.chance for collected in FILES.values()}
    assert (chances["mmlu"], chances["wino_grande"], chances["hle"]) == (25.0, 50.0, None)
    assert set(ANSWERS) <= set(chances)

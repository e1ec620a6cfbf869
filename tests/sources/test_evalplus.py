"""EvalPlus: its three shapes, and that the two boards in them are never mixed.

The bodies are synthetic; the last tests read the real files where there are any.
"""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import polars as pl
import pytest

from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import parsed, read_file

SOURCE = get("evalplus")
BOTH = "Model,pass@1_base,pass@1_plus,prompted,link"
ALONE = "Model,Size,pass@1*,pass@1,pass@10,pass@100"


def both(models: int = 30) -> str:
    """One table of both boards."""
    rows = [f"Sample-{n},{90.5 - n},{85.5 - n},TRUE,https://example.org/{n}" for n in range(models)]
    return "\n".join([BOTH, *rows]) + "\n"


def alone(models: int = 30) -> str:
    """The table of one board, with the size of a model in a column of its own."""
    rows = [f"Sample,{n + 1}B,{90.5 - n},{80.5 - n},95,99" for n in range(models)]
    return "\n".join([ALONE, *rows]) + "\n"


def entry(**figures: Any) -> dict[str, Any]:
    return {"link": "https://example.org", "open-data": "Full", "prompted": False, "size": 7.0, **figures}


def scores(body: str, request: str = "results") -> dict[tuple[str, str], float]:
    frame = parsed("evalplus", body, request)
    return {(row["board"], row["model_name"]): row["score"] for row in frame.iter_rows(named=True)}


def test_one_table_of_both_boards() -> None:
    """Would catch the tests of one board read as the other's."""
    found = scores(both())
    assert (found["humaneval", "Sample-0"], found["humaneval_plus", "Sample-0"]) == (90.5, 85.5)
    assert len(found) == 60


@pytest.mark.parametrize(
    ("request_name", "board"), [("results", "humaneval"), ("plus", "humaneval_plus")], ids=["base", "plus"]
)
def test_a_table_of_one_board_takes_the_likeliest_answer(request_name: str, board: str) -> None:
    """Would catch the mean of many drawn answers beside one answer of later tables, or the boards exchanged."""
    found = scores(alone(), request_name)
    assert found[board, "Sample-1B"] == 90.5
    assert {name for name, _ in found} == {board}


def test_a_size_becomes_part_of_the_name_once() -> None:
    """Would catch models of three sizes under one name, so that all are set aside as contradicting."""
    body = f"{ALONE}\nCodeGen,2B,24.4,,,\nCodeGen,6B,29.3,,,\nCoder-34B-v2,34B,71.3,,,\nGPT-4 (May 2023),N/A,88.4,,,\n"
    assert sorted(name for _, name in scores(body)) == [
        "CodeGen-2B",
        "CodeGen-6B",
        "Coder-34B-v2",
        "GPT-4 (May 2023)",
    ]


def test_both_shapes_of_json() -> None:
    """Would catch the extended tests of 2024-03 read as the plain ones, or a figure that is not there as 0."""
    older = {
        "a": entry(**{"pass@1_base": {"humaneval": 56.1}, "pass@1_plus": {"humaneval": 51.8, "mbpp": 9}})
    }
    newer = {"a": entry(**{"pass@1": {"humaneval": 56.1, "humaneval+": 51.8, "mbpp": 52.9}}),
             "b": entry(**{"pass@1": {"humaneval": None, "humaneval+": 40.2}})}  # fmt: skip
    expected = {("humaneval", "a"): 56.1, ("humaneval_plus", "a"): 51.8}
    assert scores(json.dumps(older)) == expected
    assert scores(json.dumps(newer)) == {**expected, ("humaneval_plus", "b"): 40.2}


def test_no_day_and_no_maker_is_made_up() -> None:
    """Would catch a month in a name taken for a release day."""
    frame = parsed("evalplus", json.dumps({"GPT-4 (May 2023)": entry(**{"pass@1": {"humaneval": 88.4}})}))
    row = frame.row(0, named=True)
    assert (row["published_on"], row["released_on"], row["organization_name"]) == (None, None, None)
    assert json.loads(row["extra"])["link"] == "https://example.org"


def test_a_file_is_known_by_its_name() -> None:
    """Would catch a vintage without its day, or the old table of the extended tests read as the plain ones."""
    path = PurePath("humanevalplus__2023-09-04_2f2f3b9d1.csv")
    assert SOURCE.request_for(path) == "plus"
    assert SOURCE.request_for(PurePath("humaneval__2023-12-30_9589d1eb9.csv")) == "results"
    assert SOURCE.known_at_of(path, b"") == datetime(2023, 9, 4, tzinfo=UTC)
    assert SOURCE.address_of(path).endswith("/blob/2f2f3b9d1/humanevalplus.csv")


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "empty body"),
        ("Model,prompted\na,TRUE\n", "pass@1_base"),
        ("{}", "pass@1_base|no rows|empty"),
        (json.dumps({"a": {"score": 1}}), "a model with pass@1"),
        (json.dumps({"a": 1}), "a model with pass@1"),
        (both().replace("90.5", "most"), "'most'"),
        (both().replace("Sample-3,", "Sample-3,,,,,"), "cells"),
        ("\n".join([BOTH, *(f"s{n},0.{n},0.{n},TRUE," for n in range(10, 40))]), "not shares"),
    ],
)
def test_another_shape_is_named(body: str, says: str) -> None:
    """Would catch a renamed column, another unit or a broken line read as a vintage."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("evalplus", body)
    assert "\n" not in caught.value.line()


def figures_of(path: Path) -> dict[tuple[str, str], float]:
    """Board and model → figure, read without the parser."""
    if path.suffix == ".csv":
        with path.open(newline="", encoding="utf-8") as file:
            return {
                (board, row["Model"].strip()): float(row[column])
                for row in csv.DictReader(file)
                for board, column in (("humaneval", "pass@1_base"), ("humaneval_plus", "pass@1_plus"))
            }
    raw = json.loads(path.read_bytes())
    found = {}
    for name, model in raw.items():
        base = model.get("pass@1") or model["pass@1_base"]
        plus = model["pass@1"]["humaneval+"] if "pass@1" in model else model["pass@1_plus"]["humaneval"]
        found |= {("humaneval", name): base["humaneval"], ("humaneval_plus", name): plus}
    return found


def test_every_real_file_is_read_whole(upstream: Path) -> None:
    """Would catch models lost from a vintage, or one board's figures on the other."""
    paths = [path for path in sorted((upstream / "evalplus").iterdir()) if not path.name.startswith("mbpp")]
    assert len(paths) >= 3
    for path in paths:
        frame = read_file(SOURCE, path)
        found = dict(zip(frame.select("board", "model_name").rows(), frame["score"], strict=True))
        assert found == figures_of(path), path
        plain, extended = (
            frame.filter(pl.col("board") == board)["score"].max() for board in ("humaneval", "humaneval_plus")
        )
        assert plain > extended  # type: ignore[operator]

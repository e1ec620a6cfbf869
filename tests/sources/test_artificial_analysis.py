"""Artificial Analysis: two shapes of one list of models. Bodies are synthetic; the last tests read the real files."""

from __future__ import annotations

import gzip
import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import only, parsed, read_file

SOURCE = get("artificial_analysis")


def model(name: str, creator: object = None, **evaluations: object) -> dict[str, Any]:
    maker = {"creator_name": "Northwind"} if creator is None else {"creator": creator}
    return {"name": name, "slug": name, "release_date": "2026-03-05", "evaluations": evaluations, **maker}


def listed(*models: dict[str, Any], key: str = "models") -> str:
    return json.dumps({"meta": {}, key: list(models)})


INDEX = "artificial_analysis_intelligence_index"


def test_exams_are_shares_and_indices_are_points() -> None:
    """Would catch an index times one hundred, or an exam from 0 to 1."""
    frame = parsed("artificial_analysis", listed(model("a", **{INDEX: 60.9}, gpqa=0.941, hle=None)))
    assert dict(frame.select("board", "score").iter_rows()) == {"aa_index": 60.9, "aa_gpqa": 94.1}
    row = frame.row(0, named=True)
    assert (row["organization_name"], row["released_on"]) == ("Northwind", date(2026, 3, 5))


def test_the_page_and_the_interface_are_read_alike() -> None:
    """Would catch a board split in two because the page names an exam differently."""
    page = gzip.compress(
        listed(model("a", {"name": "Northwind", "country": "us"}, tau2_bench=0.5, aa_lcr=0.4)).encode()
    )
    api = listed(model("a", tau2=0.5, lcr=0.4), key="data")
    one, other = (parsed("artificial_analysis", body).drop("extra") for body in (page, api))
    assert one.equals(other)
    assert sorted(one["board"]) == ["aa_lcr", "aa_tau2"]


def test_an_estimate_is_marked() -> None:
    """Would catch an index that was not measured without a word."""
    figures = {INDEX: 7.0, f"{INDEX}_is_estimated": True}
    row = only(parsed("artificial_analysis", listed(model("a", **figures))), "a")
    assert json.loads(row["extra"])["is_estimated"] is True


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "empty body"),
        ("{}", "models or data"),
        (listed(), "models or data"),
        (listed(model("a", unheard=1)), "no evaluations"),
        (listed(model("a", gpqa=94.1)), "a share from 0 to 1"),
        (gzip.compress(listed(model("a", gpqa=0.5)).encode(), mtime=0)[:-9], "cut"),
        (gzip.compress(bytes(80 * 1024 * 1024), mtime=0), "bytes unpacked"),
    ],
)
def test_another_shape_is_named(body: str | bytes, says: str) -> None:
    """Would catch a renamed field, another unit or a damaged copy read as a vintage."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("artificial_analysis", body)
    assert "\n" not in caught.value.line()


def test_nothing_of_it_ships() -> None:
    """Would catch figures that the terms do not allow in the history."""
    assert SOURCE.origin.redistributable is False


def test_every_real_file_is_read_whole(upstream: Path) -> None:
    """Would catch figures lost: counted again in the plain JSON."""
    paths = sorted((upstream / "artificial_analysis").iterdir())
    assert len(paths) == 8
    for path in paths:
        body = gzip.decompress(path.read_bytes()) if path.suffix == ".gz" else path.read_bytes()
        models = json.loads(body)["models"]
        frame = read_file(SOURCE, path)
        for board, name in (("aa_index", INDEX), ("aa_gpqa", "gpqa"), ("aa_scicode", "scicode")):
            expected = sum(one["evaluations"].get(name) is not None for one in models)
            assert frame.filter(pl.col("board") == board).height == expected, (path.name, board)

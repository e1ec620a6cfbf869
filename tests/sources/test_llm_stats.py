"""llm-stats: what makers report of their own models, from an archive of one file a model.

The archives are synthetic; the last tests read the real file where there is one.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import Counter
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any

import duckdb
import polars as pl
import pytest

from sources.contract import Basis
from sources.errors import ParseError
from sources.llm_stats import BOARDS
from sources.registry import get
from tests.fixtures.bodies import only, packed, parsed, read_file

SOURCE = get("llm_stats")
ROOT = "llm-leaderboard-HEAD/data/organizations"


def score(benchmark: str = "gpqa", value: object = 0.57, **changes: object) -> dict[str, Any]:
    return {
        "benchmark_id": benchmark, "score": value, "is_self_reported": True, "analysis_method": "0-shot",
        "self_reported_source_link": "https://example.org/model", **changes,
    }  # fmt: skip


def files(**models: list[dict[str, Any]]) -> dict[str, bytes]:
    """The files of an archive: one maker, and for each model its name and its scores."""
    found = {f"{ROOT}/north/organization.json": json.dumps({"name": "Northwind", "country": None}).encode()}
    for name, scores in models.items():
        folder = f"{ROOT}/north/models/{name}"
        model = {"model_id": name, "name": name.title(), "release_date": "2025-03-01"}
        found[f"{folder}/model.json"] = json.dumps(model).encode()
        found[f"{folder}/benchmarks.json"] = json.dumps(scores).encode()
    return found


def archive(**models: list[dict[str, Any]]) -> bytes:
    return packed(files(**models))


def test_a_share_is_a_percentage_on_a_board_of_its_own() -> None:
    """Would catch a maker's own figure on the board of those who measured, or 0.57 read as 56.99999999999999."""
    row = only(parsed("llm_stats", archive(a=[score()])), "a")
    assert (row["board"], row["score"], row["organization_name"]) == ("self_gpqa", 57.0, "Northwind")
    assert (row["released_on"], row["published_on"]) == (date(2025, 3, 1), None)
    assert json.loads(row["extra"])["link"] == "https://example.org/model"
    assert SOURCE.basis is Basis.AUTHOR_REPORTED
    assert all(board.startswith("self_") for board in BOARDS.values())


def test_only_what_the_maker_reports_is_read() -> None:
    """Would catch the rows of a placeholder's address, with zeros for what was never measured."""
    listed = [score(), score("mmlu", 0.0, is_self_reported=False), score("unheard-of", 0.9)]
    assert parsed("llm_stats", archive(a=listed))["board"].to_list() == ["self_gpqa"]


def test_two_methods_of_one_model_stay_two_rows() -> None:
    """Would catch the better of two figures taken for the only one."""
    frame = parsed("llm_stats", archive(a=[score("aime-2025", 0.8), score("aime-2025", 0.96)], b=[score()]))
    assert frame.filter(pl.col("board") == "self_aime_2025")["score"].to_list() == [80.0, 96.0]


def test_a_share_over_one_is_named() -> None:
    """Would catch points of another kind, or a percentage, times one hundred, lost at the top of a board unsaid."""
    models = {f"m{place}": [score(value=0.9 - place / 100)] for place in range(30)}
    models["m29"] = [score(value=1.2, self_reported_source_link=None)]
    with pytest.raises(ParseError, match="a share from 0 to 1"):
        parsed("llm_stats", archive(**models))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "empty body"),
        (b"<html>", "a web page"),
        (b"no archive", "gzipped tar"),
        (archive(a=[score()])[:-30], "cut"),
        (gzip.compress(b"no tar" * 200, mtime=0), "gzipped tar"),
        (packed({}), "model.json"),
        (packed({f"{ROOT}/north/models/a/benchmarks.json": b"[]"}), "no model.json"),
        (packed({**files(a=[score()]), f"{ROOT}/north/models/a/benchmarks.json": b"{}"}), "a list of scores"),
        (packed({**files(a=[score()]), f"{ROOT}/north/models/a/model.json": b"{"}), "JSON"),
        (archive(a=[{"score": 1}]), "benchmark_id"),
    ],
)
def test_another_shape_is_named(body: bytes, says: str) -> None:
    """Would catch a damaged archive or a renamed field read as an empty list."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("llm_stats", body)
    assert "\n" not in caught.value.line()


def test_an_archive_that_unpacks_to_far_more_is_refused() -> None:
    """Would catch a small body that fills the memory."""
    with pytest.raises(ParseError, match="bytes unpacked"):
        parsed("llm_stats", gzip.compress(bytes(80 * 1024 * 1024), mtime=0))


def test_a_file_and_a_commit_have_their_day_and_address() -> None:
    """Would catch a vintage without its day, or bytes of HEAD taken for those of a commit."""
    path = PurePath("data_organizations__2025-10-16_24a9ccf.tar.gz")
    assert SOURCE.known_at_of(path, b"") == datetime(2025, 10, 16, tzinfo=UTC)
    assert SOURCE.address_of(path).endswith("/llm-leaderboard/tree/24a9ccf/data/organizations")
    assert SOURCE.revisions is not None
    revision = SOURCE.revisions.listings(None, None)[0].revisions_in(
        json.dumps(
            [
                {
                    "sha": "2" * 40,
                    "commit": {who: {"date": "2025-10-16T18:57:25Z"} for who in ("author", "committer")},
                }
            ]
        ).encode()
    )[0]
    (request,) = SOURCE.revisions.requests_of(revision)
    assert (request.name, request.address.rpartition("/")[2]) == ("scores", "2" * 40)


def test_the_real_archive_is_read_whole(upstream: Path) -> None:
    """Would catch scores lost: the same count, by board, from a flattened copy that another program made."""
    (path,) = (upstream / "llm_stats").glob("*.tar.gz")
    frame = read_file(SOURCE, path)
    with (path.resolve().parent / "scores_flattened.csv").open(newline="", encoding="utf-8") as file:
        listed = [row for row in csv.DictReader(file) if row["self_reported"] == "True"]
    expected = Counter(
        (BOARDS[row["benchmark"]], round(100 * float(row["score"]), 6))
        for row in listed
        if row["benchmark"] in BOARDS
    )
    assert (
        Counter((board, round(value, 6)) for board, value in frame.select("board", "score").iter_rows())
        == expected
    )


def test_no_reported_board_is_compared_with_a_measured_one(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch a maker's own figure among the boards whose sides are counted, or in a lag."""
    for table in ("gap_triangulation", "monthly_lag"):
        found = warehouse.execute(
            f"SELECT count(*) FROM {table} WHERE starts_with(board, 'self_')"
        ).fetchone()
        assert found == (0,), table
    found = warehouse.execute(
        "SELECT count(DISTINCT s.board), list(DISTINCT c.basis) FROM core.scores AS c "
        "JOIN core.snapshots AS s USING (snapshot_id) WHERE starts_with(s.board, 'self_')"
    ).fetchone()
    assert found == (24, ["author_reported"])
    names = warehouse.execute("SELECT name FROM core.boards WHERE starts_with(board, 'self_')").fetchall()
    assert all(name.endswith(", reported by makers") for (name,) in names)

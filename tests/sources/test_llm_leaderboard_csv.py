"""The CSV mirror: a column that changes its name, another that appears, an interval as text."""

from __future__ import annotations

import csv
import json
from datetime import UTC, datetime
from pathlib import Path, PurePath
from typing import Any

import pytest

from sources.contract.source import Precision
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import LEADERBOARD, leaderboard, parsed, read_file

SOURCE = get("llm_leaderboard_csv")
OLDEST = (
    "rank", "model", "arena_elo", "95_pct_ci", "votes", "organization", "license", "knowledge_cutoff", "url",
)  # fmt: skip
NEWEST = (
    "rank", "rank_stylectrl", "model", "arena_score", "95_pct_ci", "votes", "organization", "license",
    "knowledge_cutoff",
)  # fmt: skip


@pytest.mark.parametrize(
    "header", [OLDEST, LEADERBOARD, NEWEST, NEWEST[::-1]], ids=["oldest", "plain", "newest", "moved"]
)
def test_every_header_gives_the_same_figures(header: tuple[str, ...]) -> None:
    """Would catch the rank with style control read as the rank, or a renamed score as missing."""
    row = parsed("llm_leaderboard_csv", leaderboard(header)).row(2, named=True)
    assert (row["model_name"], row["score"], row["rank"], row["votes"]) == ("Sample-2", 1298.0, 3, 1002)
    assert (row["score_low"], row["score_high"]) == (1294.0, 1303.0)
    assert (row["organization_name"], row["license_name"]) == ("Fabrikam", "Apache 2.0")
    assert (row["board"], row["variant"], row["category"]) == ("arena_text", "raw", "overall")
    assert row["published_on"] is None, "nothing is printed, so nothing is invented"
    assert row["standard_error"] is None


def test_extra_has_what_else_is_printed() -> None:
    """Would catch the other ranking or the cutoff lost on the way."""
    row = parsed("llm_leaderboard_csv", leaderboard(NEWEST)).row(2, named=True)
    assert json.loads(row["extra"]) == {"rank_style_control": 4, "knowledge_cutoff": "2024/4"}
    assert parsed("llm_leaderboard_csv", leaderboard())["extra"].null_count() == 60


def test_blank_cells_and_thousands() -> None:
    """Would catch a blank licence read as open, and 117,763 votes as 117."""
    text = leaderboard(NEWEST, votes='"117,763"', license="", organization="", knowledge_cutoff="Unknown")
    row = parsed("llm_leaderboard_csv", text).row(0, named=True)
    assert (row["votes"], row["license_name"], row["organization_name"]) == (117763, None, None)
    assert json.loads(row["extra"])["knowledge_cutoff"] is None


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"arena_score": "abc"}, "score 'abc' in 60 rows"),
        ({"95_pct_ci": "5 points"}, "interval '5 points' in 60 rows"),
        ({"votes": "many"}, "votes 'many'"),
        ({"model": ""}, "model_name is missing"),
    ],
)
def test_unreadable_cells_stop_the_source(changes: dict[str, Any], says: str) -> None:
    """Would catch a column that turns into nulls from one commit to the next."""
    with pytest.raises(ParseError, match=says):
        parsed("llm_leaderboard_csv", leaderboard(**changes))


def test_other_tables_of_the_repository_are_refused() -> None:
    """Would catch another CSV of the same mirror ingested as the arena's."""
    with pytest.raises(
        ParseError, match=r"columns Model, Average; expected also rank, arena_score or arena_elo"
    ):
        parsed("llm_leaderboard_csv", "Model,Average\na,1\n")
    with pytest.raises(EmptyTable):
        parsed("llm_leaderboard_csv", ",".join(LEADERBOARD) + "\n")


def test_day_and_commit_are_read_from_a_name() -> None:
    """Would catch a snapshot dated by its download, or without a way back to the commit."""
    path = PurePath("2024-07-10_bfa7927.csv")
    assert SOURCE.known_at_of(path, b"") == datetime(2024, 7, 10, tzinfo=UTC)
    assert SOURCE.address_of(path).endswith("/blob/bfa7927/csv/lmsys.csv")
    assert SOURCE.known_at_of(PurePath("lmsys.csv"), b"") is None
    assert SOURCE.address_of(PurePath("2025-08-06_lmarena_text.csv")) == ""
    assert SOURCE.precision is Precision.ROUNDED


def test_every_real_file(upstream: Path) -> None:
    """Would catch a commit whose header or cells differ from all the others."""
    paths = sorted((upstream / "llm_leaderboard_csv").glob("*.csv"))
    assert paths
    for path in paths:
        frame = read_file(SOURCE, path)
        with path.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        assert frame.height == len(rows) >= 100, path
        assert frame["model_name"].to_list() == [row["model"] for row in rows]
        assert frame["votes"].to_list() == [int(row["votes"]) for row in rows]
        assert frame["score"].is_between(700, 1600).all()
        assert (frame["score_low"] <= frame["score"]).all()
        assert (frame["score_high"] >= frame["score"]).all()
        assert SOURCE.known_at_of(path, b"") == datetime.fromisoformat(f"{path.name[:10]}T00:00+00:00")

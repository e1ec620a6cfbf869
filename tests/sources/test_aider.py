"""Aider's coding leaderboards: YAML with one entry a run. All bodies here are synthetic; the last part reads the
real files where there are any.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import duckdb
import pytest

from sources.aider import BOARDS
from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import only, parsed, read_file


def run(model: str = "sample-1", **changes: object) -> str:
    entry: dict[str, object] = {
        "dirname": "2025-02-25-20-23-07--sample", "test_cases": 225, "model": model, "edit_format": "diff",
        "pass_rate_1": 20.4, "pass_rate_2": 35.6, "command": "aider --model sample/sample-1", "date": "2025-02-25",
        "versions": "0.75.2.dev", "total_cost": 13.8395,
    }  # fmt: skip
    lines = [f"  {key}: {value}" for key, value in {**entry, **changes}.items() if value is not None]
    return "-" + "\n".join(lines)[1:] + "\n\n"


@pytest.mark.parametrize(("request_name", "board"), BOARDS.items())
def test_each_file_is_a_board(request_name: str, board: str) -> None:
    """Would catch the three boards, with different exercises, mixed."""
    assert parsed("aider", run(), request_name)["board"].to_list() == [board]
    assert get("aider").request_of(PurePath(f"aider/{request_name}_leaderboard.yml")) == request_name


def test_the_second_try_counts_where_there_is_one() -> None:
    """Would catch the first try reported, or refactoring, which has one try, left empty."""
    frame = parsed("aider", run("two") + run("one", pass_rate_2=None))
    assert [(row["model_name"], row["score"]) for row in frame.iter_rows(named=True)] == [
        ("two", 35.6),
        ("one", 20.4),
    ]


def test_a_release_date_is_taken_under_both_its_names_and_never_from_the_run() -> None:
    """Would catch the day of a run taken for the day of a model."""
    frame = parsed("aider", run("a", released="2024-02-29") + run("b", _released="2024-04-18") + run("c"))
    expected = [date(2024, 2, 29), date(2024, 4, 18), None]
    assert [only(frame, name)["released_on"] for name in "abc"] == expected
    assert frame["published_on"].null_count() == 3
    assert json.loads(only(frame, "c")["extra"])["run_on"] == "2025-02-25"


def test_a_zero_cost_of_a_run_is_missing() -> None:
    """Would catch a free model made of a cost nobody measured."""
    frame = parsed("aider", run("a") + run("b", total_cost="0.0000") + run("c", total_cost=None))
    costs = [json.loads(only(frame, name)["extra"]).get("total_cost_usd") for name in "abc"]
    assert costs == [13.8395, None, None]


def test_the_newest_run_of_a_model_counts_and_extra_has_the_others() -> None:
    """Would catch a whole board quarantined because one model was run with two ways of editing."""
    body = (
        run(pass_rate_2=16.4, edit_format="whole", date="2025-02-26") + run(pass_rate_2=8.0) + run("sample-2")
    )
    frame = parsed("aider", body)
    assert frame.height == 2
    row = only(frame, "sample-1")
    extra = json.loads(row["extra"])
    assert (row["score"], extra["edit_format"]) == (16.4, "whole")
    assert [(other["score"], other["edit_format"]) for other in extra["earlier_runs"]] == [(8.0, "diff")]


def test_runs_of_one_day_are_all_kept() -> None:
    """Would catch a parser that chooses where only the quarantine may."""
    assert parsed("aider", run(pass_rate_2=1.0) + run(pass_rate_2=2.0))["score"].to_list() == [1.0, 2.0]


def test_names_of_model_pairs_and_runners_stay_as_printed() -> None:
    """Would catch two makers' models taken for one's: identity is decided elsewhere."""
    body = run("DeepSample R1 + sample-sonnet") + run("ollama/sample:6.7b") + run('"sample (high)"')
    expected = ["DeepSample R1 + sample-sonnet", "ollama/sample:6.7b", "sample (high)"]
    assert sorted(parsed("aider", body)["model_name"]) == expected


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("404: Not Found", "a list of runs"),
        ("[]", "no rows"),
        ("- 1\n- 2\n", "JSON object"),
        (run(model=None), "also model"),  # type: ignore[arg-type]
        (run(pass_rate_1=None, pass_rate_2=None), "also pass_rate_2"),
        (run().replace("pass_rate_", "rate_"), "also pass_rate_2"),
        (run(pass_rate_2="most"), "a number"),
        (run(pass_rate_2=356), "0 to 100"),
        (run(pass_rate_2=".nan"), "no row has a score"),
        (run(pass_rate_2="1.0e+999"), "no row has a score"),
        (run(released="spring"), "spring"),
        (run(model="[a, b]"), "expected text"),
    ],
    ids=[
        "404", "no runs", "numbers", "no name", "no rate", "renamed", "text", "above 100", "nan", "infinite",
        "released", "list as name",
    ],
)  # fmt: skip
def test_what_is_not_a_leaderboard_is_refused_in_one_line(body: str, says: str) -> None:
    """Would catch a broken download that replaces a board, or a traceback."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("aider", body)
    assert "\n" not in caught.value.line()


@pytest.mark.parametrize(
    ("name", "body", "day"),
    [
        ("polyglot_leaderboard.yml", run(date="2025-02-25") + run(date="2024-12-21"), (2025, 2, 25)),
        ("polyglot_leaderboard.yml", run(released="2026-01-01"), (2025, 2, 25)),
        ("polyglot_leaderboard_2025-10-04.yml", run(), (2025, 10, 4)),
        ("polyglot_leaderboard.yml", run(date="2025-02-30"), None),
        ("polyglot_leaderboard.yml", "", None),
    ],
)
def test_a_file_is_known_from_its_newest_run_on(
    name: str, body: str, day: tuple[int, int, int] | None
) -> None:
    """Would catch a board that looks as fresh as its copy, or is known before its newest run."""
    expected = datetime(*day, tzinfo=UTC) if day else None
    assert get("aider").known_at_of(PurePath(name), body.encode()) == expected


# --- the real files -------------------------------------------------------------------------------


def test_every_real_file_is_read_whole(upstream: Path) -> None:
    """Would catch entries lost: counted here by their lines, without a YAML reader."""
    source = get("aider")
    paths = sorted({path for pattern in source.raw_patterns for path in upstream.glob(pattern)})
    assert paths == sorted((upstream / "aider").iterdir())
    assert len(paths) == 3
    for path in paths:
        text = path.read_text()
        names = re.findall(r"^(?:- |  )model: (.+?)\s*$", text, re.MULTILINE)
        frame = read_file(source, path)
        assert set(frame["model_name"]) == {name.strip("\"'") for name in names}
        assert frame.height == len(set(names))
        assert text.count("dirname:") == len(names)
        tries = re.findall(r"^  pass_rate_2: (\S+)$", text, re.MULTILINE) or re.findall(
            r"^  pass_rate_1: (\S+)$", text, re.MULTILINE
        )
        assert len(tries) == len(names)
        assert frame["score"].max() == max(map(float, tries))
        released = len(re.findall(r"^  _?released: \S+$", text, re.MULTILINE))
        assert frame["released_on"].drop_nulls().len() == released


def test_a_file_of_a_commit_has_its_day_and_page() -> None:
    """Would catch a vintage dated by its newest run, or a link to a folder that the file was not in yet."""
    source, path = get("aider"), PurePath("edit_leaderboard__2024-06-01_559279c781dc.yml")
    assert source.request_for(path) == "edit"
    assert source.known_at_of(path, run().encode()) == datetime(2024, 6, 1, tzinfo=UTC)
    assert source.address_of(path) == "https://github.com/Aider-AI/aider/commit/559279c781dc"
    assert source.address_of(PurePath("edit_leaderboard.yml")) == ""


def test_commits_are_looked_for_in_every_folder_the_files_were_in() -> None:
    """Would catch the two months before the move lost: GitHub's list of a path does not follow renames."""
    revisions = get("aider").revisions
    assert revisions is not None
    addresses = [listing.address for listing in revisions.listings(None, None)]
    assert len(addresses) == len(set(addresses)) == 7
    assert sum("path=_data%2F" in address for address in addresses) == 2


#: Board, month, US model, its score, Chinese model, its score.
REFERENCE = (
    ("aider_edit", date(2024, 6, 1), "claude-3.5-sonnet (whole)", 78.2, "DeepSeek Coder V2 (whole)", 75.2),
    ("aider_edit", date(2024, 10, 1), "claude-3-5-sonnet-20241022", 84.2, "DeepSeek Coder V2 0724 (deprecated)", 72.9),
    ("aider_polyglot", date(2025, 1, 1), "o1-2024-12-17 (high)", 61.7, "DeepSeek R1", 56.9),
    ("aider_polyglot", date(2025, 6, 1), "o3-pro (high)", 84.9, "DeepSeek R1 (0528)", 71.4),
    ("aider_polyglot", date(2025, 8, 1), "openai/gpt-5", 88.0, "DeepSeek R1 (0528)", 71.4),
)  # fmt: skip


@pytest.mark.parametrize(("board", "month", "us", "us_score", "cn", "cn_score"), REFERENCE)
def test_the_shipped_months_of_the_repository(
    warehouse: duckdb.DuckDBPyConnection,
    board: str,
    month: date,
    us: str,
    us_score: float,
    cn: str,
    cn_score: float,
) -> None:
    """Would catch a month read from a later commit, or a name of one commit that nobody resolved."""
    found = warehouse.execute(
        "SELECT us_model, us_score, cn_model, cn_score, status FROM monthly_gap "
        "WHERE board = ? AND category = 'overall' AND month = ?",
        [board, month],
    ).fetchone()
    assert found == (us, us_score, cn, cn_score, "observed")


def test_polyglot_is_observed_in_each_of_its_eleven_months(warehouse: duckdb.DuckDBPyConnection) -> None:
    """Would catch commits lost from the history."""
    found = warehouse.execute(
        "SELECT count(*), min(month), max(month) FROM monthly_gap "
        "WHERE board = 'aider_polyglot' AND status = 'observed'"
    ).fetchone()
    assert found == (11, date(2024, 12, 1), date(2025, 10, 1))

"""The tracker that passes on Epoch's figures: both of its shapes, and what of it is not to be believed.

The bodies are synthetic; the last tests read the real files where there are any.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any

import polars as pl
import pytest

from sources.contract.validation import read
from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import only, parsed, read_file, snapshot

SOURCE = get("epoch_tracker")


def indexed(name: str, **changes: object) -> dict[str, object]:
    """A model of the index."""
    row = {
        "model": name, "display_name": f"{name} (high)", "eci": 140.5, "eci_std": 2.5, "date": "2026-01-27T00:00:00",
        "organization": "Northwind", "is_open": True, "is_china": True,
    }  # fmt: skip
    return {**row, **changes}


def scored(name: str, **changes: object) -> dict[str, object]:
    """A model of an exam."""
    row = {
        "model": name, "display_name": name, "score": 84.25, "score_std": 1.75, "date": "2026-01-27T00:00:00",
        "organization": "Contoso", "is_open": False, "is_china": False,
    }  # fmt: skip
    return {**row, **changes}


def page(**boards: object) -> str:
    benchmarks = {
        name: {"metadata": {"id": name}, "models": [{"model": "record", "score": 1}], "trend_models": models}
        for name, models in boards.items()
    }
    return json.dumps(
        {"benchmarks": benchmarks, "default_benchmark": "eci", "last_updated": "2026-01-31T01:15:57"}
    )


def test_index_and_exams_are_read_from_the_whole_lists() -> None:
    """Would catch the short list of records read as the board, or one board's column as another's."""
    frame = parsed("epoch_tracker", page(eci=[indexed("Sample 1")], gpqa_diamond=[scored("sample-1-high")]))
    assert frame.height == 2
    row = only(frame, "Sample 1")
    assert (row["board"], row["variant"], row["category"]) == ("eci", "default", "overall")
    assert (row["score"], row["standard_error"], row["organization_name"]) == (140.5, 2.5, "Northwind")
    assert row["released_on"] == date(2026, 1, 27)
    exam = only(frame, "sample-1-high")
    assert (exam["board"], exam["score"], exam["standard_error"]) == ("gpqa_diamond", 84.25, 1.75)


def test_the_first_shape_is_the_index_alone() -> None:
    """Would catch the vintages before 2026-01-23 lost."""
    body = json.dumps(
        {"models": [], "trend_models": [indexed("Sample 1"), indexed("Sample 2")], "gaps": [], "trends": {}}
    )
    frame = parsed("epoch_tracker", body)
    assert frame["board"].to_list() == ["eci", "eci"]


def test_the_run_of_the_tracker_is_no_day_of_publication() -> None:
    """Would catch a fresh stamp every day over figures that Epoch has not changed."""
    assert parsed("epoch_tracker", page(eci=[indexed("Sample 1")]))["published_on"].to_list() == [None]
    path = PurePath("data__2026-01-31_78a546c72.json")
    assert SOURCE.known_at_of(path, b"") == datetime(2026, 1, 31, tzinfo=UTC)
    assert SOURCE.address_of(path).endswith("/blob/78a546c72/data.json")


def test_what_the_tracker_calls_the_public_set_is_the_private_one() -> None:
    """Would catch the two sets of FrontierMath mixed on one board."""
    assert parsed("epoch_tracker", page(frontiermath_public=[scored("s", score=40.7)]))[
        "board"
    ].to_list() == ["frontiermath"]


def test_openness_is_kept_and_nationality_is_not_read() -> None:
    """Would catch the wrong flag of nationality in the warehouse, the open one lost, or one made up."""
    listed = [indexed("open"), indexed("closed", is_open=False), indexed("silent", is_open=None)]
    frame = parsed("epoch_tracker", page(eci=listed))
    found = {row["model_name"]: json.loads(row["extra"]) for row in frame.iter_rows(named=True)}
    assert {name: extra.get("is_open") for name, extra in found.items()} == {
        "open": True, "closed": False, "silent": None,
    }  # fmt: skip
    assert "is_china" not in str(found)
    assert frame["license_name"].null_count() == 3


def test_an_error_that_is_not_printed_stays_missing() -> None:
    """Would catch an error made up for the two models that define the scale, or for a model that was not repeated."""
    frame = parsed("epoch_tracker", page(eci=[indexed("GPT-5", eci=150.0, eci_std=None), indexed("Sample")]))
    assert only(frame, "GPT-5")["standard_error"] is None


def test_time_horizons_are_in_minutes_with_bounds_and_do_not_ship() -> None:
    """Would catch figures of unstated licence in the shipped history, or their bounds lost."""
    horizon = scored("gpt2", score=0.04, score_std=None, p50_ci_low=0.01, p50_ci_high=0.14, date="2019-02-14")
    row = only(parsed("epoch_tracker", page(metr_time_horizon=[horizon])), "gpt2")
    assert (row["score"], row["score_low"], row["score_high"]) == (0.04, 0.01, 0.14)
    assert row["board"] in SOURCE.withheld_boards


def test_boards_that_are_none_here_are_left_out() -> None:
    """Would catch a new benchmark of the tracker stopping all others."""
    frame = parsed("epoch_tracker", page(eci=[indexed("Sample 1")], riddles=[scored("Sample 2")]))
    assert frame["model_name"].to_list() == ["Sample 1"]


def test_two_figures_of_one_model_are_both_kept() -> None:
    """Would catch one of two runs chosen at random: upstream's order of them changes from day to day."""
    frame = parsed(
        "epoch_tracker", page(swe_bench_verified=[scored("a", score=78.72), scored("a", score=75.62)])
    )
    assert frame["score"].to_list() == [78.72, 75.62]


def test_a_bad_entry_costs_its_row() -> None:
    """Would catch a board lost over one cell."""
    models = [indexed(f"Sample {n}", eci=150 - n) for n in range(30)]
    models[-1]["date"] = "soon"
    body = page(eci=models)
    taken = snapshot("epoch_tracker", body)
    frame = SOURCE.parse(taken)
    assert frame.height == 29
    assert [(row.name, row.column, row.score) for row in taken.set_aside] == [("Sample 29", "date", 121)]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "empty body"),
        ("[]", "a JSON object"),
        ("{}", "a list under trend_models"),
        (page(riddles=[scored("Sample")]), "one or more of eci"),
        (page(eci={}), "a list under trend_models"),
        (page(eci=[]), "no rows"),
        (page(eci=[scored("Sample")]), "expected also eci"),
        (page(eci=[indexed("Sample", eci="140")]), "a number"),
        (page(eci=[{**indexed("Sample"), "next": indexed("inside")}]), "an entry inside an entry"),
        (page(gpqa_diamond=[scored(f"s{n}", score=0.8 + n / 100) for n in range(5)]), "not shares"),
    ],
)
def test_another_shape_is_named(body: str, says: str) -> None:
    """Would catch a renamed field, another unit or a broken download read as a vintage."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("epoch_tracker", body)
    assert "\n" not in caught.value.line()


def test_level_5_of_math_is_read_since_it_is_the_score_of_the_board() -> None:
    """Would catch the share of one scorer beside Epoch's own score, as if every model had improved in a month."""
    body = page(
        math_level_5=[scored("o1-2024-12-17_high", score=80.287)], gpqa_diamond=[scored("o1", score=75.7)]
    )
    before, after = (
        read(SOURCE, snapshot("epoch_tracker", body, at=datetime(2026, 2, 4, 9, minute, tzinfo=UTC))).frame
        for minute in (20, 34)
    )
    assert before["board"].to_list() == ["gpqa_diamond"]
    assert sorted(after["board"]) == ["gpqa_diamond", "math_level_5"]


def boards_of(path: Path) -> dict[str, list[dict[str, Any]]]:
    raw = json.loads(path.read_bytes())
    boards: Mapping[str, Any] = raw.get("benchmarks", {"eci": raw})
    return {name: board["trend_models"] for name, board in boards.items()}


def test_every_real_file_is_read_whole(upstream: Path) -> None:
    """Would catch rows or boards lost from a vintage."""
    paths = sorted((upstream / "iaps_tracker").glob("*.json"))
    assert len(paths) >= 9
    for path in paths:
        body = path.read_bytes()
        known_at = SOURCE.known_at_of(path, body)
        assert known_at is not None
        frame = read(SOURCE, snapshot(SOURCE.id, body, file_name=path.name, at=known_at)).frame
        boards = boards_of(path)
        if "2026-01-31" in path.name:
            other_measure = {model["model"]: model["score"] for model in boards.pop("math_level_5")}
            assert other_measure["o1-2024-12-17_high"] < 81
        assert frame.height == sum(map(len, boards.values())), path
        for name, models in boards.items():
            board = "frontiermath" if name == "frontiermath_public" else name
            figure = "eci" if name == "eci" else "score"
            own = frame.filter(pl.col("board") == board)
            assert sorted(own["score"]) == sorted(model[figure] for model in models), (path, name)
            assert own["released_on"].null_count() == 0


def test_real_vintages_of_one_day_are_those_of_the_flattened_copy(upstream: Path) -> None:
    """Would catch figures changed on the way: the other copy of 2026-08-22 was flattened by somebody else."""
    ours = read_file(SOURCE, upstream / "iaps_tracker" / "data__2026-08-22_745761878.json")
    columns = ("board", "model_name", "score", "standard_error", "released_on")
    for source, name in (
        ("epoch_eci", "eci_scores_2026-08-22.csv"),
        ("epoch_benchmarks", "benchmark_scores_2026-08-22.csv"),
    ):
        theirs = read_file(get(source), upstream / "epoch" / name).select(columns)
        same = ours.filter(pl.col("board").is_in(theirs["board"].unique().to_list())).select(columns)
        assert same.sort(columns).equals(theirs.sort(columns))

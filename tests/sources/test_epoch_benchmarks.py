"""Epoch's benchmarking hub: runs, the tracker's extract and the live ZIP.

The bodies are synthetic; the last tests read the real files where there are any.
"""

from __future__ import annotations

import io
import json
import zipfile
from collections.abc import Mapping
from datetime import date
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.contract.validation import read
from sources.contract.zip_files import bundle
from sources.epoch_benchmarks import FILES, METR, TASKS, TRACKED
from sources.errors import ParseError
from sources.parsing import epoch_collected
from sources.registry import get
from tests.fixtures.bodies import only, parsed, read_file, snapshot
from tests.fixtures.csv_files import Rows, rows_of, written

BOARDS = Path(__file__).resolve().parents[2] / "warehouse" / "reference" / "boards.csv"
PAGE = "<!DOCTYPE html><html><head><title>Page not found</title></head></html>"


# --- runs and model versions  ----------------------------------------------------------


def run(model: str, score: object = "0.850", **changes: object) -> dict[str, object]:
    row = {
        "id": f"run-{model}", "task": "GPQA diamond", "model": model, "Best score (across scorers)": score,
        "Scores": "choice:0.85±0.02", "log viewer": "", "logs": "", "job": "",
        "started_at": "17 November 2025 4:28pm", "Status": "Success", "Manual evaluation": "", "task version": "1.0.1",
    }  # fmt: skip
    return {**row, **changes}


def release(model: str, day: str = "2025-11-13", **changes: object) -> dict[str, object]:
    row = {
        "id": model, "Model": "Sample", "Version release date": day, "Hugging Face developer id": "",
        "Link": "", "Notes": "a note\nof two lines", "benchmarks/runs": "", "Display name": f"{model}, shown",
    }  # fmt: skip
    return {**row, **changes}


def pair(runs: Rows, versions: Rows) -> bytes:
    return bundle(
        {
            "benchmarks_runs_2025-12.csv": ("\ufeff" + written(runs)).encode(),
            "model_versions_2025-12.csv": ("\ufeff" + written(versions)).encode(),
        }
    )


def test_runs_get_their_release_dates_from_the_model_versions() -> None:
    """Would catch runs without dates, so that no lag can be computed, and a byte-order mark in a column's name."""
    frame = parsed("epoch_benchmarks", pair([run("sample-1"), run("unknown")], [release("sample-1")]), "runs")
    row = only(frame, "sample-1")
    assert (row["board"], row["score"], row["released_on"]) == ("gpqa_diamond", 85.0, date(2025, 11, 13))
    assert json.loads(str(row["extra"]))["display_name"] == "sample-1, shown"
    assert only(frame, "unknown")["released_on"] is None


def test_runs_alone_are_read_too_and_so_is_the_export_that_holds_both() -> None:
    """Would catch scores refused for want of dates."""
    alone = only(parsed("epoch_benchmarks", "\ufeff" + written([run("sample-1")]), "runs"), "sample-1")
    assert (alone["score"], alone["released_on"]) == (85.0, None)
    both = run(
        "sample-1", **{"Version release date": "2026-01-02", "Organization": "Northwind", "stderr": "0.021"}
    )
    row = only(parsed("epoch_benchmarks", written([both]), "runs"), "sample-1")
    assert (row["released_on"], row["organization_name"]) == (date(2026, 1, 2), "Northwind")
    assert row["standard_error"] == 2.1


@pytest.mark.parametrize(("task", "board"), sorted(TASKS.items()))
def test_private_public_and_tiered_questions_are_different_boards(task: str, board: str) -> None:
    """Would catch the ten public questions of FrontierMath compared with the 290 private ones."""
    assert parsed("epoch_benchmarks", written([run("sample-1", task=task)]), "runs")["board"].to_list() == [
        board
    ]
    assert len(set(TASKS.values())) == len(TASKS)


def test_every_board_is_one_of_the_reference_table_in_percent_but_time_horizons() -> None:
    """Would catch scores of a board that no mart knows, or in another unit than the table says."""
    units = {row["board"]: row["unit"] for row in rows_of(BOARDS)}
    ours = {*TASKS.values(), *TRACKED.values(), *FILES.values()}
    assert {board: units.get(board) for board in ours} == {
        board: "minutes" if board == METR else "percent" for board in ours
    }
    assert units["eci"] == "index"


def test_a_share_becomes_a_percentage_without_dust() -> None:
    """Would catch 9.700000000000001."""
    scores = parsed("epoch_benchmarks", written([run("a", "0.097"), run("b", "1"), run("c", "0")]), "runs")
    assert scores["score"].to_list() == [9.7, 100.0, 0.0]


def test_the_newest_run_counts_and_extra_has_the_others() -> None:
    """Would catch a whole board quarantined because one model was run again with a corrected task."""
    again = [
        run("sample-1", "0.110", started_at="3 July 2025 11:43am", **{"task version": "1.0.0"}),
        run("sample-1", "0.121", started_at="13 November 2025 8:02pm", **{"task version": "1.1.0"}),
        run("sample-1", "0.100", started_at=""),
        run("sample-2", "0.300", started_at=""),
    ]
    frame = parsed("epoch_benchmarks", written(again), "runs")
    assert frame.height == 2
    row = only(frame, "sample-1")
    extra = json.loads(str(row["extra"]))
    assert (row["score"], extra["task_version"]) == (12.1, "1.1.0")
    assert [earlier["score"] for earlier in extra["earlier_runs"]] == [11.0, 10.0]
    assert "earlier_runs" not in json.loads(str(only(frame, "sample-2")["extra"]))


def test_runs_that_nothing_distinguishes_are_all_kept() -> None:
    """Would catch a parser that chooses where only the quarantine may."""
    for start in ("", "17 November 2025 4:28pm"):
        body = written([run("sample-1", "0.5", started_at=start), run("sample-1", "0.6", started_at=start)])
        assert parsed("epoch_benchmarks", body, "runs")["score"].to_list() == [50.0, 60.0]


def test_a_model_may_be_called_like_nothing() -> None:
    """Would catch a model lost because its name is a word for "not known"."""
    for name in ("unknown", "None"):
        assert parsed("epoch_benchmarks", written([run(name)]), "runs")["model_name"].to_list() == [name]


def test_failed_and_unscored_runs_and_unknown_tasks_are_left_out() -> None:
    """Would catch a crashed run as a score of zero, or hiding an earlier good one."""
    body = written(
        [
            run("sample-1"),
            run("sample-1", "0.0", Status="Error", started_at="18 November 2025 1:00am"),
            run("sample-1", "", started_at="19 November 2025 1:00am"),
            run("sample-2", task="Another exam"),
        ]
    )
    frame = parsed("epoch_benchmarks", body, "runs")
    assert (frame["model_name"].to_list(), frame["score"].to_list()) == (["sample-1"], [85.0])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (PAGE, "a web page"),
        ("", "empty body"),
        (written([run("x")]).splitlines()[0] + "\n", "no rows"),
        (written([run("x", "85")]), "expected 0 to 1"),
        (written([run("x", "-0.1")]), "expected 0 to 1"),
        (written([run("x", started_at="yesterday")]), "yesterday"),
        (written([run("x", task="Renamed")]), "Renamed"),
        (written([run("x")]).replace("task,model", "task,system"), "also model"),
        (pair([run("x")], [release("x"), release("x", "2024-01-01")]), "x in 2 rows; expected each version once"),
        (pair([run("x")], [release("x", "soon")]), "soon"),
        (bundle({"model_versions_2025-12.csv": written([release("x")]).encode()}), "benchmarks_runs"),
    ],
    ids=["page", "empty", "header", "percent", "negative", "start", "tasks", "renamed", "twice", "date", "no runs"],
)  # fmt: skip
def test_broken_runs_are_refused_in_one_line(body: str | bytes, says: str) -> None:
    """Would catch percentages multiplied by a hundred again, and joins that multiply rows."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("epoch_benchmarks", body, "runs")
    assert "\n" not in caught.value.line()


# --- the tracker's extract ------------------------------------------------------------


def scored(benchmark: str, model: str, **changes: object) -> dict[str, object]:
    row = {
        "benchmark": benchmark, "model": model, "display_name": model, "score": "35.73", "score_std": "2.36",
        "date": "2023-03-14", "organization": "Northwind", "is_open": "False", "is_china": "True",
    }  # fmt: skip
    return {**row, **changes}


def test_the_tracker_is_in_percent_already_and_time_horizons_in_minutes() -> None:
    """Would catch percentages multiplied, and horizons of more than 100 minutes refused."""
    body = written(
        [scored("gpqa_diamond", "a"), scored("metr_time_horizon", "b", score="1044.78", score_std="")]
    )
    frame = parsed("epoch_benchmarks", body, "scores")
    assert only(frame, "a")["score"] == 35.73
    assert only(frame, "a")["standard_error"] == 2.36
    row = only(frame, "b")
    assert (row["board"], row["score"], row["standard_error"]) == ("metr_time_horizon", 1044.78, None)


def test_the_trackers_public_frontiermath_is_the_private_set() -> None:
    """Would catch 101 models of the private set on the board of the ten public questions."""
    frame = parsed("epoch_benchmarks", written([scored("frontiermath_public", "a")]), "scores")
    assert frame["board"].to_list() == ["frontiermath"]


def test_what_the_tracker_says_of_countries_is_not_taken() -> None:
    """Would catch a country from a flag that is wrong for some makers."""
    frame = parsed("epoch_benchmarks", written([scored("gpqa_diamond", "a")]), "scores")
    assert "china" not in str(frame.rows())


def test_rows_of_one_model_that_differ_are_left_to_the_quarantine() -> None:
    """Would catch one of two unlabelled scores chosen in silence."""
    body = written([scored("swe_bench_verified", "a"), scored("swe_bench_verified", "a", score="38.0")])
    assert parsed("epoch_benchmarks", body, "scores")["score"].to_list() == [35.73, 38.0]


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (PAGE, "a web page"),
        (written([scored("gpqa_diamond", "a", score="100.5")]), "0 to 100"),
        (written([scored("other", "a")]), "other"),
        (written([scored("gpqa_diamond", "a", score="nan")]), "no row has a score"),
        (written([scored("gpqa_diamond", "a", date="14/03/2023")]), "14/03/2023"),
    ],
)
def test_a_broken_extract_is_refused_in_one_line(body: str, says: str) -> None:
    """Would catch a broken download that replaces the boards."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("epoch_benchmarks", body, "scores")
    assert "\n" not in caught.value.line()


def test_figures_of_others_do_not_ship() -> None:
    """Would catch METR's figures, of unstated licence, in the history because Epoch's others may ship."""
    source = get("epoch_benchmarks")
    assert source.origin.redistributable
    assert source.withheld_boards == {METR, *(board.board for board in epoch_collected.BOARDS)}
    assert not source.withheld_boards & set(FILES.values())


# --- the live ZIP ---------------------------------------------------------------------


def hub(model: str, score: object = "0.8636363636363636", **changes: object) -> dict[str, object]:
    row = {
        "Model version": model, "mean_score": score, "Best score (across scorers)": score,
        "Release date": "2026-01-02", "Organization": "Northwind", "Country": "United States of America",
        "Training compute (FLOP)": "", "stderr": "0.0244", "Log viewer": "", "Logs": "",
        "Started at": "2026-01-03T01:02:03.000Z", "id": f"run-{model}",
    }  # fmt: skip
    return {**row, **changes}


def zipped(files: Mapping[str, str | bytes], method: int = zipfile.ZIP_DEFLATED) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", method) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


def test_the_zip_gives_each_of_our_boards_and_leaves_the_rest() -> None:
    """Would catch a new benchmark, or one passed on from others, on a board of ours."""
    rows = written([hub("sample-1"), hub("sample-2", "0.5")])
    files = {
        "README.md": "# Data", "benchmark_data/gpqa_diamond.csv": rows, "frontiermath.csv": rows,
        "frontiermath_tiers_1_3_v2.csv": rows, "metr_time_horizons_external.csv": rows, "new_exam.csv": rows,
    }  # fmt: skip
    frame = parsed("epoch_benchmarks", zipped(files))
    assert sorted(frame["board"].unique()) == ["frontiermath", "frontiermath_v2", "gpqa_diamond"]
    assert frame.height == 6
    row = frame.filter(pl.col("board") == "gpqa_diamond").row(0, named=True)
    assert (row["score"], row["standard_error"]) == (86.3636363636, 2.44)
    assert (row["released_on"], row["organization_name"]) == (date(2026, 1, 2), "Northwind")


@pytest.mark.parametrize(
    "dropped", ["mean_score", "Best score (across scorers)", "stderr", "Started at", "id"]
)
def test_a_file_of_the_zip_may_lack_what_not_all_have(dropped: str) -> None:
    """Would catch a whole archive refused for one column."""
    columns = [name for name in hub("x") if name != dropped]
    frame = parsed("epoch_benchmarks", zipped({"gpqa_diamond.csv": written([hub("x")], columns)}))
    assert frame["score"].to_list() == [86.3636363636]


def test_the_best_score_is_taken_where_scorers_differ() -> None:
    """Would catch the archive and the list of runs telling two scores of one run."""
    rows = [hub("a", "0.5", mean_score="0.4"), hub("b", "", mean_score="0.3")]
    assert parsed("epoch_benchmarks", zipped({"gpqa_diamond.csv": written(rows)}))["score"].to_list() == [
        50,
        30,
    ]


def test_a_model_run_again_is_one_row() -> None:
    """Would catch a live board quarantined because of a second run."""
    rows = [hub("a", "0.5"), hub("a", "0.6", **{"Started at": "2026-02-03T01:02:03.000Z"})]
    assert parsed("epoch_benchmarks", zipped({"gpqa_diamond.csv": written(rows)}))["score"].to_list() == [60]


GOOD = written([hub("sample-1")])
UNSCORED = written([hub("sample-1")], ["Model version", "Release date", "Organization"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"", "no ZIP"),
        (zipped({}), "files none"),
        (zipped({"renamed.csv": GOOD}), "renamed.csv"),
        (zipped({"gpqa_diamond.csv": GOOD, "old/gpqa_diamond.csv": GOOD}), "one of them"),
        (zipped({"gpqa_diamond.csv": ""}), "empty body"),
        (zipped({"gpqa_diamond.csv": GOOD.splitlines()[0] + "\n"}), "no rows"),
        (zipped({"gpqa_diamond.csv": PAGE}), "a web page"),
        (zipped({"gpqa_diamond.csv": written([hub("a", "86.4")])}), "0 to 1"),
        (zipped({"gpqa_diamond.csv": UNSCORED}), "mean_score"),
        (zipped({"gpqa_diamond.csv": GOOD.replace("Model version", "Version")}), "also Model version"),
    ],
    ids=[
        "empty", "no files", "renamed file", "two of one", "empty file", "header", "page inside", "percent",
        "no score", "renamed column",
    ],
)  # fmt: skip
def test_a_broken_download_is_refused_in_one_line(body: bytes, says: str) -> None:
    """Would catch a benchmark lost or misread when the archive changes, or a traceback."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("epoch_benchmarks", body)
    assert "\n" not in caught.value.line()


@pytest.mark.parametrize(
    ("name", "request_name", "sibling"),
    [
        ("benchmark_data.zip", "benchmark_data", None),
        ("benchmark_scores_2026-08-22.csv", "scores", None),
        ("benchmarks_runs_2025-12.csv", "runs", "model_versions_2025-12.csv"),
        ("model_versions_2025-12.csv", "runs", "benchmarks_runs_2025-12.csv"),
        ("eci_scores_2025-12-19.csv", None, None),
    ],
)
def test_request_and_companions_are_read_from_a_files_name(
    name: str, request_name: str | None, sibling: str | None
) -> None:
    """Would catch a file read by the wrong reader, or runs ingested without their dates."""
    source, path = get("epoch_benchmarks"), PurePath("folder") / name
    assert source.request_of(path) == request_name
    assert source.companions_of(path) == ((PurePath("folder") / sibling,) if sibling else ())


# --- the real files -------------------------------------------------------------------------------


def test_the_real_extract_is_read_whole(upstream: Path) -> None:
    """Would catch rows of a benchmark lost or put on another board."""
    path = upstream / "epoch" / "benchmark_scores_2026-08-22.csv"
    frame = read_file(get("epoch_benchmarks"), path)
    for theirs, ours in TRACKED.items():
        expected = sorted(float(row["score"]) for row in rows_of(path) if row["benchmark"] == theirs)
        assert frame.filter(pl.col("board") == ours)["score"].sort().to_list() == expected
    assert frame.height == len(rows_of(path)) == 1021


def test_the_real_runs_are_read_whole(upstream: Path) -> None:
    """Would catch runs lost in the join with the model versions, or a version's date on another's run."""
    path = upstream / "epoch" / "benchmarks_runs_2025-12.csv"
    frame = read_file(get("epoch_benchmarks"), path)
    dates = {
        row["id"]: row["Version release date"]
        for row in rows_of(path.with_name("model_versions_2025-12.csv"))
    }
    keys = {(TASKS[row["task"]], row["model"]) for row in rows_of(path)}
    assert set(frame.select("board", "model_name").iter_rows()) == keys
    assert frame.height == len(keys) == 539
    assert [str(day or "") for day in frame["released_on"]] == [dates[name] for name in frame["model_name"]]
    again = frame.filter(pl.col("extra").str.contains("earlier_runs"))
    assert sorted(again["score"].to_list()) == [12.1, 12.4]
    assert frame["score"].max() <= 100  # type: ignore[operator]


def test_the_real_extract_and_runs_agree_on_the_private_set(upstream: Path) -> None:
    """Would catch the tracker's "public" put on the wrong board. One model was run again in between."""
    source = get("epoch_benchmarks")
    extract = read_file(source, upstream / "epoch" / "benchmark_scores_2026-08-22.csv")
    runs = read_file(source, upstream / "epoch" / "benchmarks_runs_2025-12.csv")
    both = extract.join(runs, on=["board", "model_name"]).filter(pl.col("board") == "frontiermath")
    assert both.height == 56
    assert both.filter((pl.col("score") - pl.col("score_right")).abs() < 0.06).height == 55


def test_a_benchmark_in_another_spelling_is_the_same_board() -> None:
    """Would catch a board that ends because upstream writes Diamond with a capital."""
    for printed in ("GPQA Diamond", "gpqa\u00a0diamond "):
        frame = parsed("epoch_benchmarks", written([run("sample-1", task=printed)]), "runs")
        assert frame["board"].to_list() == ["gpqa_diamond"]


def test_a_run_of_a_day_to_come_does_not_hide_the_others() -> None:
    """Would catch a typing error that makes one run the newest for ever."""
    many = [run(f"sample-{n}", str(0.9 - n / 100)) for n in range(30)]
    late = run("sample-29", "0.60", started_at="18 November 2062 1:00am")
    taken = snapshot("epoch_benchmarks", written([*many, late]), "runs")
    found = read(get("epoch_benchmarks"), taken)
    assert [row.line() for row in found.set_aside] == [
        "row 31 (sample-29): started_at '18 November 2062 1:00am' (expected a day to 2026-11-23)"
    ]
    assert found.frame.filter(pl.col("model_name") == "sample-29")["score"].to_list() == [61.0]

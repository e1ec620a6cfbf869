"""Epoch's capabilities index and benchmarks: every shape they came in, and what a download can do to them.

All bodies here are made; the last part reads the real files where there are any.
"""

from __future__ import annotations

import csv
import io
import json
import tracemalloc
import zipfile
from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.contract import zip_files
from sources.contract.zip_files import bundle
from sources.epoch_benchmarks import FILES, METR, TASKS, TRACKED
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.make import parsed, read_file, snapshot

BOARDS = Path(__file__).resolve().parents[2] / "warehouse" / "reference" / "boards.csv"
PAGE = "<!DOCTYPE html><html><head><title>Page not found</title></head></html>"

Rows = Sequence[Mapping[str, object]]


def written(rows: Rows, columns: Sequence[str] | None = None) -> str:
    """CSV as upstream writes it, with quotes where needed."""
    target = io.StringIO()
    writer = csv.DictWriter(target, columns or list(rows[0]), extrasaction="ignore", lineterminator="\n")
    writer.writeheader()
    writer.writerows(rows)
    return target.getvalue()


def rows_of(path: Path) -> list[dict[str, str]]:
    """A real file, read by another reader than ours."""
    with path.open(encoding="utf-8-sig", newline="") as file:
        return list(csv.DictReader(file))


def only(frame: pl.DataFrame, model: str) -> dict[str, object]:
    return frame.row(by_predicate=pl.col("model_name") == model, named=True)


# --- Epoch Capabilities Index ---------------------------------------------------------------------


def fitted(name: str, **changes: object) -> dict[str, object]:
    """One row of `eci_scores.csv`."""
    row = {
        "Model": name, "Display name": f"{name} (high)", "eci": "140.5", "eci_ci_low": "137.25",
        "eci_ci_high": "145.0", "date": "2025-11-18", "Organization": "Northwind",
        "Country (of organization)": "United States of America", "Model accessibility": "API access",
        "Accessibility group": "Closed weights", "model_versions": "",
    }  # fmt: skip
    return {**row, **changes}


def version(name: str, **changes: object) -> dict[str, object]:
    """One row of `epoch_capabilities_index.csv`."""
    row = {
        "Model version": name, "ECI Score": "140.5", "Release date": "2026-01-27", "Organization": "Contoso",
        "Country": "China", "Model accessibility": "Open weights (unrestricted)", "Training compute (FLOP)": "",
        "Confidence": "Likely", "Model name": name, "Description": "", "Display name": "",
    }  # fmt: skip
    return {**row, **changes}


def tracked(name: str, **changes: object) -> dict[str, object]:
    """One row of the tracker's extract of the index."""
    row = {
        "model": name, "display_name": "", "eci": "140.5", "eci_std": "2.5", "date": "2026-01-27",
        "organization": "Fabrikam", "is_open": "True", "is_china": "True",
    }  # fmt: skip
    return {**row, **changes}


@pytest.mark.parametrize("made", [fitted, version, tracked])
def test_every_shape_of_the_index_is_read(made: object) -> None:
    """Would catch a vintage lost because upstream renamed its columns."""
    row = only(parsed("epoch_eci", written([made("Made 1"), made("Made 2")])), "Made 1")  # type: ignore[operator]
    assert (row["board"], row["variant"], row["category"]) == ("eci", "default", "overall")
    assert (row["score"], row["published_on"]) == (140.5, None)
    assert isinstance(row["released_on"], date)
    assert row["organization_name"] in ("Northwind", "Contoso", "Fabrikam")


def test_bounds_of_the_index_hold_ninety_percent() -> None:
    """Would catch intervals a sixth too narrow, by taking Epoch's bounds for 95 %; and a made-up error of
    the two models that fix the scale.
    """
    body = written([fitted("Made 1"), fitted("Anchor", eci="150.0", eci_ci_low="", eci_ci_high="")])
    frame = parsed("epoch_eci", body)
    row = only(frame, "Made 1")
    assert (row["score_low"], row["score_high"]) == (137.25, 145.0)
    assert row["standard_error"] == pytest.approx(7.75 / 3.2897, abs=1e-4)
    assert only(frame, "Anchor")["standard_error"] is None


def test_a_printed_deviation_is_the_standard_error_and_missing_errors_stay_missing() -> None:
    """Would catch an error made up for the shape that has none."""
    assert only(parsed("epoch_eci", written([tracked("Made 1")])), "Made 1")["standard_error"] == 2.5
    assert only(parsed("epoch_eci", written([version("Made 1")])), "Made 1")["standard_error"] is None


def test_models_without_a_score_are_no_part_of_the_index() -> None:
    """Would catch Epoch's whole list of models counted as ranked, so that other vintages look cut."""
    body = written(
        [version("Made 1"), version("Made 2", **{"ECI Score": ""}), version("3", **{"ECI Score": "NaN"})]
    )
    assert parsed("epoch_eci", body)["model_name"].to_list() == ["Made 1"]


def test_names_stay_as_printed() -> None:
    """Would catch resellers' copies merged and a footnote lost by the parser: identity is decided elsewhere."""
    body = written(
        [
            version("reseller/made-1"),
            version("made-1"),
            version("preview", **{"ECI Score": "161", "Display name": "Preview (Apr 7)*"}),
            version("glued", **{"Model name": "Glued\n", "Organization": "Contoso,Northwind University"}),
        ]
    )
    frame = parsed("epoch_eci", body)
    assert frame["model_name"].to_list() == ["reseller/made-1", "made-1", "preview", "glued"]
    row = only(frame, "preview")
    assert (row["score"], json.loads(str(row["extra"]))["display_name"]) == (161.0, "Preview (Apr 7)*")
    assert only(frame, "glued")["organization_name"] == "Contoso,Northwind University"


def test_a_model_without_a_release_date_is_kept() -> None:
    """Would catch a ranked model dropped, or a date invented."""
    row = only(parsed("epoch_eci", written([fitted("Made 1"), fitted("Old", date="")])), "Old")
    assert (row["score"], row["released_on"]) == (140.5, None)


def test_columns_in_another_order_and_a_byte_order_mark_change_nothing() -> None:
    """Would catch columns taken by place."""
    rows = [fitted("Made 1"), fitted("Made 2", eci="139.0")]
    turned = "\ufeff" + written(rows, list(reversed(list(rows[0]))))
    assert parsed("epoch_eci", turned).equals(parsed("epoch_eci", written(rows)))


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (PAGE, "a web page"),
        ("", "empty body"),
        (written([fitted("x")]).splitlines()[0] + "\n", "no rows"),
        (written([fitted("x", eci="")]), "no rows"),
        (written([fitted("x", eci="1e999")]), "no rows"),
        (written([fitted("x")]).replace(",eci,", ",index,"), "ECI Score or eci"),
        (written([fitted("x", eci="about 140")]), "about 140"),
        (written([fitted("x", date="18.11.2025")]), "18.11.2025"),
        (b"Model,Display name,eci,date,Organization\nx,\xff\xfe,1,2025-01-01,y\n", "not UTF-8"),
    ],
    ids=["page", "empty", "header", "no score", "infinite", "renamed", "words", "date", "encoding"],
)
def test_a_broken_index_is_refused_in_one_line(body: str | bytes, says: str) -> None:
    """Would catch a broken download that replaces a vintage, or a traceback."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("epoch_eci", body)
    assert "\n" not in caught.value.line()


@pytest.mark.parametrize(
    ("name", "day"),
    [
        ("eci_scores_2025-12-19.csv", (2025, 12, 19)),
        ("model_versions_2025-12.csv", (2025, 12, 31)),
        ("benchmarks_runs_2024-02.csv", (2024, 2, 29)),
        ("eci_scores_2025-13.csv", None),
        ("eci_scores_2025-02-30.csv", None),
        ("eci_scores.csv", None),
    ],
)
def test_a_vintage_is_known_from_the_day_its_name_tells(name: str, day: tuple[int, int, int] | None) -> None:
    """Would catch a vintage known before its month was over, or at the day of a copy."""
    expected = datetime(*day, tzinfo=UTC) if day else None
    for source in (get("epoch_eci"), get("epoch_benchmarks")):
        assert source.known_at_of(PurePath(name), b"") == expected


# --- benchmarks: runs and model versions ----------------------------------------------------------


def run(model: str, score: object = "0.850", **changes: object) -> dict[str, object]:
    row = {
        "id": f"run-{model}", "task": "GPQA diamond", "model": model, "Best score (across scorers)": score,
        "Scores": "choice:0.85±0.02", "log viewer": "", "logs": "", "job": "",
        "started_at": "17 November 2025 4:28pm", "Status": "Success", "Manual evaluation": "", "task version": "1.0.1",
    }  # fmt: skip
    return {**row, **changes}


def release(model: str, day: str = "2025-11-13", **changes: object) -> dict[str, object]:
    row = {
        "id": model, "Model": "Made", "Version release date": day, "Hugging Face developer id": "",
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
    """Would catch runs without dates, so that no lag can be told, and a byte-order mark in a column's name."""
    frame = parsed("epoch_benchmarks", pair([run("made-1"), run("unknown")], [release("made-1")]), "runs")
    row = only(frame, "made-1")
    assert (row["board"], row["score"], row["released_on"]) == ("gpqa_diamond", 85.0, date(2025, 11, 13))
    assert json.loads(str(row["extra"]))["display_name"] == "made-1, shown"
    assert only(frame, "unknown")["released_on"] is None


def test_runs_alone_are_read_too_and_so_is_the_export_that_holds_both() -> None:
    """Would catch scores refused for want of dates."""
    alone = only(parsed("epoch_benchmarks", "\ufeff" + written([run("made-1")]), "runs"), "made-1")
    assert (alone["score"], alone["released_on"]) == (85.0, None)
    both = run(
        "made-1", **{"Version release date": "2026-01-02", "Organization": "Northwind", "stderr": "0.021"}
    )
    row = only(parsed("epoch_benchmarks", written([both]), "runs"), "made-1")
    assert (row["released_on"], row["organization_name"]) == (date(2026, 1, 2), "Northwind")
    assert row["standard_error"] == 2.1


@pytest.mark.parametrize(("task", "board"), sorted(TASKS.items()))
def test_private_public_and_tiered_questions_are_different_boards(task: str, board: str) -> None:
    """Would catch the ten public questions of FrontierMath compared with the 290 private ones."""
    assert parsed("epoch_benchmarks", written([run("made-1", task=task)]), "runs")["board"].to_list() == [
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


def test_of_several_runs_the_newest_stands_and_the_others_are_told() -> None:
    """Would catch a whole board quarantined because one model was run again with a corrected task."""
    again = [
        run("made-1", "0.110", started_at="3 July 2025 11:43am", **{"task version": "1.0.0"}),
        run("made-1", "0.121", started_at="13 November 2025 8:02pm", **{"task version": "1.1.0"}),
        run("made-1", "0.100", started_at=""),
        run("made-2", "0.300", started_at=""),
    ]
    frame = parsed("epoch_benchmarks", written(again), "runs")
    assert frame.height == 2
    row = only(frame, "made-1")
    told = json.loads(str(row["extra"]))
    assert (row["score"], told["task_version"]) == (12.1, "1.1.0")
    assert [earlier["score"] for earlier in told["earlier_runs"]] == [11.0, 10.0]
    assert "earlier_runs" not in json.loads(str(only(frame, "made-2")["extra"]))


def test_runs_that_nothing_tells_apart_are_all_kept() -> None:
    """Would catch a parser that chooses where only the quarantine may."""
    for start in ("", "17 November 2025 4:28pm"):
        body = written([run("made-1", "0.5", started_at=start), run("made-1", "0.6", started_at=start)])
        assert parsed("epoch_benchmarks", body, "runs")["score"].to_list() == [50.0, 60.0]


def test_a_model_may_be_called_like_nothing() -> None:
    """Would catch a model lost because its name is a word for "not known"."""
    for name in ("unknown", "None"):
        assert parsed("epoch_benchmarks", written([run(name)]), "runs")["model_name"].to_list() == [name]
        assert parsed("epoch_eci", written([fitted(name)]))["model_name"].to_list() == [name]


def test_failed_and_unscored_runs_and_unknown_tasks_are_left_out() -> None:
    """Would catch a crashed run as a score of zero, or hiding an earlier good one."""
    body = written(
        [
            run("made-1"),
            run("made-1", "0.0", Status="Error", started_at="18 November 2025 1:00am"),
            run("made-1", "", started_at="19 November 2025 1:00am"),
            run("made-2", task="Another exam"),
        ]
    )
    frame = parsed("epoch_benchmarks", body, "runs")
    assert (frame["model_name"].to_list(), frame["score"].to_list()) == (["made-1"], [85.0])


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
        (pair([run("x")], [release("x"), release("x", "2024-01-01")]), "'x' in 2 rows; expected each version once"),
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


# --- benchmarks: the tracker's extract ------------------------------------------------------------


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
    assert source.withheld_boards == {METR}


# --- benchmarks: the live ZIP ---------------------------------------------------------------------


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
    rows = written([hub("made-1"), hub("made-2", "0.5")])
    files = {
        "README.md": "# Data", "benchmark_data/gpqa_diamond.csv": rows, "frontiermath.csv": rows,
        "frontiermath_tiers_1_3_v2.csv": rows, "metr_time_horizons_external.csv": rows, "new_exam.csv": rows,
    }  # fmt: skip
    frame = parsed("epoch_benchmarks", zipped(files))
    assert sorted(frame["board"].to_list()) == ["frontiermath"] * 2 + ["gpqa_diamond"] * 2
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


def test_a_model_run_again_stands_once() -> None:
    """Would catch a live board quarantined because of a second run."""
    rows = [hub("a", "0.5"), hub("a", "0.6", **{"Started at": "2026-02-03T01:02:03.000Z"})]
    assert parsed("epoch_benchmarks", zipped({"gpqa_diamond.csv": written(rows)}))["score"].to_list() == [60]


GOOD = written([hub("made-1")])
UNSCORED = written([hub("made-1")], ["Model version", "Release date", "Organization"])


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (PAGE.encode(), "no ZIP"),
        (b"", "no ZIP"),
        (zipped({"gpqa_diamond.csv": GOOD})[:-30], "no ZIP"),
        (zipped({}), "files none"),
        (zipped({"renamed.csv": GOOD}), "renamed.csv"),
        (zipped({"../gpqa_diamond.csv": GOOD}), "file name"),
        (zipped({"data/../../gpqa_diamond.csv": GOOD}), "file name"),
        (zipped({"/etc/gpqa_diamond.csv": GOOD}), "file name"),
        (zipped({"..\\gpqa_diamond.csv": GOOD}), "file name"),
        (zipped({"C:gpqa_diamond.csv": GOOD}), "file name"),
        (zipped({"gpqa_diamond.csv": GOOD, "old/gpqa_diamond.csv": GOOD}), "one of them"),
        (zipped({"gpqa_diamond.csv": ""}), "empty body"),
        (zipped({"gpqa_diamond.csv": GOOD.splitlines()[0] + "\n"}), "no rows"),
        (zipped({"gpqa_diamond.csv": PAGE}), "a web page"),
        (zipped({"gpqa_diamond.csv": written([hub("a", "86.4")])}), "0 to 1"),
        (zipped({"gpqa_diamond.csv": UNSCORED}), "mean_score"),
        (zipped({"gpqa_diamond.csv": GOOD.replace("Model version", "Version")}), "also Model version"),
    ],
    ids=[
        "page", "empty", "cut", "no files", "renamed file", "parent", "hidden parent", "absolute", "backslash",
        "drive", "two of one", "empty file", "header", "page inside", "percent", "no score", "renamed column",
    ],
)  # fmt: skip
def test_a_hostile_zip_is_refused_in_one_line(body: bytes, says: str) -> None:
    """Would catch a name that leads out of the folder, a damaged archive, or a traceback."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("epoch_benchmarks", body)
    assert "\n" not in caught.value.line()


def test_a_file_name_given_twice_is_refused() -> None:
    """Would catch one of two files of a name taken by chance."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("gpqa_diamond.csv", written([hub("a", "0.5")]))
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("gpqa_diamond.csv", written([hub("a", "0.6")]))
    with pytest.raises(ParseError, match="file name"):
        parsed("epoch_benchmarks", target.getvalue())


def test_an_encrypted_zip_is_refused() -> None:
    """Would catch a password prompt or a traceback. (Made by setting the flag; nothing is encrypted.)"""
    body = bytearray(zipped({"gpqa_diamond.csv": GOOD}))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ParseError, match="encrypted"):
        parsed("epoch_benchmarks", bytes(body))


def test_a_bomb_is_cut_off_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a small archive that unpacks to more than the machine has, in one file or in many."""
    monkeypatch.setattr(zip_files, "MAX_UNZIPPED_BYTES", 1024 * 1024)
    zeros = bytes(32 * 1024 * 1024)
    one = zipped({"gpqa_diamond.csv": zeros})
    many = zipped({f"{place}.csv": zeros[: 300 * 1024] for place in range(10)})
    del zeros
    for body in (one, many):
        tracemalloc.start()
        with pytest.raises(ParseError, match="more than 1048576 bytes"):
            parsed("epoch_benchmarks", body)
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 8 * 1024 * 1024


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch an archive of a million empty files."""
    monkeypatch.setattr(zip_files, "MAX_FILES", 5)
    with pytest.raises(ParseError, match="6 files"):
        parsed("epoch_benchmarks", zipped({f"{place}.csv": "" for place in range(6)}))


def test_a_bundle_is_the_same_whenever_and_in_whatever_order_it_is_made() -> None:
    """Would catch a new input of the warehouse at every ingest of the same files."""
    files = {"b.csv": b"2", "a.csv": b"1"}
    turned = dict(reversed(files.items()))
    assert bundle(files) == bundle(turned)
    assert snapshot("epoch_benchmarks", bundle(files)).files() == {"a.csv": b"1", "b.csv": b"2"}


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
def test_a_files_name_tells_its_request_and_what_belongs_to_it(
    name: str, request_name: str | None, sibling: str | None
) -> None:
    """Would catch a file read by the wrong reader, or runs ingested without their dates."""
    source, path = get("epoch_benchmarks"), PurePath("folder") / name
    assert source.request_of(path) == request_name
    assert source.companions_of(path) == ((PurePath("folder") / sibling,) if sibling else ())


# --- the real files -------------------------------------------------------------------------------


def test_every_real_index_is_read_whole(upstream: Path) -> None:
    """Would catch rows lost from a vintage."""
    source = get("epoch_eci")
    found = {path for pattern in source.raw_patterns for path in upstream.glob(pattern)}
    assert found == {
        path for path in (upstream / "epoch").glob("*.csv") if path.name.startswith(("eci_", "epoch_cap"))
    }
    for path in found:
        score = next(name for name in ("ECI Score", "eci") if name in rows_of(path)[0])
        name = next(iter(rows_of(path)[0]))
        expected = {row[name].strip(): float(row[score]) for row in rows_of(path) if row[score].strip()}
        frame = read_file(source, path)
        assert dict(frame.select("model_name", "score").iter_rows()) == expected
        assert frame.height == len(expected) > 130
        assert frame["released_on"].null_count() <= 3


def test_the_real_vintages_hold_what_is_known_of_them(upstream: Path) -> None:
    """Would catch one shape's columns read as another's."""
    source = get("epoch_eci")
    first = read_file(source, upstream / "epoch" / "eci_scores_2025-12-19.csv")
    assert first.filter(pl.col("standard_error").is_null())["model_name"].sort().to_list() == [
        "Claude 3.5 Sonnet",
        "GPT-5",
    ]
    second = read_file(source, upstream / "epoch" / "epoch_capabilities_index_2026-04-10.csv")
    assert only(second, "claude-mythos-2026-04-07")["score"] == 161
    assert second.filter(pl.col("model_name").str.starts_with("fireworks/")).height == 2
    third = read_file(source, upstream / "epoch" / "eci_scores_2026-08-22.csv")
    assert third["standard_error"].null_count() == 2


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


def test_an_index_without_rows_says_so() -> None:
    """Would catch an empty vintage taken for a good one."""
    with pytest.raises(EmptyTable):
        parsed("epoch_eci", "")

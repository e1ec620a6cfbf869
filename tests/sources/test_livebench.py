"""LiveBench: a table and its categories, which only together make a release. All bodies here are synthetic; the
last part reads the real files where there are any.
"""

from __future__ import annotations

import csv
import io
import json
import zipfile
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path, PurePath
from statistics import fmean

import polars as pl
import pytest

from sources.contract.zip_files import bundle
from sources.errors import ParseError
from sources.livebench import addresses, newest, releases
from sources.registry import get
from tests.fixtures.bodies import parsed, read_file, table

CATEGORIES = {"Reasoning": ["puzzle", "maze"], "Agentic Coding": ["script"], "IF": ["story", "rewrite"]}
HEADER = ("model", "puzzle", "maze", "script", "story", "rewrite")
ROWS: Sequence[Sequence[object]] = (("sample-1", 80, 60, 30, 50, 40), ("sample-2", 10.5, 20, 30, 40, 50))


def sample_release(
    rows: Sequence[Sequence[object]] = ROWS,
    header: Sequence[str] = HEADER,
    categories: object = CATEGORIES,
    days: tuple[str, str] = ("2026_01_08", "2026_01_08"),
) -> bytes:
    return bundle(
        {
            f"table_{days[0]}.csv": table(header, rows).encode(),
            f"categories_{days[1]}.json": json.dumps(categories).encode(),
        }
    )


def score(frame: pl.DataFrame, model: str, category: str) -> float | None:
    found = frame.filter((pl.col("model_name") == model) & (pl.col("category") == category))
    assert found.height == 1
    return found["score"][0]  # type: ignore[no-any-return]


def test_a_category_is_the_mean_of_its_tasks_and_overall_the_mean_of_categories() -> None:
    """Would catch a mean over all tasks, which counts large categories more than the site does."""
    frame = parsed("livebench", sample_release())
    assert score(frame, "sample-1", "reasoning") == 70
    assert score(frame, "sample-1", "agentic_coding") == 30
    assert score(frame, "sample-1", "instruction_following") == 45
    assert score(frame, "sample-1", "overall") == pytest.approx((70 + 30 + 45) / 3)
    assert frame.height == 2 * 4
    assert frame["board"].unique().to_list() == ["livebench"]


def test_the_release_is_dated_by_its_files_names() -> None:
    """Would catch a release dated by the day it was fetched."""
    assert parsed("livebench", sample_release())["published_on"].unique().to_list() == [date(2026, 1, 8)]


def test_tasks_change_with_the_release() -> None:
    """Would catch a list of tasks in the parser, which the next release would break."""
    body = sample_release(
        [("sample-1", 10, 20)],
        ("model", "new_task", "other"),
        {"Data Analysis": ["new_task"], "New": ["other"]},
    )
    frame = parsed("livebench", body)
    assert sorted(frame["category"].to_list()) == ["data_analysis", "new", "overall"]
    assert score(frame, "sample-1", "overall") == 15


def test_a_missing_task_is_left_out_of_the_mean_and_named() -> None:
    """Would catch a blank counted as zero, or a mean that hides what it lacks."""
    frame = parsed(
        "livebench", sample_release([("sample-1", "", 60, 30, 50, 40), ("sample-2", "nan", "", 30, 40, 50)])
    )
    assert score(frame, "sample-1", "reasoning") == 60
    assert score(frame, "sample-1", "overall") == 45
    assert json.loads(frame.filter(pl.col("model_name") == "sample-1")["extra"][0]) == {
        "missing_tasks": ["puzzle"]
    }
    assert score(frame, "sample-2", "reasoning") is None
    assert score(frame, "sample-2", "overall") is None
    assert parsed("livebench", sample_release())["extra"].null_count() == 8


def test_columns_in_another_order_more_columns_and_a_byte_order_mark_change_nothing() -> None:
    """Would catch tasks taken by place, or a retired task counted."""
    turned = ["\ufeffretired", *reversed(HEADER)]
    rows = [[99, *reversed(row)] for row in ROWS]
    assert parsed("livebench", sample_release(rows, turned)).equals(parsed("livebench", sample_release()))


def test_the_pair_may_come_in_a_folder_with_other_files() -> None:
    """Would catch an archive made by hand refused."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("public/cost_2026_01_08.csv", "model,total\n")
        archive.writestr("public/table_2026_01_08.csv", table(HEADER, ROWS))
        archive.writestr("public/categories_2026_01_08.json", json.dumps(CATEGORIES))
    assert parsed("livebench", target.getvalue()).equals(parsed("livebench", sample_release()))


def files(**named: str) -> bytes:
    return bundle({name.replace("__", "."): text.encode() for name, text in named.items()})


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<!DOCTYPE html><html></html>", "table_<day>.csv and categories_<day>.json"),
        (b"", "table_<day>.csv and categories"),
        (table(HEADER, ROWS).encode(), "table_<day>.csv and categories"),
        (files(table_2026_01_08__csv=table(HEADER, ROWS)), "table_<day>.csv and categories"),
        (sample_release(days=("2026_01_08", "2025_12_23")), "of one day"),
        (sample_release(days=("2026_13_08", "2026_13_08")), "table_<day>.csv and categories"),
        (sample_release(header=("model", "puzzle", "maze", "script", "story", "renamed")), "also rewrite"),
        (sample_release(header=("system", *HEADER[1:])), "also model"),
        (sample_release(rows=[]), "no rows"),
        (sample_release(rows=[("sample-1", 80, 60, 30, 50, "forty")]), "forty"),
        (sample_release(rows=[("sample-1", 80, 60, 30, 50, 140)]), "0 to 100"),
        (sample_release(rows=[("sample-1", *["1e999"] * 5)]), "no row has a score"),
        (sample_release(rows=[("", 80, 60, 30, 50, 40)]), "model_name is missing"),
        (sample_release(categories=[]), "JSON object"),
        (sample_release(categories={}), "no categories"),
        (sample_release(categories={"Reasoning": []}), "each category once"),
        (sample_release(categories={"Reasoning": "puzzle"}), "each category once"),
        (sample_release(categories={"Reasoning": ["puzzle"], "reasoning": ["maze"]}), "each category once"),
        (sample_release(categories={"Overall": ["puzzle"]}), "each category once"),
        (files(table_2026_01_08__csv="", categories_2026_01_08__json=json.dumps(CATEGORIES)), "empty body"),
        (files(table_2026_01_08__csv="<html>", categories_2026_01_08__json=json.dumps(CATEGORIES)), "a web page"),
        (files(table_2026_01_08__csv=table(HEADER, ROWS), categories_2026_01_08__json="<html>"), "a web page"),
        (bundle({"table_2026_01_08.csv": b"", "old/table_2025_12_23.csv": b""}), "two table files"),
        (bundle({"../table_2026_01_08.csv": b"", "categories_2026_01_08.json": b"{}"}), "file name"),
        (sample_release()[:-40], "no ZIP"),
    ],
    ids=[
        "page", "empty", "table alone", "no categories", "two days", "no such day", "renamed task", "renamed model",
        "header", "text", "above 100", "infinite", "no name", "list", "none", "no tasks", "one task", "twice",
        "reserved", "empty table", "page as table", "page as categories", "two tables", "parent", "cut",
    ],
)  # fmt: skip
def test_what_is_not_one_release_is_refused_in_one_line(body: bytes, says: str) -> None:
    """Would catch the tasks of one release averaged by the categories of another, or a traceback."""
    with pytest.raises(ParseError, match=says) as caught:
        parsed("livebench", body)
    assert "\n" not in caught.value.line()


# --- finding releases -----------------------------------------------------------------------------


def index(*names: str) -> bytes:
    return json.dumps([{"name": name, "type": "file", "size": 1} for name in names]).encode()


def test_releases_are_those_with_both_files_oldest_first() -> None:
    """Would catch a release announced by one file, a backup copy, or the newest taken by the order of the list."""
    listing = index(
        "table_2026_01_08.csv", "categories_2026_01_08.json", "table_2025_04_02.csv", "categories_2025_04_02.json",
        "table.csv", "categories.json", "table_2026_02_30.csv", "categories_2026_02_30.json",
        "categories_2026_03_25_bck.json", "table_2026_03_25.csv", "cost_2026_01_08.csv", "table_2026_05_05.json",
    )  # fmt: skip
    assert releases(listing) == [date(2025, 4, 2), date(2026, 1, 8)]
    assert newest(listing) == (
        "https://livebench.ai/table_2026_01_08.csv",
        "https://livebench.ai/categories_2026_01_08.json",
    )


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"[1]",
        b'[{"path": "x"}]',
        b'{"message": "API rate limit exceeded"}',
        index("table.csv"),
    ],
)
def test_an_index_without_releases_is_refused_in_one_line(body: bytes) -> None:
    """Would catch an error of the server, sent as JSON, taken for "no new release"."""
    with pytest.raises(ParseError) as caught:
        releases(body)
    assert "\n" not in caught.value.line()


def test_the_live_request_leads_from_the_index_to_the_two_files() -> None:
    """Would catch a live fetch of an address that holds no table."""
    source = get("livebench")
    (request,) = source.requests
    assert request.follow is not None
    assert request.follow(index("table_2026_01_08.csv", "categories_2026_01_08.json")) == addresses(
        date(2026, 1, 8)
    )
    assert not source.origin.redistributable


def test_each_file_of_a_release_names_the_other() -> None:
    """Would catch a table ingested without its categories."""
    source = get("livebench")
    one, other = PurePath("in/table_2026_01_08.csv"), PurePath("in/categories_2026_01_08.json")
    assert source.companions_of(one) == (other,)
    assert source.companions_of(other) == (one,)
    assert source.companions_of(PurePath("in/release.zip")) == ()


# --- the real files -------------------------------------------------------------------------------


def test_every_real_release_is_read_and_averaged_as_on_the_site(upstream: Path) -> None:
    """Would catch models or categories lost, and means other than those of another program."""
    source = get("livebench")
    paths = sorted(path for pattern in source.raw_patterns for path in upstream.glob(pattern))
    assert len(paths) == len(list((upstream / "livebench").glob("table_*.csv"))) > 0
    for path in paths:
        (other,) = source.companions_of(path)
        frame = read_file(source, path)
        categories: Mapping[str, list[str]] = json.loads(Path(other).read_text())
        with path.open(newline="") as file:
            # A row that lacks cells is set aside.
            rows = [row for row in csv.DictReader(file) if None not in row.values()]
        assert frame.height == len(rows) * (len(categories) + 1)
        assert f"{frame['published_on'][0]:%Y_%m_%d}" in path.name
        overall = frame.filter(pl.col("category") == "overall")
        expected = {
            row["model"]: fmean(
                fmean(float(row[t]) for t in tasks if row[t]) for tasks in categories.values()
            )
            for row in rows
        }
        assert dict(overall.select("model_name", "score").iter_rows()) == pytest.approx(expected)

"""llm2014: headers that change, two figures, and months without medians. The last tests read the real files."""

from __future__ import annotations

import csv
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.errors import ParseError
from sources.registry import get
from tests.fixtures.bodies import parsed, read_file

SOURCE = get("llm2014")
OLD = "模型,原始分数,百分制,较上次变更,发布时间"
NEW = '"模型","极限分数","中位分数","中位差距","变更","价格(元/百万)","发布时间","Think"'


def old(models: int = 12) -> str:
    return "\n".join((OLD, *(f"sample-{n},200.5,{80.5 - n},-,24-09-12" for n in range(models)))) + "\n"


def new(models: int = 12, without: int = 0) -> str:
    """A month of today's shape; the first ``without`` models have no median."""
    lines = (
        f'"sample-{n}","{85.5 - n}","{"-" if n < without else 80.5 - n}","5%","+5.6%","¥80","26-4-24","1"'
        for n in range(models)
    )
    return "\n".join((NEW, *lines)) + "\n"


def scores(body: str) -> dict[tuple[str, str], float]:
    frame = parsed("llm2014", body)
    return {(row["variant"], row["model_name"]): row["score"] for row in frame.iter_rows(named=True)}


def test_the_best_run_is_one_series_under_both_its_names() -> None:
    """Would catch a break in 2025-02, when the header was renamed, or raw points read as per cent."""
    assert scores(old())["best", "sample-0"] == 80.5
    assert scores(new())["best", "sample-0"] == 85.5
    assert {variant for variant, _ in scores(old())} == {"best"}


def test_a_median_is_a_variant_of_its_own() -> None:
    """Would catch the median and the best run in one ranking."""
    assert scores(new())["median", "sample-0"] == 80.5


def test_medians_of_a_month_in_which_leaders_have_none_are_not_read() -> None:
    """Would catch a leader of those few that were run several times."""
    assert {variant for variant, _ in scores(new(without=2))} == {"best"}
    assert ("median", "sample-0") not in scores(new(30, without=1))
    assert ("median", "sample-1") in scores(new(30, without=1))


def test_a_model_with_and_without_thinking_is_two_rows_of_two_names() -> None:
    """Would catch the month given up because a name stands twice."""
    body = new().replace('sample-1"', 'sample-0"', 1).replace('"26-4-24","1"', '"26-4-24","0"', 1)
    found = {name for variant, name in scores(body) if variant == "best"}
    assert {"sample-0", "sample-0 (Think)", "sample-2"} <= found


def test_a_day_of_a_test_is_no_release() -> None:
    """Would catch 24-4, the month of a test, read as the day of a model."""
    body = old().replace("发布时间", "测试时间").replace("24-09-12", "24-4")
    assert parsed("llm2014", body)["released_on"].null_count() == 12
    assert parsed("llm2014", new())["released_on"].to_list() == [date(2026, 4, 24)] * 24


def test_a_month_counts_from_its_last_day() -> None:
    """Would catch a month known before its models were out."""
    assert SOURCE.known_at_of(PurePath("2024-02.csv"), b"") == datetime(2024, 2, 29, tzinfo=UTC)
    assert SOURCE.known_at_of(PurePath("2024-13.csv"), b"") is None
    assert SOURCE.known_at_of(PurePath("other.csv"), b"") is None


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("", "empty body"),
        (old().replace("百分制", "分"), "百分制 or 极限分数"),
        (old().replace("80.5", "高"), "a number"),
        (old().replace("80.5", "180.5"), "0 to 100"),
    ],
)
def test_another_shape_is_named(body: str, says: str) -> None:
    """Would catch a renamed column or another unit read as a month."""
    with pytest.raises(ParseError, match=says):
        parsed("llm2014", body)


def test_nothing_of_it_ships() -> None:
    """Would catch figures without a licence in the history."""
    assert SOURCE.origin.redistributable is False


def test_every_real_month_is_read_whole(upstream: Path) -> None:
    """Would catch a month or a model lost, the figure taken from the column of that month by hand."""
    paths = sorted((upstream / "llm2014" / "logic").glob("*.csv"))
    assert len(paths) == 29
    for path in paths:
        with path.open(newline="", encoding="utf-8-sig") as file:
            rows = list(csv.DictReader(file))
        column = "百分制" if path.stem < "2025-02" else "极限分数"
        # Upstream prints a day of a model that never was; its row is set aside.
        whole = [row for row in rows if "25-02-29" not in row.values()]
        expected = sorted(float(row[column]) for row in whole if row[column] not in ("", "-"))
        frame = read_file(SOURCE, path)
        assert sorted(frame.filter(pl.col("variant") == "best")["score"]) == expected, path.name
        assert frame.filter(pl.col("variant") == "median").is_empty() == (path.stem < "2025-06"), path.name

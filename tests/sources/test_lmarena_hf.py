"""The official dataset: columns by name, nothing for something, many dates in one file."""

from __future__ import annotations

import math
import sys
from collections import Counter
from collections.abc import Mapping
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import polars as pl
import pytest

from sources.contract.validation import read
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import HF_TYPES, hf, hf_row, parquet, parsed, read_file, snapshot

SOURCE = get("lmarena_hf")
#: As the dataset names them.
SUBSETS = (
    "text", "text_style_control", "vision", "vision_style_control", "search", "search_style_control",
    "document", "document_style_control", "webdev", "text_to_image", "image_edit", "text_to_video",
    "image_to_video", "video_edit",
)  # fmt: skip


def test_a_row_is_read_as_printed() -> None:
    """Would catch two columns swapped, a figure rounded, a standard error invented or squared."""
    row = parsed("lmarena_hf", hf(20)).row(1, named=True)
    assert row == {
        "board": "arena_text", "variant": "raw", "category": "overall", "published_on": date(2026, 1, 2),
        "model_name": "sample-001", "organization_name": "contoso", "license_name": "MIT",
        "score": 1499.25, "score_low": 1494.25, "score_high": 1504.25, "standard_error": 2.5,
        "votes": 4001, "rank": 2, "released_on": None, "extra": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("request_name", "board", "variant"),
    [
        ("text", "arena_text", "raw"),
        ("text_full", "arena_text", "raw"),
        ("text_style_control", "arena_text", "style_control"),
        ("vision_style_control_full", "arena_vision", "style_control"),
        ("webdev", "arena_webdev", "default"),
        ("search", "arena_search", "raw"),
        ("document", "arena_document", "raw"),
        ("document_style_control", "arena_document", "style_control"),
        ("text_to_image", "arena_text_to_image", "default"),
        ("image_edit_full", "arena_image_edit", "default"),
        ("text_to_video", "arena_text_to_video", "default"),
        ("image_to_video", "arena_image_to_video", "default"),
        ("video_edit", "arena_video_edit", "default"),
    ],
)
def test_board_and_variant_follow_from_the_request(request_name: str, board: str, variant: str) -> None:
    """Would catch raw figures mixed with style-controlled ones: the file itself does not say which it holds."""
    frame = parsed("lmarena_hf", hf(1), request_name)
    assert frame.select("board", "variant").row(0) == (board, variant)


def test_nothing_is_null_and_zero_is_zero() -> None:
    """Would catch a blank organization published as one, NaN as a score, a variance of old rows made up."""
    rows = [
        hf_row(0, organization="", license=""),
        hf_row(
            1,
            rating=math.nan,
            rating_lower=None,
            rating_upper=math.inf,
            variance=None,
            vote_count=None,
            rank=math.nan,
        ),
        hf_row(2, vote_count=0.0, variance=0.0, rating_lower=1498.25, rating_upper=1498.25),
        hf_row(3, organization=None, license=None),
    ]
    frame = parsed("lmarena_hf", parquet(rows))
    assert frame["organization_name"].to_list() == [None, "contoso", "fabrikam", None]
    assert frame["license_name"].to_list() == [None, "MIT", "Apache 2.0", None]
    assert frame["score"].to_list() == [1500.25, None, 1498.25, 1497.25]
    assert frame.row(1, named=True)["standard_error"] is None
    assert frame.row(1, named=True)["score_high"] is None
    assert frame["votes"].to_list() == [4000, None, 0, 4003]
    assert frame["standard_error"].to_list() == [2.5, None, 0.0, 2.5]


def test_repeated_keys_are_kept() -> None:
    """Would catch one of two differing rows dropped before anybody can call the category ambiguous."""
    rows = [hf_row(0, rating=1497.0), hf_row(0, rating=1500.0), hf_row(0, rating=1500.0)]
    assert parsed("lmarena_hf", parquet(rows))["score"].to_list() == [1497.0, 1500.0, 1500.0]


def test_a_full_file_keeps_each_date() -> None:
    """Would catch 247 vintages read as one."""
    days = ("2023-05-08", "2024-01-09", "2026-10-02")
    rows = [
        hf_row(0, leaderboard_publish_date=day, category=category)
        for day in days
        for category in ("overall", "if")
    ]
    frame = parsed("lmarena_hf", parquet(rows), "text_full")
    assert sorted(set(frame["published_on"])) == [date.fromisoformat(day) for day in days]
    assert set(frame["category"]) == {"overall", "instruction_following"}


def renamed(columns: Mapping[str, str]) -> bytes:
    return parquet(pl.read_parquet(hf(20)).rename(columns))


def test_moved_and_added_columns_do_not_matter() -> None:
    """Would catch columns read by place."""
    frame = pl.read_parquet(hf(20))
    moved = parquet(frame.select(pl.lit(1).alias("new"), *reversed(frame.columns)))
    assert parsed("lmarena_hf", moved).equals(parsed("lmarena_hf", hf(20)))


@pytest.mark.parametrize("column", sorted(HF_TYPES))
def test_a_renamed_column_is_named(column: str) -> None:
    """Would catch a column that turns into nulls: intervals or votes would vanish from every later month."""
    with pytest.raises(ParseError, match=rf"{column}_v2.*expected also {column}"):
        parsed("lmarena_hf", renamed({column: f"{column}_v2"}))


def test_other_types_of_the_same_figures_are_read() -> None:
    """Would catch a source lost to a rewrite of the file with integers, dates or dictionaries."""
    frame = pl.read_parquet(hf(20)).with_columns(
        pl.col("rating").round().cast(pl.Int64),
        pl.col("vote_count").cast(pl.String),
        pl.col("leaderboard_publish_date").str.to_date(),
        pl.col("organization").cast(pl.Categorical),
    )
    assert parsed("lmarena_hf", parquet(frame))["votes"].to_list()[:2] == [4000, 4001]


@pytest.mark.parametrize(
    ("changes", "says"),
    [
        ({"leaderboard_publish_date": "02.01.2026"}, "published_on '02.01.2026' in 20 rows; expected a date"),
        ({"leaderboard_publish_date": None}, "published_on is missing in 20 rows"),
        ({"model_name": " "}, "model_name '' in 20 of 20 rows"),
        ({"category": None}, "category is missing in 20 of 20 rows"),
    ],
)
def test_rows_without_what_identifies_them_stop_the_source(changes: dict[str, object], says: str) -> None:
    """Would catch scores that belong to no month or to no model."""
    with pytest.raises(ParseError, match=says):
        parsed("lmarena_hf", hf(20, **changes))


def test_text_for_scores_stops_the_source() -> None:
    """Would catch a rating column of another kind read as nulls."""
    frame = pl.read_parquet(hf(20)).with_columns(pl.lit("high").alias("rating"))
    with pytest.raises(ParseError, match="score 'high' in 20 rows; expected a number"):
        parsed("lmarena_hf", parquet(frame))
    with pytest.raises(EmptyTable, match="no rows"):
        parsed("lmarena_hf", parquet([]))


def test_request_and_day_are_read_from_the_file() -> None:
    """Would catch a vision file filed as text, or today's date given to an old file."""
    assert SOURCE.request_of(PurePath("lmarena_hf/vision/2026-07-12.parquet")) == "vision"
    assert SOURCE.request_of(PurePath("text/full-00000-of-00001.parquet")) == "text_full"
    assert SOURCE.request_of(PurePath("downloads/2026-07-12.parquet")) is None
    rows = [hf_row(0, leaderboard_publish_date=day) for day in ("2026-07-02", "2026-07-12", "2026-07-10")]
    assert SOURCE.known_at_of(PurePath("a.parquet"), parquet(rows)) == datetime(2026, 7, 12, tzinfo=UTC)
    assert SOURCE.known_at_of(PurePath("a.parquet"), b"no parquet") is None


def test_both_files_of_every_subset_can_be_asked_for() -> None:
    """Would catch a subset whose history, or whose newest date, cannot be fetched."""
    for name in SUBSETS:
        latest, full = SOURCE.request(name), SOURCE.request(f"{name}_full")
        assert latest.address.endswith(f"/resolve/main/{name}/latest-00000-of-00001.parquet")
        assert full.address.endswith(f"/resolve/main/{name}/full-00000-of-00001.parquet")


def test_a_board_of_six_models_is_whole_and_a_text_board_of_six_is_not() -> None:
    """Would catch video editing refused for ever, or a text board cut to its first rows accepted."""
    assert SOURCE.least_rows("video_edit") == SOURCE.least_rows("video_edit_full") == 4
    assert SOURCE.least_rows("text") == SOURCE.least_rows("image_to_video") == 20


def test_a_million_rows_are_read_without_a_loop_over_them() -> None:
    """Would catch one: the full history holds 1.2 million rows and would take a minute more."""
    rows = 1_000_000
    frame = pl.select(pl.int_range(rows).alias("n")).select(
        pl.format("sample-{}", pl.col("n") % 400).alias("model_name"),
        pl.lit("northwind").alias("organization"),
        pl.lit("").alias("license"),
        (1000.5 + pl.col("n") % 400).alias("rating"),
        *(
            pl.lit(value).alias(name)
            for name, value in (("rating_lower", None), ("rating_upper", 2000.0), ("variance", 4.0))
        ),
        *(pl.lit(7.0).alias(name) for name in ("vote_count", "rank")),
        pl.lit("overall").alias("category"),
        pl.format("2025-01-{}", (10 + pl.col("n") % 20)).alias("leaderboard_publish_date"),
    )
    sample = snapshot("lmarena_hf", parquet(frame), "text_full")
    calls = Counter[str]()
    sys.setprofile(lambda frame, event, argument: calls.update((event,)))
    try:
        found = read(SOURCE, sample)
    finally:
        sys.setprofile(None)
    assert found.frame.height == rows
    assert calls.total() < rows / 5


def test_every_real_file(upstream: Path) -> None:
    """Would catch a shape the sample files lack."""
    paths = sorted((upstream / "lmarena_hf").glob("*/*.parquet"))
    assert paths
    for path in paths:
        frame = read_file(SOURCE, path)
        height = pl.scan_parquet(path).select(pl.len()).collect().item()
        assert frame.height == height, path
        assert frame["published_on"].unique().to_list() == [date.fromisoformat(path.stem)]
        assert SOURCE.known_at_of(path, path.read_bytes()) == datetime.fromisoformat(
            f"{path.stem}T00:00+00:00"
        )
        assert frame["score"].is_between(300, 2000).all()
        assert frame["standard_error"].is_between(0.5, 100).all()
        assert (frame["score_low"] <= frame["score"]).all()
        assert (frame["score"] <= frame["score_high"]).all()
        blank = pl.scan_parquet(path).filter(pl.col("organization") == "").select(pl.len()).collect().item()
        assert frame["organization_name"].null_count() == blank
        assert (frame["votes"] > 0).all()
        assert "overall" in frame["category"]

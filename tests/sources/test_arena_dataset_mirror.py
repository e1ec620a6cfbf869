"""The official dataset copied as JSON: the same rows, one day for a whole file."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import Path, PurePath
from typing import Any

import polars as pl
import pytest

from sources.contract.revisions import Revision
from sources.contract.validation import read
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import dataset_copy, parsed, read_file, snapshot

SOURCE = get("arena_dataset_mirror")


def parsed_copy(request: str = "text", **changes: Any) -> pl.DataFrame:
    return parsed("arena_dataset_mirror", json.dumps(dataset_copy(subset=request, **changes)), request)


def test_a_row_is_read_as_printed() -> None:
    """Would catch two columns swapped, a figure rounded, a standard error invented or squared."""
    assert parsed_copy().row(1, named=True) == {
        "board": "arena_text", "variant": "raw", "category": "overall", "published_on": date(2026, 1, 2),
        "model_name": "sample-001", "organization_name": "contoso", "license_name": "MIT",
        "score": 1499.25, "score_low": 1494.25, "score_high": 1504.25, "standard_error": 2.5,
        "votes": 4001, "rank": 2, "released_on": None, "extra": None,
    }  # fmt: skip


@pytest.mark.parametrize(
    ("request_name", "series"),
    [
        ("text_style_control", ("arena_text", "style_control")),
        ("document", ("arena_document", "raw")),
        ("webdev", ("arena_webdev", "default")),
        ("image_to_video", ("arena_image_to_video", "default")),
    ],
)
def test_board_and_variant_follow_from_the_subset(request_name: str, series: tuple[str, str]) -> None:
    """Would catch raw figures mixed with style-controlled ones, or one board filed under another."""
    assert parsed_copy(request_name).select("board", "variant").unique().row(0) == series


def test_blanks_are_null_and_names_of_categories_are_ours() -> None:
    """Would catch an empty organization published as one, no interval read as zero, a category twice."""
    last = parsed_copy(
        organization="", license="", rating_lower=None, rating_upper=None, variance=None, category="if"
    ).row(-1, named=True)
    assert (last["organization_name"], last["license_name"]) == (None, None)
    assert (last["score_low"], last["score_high"], last["standard_error"]) == (None, None, None)
    assert last["category"] == "instruction_following"


def changed(**meta: Any) -> dict[str, Any]:
    page = dataset_copy()
    page["meta"] |= meta
    return page


@pytest.mark.parametrize(
    ("page", "says"),
    [
        (changed(subset="vision"), "subset 'vision'; expected 'text'"),
        (changed(leaderboard_publish_date="02.01.2026"), "expected an ISO date"),
        ({"meta": {"subset": "text"}, "models": []}, "expected a list under rows"),
        ({"rows": []}, "meta"),
        (dataset_copy(24, rating="1500"), None),
    ],
)
def test_another_shape_is_named(page: dict[str, Any], says: str | None) -> None:
    """Would catch another subset, a renamed field or another form of the day read as this one; one cell costs a row."""
    if says is None:
        assert parsed("arena_dataset_mirror", json.dumps(page)).height == 23
        return
    with pytest.raises(ParseError, match=says):
        parsed("arena_dataset_mirror", json.dumps(page))


def test_no_rows_are_no_leaderboard() -> None:
    """Would catch an empty copy accepted."""
    with pytest.raises(EmptyTable):
        parsed_copy(models=0)


def test_local_files_tell_their_subset_and_the_copy_its_time() -> None:
    """Would catch text with style control filed as text, or a summary taken for a subset."""
    subsets = {
        "text__2026-08-22.json": "text",
        "text_style_control__2026-08-22.json": "text_style_control",
        "video_edit.json": "video_edit",
        "_summary.json": None,
        "latest.json": None,
    }
    assert {name: SOURCE.request_of(PurePath(name)) for name in subsets} == subsets
    body = json.dumps(dataset_copy()).encode()
    moment = datetime(2026, 1, 5, 2, 15, 30, tzinfo=UTC)
    assert SOURCE.known_at_of(PurePath("text__2026-01-06.json"), body) == moment
    assert SOURCE.revisions is not None
    assert (
        SOURCE.revisions.known_at_of(Revision("2026-01-06", datetime(2026, 1, 6, tzinfo=UTC)), body) == moment
    )


def test_the_newest_day_and_a_past_one_have_their_addresses() -> None:
    """Would catch a mirror that is never asked for anything new, or a past day read from the newest folder."""
    request = SOURCE.request("video_edit")
    assert request.follow is not None
    folder = "https://raw.githubusercontent.com/Scarlett9826/arena-ai-leaderboards/HEAD/data/lmarena"
    assert request.address == f"{folder}/latest.json"
    assert request.follow(b'{"date": "2026-10-10"}') == (f"{folder}/2026-10-10/video_edit.json",)
    for index in (b'{"date": "../.."}', b"[]", b"<html>"):
        with pytest.raises(ParseError, match="an object with a date"):
            request.follow(index)
    assert SOURCE.revisions is not None
    past = SOURCE.revisions.requests_of(Revision("2026-07-01", datetime(2026, 7, 1, tzinfo=UTC)))
    assert {one.name for one in past} == {one.name for one in SOURCE.requests}
    assert all(one.address == f"{folder}/2026-07-01/{one.name}.json" for one in past)
    assert (SOURCE.least_rows("video_edit"), SOURCE.least_rows("text")) == (4, 20)


def test_a_copy_of_each_real_file_gives_its_rows(upstream: Path) -> None:
    """Would catch a figure that changes on the way through JSON: copied as the mirror does, both read the same."""
    official = get("lmarena_hf")
    for subset in ("video_edit", "webdev", "vision_style_control"):
        path = sorted((upstream / "lmarena_hf" / subset).glob("*.parquet"))[-1]
        rows = pl.read_parquet(path)
        page = changed(subset=subset, leaderboard_publish_date=path.stem)
        page["rows"] = rows.drop("leaderboard_publish_date").to_dicts()
        mine = read(SOURCE, snapshot("arena_dataset_mirror", json.dumps(page).encode(), subset)).frame
        assert mine.equals(read_file(official, path))

"""Rows copied by hand: two shapes, leaders only."""

from __future__ import annotations

import csv
import json
from datetime import UTC, date, datetime
from pathlib import Path, PurePath

import pytest

from sources.contract.source import Coverage
from sources.errors import EmptyTable, ParseError
from sources.registry import get
from tests.fixtures.bodies import LEADERS, LEADERS_SHORT, leaders, parsed, read_file

SOURCE = get("arena_leaders_transcribed")


def test_the_long_shape() -> None:
    """Would catch a figure of the only record of a month misread."""
    row = parsed("arena_leaders_transcribed", leaders()).row(0, named=True)
    assert (row["board"], row["variant"], row["category"]) == ("arena_text", "raw", "overall")
    assert row["published_on"] == date(2026, 1, 29)
    expected = ("sample-0", "northwind", "Proprietary")
    assert (row["model_name"], row["organization_name"], row["license_name"]) == expected
    assert (row["score"], row["score_low"], row["score_high"]) == (1481.2, 1476.6, 1485.7)
    assert (row["votes"], row["rank"], row["standard_error"]) == (32205, 1, None)
    assert json.loads(row["extra"]) == {"via": "sample/copy:a.csv@1"}


def test_the_short_shape() -> None:
    """Would catch bounds or votes made up where the copy has none."""
    row = parsed("arena_leaders_transcribed", leaders(LEADERS_SHORT), "text_style_control").row(0, named=True)
    assert (row["variant"], row["score"]) == ("style_control", 1481.2)
    assert [row[name] for name in ("score_low", "score_high", "votes", "rank", "license_name")] == [None] * 5


@pytest.mark.parametrize("column", LEADERS_SHORT)
def test_what_both_shapes_have_must_be_there(column: str) -> None:
    """Would catch a copy without its date, or without word of where it comes from."""
    with pytest.raises(ParseError, match=f"expected also {column}"):
        parsed("arena_leaders_transcribed", leaders().replace(column, f"{column}_x", 1))
    with pytest.raises(EmptyTable):
        parsed("arena_leaders_transcribed", ",".join(LEADERS) + "\n")


def test_it_is_declared_as_what_it_is() -> None:
    """Would catch top rows counted as a whole board, or raw rows filed as style-controlled."""
    assert SOURCE.coverage is Coverage.LEADERS
    assert SOURCE.row_floor == 1
    assert SOURCE.request_of(PurePath("arena_text_raw_top_rows.csv")) == "text"
    assert SOURCE.request_of(PurePath("arena_text_style_control_2026-10-02_top.csv")) == "text_style_control"
    assert SOURCE.request_of(PurePath("notes.csv")) is None
    body = leaders().replace("2026-01-29", "2026-10-02", 1).encode()
    assert SOURCE.known_at_of(PurePath("a.csv"), body) == datetime(2026, 10, 2, tzinfo=UTC)


def test_every_real_file(upstream: Path) -> None:
    """Would catch a month of leaders lost."""
    paths = sorted((upstream / "hand_transcribed").glob("*.csv"))
    assert len(paths) == 4
    for path in paths:
        frame = read_file(SOURCE, path)
        with path.open(newline="", encoding="utf-8") as lines:
            rows = list(csv.DictReader(lines))
        assert frame.height == len(rows)
        assert frame["score"].to_list() == [float(row["rating"]) for row in rows]
        assert [str(day) for day in frame["published_on"]] == [row["date"] for row in rows]
        assert frame["score"].is_between(1300, 1700).all()

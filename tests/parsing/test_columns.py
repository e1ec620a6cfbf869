"""From text to figures: what is read, what counts as nothing, and what stops a source."""

from __future__ import annotations

import polars as pl
import pytest

from sources.errors import ParseError
from sources.parsing.columns import (
    parse_dates,
    parse_floats,
    parse_ints,
    parse_names,
    parse_strings,
    select_columns,
)


def column(*values: object) -> pl.DataFrame:
    return pl.DataFrame({"score": values}, strict=False)


@pytest.mark.parametrize(
    ("printed", "read_as"),
    [
        ("1443", 1443.0),
        (" 1443.25 ", 1443.25),
        ("117,763", 117763.0),
        ("1,168,522", 1168522.0),
        ("-5", -5.0),
        ("0.0", 0.0),
        ("", None),
        ("N/A", None),
        ("nan", None),
        ("NaN", None),
        ("暂无数据", None),
        ("1e999", None),
        ("inf", None),
        (None, None),
    ],
)
def test_numbers_as_printed(printed: str | None, read_as: float | None) -> None:
    """Would catch an infinite or NaN score, a zero taken for missing, a thousand read as one."""
    frame = parse_floats(pl.DataFrame({"score": [printed]}, schema={"score": pl.String}), ["score"], "sample")
    assert frame["score"].to_list() == [read_as]


@pytest.mark.parametrize(
    "printed", ["about 1400", "14O0", "1443,5", "1.443,5", "1505 ±8", "12,34", "1400\n1401"]
)
def test_text_that_is_no_number_stops_the_source(printed: str) -> None:
    """Would catch a column that silently turns into nulls when upstream changes its print."""
    with pytest.raises(ParseError, match=r"score .* in 1 rows; expected numbers") as caught:
        parse_floats(column("1400", printed), ["score"], "sample")
    assert "\n" not in caught.value.line()


def test_numbers_that_are_numbers_stay_exact() -> None:
    """Would catch floats that pass through text and lose digits."""
    values = [1443.268476256875, float("nan"), float("inf"), None]
    expected = [values[0], None, None, None]
    assert parse_floats(column(*values), ["score"], "sample")["score"].to_list() == expected
    assert parse_floats(column(1443), ["score"], "sample")["score"].to_list() == [1443.0]
    with pytest.raises(ParseError, match=r"score is List"):
        parse_floats(pl.DataFrame({"score": [[1.0]]}), ["score"], "sample")


def test_counts_are_whole() -> None:
    """Would catch a rating read as votes, and a count too large for its column."""
    assert parse_ints(column(4000.0, None), ["score"], "sample")["score"].to_list() == [4000, None]
    assert parse_ints(column(1e30), ["score"], "sample")["score"].to_list() == [None]
    with pytest.raises(ParseError, match="whole numbers"):
        parse_ints(column(1443.5), ["score"], "sample")


def test_texts_that_say_nothing_are_null_but_a_name_is_a_name() -> None:
    """Would catch a blank licence read as one, and a model called None dropped."""
    frame = pl.DataFrame(
        {"licence": ["", " ", "N/A", "nan", "MIT ", None], "name": ["None", "nan", "-", "a ", "b", ""]}
    )
    expected = [None, None, None, None, "MIT", None]
    assert parse_strings(frame, ["licence"], "sample")["licence"].to_list() == expected
    assert parse_names(frame, ["name"], "sample")["name"].to_list() == ["None", "nan", "-", "a", "b", ""]


def test_days_must_be_there_and_be_days() -> None:
    """Would catch rows that fall out of every month because their date cannot be read."""
    assert (
        str(parse_dates(pl.DataFrame({"d": ["20240229"]}), "d", "%Y%m%d", "sample")["d"][0]) == "2024-02-29"
    )
    for bad in ("20230229", "", None, "yesterday"):
        with pytest.raises(ParseError, match=r"d .* in 1 rows; expected dates"):
            parse_dates(pl.DataFrame({"d": ["20240101", bad]}), "d", "%Y%m%d", "sample")


def test_an_optional_date_may_be_blank_but_not_unreadable() -> None:
    """Would catch a model without a release date dropped, or a date that vanishes when its form changes."""
    frame = pl.DataFrame({"d": ["2024-02-29 ", "n/a", "", None]})
    read = parse_dates(frame, "d", "%Y-%m-%d", "sample", optional=True)["d"]
    assert [str(day) for day in read] == ["2024-02-29", "None", "None", "None"]
    with pytest.raises(ParseError, match=r"d '29.02.2024' in 1 rows; expected dates"):
        parse_dates(pl.DataFrame({"d": ["29.02.2024", None]}), "d", "%Y-%m-%d", "sample", optional=True)


NAMES = {"score": ("arena_score", "arena_elo"), "ci": ("95_pct_ci",)}


def test_columns_are_found_by_any_of_their_names() -> None:
    """Would catch a renamed or moved column read as another."""
    found = select_columns(
        pl.DataFrame({"x": [0], "95_pct_CI ": ["+1/-1"], "arena_elo": [1]}), NAMES, "sample"
    )
    assert found.to_dict(as_series=False) == {"score": [1], "ci": ["+1/-1"]}
    assert select_columns(pl.DataFrame({"arena_score": [1]}), NAMES, "sample", optional=["ci"]).columns == [
        "score"
    ]


def test_a_missing_column_is_named_with_what_was_found() -> None:
    """Would catch an error that sends people to read code: found and expected must both be in the line."""
    with pytest.raises(
        ParseError, match=r"columns arena_rating, 95_pct_ci; expected also arena_score or arena_elo"
    ):
        select_columns(pl.DataFrame({"arena_rating": [1], "95_pct_ci": ["a"]}), NAMES, "sample")


@pytest.mark.parametrize(
    "header",
    ["arena_score,arena_elo,95_pct_ci", "arena_score,arena_score,95_pct_ci", "arena_elo,95_pct_ci,95_pct_ci"],
)
def test_a_column_under_two_names_is_not_guessed(header: str) -> None:
    """Would catch a transition file, with old and new column, read from whichever comes first."""
    frame = pl.read_csv(f"{header}\n1,2,3\n".encode())
    with pytest.raises(ParseError, match="expected one of them"):
        select_columns(frame, NAMES, "sample")

"""From text to figures: what is read, what counts as nothing, and what costs a row or stops a source."""

from __future__ import annotations

from typing import Any

import polars as pl
import pytest

from sources.contract import PRICE
from sources.errors import ParseError
from sources.parsing.columns import Rows, rows_of, select_columns
from tests.fixtures.bodies import snapshot


def column(*values: object, name: str = "score") -> Rows:
    return Rows(pl.DataFrame({name: values}, strict=False), snapshot("epoch_eci", ""))


def kept(rows: Rows, name: str = "score") -> list[Any]:
    """The cells of the rows that will not be set aside."""
    return rows.frame.filter(~rows.is_faulty)[name].to_list()


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
    rows = Rows(pl.DataFrame({"score": [printed]}, schema={"score": pl.String}), snapshot("epoch_eci", ""))
    rows.parse_floats("score")
    assert kept(rows) == [read_as]


@pytest.mark.parametrize(
    "printed", ["about 1400", "14O0", "1443,5", "1.443,5", "1505 ±8", "12,34", "1400\n1401"]
)
def test_text_that_is_no_number_costs_its_row_and_many_stop_the_source(printed: str) -> None:
    """Would catch a column that silently turns into nulls when upstream changes its print."""
    rows = column("1400", printed)
    rows.parse_floats("score")
    assert kept(rows) == [1400.0]
    with pytest.raises(ParseError, match=r"score .* in 6 rows; expected a number") as caught:
        column("1400", *[printed] * 6).parse_floats("score")
    assert "\n" not in caught.value.line()


def test_numbers_that_are_numbers_stay_exact() -> None:
    """Would catch floats that pass through text and lose digits."""
    values = [1443.268476256875, float("nan"), float("inf"), None]
    rows = column(*values)
    rows.parse_floats("score")
    assert kept(rows) == [values[0], None, None, None]
    with pytest.raises(ParseError, match=r"score is List"):
        column([1.0]).parse_floats("score")


def test_counts_are_whole() -> None:
    """Would catch a rating read as votes, and a count too large for its column."""
    rows = column(4000.0, None, 1e30, 1443.5)
    rows.parse_ints("score")
    assert kept(rows) == [4000, None, None]


def test_texts_that_say_nothing_are_null_but_a_name_is_a_name() -> None:
    """Would catch a blank licence read as one, and a model called None dropped."""
    rows = column("", " ", "N/A", "nan", "MIT ", None)
    rows.parse_strings("score")
    assert kept(rows) == [None, None, None, None, "MIT", None]
    rows = column("None", "nan", "-", "a ", "b", "")
    rows.parse_names("score")
    assert kept(rows) == ["None", "nan", "-", "a", "b", ""]


def test_days_must_be_there_and_be_days() -> None:
    """Would catch rows that fall out of every month because their date cannot be read."""
    for bad in ("20230229", "", None, "yesterday"):
        rows = column("20240229", bad, name="d")
        rows.parse_dates("d", "%Y%m%d")
        assert [str(day) for day in kept(rows, "d")] == ["2024-02-29"]


def test_an_optional_date_may_be_blank_but_not_unreadable() -> None:
    """Would catch a model without a release date dropped, or a date that vanishes when its form changes."""
    rows = column("2024-02-29 ", "n/a", "", None, "29.02.2024", name="d")
    rows.parse_dates("d", "%Y-%m-%d", optional=True)
    assert [str(day) for day in kept(rows, "d")] == ["2024-02-29", "None", "None", "None"]


def test_a_row_is_set_aside_with_its_place_its_name_and_how_near_the_top_it_is() -> None:
    """Would catch a loss that nobody can find in upstream's table, or whose rank was read after it."""
    taken = snapshot("epoch_eci", "")
    frame = pl.DataFrame(
        {"model_name": ["a", "b", "c"], "votes": ["1", "many", "3"], "score": ["9", "8", "x"], "rank": "123"}
    ).with_columns(rank=pl.Series(["1", "2", "3"]))
    rows = Rows(frame, taken)
    rows.parse_ints("votes")
    rows.parse_floats("score")
    rows.keep(pl.col("score").is_not_null())
    rows.parse_ints("rank")
    found = rows.conform(board="b", variant="v", category="c")
    assert found["model_name"].to_list() == ["a"]
    votes, score = taken.set_aside
    assert votes.line() == "row 2 (b): votes 'many' (expected a number)"
    assert (votes.rank, votes.score, votes.series) == (2, 8.0, ("b", "v", "c"))
    assert (score.row, score.rank, score.score) == (3, 3, None)


def test_rows_of_another_width_are_set_aside_but_not_the_last() -> None:
    """Would catch a cut line whose missing cells become nulls."""
    taken = snapshot("litellm_prices", "")
    rows = rows_of(["listed_name", "mode"], [["a"], ["b", "chat"], ["c", "chat", "x"], ["d", "chat"]], taken)
    frame = rows.conform(PRICE)
    assert frame["listed_name"].to_list() == ["b", "d"]
    assert [row.line() for row in taken.set_aside] == [
        "row 1 (a): row has 1 cells (expected 2, as in the header)",
        "row 3 (c): row has 3 cells (expected 2, as in the header)",
    ]
    with pytest.raises(ParseError, match="1 cells in the last row; expected 2"):
        rows_of(["listed_name", "mode"], [["b", "chat"], ["a"]], taken)
    with pytest.raises(ParseError, match="the header again in row 2"):
        rows_of(["listed_name", "mode"], [["b", "chat"], ["listed_name", "mode"], ["b", "chat"]], taken)


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

"""What `conform` makes of a parser's rows."""

from __future__ import annotations

import math

import polars as pl
import pytest

from sources.contract.rows import FIGURE, OBSERVATION, PRICE, conform


def test_figures_that_are_none_become_null() -> None:
    """Would catch an infinite score, and a rank too large for its column that stops a whole source."""
    rows = conform(pl.DataFrame({"score": [math.nan, math.inf, 1.5], "rank": [2**40, 2, None]}))
    assert rows["score"].to_list() == [None, None, 1.5]
    assert rows["rank"].to_list() == [None, 2, None]


def test_text_is_never_taken_for_a_number() -> None:
    """Would catch ranks that vanish because a parser forgot to read them."""
    with pytest.raises(pl.exceptions.InvalidOperationError):
        conform(pl.DataFrame({"rank": ["first"]}))


def test_constants_and_missing_columns() -> None:
    """Would catch rows of a board without a name, or columns in another order than declared."""
    rows = conform(pl.DataFrame({"score": [1.0], "surplus": ["x"]}), board="riddles", variant="default")
    assert dict(rows.schema) == dict(OBSERVATION)
    assert list(rows.columns) == list(OBSERVATION)
    assert rows.select("board", "variant", "category", "score").row(0) == ("riddles", "default", None, 1.0)


def test_rows_may_be_dicts_of_what_is_known() -> None:
    """Would catch a price list whose first entry decides which columns there are."""
    rows = conform([{"listed_name": "a"}, {"listed_name": "b", "open_weights": True}], PRICE)
    assert dict(rows.schema) == dict(PRICE)
    assert rows["open_weights"].to_list() == [None, True]


def test_a_whole_number_too_large_for_its_type_is_null() -> None:
    """Would catch a traceback for a year of eleven digits."""
    frame = conform([{"edition": 45144487784, "measure": "m"}, {"edition": 2026}], FIGURE)
    assert frame["edition"].to_list() == [None, 2026]

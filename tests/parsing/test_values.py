"""Values of JSON and YAML documents."""

from __future__ import annotations

import math

import pytest

from sources.errors import ParseError
from sources.parsing.values import as_float, as_string, dump_extra, require_keys


def test_what_no_float_can_hold_is_null() -> None:
    """Would catch infinity in the warehouse, or a traceback for a number of a thousand digits."""
    expected = [None, 1.0, None, None, None]
    assert [as_float(value, "sample") for value in (None, 1, 10**1000, math.inf, math.nan)] == expected


def test_a_truth_value_is_no_number() -> None:
    """Would catch ``true`` published as a score of 1."""
    with pytest.raises(ParseError, match="sample 'True'; expected a number"):
        as_float(True, "sample")


def test_text_that_says_nothing_is_null() -> None:
    """Would catch a maker named "N/A"."""
    assert [as_string(value, "sample") for value in (" MIT ", "N/A", "", None)] == ["MIT", None, None, None]


def test_missing_keys_are_named_with_what_was_found() -> None:
    """Would catch an error that sends people to read code."""
    require_keys({"a": None}, ["a"], "sample")
    with pytest.raises(ParseError, match=r"sample a; expected also b, c"):
        require_keys({"a": 1}, ["a", "b", "c"], "sample")
    with pytest.raises(ParseError, match="sample none"):
        require_keys({}, ["a"], "sample")


def test_extra_is_readable_and_the_same_for_the_same_values() -> None:
    """Would catch names in escapes, and rows that differ by the order of an upstream's keys."""
    assert dump_extra({"b": "智谱", "a": 1}) == dump_extra({"a": 1, "b": "智谱"}) == '{"a": 1, "b": "智谱"}'
    assert dump_extra({}) is None

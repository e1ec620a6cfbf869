"""The interval of two leaders' gap: arithmetic by hand, and what must hold of any figures."""

from __future__ import annotations

import math
from statistics import NormalDist
from typing import Any

import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.compute.gap_intervals import gap_intervals, probability_of_a_lead, wide_deviations
from warehouse.tables import table

#: A row of ``staging/interval_inputs.sql``: two leaders, one contender each, no list of all models.
LEADERS: dict[str, Any] = {
    "snapshot_id": "one",
    "category": "overall",
    "listing": "any",
    "country_rule": "hq",
    "country_a": "US",
    "country_b": "CN",
    "a_score": 1400.0,
    "a_error": 3.0,
    "b_score": 1390.0,
    "b_error": 4.0,
    "is_rounded": False,
    "error_source_id": "lmarena_hf",
    "a_contenders": 1,
    "b_contenders": 1,
    "a_contending_base_models": 1,
    "b_contending_base_models": 1,
    "a_scores": None,
    "a_errors": None,
    "b_scores": None,
    "b_errors": None,
}
VECTORS = ("a_scores", "a_errors", "b_scores", "b_errors")
COUNTS = ("a_contenders", "b_contenders", "a_contending_base_models", "b_contending_base_models")
SCHEMA = dict.fromkeys(VECTORS, pl.List(pl.Float64())) | dict.fromkeys(COUNTS, pl.Int32())


def interval(**figures: Any) -> dict[str, Any]:
    frame = gap_intervals(pl.DataFrame([LEADERS | figures], schema_overrides=SCHEMA))
    assert dict(frame.schema) == table("core.gap_intervals").polars_schema()
    return frame.row(0, named=True)


@pytest.mark.parametrize(
    ("comparisons", "factor"),
    [(1, 1.9600), (2, 2.2365), (3, 2.3877), (4, 2.4909), (5, 2.5688), (8, 2.7270)],
)
def test_the_wide_interval_has_the_factors_of_sidak(comparisons: int, factor: float) -> None:
    assert round(wide_deviations(comparisons), 4) == factor


def test_the_default_interval_is_1_96_errors_of_the_difference_around_the_gap() -> None:
    found = interval()
    assert (found["gap_median"], found["gap_error"]) == (10.0, 5.0)
    assert found["gap_low"] == pytest.approx(10 - 1.959964 * 5, abs=1e-6)
    assert found["gap_high"] == pytest.approx(10 + 1.959964 * 5, abs=1e-6)
    assert found["probability_a_leads"] == pytest.approx(NormalDist().cdf(2.0))


def test_without_other_contenders_the_wide_interval_is_the_default_one() -> None:
    found = interval()
    assert (found["gap_low_wide"], found["gap_high_wide"]) == pytest.approx(
        (found["gap_low"], found["gap_high"])
    )


def test_the_two_leaders_are_one_comparison_and_each_other_contender_one_more() -> None:
    """Two US and three Chinese contenders: four comparisons with a leader, not five or six."""
    found = interval(a_contenders=2, b_contenders=3)
    assert (found["gap_high_wide"] - 10.0) / 5.0 == pytest.approx(2.4909, abs=5e-5)
    assert 10.0 - found["gap_low_wide"] == pytest.approx(found["gap_high_wide"] - 10.0)


@pytest.mark.parametrize("unknown", [{"a_contenders": None}, {"b_contenders": None}])
def test_where_contenders_may_be_unlisted_only_the_wide_interval_is_missing(unknown: dict[str, None]) -> None:
    found = interval(**unknown)
    assert (found["gap_low_wide"], found["gap_high_wide"]) == (None, None)
    assert found["gap_low"] is not None


def test_scores_in_whole_numbers_add_a_twelfth_each() -> None:
    assert interval(is_rounded=True)["gap_error"] == pytest.approx(math.sqrt(25 + 1 / 6))


def test_a_score_that_is_fixed_adds_no_error() -> None:
    assert interval(a_error=0.0)["gap_error"] == 4.0


@pytest.mark.parametrize(("gap", "probability"), [(1.0, 1.0), (0.0, 0.5), (-1.0, 0.0)])
def test_two_scores_without_any_error_have_a_probability_all_the_same(gap: float, probability: float) -> None:
    assert probability_of_a_lead(gap, 0.0) == probability


def test_the_law_of_two_maxima_is_beside_it_where_all_models_have_errors() -> None:
    lists = {"a_scores": [1400.0, 1399.0], "a_errors": [3.0, 9.0], "b_scores": [1390.0], "b_errors": [4.0]}
    found = interval(**lists)
    assert (found["gap_median"], found["gap_error"]) == (10.0, 5.0), "the default is of the leaders alone"
    assert found["max_median"] > 10.0, "the higher of two noisy scores stands above each"
    assert found["max_low"] < found["max_median"] < found["max_high"]
    assert {name: value for name, value in interval().items() if name.startswith("max_")} == dict.fromkeys(
        ("max_median", "max_low", "max_high", "max_probability_a_leads")
    )


def test_the_law_of_two_maxima_takes_a_fixed_score() -> None:
    """Its grid is as fine as the smallest error: with one of 0 it would have no end."""
    lists = {"a_scores": [150.0, 148.0], "a_errors": [0.0, 2.0], "b_scores": [145.0], "b_errors": [2.0]}
    found = interval(**lists)
    assert found["max_median"] == pytest.approx(5.3, abs=0.3)


errors = st.floats(0.1, 20, allow_nan=False)


@given(st.floats(-300, 300, allow_nan=False), errors, errors, st.integers(1, 9), st.integers(1, 9))
@settings(deadline=None, max_examples=60)
def test_either_interval_holds_the_gap_and_the_wide_one_holds_the_other(
    gap: float, a_error: float, b_error: float, a: int, b: int
) -> None:
    found = interval(
        a_score=1400 + gap, b_score=1400.0, a_error=a_error, b_error=b_error, a_contenders=a, b_contenders=b
    )
    assert found["gap_low"] < found["gap_median"] < found["gap_high"]
    assert found["gap_low_wide"] <= found["gap_low"] + 1e-9
    assert found["gap_high_wide"] >= found["gap_high"] - 1e-9
    assert (found["probability_a_leads"] > 0.975) == (found["gap_low"] > 0)


@given(st.floats(-300, 300, allow_nan=False), errors, errors, st.integers(1, 9), st.integers(1, 9))
@settings(deadline=None, max_examples=30)
def test_swapping_the_countries_turns_the_interval_round(
    gap: float, a_error: float, b_error: float, a: int, b: int
) -> None:
    one = interval(
        a_score=1400 + gap, b_score=1400.0, a_error=a_error, b_error=b_error, a_contenders=a, b_contenders=b
    )
    other = interval(
        b_score=1400 + gap, a_score=1400.0, b_error=a_error, a_error=b_error, b_contenders=a, a_contenders=b
    )
    for low, high in (("gap_low", "gap_high"), ("gap_low_wide", "gap_high_wide")):
        assert one[low] == pytest.approx(-other[high])
    assert one["probability_a_leads"] == pytest.approx(1 - other["probability_a_leads"])

"""How far single models are behind: by hand, and the exact interval against many draws."""

from __future__ import annotations

from datetime import date, timedelta
from statistics import NormalDist

import numpy as np
import polars as pl
import pytest

from tests.compute.test_lag import START, VINTAGE, Field, models
from warehouse.compute import lag_of_models
from warehouse.compute.lag_models import DAYS_PER_MONTH, EPOCH, Models


def in_days(months: float | None) -> float | None:
    return None if months is None else round(months * DAYS_PER_MONTH, 9)


def model_lags(a: Models, b: Models, vintage: date, tolerance: float) -> pl.DataFrame:
    return pl.DataFrame(lag_of_models.model_lags(a, b, vintage, tolerance), schema=lag_of_models.MODEL_LAGS)


def lags(a: Field, b: Field, tolerance: float) -> list[tuple[str, str | None, float | None, float | None]]:
    found = model_lags(models(a), models(b, prefix="n"), VINTAGE, tolerance)
    return [
        (row["reading"], row["a_model"], in_days(row["months"]), in_days(row["open_months"]))
        for row in found.iter_rows(named=True)
    ]


def test_by_hand() -> None:
    a = [(0, 100.0), (20, 105.0), (50, 107.0), (50, 106.5)]
    # 105 is within one point of 105.5, and 107 is the first above 106.5.
    assert lags(a, [(60, 105.5)], 1.0) == [("first_reached", "m1", 40, None), ("passed", "m2", 10, None)]
    # Without a tolerance: 106.5 and 107 are of one day, and the best counts.
    assert lags(a, [(60, 105.5)], 0.0) == [("first_reached", "m2", 10, None), ("passed", "m2", 10, None)]


def test_a_level_is_reached_but_not_passed() -> None:
    found = lags([(0, 100.0)], [(60, 100.0)], 0.0)
    assert found == [("first_reached", "m0", 60, None), ("passed", None, None, 90)]


def test_the_other_may_come_later_or_not_at_all() -> None:
    found = lags([(0, 100.0), (90, 110.0)], [(60, 108.0)], 0.0)
    assert found[0] == ("first_reached", "m1", -30, None)
    assert lags([], [(60, 108.0)], 0.0)[0] == ("first_reached", None, None, 90)
    assert lags([(0, 1.0)], [], 0.0) == []


def test_a_model_that_is_no_record_counts_with_its_own_score() -> None:
    """Would catch the running best in place of the model that is asked about."""
    found = lags([(0, 90.0), (30, 100.0)], [(40, 99.0), (60, 89.0)], 0.0)
    assert [row[2] for row in found if row[0] == "first_reached"] == [10, 60]


def drawn(a: Models, b: Models, tolerance: float, is_passed: bool) -> tuple[float, float, float]:
    """The 5 % and 95 % points in days, and how often a model of a did it, of 40,000 draws."""
    generator = np.random.default_rng(4)
    draws = 40_000
    score = b.score[0] + b.standard_error[0] * generator.standard_normal(draws)
    others = a.score + a.standard_error * generator.standard_normal((draws, len(a)))
    did = others > score[:, None] + tolerance if is_passed else others >= score[:, None] - tolerance
    first = np.where(did.any(axis=1), a.day[did.argmax(axis=1)], np.inf)
    low, high = np.quantile(b.day[0] - first, [0.05, 0.95], method="inverted_cdf")
    return float(low), float(high), float(did.any(axis=1).mean())


@pytest.mark.parametrize("tolerance", [0.0, 1.0])
def test_interval_is_that_of_many_draws(tolerance: float) -> None:
    """Would catch a product over the wrong models, a wrong sign, or ends swapped."""
    generator = np.random.default_rng(8)
    days = np.sort(generator.choice(140, 30, replace=False))
    scores = 100 + days / 8 + generator.normal(0, 2, 30)
    a = models([(int(day), round(float(score), 2)) for day, score in zip(days, scores, strict=True)], 1.5)
    # One of them is fixed by definition.
    errors = a.standard_error.copy()
    errors[12] = 0.0
    a = Models(a.day, a.score, errors, a.name, a.model_id, a.basis)
    for level in (105.5, 108.5, 112.0):
        b = models([(120, level)], 2.0)
        found = model_lags(a, b, VINTAGE, tolerance)
        for row in found.iter_rows(named=True):
            low, high, probability = drawn(a, b, tolerance, row["reading"] == "passed")
            assert in_days(row["months_low"]) == low
            assert in_days(row["months_high"]) == high
            assert row["probability_reached"] == pytest.approx(probability, abs=0.01)


def test_an_end_that_may_not_have_come_yet_is_open() -> None:
    a, b = models([(0, 100.0), (20, 110.0)], 2.0), models([(30, 113.0)], 2.0)
    row = model_lags(a, b, VINTAGE, 0.0).row(0, named=True)
    # P(a's second ≥ b) = Φ(−3 / √8) = 14.4 %.
    assert row["probability_reached"] == pytest.approx(NormalDist().cdf(-3 / 8**0.5), abs=0.005)
    assert (row["months"], row["months_low"], in_days(row["months_high"])) == (None, None, 10)


def test_without_error_the_interval_is_the_lag() -> None:
    a, b = models([(0, 100.0), (20, 105.0), (50, 107.0)], 0.0), models([(60, 104.0)], 0.0)
    for row in model_lags(a, b, VINTAGE, 0.0).iter_rows(named=True):
        assert row["months_low"] == row["months"] == row["months_high"]
        assert row["probability_reached"] == pytest.approx(1)


def test_a_missing_error_is_not_made_up() -> None:
    for a, b in ((None, 1.0), (1.0, None)):
        found = model_lags(models([(0, 100.0)], a), models([(9, 99.0)], b), VINTAGE, 0.0)
        for name in ("months_low", "months_high", "probability_reached"):
            assert found[name].to_list() == [None, None]


def test_days_are_days() -> None:
    row = model_lags(models([(0, 1.0)]), models([(9, 1.0)]), VINTAGE, 0.0).row(0, named=True)
    assert row["a_available_on"] == START == date.fromordinal(int(models([(0, 1.0)]).day[0]) + EPOCH)
    assert row["b_available_on"] == START + timedelta(days=9)

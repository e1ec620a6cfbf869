"""The lag in months: the method's words day by day against the vectorised readings, hand-computed cases, and
the figures published by the same method for the capability index of 2025-12-19.
"""

from __future__ import annotations

import math
import os
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
import polars as pl
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.compute import lag_matches, lag_models, lag_readings, lag_resampling, lag_survival
from warehouse.compute.lag_models import DAYS_PER_MONTH, Models
from warehouse.tables.domains import READINGS

START = date(2024, 1, 1)
VINTAGE = START + timedelta(days=150)

#: One model: (day after START, score in quarters of a point, so that sums are exact).
Field = list[tuple[int, float]]

entries = st.tuples(st.integers(0, 140), st.integers(400, 480).map(lambda quarters: quarters / 4))
fields = st.lists(entries, min_size=1, max_size=9)
tolerances = st.sampled_from([0.0, 0.25, 1.0, 3.0])
#: A busy machine is no failure.
relaxed = settings(deadline=None, max_examples=60)


def rows(field: Field, error: float | None = None, prefix: str = "m") -> pl.DataFrame:
    return pl.DataFrame(
        {
            "available_on": [START + timedelta(days=day) for day, _ in field],
            "available_basis": ["released"] * len(field),
            "vintage": [VINTAGE] * len(field),
            "score": [score for _, score in field],
            "standard_error": [error] * len(field),
            "name": [f"{prefix}{place}" for place in range(len(field))],
            "model_id": [f"{prefix}{place}" for place in range(len(field))],
        },
        schema_overrides={
            "standard_error": pl.Float64(),
            "score": pl.Float64(),
            "available_on": pl.Date(),
            "vintage": pl.Date(),
            "available_basis": pl.String(),
        },
    )


def record_matches(*values: Any, **more: Any) -> pl.DataFrame:
    return pl.DataFrame(lag_matches.record_matches(*values, **more), schema=lag_matches.RECORD_MATCHES)


def threshold_lag(*values: Any) -> pl.DataFrame:
    return pl.DataFrame(lag_matches.threshold_lag(*values), schema=lag_matches.THRESHOLD_LAG)


def models(field: Field, error: float | None = None, prefix: str = "m") -> Models:
    return Models.of(lag_models.distinct(rows(field, error, prefix)))


def days(a: Field, b: Field, tolerance: float) -> lag_readings.DailyLags:
    return lag_readings.DailyLags.of(models(a), models(b), VINTAGE, tolerance)


def daily(a: Field, b: Field, tolerance: float) -> pl.DataFrame:
    return lag_readings.daily_lags([days(a, b, tolerance)])


def by_method(
    a: Field, b: Field, tolerance: float
) -> list[tuple[date, float | None, float | None, float, bool]]:
    """The method's sentences, a day at a time: the readings, and whether the second is only a bound."""
    records: Field = []
    for day, score in sorted(a, key=lambda entry: (entry[0], -entry[1])):
        if all(score > earlier for _, earlier in records):
            records.append((day, score))
    result = []
    for t in range(min(day for day, _ in b), (VINTAGE - START).days + 1):
        c = max(score for day, score in b if day <= t)
        u = max((score for day, score in a if day <= t), default=-math.inf)
        reached = [day for day, score in records if score >= c - tolerance]
        matched = [day for day, score in records if day <= t and score <= c + tolerance]
        beyond = [day for day, score in records if day <= t and score > c + tolerance]
        behind = [day for day, score in b if day <= t and score > u + tolerance]
        known = [day for day, _ in records if day <= t]
        oldest_unmatched = [min(known)] if known else []
        result.append(
            (
                START + timedelta(days=t),
                (t - min(reached)) / DAYS_PER_MONTH if reached else None,
                (t - max(matched or oldest_unmatched)) / DAYS_PER_MONTH if known else None,
                (t - min(beyond) if beyond else -(t - min(behind)) if behind else 0) / DAYS_PER_MONTH,
                bool(known) and not matched,
            )
        )
    return result


def on(frame: pl.DataFrame, day: int, reading: str) -> float | None:
    """A reading in days."""
    value = frame.filter(pl.col("day") == START + timedelta(days=day))[reading].item()
    return None if value is None else round(value * DAYS_PER_MONTH, 9)


@relaxed
@given(fields, fields, tolerances)
def test_readings_are_methods_words(a: Field, b: Field, tolerance: float) -> None:
    found = daily(a, b, tolerance).select("day", *READINGS, "is_censored").rows()
    for got, expected in zip(found, by_method(a, b, tolerance), strict=True):
        assert got[0] == expected[0]
        assert got[1:] == pytest.approx(expected[1:])


@relaxed
@given(fields, fields, tolerances, st.integers(0, 140), st.integers(0, 40), st.booleans())
def test_a_weaker_model_changes_nothing(
    a: Field, b: Field, tolerance: float, day: int, below: int, is_of_a: bool
) -> None:
    field = a if is_of_a else b
    before = [score for earlier, score in field if earlier <= day]
    # Before b's first model a weaker one would be b's first.
    if not before:
        return
    weaker = [*field, (day, max(before) - below / 4)]
    changed = daily(weaker, b, tolerance) if is_of_a else daily(a, weaker, tolerance)
    assert changed.equals(daily(a, b, tolerance))
    matched = record_matches(models(a), models(b), VINTAGE, tolerance)
    after = record_matches(
        models(weaker if is_of_a else a), models(b if is_of_a else weaker), VINTAGE, tolerance
    )
    columns = ["a_available_on", "a_score", "b_available_on", "b_score", "months", "open_months"]
    assert after.select(columns).equals(matched.select(columns))


@relaxed
@given(fields, fields, tolerances, st.randoms(use_true_random=False))
def test_the_order_of_rows_changes_nothing(a: Field, b: Field, tolerance: float, random: Any) -> None:
    frames = [rows(a, 1.5), rows(b, 1.5)]
    places = [list(range(frame.height)) for frame in frames]
    for order in places:
        random.shuffle(order)
    mixed = [
        Models.of(lag_models.distinct(frame[order])) for frame, order in zip(frames, places, strict=True)
    ]
    plain = [Models.of(lag_models.distinct(frame)) for frame in frames]
    for one, other in zip(mixed, plain, strict=True):
        assert one.model_id == other.model_id
        assert np.array_equal(one.score, other.score)
    found = [record_matches(x, y, VINTAGE, tolerance) for x, y in (mixed, plain)]
    assert found[0].equals(found[1])


def test_first_reached_by_hand() -> None:
    a, b = [(0, 100.0), (20, 110.0), (50, 120.0)], [(30, 99.0), (60, 109.5)]
    found = daily(a, b, 1.0)
    assert found["day"][0] == START + timedelta(days=30)
    assert found["day"][-1] == VINTAGE
    assert on(found, 40, "first_reached") == 40
    assert on(found, 60, "first_reached") == 40
    assert on(found, 150, "first_reached") == 130


def test_first_reached_is_negative_while_a_is_yet_to_come_and_null_if_it_never_does() -> None:
    found = daily([(0, 100.0), (50, 120.0)], [(30, 110.0), (90, 130.0)], 0.0)
    assert on(found, 30, "first_reached") == -20
    assert on(found, 60, "first_reached") == 10
    assert on(found, 90, "first_reached") is None


def test_last_matched_by_hand() -> None:
    found = daily([(0, 100.0), (20, 110.0), (50, 120.0)], [(10, 95.0), (30, 109.0), (60, 130.0)], 1.0)
    assert on(found, 10, "last_matched") == 10, "nothing is matched: at least the age of the first record"
    assert on(found, 29, "last_matched") == 29
    assert on(found, 30, "last_matched") == 10
    assert on(found, 60, "last_matched") == 10
    censored = found.filter("is_censored")["day"]
    assert (censored.min(), censored.max()) == (START + timedelta(days=10), START + timedelta(days=29))
    since = found.filter(pl.col("day") == START + timedelta(days=29))["last_matched_since"].item()
    assert since == START, "a bound counts from the first record"


def test_no_bound_before_the_first_model_of_a() -> None:
    """Would catch a bound of nothing, or a negative one from a model that is yet to come."""
    found = daily([(40, 120.0)], [(10, 90.0)], 0.0)
    assert on(found, 39, "last_matched") is None
    assert on(found, 60, "last_matched") == 20
    assert found["is_censored"].to_list() == [day >= 40 for day in range(10, 151)]


def test_last_matched_counts_records_only() -> None:
    # The later 105 of a is no record: the newest matched record stays the one of day 0.
    found = daily([(0, 110.0), (40, 105.0)], [(10, 111.0)], 0.0)
    assert on(found, 50, "last_matched") == 50


def test_passed_by_hand() -> None:
    found = daily([(0, 100.0), (40, 110.0)], [(10, 99.0), (30, 101.0), (60, 110.5), (90, 112.0)], 1.0)
    assert on(found, 10, "passed") == 0, "a is ahead by τ, not by more, and b is not ahead either"
    assert on(found, 30, "passed") == 0
    assert on(found, 40, "passed") == 0, "the day itself"
    assert on(found, 50, "passed") == 10
    assert on(found, 60, "passed") == 0, "b is ahead, but within τ"
    assert on(found, 100, "passed") == -10
    since = found.filter(pl.col("day") == START + timedelta(days=100))["passed_since"].item()
    assert since == START + timedelta(days=90)
    within = found.filter(pl.col("day") == START + timedelta(days=60))["passed_since"].item()
    assert within is None


def test_before_the_first_model_of_a_b_is_ahead() -> None:
    found = daily([(40, 120.0)], [(10, 90.0)], 1.0)
    assert on(found, 30, "passed") == -20
    assert on(found, 30, "first_reached") == -10
    assert on(found, 30, "last_matched") is None
    assert on(found, 50, "passed") == 10


def test_countries_without_models() -> None:
    none = models([])
    assert lag_readings.daily_lags(
        [lag_readings.DailyLags.of(models([(0, 1.0)]), none, VINTAGE, 0)]
    ).is_empty()
    alone = lag_readings.daily_lags([lag_readings.DailyLags.of(none, models([(140, 1.0)]), VINTAGE, 0)])
    assert alone["first_reached"].null_count() == alone.height == 11
    assert alone["passed"][-1] == -10 / DAYS_PER_MONTH
    assert record_matches(none, none, VINTAGE, 0).is_empty()
    assert record_matches(models([(0, 1.0)]), none, VINTAGE, 0)["months"].to_list() == [None]


def test_months_end_on_their_last_day_and_on_the_vintage() -> None:
    found = lag_readings.month_ends(daily([(0, 100.0)], [(15, 100.0)], 0.0)).filter(
        pl.col("reading") == "first_reached"
    )
    expected = [date(2024, 1, 31), date(2024, 2, 29), date(2024, 3, 31), date(2024, 4, 30), VINTAGE]
    assert found["day"].to_list() == expected
    assert found["month"].to_list()[-1] == date(2024, 5, 1)
    assert found["lag_months"].to_list()[0] == 30 / DAYS_PER_MONTH


def test_means_without_bounds_and_with_them() -> None:
    """Would catch the worst days dropped from the mean without a word, or bounds passed off as readings."""
    found = lag_readings.over_days([days([(20, 100.0)], [(140, 90.0), (146, 100.0)], 0.0)])
    last = found.row(by_predicate=pl.col("reading") == "last_matched", named=True)
    assert (last["days"], last["censored_days"], last["undefined_days"]) == (5, 6, 0)
    assert last["mean_months"] == pytest.approx(128 / DAYS_PER_MONTH)
    assert last["max_months"] == pytest.approx(130 / DAYS_PER_MONTH)
    # Days 120 to 125 with a bound, 126 to 130 without.
    assert last["mean_at_least"] == pytest.approx(125 / DAYS_PER_MONTH)
    assert last["max_at_least"] == pytest.approx(130 / DAYS_PER_MONTH)
    for other in found.filter(pl.col("reading") != "last_matched").iter_rows(named=True):
        assert (other["mean_at_least"], other["censored_days"]) == (other["mean_months"], 0)


def test_a_bound_may_be_the_largest() -> None:
    found = lag_readings.over_days([days([(0, 100.0), (130, 110.0)], [(10, 90.0), (140, 111.0)], 0.0)])
    last = found.row(by_predicate=pl.col("reading") == "last_matched", named=True)
    assert last["max_months"] == pytest.approx(20 / DAYS_PER_MONTH)
    assert last["max_at_least"] == pytest.approx(139 / DAYS_PER_MONTH)


def test_rows_of_one_model_are_its_earliest_day_and_best_score() -> None:
    frame = pl.DataFrame(
        {
            "available_on": [START + timedelta(days=5), START, None, START, VINTAGE + timedelta(days=1)],
            "score": [101.0, 100.0, 150.0, math.nan, 200.0],
            "standard_error": [2.0, 3.0, None, None, None],
            "name": ["seller/x", "x-base", "undated", "unscored", "not yet"],
            "model_id": ["x", "x", "y", "z", "w"],
            "available_basis": ["released", "first_listed", None, "released", "released"],
            "vintage": [VINTAGE] * 5,
        }
    )
    found = Models.of(lag_models.distinct(frame))
    assert len(found) == 1
    assert (found.score[0], found.standard_error[0], found.name[0]) == (101.0, 2.0, "seller/x")
    assert date(1970, 1, 1) + timedelta(days=int(found.day[0])) == START
    assert found.basis == ("first_listed",), "what is said of the day is said of the day that counts"


def test_of_equal_scores_a_reseller_names_no_model() -> None:
    frame = rows([(0, 100.0), (0, 100.0)]).with_columns(name=pl.Series(["fireworks/kimi-k2p5", "kimi-k2.5"]))
    assert Models.of(lag_models.distinct(frame)).records().name == ("kimi-k2.5",)
    assert Models.of(lag_models.distinct(frame.with_columns(model_id=pl.lit("one")))).name == ("kimi-k2.5",)


def test_an_open_record_stays_open() -> None:
    a, b = models([(0, 100.0), (30, 120.0)]), models([(61, 99.0)])
    found = record_matches(a, b, VINTAGE, 1.0)
    assert found["not_excluded"].unique().to_list() == ["no_errors"], (
        "without errors nothing is excluded or not"
    )
    assert found["months"].to_list() == [61 / DAYS_PER_MONTH, None]
    assert found["open_months"].to_list() == [None, 120 / DAYS_PER_MONTH]
    assert found["b_model"].to_list() == ["m0", None]


def test_a_match_before_the_record_is_negative() -> None:
    # b stood within τ of the record 10 days before a set it.
    found = record_matches(models([(0, 90.0), (40, 100.0)]), models([(30, 99.5)]), VINTAGE, 1.0)
    assert found["months"].to_list() == [30 / DAYS_PER_MONTH, -10 / DAYS_PER_MONTH]


def test_records_are_taken_over_all_models_and_asked_from_a_day() -> None:
    a, b = models([(0, 100.0), (10, 99.0), (20, 101.0)]), models([(30, 200.0)])
    since = record_matches(a, b, VINTAGE, 0.0, records_from=START + timedelta(days=5))
    assert since["a_score"].to_list() == [101.0]
    dropped = record_matches(a, b, VINTAGE, 0.0, drop_first=True)
    assert dropped["a_score"].to_list() == [101.0]


def test_what_is_not_excluded_follows_from_the_errors() -> None:
    # Φ⁻¹(0.05) · √(3² + 4²) = −8.22: eight points behind are not excluded, nine are.
    a = models([(0, 100.0)], 3.0)
    near, far = (models([(10, score)], 4.0) for score in (92.0, 91.0))
    for b, state, day in ((near, "found", START + timedelta(days=10)), (far, "none", None)):
        [row] = record_matches(a, b, VINTAGE, 1.0).rows(named=True)
        assert (row["not_excluded"], row["b_not_excluded_from"]) == (state, day)
        assert row["months"] is None, "what is not excluded is no match"
        assert row["open_months"] == 150 / DAYS_PER_MONTH


def test_larger_errors_exclude_less() -> None:
    """Why it is part of no mean: the same scores, measured worse, look matched earlier."""
    a, b = [(0, 100.0)], [(10, 90.0), (50, 94.0), (90, 99.0)]
    days = [
        record_matches(models(a, error), models(b, error), VINTAGE, 0.0)["b_not_excluded_from"]
        for error in (0.5, 3.0, 5.0)
    ]
    assert [found.item() for found in days] == [START + timedelta(days=day) for day in (90, 50, 10)]


@relaxed
@given(fields, fields, tolerances)
def test_without_error_the_draws_are_the_scores(a: Field, b: Field, tolerance: float) -> None:
    one, other = models(a, 0.0), models(b, 0.0)
    drawn = lag_resampling.resampled(one, other, VINTAGE, tolerance, draws=3)
    assert drawn is not None
    means = lag_readings.over_days([lag_readings.DailyLags.of(one, other, VINTAGE, tolerance)])
    for end in ("low", "high"):
        assert drawn.readings[f"mean_{end}"] == pytest.approx(means["mean_months"].to_list())
        assert drawn.readings[f"mean_at_least_{end}"] == pytest.approx(means["mean_at_least"].to_list())
    points = record_matches(one, other, VINTAGE, tolerance)
    assert drawn.matches["months_low"] == pytest.approx(points["months"].to_list())


def test_draws_are_readings_of_drawn_scores() -> None:
    a, b = models([(0, 100.0), (9, 103.0), (40, 106.0)], 4.0), models([(5, 98.0), (60, 104.0)], 4.0)
    draws = 200
    generator = np.random.default_rng(lag_resampling.SEED)
    scores = [
        side.score + side.standard_error * generator.standard_normal((draws, len(side))) for side in (a, b)
    ]
    means = []
    for draw in range(draws):
        sides = [replace(side, score=score[draw]) for side, score in zip((a, b), scores, strict=True)]
        means.append(lag_readings.over_days([lag_readings.DailyLags.of(sides[0], sides[1], VINTAGE, 1.0)]))
    drawn = lag_resampling.resampled(a, b, VINTAGE, 1.0, draws=draws)
    again = lag_resampling.resampled(a, b, VINTAGE, 1.0, draws=draws)
    assert drawn is not None
    assert again is not None
    assert drawn.readings == again.readings
    for place, reading in enumerate(pl.DataFrame(drawn.readings).iter_rows(named=True)):
        for name, ends in (("mean_months", "mean"), ("mean_at_least", "mean_at_least")):
            each = [mean[name][place] for mean in means]
            values = sorted(math.inf if value is None else value for value in each)
            low, high = values[math.ceil(0.025 * draws) - 1], values[math.ceil(0.975 * draws) - 1]
            assert reading[f"{ends}_low"] == pytest.approx(low)
            assert reading[f"{ends}_high"] == (pytest.approx(high) if math.isfinite(high) else None)


def test_a_quantile_is_the_smallest_value_that_enough_do_not_exceed() -> None:
    # Of 40 values 2.5 % are the first, and 97.5 % the first 39; of 41 they are two, and all but one.
    rows = [np.arange(float(many), 0, -1)[None, :] for many in (40, 41, 1)]
    assert [lag_resampling._points(row) for row in rows] == [[[1.0], [39.0]], [[2.0], [40.0]], [[1.0], [1.0]]]
    assert lag_resampling._points(np.array([[1.0, np.inf], [np.nan, 2.0]])) == [[1.0, 2.0], [None, None]]


def test_a_missing_error_is_not_made_up() -> None:
    assert lag_resampling.resampled(models([(0, 1.0)], 1.0), models([(0, 1.0)]), VINTAGE, 0) is None
    assert lag_resampling.resampled(models([(0, 1.0)], 1.0), models([], 1.0), VINTAGE, 0) is None


def test_thresholds() -> None:
    a, b = models([(0, 50.0), (10, 72.0)]), models([(30, 71.0), (5, 61.0)], prefix="n")
    found = threshold_lag(a, b, VINTAGE, (40, 60, 70, 72, 80), START - timedelta(days=1))
    assert found["threshold"].to_list() == [40, 60, 70, 72]
    assert found["state"].to_list() == ["both", "both", "both", "a_only"]
    assert found["months"].to_list() == [days and days / DAYS_PER_MONTH for days in (5, -5, 20, None)]
    assert found["open_months"].to_list() == [None, None, None, 140 / DAYS_PER_MONTH]
    assert found["b_model"].to_list() == ["n1", "n1", "n0", None]
    assert not found["a_is_left_censored"].any()
    assert not found["b_is_left_censored"].any()


def test_who_was_there_from_the_start_may_have_crossed_before() -> None:
    """Would catch the first day of a list passed off as the day on which a level was crossed."""
    a, b = models([(0, 50.0), (10, 72.0)]), models([(0, 41.0), (30, 71.0)], prefix="n")
    found = threshold_lag(a, b, VINTAGE, (40, 45, 60, 72), START)
    assert found["a_is_left_censored"].to_list() == [True, True, False, False]
    assert found["b_is_left_censored"].to_list() == [True, False, False, False]
    assert found["state"].to_list() == ["both", "both", "both", "a_only"]
    # Both there from the start: nothing is known of the difference. The US alone: at least so many.
    assert found["months"].to_list() == [None, 30 / DAYS_PER_MONTH, 20 / DAYS_PER_MONTH, None]
    assert found["open_months"].to_list() == [None, None, None, 140 / DAYS_PER_MONTH]


# Published figures


@pytest.fixture(scope="module")
def epoch() -> Path:
    folder = Path(os.environ.get("AIGAP_UPSTREAM", Path(__file__).resolve().parents[3] / "shared/upstream"))
    if not folder.is_dir():
        pytest.skip("the upstream files are not here")
    return folder / "epoch"


CHINESE = "Baichuan|Alibaba|DeepSeek|01.AI|Moonshot|Z.ai|MiniMax"
ELSEWHERE = "Mistral|Technology Innovation Institute|Stability"


def capability_index(folder: Path, name: str) -> tuple[Models, Models, date]:
    """US and Chinese models of a raw file. US is who has the US among its countries and China not."""
    vintage = date.fromisoformat(name[-14:-4])
    frame = pl.read_csv(folder / name, infer_schema=False)
    names = {
        "Model": "name", "Model version": "name", "model": "name", "eci": "score", "ECI Score": "score",
        "date": "available_on", "Release date": "available_on", "Country": "country",
        "Country (of organization)": "country", "organization": "organization", "eci_std": "standard_error",
    }  # fmt: skip
    frame = frame.select(pl.col(old).alias(new) for old, new in names.items() if old in frame.columns)
    if "country" not in frame.columns:
        frame = frame.with_columns(
            pl.when(pl.col("organization").str.contains(CHINESE))
            .then(pl.lit("China"))
            .when(pl.col("organization").str.contains(ELSEWHERE))
            .then(pl.lit("elsewhere"))
            .otherwise(pl.lit("United States of America"))
            .alias("country")
        )
    if "standard_error" not in frame.columns:
        frame = frame.with_columns(pl.lit(None).alias("standard_error"))
    frame = frame.with_columns(
        pl.col("name").alias("model_id"),
        pl.col("score", "standard_error").cast(pl.Float64()),
        pl.col("available_on").str.to_date(),
        pl.lit("released").alias("available_basis"),
        pl.lit(vintage).alias("vintage"),
    )
    is_us = pl.col("country").str.contains("United States of America")
    is_cn = pl.col("country").str.contains("China")
    return (
        Models.of(lag_models.distinct(frame.filter(is_us & ~is_cn))),
        Models.of(lag_models.distinct(frame.filter(is_cn & ~is_us))),
        vintage,
    )


@pytest.mark.parametrize(
    ("name", "means", "largest"),
    [
        # Published is 9.1 for last_matched: 9.046, 9.05 to two places.
        ("eci_scores_2025-12-19.csv", (7.936, 9.046, 5.984), (18.20, 18.20, 13.77)),
        ("epoch_capabilities_index_2026-04-10.csv", (8.256, 9.179, 6.130), (18.20, 18.20, 14.78)),
        ("eci_scores_2026-08-22.csv", (7.686, 7.765, 6.134), (18.20, 15.38, 14.78)),
    ],
)
def test_capability_index(
    epoch: Path, name: str, means: tuple[float, ...], largest: tuple[float, ...]
) -> None:
    us, cn, vintage = capability_index(epoch, name)
    found = lag_readings.over_days([lag_readings.DailyLags.of(us, cn, vintage, 1.0)])
    assert found["mean_months"].to_list() == pytest.approx(means, abs=0.0006)
    assert found["max_months"].to_list() == pytest.approx(largest, abs=0.006)
    if vintage == date(2025, 12, 19):
        assert found["mean_months"].to_list() == pytest.approx((7.9, 9.1, 6.0), abs=0.06)
        assert found["max_months"].round(1).to_list() == [18.2, 18.2, 13.8]


def test_matches_of_the_capability_index(epoch: Path) -> None:
    us, cn, vintage = capability_index(epoch, "eci_scores_2025-12-19.csv")
    found = record_matches(us, cn, vintage, 1.0)
    pairs = {row["a_model"]: (row["b_model"], row["months"]) for row in found.iter_rows(named=True)}
    assert pairs["GPT-4 (Mar 2023)"] == ("DeepSeek-V2 (MoE-236B)", pytest.approx(13.80, abs=0.01))
    assert pairs["o1"] == ("DeepSeek-R1 (May 2025)", pytest.approx(5.32, abs=0.01))
    assert [name for name, (match, _) in pairs.items() if match is None] == [
        "o3", "o3-pro", "GPT-5", "GPT-5 Pro", "Gemini 3 Pro",
    ]  # fmt: skip
    median = lag_survival.kaplan_meier_median(found["months"].to_list(), found["open_months"].to_list())
    assert median == pytest.approx(6.67, abs=0.01)


def test_a_model_nobody_can_use_moves_no_reading(epoch: Path) -> None:
    us, cn, vintage = capability_index(epoch, "epoch_capabilities_index_2026-04-10.csv")
    kept = np.flatnonzero(np.array(us.name) != "claude-mythos-2026-04-07")
    assert len(kept) == len(us) - 1
    public = us.take(kept)
    every, without = (
        lag_readings.daily_lags([lag_readings.DailyLags.of(side, cn, vintage, 1.0)]) for side in (us, public)
    )
    assert every.equals(without)
    opened = [record_matches(side, cn, vintage, 1.0)["months"].null_count() for side in (us, public)]
    assert opened == [8, 7]

"""The median time to a match: the product-limit estimate by hand, and the interval of whole clusters."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest

from warehouse.compute import lag_survival


def test_kaplan_meier_median() -> None:
    assert lag_survival.kaplan_meier_median([1.0, 2.0, 3.0], []) == 2.0
    # 4 at risk at 1, 3 at 2: ¾ · ⅔ = ½.
    assert lag_survival.kaplan_meier_median([1.0, 2.0, 3.0, None], [None, None, None, 2.5]) == 2.0
    # The record open since 1.5 is not at risk at 2: ¾ · ½.
    assert lag_survival.kaplan_meier_median([1.0, 2.0, 3.0, None], [None, None, None, 1.5]) == 2.0
    # Open at the time of a match is at risk: ¾ at 1, not ½.
    assert lag_survival.kaplan_meier_median([1.0, 2.0, None, None], [None, None, 1.0, 1.0]) == 2.0
    assert lag_survival.kaplan_meier_median([1.0, None, None], [None, 5.0, 5.0]) is None
    assert lag_survival.kaplan_meier_median([None], [4.0]) is None
    assert lag_survival.kaplan_meier_median([], []) is None
    assert lag_survival.kaplan_meier_median([-1.0, 3.0, 3.0], []) == 3.0


def test_open_records_can_only_lengthen_the_median() -> None:
    months: list[float | None] = [2.0, 4.0, 6.0, 8.0]
    assert lag_survival.kaplan_meier_median(months, []) == 4.0
    assert lag_survival.kaplan_meier_median([*months, None, None], [9.0, 9.0]) == 6.0


def test_interval_draws_whole_clusters() -> None:
    """Would catch records resampled singly: here each cluster has one time, so every median is one of five."""
    months = [float(cluster) for cluster in (1, 2, 3, 4, 5) for _ in range(cluster)]
    matches = [f"m{month}" for month in months]
    found = lag_survival.clustered_median(months, [None] * len(months), matches, draws=200)
    assert (found.months, found.clusters) == (4.0, 5)
    generator = np.random.default_rng(lag_survival.SEED)
    medians = []
    for counts in generator.multinomial(5, [1 / 5] * 5, 200):
        drawn = [month for month in months for _ in range(counts[int(month) - 1])]
        medians.append(lag_survival.kaplan_meier_median(drawn, []))
    medians.sort(key=lambda median: math.inf if median is None else median)
    # Φ(−√(5/4) · 2.77) = 0.10 % of 200 are less than one.
    assert (found.low, found.high) == (medians[0], medians[-1])


def test_few_clusters_reach_further_out_than_many() -> None:
    """Student's t with 4 and 30 degrees of freedom is 2.776 and 2.042."""
    normal = NormalDist()
    for clusters, t in ((5, 2.776), (31, 2.042), (1001, 1.962)):
        expected = normal.cdf(-math.sqrt(clusters / (clusters - 1)) * t)
        assert lag_survival.tail(clusters) == pytest.approx(expected, rel=0.03)
    assert lag_survival.tail(100_000) == pytest.approx(0.025, rel=1e-3)


def test_open_records_are_one_cluster_that_may_leave_the_interval_without_an_end() -> None:
    months = [1.0, 2.0, 3.0, 4.0, None, None, None]
    open_months = [None] * 4 + [9.0, 9.0, 9.0]
    found = lag_survival.clustered_median(months, open_months, ["a", "b", "c", "d", None, None, None])
    assert (found.months, found.clusters) == (4.0, 5)
    assert found.low == 1.0
    assert found.high is None, "with the open ones drawn twice no half is matched"


def test_few_clusters_have_no_interval() -> None:
    found = lag_survival.clustered_median([1.0, 1.0, 2.0, 3.0], [None] * 4, ["a", "a", "b", "c"])
    assert found == lag_survival.Median(1.0, None, None, 3)
    assert lag_survival.clustered_median([], [], []) == lag_survival.Median(None, None, None, 0)


def test_clusters_widen_the_interval() -> None:
    """Would catch records that share a match counted as so many independent ones."""
    months = [float(place // 4) for place in range(40)]
    shared, apart = (
        lag_survival.clustered_median(months, [None] * 40, matches)
        for matches in ([place // 4 for place in range(40)], list(range(40)))
    )
    assert shared.months == apart.months
    widths = [(found.high or math.inf) - (found.low or 0.0) for found in (shared, apart)]
    assert widths[0] > widths[1]

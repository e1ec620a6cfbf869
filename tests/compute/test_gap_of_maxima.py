"""The law of two maxima: exact on a grid, against draws, closed forms and what must hold of any figures."""

from __future__ import annotations

import math
from statistics import NormalDist

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from warehouse.compute import gap_of_maxima
from warehouse.compute.gap_of_maxima import GapDistribution, Vector, gap_distribution

DRAWS = 10_000
SEED = 20_261_122

#: A country's models: (score, standard error), in points as on the arena.
Field = list[tuple[float, float]]

ratings = st.tuples(
    st.floats(1000, 1500, allow_nan=False).map(lambda score: round(score, 2)),
    st.floats(1.5, 15, allow_nan=False).map(lambda error: round(error, 2)),
)
fields = st.lists(ratings, min_size=1, max_size=6)


def vectors(field: Field) -> tuple[Vector, Vector]:
    return np.array([score for score, _ in field]), np.array([error for _, error in field])


def gap(a: Field, b: Field, step: float = gap_of_maxima.STEP) -> GapDistribution:
    return gap_distribution(*vectors(a), *vectors(b), step)


def figures(found: GapDistribution) -> tuple[float, float, float, float]:
    return found.low, found.median, found.high, found.probability_a_leads


def drawn_tops(field: Field, generator: np.random.Generator) -> Vector:
    """10,000 draws of the field's highest rating, sorted.

    A Latin hypercube: every model's ratings are the 10,000 middle quantiles of its normal, in a random
    order of its own.
    """
    normal = NormalDist()
    quantiles = np.array([normal.inv_cdf((place + 0.5) / DRAWS) for place in range(DRAWS)])
    draws = [score + error * quantiles[generator.permutation(DRAWS)] for score, error in field]
    return np.sort(np.max(draws, axis=0))


def from_draws(a: Field, b: Field) -> tuple[float, float, float, float]:
    """Low, median, high and P(a leads) from 10,000 draws of each top, every one of a with every one of b.

    Plain draws would leave a sampling error of about 0.2 points at the interval's ends. The hypercube and
    the pairing of all with all leave about 0.03, so that 0.1 tells a wrong grid from bad luck.
    """
    generator = np.random.default_rng(SEED)
    tops_a, tops_b = drawn_tops(a, generator), drawn_tops(b, generator)

    def share_below(points: float) -> float:
        return 1 - float(np.searchsorted(tops_b, tops_a - points).mean()) / DRAWS

    def quantile(share: float) -> float:
        low, high = tops_a[0] - tops_b[-1], tops_a[-1] - tops_b[0]
        while high - low > 1e-6:
            middle = (low + high) / 2
            low, high = (middle, high) if share_below(middle) < share else (low, middle)
        return float(high)

    return quantile(0.025), quantile(0.5), quantile(0.975), 1 - share_below(0.0)


@pytest.mark.parametrize(
    ("a", "b"),
    [
        pytest.param([(1400, 5)], [(1380, 6)], id="one model each"),
        pytest.param(
            [(1400, 5), (1395, 4), (1390, 6), (1380, 5), (1300, 4)],
            [(1380, 6), (1378, 5), (1360, 4), (1350, 9)],
            id="close fields",
        ),
        pytest.param(
            [(1500 - 2 * place, 5) for place in range(12)],
            [(1470 - place, 4) for place in range(10)],
            id="many near the top",
        ),
        pytest.param(
            [(1500, 3), (1499.5, 3), (1499, 3)], [(1499, 3), (1498, 4), (1480, 8)], id="nearly level"
        ),
        pytest.param([(1400, 4), (1340, 30)], [(1390, 6), (1370, 12)], id="a wide error far below"),
    ],
)
def test_grid_agrees_with_ten_thousand_seeded_draws(a: Field, b: Field) -> None:
    exact, drawn = figures(gap(a, b)), from_draws(a, b)
    assert exact[:3] == pytest.approx(drawn[:3], abs=0.1)
    assert exact[3] == pytest.approx(drawn[3], abs=0.005)


def test_single_models_have_the_closed_form_of_two_normals() -> None:
    found = gap([(1412.34, 4.2)], [(1388.91, 6.7)])
    difference = NormalDist(1412.34 - 1388.91, math.hypot(4.2, 6.7))
    expected = [difference.inv_cdf(share) for share in (0.025, 0.5, 0.975)]
    assert figures(found)[:3] == pytest.approx(expected, abs=0.01)
    assert found.probability_a_leads == pytest.approx(1 - difference.cdf(0), abs=1e-4)


@pytest.mark.parametrize(("one", "other"), [(0.1, 0.1), (0.25, 0.4), (0.02, 5.0), (0.8, 1.2)])
def test_errors_smaller_than_the_grid_step_have_the_closed_form_too(one: float, other: float) -> None:
    """Percentages and indices have errors of a fraction of a point."""
    difference = NormalDist(0.93, math.hypot(one, other))
    expected = [difference.inv_cdf(share) for share in (0.025, 0.5, 0.975)]
    assert figures(gap([(71.93, one)], [(71.0, other)]))[:3] == pytest.approx(
        expected, abs=0.01 * difference.stdev
    )


def test_top_of_two_level_models_stands_above_each_of_them() -> None:
    """The mean of the higher of two equal normals is error/√π above theirs: a maximum is not centred."""
    alone, doubled = gap([(1400, 10)], [(1300, 1.5)]), gap([(1400, 10)] * 2, [(1300, 1.5)])
    assert alone.median == pytest.approx(100, abs=0.01)
    # the median of the higher of two lies where each stays below with probability √½
    assert doubled.median == pytest.approx(100 + 10 * NormalDist().inv_cdf(math.sqrt(0.5)), abs=0.15)


def test_interval_of_many_close_models_need_not_contain_the_observed_gap() -> None:
    chasing = [(1400.0, 12.0)] * 25
    found = gap([(1400, 2)], chasing)
    assert found.high < 0.0


@given(fields, fields)
@settings(deadline=None, max_examples=40)
def test_swapping_the_countries_negates_the_gap(a: Field, b: Field) -> None:
    one, other = gap(a, b), gap(b, a)
    assert one.low == pytest.approx(-other.high, abs=0.01)
    assert one.median == pytest.approx(-other.median, abs=0.01)
    assert one.high == pytest.approx(-other.low, abs=0.01)
    assert one.probability_a_leads == pytest.approx(1 - other.probability_a_leads, abs=1e-3)


@given(fields, fields, st.floats(-400, 400, allow_nan=False))
@settings(deadline=None, max_examples=40)
def test_another_zero_of_the_scale_changes_nothing(a: Field, b: Field, shift: float) -> None:
    moved = gap(
        [(score + shift, error) for score, error in a], [(score + shift, error) for score, error in b]
    )
    still = gap(a, b)
    assert figures(moved)[:3] == pytest.approx(figures(still)[:3], abs=0.02)
    assert moved.probability_a_leads == pytest.approx(still.probability_a_leads, abs=2e-3)


@given(fields, fields, st.floats(-300, 300, allow_nan=False))
@settings(deadline=None, max_examples=40)
def test_points_given_to_one_country_move_the_gap_by_as_many(a: Field, b: Field, points: float) -> None:
    still, moved = gap(a, b), gap([(score + points, error) for score, error in a], b)
    assert [value - points for value in figures(moved)[:3]] == pytest.approx(figures(still)[:3], abs=0.02)


@given(fields, fields, st.floats(0.3, 0.8))
@settings(deadline=None, max_examples=40)
def test_smaller_errors_give_a_narrower_interval(a: Field, b: Field, share: float) -> None:
    wide = gap(a, b)
    narrow = gap(
        [(score, error * share) for score, error in a], [(score, error * share) for score, error in b]
    )
    assert narrow.high - narrow.low < wide.high - wide.low


@given(fields, fields)
@settings(deadline=None, max_examples=40)
def test_interval_is_ordered_and_the_probability_is_one(a: Field, b: Field) -> None:
    found = gap(a, b)
    assert found.low <= found.median <= found.high
    assert 0 <= found.probability_a_leads <= 1
    # the share of the distribution above 0 and the place of its median tell the same side
    if abs(found.median) > 0.05:
        assert (found.probability_a_leads > 0.5) == (found.median > 0)


@given(fields, fields, st.lists(ratings, min_size=1, max_size=20))
@settings(deadline=None, max_examples=40)
def test_models_far_below_change_nothing_visible(a: Field, b: Field, below: Field) -> None:
    floor = max(score - 5 * error for score, error in a)
    far = [(floor - 5 * error - (1500 - score) / 10, error) for score, error in below]
    assert figures(gap(a + far, b))[:3] == pytest.approx(figures(gap(a, b))[:3], abs=0.01)


def test_pruning_leaves_out_only_what_cannot_be_the_top(monkeypatch: pytest.MonkeyPatch) -> None:
    generator = np.random.default_rng(SEED)
    a = [(float(score), 4.0) for score in generator.uniform(1100, 1500, 120)]
    b = [(float(score), 6.0) for score in generator.uniform(1050, 1480, 80)]
    kept, _ = gap_of_maxima._prune(*vectors(a))
    assert 1 < len(kept) < len(a) / 2
    pruned = figures(gap(a, b))
    monkeypatch.setattr(gap_of_maxima, "PRUNE", 1e9)
    assert len(gap_of_maxima._prune(*vectors(a))[0]) == len(a)
    assert pruned == pytest.approx(figures(gap(a, b)), abs=1e-4)


@given(fields, fields)
@settings(deadline=None, max_examples=25)
def test_a_finer_grid_changes_nothing_visible(a: Field, b: Field) -> None:
    assert figures(gap(a, b))[:3] == pytest.approx(figures(gap(a, b, step=0.02))[:3], abs=0.01)


@pytest.mark.parametrize("ahead", [-23.16, -400.0, 23.16, 400.0])
def test_a_lead_beyond_doubt_is_a_probability_of_exactly_0_or_1(ahead: float) -> None:
    """A sum of cells that misses 1 by a rounding gave -2e-16, which no table takes."""
    found = gap([(1400 + ahead, 2.0)], [(1400, 2.0)])
    assert 0 <= found.probability_a_leads <= 1
    assert found.probability_a_leads == pytest.approx(float(ahead > 0), abs=1e-9)


def test_order_of_models_changes_nothing() -> None:
    """To the last bit: an incremental build may be handed the same models in another order than a whole one."""
    generator = np.random.default_rng(SEED)
    a, b = (
        [(1400.0 + place % 5, float(error)) for place, error in enumerate(generator.uniform(3, 9, 20))]
        for _ in range(2)
    )
    found = figures(gap(a, b))
    for _ in range(5):
        assert figures(gap(list(generator.permutation(a)), list(generator.permutation(b)))) == found

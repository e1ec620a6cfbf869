"""The gap of two maxima: the law that the intervals of schema 1 were, kept beside those of today.

Ratings are taken as independent normals (their covariance is not published). The top of a country
then has the CDF ``prod_i Phi((x - mu_i) / sigma_i)`` over its eligible models, and the gap's
distribution is the convolution of one top with the mirrored other. Both are evaluated exactly on a
grid: no random numbers. The distribution of a maximum is not centred on the observed gap, and the
interval need not contain it. As an interval of the two leaders' gap it covers too little: `bench/coverage.py`.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]

#: Grid step in points, finer where errors are small: quantiles are off by less than a hundredth of an error.
STEP = 0.25
#: How many standard errors either side of a rating the grid covers.
REACH = 6.0
#: A model whose rating plus this many standard errors stays below another's rating less as many
#: is the top with a probability under 4e-6 (1e-9 where the errors are alike) and is left out.
PRUNE = 4.5
#: The probabilities at the ends of the 95 % intervals, here and of the lag.
LOW, HIGH = 0.025, 0.975


@dataclass(frozen=True)
class GapDistribution:
    """Median, 2.5 % and 97.5 % points of the gap in points, and P(gap > 0)."""

    median: float
    low: float
    high: float
    probability_a_leads: float


#: Phi tabulated once from the error function, from −8 to 8 in steps of 1/500: interpolating in it is a hundred times
#: faster than calling erf a point at a time, and wrong by less than 1e-6. A cell is a line: start + slope · place.
_REACH, _CELLS = 8.0, 500
_TABLE = np.array(
    [0.5 * (1.0 + math.erf(place / _CELLS / math.sqrt(2.0))) for place in range(-8 * _CELLS, 8 * _CELLS + 1)]
)
_SLOPE = np.diff(_TABLE)
_START = _TABLE[:-1] - _SLOPE * np.arange(len(_SLOPE))


def phi(z: Vector) -> Vector:
    """Φ of each value, wrong by less than 1e-6."""
    return _phi_at(np.asarray((z + _REACH) * _CELLS))


def _phi_at(place: Vector) -> Vector:
    """Φ at each ``place`` of the table, whole or not; it takes the place of ``place``."""
    # Linear interpolation as in np.interp, but without its search: the cells of the table are equal.
    np.maximum(place, 0.0, out=place)
    np.minimum(place, len(_SLOPE), out=place)
    # Of the type that `take` asks for, which it would make of any other twice; the end is in the last cell.
    cell = place.astype(np.intp)
    place *= _SLOPE.take(cell, mode="clip")
    place += _START.take(cell, mode="clip")
    return place


def _prune(scores: Vector, errors: Vector) -> tuple[Vector, Vector]:
    """Drop models that cannot be the top: their reach ends below where another's begins. The others by score, then
    error, so that a product over them does not depend on their order.
    """
    reach = PRUNE * errors
    keep = scores + reach >= (scores - reach).max()
    scores, errors = scores[keep], errors[keep]
    order = np.lexsort((errors, scores))
    return scores[order], errors[order]


def _top_mass(scores: Vector, errors: Vector, step: float) -> tuple[float, Vector]:
    """The probability mass of the highest of several ratings on a grid: (first cell's centre, mass)."""
    # Below the lowest reach of the table no mass is left.
    reach = REACH * errors
    lowest = max((scores - reach).min(), (scores - _REACH * errors).max())
    first = math.floor(lowest / step) * step
    cells = math.ceil(((scores + reach).max() - first) / step) + 1
    edges = first + step * (np.arange(cells + 1) - 0.5)
    # In place: a model and an edge are a cell, and there are thousands.
    place = edges - scores[:, None]
    place *= (_CELLS / errors)[:, None]
    place += _REACH * _CELLS
    cdf = np.multiply.reduce(_phi_at(place))
    mass = cdf[1:] - cdf[:-1]
    mass /= mass.sum()
    return first, mass


def _step_for(errors: Vector) -> float:
    """A sixth of the smallest error."""
    return float(errors.min()) / 6


def _least(errors: Vector) -> float:
    """An error that is as good as none, beside ``errors``: one of 0 has no density on a grid."""
    return max(float(errors.max()) / 100, 1e-6)


def gap_distribution(
    a_scores: Vector, a_errors: Vector, b_scores: Vector, b_errors: Vector, step: float = STEP
) -> GapDistribution:
    """The distribution of (top of a) - (top of b); scores and standard errors in points, 1-D arrays."""
    least = _least(np.concatenate([a_errors, b_errors]))
    a_errors, b_errors = np.maximum(a_errors, least), np.maximum(b_errors, least)
    a_scores, a_errors = _prune(a_scores, a_errors)
    b_scores, b_errors = _prune(b_scores, b_errors)
    step = min(step, _step_for(np.concatenate([a_errors, b_errors])))
    a_first, a_mass = _top_mass(a_scores, a_errors, step)
    b_first, b_mass = _top_mass(b_scores, b_errors, step)
    size = len(a_mass) + len(b_mass) - 1
    length = 1 << (size - 1).bit_length()
    mass = np.fft.irfft(np.fft.rfft(a_mass, length) * np.fft.rfft(b_mass[::-1], length), length)[:size]
    np.maximum(mass, 0.0, out=mass)
    gaps = (a_first - b_first) + step * (np.arange(size) - (len(b_mass) - 1))
    cdf = np.concatenate([[0.0], np.cumsum(mass) / mass.sum()])
    edges = np.concatenate([gaps - step / 2, [gaps[-1] + step / 2]])
    low, median, high = np.interp([LOW, 0.5, HIGH], cdf, edges)
    # The sum of the cells may miss 1 by a rounding: a probability may not.
    leads = min(1.0, max(0.0, 1.0 - float(np.interp(0.0, edges, cdf))))
    return GapDistribution(float(median), float(low), float(high), leads)

"""Truths that could lie behind a published list of scores, to draw lists from them again.

Each function takes one country's scores and standard errors and returns true scores: one row for each list that is
to be drawn, one column for each model.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

Vector = NDArray[np.float64]
Matrix = NDArray[np.float64]
Truth = Callable[[Vector, Vector, int, np.random.Generator], Matrix]

#: Points between the clumps of `clumped`, about two standard errors of a leader.
CLUMP = 10.0
#: Points between the support points of the mixing distribution, and the standard deviation of its smoothing.
GRID, SMOOTHING = 0.5, 3.0


def published(scores: Vector, errors: Vector, lists: int, generator: np.random.Generator) -> Matrix:
    """The published scores themselves: farther apart than the truth is, since noise spreads them."""
    return np.tile(scores, (lists, 1))


def shrunken(scores: Vector, errors: Vector, lists: int, generator: np.random.Generator) -> Matrix:
    """Posterior means under a normal prior, whose mean and variance are estimated (Morris 1983)."""
    variance = float(np.var(scores))
    mean = float(np.mean(scores))
    for _ in range(100):
        weights = 1 / (variance + errors**2)
        mean = float(np.sum(weights * scores) / np.sum(weights))
        surplus = weights**2 * ((scores - mean) ** 2 - errors**2)
        variance = max(0.0, float(np.sum(surplus) / np.sum(weights**2)))
    kept = variance / (variance + errors**2)
    return np.tile(mean + kept * (scores - mean), (lists, 1))


def drawn(scores: Vector, errors: Vector, lists: int, generator: np.random.Generator) -> Matrix:
    """Draws from the posterior under the maximum-likelihood mixing distribution (Kiefer and Wolfowitz 1956), found
    by EM on a grid and smoothed: another truth for each list.
    """
    points = np.arange(scores.min() - 3 * errors.max(), scores.max() + 3 * errors.max(), GRID)
    likelihood = np.exp(-0.5 * ((scores[:, None] - points) / errors[:, None]) ** 2) / errors[:, None]
    prior = np.full(len(points), 1 / len(points))
    for _ in range(500):
        posterior = likelihood * prior
        prior = (posterior / posterior.sum(axis=1, keepdims=True)).mean(axis=0)
    kernel = np.exp(-0.5 * (np.arange(-4 * SMOOTHING, 4 * SMOOTHING + GRID, GRID) / SMOOTHING) ** 2)
    prior = np.convolve(prior, kernel / kernel.sum(), mode="same")
    posterior = likelihood * prior
    below = np.cumsum(posterior / posterior.sum(axis=1, keepdims=True), axis=1)
    places = [np.minimum(np.searchsorted(row, generator.random(lists)), len(points) - 1) for row in below]
    return np.column_stack([points[place] for place in places])


def clumped(scores: Vector, errors: Vector, lists: int, generator: np.random.Generator) -> Matrix:
    """Published scores moved to steps of `CLUMP` points below the first: several models are exactly tied."""
    top = scores.max()
    return np.tile(top - CLUMP * np.round((top - scores) / CLUMP), (lists, 1))


TRUTHS: dict[str, Truth] = {
    "published": published,
    "shrunken": shrunken,
    "drawn": drawn,
    "clumped": clumped,
}

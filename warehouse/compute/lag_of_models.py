"""How many months each model of one country is behind the first model of the other that did as well, or better.

A lag "behind the frontier" of a single model, as NIST's CAISI states it for DeepSeek V4 Pro, is `first_reached`.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from statistics import NormalDist

import numpy as np
import polars as pl

from warehouse.compute.gap_of_maxima import Vector, phi
from warehouse.compute.lag_matches import MODEL, Columns, columns
from warehouse.compute.lag_models import DAYS_PER_MONTH, EPOCH, Models
from warehouse.tables.domains import MODEL_READINGS

#: The probabilities at the ends of the 90 % interval.
LOW, HIGH = 0.05, 0.95
#: The true score of a model stands for itself at the middles of so many equally likely parts. Probabilities are off
#: by less than half a part.
PARTS = 100
_MIDDLES = np.array([NormalDist().inv_cdf((part + 0.5) / PARTS) for part in range(PARTS)])
#: Standard errors beyond which a score is never: Φ(−5) is 3e-7.
REACH = 5.0
#: As good as no error, to divide by.
_LEAST_ERROR = 1e-9
#: The columns of `model_lags`.
MODEL_LAGS: dict[str, pl.DataType] = {
    "reading": pl.String(),
    **{f"{side}_{name}": kind for side in "ba" for name, kind in MODEL.items()},
    "months": pl.Float64(),
    "open_months": pl.Float64(),
    "months_low": pl.Float64(),
    "months_high": pl.Float64(),
    "probability_reached": pl.Float64(),
}


def model_lags(a: Models, b: Models, vintage: date, tolerance: float) -> Columns:
    """Of each model of b, its day less that of the first model of a with score ≥ its score − τ (``first_reached``), and
    with score > its score + τ (``passed``): two rows a model of b.

    ``months`` is negative where a came later, and null where no model of a did it by the vintage's day; ``open_months``
    is then how long the model of b has stood. Of the models of one day the best counts.

    ``months_low``, ``months_high``: 5 % and 95 % points when all scores are independent normals with the published
    errors, ``probability_reached`` that any model of a listed did it. For a level x that b's model may truly have, no
    model of a up to a day reaches it with the probability ∏ Φ((x ∓ τ − a's score) / a's error); the mean of these over
    x is evaluated at the middles of `PARTS` equally likely parts: no random numbers. Null without errors, and an end
    that no model of a has reached yet is null.
    """
    end = vintage.toordinal() - EPOCH
    have_errors = a.has_errors()
    places, firsts, intervals = [], [], []
    for place in range(len(b)):
        score, error = float(b.score[place]), float(b.standard_error[place])
        reached = {"first_reached": a.score >= score - tolerance, "passed": a.score > score + tolerance}
        margins = {"first_reached": -tolerance, "passed": tolerance}
        drawn = (
            {margin: _interval(a, score + margin + error * _MIDDLES) for margin in set(margins.values())}
            if have_errors and not np.isnan(error)
            else {}
        )
        for reading in MODEL_READINGS:
            places.append(place)
            firsts.append(int(np.argmax(reached[reading])) if reached[reading].any() else None)
            intervals.append(drawn.get(margins[reading], (None, None, None)))
    days = [int(b.day[place]) for place in places]

    def behind(ends: Iterable[int | None]) -> list[float | None]:
        return [
            None if of_a is None else (day - of_a) / DAYS_PER_MONTH
            for day, of_a in zip(days, ends, strict=True)
        ]

    lows, highs, probabilities = zip(*intervals, strict=True) if intervals else ((), (), ())
    return {
        "reading": list(MODEL_READINGS) * len(b),
        **{f"b_{name}": values for name, values in columns(b, places).items()},
        **{f"a_{name}": values for name, values in columns(a, firsts).items()},
        "months": behind(None if first is None else int(a.day[first]) for first in firsts),
        "open_months": [
            (end - day) / DAYS_PER_MONTH if first is None else None
            for day, first in zip(days, firsts, strict=True)
        ],
        "months_low": behind(lows),
        "months_high": behind(highs),
        "probability_reached": probabilities,
    }


def _interval(a: Models, levels: Vector) -> tuple[int | None, int | None, float]:
    """The days of a at the `LOW` and the `HIGH` point of the lag behind one of equally likely ``levels`` (sorted), and
    the probability that any model of a reached it. The day at the low point is the later one.
    """
    reach = REACH * a.standard_error
    (places,) = (a.score + reach >= levels[0]).nonzero()
    is_certain = a.score[places] - reach[places] > levels[-1]
    places = places[: is_certain.argmax() + 1] if is_certain.any() else places
    deviation = (levels[:, None] - a.score[places]) / np.maximum(a.standard_error[places], _LEAST_ERROR)
    # Not reached by any model before each, and by any at all.
    missed = [1.0, *phi(deviation).cumprod(axis=1).mean(axis=0).tolist()]
    low, high = (
        None
        if missed[-1] >= share
        else int(a.day[places[max(place for place, one in enumerate(missed) if one >= share)]])
        for share in (LOW, HIGH)
    )
    # A product of rounded values may end a hair outside.
    return low, high, min(1.0, max(0.0, 1 - missed[-1]))

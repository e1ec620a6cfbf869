"""What the published errors make of the lag: scores drawn many times over, with intervals from the draws."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from warehouse.compute.gap_of_maxima import HIGH, LOW
from warehouse.compute.lag_matches import RECORDS_FROM, Columns, in_one_table, records_to_match
from warehouse.compute.lag_models import DAYS_PER_MONTH, Indices, Matrix, Models
from warehouse.compute.lag_readings import BOUNDED, Curve, readings
from warehouse.tables.domains import READINGS

DRAWS = 1000
SEED = 20_250_219
#: A model that needs more standard errors than this, taken from both sides, to set a record is not drawn.
RECORD_REACH = 5.0


@dataclass(frozen=True)
class LagIntervals:
    """Intervals of the lag from the published errors: 2.5 % and 97.5 % points over the draws."""

    #: ``reading, mean_low, mean_high, mean_at_least_low, mean_at_least_high``: of the means over days, without those
    #: that have only a bound and with them. Columns of rows.
    readings: Columns
    #: ``a_model_id, months_low, months_high, probability_matched``: of each record's point match. None is an open
    #: bound: in so many draws nothing matched the record by the vintage's day.
    matches: Columns


_MEANS = ("mean", "mean_at_least")
_READINGS = {
    "reading": pl.String(),
    **{f"{mean}_{end}": pl.Float64() for mean in _MEANS for end in ("low", "high")},
}
_MATCHES = {
    "a_model_id": pl.String(),
    "months_low": pl.Float64(),
    "months_high": pl.Float64(),
    "probability_matched": pl.Float64(),
}


def interval_tables(drawn: Sequence[LagIntervals | None]) -> tuple[pl.DataFrame, pl.DataFrame]:
    """The readings and the matches of all that are drawn, with the ``place`` of each in ``drawn``."""
    return (
        in_one_table([(place, one.readings) for place, one in enumerate(drawn) if one], _READINGS),
        in_one_table([(place, one.matches) for place, one in enumerate(drawn) if one], _MATCHES),
    )


def resampled(
    a: Models,
    b: Models,
    vintage: date,
    tolerance: float,
    records_from: date = RECORDS_FROM,
    drop_first: bool = False,
    draws: int = DRAWS,
    seed: int = SEED,
) -> LagIntervals | None:
    """Intervals from ``draws`` drawn sets of scores, every model a normal of its own around its score.

    None unless every model of both has a standard error (0: fixed by definition).
    The same seed gives the same figures. Each draw has records of its own for the readings; for the matches
    the records are those of the published scores, drawn along. Models too far below to set a record in any
    draw are left out, so one far below changes no draw.
    """
    if not (a.has_errors() and b.has_errors()):
        return None
    generator = np.random.default_rng(seed)
    a, b = a.take(_could_lead(a)), b.take(_could_lead(b))
    # One column a draw.
    a_scores, b_scores = (
        np.ascontiguousarray(
            (side.score + side.standard_error * generator.standard_normal((draws, len(side)))).T
        )
        for side in (a, b)
    )
    curves = Curve.of(a.day, a_scores), Curve.of(b.day, b_scores)
    spans = readings(*curves, vintage, tolerance)
    exact = np.stack([one.mean_months(with_bounds=False) for one in spans.values()])
    # Only one reading has bounds.
    bounded = np.stack(
        [
            one.mean_months(with_bounds=True) if reading == BOUNDED else mean
            for (reading, one), mean in zip(spans.items(), exact, strict=True)
        ]
    )
    ends = {
        f"{name}_{end}": points
        for name, found in zip(_MEANS, (exact, bounded), strict=True)
        for end, points in zip(("low", "high"), _points(found), strict=True)
    }
    to_match = set(records_to_match(a, records_from, drop_first).model_id)
    records = np.flatnonzero([model in to_match for model in a.model_id])
    first = curves[1].below(a_scores[records] - tolerance)
    months = (np.append(curves[1].day, np.inf)[first] - a.day[records, None]) / DAYS_PER_MONTH
    low, high = _points(months)
    matches = {
        "a_model_id": [a.model_id[record] for record in records],
        "months_low": low,
        "months_high": high,
        "probability_matched": np.isfinite(months).mean(axis=1).tolist(),
    }
    return LagIntervals({"reading": READINGS, **ends}, matches)


def _could_lead(models: Models) -> Indices:
    """Places of the models that can set a record in a draw: their upper reach is not below the lower reach of any
    model before them.
    """
    floor = np.maximum.accumulate(models.score - RECORD_REACH * models.standard_error)
    return np.flatnonzero(models.score + RECORD_REACH * models.standard_error >= floor)


def _points(values: Matrix) -> list[list[float | None]]:
    """At the `LOW` and the `HIGH` share the smallest value of each row that at least so many of it do not exceed; None
    if it is no number.
    """
    places = [max(math.ceil(share * values.shape[1]) - 1, 0) for share in (LOW, HIGH)]
    ordered = np.sort(values, axis=1)
    return [
        [point if math.isfinite(point) else None for point in ordered[:, place].tolist()] for place in places
    ]

"""How many months one country's models are behind another's, within one vintage of one board.

Terms are those of docs/method.md, for country a (the US by default) and country b (China): U(t), C(t) are the highest
scores among models of a and of b that are available by day t; R are the strictly record-setting models of a;
τ is the tolerance, in the board's unit. Three readings of day t:

* ``first_reached`` = t − min{ r.date : r.score ≥ C(t) − τ }. The record may come after t: then negative.
* ``last_matched`` = t − max{ r.date ≤ t : r.score ≤ C(t) + τ }. While b has matched no record of a yet, it is at
  least t − min{ r.date ≤ t }, the age of a's first record: a bound, marked as censored.
* ``passed`` = t − min{ r.date ≤ t : r.score > C(t) + τ }; without such a record −(t − min{ c.date : c.score >
  U(t) + τ }) where b is ahead, else 0.

A reading whose model does not exist is undefined: null, never 0, and in no mean. Means are taken without the bounds,
and with them as they stand, which is then a bound of the mean. Months have 30.4375 days.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from warehouse.compute.gap_of_maxima import Vector
from warehouse.compute.lag_models import DAYS_PER_MONTH, EPOCH, Days, Flags, Indices, Matrix, Models
from warehouse.tables.domains import READINGS

#: The reading that may be only a bound.
BOUNDED = "last_matched"


@dataclass(frozen=True)
class Curve:
    """Running maxima, one column for each draw: ``best[i]`` from ``day[i]`` on. ``record[i]`` is the day that value was
    first reached; its last row is NaN and means no model (place −1 or past the end).
    """

    day: Vector
    best: Matrix
    record: Matrix

    @classmethod
    def of(cls, day: Days, scores: Matrix) -> Curve:
        """``day`` sorted, ``scores`` one column a draw."""
        draws = scores.shape[1]
        none = np.full((1, draws), np.nan)
        if not len(day):
            return cls(np.empty(0), np.empty((0, draws)), none)
        distinct, first = np.unique(day, return_index=True)
        days = distinct.astype(np.float64)
        best = np.maximum.accumulate(np.maximum.reduceat(scores, first, axis=0), axis=0)
        is_new = np.ones_like(best, dtype=bool)
        is_new[1:] = best[1:] > best[:-1]
        since = np.maximum.accumulate(np.where(is_new, days[:, None], -np.inf), axis=0)
        return cls(days, best, np.concatenate([since, none]))

    def below(self, levels: Matrix) -> Indices:
        """How many days' best are < each level; the first that is not is a record, if there is one."""
        return _how_many((best < levels for best in self.best), len(self.best), levels)

    def up_to(self, levels: Matrix) -> Indices:
        """How many days' best are ≤ each level."""
        return _how_many((best <= levels for best in self.best), len(self.best), levels)

    def at(self, places: Indices) -> Matrix:
        """The record days at ``places``; NaN for no model."""
        return np.take_along_axis(self.record, places, axis=0)


def _how_many(holds: Iterable[Flags], most: int, levels: Matrix) -> Indices:
    """How many of ``holds``, of the shape of ``levels``, are true: counted in the smallest integers, which is fast."""
    count = np.zeros(levels.shape, np.min_scalar_type(most))
    for one in holds:
        count += one
    return count.astype(np.intp)


@dataclass(frozen=True)
class Spans:
    """One reading by spans of days in which it changes by a day a day: it is sign · (t − since).

    ``since``, ``sign``, ``is_bound``: one row a span, one column a draw; ``since`` is NaN where it is undefined.
    """

    first: Vector
    last: Vector
    since: Matrix
    sign: Matrix
    is_bound: Flags

    def mean_months(self, with_bounds: bool) -> Vector:
        """Mean over the days on which the reading is defined, one value a draw; NaN if there is none. Days that have
        only a bound are left out, or enter with it.
        """
        is_counted = ~np.isnan(self.since)
        if not with_bounds:
            is_counted &= ~self.is_bound
        days = self.last - self.first + 1
        lag = self.sign * (((self.first + self.last) / 2)[:, None] - self.since)
        counted = days @ is_counted.astype(np.float64)
        total = days @ np.where(is_counted, lag, 0.0)
        return np.asarray(np.where(counted > 0, total / (np.maximum(counted, 1) * DAYS_PER_MONTH), np.nan))


def readings(a: Curve, b: Curve, vintage: date, tolerance: float) -> dict[str, Spans]:
    """The three readings from the first model of b to the vintage's day; ``b`` has at least one day."""
    end = float(vintage.toordinal() - EPOCH)
    first = np.unique(np.concatenate([a.day, b.day]))
    first = first[first >= b.day[0]]
    last = np.append(first[1:] - 1, end)
    a_out = np.searchsorted(a.day, first, side="right")[:, None]
    b_out = np.searchsorted(b.day, first, side="right")
    passes = a.up_to(b.best + tolerance)[b_out - 1]
    one, no_bound = np.ones((1, 1)), np.zeros((1, 1), dtype=bool)

    # What b's best reaches, of whatever day, changes with b alone.
    reached = Spans(b.day, np.append(b.day[1:] - 1, end), a.at(a.below(b.best - tolerance)), one, no_bound)

    is_bound = (passes == 0) & (a_out > 0)
    matched = Spans(first, last, a.at(np.where(is_bound, 0, np.minimum(passes, a_out) - 1)), one, is_bound)

    # Before a's first model b is ahead since its own first.
    none = np.zeros((1, b.best.shape[1]), dtype=np.intp)
    overtakes = np.concatenate([b.up_to(a.best + tolerance), none])[a_out[:, 0] - 1]
    a_ahead, b_ahead = passes < a_out, overtakes < b_out[:, None]
    since = np.where(a_ahead, a.at(passes), np.where(b_ahead, b.at(overtakes), 0.0))
    passed = Spans(first, last, since, np.where(a_ahead, 1.0, np.where(b_ahead, -1.0, 0.0)), no_bound)
    return dict(zip(READINGS, (reached, matched, passed), strict=True))


def daily_lags(a: Models, b: Models, vintage: date, tolerance: float) -> pl.DataFrame:
    """The three readings of every day from b's first model to the vintage's day, in months.

    Columns ``day``, for each reading its months and ``<reading>_since``, the day of the model it counts from (of a;
    of b where ``passed`` is negative), and ``is_censored``: ``last_matched`` is only a bound. Null where undefined. No
    rows if b has no model.
    """
    schema = {"day": pl.Date(), **{name: pl.Float64() for name in READINGS}, "is_censored": pl.Boolean()}
    schema |= {f"{name}_since": pl.Date() for name in READINGS}
    if not len(b):
        return pl.DataFrame(schema=schema)
    found = readings(Curve.of(a.day, a.score[:, None]), Curve.of(b.day, b.score[:, None]), vintage, tolerance)
    days = np.arange(float(b.day[0]), vintage.toordinal() - EPOCH + 1)
    columns: dict[str, pl.Series] = {"day": _dates(days)}
    for reading, spans in found.items():
        span = np.searchsorted(spans.first, days, side="right") - 1
        since, sign = spans.since[span, 0], np.broadcast_to(spans.sign, spans.since.shape)[span, 0]
        # Adding 0 makes −0 of the day itself 0.
        lag = np.where(sign == 0, 0.0, sign * (days - since) / DAYS_PER_MONTH) + 0.0
        columns[reading] = pl.Series(lag).fill_nan(None)
        columns[f"{reading}_since"] = _dates(np.where(sign == 0, np.nan, since))
        if reading == BOUNDED:
            columns["is_censored"] = pl.Series(spans.is_bound[span, 0])
    return pl.DataFrame(columns, schema_overrides=schema).select(list(schema))


def month_ends(daily: pl.DataFrame, within: Sequence[str] = ()) -> pl.DataFrame:
    """``daily_lags`` on the last day of each month, and on the vintage's day for its month: one row a month
    and reading of each group ``within``. Columns ``month, day, reading, lag_months, is_censored, since`` after those
    of it.
    """
    month = pl.col("day").dt.truncate("1mo").alias("month")
    last = daily.group_by([*within, month], maintain_order=True).last()
    parts = [
        last.select(
            *within,
            "month",
            "day",
            pl.lit(reading).alias("reading"),
            pl.col(reading).alias("lag_months"),
            is_censored(pl.lit(reading)),
            pl.col(f"{reading}_since").alias("since"),
        )
        for reading in READINGS
    ]
    return pl.concat(parts).sort(*within, "month", "reading")


def is_censored(reading: pl.Expr) -> pl.Expr:
    """Whether a row of ``daily_lags`` has only a bound of ``reading``."""
    return (pl.col("is_censored") & (reading == BOUNDED)).alias("is_censored")


def over_days(daily: pl.DataFrame) -> pl.DataFrame:
    """Mean, largest and smallest of each reading over the days on which it is defined, and mean and largest over those
    on which it has only a bound as well.

    Columns ``reading, mean_months, max_months, min_months, mean_at_least, max_at_least, days, censored_days,
    undefined_days``.
    """
    bounded = [daily[reading] for reading in READINGS]
    lags = [
        daily.select(pl.col(reading).filter(~is_censored(pl.lit(reading)))).to_series()
        for reading in READINGS
    ]
    months = ("mean_months", "max_months", "min_months", "mean_at_least", "max_at_least")
    return pl.DataFrame(
        {
            "reading": READINGS,
            "mean_months": [lag.mean() for lag in lags],
            "max_months": [lag.max() for lag in lags],
            "min_months": [lag.min() for lag in lags],
            "mean_at_least": [lag.mean() for lag in bounded],
            "max_at_least": [lag.max() for lag in bounded],
            "days": [lag.count() for lag in lags],
            "censored_days": [daily.height - lag.len() for lag in lags],
            "undefined_days": [lag.null_count() for lag in bounded],
        },
        schema_overrides=dict.fromkeys(months, pl.Float64()),
    )


def _dates(days: Vector) -> pl.Series:
    return pl.Series(days).fill_nan(None).cast(pl.Int32()).cast(pl.Date())

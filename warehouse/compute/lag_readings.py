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
from itertools import pairwise

import numpy as np
import polars as pl
import polars.selectors as cs

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
        if not len(day):
            return cls(np.empty(0), np.empty((0, draws)), np.full((1, draws), np.nan))
        distinct, first = np.unique(day, return_index=True)
        days = distinct.astype(np.float64)
        best = np.empty((len(days), draws))
        record = np.full((len(days) + 1, draws), days[0])
        record[-1] = np.nan
        # A day at a time: `accumulate` and `reduceat` are slow along the first axis.
        for place, (start, end) in enumerate(pairwise([*first, len(day)])):
            np.maximum.reduce(scores[start:end], axis=0, out=best[place])
            if place:
                is_new = best[place] > best[place - 1]
                record[place] = np.where(is_new, days[place], record[place - 1])
                np.maximum(best[place], best[place - 1], out=best[place])
        return cls(days, best, record)

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


@dataclass(frozen=True)
class DailyLags:
    """The three readings of every day from b's first model to the vintage's day, in months; empty if b has no model.

    By reading its months and the day of the model it counts from (of a; of b where ``passed`` is negative), NaN where
    undefined; ``is_bound``: ``last_matched`` is only a bound.
    """

    day: Vector
    months: dict[str, Vector]
    since: dict[str, Vector]
    is_bound: Flags

    @classmethod
    def of(cls, a: Models, b: Models, vintage: date, tolerance: float) -> DailyLags:
        """Those of the published scores."""
        if not len(b):
            none = dict.fromkeys(READINGS, np.empty(0))
            return cls(np.empty(0), none, none, np.empty(0, dtype=bool))
        a_curve, b_curve = (Curve.of(side.day, side.score[:, None]) for side in (a, b))
        found = readings(a_curve, b_curve, vintage, tolerance)
        days = np.arange(float(b.day[0]), vintage.toordinal() - EPOCH + 1)
        months, since = {}, {}
        for reading, spans in found.items():
            span = np.searchsorted(spans.first, days, side="right") - 1
            counted_from = spans.since[span, 0]
            sign = np.broadcast_to(spans.sign, spans.since.shape)[span, 0]
            # Adding 0 makes −0 of the day itself 0.
            months[reading] = np.where(sign == 0, 0.0, sign * (days - counted_from) / DAYS_PER_MONTH) + 0.0
            since[reading] = np.where(sign == 0, np.nan, counted_from)
            if reading == BOUNDED:
                is_bound = spans.is_bound[span, 0]
        return cls(days, months, since, is_bound)

    def without_bounds(self, reading: str) -> Vector:
        """The months of the days that do not have only a bound of ``reading``."""
        return self.months[reading][~self.is_bound] if reading == BOUNDED else self.months[reading]


def daily_lags(found: Sequence[DailyLags]) -> pl.DataFrame:
    """The days of each of ``found`` (one at least) in turn.

    Columns ``day``, for each reading its months and ``<reading>_since``, ``is_censored`` (`DailyLags.is_bound`) and
    ``place``, which one of ``found``. Null where undefined.
    """
    together: dict[str, Vector] = {"day": np.concatenate([one.day for one in found])}
    for reading in READINGS:
        together[reading] = np.concatenate([one.months[reading] for one in found])
        together[f"{reading}_since"] = np.concatenate([one.since[reading] for one in found])
    rows = pl.DataFrame(together).fill_nan(None)
    return rows.with_columns(
        (cs.by_name("day") | cs.ends_with("_since")).cast(pl.Int32()).cast(pl.Date()),
        pl.Series("is_censored", np.concatenate([one.is_bound for one in found])),
        pl.Series(
            "place", np.repeat(np.arange(len(found), dtype=np.uint32), [len(one.day) for one in found])
        ),
    )


def month_ends(daily: pl.DataFrame, within: Sequence[str] = ()) -> pl.DataFrame:
    """Rows of `daily_lags` on the last day of each month, and on the vintage's day for its month: one row a month
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


def over_days(found: Sequence[DailyLags]) -> pl.DataFrame:
    """Mean, largest and smallest of each reading over the days on which it is defined, and mean and largest over those
    on which it has only a bound as well: a row a reading of each of ``found``, none of which is empty.

    Columns ``place, reading, mean_months, max_months, min_months, mean_at_least, max_at_least, days, censored_days,
    undefined_days``.
    """
    rows = []
    for place, days in enumerate(found):
        for reading in READINGS:
            every, exact = days.months[reading], days.without_bounds(reading)
            known, bounded = exact[~np.isnan(exact)], every[~np.isnan(every)]
            rows.append(
                (
                    place,
                    reading,
                    *((known.mean(), known.max(), known.min()) if len(known) else (None, None, None)),
                    *((bounded.mean(), bounded.max()) if len(bounded) else (None, None)),
                    len(known),
                    len(every) - len(exact),
                    len(every) - len(bounded),
                )
            )
    months = ("mean_months", "max_months", "min_months", "mean_at_least", "max_at_least")
    days_of = ("days", "censored_days", "undefined_days")
    schema = {
        "place": pl.UInt32(),
        "reading": pl.String(),
        **dict.fromkeys(months, pl.Float64()),
        **dict.fromkeys(days_of, pl.Int64()),
    }
    return pl.DataFrame(rows, schema=schema, orient="row")

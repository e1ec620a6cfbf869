"""How many months one country's models are behind another's, within one vintage of one board.

Terms are those of docs/method.md, for country a (the US by default) and country b (China): U(t), C(t) are the highest
scores among models of a and of b that are available by day t; R are the strictly record-setting models of a;
τ is the tolerance, in the board's unit. Three readings of day t:

* ``first_reached`` = t − min{ r.date : r.score ≥ C(t) − τ }. The record may come after t: then negative.
* ``last_matched`` = t − max{ r.date ≤ t : r.score ≤ C(t) + τ }.
* ``passed`` = t − min{ r.date ≤ t : r.score > C(t) + τ }; without such a record −(t − min{ c.date : c.score >
  U(t) + τ }) where b is ahead, else 0.

A reading without the model it asks for is undefined: null, never 0, and in no mean. Months are of 30.4375
days. Nothing here reads or writes a file.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from statistics import NormalDist

import numpy as np
import polars as pl
from numpy.typing import NDArray

from warehouse.compute.gap_intervals import Vector
from warehouse.tables.domains import READINGS

Matrix = NDArray[np.float64]
Indices = NDArray[np.intp]
Days = NDArray[np.int64]

DAYS_PER_MONTH = 30.4375
#: US records from this day on are asked for a match.
RECORDS_FROM = date(2023, 1, 1)
#: A pair matches by interval when P(b ≥ a) is at least this.
MATCH_PROBABILITY = 0.05
DRAWS = 1000
SEED = 20_250_219
#: A model that needs more standard errors than this, taken from both sides, to set a record is not drawn.
PRUNE = 5.0
_EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Models:
    """One country's models in one vintage, one entry a model identity, by day, then score (descending), then
    name, resellers' last. ``day`` counts from 1970-01-01; ``standard_error`` is NaN where none is published.
    """

    day: Days
    score: Vector
    standard_error: Vector
    name: tuple[str, ...]
    model_id: tuple[str, ...]
    #: How the day is known, as ``staging/lag_inputs.sql`` says.
    basis: tuple[str, ...]

    @classmethod
    def of(cls, listed: pl.DataFrame) -> Models:
        """Models of one vintage and country, as `distinct` has listed them."""
        return cls(
            listed["available_on"].to_physical().cast(pl.Int64()).to_numpy(),
            listed["score"].to_numpy(),
            listed["standard_error"].to_numpy(),
            tuple(listed["name"]),
            tuple(listed["model_id"]),
            tuple(listed["available_basis"]),
        )

    def __len__(self) -> int:
        return len(self.day)

    def take(self, places: Indices) -> Models:
        return Models(
            self.day[places],
            self.score[places],
            self.standard_error[places],
            tuple(self.name[place] for place in places),
            tuple(self.model_id[place] for place in places),
            tuple(self.basis[place] for place in places),
        )

    def records(self) -> Models:
        """The models that set a record, strictly; of one day only the best, of equals the first by name."""
        before = np.concatenate([[-np.inf], np.maximum.accumulate(self.score)[:-1]])[: len(self)]
        return self.take(np.flatnonzero(self.score > before))

    def has_errors(self) -> bool:
        """Is there a standard error for every model? One that is fixed by definition has 0."""
        return len(self) > 0 and not bool(np.isnan(self.standard_error).any())


def distinct(rows: pl.DataFrame, within: Sequence[str] = ()) -> pl.DataFrame:
    """One row a model identity in each group ``within``, in the order of `Models`.

    From ``vintage, available_on, available_basis, score, standard_error, name, model_id`` and ``within``, rows in
    any order. Rows without a score or a day are left out, as are days after the vintage: it cannot have known
    them. Several rows of one ``model_id`` (resellers, re-listings, renames) are one model: it is available from
    the earliest day, with the best score, and the error and name of the row with that score; of equal
    scores a name without a reseller's prefix (``fireworks/…``), then the first in the alphabet. Effort
    variants are identities of their own: each counts from its own day, with its own score.
    """
    is_resold = pl.col("name").str.contains("/")
    return (
        rows.select(
            *within,
            "vintage",
            pl.col("available_on").cast(pl.Date()),
            pl.col("available_basis").cast(pl.String()),
            pl.col("score").cast(pl.Float64()).fill_nan(None),
            pl.col("standard_error").cast(pl.Float64()).fill_null(math.nan),
            pl.col("name").cast(pl.String()),
            pl.col("model_id").cast(pl.String()),
        )
        .drop_nulls(["available_on", "score"])
        .filter(pl.col("available_on") <= pl.col("vintage"))
        .sort("score", is_resold, "name", descending=[True, False, False])
        .group_by([*within, "model_id"], maintain_order=True)
        .agg(
            pl.col("available_on").min(),
            pl.col("available_basis").get(pl.col("available_on").arg_min()),
            pl.col("score", "standard_error", "name").first(),
        )
        .sort("available_on", "score", is_resold, "name", descending=[False, True, False, False])
    )


@dataclass(frozen=True)
class _Curve:
    """Running maxima, one row a draw: ``best[:, i]`` from ``day[i]`` on. ``record[:, i]`` is the day that
    value was first reached; its last column, NaN, is what stands for no model (index −1 or past the end).
    """

    day: Vector
    best: Matrix
    record: Matrix

    @classmethod
    def of(cls, day: Days, scores: Matrix) -> _Curve:
        """``day`` sorted, ``scores`` one row a draw."""
        draws = scores.shape[0]
        if not len(day):
            return cls(np.empty(0), np.empty((draws, 0)), np.full((draws, 1), np.nan))
        days, first = np.unique(day, return_index=True)
        best = np.maximum.accumulate(np.maximum.reduceat(scores, first, axis=1), axis=1)
        is_new = np.ones_like(best, dtype=bool)
        is_new[:, 1:] = best[:, 1:] > best[:, :-1]
        since = np.maximum.accumulate(np.where(is_new, days.astype(np.float64), -np.inf), axis=1)
        return cls(
            days.astype(np.float64), best, np.concatenate([since, np.full((draws, 1), np.nan)], axis=1)
        )

    def below(self, levels: Matrix) -> Indices:
        """How many days' best are < each level; the first that is not is a record, if there is one."""
        return np.asarray(np.count_nonzero(self.best[:, :, None] < levels[:, None, :], axis=1))

    def up_to(self, levels: Matrix) -> Indices:
        """How many days' best are ≤ each level."""
        return np.asarray(np.count_nonzero(self.best[:, :, None] <= levels[:, None, :], axis=1))

    def at(self, places: Indices) -> Matrix:
        return np.take_along_axis(self.record, places, axis=1)


@dataclass(frozen=True)
class _Segments:
    """Spans of days in which nothing new comes out: there every reading is sign · (t − since)."""

    first: Vector
    last: Vector
    #: By reading: one row a draw, one column a span; NaN where undefined.
    since: dict[str, Matrix]
    sign: dict[str, Matrix]

    def mean_months(self, reading: str) -> Vector:
        """Mean over the days on which the reading is defined, one value a draw; NaN if there is none."""
        since, sign = self.since[reading], self.sign[reading]
        days = self.last - self.first + 1
        lag = sign * ((self.first + self.last) / 2 - since)
        defined = np.where(np.isnan(lag), 0.0, days)
        counted = defined.sum(axis=1)
        total = np.where(np.isnan(lag), 0.0, lag * days).sum(axis=1)
        return np.asarray(np.where(counted > 0, total / (np.maximum(counted, 1) * DAYS_PER_MONTH), np.nan))


def _segments(a: _Curve, b: _Curve, vintage: date, tolerance: float) -> _Segments:
    """The three readings from the first model of b to the vintage's day; ``b`` has at least one day."""
    end = float(vintage.toordinal() - _EPOCH)
    first = np.unique(np.concatenate([a.day, b.day]))
    first = first[first >= b.day[0]]
    last = np.append(first[1:] - 1, end)
    a_out = np.searchsorted(a.day, first, side="right")
    b_out = np.searchsorted(b.day, first, side="right")
    ceiling = b.best + tolerance
    passes = a.up_to(ceiling)[:, b_out - 1]

    first_reached = a.at(a.below(b.best - tolerance)[:, b_out - 1])
    last_matched = a.at(np.minimum(passes, a_out[None, :]) - 1)
    # Before a's first model b is ahead since its own first.
    none = np.zeros((a.best.shape[0], 1), dtype=np.intp)
    overtakes = np.concatenate([b.up_to(a.best + tolerance), none], axis=1)[:, a_out - 1]
    a_ahead, b_ahead = passes < a_out, overtakes < b_out
    passed = np.where(a_ahead, a.at(passes), np.where(b_ahead, b.at(overtakes), 0.0))
    sign = np.where(a_ahead, 1.0, np.where(b_ahead, -1.0, 0.0))
    one = np.ones_like(sign)
    return _Segments(
        first,
        last,
        dict(zip(READINGS, (first_reached, last_matched, passed), strict=True)),
        dict(zip(READINGS, (one, one, sign), strict=True)),
    )


def daily_lags(a: Models, b: Models, vintage: date, tolerance: float) -> pl.DataFrame:
    """The three readings of every day from b's first model to the vintage's day, in months.

    Columns ``day``, and for each reading its months and ``<reading>_since``: the day of the model it counts
    from (of a; of b where ``passed`` is negative). Null where undefined. No rows if b has no model.
    """
    schema = {"day": pl.Date(), **{name: pl.Float64() for name in READINGS}}
    schema |= {f"{name}_since": pl.Date() for name in READINGS}
    if not len(b):
        return pl.DataFrame(schema=schema)
    spans = _segments(
        _Curve.of(a.day, a.score[None, :]), _Curve.of(b.day, b.score[None, :]), vintage, tolerance
    )
    days = np.arange(spans.first[0], spans.last[-1] + 1)
    span = np.searchsorted(spans.first, days, side="right") - 1
    columns: dict[str, pl.Series] = {"day": _dates(days)}
    for reading in READINGS:
        since, sign = spans.since[reading][0, span], spans.sign[reading][0, span]
        # Adding 0 makes −0 of the day itself 0.
        lag = np.where(sign == 0, 0.0, sign * (days - since) / DAYS_PER_MONTH) + 0.0
        columns[reading] = pl.Series(lag).fill_nan(None)
        columns[f"{reading}_since"] = _dates(np.where(sign == 0, np.nan, since))
    return pl.DataFrame(columns, schema=schema)


def month_ends(daily: pl.DataFrame, within: Sequence[str] = ()) -> pl.DataFrame:
    """``daily_lags`` on the last day of each month, and on the vintage's day for its month: one row a month
    and reading of each group ``within``. Columns ``month, day, reading, lag_months, since`` after those of it.
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
            pl.col(f"{reading}_since").alias("since"),
        )
        for reading in READINGS
    ]
    return pl.concat(parts).sort(*within, "month", "reading")


def over_days(daily: pl.DataFrame) -> pl.DataFrame:
    """Mean, largest and smallest of each reading over the days on which it is defined.

    Columns ``reading, mean_months, max_months, min_months, days, undefined_days``.
    """
    lags = [daily[reading] for reading in READINGS]
    return pl.DataFrame(
        {
            "reading": READINGS,
            "mean_months": [lag.mean() for lag in lags],
            "max_months": [lag.max() for lag in lags],
            "min_months": [lag.min() for lag in lags],
            "days": [lag.count() for lag in lags],
            "undefined_days": [lag.null_count() for lag in lags],
        },
        schema_overrides=dict.fromkeys(("mean_months", "max_months", "min_months"), pl.Float64()),
    )


def record_matches(
    a: Models,
    b: Models,
    vintage: date,
    tolerance: float,
    records_from: date = RECORDS_FROM,
    drop_first: bool = False,
    probability: float = MATCH_PROBABILITY,
) -> pl.DataFrame:
    """Each record of a since ``records_from`` with the first model of b that matches it, one row a record
    and rule. Records are taken over all of a's models first, so the first since then need not be a's first.

    ``point``: score ≥ record − τ. ``interval``: P(b's model ≥ the record) ≥ ``probability``, ratings as
    independent normals; a pair without both standard errors cannot be judged, and a record for which no pair
    can be has no such row, which is not the same as an open one. Of the models of one day the best counts.

    ``months`` is b's day less a's: negative where b stood there (within τ, or within the errors) before a set
    the record, which the daily readings keep as well. Unmatched records stay, ``months`` null, ``open_months``
    their age on the vintage's day. ``drop_first`` leaves out a's first model of all, a record only because
    nothing came before it.
    """
    schema = {
        "match_rule": pl.String(),
        **{f"a_{name}": kind for name, kind in _MODEL.items()},
        **{f"b_{name}": kind for name, kind in _MODEL.items()},
        "months": pl.Float64(),
        "open_months": pl.Float64(),
    }
    records = _asked(a, records_from, drop_first)
    places = np.arange(len(b))
    variance = records.standard_error[:, None] ** 2 + b.standard_error[None, :] ** 2
    lead = b.score[None, :] - records.score[:, None]
    # P(b ≥ a) = Φ(lead / √variance), so P ≥ p means lead ≥ Φ⁻¹(p) · √variance.
    rules = {
        "point": (lead >= -tolerance, np.ones(len(records), dtype=bool)),
        "interval": (lead >= _quantile(probability) * np.sqrt(variance), ~np.isnan(variance).all(axis=1)),
    }
    end = vintage.toordinal() - _EPOCH
    rows = []
    for rule, (matches, judged) in rules.items():
        first = np.min(np.where(matches, places, len(b)), axis=1, initial=len(b))
        for record in np.flatnonzero(judged):
            match = int(first[record]) if first[record] < len(b) else None
            age = int(records.day[record])
            rows.append(
                {
                    "match_rule": rule,
                    **{f"a_{name}": value for name, value in _described(records, int(record)).items()},
                    **{f"b_{name}": value for name, value in _described(b, match).items()},
                    "months": None if match is None else (int(b.day[match]) - age) / DAYS_PER_MONTH,
                    "open_months": (end - age) / DAYS_PER_MONTH if match is None else None,
                }
            )
    return pl.DataFrame(rows, schema=schema)


def kaplan_meier_median(months: Sequence[float | None], open_months: Sequence[float | None]) -> float | None:
    """The median time to a match with open records as censored: the first time at which the product-limit
    estimate S(t) = ∏ over times ≤ t of (1 − matched / at risk) is 0.5 or less; None if it never is.

    E. L. Kaplan, P. Meier, Nonparametric Estimation from Incomplete Observations, JASA 53 (1958) 457–481. A
    record open at the very time of a match counts as at risk. Negative times are times like any other.
    """
    matched = np.array([time for time in months if time is not None], dtype=np.float64)
    censored = np.array([time for time in open_months if time is not None], dtype=np.float64)
    times, events = np.unique(matched, return_counts=True)
    at_risk = np.array([np.sum(matched >= time) + np.sum(censored >= time) for time in times])
    # Floating products of (1 − 1/n) may end a hair above one half.
    reached = np.flatnonzero(np.cumprod(1 - events / np.maximum(at_risk, 1)) <= 0.5 + 1e-12)
    return float(times[reached[0]]) if len(reached) else None


@dataclass(frozen=True)
class LagIntervals:
    """What the published errors make of the lag: 2.5 % and 97.5 % points over the draws."""

    #: ``reading, mean_low, mean_high``: of the mean over days.
    readings: pl.DataFrame
    #: ``a_model_id, months_low, months_high, probability_matched``: of each record's point match. A null
    #: bound is an open one: in so many draws nothing matched the record by the vintage's day.
    matches: pl.DataFrame


_READINGS = {"reading": pl.String(), "mean_low": pl.Float64(), "mean_high": pl.Float64()}
_MATCHES = {
    "a_model_id": pl.String(),
    "months_low": pl.Float64(),
    "months_high": pl.Float64(),
    "probability_matched": pl.Float64(),
}
#: Of a vintage that cannot be drawn.
UNDRAWN = LagIntervals(pl.DataFrame(schema=_READINGS), pl.DataFrame(schema=_MATCHES))


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

    None unless every model of both has a standard error (0: fixed by definition): an error is never made up.
    The same seed gives the same figures. Each draw has records of its own for the readings; for the matches
    the records are those of the published scores, drawn along. Models too far below to set a record in any
    draw are left out, so one far below changes no draw.
    """
    if not (a.has_errors() and b.has_errors()):
        return None
    generator = np.random.default_rng(seed)
    a, b = a.take(_could_lead(a)), b.take(_could_lead(b))
    a_scores, b_scores = (
        side.score + side.standard_error * generator.standard_normal((draws, len(side))) for side in (a, b)
    )
    spans = _segments(_Curve.of(a.day, a_scores), _Curve.of(b.day, b_scores), vintage, tolerance)
    means = {reading: spans.mean_months(reading) for reading in READINGS}
    readings = pl.DataFrame(
        {
            "reading": READINGS,
            "mean_low": [_point(means[reading], 0.025) for reading in READINGS],
            "mean_high": [_point(means[reading], 0.975) for reading in READINGS],
        },
        schema=_READINGS,
    )
    rows = []
    asked = set(_asked(a, records_from, drop_first).model_id)
    days = np.append(b.day.astype(np.float64), np.inf)
    for record in np.flatnonzero([model in asked for model in a.model_id]):
        matches = b_scores >= a_scores[:, [record]] - tolerance
        first = np.where(matches.any(axis=1), np.argmax(matches, axis=1), len(b))
        months = (days[first] - a.day[record]) / DAYS_PER_MONTH
        rows.append(
            {
                "a_model_id": a.model_id[record],
                "months_low": _point(months, 0.025),
                "months_high": _point(months, 0.975),
                "probability_matched": float(np.mean(first < len(b))),
            }
        )
    return LagIntervals(readings, pl.DataFrame(rows, schema=_MATCHES))


def threshold_lag(a: Models, b: Models, vintage: date, thresholds: Sequence[float]) -> pl.DataFrame:
    """For each threshold that either country has crossed, the first model of each to score it or more.

    ``months`` is b's day less a's, negative where b was first. Where only one has crossed it is null, and
    ``open_months`` is how long that one stood alone on the vintage's day. Of the models of one day the best
    counts. ``state``: both, a_only or b_only.
    """
    end = vintage.toordinal() - _EPOCH
    rows = []
    for threshold in thresholds:
        found = [np.flatnonzero(side.score >= threshold) for side in (a, b)]
        places = [int(places[0]) if len(places) else None for places in found]
        days = [
            None if place is None else int(side.day[place])
            for side, place in zip((a, b), places, strict=True)
        ]
        alone = [day for day in days if day is not None]
        if not alone:
            continue
        rows.append(
            {
                "threshold": float(threshold),
                "state": "both" if len(alone) == 2 else "a_only" if days[0] is not None else "b_only",
                **{f"a_{name}": value for name, value in _described(a, places[0]).items()},
                **{f"b_{name}": value for name, value in _described(b, places[1]).items()},
                "months": (alone[1] - alone[0]) / DAYS_PER_MONTH if len(alone) == 2 else None,
                "open_months": None if len(alone) == 2 else (end - alone[0]) / DAYS_PER_MONTH,
            }
        )
    schema = {
        "threshold": pl.Float64(),
        "state": pl.String(),
        **{f"a_{name}": kind for name, kind in _MODEL.items()},
        **{f"b_{name}": kind for name, kind in _MODEL.items()},
        "months": pl.Float64(),
        "open_months": pl.Float64(),
    }
    return pl.DataFrame(rows, schema=schema)


_MODEL: dict[str, pl.DataType] = {
    "model": pl.String(),
    "model_id": pl.String(),
    "available_on": pl.Date(),
    "available_basis": pl.String(),
    "score": pl.Float64(),
}


def _described(models: Models, place: int | None) -> dict[str, object]:
    if place is None:
        return dict.fromkeys(_MODEL)
    return {
        "model": models.name[place],
        "model_id": models.model_id[place],
        "available_on": date.fromordinal(int(models.day[place]) + _EPOCH),
        "available_basis": models.basis[place],
        "score": float(models.score[place]),
    }


def _asked(a: Models, records_from: date, drop_first: bool) -> Models:
    """The records that are asked for a match."""
    records = a.records()
    kept = records.day >= records_from.toordinal() - _EPOCH
    if drop_first:
        kept[:1] = False
    return records.take(np.flatnonzero(kept))


def _could_lead(models: Models) -> Indices:
    """Places of the models that can set a record in a draw: their reach is above what the lower reach of
    the models before them has set.
    """
    floor = np.maximum.accumulate(models.score - PRUNE * models.standard_error)
    return np.flatnonzero(models.score + PRUNE * models.standard_error >= floor)


def _quantile(probability: float) -> float:
    """Φ⁻¹."""
    return NormalDist().inv_cdf(probability)


def _point(values: Vector, share: float) -> float | None:
    """The smallest value that at least ``share`` of the values do not exceed; None if it is no number."""
    found = float(np.sort(values)[max(math.ceil(share * len(values)) - 1, 0)])
    return found if math.isfinite(found) else None


def _dates(days: Vector) -> pl.Series:
    return pl.Series(days).fill_nan(None).cast(pl.Int32()).cast(pl.Date())

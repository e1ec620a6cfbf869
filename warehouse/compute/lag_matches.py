"""The time until the other country's first model matched a record, or reached the same level of the scale."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from statistics import NormalDist

import numpy as np
import polars as pl

from warehouse.compute.lag_models import DAYS_PER_MONTH, EPOCH, Models

#: First day of the records for which a match is sought.
RECORDS_FROM = date(2023, 1, 1)
#: A pair matches by interval when P(b ≥ a) is at least this.
MATCH_PROBABILITY = 0.05
_MODEL: dict[str, pl.DataType] = {
    "model": pl.String(),
    "model_id": pl.String(),
    "available_on": pl.Date(),
    "available_basis": pl.String(),
    "score": pl.Float64(),
}


def record_matches(
    a: Models,
    b: Models,
    vintage: date,
    tolerance: float,
    records_from: date = RECORDS_FROM,
    drop_first: bool = False,
    probability: float = MATCH_PROBABILITY,
) -> pl.DataFrame:
    """Each record of a since ``records_from`` with the first model of b that matches it: one row for each record
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
    records = records_to_match(a, records_from, drop_first)
    places = np.arange(len(b))
    variance = records.standard_error[:, None] ** 2 + b.standard_error[None, :] ** 2
    lead = b.score[None, :] - records.score[:, None]
    # P(b ≥ a) = Φ(lead / √variance), so P ≥ p means lead ≥ Φ⁻¹(p) · √variance.
    rules = {
        "point": (lead >= -tolerance, np.ones(len(records), dtype=bool)),
        "interval": (lead >= _quantile(probability) * np.sqrt(variance), ~np.isnan(variance).all(axis=1)),
    }
    end = vintage.toordinal() - EPOCH
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


def threshold_lag(a: Models, b: Models, vintage: date, thresholds: Sequence[float]) -> pl.DataFrame:
    """For each threshold that either country has crossed, the first model of each to score it or more.

    ``months`` is b's day less a's, negative where b was first. Where only one has crossed it is null, and
    ``open_months`` is how long that one stood alone on the vintage's day. Of the models of one day the best
    counts. ``state``: both, a_only or b_only.
    """
    end = vintage.toordinal() - EPOCH
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


def records_to_match(a: Models, records_from: date, drop_first: bool) -> Models:
    """The records of a since ``records_from``, without a's first model if ``drop_first``."""
    records = a.records()
    kept = records.day >= records_from.toordinal() - EPOCH
    if drop_first:
        kept[:1] = False
    return records.take(np.flatnonzero(kept))


def _described(models: Models, place: int | None) -> dict[str, object]:
    if place is None:
        return dict.fromkeys(_MODEL)
    return {
        "model": models.name[place],
        "model_id": models.model_id[place],
        "available_on": date.fromordinal(int(models.day[place]) + EPOCH),
        "available_basis": models.basis[place],
        "score": float(models.score[place]),
    }


def _quantile(probability: float) -> float:
    """Φ⁻¹."""
    return NormalDist().inv_cdf(probability)

"""The time until the other country's first model matched a record, or reached the same level of the scale."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from datetime import date
from statistics import NormalDist
from typing import Any

import numpy as np
import polars as pl

from warehouse.compute.lag_models import DAYS_PER_MONTH, EPOCH, Flags, Models

#: First day of the records for which a match is sought.
RECORDS_FROM = date(2023, 1, 1)
#: A model of b is not excluded from standing at a record when P(b ≥ a) is at least this.
MATCH_PROBABILITY = 0.05
#: What is said of a model, in this order.
MODEL: dict[str, pl.DataType] = {
    "model": pl.String(),
    "model_id": pl.String(),
    "available_on": pl.Date(),
    "available_basis": pl.String(),
    "score": pl.Float64(),
}
#: A row of `record_matches`.
RECORD_MATCHES: dict[str, pl.DataType] = {
    **{f"{side}_{name}": kind for side in "ab" for name, kind in MODEL.items()},
    "months": pl.Float64(),
    "open_months": pl.Float64(),
    "not_excluded": pl.String(),
    "b_not_excluded_model": pl.String(),
    "b_not_excluded_from": pl.Date(),
}
#: A row of `threshold_lag`.
THRESHOLD_LAG: dict[str, pl.DataType] = {
    "threshold": pl.Float64(),
    "state": pl.String(),
    **{f"{side}_{name}": kind for side in "ab" for name, kind in MODEL.items()},
    "a_is_left_censored": pl.Boolean(),
    "b_is_left_censored": pl.Boolean(),
    "months": pl.Float64(),
    "open_months": pl.Float64(),
}

Row = dict[str, Any]
Columns = Mapping[str, Sequence[object]]


def record_matches(
    a: Models,
    b: Models,
    vintage: date,
    tolerance: float,
    records_from: date = RECORDS_FROM,
    drop_first: bool = False,
    probability: float = MATCH_PROBABILITY,
) -> list[Row]:
    """Each record of a since ``records_from`` with the first model of b that matches it, score ≥ record − τ. Records
    are taken over all of a's models first, so the first since then need not be a's first. Of the models of one day
    the best counts.

    ``months`` is b's day less a's: negative where b stood there (within τ) before a set the record, which the daily
    readings keep as well. Unmatched records stay, ``months`` null, ``open_months`` their age on the vintage's day.
    ``drop_first`` leaves out a's first model of all, a record only because nothing came before it.

    ``b_not_excluded_…``: the first model of b of which P(b's model ≥ the record) ≥ ``probability``, ratings as
    independent normals. ``not_excluded`` says if there is one; ``no_errors`` if no pair has both standard errors. This
    is no estimate of when the record was matched: the larger the errors, the earlier it is.
    """
    records = records_to_match(a, records_from, drop_first)
    variance = records.standard_error[:, None] ** 2 + b.standard_error[None, :] ** 2
    lead = b.score[None, :] - records.score[:, None]
    matched = _first(lead >= -tolerance)
    # P(b ≥ a) = Φ(lead / √variance), so P ≥ p means lead ≥ Φ⁻¹(p) · √variance.
    near = _first(lead >= NormalDist().inv_cdf(probability) * np.sqrt(variance))
    can_be_judged = [bool(pairs.any()) for pairs in np.isfinite(variance)]
    end = vintage.toordinal() - EPOCH
    rows = []
    for record, (match, other) in enumerate(zip(matched, near, strict=True)):
        age = int(records.day[record])
        possible = described(b, other)
        rows.append(
            {
                **{f"a_{name}": value for name, value in described(records, record).items()},
                **{f"b_{name}": value for name, value in described(b, match).items()},
                "months": None if match is None else (int(b.day[match]) - age) / DAYS_PER_MONTH,
                "open_months": (end - age) / DAYS_PER_MONTH if match is None else None,
                "not_excluded": "no_errors"
                if not can_be_judged[record]
                else "none"
                if other is None
                else "found",
                "b_not_excluded_model": possible["model"],
                "b_not_excluded_from": possible["available_on"],
            }
        )
    return rows


def threshold_lag(
    a: Models, b: Models, vintage: date, thresholds: Sequence[float], first_day: date
) -> list[Row]:
    """For each threshold that either country has crossed, the first model of each to score it or more.

    ``months`` is b's day less a's, negative where b was first. Where only one has crossed it is null, and
    ``open_months`` is how long that one stood alone on the vintage's day. Of the models of one day the best
    counts. ``state``: both, a_only or b_only.

    A model of ``first_day``, the first of the list, was there from the start: its country may have crossed before, so
    it is left-censored. Where both are, ``months`` is null.
    """
    end, start = vintage.toordinal() - EPOCH, first_day.toordinal() - EPOCH
    rows = []
    for threshold in thresholds:
        places = _first(side.score >= threshold for side in (a, b))
        days = [
            None if place is None else int(side.day[place])
            for side, place in zip((a, b), places, strict=True)
        ]
        alone = [day for day in days if day is not None]
        if not alone:
            continue
        is_known = len(alone) == 2 and alone != [start, start]
        rows.append(
            {
                "threshold": float(threshold),
                "state": "both" if len(alone) == 2 else "a_only" if days[0] is not None else "b_only",
                **{f"a_{name}": value for name, value in described(a, places[0]).items()},
                **{f"b_{name}": value for name, value in described(b, places[1]).items()},
                **{f"{side}_is_left_censored": day == start for side, day in zip("ab", days, strict=True)},
                "months": (alone[1] - alone[0]) / DAYS_PER_MONTH if is_known else None,
                "open_months": None if len(alone) == 2 else (end - alone[0]) / DAYS_PER_MONTH,
            }
        )
    return rows


def records_to_match(a: Models, records_from: date, drop_first: bool) -> Models:
    """The records of a since ``records_from``, without a's first model if ``drop_first``."""
    records = a.records()
    kept = records.day >= records_from.toordinal() - EPOCH
    if drop_first:
        kept[:1] = False
    return records.take(np.flatnonzero(kept))


def described(models: Models, place: int | None) -> Row:
    """The model at ``place`` by the names of `MODEL`; all null for none."""
    if place is None:
        return dict.fromkeys(MODEL)
    return {
        "model": models.name[place],
        "model_id": models.model_id[place],
        "available_on": date.fromordinal(int(models.day[place]) + EPOCH),
        "available_basis": models.basis[place],
        "score": float(models.score[place]),
    }


def columns(models: Models, places: Sequence[int | None]) -> dict[str, Sequence[object]]:
    """`described` of each of ``places``, by column."""

    def of(values: Sequence[object]) -> list[object]:
        return [None if place is None else values[place] for place in places]

    return {
        "model": of(models.name),
        "model_id": of(models.model_id),
        "available_on": of([date.fromordinal(day + EPOCH) for day in models.day.tolist()]),
        "available_basis": of(models.basis),
        "score": of(models.score.tolist()),
    }


def in_one_table(parts: Sequence[tuple[int, Columns]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """All rows of ``parts``, with the ``place`` that stands beside each.

    One frame: a hundred small ones take longer than what is in them.
    """
    rows = {name: [value for _, part in parts for value in part[name]] for name in schema}
    heights = [(place, len(next(iter(part.values())))) for place, part in parts]
    places = [place for place, height in heights for _ in range(height)]
    return pl.DataFrame({"place": places, **rows}, schema={"place": pl.UInt32(), **schema})


def _first(holds: Iterable[Flags]) -> list[int | None]:
    """For each row the first place at which it holds."""
    return [int(row.argmax()) if row.any() else None for row in holds]

"""The models of one country in one vintage, the input of every reading of the lag."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from itertools import pairwise

import numpy as np
import polars as pl
from numpy.typing import NDArray

from warehouse.compute.gap_of_maxima import Vector

Matrix = NDArray[np.float64]
Indices = NDArray[np.intp]
Days = NDArray[np.int64]
Flags = NDArray[np.bool_]
DAYS_PER_MONTH = 30.4375
EPOCH = date(1970, 1, 1).toordinal()


@dataclass(frozen=True)
class Models:
    """One country's models in one vintage, one entry for each identity, sorted by day, score (descending) and name
    (resellers' last). ``day`` counts from 1970-01-01; ``standard_error`` is NaN where none is published.
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
        """The models of one vintage and country, from rows of `distinct`."""
        return cls.each(listed, [0, listed.height])[0]

    @classmethod
    def each(cls, listed: pl.DataFrame, ends: Sequence[int]) -> list[Models]:
        """Those of consecutive parts of ``listed``, from each of ``ends`` to the next."""
        days = listed["available_on"].to_physical().cast(pl.Int64()).to_numpy()
        scores, errors = (listed[name].to_numpy() for name in ("score", "standard_error"))
        names, ids, bases = (
            tuple(listed[name].to_list()) for name in ("name", "model_id", "available_basis")
        )
        parts = (slice(*one) for one in pairwise(ends))
        return [
            cls(days[part], scores[part], errors[part], names[part], ids[part], bases[part]) for part in parts
        ]

    def __len__(self) -> int:
        return len(self.day)

    def take(self, places: Indices) -> Models:
        """The models at ``places``."""
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
    """One row for each model identity in each group ``within``, in the order of `Models`.

    From ``vintage, available_on, available_basis, score, standard_error, name, model_id`` and ``within``, rows in
    any order. Rows without a score or a day are left out, and those of days after the vintage. Several rows of one
    ``model_id`` (resellers, re-listings, renames) are one model: it is available from the earliest day, with the best
    score, and the error and name of the row with that score; of equal scores a name without a reseller's prefix
    (``fireworks/…``), then the first in the alphabet. Effort variants are identities of their own: each counts from
    its own day, with its own score.
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

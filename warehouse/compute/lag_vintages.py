"""The vintages that the lag tables are computed from, and rows of all of them in the columns of a table."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import polars as pl

from warehouse.compute import lag_models, lag_readings, lag_resampling
from warehouse.tables import table

#: Levels by the board's unit.
THRESHOLDS: Mapping[str, Sequence[float]] = {
    "elo": range(1000, 1601, 50),
    "index": range(100, 166, 5),
    "minutes": (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 960),
    "percent": (10, 20, 30, 40, 50, 60, 70, 80, 90, 95),
}
#: Beginning of the boards with a daily lag, in addition to those of kind index.
BY_DAY = "arena_"
#: The columns that name a vintage, in the inputs and in the tables.
SERIES = ("board", "variant", "category", "vintage", "snapshot_id")
#: What else is the same in all rows of a vintage.
FACTS = ("kind", "unit", "chance", "starts_on", "tolerance")


@dataclass(frozen=True)
class Vintage:
    """One category of one snapshot, with the models of both countries."""

    board: str
    kind: str
    unit: str
    variant: str
    category: str
    vintage: date
    snapshot_id: str
    #: What guessing scores, if that is a score.
    chance: float | None
    #: The first day of any model listed.
    starts_on: date
    tolerance: float
    a: lag_models.Models
    b: lag_models.Models

    @property
    def has_lag(self) -> bool:
        """Is the board followed day by day, and has each country a model?"""
        is_followed = self.kind == "index" or self.board.startswith(BY_DAY)
        return is_followed and len(self.a) > 0 and len(self.b) > 0

    @property
    def series(self) -> tuple[str, ...]:
        """What it is a vintage of."""
        return self.board, self.variant, self.category

    @property
    def thresholds(self) -> Sequence[float]:
        """The levels of the board's unit that guessing does not reach."""
        return [
            level for level in THRESHOLDS.get(self.unit, ()) if self.chance is None or level > self.chance
        ]

    def days(self) -> lag_readings.DailyLags:
        """The readings of every day."""
        return lag_readings.DailyLags.of(self.a, self.b, self.vintage, self.tolerance)

    def resampled(self, draws: int, seed: int) -> lag_resampling.LagIntervals | None:
        """See `lag_resampling.resampled`."""
        return lag_resampling.resampled(self.a, self.b, self.vintage, self.tolerance, draws=draws, seed=seed)


def vintages(inputs: pl.DataFrame) -> list[Vintage]:
    """Every vintage with a model of either country, in the order of ``inputs``."""
    keys = ["snapshot_id", "category", "country"]
    listed = lag_models.distinct(inputs, keys).sort(keys, maintain_order=True)
    parts = listed.group_by(keys, maintain_order=True).len()
    ends = [0, *parts["len"].cum_sum()]
    sides = dict(zip(parts.select(keys).rows(), lag_models.Models.each(listed, ends), strict=True))
    no_models = lag_models.Models.of(listed.clear())
    found = []
    for row in inputs.unique(keys[:2], keep="first", maintain_order=True).iter_rows(named=True):
        a, b = (
            sides.get((row["snapshot_id"], row["category"], row[country]), no_models)
            for country in ("country_a", "country_b")
        )
        found.append(Vintage(**{name: row[name] for name in (*SERIES, *FACTS)}, a=a, b=b))
    return found


def newest_of_arena(listed: Sequence[Vintage]) -> list[Vintage]:
    """``listed`` without older vintages of arena boards, whose days are of listings: no month adds much to the next."""
    newest: dict[tuple[str, ...], date] = {}
    for vintage in listed:
        newest[vintage.series] = max(newest.get(vintage.series, vintage.vintage), vintage.vintage)
    return [
        vintage
        for vintage in listed
        if not vintage.board.startswith(BY_DAY) or vintage.vintage == newest[vintage.series]
    ]


def described(rows: pl.DataFrame, listed: Sequence[Vintage]) -> pl.DataFrame:
    """``rows`` with what names the vintage at their ``place``, its tolerance and its first day."""
    words = pl.DataFrame(
        {name: [getattr(vintage, name) for vintage in listed] for name in (*SERIES, "tolerance", "starts_on")}
    )
    return pl.concat([rows, words[rows["place"]]], how="horizontal")


def as_table(name: str, rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` in the columns and types of the table ``name``, a and b as us and cn."""
    sides = {"a_": "us_", "b_": "cn_"}
    rows = rows.rename(
        {
            column: (sides[column[:2]] + column[2:]).replace("available", "released")
            for column in rows.columns
            if column[:2] in sides
        }
    )
    return rows.select(pl.col(column).cast(kind) for column, kind in table(name).polars_schema().items())

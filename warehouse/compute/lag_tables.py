"""The lag in months as tables: the vintages of ``staging/lag_inputs.sql`` through `warehouse.compute.lag_readings`.

The figures of a vintage are computed from it alone, so they do not depend on other vintages. Names and joins are added
for all vintages at once, which is much faster.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np
import polars as pl

from warehouse.compute import lag_matches, lag_models, lag_readings, lag_resampling
from warehouse.tables import table
from warehouse.tables.domains import READINGS
from warehouse.tables.lag import TABLES as LAG

#: Levels by the board's unit.
THRESHOLDS: Mapping[str, Sequence[float]] = {
    "elo": range(1000, 1601, 50),
    "index": range(100, 166, 5),
    "minutes": (1, 2, 4, 8, 15, 30, 60, 120, 240, 480, 960),
    "percent": (10, 20, 30, 40, 50, 60, 70, 80, 90, 95),
}
#: Beginning of the boards with a daily lag, in addition to those of kind index.
BY_DAY = "arena_"
STATES = {"both": "both", "a_only": "us_only", "b_only": "cn_only"}
#: The columns that name a vintage, in the inputs and in the tables.
SERIES = ("board", "variant", "category", "vintage", "snapshot_id")


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
    tolerance: float
    a: lag_models.Models
    b: lag_models.Models

    @property
    def has_lag(self) -> bool:
        """Is the board followed day by day, and has each country a model?"""
        is_followed = self.kind == "index" or self.board.startswith(BY_DAY)
        return is_followed and len(self.a) > 0 and len(self.b) > 0

    def daily(self) -> pl.DataFrame:
        """See `lag_readings.daily_lags`."""
        return lag_readings.daily_lags(self.a, self.b, self.vintage, self.tolerance)

    def resampled(self, draws: int, seed: int) -> lag_resampling.LagIntervals | None:
        """See `lag_resampling.resampled`."""
        return lag_resampling.resampled(self.a, self.b, self.vintage, self.tolerance, draws=draws, seed=seed)


def lag_tables(
    inputs: pl.DataFrame, draws: int = lag_resampling.DRAWS, seed: int = lag_resampling.SEED
) -> dict[str, pl.DataFrame]:
    """Table name → frame of the five lag tables, from the rows of ``staging/lag_inputs.sql``.

    Columns with us and cn are of the first and the second country of the pair, whatever the two are.
    """
    every = vintages(inputs)
    followed = [vintage for vintage in every if vintage.has_lag]
    levelled = [vintage for vintage in every if vintage.unit in THRESHOLDS]
    found = {declared.full_name: pl.DataFrame(schema=declared.polars_schema()) for declared in LAG}
    if levelled:
        found["main.threshold_lag"] = _thresholds(levelled)
    if followed:
        daily = [vintage.daily() for vintage in followed]
        drawn = [vintage.resampled(draws, seed) for vintage in followed]
        found["main.monthly_lag"] = _monthly(followed, daily)
        found["main.daily_lag"] = _daily(followed, daily)
        found["main.lag_summary"] = _summary(followed, daily, drawn, draws, seed)
        found["main.record_matches"] = _matches(followed, drawn)
    return found


def vintages(inputs: pl.DataFrame) -> list[Vintage]:
    """Every vintage with a model of either country, in the order of ``inputs``."""
    keys = ["snapshot_id", "category", "country"]
    sides = lag_models.distinct(inputs, keys).partition_by(keys, as_dict=True)
    no_models = lag_models.distinct(inputs.clear())
    found = []
    for row in inputs.unique(keys[:2], keep="first", maintain_order=True).iter_rows(named=True):
        a, b = (
            lag_models.Models.of(sides.get((row["snapshot_id"], row["category"], row[country]), no_models))
            for country in ("country_a", "country_b")
        )
        described = {name: row[name] for name in (*SERIES, "kind", "unit", "tolerance")}
        found.append(Vintage(**described, a=a, b=b))
    return found


def _monthly(followed: Sequence[Vintage], daily: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """Month ends, with the model each reading counts from and the best models of that day."""
    ends = lag_readings.month_ends(_stacked(daily), ["place"]).sort("place", "day")
    since = []
    for side, countries in (
        ("us", [vintage.a for vintage in followed]),
        ("cn", [vintage.b for vintage in followed]),
    ):
        records = _stacked([_records(models, side) for models in countries])
        ends = ends.join_asof(records, on="day", by="place", check_sortedness=False)
        since.append(
            records.select(
                "place",
                pl.col("day").alias("since"),
                pl.lit(side).alias("since_side"),
                pl.col(f"{side}_model").alias("since_model"),
            )
        )
    ends = _described(ends, followed)
    # China's model only where `passed` counts from China's lead.
    is_of_cn = (pl.col("reading") == "passed") & (
        pl.col("cn_score") > pl.col("us_score").fill_null(-math.inf) + pl.col("tolerance")
    )
    ends = ends.with_columns(pl.when(is_of_cn).then(pl.lit("cn")).otherwise(pl.lit("us")).alias("since_side"))
    ends = ends.join(pl.concat(since), on=["place", "since", "since_side"], how="left")
    ends = ends.rename({"day": "measured_on", "since": "since_on"}).sort("place", "month", "reading")
    return _as_table("main.monthly_lag", ends)


def _records(models: lag_models.Models, side: str) -> pl.DataFrame:
    records = models.records()
    return pl.DataFrame(
        {
            "day": pl.Series(records.day).cast(pl.Int32()).cast(pl.Date()),
            f"{side}_model": pl.Series(records.name, dtype=pl.String()),
            f"{side}_score": records.score,
        }
    )


def _daily(followed: Sequence[Vintage], daily: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """The readings of every day on boards of kind index: one row for each day and reading."""
    is_index = pl.Series([vintage.kind == "index" for vintage in followed])
    rows = _stacked(daily)
    rows = rows.filter(is_index.gather(rows["place"])).unpivot(
        on=list(READINGS),
        index=["place", "day"],
        variable_name="reading",
        value_name="lag_months",
    )
    return _as_table("main.daily_lag", _described(rows.sort("place", "day", "reading"), followed))


def _summary(
    followed: Sequence[Vintage],
    daily: Sequence[pl.DataFrame],
    drawn: Sequence[lag_resampling.LagIntervals | None],
    draws: int,
    seed: int,
) -> pl.DataFrame:
    """The readings over all days, with the intervals of their means."""
    origin = pl.DataFrame(
        {
            "place": pl.Series(range(len(followed)), dtype=pl.UInt32()),
            "first_day": [frame["day"][0] for frame in daily],
            "draws": pl.Series([None if one is None else draws for one in drawn], dtype=pl.Int32()),
            "seed": pl.Series([None if one is None else seed for one in drawn], dtype=pl.Int64()),
        }
    )
    summary = _stacked([lag_readings.over_days(frame) for frame in daily])
    summary = summary.join(origin, on="place", how="left", maintain_order="left")
    means = _stacked([(one or lag_resampling.UNDRAWN).readings for one in drawn])
    summary = summary.join(means, on=["place", "reading"], how="left", maintain_order="left")
    return _as_table("main.lag_summary", _described(summary, followed))


def _matches(
    followed: Sequence[Vintage], drawn: Sequence[lag_resampling.LagIntervals | None]
) -> pl.DataFrame:
    """The first match of each record, with the median of its vintage and rule."""
    found = _stacked(
        [lag_matches.record_matches(one.a, one.b, one.vintage, one.tolerance) for one in followed]
    )
    medians = [
        {
            "place": place,
            "match_rule": rule,
            "median_months": lag_matches.kaplan_meier_median(
                rows["months"].to_list(), rows["open_months"].to_list()
            ),
        }
        for (place, rule), rows in found.group_by("place", "match_rule", maintain_order=True)
    ]
    schema = {"place": pl.UInt32(), "match_rule": pl.String(), "median_months": pl.Float64()}
    keys = ["place", "match_rule"]
    found = found.join(pl.DataFrame(medians, schema=schema), on=keys, how="left", maintain_order="left")
    points = _stacked([(one or lag_resampling.UNDRAWN).matches for one in drawn]).with_columns(
        match_rule=pl.lit("point")
    )
    found = found.join(points, on=[*keys, "a_model_id"], how="left", maintain_order="left")
    is_point = pl.col("match_rule") == "point"
    found = _described(found, followed).with_columns(
        pl.col("months").is_null().alias("is_open"),
        pl.when(is_point).then(pl.col("tolerance")).alias("tolerance"),
        pl.when(~is_point).then(lag_matches.MATCH_PROBABILITY).alias("probability"),
    )
    return _as_table("main.record_matches", found)


def _thresholds(levelled: Sequence[Vintage]) -> pl.DataFrame:
    """Who crossed each level of the board's unit first."""
    found = _stacked(
        [lag_matches.threshold_lag(one.a, one.b, one.vintage, THRESHOLDS[one.unit]) for one in levelled]
    )
    found = found.with_columns(pl.col("state").replace_strict(STATES, return_dtype=pl.String()))
    return _as_table("main.threshold_lag", _described(found, levelled))


def _stacked(frames: Sequence[pl.DataFrame]) -> pl.DataFrame:
    """All rows of ``frames`` (one at least), with the ``place`` of the frame each is from."""
    heights = [frame.height for frame in frames]
    places = np.repeat(np.arange(len(frames), dtype=np.uint32), heights)
    return pl.concat(frames).with_columns(pl.Series("place", places))


def _described(rows: pl.DataFrame, listed: Sequence[Vintage]) -> pl.DataFrame:
    """``rows`` with the key columns and the tolerance of the vintage at their ``place``."""
    described = pl.DataFrame(
        {name: [getattr(vintage, name) for vintage in listed] for name in (*SERIES, "tolerance")}
    )
    return pl.concat([rows, described[rows["place"]]], how="horizontal")


def _as_table(name: str, rows: pl.DataFrame) -> pl.DataFrame:
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

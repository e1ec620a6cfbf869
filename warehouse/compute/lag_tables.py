"""The lag in months as tables: the vintages of ``staging/lag_inputs.sql`` through `warehouse.compute.lag_readings`.

The figures of a vintage are computed from it alone, so they do not depend on other vintages. Names and joins are added
for all vintages at once, which is much faster.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
import polars as pl

from warehouse.compute import lag_models, lag_readings, lag_resampling
from warehouse.compute.lag_match_tables import doubled_of, match_table, model_table, threshold_table
from warehouse.compute.lag_vintages import (
    Vintage,
    as_table,
    described,
    newest_of_arena,
    vintages,
)
from warehouse.tables.domains import READINGS
from warehouse.tables.lag import TABLES as READINGS_TABLES
from warehouse.tables.lag_matches import TABLES as MATCHES_TABLES


def lag_tables(
    inputs: pl.DataFrame, draws: int = lag_resampling.DRAWS, seed: int = lag_resampling.SEED
) -> dict[str, pl.DataFrame]:
    """Table name → frame of the six lag tables, from the rows of ``staging/lag_inputs.sql``.

    Columns with us and cn are of the first and the second country of the pair, whatever the two are.
    """
    every = vintages(inputs)
    return tables_of(every, compared_of(every), doubled_of(inputs), draws, seed)


def compared_of(every: Sequence[Vintage]) -> list[Vintage]:
    """The vintages of ``every`` whose single models are compared."""
    return [vintage for vintage in newest_of_arena(every) if len(vintage.b)]


def tables_of(
    every: Sequence[Vintage],
    compared: Sequence[Vintage],
    doubled: pl.DataFrame,
    draws: int = lag_resampling.DRAWS,
    seed: int = lag_resampling.SEED,
) -> dict[str, pl.DataFrame]:
    """`lag_tables` of the vintages ``every``, and of ``compared`` where single models are; ``doubled`` as `doubled_of`
    gives it.
    """
    followed = [vintage for vintage in every if vintage.has_lag]
    levelled = [vintage for vintage in every if vintage.thresholds]
    found = {
        declared.full_name: pl.DataFrame(schema=declared.polars_schema())
        for declared in (*READINGS_TABLES, *MATCHES_TABLES)
    }
    if levelled:
        found["main.threshold_lag"] = threshold_table(levelled, doubled)
    if compared:
        found["main.model_lag"] = model_table(compared, doubled)
    if followed:
        days = [vintage.days() for vintage in followed]
        daily = lag_readings.daily_lags(days)
        drawn = [vintage.resampled(draws, seed) for vintage in followed]
        found["main.monthly_lag"] = _monthly(followed, daily)
        found["main.daily_lag"] = _daily(followed, daily)
        means, points = lag_resampling.interval_tables(drawn)
        found["main.lag_summary"] = _summary(followed, days, drawn, means, draws, seed)
        found["main.record_matches"] = match_table(followed, points, draws, seed)
    return found


def _monthly(followed: Sequence[Vintage], daily: pl.DataFrame) -> pl.DataFrame:
    """Month ends, with the model each reading counts from and the best models of that day."""
    ends = lag_readings.month_ends(daily, ["place"]).sort("place", "day")
    since = []
    for side, countries in (
        ("us", [vintage.a for vintage in followed]),
        ("cn", [vintage.b for vintage in followed]),
    ):
        records = _records([models.records() for models in countries], side)
        ends = ends.join_asof(records, on="day", by="place", check_sortedness=False)
        since.append(
            records.select(
                "place",
                pl.col("day").alias("since"),
                pl.lit(side).alias("since_side"),
                pl.col(f"{side}_model").alias("since_model"),
            )
        )
    ends = described(ends, followed)
    # China's model only where `passed` counts from China's lead.
    is_of_cn = (pl.col("reading") == "passed") & (
        pl.col("cn_score") > pl.col("us_score").fill_null(-math.inf) + pl.col("tolerance")
    )
    ends = ends.with_columns(pl.when(is_of_cn).then(pl.lit("cn")).otherwise(pl.lit("us")).alias("since_side"))
    ends = ends.join(pl.concat(since), on=["place", "since", "since_side"], how="left")
    ends = ends.rename({"day": "measured_on", "since": "since_on"}).sort("place", "month", "reading")
    return as_table("main.monthly_lag", ends)


def _records(records: Sequence[lag_models.Models], side: str) -> pl.DataFrame:
    """The records of each vintage, with its ``place`` in ``records``."""
    places = np.repeat(np.arange(len(records), dtype=np.uint32), [len(one) for one in records])
    return pl.DataFrame(
        {
            "day": pl.Series(np.concatenate([one.day for one in records])).cast(pl.Int32()).cast(pl.Date()),
            f"{side}_model": pl.Series([name for one in records for name in one.name], dtype=pl.String()),
            f"{side}_score": np.concatenate([one.score for one in records]),
            "place": places,
        }
    )


def _daily(followed: Sequence[Vintage], daily: pl.DataFrame) -> pl.DataFrame:
    """The readings of every day on boards of kind index: one row for each day and reading."""
    is_index = pl.Series([vintage.kind == "index" for vintage in followed])
    rows = daily.filter(is_index.gather(daily["place"])).unpivot(
        on=list(READINGS),
        index=["place", "day", "is_censored"],
        variable_name="reading",
        value_name="lag_months",
    )
    rows = rows.with_columns(lag_readings.is_censored(pl.col("reading")))
    return as_table("main.daily_lag", described(rows.sort("place", "day", "reading"), followed))


def _summary(
    followed: Sequence[Vintage],
    days: Sequence[lag_readings.DailyLags],
    drawn: Sequence[lag_resampling.LagIntervals | None],
    means: pl.DataFrame,
    draws: int,
    seed: int,
) -> pl.DataFrame:
    """The readings over all days, with the intervals of their means."""
    origin = pl.DataFrame(
        {
            "place": pl.Series(range(len(followed)), dtype=pl.UInt32()),
            "first_day": pl.Series([one.day[0] for one in days]).cast(pl.Int32()).cast(pl.Date()),
            "draws": pl.Series([None if one is None else draws for one in drawn], dtype=pl.Int32()),
            "seed": pl.Series([None if one is None else seed for one in drawn], dtype=pl.Int64()),
        }
    )
    summary = lag_readings.over_days(days).join(origin, on="place", how="left", maintain_order="left")
    summary = summary.join(means, on=["place", "reading"], how="left", maintain_order="left")
    return as_table("main.lag_summary", described(summary, followed))

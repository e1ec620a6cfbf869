"""The lag tables of single models: who matched which record, crossed which level, and came how much later."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import polars as pl

from warehouse.compute import lag_matches, lag_of_models, lag_survival
from warehouse.compute.lag_matches import Row, in_one_table
from warehouse.compute.lag_vintages import Vintage, as_table, described

STATES = {"both": "both", "a_only": "us_only", "b_only": "cn_only"}


def match_table(followed: Sequence[Vintage], points: pl.DataFrame, draws: int, seed: int) -> pl.DataFrame:
    """The first match of each record, with the median of its vintage; ``points`` as `interval_tables` gives them."""
    records = [lag_matches.record_matches(one.a, one.b, one.vintage, one.tolerance) for one in followed]
    medians = pl.DataFrame(
        [{"place": place, **_median_of(rows, draws, seed)} for place, rows in enumerate(records) if rows],
        schema={"place": pl.UInt32(), **_MEDIAN},
    )
    found = _together(records, lag_matches.RECORD_MATCHES).join(
        medians, on="place", how="left", maintain_order="left"
    )
    found = found.join(points, on=["place", "a_model_id"], how="left", maintain_order="left")
    found = described(found, followed).with_columns(
        pl.lit("point").alias("match_rule"),
        (pl.col("a_available_on") == pl.col("starts_on")).alias("a_is_left_censored"),
        pl.col("months").is_null().alias("is_open"),
        pl.lit(lag_matches.MATCH_PROBABILITY).alias("probability"),
    )
    return as_table("main.record_matches", found)


_MEDIAN = {
    "median_months": pl.Float64(),
    "median_low": pl.Float64(),
    "median_high": pl.Float64(),
    "median_clusters": pl.Int32(),
}


def _together(parts: Sequence[Sequence[Row]], schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """All rows of ``parts``, with the ``place`` of the part each is from."""
    rows = [{"place": place, **row} for place, part in enumerate(parts) for row in part]
    return pl.DataFrame(rows, schema={"place": pl.UInt32(), **schema})


def _median_of(records: Sequence[Row], draws: int, seed: int) -> dict[str, float | None]:
    months, open_months, matches = (
        [row[name] for row in records] for name in ("months", "open_months", "b_model_id")
    )
    median = lag_survival.clustered_median(months, open_months, matches, draws, seed)
    return dict(zip(_MEDIAN, (median.months, median.low, median.high, median.clusters), strict=True))


def doubled_of(inputs: pl.DataFrame) -> pl.DataFrame:
    """The models that count with the highest of several rows: ``snapshot_id, category, model_id``."""
    return inputs.filter("is_doubled").select("snapshot_id", "category", "model_id").unique()


def model_table(compared: Sequence[Vintage], doubled: pl.DataFrame) -> pl.DataFrame:
    """How far each model of the second country is behind the first's; ``doubled`` as `doubled_of` gives it."""
    lags = [lag_of_models.model_lags(one.a, one.b, one.vintage, one.tolerance) for one in compared]
    found = in_one_table(list(enumerate(lags)), lag_of_models.MODEL_LAGS)
    found = described(found, compared).with_columns(
        (pl.col("a_available_on") == pl.col("starts_on")).alias("a_is_left_censored")
    )
    return as_table("main.model_lag", _marked(found, doubled))


def threshold_table(levelled: Sequence[Vintage], doubled: pl.DataFrame) -> pl.DataFrame:
    """Who crossed each level of the board's unit first; ``doubled`` as `doubled_of` gives it."""
    crossed = [
        lag_matches.threshold_lag(one.a, one.b, one.vintage, one.thresholds, one.starts_on)
        for one in levelled
    ]
    found = _together(crossed, lag_matches.THRESHOLD_LAG)
    found = found.with_columns(pl.col("state").replace_strict(STATES, return_dtype=pl.String()))
    return as_table("main.threshold_lag", _marked(described(found, levelled), doubled))


def _marked(rows: pl.DataFrame, doubled: pl.DataFrame) -> pl.DataFrame:
    """``rows`` with a mark at each model that is ``doubled``."""
    for side in "ab":
        keys = ["snapshot_id", "category", f"{side}_model_id"]
        marks = doubled.rename({"model_id": keys[-1]}).with_columns(pl.lit(True).alias(f"{side}_is_doubled"))
        rows = rows.join(marks, on=keys, how="left", maintain_order="left")
    return rows.with_columns(pl.col("a_is_doubled", "b_is_doubled").fill_null(False))

"""Rows of leaderboards as points to compare: one for each series, day and model."""

from __future__ import annotations

import polars as pl

SERIES = ("board", "variant", "category")
KEY = (*SERIES, "day")
#: ``day`` is the printed day, else ``known_on``, the day since which the bytes were known. ``half`` is half the width
#: of the printed 95 % interval. ``value`` is null where a name has several scores: which of them is meant is not known.
#: ``listing`` says whose listing it is, ``source/request``.
POINTS = {
    **dict.fromkeys(SERIES, pl.String()),
    "day": pl.Date(),
    "known_on": pl.Date(),
    "item": pl.String(),
    "value": pl.Float64(),
    "half": pl.Float64(),
    "listing": pl.String(),
}
NORMAL_95 = 1.96


def points(frame: pl.DataFrame) -> pl.DataFrame:
    """The points of ``frame``: rows in the schema `OBSERVATION` with ``known_on`` and ``listing``."""
    width = pl.coalesce(
        (pl.col("score_high") - pl.col("score_low")) / 2, NORMAL_95 * pl.col("standard_error")
    )
    return (
        frame.lazy()
        .filter(pl.col("score").is_not_null())
        .select(
            *SERIES,
            "known_on",
            "listing",
            day=pl.coalesce("published_on", "known_on"),
            item=pl.col("model_name").str.strip_chars().str.to_lowercase(),
            value="score",
            half=width,
        )
        .group_by(*KEY, "known_on", "item", "listing")
        .agg(pl.col("value").max(), pl.col("half").max(), low=pl.col("value").min())
        .with_columns(value=pl.when(pl.col("low") == pl.col("value")).then("value"))
        .select(list(POINTS))
        .collect()
    )


def newest_of_each_day(points: pl.DataFrame) -> pl.DataFrame:
    """``points`` without those of a series and day that were known again later or are in another listing too."""
    listings = points.select(*KEY, "known_on", "listing").unique()
    if listings.height == listings.select(KEY).n_unique():
        return points
    newest = listings.sort("known_on", "listing").unique(KEY, keep="last")
    return points.join(newest, on=[*KEY, "known_on", "listing"], how="semi")


def days_of(points: pl.DataFrame) -> pl.DataFrame:
    """The series and days of ``points``, in order."""
    return points.select(KEY).unique().sort(KEY)


def consecutive(days: pl.DataFrame) -> pl.DataFrame:
    """Each of ``days`` but the first of a series, with the day ``before`` it."""
    return (
        days.sort(KEY)
        .with_columns(before=pl.col("day").shift(1).over(SERIES))
        .filter(pl.col("before").is_not_null())
    )


def predecessors(new: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """The days ``new`` with the newest of the days ``known`` that is not later, as ``before``; only where there is one.

    A day that is known itself is its own predecessor: two bodies may have the same publication.
    """
    return (
        new.sort("day")
        .join_asof(
            known.with_columns(before="day").sort("day"),
            on="day",
            by=list(SERIES),
            strategy="backward",
            check_sortedness=False,
        )
        .filter(pl.col("before").is_not_null())
        .select(*KEY, "before")
    )

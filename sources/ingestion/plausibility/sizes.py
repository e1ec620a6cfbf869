"""The size of a body beside the one before it, and what it no longer has."""

from __future__ import annotations

import polars as pl

from sources.ingestion.plausibility.points import SERIES

#: A list that has less than this share of its rows has lost some.
LEAST_ROWS = 0.8


def suspicious_size(rows: int, size: int, old_rows: int, old_size: int, growth: float) -> str | None:
    """What is odd about a body with ``rows`` rows and ``size`` bytes after an older one; None if nothing is.

    Neither may be ``growth`` times as large or small.
    """
    for what, new, old in (("rows", rows, old_rows), ("bytes", size, old_size)):
        if new > growth * old or new < old / growth:
            return f"{new} {what}, after {old}"
    return None


def missing_series(now: pl.DataFrame, before: pl.DataFrame) -> set[str]:
    """The series of ``before`` that ``now`` lacks, both as `OBSERVATION`: ``board/variant``, or with its category."""
    missing = before.select(SERIES).unique().join(now.select(SERIES).unique(), on=SERIES, how="anti")
    listed = set(now.select("board", "variant").unique().iter_rows())
    return {
        f"{board}/{variant}/{category}" if (board, variant) in listed else f"{board}/{variant}"
        for board, variant, category in missing.iter_rows()
    }


def has_new_board(now: pl.DataFrame, before: pl.DataFrame) -> bool:
    """Whether ``now`` has a board that ``before`` lacks; both as `OBSERVATION`."""
    return not set(now["board"].unique()) <= set(before["board"].unique())

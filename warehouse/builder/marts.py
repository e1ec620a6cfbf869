"""The steps ``estimates`` (statistics in Python, from the core) and ``marts`` (the tables of ``main``)."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from functools import cache, partial
from pathlib import Path

import duckdb
import polars as pl

from warehouse.builder import graph
from warehouse.builder.fill import RowCounts, count_rows, fill, insert_typed
from warehouse.compute.claims.checks import CLAIM_TABLES, claim_tables
from warehouse.compute.gap_intervals import gap_intervals
from warehouse.compute.lag_tables import lag_tables
from warehouse.db import read_only, read_write
from warehouse.files import new_folder
from warehouse.workspace import PACKAGE

#: The staged relations that the estimates are computed from.
ESTIMATED_FROM = ("interval_inputs", "lag_inputs")


def estimated_tables() -> list[str]:
    """The tables that `estimate` computes."""
    return sorted(name for name, read in graph.reads().items() if read & set(ESTIMATED_FROM))


def estimate(candidate: Path) -> dict[str, pl.DataFrame]:
    """Table name → frame: the distributions of the gap in every snapshot of ``candidate``, and its lags."""
    with read_only(candidate) as con:
        fill(con, ESTIMATED_FROM, {})
        intervals, lags = (con.table(name).pl() for name in ESTIMATED_FROM)
    return {"core.gap_intervals": gap_intervals(intervals), **lag_tables(lags)}


def write_estimates(candidate: Path, folder: Path) -> dict[str, int]:
    """Write the frames of `estimate` to the new ``folder``, one Parquet file each; returns rows by table.

    The folder appears complete, even if several processes do this at once or one is killed.
    """
    found = estimate(candidate)
    with new_folder(folder) as unfinished:
        for name, frame in found.items():
            frame.write_parquet(unfinished / f"{name}.parquet")
    return {name: frame.height for name, frame in found.items()}


def read_estimates(candidate: Path, folder: Path) -> dict[str, pl.DataFrame]:
    """The frames that `write_estimates` wrote to ``folder``; computed again if a file is missing or damaged."""
    try:
        return {name: pl.read_parquet(folder / f"{name}.parquet", glob=False) for name in estimated_tables()}
    except (OSError, pl.exceptions.PolarsError):
        return estimate(candidate)


def build_marts(candidate: Path, estimates: dict[str, pl.DataFrame]) -> RowCounts:
    """Empty and fill every table of the step, with ``estimates`` for some, and create the macros."""
    filled = graph.tables_of("marts")
    with read_write(candidate) as con:
        # Rows of a process that died halfway, or of other parameters.
        for name in filled:
            con.execute(f"DELETE FROM {name}")

        fill_marts(con, filled, estimates)
        return count_rows(con, filled)


def fill_marts(
    con: duckdb.DuckDBPyConnection, names: Collection[str], estimates: Mapping[str, pl.DataFrame]
) -> None:
    """Fill the empty tables ``names`` of the step, with ``estimates`` for some, and create the macros."""
    for name in sorted(estimates.keys() & set(names)):
        insert_typed(con, name, estimates[name])
    claims = cache(partial(claim_tables, con))

    def of_claims(name: str) -> pl.DataFrame:
        return claims()[name]

    fill(con, set(names) - estimates.keys(), {name: partial(of_claims, name) for name in CLAIM_TABLES})
    for macro in sorted((PACKAGE / "macros").glob("*.sql")):
        con.execute(macro.read_text(encoding="utf-8"))

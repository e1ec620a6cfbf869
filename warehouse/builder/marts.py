"""The steps ``estimates`` and ``marts``: what SQL cannot compute of the core, then the tables of ``main``."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import polars as pl

from warehouse.builder import graph
from warehouse.builder.fill import RowCounts, count_rows, fill, insert_typed
from warehouse.compute.claim_checks import claim_checks
from warehouse.compute.gap_intervals import gap_intervals
from warehouse.compute.lag_tables import lag_tables
from warehouse.db import read_only, read_write
from warehouse.files import new_folder
from warehouse.workspace import PACKAGE

#: The staged relations that are estimated from.
ESTIMATED_FROM = ("interval_inputs", "lag_inputs")


def estimated_tables() -> list[str]:
    """The tables that `estimate` computes."""
    return sorted(name for name, read in graph.reads().items() if read & set(ESTIMATED_FROM))


def estimate(candidate: Path) -> dict[str, pl.DataFrame]:
    """The distribution of the gap in every snapshot of ``candidate`` and its lags, by table."""
    with read_only(candidate) as con:
        fill(con, ESTIMATED_FROM, {})
        intervals, lags = (con.table(name).pl() for name in ESTIMATED_FROM)
    return {"core.gap_intervals": gap_intervals(intervals), **lag_tables(lags)}


def write_estimates(candidate: Path, folder: Path) -> dict[str, int]:
    """Write what `estimate` finds to the new ``folder``, a file a table; returns rows by table.

    Several processes may do so at once, and be killed: the folder appears with everything in it.
    """
    found = estimate(candidate)
    with new_folder(folder) as unfinished:
        for name, frame in found.items():
            frame.write_parquet(unfinished / f"{name}.parquet")
    return {name: frame.height for name, frame in found.items()}


def read_estimates(candidate: Path, folder: Path) -> dict[str, pl.DataFrame]:
    """What `write_estimates` wrote of ``candidate``; what is not there, or was cut off, is estimated here."""
    try:
        return {name: pl.read_parquet(folder / f"{name}.parquet", glob=False) for name in estimated_tables()}
    except (OSError, pl.exceptions.PolarsError):
        return estimate(candidate)


def build_marts(candidate: Path, estimates: dict[str, pl.DataFrame]) -> RowCounts:
    """Fill every table of the step anew, with ``estimates`` among them, and create the macros; returns the rows."""
    filled = graph.tables_of("marts")
    with read_write(candidate) as con:
        # What a process that died halfway had filled, and what other parameters had given.
        for name in filled:
            con.execute(f"DELETE FROM {name}")

        for name, frame in estimates.items():
            insert_typed(con, name, frame)
        fill(con, set(filled) - set(estimates), {"main.claim_checks": partial(claim_checks, con)})
        for macro in sorted((PACKAGE / "macros").glob("*.sql")):
            con.execute(macro.read_text(encoding="utf-8"))
        return count_rows(con, filled)

"""The steps ``estimates`` (statistics in Python, from the core) and ``marts`` (the tables of ``main``)."""

from __future__ import annotations

import json
from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path

import duckdb
import polars as pl

from warehouse.builder import graph
from warehouse.builder.changes import Changes
from warehouse.builder.fill import RowCounts, count_rows, fill, insert_typed
from warehouse.builder.renewal import Renewal
from warehouse.compute.claims.checks import CLAIM_TABLES, claim_tables
from warehouse.compute.gap_intervals import gap_intervals
from warehouse.compute.lag_match_tables import doubled_of
from warehouse.compute.lag_tables import compared_of, lag_tables, tables_of
from warehouse.compute.lag_vintages import vintages
from warehouse.db import SMALL_IF_WHOLE, read_only, read_write, sql_text, work_alone
from warehouse.files import new_folder
from warehouse.workspace import PACKAGE

#: The staged relations that the estimates are computed from.
ESTIMATED_FROM = ("interval_inputs", "lag_inputs")
#: The file that says of which snapshots the estimates are.
SNAPSHOTS = "snapshots.json"


def estimated_tables() -> list[str]:
    """The tables that `estimate` computes."""
    return sorted(name for name, read in graph.reads().items() if read & set(ESTIMATED_FROM))


def estimate(candidate: Path) -> dict[str, pl.DataFrame]:
    """Table name → frame: the distributions of the gap in every snapshot of ``candidate``, and its lags."""
    with read_only(candidate) as con:
        work_alone(con, SMALL_IF_WHOLE)
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


@dataclass(frozen=True)
class Renewed:
    """Table name → rows, and the snapshots of which they are all; None: of every one."""

    frames: dict[str, pl.DataFrame]
    snapshots: dict[str, frozenset[str] | None]


def estimate_changed(candidate: Path, changes: Changes) -> Renewed:
    """The rows of `estimate` whose inputs ``changes`` touch."""
    with read_only(candidate) as con:
        renewal = Renewal(con, changes, {})
        intervals, of_intervals = _changed_inputs(renewal, "interval_inputs")
        of_lags = changes.snapshots(con, "lag_inputs")
        frames = {"core.gap_intervals": gap_intervals(intervals)}
        snapshots = {"core.gap_intervals": of_intervals}
        if of_lags == frozenset():
            return Renewed(frames, snapshots)
        # All inputs: which vintages are the newest depends on all.
        fill(con, ["lag_inputs"], {})
        inputs: pl.DataFrame = con.table("lag_inputs").pl()
        before = {name for (name,) in con.sql("SELECT DISTINCT snapshot_id FROM main.model_lag").fetchall()}
    if of_lags is None:
        lags = lag_tables(inputs)
        return Renewed(frames | lags, snapshots | dict.fromkeys(lags))
    every = vintages(inputs)
    compared = compared_of(every)
    of_models = of_lags | before.symmetric_difference(vintage.snapshot_id for vintage in compared)
    lags = tables_of(
        [vintage for vintage in every if vintage.snapshot_id in of_lags],
        [vintage for vintage in compared if vintage.snapshot_id in of_models],
        doubled_of(inputs),
    )
    return Renewed(frames | lags, snapshots | dict.fromkeys(lags, of_lags) | {"main.model_lag": of_models})


def _changed_inputs(renewal: Renewal, name: str) -> tuple[pl.DataFrame, frozenset[str] | None]:
    """The rows of the staged relation ``name`` of the snapshots that have changed, and which these are."""
    query = sql_text(f"staging/{name}.sql")
    wanted = renewal.changes.snapshots(renewal.con, name)
    if wanted is None:
        return renewal.con.sql(query).pl(), None
    with renewal.only(wanted, name):
        rows: pl.DataFrame = renewal.con.sql(query).pl()
    return rows.filter(pl.col("snapshot_id").is_in(sorted(wanted))), wanted


def write_changed(candidate: Path, folder: Path, changes: Changes) -> dict[str, int]:
    """Write what `estimate_changed` finds, as `write_estimates` does."""
    found = estimate_changed(candidate, changes)
    told = {name: None if one is None else sorted(one) for name, one in found.snapshots.items()}
    with new_folder(folder) as unfinished:
        for name, frame in found.frames.items():
            frame.write_parquet(unfinished / f"{name}.parquet")
        (unfinished / SNAPSHOTS).write_text(json.dumps(told), encoding="utf-8")
    with read_only(candidate) as con:
        return dict(count_rows(con, estimated_tables()))


def read_changed(candidate: Path, folder: Path, changes: Changes) -> Renewed:
    """What `write_changed` wrote to ``folder``; computed again if a file is missing or damaged."""
    try:
        told = json.loads((folder / SNAPSHOTS).read_text(encoding="utf-8"))
        snapshots = {name: None if one is None else frozenset(one) for name, one in told.items()}
        frames = {name: pl.read_parquet(folder / f"{name}.parquet", glob=False) for name in snapshots}
        return Renewed(frames, snapshots)
    except (OSError, ValueError, pl.exceptions.PolarsError):
        return estimate_changed(candidate, changes)


def renew_marts(candidate: Path, folder: Path, changes: Changes) -> RowCounts:
    """Bring every table of the step up to date in a candidate that started from a release, and add to ``changes``.

    ``folder`` is that of `write_changed`.
    """
    filled = graph.tables_of("marts")
    found = read_changed(candidate, folder, changes)
    with read_write(candidate, is_kept=True) as con:
        renewal = Renewal(con, changes, _claims(con))
        for name, frame in found.frames.items():
            renewal.replace(name, found.snapshots[name], frame)
        renewal.fill(set(filled) - set(estimated_tables()))
        return count_rows(con, filled)


def read_estimates(candidate: Path, folder: Path) -> dict[str, pl.DataFrame]:
    """The frames that `write_estimates` wrote to ``folder``; computed again if a file is missing or damaged."""
    try:
        return {name: pl.read_parquet(folder / f"{name}.parquet", glob=False) for name in estimated_tables()}
    except (OSError, pl.exceptions.PolarsError):
        return estimate(candidate)


def build_marts(candidate: Path, estimates: dict[str, pl.DataFrame]) -> RowCounts:
    """Empty and fill every table of the step, with ``estimates`` for some, and create the macros."""
    filled = graph.tables_of("marts")
    with read_write(candidate, is_kept=True) as con:
        work_alone(con, SMALL_IF_WHOLE)
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
    fill(con, set(names) - estimates.keys(), _claims(con))
    for macro in sorted((PACKAGE / "macros").glob("*.sql")):
        con.execute(macro.read_text(encoding="utf-8"))


def _claims(con: duckdb.DuckDBPyConnection) -> dict[str, Callable[[], pl.DataFrame]]:
    """What fills the tables of claims, which are computed together."""
    claims = cache(partial(claim_tables, con))

    def of_claims(name: str) -> pl.DataFrame:
        return claims()[name]

    return {name: partial(of_claims, name) for name in CLAIM_TABLES}

"""The heavy work of a build as portions, which any number of processes may do in any order: plan → work → gather.

Two kinds: parsing archived bodies, and measuring (gap intervals and lags). They meet in files of a folder that all
of them see. A file or folder appears under its name with everything in it or not at all, so a worker may be
killed, or do what another does, at any moment. What comes of it does not depend on the number of portions.
"""

from __future__ import annotations

import json
import shutil
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

import duckdb
import numpy as np
import polars as pl

from sources.ingestion.archive import Archive
from sources.registry import all_sources
from warehouse.builder.inputs import HISTORY, archived, first_receipts, parsed, parsed_file, rows_in
from warehouse.compute.gap_intervals import gap_intervals
from warehouse.compute.lag_tables import lag_tables
from warehouse.files import new_folder
from warehouse.tables import LAG, table
from warehouse.workspace import PACKAGE, Workspace

#: What is measured of the core.
MEASURED = ("core.gap_intervals", *(declared.full_name for declared in LAG))
#: What it is measured from, and what a vintage of it costs: how many models.
INPUTS = {
    "interval_inputs": (pl.col("a_scores").list.len() + pl.col("b_scores").list.len()).sum(),
    "lag_inputs": pl.len(),
}
WORK, DONE = ".work", ".done"


@dataclass(frozen=True)
class Portion:
    """Archived bodies to parse: (source, request, sha256)."""

    bodies: tuple[tuple[str, str, str], ...]

    def to_json(self) -> str:
        return json.dumps(self.bodies)

    @classmethod
    def from_json(cls, text: str) -> Portion:
        return cls(tuple((source, request, sha256) for source, request, sha256 in json.loads(text)))


def divided(costs: Sequence[int], parts: int) -> list[int]:
    """For each item, in order, the portion it belongs to: 0 to ``parts`` − 1, some perhaps empty.

    A portion costs at most a fair share and the largest item together.
    """
    ends = np.cumsum(np.asarray(costs, dtype=np.float64))
    middles = ends - np.asarray(costs) / 2
    return [int(portion) for portion in np.floor(middles / ends[-1:] * parts)]


def unparsed(
    workspace: Workspace, history: Path = HISTORY, parts: int = 1, as_of: date | None = None
) -> list[Portion]:
    """What is in the archive beyond ``history`` and not parsed yet, in at most ``parts`` portions of similar size."""
    missing = [
        receipt
        for _, receipt in archived(workspace, history, as_of)
        if rows_in(parsed_file(workspace, receipt)) is None
    ]
    portions: dict[int, list[tuple[str, str, str]]] = {}
    for receipt, portion in zip(missing, divided([one.size for one in missing], parts), strict=True):
        portions.setdefault(portion, []).append((receipt.source_id, receipt.request, receipt.sha256))
    return [Portion(tuple(bodies)) for bodies in portions.values()]


def parse(workspace: Workspace, portion: Portion) -> int:
    """Parse the bodies of ``portion`` that are still in the archive; how many rows they hold."""
    archive = Archive(workspace.archive)
    wanted = set(portion.bodies)
    return sum(
        parsed(workspace, archive, source, receipt)[1]
        for source in all_sources()
        if any(source.id == source_id for source_id, _, _ in wanted)
        for receipt in first_receipts(archive.history(source.id))
        if (source.id, receipt.request, receipt.sha256) in wanted
    )


def plan_measures(candidate: Path, folder: Path, parts: int = 1) -> list[Path]:
    """Write what is to be measured of ``candidate`` as at most ``parts`` pieces of work, in ``folder``, made anew.

    Reads core tables only. A vintage is not divided; the cost of one is its number of models.
    """
    con = duckdb.connect(str(candidate), read_only=True)
    try:
        portions = {
            name: _portions(
                con.sql((PACKAGE / f"staging/{name}.sql").read_text(encoding="utf-8")).pl(), cost, parts
            )
            for name, cost in INPUTS.items()
        }
    finally:
        con.close()
    shutil.rmtree(folder, ignore_errors=True)
    with new_folder(folder) as partial:
        for part in range(parts):
            if any(len(found[part]) for found in portions.values()):
                work = partial / f"{part + 1:04}-of-{parts:04}{WORK}"
                work.mkdir()
                for name, found in portions.items():
                    found[part].write_parquet(work / f"{name}.parquet")
    return planned(folder)


def planned(folder: Path) -> list[Path]:
    """The pieces of work in ``folder``, in their order."""
    return sorted(folder.glob(f"*{WORK}"))


def measure(work: Path) -> Path:
    """Do one piece of work; the folder with its results, which appears beside it. Done work is not done again."""
    done = work.with_suffix(DONE)
    if not done.is_dir():
        intervals, lags = (pl.read_parquet(work / f"{name}.parquet", glob=False) for name in INPUTS)
        found = {"core.gap_intervals": gap_intervals(intervals), **lag_tables(lags)}
        with new_folder(done) as partial:
            for name in MEASURED:
                found[name].write_parquet(partial / f"{name}.parquet")
    return done


def measured(candidate: Path, folder: Path) -> dict[str, pl.DataFrame]:
    """What was measured of ``candidate``, by table. Work without a whole result is done here; so is all of it
    when nobody has planned in ``folder``.
    """
    if not folder.is_dir():
        plan_measures(candidate, folder)
    results = [_result(work) for work in planned(folder)]
    return {
        name: pl.concat(
            [pl.DataFrame(schema=table(name).polars_schema()), *(found[name] for found in results)]
        )
        for name in MEASURED
    }


def _result(work: Path) -> dict[str, pl.DataFrame]:
    try:
        return _tables(measure(work))
    except (OSError, pl.exceptions.PolarsError):
        # Cut off when the machine went down, or damaged since.
        shutil.rmtree(work.with_suffix(DONE), ignore_errors=True)
        return _tables(measure(work))


def _tables(done: Path) -> dict[str, pl.DataFrame]:
    return {name: pl.read_parquet(done / f"{name}.parquet", glob=False) for name in MEASURED}


def _portions(rows: pl.DataFrame, cost: pl.Expr, parts: int) -> list[pl.DataFrame]:
    """``rows``, sorted by vintage, in ``parts`` pieces; those of a vintage stay together."""
    rows = rows.with_columns(pl.struct("snapshot_id", "category").rle_id().alias("place"))
    costs = rows.group_by("place", maintain_order=True).agg(cost)[:, 1].to_list()
    part = pl.Series(divided(costs, parts), dtype=pl.Int64()).gather(rows["place"])
    return [rows.filter(part == number).drop("place") for number in range(parts)]

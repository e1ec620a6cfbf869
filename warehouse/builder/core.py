"""The step ``core``: a new candidate with every table declared, and ``core`` and ``meta`` filled.

A candidate is a pure function of the inputs, the reference tables and the code. Nothing here reads the
clock or the network.
"""

from __future__ import annotations

from functools import partial
from pathlib import Path

from warehouse.builder import graph
from warehouse.builder.context import BuildContext, BuildIdentity
from warehouse.builder.fill import RowCounts, count_rows, declare_tables, fill
from warehouse.builder.fillers import AFTER_THE_BUILD, FILLERS
from warehouse.builder.inputs import Gathered
from warehouse.db import read_write
from warehouse.reference import ReferenceData
from warehouse.workspace import Workspace


def build_core(
    candidate: Path, gathered: Gathered, known: ReferenceData, identity: BuildIdentity, workspace: Workspace
) -> RowCounts:
    """Create or replace the file ``candidate``; returns the number of rows of each core table."""
    candidate.parent.mkdir(parents=True, exist_ok=True)
    for leftover in (candidate, candidate.with_name(candidate.name + ".wal")):
        leftover.unlink(missing_ok=True)
    with read_write(candidate) as con:
        build = BuildContext(con, gathered, known, identity, workspace)

        declare_tables(con)
        fill(
            con,
            set(graph.tables_of("core")) - AFTER_THE_BUILD,
            {name: partial(filler, build) for name, filler in FILLERS.items()},
        )
        return count_rows(con, [name for name in graph.tables_of("core") if name.startswith("core.")])

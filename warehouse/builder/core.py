"""The step ``core``: a new candidate with every table declared, and ``core`` and ``meta`` filled.

A candidate is a pure function of the inputs, the reference tables and the code. Nothing here reads the
clock or the network.
"""

from __future__ import annotations

import shutil
from functools import partial
from pathlib import Path

import polars as pl

from warehouse.builder import graph
from warehouse.builder.changes import Changes
from warehouse.builder.context import BuildContext, BuildIdentity
from warehouse.builder.fill import RowCounts, count_rows, declare_tables, fill
from warehouse.builder.fillers import AFTER_THE_BUILD, FILLERS
from warehouse.builder.inputs import Gathered
from warehouse.builder.kept_pairs import KeptPairs
from warehouse.builder.meta_frames import read_observations
from warehouse.builder.publication_days import dated
from warehouse.builder.renewal import Renewal
from warehouse.builder.start import WHOLE, Start, note_basis
from warehouse.db import dicts, let_go, read_write
from warehouse.reference import ReferenceData
from warehouse.workspace import Workspace


def build_core(
    candidate: Path,
    gathered: Gathered,
    known: ReferenceData,
    identity: BuildIdentity,
    workspace: Workspace,
    start: Start = WHOLE,
) -> tuple[RowCounts, Changes | None]:
    """Create or replace the file ``candidate``; returns the number of rows of each core table.

    With a release to ``start`` from also what differs from it; None for a whole build.
    """
    candidate.parent.mkdir(parents=True, exist_ok=True)
    let_go(candidate)
    for leftover in (candidate, candidate.with_name(candidate.name + ".wal")):
        leftover.unlink(missing_ok=True)
    if start.file is None:
        declare_tables(candidate)
    else:
        shutil.copyfile(start.file, candidate)
    with read_write(candidate, is_kept=True) as con:
        build = BuildContext(con, gathered, known, identity, workspace)
        fillers = {name: partial(filler, build) for name, filler in FILLERS.items()}
        pairs = KeptPairs(workspace, start.pairs)
        if start.basis:
            fillers["dated"] = partial(_dated_and_kept, build, pairs)
        names = set(graph.tables_of("core")) - AFTER_THE_BUILD
        changes = None
        if start.file is None:
            fill(con, names, fillers)
        else:
            changes = Changes(start.file.stem, results=dicts(con.table("meta.checks")))
            con.execute("DELETE FROM meta.checks")
            Renewal(con, changes, fillers, pairs, partial(read_observations, build)).fill(names)
        note_basis(con, start, pairs.sha256)
        counts = count_rows(con, [name for name in graph.tables_of("core") if name.startswith("core.")])
        return counts, changes


def _dated_and_kept(build: BuildContext, pairs: KeptPairs) -> pl.DataFrame | None:
    pairs.keep(build.con)
    return dated(build)

"""aigap's core, the four marts with what they need, and their checks, without Dagster: ``aigap_part.py FOLDER``.

More than the others do: parsing what is new, resolving names, dating, finding copies and doubled names, three listings
and every country rule, comments, and the intervals of the gap.
"""

from __future__ import annotations

import sys
from pathlib import Path

from warehouse.builder import checks, graph, steps
from warehouse.builder.fill import fill
from warehouse.compute.gap_intervals import gap_intervals
from warehouse.db import read_write
from warehouse.workspace import Workspace

MARTS = ("main.monthly_gap", "main.monthly_gap_filled", "main.frontier", "main.release_cadence")


def needed() -> set[str]:
    """The marts, and what they read of their own step."""
    own = set(graph.tables_of("marts"))
    found: set[str] = set()
    waiting = set(MARTS)
    while waiting:
        name = waiting.pop()
        found.add(name)
        waiting |= (set(graph.upstream(name)) & own) - found
    return found


def main(folder: str) -> None:
    staged = steps.stage(Workspace(Path(folder)))
    steps.observe(staged)
    steps.core(staged)
    tables = needed()
    with read_write(staged.candidate) as con:
        fill(con, tables, {"core.gap_intervals": lambda: gap_intervals(con.table("interval_inputs").pl())})
    about = checks.checks_about(set(steps.WITH_CORE) | tables)
    checks.raise_if_blocked(staged.candidate, checks.run(staged.candidate, about))


if __name__ == "__main__":
    main(sys.argv[1])

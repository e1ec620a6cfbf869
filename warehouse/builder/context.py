"""What the Python that fills tables is given."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse.builder.inputs import Gathered
from warehouse.reference import ReferenceData
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class BuildIdentity:
    """What names a build: the hash of its inputs, the run, and the past day it stands for, if any."""

    input_hash: str
    run_id: str | None = None
    as_of: date | None = None


@dataclass(frozen=True)
class BuildContext:
    """One build in progress: the candidate, and everything it is a function of."""

    con: duckdb.DuckDBPyConnection
    gathered: Gathered
    reference: ReferenceData
    identity: BuildIdentity
    workspace: Workspace

"""The build that fillers in Python read from."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import duckdb

from warehouse.builder.inputs import Gathered
from warehouse.reference import ReferenceData
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class BuildIdentity:
    """The hash of a build's inputs, its run, the past day it is built for, if any, and the sources it leaves out."""

    input_hash: str
    run_id: str | None = None
    as_of: date | None = None
    excluded: tuple[str, ...] = ()


@dataclass(frozen=True)
class BuildContext:
    """A build in progress: the open candidate and everything it is computed from."""

    con: duckdb.DuckDBPyConnection
    gathered: Gathered
    reference: ReferenceData
    identity: BuildIdentity
    workspace: Workspace

"""What a build starts from: nothing, or the published release, if both rest on the same but for inputs.

A release says in ``internal.basis`` what it was computed by. It is sealed by its sha256, so what it says holds for it.
"""

from __future__ import annotations

import hashlib
import os
import sys
from collections.abc import Collection
from dataclasses import dataclass
from importlib.metadata import version
from pathlib import Path

import duckdb

from sources.errors import AigapError
from warehouse import release
from warehouse.builder.inputs import code_hash
from warehouse.db import literal, read_only
from warehouse.switches import STRICT, WHOLE_BUILD, is_on
from warehouse.tables import SCHEMA_VERSION
from warehouse.workspace import ROOT, Workspace

#: What computes, beside the code.
ENGINES = ("duckdb", "polars", "numpy")
#: A release grows with each build that starts from it, and a whole build makes it small again.
MOST_IN_A_ROW = 50


@dataclass(frozen=True)
class Start:
    """The release ``file`` that a build starts from, if any, and the ``basis`` of the build."""

    basis: str = ""
    file: Path | None = None
    #: How many builds in a row started from another, with this one.
    number: int = 0
    #: sha256 of its `warehouse.builder.kept_pairs`.
    pairs: str = ""


WHOLE = Start()


def basis_of(
    workspace: Workspace, history: str, reference_folder: Path, excluded: Collection[str] = ()
) -> str:
    """sha256 over everything that determines a release but for bodies and decisions. ``history``: of its manifest."""
    digest = hashlib.sha256(code_hash(ROOT / "sources", ROOT / "warehouse").encode())
    digest.update(
        f"{SCHEMA_VERSION} {sys.version} {[version(name) for name in ENGINES]} {os.name}\n".encode()
    )
    for folder in (reference_folder, workspace.reference):
        for path in sorted(folder.glob("*.csv")):
            digest.update(f"{path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
        digest.update(b"\n")
    digest.update(f"{history} {is_on(STRICT)} {sorted(excluded)}".encode())
    return digest.hexdigest()


def find_start(workspace: Workspace, basis: str) -> Start:
    """The published release if it is of the same ``basis`` and as it was published, else nothing."""
    whole = Start(basis)
    if is_on(WHOLE_BUILD):
        return whole
    try:
        published = release.current(workspace)
        if published is None or not published.sha256 or release.broken_seal(workspace, published):
            return whole
        file = published.path(workspace)
        with read_only(file) as con:
            [(number, pairs)] = con.execute(
                "SELECT number, pairs FROM internal.basis WHERE basis = ?", [basis]
            ).fetchall() or [(MOST_IN_A_ROW, "")]
    except (AigapError, OSError, duckdb.Error):
        return whole
    return Start(basis, file, number + 1, pairs) if number < MOST_IN_A_ROW else whole


def note_basis(con: duckdb.DuckDBPyConnection, start: Start, pairs: str) -> None:
    """Write into a candidate what it is computed by, as a view: it is no table of the contract."""
    query = f"SELECT {literal(start.basis)} AS basis, {start.number} AS number, {literal(pairs)} AS pairs"
    con.execute(f"CREATE OR REPLACE VIEW internal.basis AS {query}")

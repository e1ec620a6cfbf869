"""``latest.json``: a small file next to the link, for programs that wait for a new release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import duckdb

from warehouse.db import read_only
from warehouse.files import sha256_of, write_atomically
from warehouse.release.listing import current
from warehouse.release.record import READABLE, Release
from warehouse.workspace import Workspace


def describe(workspace: Workspace, release: Release) -> dict[str, Any]:
    """The content of ``latest.json`` for ``release``. ``path`` is relative to the data folder, ``size`` in bytes.

    ``published_at`` is when the release was first published, also after a rollback to it.
    """
    path = release.path(workspace)
    return {
        "name": release.name,
        "published_at": release.published_at,
        "input_hash": release.input_hash,
        "schema_version": release.summary.get("schema_version") or _schema_version(path),
        "path": path.relative_to(workspace.data).as_posix(),
        "size": path.stat().st_size,
        "sha256": release.sha256 or sha256_of(path),
        "latest": release.summary.get("latest", []),
        "withheld": release.summary.get("withheld", []),
        "previous": release.previous,
    }


def write_latest_json(workspace: Workspace, release: Release) -> None:
    """Write ``latest.json`` for ``release``. Call it once the link points there."""
    text = json.dumps(describe(workspace, release), indent=1, ensure_ascii=False) + "\n"
    write_atomically(workspace.latest_json, text, mode=READABLE)


def repair_latest_json(workspace: Workspace) -> None:
    """Write ``latest.json`` if it does not match the link: a publication may have been killed between the two."""
    now = current(workspace)
    if now is not None and _release_named(workspace.latest_json) != now.name:
        write_latest_json(workspace, now)


def _release_named(path: Path) -> str | None:
    """None when the file cannot be read."""
    try:
        name: str = json.loads(path.read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return name


def _schema_version(path: Path) -> str | None:
    """That of a release whose summary does not have it; None for a file without one."""
    try:
        with read_only(path) as con:
            [(version,)] = con.sql("SELECT schema_version FROM meta.release").fetchall()
    except (duckdb.Error, ValueError):
        return None
    return str(version)

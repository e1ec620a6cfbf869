"""``latest.json``: one small file beside the link, for programs that wait for a new release."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import duckdb

from warehouse.files import sha256_of, write_atomically

if TYPE_CHECKING:
    from warehouse.release import Release
    from warehouse.workspace import Workspace

LATEST = "latest.json"


def latest_path(workspace: Workspace) -> Path:
    return workspace.data / LATEST


def describe(workspace: Workspace, release: Release) -> dict[str, Any]:
    """What ``latest.json`` says of ``release``. ``path`` is relative to the folder, ``size`` in bytes.

    ``published_at`` is when the release was first published, also after a rollback to it.
    """
    path = release.path(workspace)
    return {
        "name": release.name,
        "published_at": release.published_at,
        "input_hash": release.input_hash,
        "schema_version": _schema_version(path),
        "path": path.relative_to(workspace.data).as_posix(),
        "size": path.stat().st_size,
        "sha256": sha256_of(path),
        "latest": release.summary.get("latest", []),
        "previous": release.previous,
    }


def told(workspace: Workspace) -> str | None:
    """The release that ``latest.json`` names; None when it cannot be read."""
    try:
        name: str = json.loads(latest_path(workspace).read_text(encoding="utf-8"))["name"]
    except (OSError, ValueError, KeyError, TypeError):
        return None
    return name


def write_latest(workspace: Workspace, release: Release) -> Path:
    """Write ``latest.json`` for ``release``, to be called once the link points to it."""
    text = json.dumps(describe(workspace, release), indent=1, ensure_ascii=False) + "\n"
    write_atomically(latest_path(workspace), text)
    return latest_path(workspace)


def _schema_version(path: Path) -> str | None:
    """None for a file that does not say."""
    try:
        with duckdb.connect(str(path), read_only=True) as con:
            [(version,)] = con.sql("SELECT schema_version FROM meta.release").fetchall()
    except (duckdb.Error, ValueError):
        return None
    return str(version)

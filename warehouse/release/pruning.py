"""Removing old releases, and the remains of publications that were killed."""

from __future__ import annotations

import os

from sources.errors import UsageError
from sources.ingestion.atomic_files import remove_abandoned
from warehouse.files import TEMPORARY
from warehouse.release.listing import current, releases
from warehouse.workspace import Workspace

#: Releases kept by default, the published one included. ``AIGAP_KEEP_RELEASES`` changes it.
KEEP = 5
#: Names of sidecars: `warehouse.release.publishing.new` makes them. Other files there are somebody's.
SIDECARS = "aigap-????????T??????Z-*.json"


def releases_to_keep() -> int:
    """``AIGAP_KEEP_RELEASES``, or `KEEP`. Raises `UsageError` unless it is a whole number."""
    chosen = os.environ.get("AIGAP_KEEP_RELEASES", str(KEEP))
    if not chosen.isdecimal():
        raise UsageError(f"AIGAP_KEEP_RELEASES is {chosen!r}", "a whole number", "nothing was published")
    return int(chosen)


def prune(workspace: Workspace, keep: int) -> None:
    """Remove all but the newest ``keep`` releases (at least one stays).

    The published release and the one before it always stay. Call it with the lock held: it also removes what
    killed publications left.
    """
    now = current(workspace)
    kept = {now.name, now.previous} if now else set()
    for release in releases(workspace)[max(keep, 1) :]:
        if release.name not in kept:
            release.path(workspace).unlink(missing_ok=True)
            release.sidecar(workspace).unlink(missing_ok=True)
    remove_unfinished(workspace)


def remove_unfinished(workspace: Workspace) -> None:
    """Remove what killed publications and other killed writers left; call it with the lock held."""
    for folder in (workspace.data, workspace.releases, workspace.staging):
        for unfinished in folder.glob(TEMPORARY):
            unfinished.unlink(missing_ok=True)
    # An ingest may be at work there: it does not hold the lock.
    remove_abandoned(workspace.archive)
    for sidecar in workspace.releases.glob(SIDECARS):
        if not sidecar.with_suffix(".duckdb").exists():
            sidecar.unlink(missing_ok=True)

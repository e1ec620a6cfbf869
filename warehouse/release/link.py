"""The link that readers open."""

from __future__ import annotations

import os

from warehouse.files import sync
from warehouse.release.latest_json import write_latest_json
from warehouse.release.record import Release
from warehouse.workspace import Workspace


def point_to(workspace: Workspace, release: Release) -> None:
    """Replace the link by one to ``release`` in one step, then ``latest.json``."""
    temporary = workspace.data / f".aigap.duckdb.{os.getpid()}"
    temporary.unlink(missing_ok=True)
    # Relative, so that the data folder can be moved.
    temporary.symlink_to(release.path(workspace).relative_to(workspace.data))
    temporary.replace(workspace.link)
    sync(workspace.data)
    write_latest_json(workspace, release)

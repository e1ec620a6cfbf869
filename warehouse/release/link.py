"""The link that readers open."""

from __future__ import annotations

from warehouse.files import replacing
from warehouse.release.latest_json import write_latest_json
from warehouse.release.record import Release
from warehouse.workspace import Workspace


def point_to(workspace: Workspace, release: Release) -> None:
    """Replace the link by one to ``release`` in one step, then ``latest.json``."""
    with replacing(workspace.link) as temporary:
        # Relative, so that the data folder can be moved.
        temporary.symlink_to(release.path(workspace).relative_to(workspace.data))
    write_latest_json(workspace, release)

"""Rolling back: the link moves to an earlier release."""

from __future__ import annotations

from dataclasses import replace

from sources.errors import UsageError
from warehouse.release.link import point_to
from warehouse.release.listing import current, find_release
from warehouse.release.record import Release, write_sidecar
from warehouse.release.seal import require_sealed
from warehouse.workspace import Workspace


def rollback(workspace: Workspace, to: str | None = None) -> Release:
    """Point the link to the release ``to`` (default: the one before the current one) and return that release.

    The release left is marked as rolled back, so that the next refresh does not bring it back. Raises `UsageError`
    if there is no earlier release, or none called ``to``, and `AigapError` if its file was changed since.
    """
    now = current(workspace)
    if to is None:
        if now is None or now.previous is None:
            raise UsageError("there is no earlier release", "two releases or more", "see: aigap releases")
        to = now.previous
    chosen = replace(find_release(workspace, to), rolled_back=False)
    require_sealed(workspace, chosen)
    write_sidecar(workspace, chosen)
    if now is not None and now.name != chosen.name:
        write_sidecar(workspace, replace(now, rolled_back=True))
    point_to(workspace, chosen)
    return chosen

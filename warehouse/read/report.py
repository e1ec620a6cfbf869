"""What is published and how fresh it is now, as data."""

from __future__ import annotations

from contextlib import nullcontext
from datetime import UTC, datetime
from typing import Any

from warehouse.release import current, sealed_meanwhile
from warehouse.workspace import Workspace


def report(workspace: Workspace, now: datetime | None = None) -> dict[str, Any]:
    """The state of ``workspace``: what a person must do, the release, how much it holds, every source and board with
    what is wrong with it, quarantine and failures.

    ``now`` is for tests; times are UTC. Raises `AigapError` if the published file was changed.
    """
    release = current(workspace)
    with nullcontext() if release is None else sealed_meanwhile(workspace, release):
        # To hash the file takes longer than to load this and to run it, so nothing else is loaded before.
        from warehouse.read.whole_state import whole_state

        return whole_state(workspace, release, now or datetime.now(UTC))

"""Publishing: a checked candidate becomes an immutable file, and the link moves to it."""

from __future__ import annotations

import stat
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sources.errors import AigapError
from warehouse.files import sha256_of, sync
from warehouse.release import archive_policy
from warehouse.release.link import point_to
from warehouse.release.listing import current, releases
from warehouse.release.pruning import prune, releases_to_keep
from warehouse.release.record import Release, write_sidecar
from warehouse.workspace import Workspace


def new(
    workspace: Workspace,
    input_hash: str,
    summary: dict[str, Any],
    run_id: str | None = None,
    as_of: date | None = None,
    state: dict[str, Any] | None = None,
) -> Release:
    """The release that `publish` is to make, named by the time now and its inputs."""
    now = datetime.now(UTC)
    stamp = now.isoformat(timespec="milliseconds")
    if as_of is not None:
        name = f"aigap-as-of-{as_of}-{input_hash[:12]}"
        return Release(name, input_hash, stamp, None, summary, run_id=run_id, as_of=as_of.isoformat())
    name = _free_name(workspace, f"aigap-{now:%Y%m%dT%H%M%SZ}-{input_hash[:12]}")
    before = current(workspace)
    number = 1 + max((one.number for one in releases(workspace)), default=0)
    return Release(
        name,
        input_hash,
        stamp,
        before.name if before else None,
        summary,
        run_id=run_id,
        number=number,
        state=state or {},
    )


def publish(workspace: Workspace, candidate: Path, release: Release) -> Release:
    """Move ``candidate`` to the path of ``release``, point the link there, and prune. Returns it with its sha256.

    Old releases go, and bodies by `archive_policy`. For the release of a past day the link stays where it is, and
    nothing is pruned. Raises `AigapError` for a candidate that is not whole, `UsageError` if ``AIGAP_KEEP_RELEASES`` is
    no number; nothing has changed then.
    """
    if candidate.with_name(candidate.name + ".wal").exists():
        raise AigapError(
            f"{candidate} has changes in a separate file (.wal)",
            "all changes in one file",
            "is the disk full? run: aigap refresh",
        )
    keep = releases_to_keep()
    target = release.path(workspace)
    target.parent.mkdir(parents=True, exist_ok=True)
    sync(candidate)
    release = replace(release, sha256=sha256_of(candidate))
    # The sidecar first: a file without one is invisible, a sidecar without its file too.
    write_sidecar(workspace, release)
    candidate.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    candidate.replace(target)
    sync(target.parent)
    if release.as_of is None:
        point_to(workspace, release)
        prune(workspace, keep)
        archive_policy.apply(workspace)
    return release


def _free_name(workspace: Workspace, name: str) -> str:
    """``name``, or with a number behind it when two releases fall into one second."""
    candidate, number = name, 1
    while (workspace.releases / f"{candidate}.duckdb").exists():
        number += 1
        candidate = f"{name}-{number}"
    return candidate

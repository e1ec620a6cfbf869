"""Which bodies of the archive go, and when: those that no kept release needs, after so many days."""

from __future__ import annotations

import logging
import os
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING

import duckdb

from sources.errors import AigapError, UsageError
from warehouse.db import read_only
from warehouse.release.listing import current, releases
from warehouse.workspace import Workspace

if TYPE_CHECKING:
    from sources.ingestion.archive.archive_pruning import PrunedFile

#: The environment variable: after how many days each publication prunes the archive. Not set, it prunes nothing.
KEEP_BODIES = "AIGAP_KEEP_BODIES_DAYS"
#: Days by which `aigap archive prune` goes when nobody says.
DAYS = 365
#: No archive is that old, and a day so many days ago can still be written.
MOST_DAYS = 100_000

_log = logging.getLogger("aigap.progress")


def days_kept() -> int | None:
    """``AIGAP_KEEP_BODIES_DAYS``; None if it is not set. Raises `UsageError` unless it is a whole number."""
    chosen = os.environ.get(KEEP_BODIES)
    if not chosen:
        return None
    if not chosen.isdecimal():
        raise UsageError(f"{KEEP_BODIES} is {chosen!r}", "a whole number of days", "nothing was removed")
    return int(chosen)


def prune_archive(
    workspace: Workspace, days: int, *, dry_run: bool = False
) -> tuple[datetime, list[PrunedFile]]:
    """Remove what no kept release and no newest receipt needs and is older than ``days`` days.

    Nothing younger than the published release is removed: it is for the next. Returns the moment before which it was
    received, and what was removed. Call it with the lock held. Raises `UsageError` before the first release, and
    `AigapError` when a release does not say what it was built from.
    """
    from sources.ingestion.archive import Archive, archive_pruning

    published = current(workspace)
    if published is None:
        raise UsageError(
            f"nothing is published in {workspace.data}",
            "a release",
            "run: aigap refresh; nothing was removed",
        )
    before = min(
        datetime.now(UTC) - timedelta(days=min(days, MOST_DAYS)),
        datetime.fromisoformat(published.published_at),
    )
    removed = archive_pruning.prune_archive(
        Archive(workspace.archive), _needed(workspace), before, dry_run=dry_run
    )
    return before, removed


def apply(workspace: Workspace) -> None:
    """Prune by ``AIGAP_KEEP_BODIES_DAYS``, if it is set. What cannot be pruned is a warning: a release is out."""
    try:
        days = days_kept()
        removed = [] if days is None else prune_archive(workspace, days)[1]
    except AigapError as error:
        _log.warning("the archive was not pruned: %s", error.line())
        return
    if removed:
        _log.info("archive: %d files removed by %s", len(removed), KEEP_BODIES)


def _needed(workspace: Workspace) -> set[str]:
    """sha256 of everything the kept releases were built from."""
    needed: set[str] = set()
    for release in releases(workspace):
        try:
            with read_only(release.path(workspace)) as con:
                needed |= {row[0] for row in con.sql("SELECT sha256 FROM meta.inputs").fetchall()}
        except duckdb.Error as error:
            raise AigapError(
                f"{release.name} does not say what it was built from ({str(error).splitlines()[0]})",
                "a release that can be read",
                "nothing was removed",
            ) from None
    return needed

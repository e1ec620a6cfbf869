"""The state of a data folder as data: the release and what came since."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import all_decisions
from sources.ingestion.archive.fetch_failures import current_failures
from sources.ingestion.archive.quarantine import quarantined_bodies
from warehouse.read.source_status import freshness
from warehouse.read.to_do import tasks
from warehouse.release import Release
from warehouse.release.state import state_of
from warehouse.workspace import Workspace


def whole_state(workspace: Workspace, release: Release | None, now: datetime) -> dict[str, Any]:
    """What `warehouse.read.report.report` returns, of the published ``release`` as of ``now``."""
    archive = Archive(workspace.archive)
    known = None if release is None else state_of(workspace, release)
    sources, boards = ([], []) if known is None else freshness(workspace, known, now)
    state = {
        "data_dir": str(workspace.data),
        "release": None if release is None else _release(workspace, release),
        "evidence": None if known is None else known["evidence"],
        "sources": sources,
        "boards": boards,
        **left_out(workspace, known),
        "quarantined": [
            {
                "source_id": entry.receipt.source_id,
                "request": entry.receipt.request,
                "sha256": entry.receipt.sha256,
                "reason": entry.reason,
            }
            for entry in quarantined_bodies(archive)
        ],
        "failing": [
            {
                "source_id": entry.source_id,
                "request": entry.request,
                "at": entry.at.isoformat(),
                "reason": entry.reason,
            }
            for entry in current_failures(archive)
        ],
    }
    return {"to_do": [task.to_row() for task in tasks(workspace, state, now)], **state}


def left_out(workspace: Workspace, known: Mapping[str, Any] | None) -> dict[str, list[str]]:
    """What of the archive is left out now, one line each by the keys of `warehouse.read.status.HEADINGS`.

    ``known`` is the state of the release (`warehouse.release.state`); None before the first.
    """
    decisions = all_decisions(workspace.archive)
    return {
        "held": [line for one in decisions if one.rejected_at is None for line in one.lines()],
        "rejected": [one.rejection() for one in decisions if one.rejected_at is not None],
        "unreadable": [] if known is None else known["unreadable"],
    }


def _release(workspace: Workspace, release: Release) -> dict[str, Any]:
    return {
        "name": release.name,
        "published_at": release.published_at,
        "path": str(workspace.link),
        "input_hash": release.input_hash,
        "summary": release.summary,
    }

"""What is published and how fresh it is now, for people and for monitors."""

from __future__ import annotations

from contextlib import suppress
from datetime import UTC, datetime
from typing import Any

import duckdb

from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import all_decisions
from sources.ingestion.archive.fetch_failures import current_failures
from sources.ingestion.archive.quarantine import quarantined_bodies
from warehouse.read.cells import json_text
from warehouse.read.evidence import evidence, in_words
from warehouse.read.headline import headline
from warehouse.read.source_status import freshness
from warehouse.read.to_do import Task, tasks
from warehouse.release import Release, board_status, current, open_release, sealed_meanwhile
from warehouse.release.withheld import lines as withheld_lines
from warehouse.workspace import Workspace

#: What is left out, as lines; by the heading that says so.
HEADINGS = {
    "held back: it does not fit what was known before; the last good stays in use (docs/runbook.md#held)": "held",
    "rejected: never read (docs/runbook.md#rejected)": "rejected",
    "unreadable: left out of the release until the parser reads it (docs/runbook.md#unread)": "unreadable",
}


def report(workspace: Workspace, now: datetime | None = None) -> dict[str, Any]:
    """The state of ``workspace``: what a person must do, the release, how much it holds, every source and board with
    what is wrong with it, quarantine and failures.

    ``now`` is for tests; times are UTC. Raises `AigapError` if the published file was changed.
    """
    release = current(workspace)
    now = now or datetime.now(UTC)
    if release is None:
        return _report(workspace, None, now)
    # Held open, the file costs its next readers nothing.
    with sealed_meanwhile(workspace, release), open_release(workspace.link):
        return _report(workspace, release, now)


def _report(workspace: Workspace, release: Release | None, now: datetime) -> dict[str, Any]:
    archive = Archive(workspace.archive)
    sources, boards = ([], []) if release is None else freshness(workspace, now)
    state = {
        "data_dir": str(workspace.data),
        "release": None if release is None else _release(workspace, release),
        "evidence": None if release is None else _evidence(workspace),
        "sources": sources,
        "boards": boards,
        **left_out(workspace),
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


def left_out(workspace: Workspace) -> dict[str, list[str]]:
    """What of the archive is left out now, one line each by the keys of `HEADINGS`."""
    decisions = all_decisions(workspace.archive)
    return {
        "held": [line for one in decisions if one.rejected_at is None for line in one.lines()],
        "rejected": [one.rejection() for one in decisions if one.rejected_at is not None],
        "unreadable": [] if current(workspace) is None else _unreadable(workspace),
    }


def as_json(workspace: Workspace) -> str:
    """The report as JSON, for monitors."""
    return json_text(report(workspace), indent=1)


def as_text(workspace: Workspace) -> str:
    """The report as lines for people."""
    state = report(workspace)
    lines = _to_do(state)
    if state["release"] is None:
        lines += [f"nothing is published in {workspace.data}; run: aigap refresh"]
    else:
        lines += _published(state)
    if state["failing"]:
        lines.append(
            "failing: the last answer was refused or never came; the last good bytes stay in use "
            "(docs/runbook.md#failing-source)"
        )
        lines += [
            f"  {entry['source_id']}/{entry['request']} ({entry['at'][:10]}): {entry['reason']}"
            for entry in state["failing"]
        ]
    for heading, kind in HEADINGS.items():
        if state[kind]:
            lines.append(heading)
            lines += [f"  {line}" for line in state[kind]]
    if state["quarantined"]:
        lines.append(
            "quarantined: once its parser reads it: aigap archive retry SHA (docs/runbook.md#format-changed)"
        )
        lines += [
            f"  {entry['source_id']}/{entry['request']} {entry['sha256'][:12]}: {entry['reason']}"
            for entry in state["quarantined"][-5:]
        ]
    return "\n".join(lines)


def _to_do(state: dict[str, Any]) -> list[str]:
    found = [Task(**row) for row in state["to_do"]]
    if not found:
        return ["to do today: nothing"]
    return ["to do today", *(f"  {number}. {task.line()}" for number, task in enumerate(found, 1))]


def _boards(boards: list[dict[str, Any]]) -> list[str]:
    """The lines about boards that are overdue by their own rhythm."""
    expected = sum(board["overdue_after"] is not None for board in boards)
    late = board_status.overdue(boards)
    if not expected:
        return []
    see = " (docs/runbook.md#late-board)" if late else ""
    lines = [f"boards     {expected} are expected to bring new figures, {len(late)} are overdue{see}"]
    width = max((len(board_status.name(board)) for board in late), default=0)
    return lines + [f"  {board_status.name(board):<{width}}  {board_status.line(board)}" for board in late]


def _published(state: dict[str, Any]) -> list[str]:
    """The lines about the release and its sources."""
    release = state["release"]
    lines = [f"published  {release['name']} ({release['published_at'][:19]}Z) in {release['path']}"]
    lines += [f"latest     {line}" for line in headline(release["summary"])]
    if state["evidence"]:
        lines.append(f"holds      {in_words(state['evidence'])}")
    if left_out := release["summary"].get("left_out"):
        lines.append(f"without    {', '.join(left_out)}, left out on request")
    if withheld := withheld_lines(release["summary"].get("withheld", [])):
        lines += ["withheld: doubtful, so left out; the last good figures stand (docs/runbook.md#withheld)"]
        lines += [f"  {line}" for line in withheld]
    lines.append("sources")
    width = max(len(source["source_id"]) for source in state["sources"])
    for source in state["sources"]:
        words = [f"{source['inputs']} {'input' if source['inputs'] == 1 else 'inputs'}"]
        if source["last_published_on"]:
            words.append(f"figures to {source['last_published_on']}")
        words += source["notes"]
        if source["set_aside"]:
            words.append(source["set_aside"])
        words += [f"{name} is not read: {why}" for name, why in source["not_read"].items()]
        lines.append(f"  {source['source_id']:<{width}}  {'; '.join(words)}")
    return lines + _boards(state["boards"])


def _evidence(workspace: Workspace) -> dict[str, Any] | None:
    with open_release(workspace.link) as con:
        return evidence(con)


def _unreadable(workspace: Workspace) -> list[str]:
    """Archived bodies that the release leaves out because their parser does not read them."""
    rows: list[tuple[str, ...]] = []
    # Releases of earlier versions have no such table.
    with open_release(workspace.link) as con, suppress(duckdb.CatalogException):
        rows = con.sql(
            "SELECT source_id, request, sha256, coalesce(file_name, ''), reason FROM meta.held "
            "WHERE state = 'unreadable' ORDER BY source_id, request, known_at"
        ).fetchall()
    return [
        f"{source}/{request} {sha256[:12]}{f' ({name})' if name else ''}: {reason}"
        for source, request, sha256, name, reason in rows
    ]


def _release(workspace: Workspace, release: Release) -> dict[str, Any]:
    return {
        "name": release.name,
        "published_at": release.published_at,
        "path": str(workspace.link),
        "input_hash": release.input_hash,
        "summary": release.summary,
    }

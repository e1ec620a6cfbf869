"""What is published and how fresh it is, for people and for monitors. Reads the clock: it is asked now."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from typing import Any

import duckdb

from sources.ingestion.archive import Archive
from sources.ingestion.failures import current_failures
from sources.ingestion.quarantine import quarantined_bodies
from sources.registry import all_sources
from warehouse.release import Release, current
from warehouse.workspace import Workspace


def report(workspace: Workspace, now: datetime | None = None) -> dict[str, Any]:
    """The state of ``workspace``: the release, every source with what is wrong with it, quarantine."""
    moment = now or datetime.now(UTC)
    release = current(workspace)
    archive = Archive(workspace.archive)
    return {
        "data_dir": str(workspace.data),
        "release": None if release is None else _release(workspace, release),
        "sources": [] if release is None else _sources(workspace, moment),
        "quarantined": [
            {"source_id": entry.receipt.source_id, "request": entry.receipt.request, "reason": entry.reason}
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


def as_json(workspace: Workspace) -> str:
    return json.dumps(report(workspace), indent=1, ensure_ascii=False)


def as_text(workspace: Workspace) -> str:
    state = report(workspace)
    if state["release"] is None:
        return f"nothing is published in {workspace.data}; run: aigap refresh"
    release = state["release"]
    lines = [f"published  {release['name']} ({release['published_at'][:19]}Z) in {release['path']}"]
    lines += [f"latest     {line}" for line in headline(release["summary"])]
    lines.append("sources")
    width = max(len(source["source_id"]) for source in state["sources"])
    for source in state["sources"]:
        words = [f"{source['inputs']} inputs"]
        if source["last_published_on"]:
            words.append(f"figures to {source['last_published_on']}")
        words += source["notes"]
        lines.append(f"  {source['source_id']:<{width}}  {'; '.join(words)}")
    if state["failing"]:
        lines.append("failing: the last answer was refused or never came; the last good bytes stay in use")
        lines += [
            f"  {entry['source_id']}/{entry['request']} ({entry['at'][:10]}): {entry['reason']}"
            for entry in state["failing"]
        ]
    if state["quarantined"]:
        lines.append("quarantined")
        lines += [
            f"  {entry['source_id']}/{entry['request']}: {entry['reason']}"
            for entry in state["quarantined"][-5:]
        ]
    return "\n".join(lines)


def headline(summary: dict[str, Any]) -> list[str]:
    """The latest gap of each variant in words."""
    lines = []
    for row in summary.get("latest", []):
        gap = row["gap_points"]
        leads = "the US leads by" if gap > 0 else "China leads by" if gap < 0 else "level at"
        variant = {"raw": "raw", "style_control": "style control"}.get(row["variant"], row["variant"])
        interval = ""
        if row["gap_low"] is not None:
            interval = f", 95 % interval {row['gap_low']:.1f} to {row['gap_high']:.1f}"
        elif row["status"] == "leaders_only":
            interval = ", leaders only, no interval"
        lines.append(
            f"{row['month'][:7]} {variant}: {leads} {abs(gap):.1f} points "
            f"({row['us_model']} {row['us_score']:.1f}, {row['cn_model']} {row['cn_score']:.1f}; "
            f"{row['gap_pct_of_cn']:.2f} % of the Chinese score; "
            f"US wins {100 * row['us_win_probability']:.1f} % of pairs{interval}), "
            f"snapshot of {row['published_on']} from {row['source_id']}"
        )
    return lines


def _still(archive: Archive, source_id: str) -> list[str]:
    """Which requests of a source still answer, but have given the same bytes for too long."""
    known = {source.id: source for source in all_sources()}
    source = known.get(source_id)
    if source is None or source.cadence is None:
        return []
    found = []
    for request in source.requests:
        newest = archive.latest(source_id, request.name) if request.address else None
        since = archive.unchanged_since(source_id, request.name) if newest and newest.status else None
        if newest and since and newest.known_at - since > 2 * source.cadence:
            found.append(f"{request.name}: the same bytes since {since:%Y-%m-%d}")
    return found


def _asked_since(archive: Archive, row: dict[str, Any], cadence: timedelta | None) -> None:
    """Count in ``row`` what was fetched after the release was built: where a check stops builds, much may be."""
    # Asking for the past says nothing of how fresh the present is.
    live = [receipt.fetched_at for receipt in archive.history(row["source_id"]) if not receipt.key]
    last = max(live).replace(tzinfo=None) if live else None
    if cadence and last and (row["last_fetch"] is None or last > row["last_fetch"]):
        row["last_fetch"], row["next_expected"] = last, last + cadence


def stale_sources(workspace: Workspace, now: datetime | None = None) -> list[str]:
    """One line for each live source that repeats old figures, is overdue or was last refused."""
    return [
        f"{row['source_id']}: {'; '.join(row['notes'])}"
        for row in _sources(workspace, now or datetime.now(UTC))
        if row["notes"]
    ]


def _release(workspace: Workspace, release: Release) -> dict[str, Any]:
    return {
        "name": release.name,
        "published_at": release.published_at,
        "path": str(workspace.link),
        "input_hash": release.input_hash,
        "summary": release.summary,
    }


def _sources(workspace: Workspace, now: datetime) -> list[dict[str, Any]]:
    con = duckdb.connect(str(workspace.link), read_only=True)
    try:
        found = con.sql("SELECT * FROM meta.source_status ORDER BY source_id")
        rows = [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]
    finally:
        con.close()
    archive = Archive(workspace.archive)
    # As of now, not of the release: it may have failed, or recovered, since.
    wrong = {
        entry.source_id: entry for entry in sorted(current_failures(archive), key=lambda entry: entry.at)
    }
    cadences = {source.id: source.cadence for source in all_sources()}
    for row in rows:
        _asked_since(archive, row, cadences.get(row["source_id"]))
        row["last_error"] = wrong[row["source_id"]].reason if row["source_id"] in wrong else None
        notes: list[str] = []
        is_live = row["next_expected"] is not None
        if row["last_error"]:
            notes.append(f"last answer refused or missing: {row['last_error']}")
        notes += _still(archive, row["source_id"])
        if row["is_repeating"] and is_live:
            notes.append("repeats old figures")
        expected = row["next_expected"]
        if is_live and expected.replace(tzinfo=UTC) < now:
            notes.append(f"overdue since {expected:%Y-%m-%d}")
        row["notes"] = notes
        for key, value in row.items():
            if hasattr(value, "isoformat"):
                row[key] = value.isoformat()
    return rows

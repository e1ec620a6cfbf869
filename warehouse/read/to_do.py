"""What a person must do today: the first lines of `aigap status`."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import UTC, datetime
from typing import Any

from warehouse.release.board_status import overdue
from warehouse.release.withheld import is_old_news
from warehouse.workspace import Workspace

#: A build needs room for the candidate and for what DuckDB puts beside it: so many releases, and no less than this.
RELEASES_OF_ROOM, LEAST_ROOM = 3, 1_000_000_000


@dataclass(frozen=True)
class Task:
    """``what`` is wrong, the ``command`` that helps or shows more, and the section of the runbook about it."""

    what: str
    command: str
    see: str

    def line(self) -> str:
        """The task in one line."""
        return f"{self.what}: {self.command} ({self.see})"

    def to_row(self) -> dict[str, str]:
        """The fields for JSON."""
        return asdict(self)


def tasks(workspace: Workspace, state: dict[str, Any], now: datetime) -> list[Task]:
    """What of ``state``, a `warehouse.read.report`, asks for a person, the most urgent first."""
    return [*_room(workspace, state), *_published(state), *_inputs(state), *_late(state, now)]


def room_needed(workspace: Workspace) -> int:
    """Bytes that a build of this warehouse may need on its disk."""
    size = workspace.link.stat().st_size if workspace.link.exists() else 0
    return max(RELEASES_OF_ROOM * size, LEAST_ROOM)


def _room(workspace: Workspace, state: dict[str, Any]) -> Iterator[Task]:
    if not workspace.data.exists():
        return
    free, needed = shutil.disk_usage(workspace.data).free, room_needed(workspace)
    if free < needed:
        yield Task(
            f"only {free / 1e9:.1f} GB are free in {workspace.data}, a build needs {needed / 1e9:.1f} GB",
            "aigap doctor --offline",
            "docs/runbook.md#full-disk",
        )


def _published(state: dict[str, Any]) -> Iterator[Task]:
    release = state["release"]
    if release is None:
        yield Task("nothing is published", "aigap refresh", "docs/runbook.md#nothing-published")
        return
    withheld = [entry for entry in release["summary"].get("withheld", []) if not is_old_news(entry)]
    lines = sum(bool(entry["csv_line"]) for entry in withheld)
    if lines:
        yield Task(
            f"{_number(lines, 'name or maker', 'names or makers')} unknown, and what they could falsify is withheld",
            "aigap resolve",
            "docs/runbook.md#withheld",
        )
    if len(withheld) > lines:
        yield Task(
            f"{_number(len(withheld) - lines, 'publication is', 'publications are')} withheld as doubtful",
            "aigap resolve",
            "docs/runbook.md#withheld",
        )


def _inputs(state: dict[str, Any]) -> Iterator[Task]:
    if held := state["held"]:
        bodies = _number(len(held), "series or body is", "series or bodies are")
        yield Task(f"{bodies} held back", "aigap archive release SHA, or leave them", "docs/runbook.md#held")
    if unreadable := state["unreadable"]:
        bodies = _number(len(unreadable), "archived body is", "archived bodies are")
        yield Task(f"{bodies} not read", "aigap archive show SOURCE", "docs/runbook.md#unread")
    if new := sum(row["not_built"] for row in state["sources"]):
        bodies = _number(new, "body came", "bodies came")
        yield Task(f"{bodies} that the release does not have", "aigap refresh", "docs/runbook.md#not-built")
    failing = sorted({entry["source_id"] for entry in state["failing"]})
    if failing:
        yield Task(
            f"{_number(len(failing), 'source fails', 'sources fail')} ({_some(failing)})",
            "aigap doctor " + " ".join(f"--source {name}" for name in failing[:3]),
            "docs/runbook.md#failing-source",
        )


def _late(state: dict[str, Any], now: datetime) -> Iterator[Task]:
    today = now.astimezone(UTC).replace(tzinfo=None).isoformat()
    sources = [
        row["source_id"] for row in state["sources"] if row["next_expected"] and row["next_expected"] < today
    ]
    late = overdue(state["boards"])
    not_asked = [row for row in late if not row["asked_since"]]
    if sources or not_asked:
        what = _number(len(sources), "source was", "sources were")
        boards = f", {_number(len(not_asked), 'board is', 'boards are')} overdue" if not_asked else ""
        yield Task(f"{what} not asked in time{boards}", "aigap refresh --live", "docs/runbook.md#not-asked")
    if asked := sorted({row["board"] for row in late if row["asked_since"]}):
        yield Task(
            f"{_number(len(asked), 'board brings', 'boards bring')} nothing new for too long ({_some(asked)})",
            "aigap status",
            "docs/runbook.md#late-board",
        )


def _number(count: int, one: str, many: str) -> str:
    return f"{count} {one if count == 1 else many}"


def _some(names: list[str], most: int = 3) -> str:
    more = f" and {len(names) - most} more" if len(names) > most else ""
    return ", ".join(names[:most]) + more

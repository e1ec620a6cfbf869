"""The state of a data folder (`warehouse.read.report`) as lines for people."""

from __future__ import annotations

from typing import Any

from warehouse.read.evidence import in_words
from warehouse.read.headline import headline
from warehouse.read.to_do import Task
from warehouse.release import board_status
from warehouse.release.withheld import lines as withheld_lines

#: What is left out, as lines; by the heading that says so.
HEADINGS = {
    "held back: it does not fit what was known before; the last good stays in use (docs/runbook.md#held)": "held",
    "rejected: never read (docs/runbook.md#rejected)": "rejected",
    "unreadable: left out of the release until the parser reads it (docs/runbook.md#unread)": "unreadable",
}


def lines_of(state: dict[str, Any]) -> list[str]:
    """What `aigap status` prints of ``state``, a report."""
    lines = _to_do(state)
    if state["release"] is None:
        lines.append(f"nothing is published in {state['data_dir']}; run: aigap refresh")
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
    return lines


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

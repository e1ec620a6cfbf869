"""How much is held of the boards, in one line."""

from __future__ import annotations

from typing import Any


def in_words(found: dict[str, Any]) -> str:
    """``found`` of `warehouse.release.state.evidence` as one line."""
    still = len(found["standing_still"])
    line = (
        f"{_counted(found['board_months'], 'board-month')} of {_counted(found['boards'], 'board')}, "
        f"{found['with_interval']} with an interval"
    )
    if found["self_reported_boards"]:
        line += (
            f", and {_counted(found['self_reported_board_months'], 'self-reported board-month')} of "
            f"{_counted(found['self_reported_boards'], 'board')}"
        )
    if still:
        line += f"; {_counted(still, 'board')} {'stands' if still == 1 else 'stand'} still"
    return line


def _counted(number: int, noun: str) -> str:
    return f"{number} {noun}{'' if number == 1 else 's'}"

"""Reading cells of the reference tables, and normalizing printed names."""

from __future__ import annotations

import re
from datetime import date
from functools import cache
from typing import overload

from sources.contract.names import comparable

ALWAYS_FROM = date(1, 1, 1)
ALWAYS_TO = date(9999, 12, 31)


@cache
def normalized(name: str) -> str:
    """``name`` for comparison, each computed once, as `sources.contract.names.comparable` gives it."""
    return comparable(name)


def split_names(cell: str | None) -> list[str]:
    """``a | b`` as a list."""
    return [part.strip() for part in (cell or "").split(" | ") if part.strip()]


def split_codes(cell: str | None) -> list[str]:
    """``US;GB`` as a list."""
    return [part.strip() for part in (cell or "").split(";") if part.strip()]


@overload
def as_date(cell: str | None) -> date | None: ...
@overload
def as_date(cell: str | None, default: date) -> date: ...
def as_date(cell: str | None, default: date | None = None) -> date | None:
    """``cell`` as a day; ``default`` when it is empty."""
    return date.fromisoformat(cell) if cell else default


def is_number(cell: str | None) -> bool:
    """Is ``cell`` a number without a sign or an exponent?"""
    return re.fullmatch(r"\d+(\.\d+)?", cell or "") is not None


def is_date(cell: str) -> bool:
    """Is ``cell`` a day written as YYYY-MM-DD?"""
    try:
        return date.fromisoformat(cell).isoformat() == cell
    except ValueError:
        return False

"""A value on a page with the query, row and column it is from, and how a reader sees it.

The macros of ``templates/cited_values.html.j2`` print it as ``<data data-query=… data-row=… data-column=…>``. A test
reads the pages, runs the queries and compares every one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

MINUS = "−"


@dataclass(frozen=True)
class CitedValue:
    """``value`` of ``row`` (from 0) and ``column`` of ``query``; None where it is null."""

    value: Any
    query: str
    row: int
    column: str

    @property
    def exact(self) -> str:
        """``value`` in full: ISO text of a day, all digits of a number."""
        return self.value.isoformat() if isinstance(self.value, date | datetime) else repr(self.value)


def rounded(value: float, decimals: int, *, signed: bool = False, size: bool = False) -> str:
    """``value`` with ``decimals`` places; ``size`` leaves the sign to the words around it."""
    # half away from zero, as the charts do: a headline and the tooltip below it must not differ
    exact = Decimal(abs(value) if size else value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    number = f"{exact:{'+' if signed else ''},.{decimals}f}"
    # −0.0 is a rounding, not a direction
    if not number.strip("+-0.,"):
        number = number.lstrip("+-")
    return number.replace("-", MINUS)


def in_words(value: date, *, day: bool = True) -> str:
    """As in 2 October 2026. In English: a Python program has no other month names unless it asks for them."""
    return f"{value.day} {value:%B %Y}" if day else f"{value:%B %Y}"

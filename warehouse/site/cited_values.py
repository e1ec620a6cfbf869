"""Figures in running text: what a reader sees, and the query, row and column it is from.

A test reads the pages, runs the queries and compares every one of them.
"""

from __future__ import annotations

from datetime import date, datetime
from decimal import ROUND_HALF_UP, Decimal
from typing import Any

from markupsafe import Markup, escape

from warehouse.site.queries import Result

MINUS = "−"
MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)


def shown(value: float, decimals: int, *, signed: bool = False, size: bool = False) -> str:
    """``value`` with ``decimals`` places; ``size`` leaves the sign to the words around it."""
    # half away from zero, as the charts do: a headline and the tooltip below it must not differ
    exact = Decimal(abs(value) if size else value).quantize(Decimal(1).scaleb(-decimals), ROUND_HALF_UP)
    number = f"{exact:{'+' if signed else ''},.{decimals}f}"
    # −0.0 is a rounding, not a direction
    if not number.strip("+-0.,"):
        number = number.lstrip("+-")
    return number.replace("-", MINUS)


def number(
    result: Result, column: str, decimals: int = 1, row: int = 0, *, signed: bool = False, size: bool = False
) -> Markup:
    value = result.cell(row, column)
    if value is None:
        return Markup("–")
    return _hook(result, column, row, value, shown(float(value), decimals, signed=signed, size=size))


def month(result: Result, column: str, row: int = 0) -> Markup:
    value = result.cell(row, column)
    return Markup("–") if value is None else _hook(result, column, row, value, in_words(value, day=False))


def day(result: Result, column: str, row: int = 0) -> Markup:
    value = result.cell(row, column)
    return Markup("–") if value is None else _hook(result, column, row, value, in_words(value))


def year(result: Result, column: str, row: int = 0) -> Markup:
    """A year, or another number that is a name: no separators."""
    value = result.cell(row, column)
    return Markup("–") if value is None else _hook(result, column, row, value, str(value))


def word(result: Result, column: str, row: int = 0) -> Markup:
    """A name as printed upstream: never translated, never read as markup."""
    value = result.cell(row, column)
    return Markup('<span class="name" translate="no">{}</span>').format("–" if value is None else value)


def in_words(value: date, *, day: bool = True) -> str:
    """As in 2 October 2026, whatever the machine's locale is."""
    text = f"{MONTHS[value.month - 1]} {value.year}"
    return f"{value.day} {text}" if day else text


def _hook(result: Result, column: str, row: int, value: Any, text: str) -> Markup:
    exact = value.isoformat() if isinstance(value, date | datetime) else repr(value)
    return Markup('<data value="{}" data-query="{}" data-row="{}" data-column="{}">{}</data>').format(
        exact, result.id, row, column, escape(text)
    )

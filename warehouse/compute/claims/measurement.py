"""What measuring a claim gives, how a value is compared with the claimed one, and the queries that measures share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from warehouse import db
from warehouse.db import sql_text

#: Covers binary fractions in the difference of two decimals; it is no tolerance.
ROUNDING = 1e-9

Row = dict[str, Any]


@dataclass(frozen=True)
class Reading:
    """Our value under one of several readings of what a claim says, in the unit of the claim."""

    name: str
    value: float | None
    explanation: str
    rows: str


@dataclass(frozen=True)
class Measurement:
    """Our value for a claim and what it comes from.

    ``readings`` are given where the words of the claim allow several; the value is then None. ``verdict`` is set
    where the value alone does not decide it.
    """

    rule: str
    explanation: str
    value: float | None = None
    rows: str | None = None
    us_model: str | None = None
    cn_model: str | None = None
    us_model_id: str | None = None
    cn_model_id: str | None = None
    verdict: str | None = None
    readings: tuple[Reading, ...] = ()


def agrees(comparison: str, claimed: str, tolerance: str | None, measured: float) -> bool:
    """Does ``measured`` agree with the claimed value, or range ``low..high``, within ``tolerance``?"""
    allowed = float(tolerance or 0) + ROUNDING
    if comparison == "between":
        low, high = (float(part) for part in claimed.split(".."))
        return low - allowed <= measured <= high + allowed
    value = float(claimed)
    if comparison == "at_least":
        return measured >= value - allowed
    if comparison == "at_most":
        return measured <= value + allowed
    return abs(measured - value) <= allowed


def bears_out(claim: Row, measured: float) -> bool:
    """`agrees` with the comparison, the value and the tolerance of ``claim``."""
    return agrees(claim["comparison"], claim["value"], claim["tolerance"], measured)


def distance(claim: Row, measured: float) -> float:
    """How far ``measured`` is from the claimed value or the nearer end of its range; 0 if it agrees."""
    if bears_out(claim, measured):
        return 0.0
    return min(abs(measured - float(part)) for part in claim["value"].split(".."))


def month_of(claim: Row) -> date:
    """The first day of the month that ``claim`` is about."""
    return date.fromisoformat(f"{claim['period']}-01")


def month_named(text: str) -> date:
    """The month named in a phrase like "a snapshot of 2025-12 or later"."""
    found = re.search(r"\d{4}-\d{2}", text)
    assert found is not None, text
    return date.fromisoformat(f"{found[0]}-01")


def gap_in_words(row: Row, measure: str) -> str:
    """The leaders of ``row`` with their scores, and the gap in points, and in percent if ``measure`` is that."""
    amount = f"{row[measure]:.2f} percent, " if measure == "gap_pct_of_cn" else ""
    return (
        f"{row['us_model']} {row['us_score']:.1f}, {row['cn_model']} {row['cn_score']:.1f}: {amount}"
        f"{row['gap_points']:.1f} points"
    )


def rows_of(con: duckdb.DuckDBPyConnection, query: str, **values: object) -> list[Row]:
    """The rows of ``compute/claims/<query>.sql`` with its parameters set to ``values``."""
    return db.rows_of(con, sql_text(f"compute/claims/{query}.sql"), values)

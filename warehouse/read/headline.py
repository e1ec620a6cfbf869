"""The latest gap of each variant as a sentence, from the summary that a release carries."""

from __future__ import annotations

from datetime import date
from typing import Any

from warehouse.read.country_pair import CountryPair

VARIANTS = {"style_control": "style control"}


def headline(summary: dict[str, Any]) -> list[str]:
    """One sentence for each variant. Releases whose summary names no pair compare the US and China."""
    pair = CountryPair(*summary.get("pair", ()))
    return [_sentence(row, pair) for row in summary.get("latest", [])]


def answer(summary: dict[str, Any], today: date) -> list[str]:
    """The newest gap of each variant in two lines: how big, how sure, how old, and between which models."""
    pair = CountryPair(*summary.get("pair", ()))
    rows = summary.get("latest", [])
    names = [VARIANTS.get(row["variant"], row["variant"]) for row in rows]
    width = max(map(len, names), default=0)
    lines = []
    for name, row in zip(names, rows, strict=True):
        sure = "no interval" if row["gap_low"] is None else f"{row['gap_low']:.1f} to {row['gap_high']:.1f}"
        days = (today - date.fromisoformat(row["published_on"])).days
        lines += [
            f"{name:<{width}}  {pair.lead(row['gap_points'])} ({sure}), {_ago(days)}",
            f"{'':<{width}}  {row['us_model']} {row['us_score']:.0f}, {row['cn_model']} {row['cn_score']:.0f}",
        ]
    return lines


def _ago(days: int) -> str:
    return "today" if days <= 0 else f"{days} day{'s' if days > 1 else ''} ago"


def _sentence(row: dict[str, Any], pair: CountryPair) -> str:
    return (
        f"{row['month'][:7]} {VARIANTS.get(row['variant'], row['variant'])}{_so_far(row)}: "
        f"{pair.lead(row['gap_points'])} "
        f"({row['us_model']} {row['us_score']:.1f}, {row['cn_model']} {row['cn_score']:.1f}; "
        f"{row['gap_pct_of_cn']:.2f} % of the {pair.second_adjective} score; "
        f"{pair.first} expected score {100 * row['us_win_probability']:.1f} %, ties as half{_interval(row)}), "
        f"snapshot of {row['published_on']}{_age(row)} from {row['source_id']}"
    )


def _interval(row: dict[str, Any]) -> str:
    if row["gap_low"] is not None:
        return f"; 95 % interval {row['gap_low']:.1f} to {row['gap_high']:.1f}"
    if row.get("gap_at_least") is not None:
        return f"; no interval, at least {row['gap_at_least']:.1f}: a model that is not listed could lead"
    if row["status"] == "leaders_only":
        return "; leaders only, no interval"
    return "; no interval, a leader has no published error"


def _so_far(row: dict[str, Any]) -> str:
    """Releases before schema 2.0 do not say whether a month is over."""
    return ", month was not over" if row.get("month_is_open") else ""


def _age(row: dict[str, Any]) -> str:
    days = row.get("days_before_month_end")
    return f", {days} {'day' if days == 1 else 'days'} before the month's end," if days else ""

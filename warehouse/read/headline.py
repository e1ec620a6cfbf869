"""The latest gap of each variant as a sentence, from the summary that a release carries."""

from __future__ import annotations

from typing import Any

from warehouse.read.country_pair import CountryPair

VARIANTS = {"style_control": "style control"}


def headline(summary: dict[str, Any]) -> list[str]:
    """One sentence for each variant. Releases whose summary names no pair compare the US and China."""
    pair = CountryPair(*summary.get("pair", ()))
    return [_sentence(row, pair) for row in summary.get("latest", [])]


def _sentence(row: dict[str, Any], pair: CountryPair) -> str:
    interval = ""
    if row["gap_low"] is not None:
        interval = f", 95 % interval {row['gap_low']:.1f} to {row['gap_high']:.1f}"
    elif row["status"] == "leaders_only":
        interval = ", leaders only, no interval"
    return (
        f"{row['month'][:7]} {VARIANTS.get(row['variant'], row['variant'])}: {pair.lead(row['gap_points'])} "
        f"({row['us_model']} {row['us_score']:.1f}, {row['cn_model']} {row['cn_score']:.1f}; "
        f"{row['gap_pct_of_cn']:.2f} % of the {pair.second_adjective} score; "
        f"{pair.first} wins {100 * row['us_win_probability']:.1f} % of pairs{interval}), "
        f"snapshot of {row['published_on']} from {row['source_id']}"
    )

"""The measures of claims: each takes a claim and returns our value by the rule the claim states.

Every measure has one rule and no other: a vintage or reading is never chosen because it fits the claim. Other
findings are added to the explanation. The queries are in ``compute/claims/``.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb

from warehouse.db import dicts, sql_text

#: Covers binary fractions in the difference of two decimals; it is no tolerance.
ROUNDING = 1e-9

Row = dict[str, Any]


@dataclass(frozen=True)
class Measurement:
    """Our value for a claim and what it comes from. ``verdict`` is set where the value alone does not decide it."""

    rule: str
    explanation: str
    value: float | None = None
    rows: str | None = None
    us_model: str | None = None
    cn_model: str | None = None
    us_model_id: str | None = None
    cn_model_id: str | None = None
    verdict: str | None = None


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


def model_ids(con: duckdb.DuckDBPyConnection, name: str) -> set[str]:
    """The models that ``name``, as written in prose, can mean: only letters and digits are compared."""
    return {row["model_id"] for row in _rows(con, "models_named", name=name)}


def _gap(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The gap as published: on the day the claim names, else in the last publication of its month.

    Where the claim names leaders, the last publication of the month in which these lead.
    """
    if not _rows(con, "board_snapshots", board=claim["board"]):
        rule = f"the gap on {claim['board']} in {claim['period']}"
        return Measurement(rule, f"no data of the board {claim['board']} here", verdict="not_measurable")
    publications = _rows(con, "gap_publications", board=claim["board"], variant=claim["variant"])
    month = date.fromisoformat(f"{claim['period']}-01")
    of_month = [row for row in publications if row["published_on"].replace(day=1) == month]
    if claim["published_on"]:
        rule = f"the publication of {claim['published_on']}"
        chosen = [row for row in publications if row["published_on"] == claim["published_on"]]
    elif claim["us_model"] and claim["cn_model"]:
        us, cn = model_ids(con, claim["us_model"]), model_ids(con, claim["cn_model"])
        rule = f"the last publication of {claim['period']} in which the claimed models lead"
        chosen = [row for row in of_month if row["us_model_id"] in us and row["cn_model_id"] in cn]
    else:
        rule = f"the last publication of {claim['period']}"
        chosen = of_month
    rule = f"{claim['measure']} of {claim['board']} ({claim['variant']}, overall): {rule}"
    if not chosen:
        return Measurement(rule, "no such publication is held", verdict="vintage_not_held")
    row = chosen[-1]
    remarks = [f"{_gap_in_words(row, claim['measure'])} on {row['published_on']}"]
    if len(chosen) > 1 and claim["us_model"]:
        remarks.append("other publications that fit: " + _days_in_words(chosen[:-1], claim["measure"]))
    if of_month and row is not of_month[-1]:
        remarks.append(
            f"the month's last, of {of_month[-1]['published_on']}: {_gap_in_words(of_month[-1], claim['measure'])}"
        )
    remarks += _by_day_of_claim(claim, publications, row)
    if not row["anchor_is_standard"]:
        remarks.append(
            "on another zero of the scale than today's: points hold, percentages are not comparable"
        )
    return Measurement(
        rule,
        "; ".join(remarks),
        row[claim["measure"]],
        f"core.scores, category overall, snapshot_id {row['snapshot_id']}",
        **{name: row[name] for name in ("us_model", "cn_model", "us_model_id", "cn_model_id")},
    )


def _by_day_of_claim(claim: Row, publications: list[Row], row: Row) -> list[str]:
    """Remarks on what was published by the day of the claim, if the publication measured is newer."""
    if claim["claimed_on"] >= row["published_on"]:
        return []
    earlier = [entry for entry in publications if entry["published_on"] <= claim["claimed_on"]]
    remarks = []
    if earlier:
        remarks.append(
            f"by the day of the claim the last was {earlier[-1]['published_on']}: "
            f"{_gap_in_words(earlier[-1], claim['measure'])}"
        )
    agreeing = [
        entry
        for entry in earlier
        if agrees(claim["comparison"], claim["value"], claim["tolerance"], entry[claim["measure"]])
    ]
    if agreeing:
        remarks.append(f"the last day before it on which the claim held is {agreeing[-1]['published_on']}")
    return remarks


def _restated(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The gap of a past month in the first unrounded vintage from the month on that the claim names."""
    since = _month_named(claim["vintage"])
    rule = (
        f"restated_gap of {claim['period']}: the first unrounded whole {claim['variant']} vintage "
        f"from {since:%Y-%m} on"
    )
    rows = _rows(
        con,
        "restated_months",
        board=claim["board"],
        variant=claim["variant"],
        month=date.fromisoformat(f"{claim['period']}-01"),
        since=since,
    )
    if not rows:
        return Measurement(rule, "no such vintage is held", verdict="vintage_not_held")
    row = rows[0]
    gaps = [entry["gap_points"] for entry in rows]
    remarks = [f"{_gap_in_words(row, 'gap_points')} in the vintage of {row['vintage']}"]
    remarks.append(
        f"{min(gaps):.1f} to {max(gaps):.1f} points over the {len(gaps)} such vintages until {rows[-1]['vintage']}"
    )
    if row["gap_points_then"] is not None:
        remarks.append(
            f"as published then ({row['then_variant']}) {row['us_model_then']} led {row['cn_model_then']} by "
            f"{row['gap_points_then']:.1f} points"
        )
    return Measurement(
        rule,
        "; ".join(remarks),
        row["gap_points"],
        f"main.restated_gap, month {row['month']}, snapshot_id {row['snapshot_id']}",
        **{name: row[name] for name in ("us_model", "cn_model", "us_model_id", "cn_model_id")},
    )


def _notable(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The count in the newest list known on the day of the claim; else in our first list, which is another vintage."""
    rule = (
        f"notable_models_by_year {claim['period']}, {claim['country']}, counting {claim['variant']}: "
        "the newest list known on the day of the claim"
    )
    rows = _rows(
        con,
        "notable_counts",
        year=int(claim["period"]),
        country=claim["country"],
        counting=claim["variant"],
    )
    if not rows:
        return Measurement(rule, "no list is held", verdict="not_measurable")
    known = [row for row in rows if row["vintage"] <= claim["claimed_on"]]
    row = known[-1] if known else rows[0]
    remarks = f"{row['models']:.0f} in the list of {row['vintage']}"
    if not known:
        remarks += (
            f", the first here; the list as of {claim['claimed_on']} is not held and the list grows backwards"
        )
    return Measurement(
        rule,
        remarks,
        row["models"],
        f"main.notable_models_by_year, year {claim['period']}, country {claim['country']}, vintage {row['vintage']}",
        verdict=None if known else "vintage_not_held",
    )


def _lag(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The lag in months at the end of the month in the newest vintage: the reading that agrees least with the claim."""
    rule = (
        f"monthly_lag of {claim['board']} at the end of {claim['period']} in the newest vintage: reproduced if all "
        "three readings bear it out; the value is the reading that does so least"
    )
    rows = _rows(
        con,
        "newest_lags",
        board=claim["board"],
        variant=claim["variant"],
        month=date.fromisoformat(f"{claim['period']}-01"),
    )
    if not rows:
        return Measurement(rule, "no vintage has that month", verdict="not_measurable")
    least = max(rows, key=lambda row: (_distance(claim, row["lag_months"]), row["lag_months"]))
    readings = ", ".join(f"{row['reading']} {row['lag_months']:.1f}" for row in rows)
    return Measurement(
        rule,
        f"{readings} months in the vintage of {least['vintage']}",
        least["lag_months"],
        f"main.monthly_lag, month {least['month']}, snapshot_id {least['snapshot_id']}",
        us_model=least["us_model"],
        cn_model=least["cn_model"],
    )


def _distance(claim: Row, measured: float) -> float:
    """How far ``measured`` is from agreeing with the claim; 0 if it agrees."""
    if agrees(claim["comparison"], claim["value"], claim["tolerance"], measured):
        return 0.0
    return min(abs(measured - float(part)) for part in claim["value"].split(".."))


def _record_lag(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """Mean or longest time in months from a US record of the period to its match, without the first record."""
    is_mean = claim["measure"] == "mean_lag_months"
    first, last = (date.fromisoformat(f"{part}-01") for part in claim["period"].split("/"))
    rule = (
        f"record_matches of {claim['board']} by point in the newest vintage known on the day of the claim: "
        f"{'mean' if is_mean else 'longest'} of the matched US records of {claim['period']}, the first one left out"
    )
    rows = _rows(
        con,
        "records_matched",
        board=claim["board"],
        variant=claim["variant"],
        known=claim["claimed_on"],
        first=first,
        last=last,
    )
    matched = [row for row in rows[1:] if row["months"] is not None]
    if not matched:
        return Measurement(rule, "no vintage of then is held", verdict="vintage_not_held")
    longest = max(matched, key=lambda row: row["months"])
    mean = sum(row["months"] for row in matched) / len(matched)
    readings = _rows(con, "lag_summaries", snapshot_id=longest["snapshot_id"])
    remarks = [
        f"vintage of {longest['vintage']}: mean {mean:.1f}, longest {longest['months']:.1f} months",
        f"the longest is {longest['us_model']}, matched by {longest['cn_model']} on {longest['cn_released_on']}",
        f"{len(matched)} records matched, {len(rows) - 1 - len(matched)} still open",
        "by day: "
        + ", ".join(
            f"{r['reading']} mean {r['mean_months']:.1f} max {r['max_months']:.1f}"
            if r["mean_months"] is not None
            else f"{r['reading']} on no day"
            for r in readings
        ),
    ]
    return Measurement(
        rule,
        "; ".join(remarks),
        mean if is_mean else longest["months"],
        f"main.record_matches, match_rule point, snapshot_id {longest['snapshot_id']}",
        us_model=None if is_mean else longest["us_model"],
        cn_model=None if is_mean else longest["cn_model"],
    )


def _chips(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """Ratio of the dense FP16 rates of the claimed chip and the H100; other ratios as remarks."""
    pair = "910C_v_H100"
    rows = {row["measure"]: row for row in _rows(con, "chip_ratios", pair=pair)}
    rule = f"chip_gap, pair {pair}: cn_value / us_value, dense FP16 tensor rate"
    row = rows.get("fp16_tensor")
    if row is None:
        return Measurement(rule, "neither chip is in a list here")
    ratios = ", ".join(
        f"{name} {entry['ratio']:.2f}" if entry["ratio"] is not None else f"{name} blank"
        for name, entry in rows.items()
    )
    listed = _rows(con, "chips_named", part="910D")
    remarks = f"{ratios}; " + ("the 910D is listed too" if listed else "no 910D in the list")
    return Measurement(
        rule, remarks, row["ratio"], f"main.chip_gap, pair {pair}", row["us_chip"], row["cn_chip"]
    )


def _prices(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """Prices of the claimed models by their own makers in the lists of the claimed month; never a ratio."""
    rule = "the makers' own prices in the newest price list of the month; a ratio needs a price of each model"
    rows = _rows(
        con,
        "maker_prices_of_month",
        month=date.fromisoformat(f"{claim['period']}-01"),
    )
    named = [row for row in rows if _is_named(row["model_id"], claim["statement"])]
    remarks = "; ".join(
        f"{row['model_id']} {row['input_usd_per_mtok']:g} in, {row['output_usd_per_mtok']:g} out "
        f"(US$ per million tokens, list of {row['price_list_date']})"
        for row in named
    )
    remarks = remarks or "none of them has a price of its maker here"
    return Measurement(
        rule,
        f"{remarks}; no list here has Baidu's own prices, so there is no ratio",
        rows=f"core.prices, price_list_date {named[0]['price_list_date']}" if named else None,
    )


def _is_named(model_id: str, statement: str) -> bool:
    """Does ``statement`` name this model, with or without its date?"""
    bare = re.sub(r"-\d{4}(-\d{2}-\d{2})?$", "", model_id).replace("-", " ")
    return re.search(rf"\b{re.escape(bare)}\b", statement, flags=re.I) is not None


MEASURES: dict[str, Callable[[duckdb.DuckDBPyConnection, Row], Measurement]] = {
    "gap_points": _gap,
    "gap_pct_of_cn": _gap,
    "restated_gap_points": _restated,
    "notable_models": _notable,
    "lag_months": _lag,
    "mean_lag_months": _record_lag,
    "max_lag_months": _record_lag,
    "chip_ratio": _chips,
    "price_ratio": _prices,
}


def _month_named(text: str) -> date:
    """The month named in a phrase like "a snapshot of 2025-12 or later"."""
    found = re.search(r"\d{4}-\d{2}", text)
    assert found is not None, text
    return date.fromisoformat(f"{found[0]}-01")


def _gap_in_words(row: Row, measure: str) -> str:
    amount = f"{row[measure]:.2f} percent, " if measure == "gap_pct_of_cn" else ""
    return (
        f"{row['us_model']} {row['us_score']:.1f}, {row['cn_model']} {row['cn_score']:.1f}: {amount}"
        f"{row['gap_points']:.1f} points"
    )


def _days_in_words(rows: list[Row], measure: str) -> str:
    return ", ".join(f"{row['published_on']} ({row[measure]:.1f})" for row in rows)


def _rows(con: duckdb.DuckDBPyConnection, query: str, **values: object) -> list[Row]:
    """The rows of ``compute/claims/<query>.sql`` with its parameters set to ``values``."""
    return dicts(con.sql(sql_text(f"compute/claims/{query}.sql"), params=values))

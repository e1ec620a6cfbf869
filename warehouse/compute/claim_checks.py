"""``main.claim_checks``: every claim measured by the rule it states, with a verdict.

A claim is compared as its row in claims.csv says (comparison, value, tolerance) and with the leaders it
names. Nothing is searched for a vintage or a reading that would fit: each measure below has one rule,
written into the row. What else was found stands in the explanation.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date
from typing import Any

import duckdb
import polars as pl

from warehouse.db import dicts, sql_text
from warehouse.tables import table

#: Of the last bits of a difference between two decimals, not a tolerance.
ROUNDING = 1e-9

#: What the claims compare, and the measures that compare no countries.
CLAIMED_PAIR = ("US", "CN")
OF_NO_PAIR = ("notable_models", "price_ratio")

Row = dict[str, Any]


@dataclass(frozen=True)
class Found:
    """What was measured for a claim. ``verdict`` is set where the value alone does not decide it."""

    rule: str
    explanation: str
    value: float | None = None
    rows: str | None = None
    us_model: str | None = None
    cn_model: str | None = None
    us_model_id: str | None = None
    cn_model_id: str | None = None
    verdict: str | None = None


def claim_checks(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """A row for every row of ``main.claims``, from the tables that are filled already."""
    rows = []
    [pair] = con.sql("SELECT country_a, country_b FROM internal.settings").fetchall()
    for claim in _rows(con, "SELECT * FROM main.claims ORDER BY claim_id"):
        measure = claim["measure"]
        if pair != CLAIMED_PAIR and measure not in OF_NO_PAIR:
            found = Found(
                f"{measure} compares the US and China",
                f"not measurable for the pair {pair[0]} and {pair[1]}, which this file compares",
                verdict="not_measurable",
            )
        else:
            found = MEASURES.get(measure, _unknown)(con, claim)
        rows.append(
            {
                "claim_id": claim["claim_id"],
                "claimed_value": claim["value"],
                "measured_value": found.value,
                "unit": claim["unit"],
                "verdict": _verdict(con, claim, found),
                "rule": found.rule,
                "explanation": found.explanation,
                "us_model": found.us_model,
                "cn_model": found.cn_model,
                "rows": found.rows,
            }
        )
    return pl.DataFrame(rows, schema=table("main.claim_checks").polars_schema())


def holds(comparison: str, claimed: str, tolerance: str | None, measured: float) -> bool:
    """Does ``measured`` bear out the claimed value, or range ``low..high``?"""
    off = float(tolerance or 0) + ROUNDING
    if comparison == "between":
        low, high = (float(part) for part in claimed.split(".."))
        return low - off <= measured <= high + off
    value = float(claimed)
    if comparison == "at_least":
        return measured >= value - off
    if comparison == "at_most":
        return measured <= value + off
    return abs(measured - value) <= off


def _verdict(con: duckdb.DuckDBPyConnection, claim: Row, found: Found) -> str:
    if found.verdict is not None:
        return found.verdict
    if claim["value"] is None:
        return "no_value_claimed"
    if found.value is None:
        return "not_measurable"
    has_value = holds(claim["comparison"], claim["value"], claim["tolerance"], found.value)
    return "reproduced" if has_value and _has_leaders(con, claim, found) else "differs"


def _has_leaders(con: duckdb.DuckDBPyConnection, claim: Row, found: Found) -> bool:
    """Are the measured leaders the claimed ones, as far as the claim names any?"""
    pairs = ((claim["us_model"], found.us_model_id), (claim["cn_model"], found.cn_model_id))
    return all(name is None or measured in _model_ids(con, name) for name, measured in pairs)


def _model_ids(con: duckdb.DuckDBPyConnection, name: str) -> set[str]:
    """The models a name in prose can mean: letters and digits alone are compared."""
    return {row["model_id"] for row in _named_rows(con, "models_named", name=name)}


# The measures


def _gap(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """A gap as published: on the claim's day, in the month's publication with its leaders, or the month's."""
    if not _rows(con, "SELECT 1 AS held FROM core.snapshots WHERE board = $board", board=claim["board"]):
        rule = f"the gap on {claim['board']} in {claim['period']}"
        return Found(rule, f"no data of the board {claim['board']} here", verdict="not_measurable")
    publications = _named_rows(con, "gap_publications", board=claim["board"], variant=claim["variant"])
    month = date.fromisoformat(f"{claim['period']}-01")
    of_month = [row for row in publications if row["published_on"].replace(day=1) == month]
    if claim["published_on"]:
        rule = f"the publication of {claim['published_on']}"
        chosen = [row for row in publications if row["published_on"] == claim["published_on"]]
    elif claim["us_model"] and claim["cn_model"]:
        us, cn = _model_ids(con, claim["us_model"]), _model_ids(con, claim["cn_model"])
        rule = f"the last publication of {claim['period']} in which the claimed models lead"
        chosen = [row for row in of_month if row["us_model_id"] in us and row["cn_model_id"] in cn]
    else:
        rule = f"the last publication of {claim['period']}"
        chosen = of_month
    rule = f"{claim['measure']} of {claim['board']} ({claim['variant']}, overall): {rule}"
    if not chosen:
        return Found(rule, "no such publication is held", verdict="vintage_not_held")
    row = chosen[-1]
    remarks = [f"{_gap_in_words(row, claim['measure'])} on {row['published_on']}"]
    if len(chosen) > 1 and claim["us_model"]:
        remarks.append("other publications that fit: " + _days_in_words(chosen[:-1], claim["measure"]))
    if of_month and row is not of_month[-1]:
        remarks.append(
            f"the month's last, of {of_month[-1]['published_on']}: {_gap_in_words(of_month[-1], claim['measure'])}"
        )
    remarks += _as_known(claim, publications, row)
    if not row["anchor_is_standard"]:
        remarks.append(
            "on another zero of the scale than today's: points hold, percentages are not comparable"
        )
    return Found(
        rule,
        "; ".join(remarks),
        row[claim["measure"]],
        f"core.scores, category overall, snapshot_id {row['snapshot_id']}",
        **{name: row[name] for name in ("us_model", "cn_model", "us_model_id", "cn_model_id")},
    )


def _as_known(claim: Row, publications: list[Row], row: Row) -> list[str]:
    """What had been published by the day of the claim, where the claim is older than the row measured."""
    if claim["claimed_on"] >= row["published_on"]:
        return []
    earlier = [entry for entry in publications if entry["published_on"] <= claim["claimed_on"]]
    remarks = []
    if earlier:
        remarks.append(
            f"by the day of the claim the last was {earlier[-1]['published_on']}: "
            f"{_gap_in_words(earlier[-1], claim['measure'])}"
        )
    fitting = [
        entry
        for entry in earlier
        if holds(claim["comparison"], claim["value"], claim["tolerance"], entry[claim["measure"]])
    ]
    if fitting:
        remarks.append(f"the last day before it on which the claim held is {fitting[-1]['published_on']}")
    return remarks


def _restated(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """A month in the first vintage of the claimed time: an unrounded one, where there is one in its month."""
    since = _month_named(claim["vintage"])
    rule = (
        f"restated_gap of {claim['period']}: the first unrounded whole {claim['variant']} vintage "
        f"from {since:%Y-%m} on"
    )
    rows = _named_rows(
        con,
        "restated_months",
        board=claim["board"],
        variant=claim["variant"],
        month=date.fromisoformat(f"{claim['period']}-01"),
        since=since,
    )
    if not rows:
        return Found(rule, "no such vintage is held", verdict="vintage_not_held")
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
    return Found(
        rule,
        "; ".join(remarks),
        row["gap_points"],
        f"main.restated_gap, month {row['month']}, snapshot_id {row['snapshot_id']}",
        **{name: row[name] for name in ("us_model", "cn_model", "us_model_id", "cn_model_id")},
    )


def _notable(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """A count in the newest list known on the day of the claim; else ours, as another vintage."""
    rule = (
        f"notable_models_by_year {claim['period']}, {claim['country']}, counting {claim['variant']}: "
        "the newest list known on the day of the claim"
    )
    rows = _named_rows(
        con,
        "notable_counts",
        year=int(claim["period"]),
        country=claim["country"],
        counting=claim["variant"],
    )
    if not rows:
        return Found(rule, "no list is held", verdict="not_measurable")
    known = [row for row in rows if row["vintage"] <= claim["claimed_on"]]
    row = known[-1] if known else rows[0]
    remarks = f"{row['models']:.0f} in the list of {row['vintage']}"
    if not known:
        remarks += (
            f", the first here; the list as of {claim['claimed_on']} is not held and the list grows backwards"
        )
    return Found(
        rule,
        remarks,
        row["models"],
        f"main.notable_models_by_year, year {claim['period']}, country {claim['country']}, vintage {row['vintage']}",
        verdict=None if known else "vintage_not_held",
    )


def _lag(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """The month's end in the newest vintage. All three readings must bear the claim out."""
    rule = (
        f"monthly_lag of {claim['board']} at the end of {claim['period']} in the newest vintage: reproduced if all "
        "three readings bear it out; the value is the reading that does so least"
    )
    rows = _named_rows(
        con,
        "newest_lags",
        board=claim["board"],
        variant=claim["variant"],
        month=date.fromisoformat(f"{claim['period']}-01"),
    )
    if not rows:
        return Found(rule, "no vintage has that month", verdict="not_measurable")
    least = max(rows, key=lambda row: (_distance(claim, row["lag_months"]), row["lag_months"]))
    readings = ", ".join(f"{row['reading']} {row['lag_months']:.1f}" for row in rows)
    return Found(
        rule,
        f"{readings} months in the vintage of {least['vintage']}",
        least["lag_months"],
        f"main.monthly_lag, month {least['month']}, snapshot_id {least['snapshot_id']}",
        us_model=least["us_model"],
        cn_model=least["cn_model"],
    )


def _distance(claim: Row, measured: float) -> float:
    """How far a reading is from bearing the claim out; 0 when it does."""
    if holds(claim["comparison"], claim["value"], claim["tolerance"], measured):
        return 0.0
    return min(abs(measured - float(part)) for part in claim["value"].split(".."))


def _record_lag(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """Mean or longest time between US records of the period and their matches, the first record left out."""
    is_mean = claim["measure"] == "mean_lag_months"
    first, last = (date.fromisoformat(f"{part}-01") for part in claim["period"].split("/"))
    rule = (
        f"record_matches of {claim['board']} by point in the newest vintage known on the day of the claim: "
        f"{'mean' if is_mean else 'longest'} of the matched US records of {claim['period']}, the first one left out"
    )
    rows = _named_rows(
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
        return Found(rule, "no vintage of then is held", verdict="vintage_not_held")
    longest = max(matched, key=lambda row: row["months"])
    mean = sum(row["months"] for row in matched) / len(matched)
    readings = _rows(
        con,
        "SELECT reading, mean_months, max_months FROM main.lag_summary WHERE snapshot_id = $snapshot_id "
        "AND category = 'overall' ORDER BY reading",
        snapshot_id=longest["snapshot_id"],
    )
    remarks = [
        f"vintage of {longest['vintage']}: mean {mean:.1f}, longest {longest['months']:.1f} months",
        f"the longest is {longest['us_model']}, matched by {longest['cn_model']} on {longest['cn_released_on']}",
        f"{len(matched)} records matched, {len(rows) - 1 - len(matched)} still open",
        "by day: "
        + ", ".join(
            f"{r['reading']} mean {r['mean_months']:.1f} max {r['max_months']:.1f}" for r in readings
        ),
    ]
    return Found(
        rule,
        "; ".join(remarks),
        mean if is_mean else longest["months"],
        f"main.record_matches, match_rule point, snapshot_id {longest['snapshot_id']}",
        us_model=None if is_mean else longest["us_model"],
        cn_model=None if is_mean else longest["cn_model"],
    )


def _chips(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """Dense FP16 of the claimed chip to the H100's; memory and bandwidth beside it."""
    pair = "910C_v_H100"
    rows = {
        row["measure"]: row for row in _rows(con, "SELECT * FROM main.chip_gap WHERE pair = $pair", pair=pair)
    }
    rule = f"chip_gap, pair {pair}: cn_value / us_value, dense FP16 tensor rate"
    row = rows.get("fp16_tensor")
    if row is None:
        return Found(rule, "neither chip is in a list here")
    ratios = ", ".join(
        f"{name} {entry['ratio']:.2f}" if entry["ratio"] is not None else f"{name} blank"
        for name, entry in rows.items()
    )
    listed = _rows(con, "SELECT 1 AS there FROM core.chips WHERE chip_name LIKE '%910D%'")
    remarks = f"{ratios}; " + ("the 910D is listed too" if listed else "no 910D in the list")
    return Found(rule, remarks, row["ratio"], f"main.chip_gap, pair {pair}", row["us_chip"], row["cn_chip"])


def _prices(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """The claimed models' own prices in the newest lists of the claimed month, as far as there are any."""
    rule = "the makers' own prices in the newest price list of the month; a ratio needs a price of each model"
    rows = _named_rows(
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
    return Found(
        rule,
        f"{remarks}; no list here has Baidu's own prices, so there is no ratio",
        rows=f"core.prices, price_list_date {named[0]['price_list_date']}" if named else None,
    )


def _is_named(model_id: str, statement: str) -> bool:
    """Does the prose name this model, but for its date?"""
    bare = re.sub(r"-\d{4}(-\d{2}-\d{2})?$", "", model_id).replace("-", " ")
    return re.search(rf"\b{re.escape(bare)}\b", statement, flags=re.I) is not None


def _unknown(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    return Found(f"no rule for the measure {claim['measure']}", "not measured", verdict="not_measurable")


MEASURES: dict[str, Callable[[duckdb.DuckDBPyConnection, Row], Found]] = {
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
    """The month a phrase names: "a snapshot of 2025-12 or later"."""
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


def _rows(con: duckdb.DuckDBPyConnection, query: str, **given: object) -> list[Row]:
    return dicts(con.sql(query, params=given))


def _named_rows(con: duckdb.DuckDBPyConnection, query: str, **given: object) -> list[Row]:
    """The rows of the query ``compute/claims/<query>.sql``."""
    return _rows(con, sql_text(f"compute/claims/{query}.sql"), **given)

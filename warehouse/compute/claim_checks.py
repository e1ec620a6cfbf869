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

from warehouse.db import dicts
from warehouse.tables import table

#: Of the last bits of a difference between two decimals, not a tolerance.
ROUNDING = 1e-9

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
    for claim in _rows(con, "SELECT * FROM main.claims ORDER BY claim_id"):
        found = MEASURES.get(claim["measure"], _unknown)(con, claim)
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
    bare = "regexp_replace(lower({}), '[^a-z0-9]', '', 'g')"
    found = con.execute(
        f"SELECT model_id FROM core.models WHERE {bare.format('name')} = {bare.format('$name')} "
        f"UNION SELECT model_id FROM core.model_names WHERE {bare.format('model_name')} = {bare.format('$name')} "
        "AND model_id IS NOT NULL",
        {"name": name},
    )
    return {row[0] for row in found.fetchall()}


# The measures


def _gap(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """A gap as published: on the claim's day, in the month's publication with its leaders, or the month's."""
    if not _rows(con, "SELECT 1 AS held FROM core.snapshots WHERE board = $board", board=claim["board"]):
        rule = f"the gap on {claim['board']} in {claim['period']}"
        return Found(rule, f"no data of the board {claim['board']} here", verdict="not_measurable")
    publications = _publications(con, claim)
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
    told = [f"{_said(row, claim['measure'])} on {row['published_on']}"]
    if len(chosen) > 1 and claim["us_model"]:
        told.append("other publications that fit: " + _listed(chosen[:-1], claim["measure"]))
    if of_month and row is not of_month[-1]:
        told.append(
            f"the month's last, of {of_month[-1]['published_on']}: {_said(of_month[-1], claim['measure'])}"
        )
    told += _as_known(claim, publications, row)
    if not row["anchor_is_standard"]:
        told.append("on another zero of the scale than today's: points hold, percentages are not comparable")
    return Found(
        rule,
        "; ".join(told),
        row[claim["measure"]],
        f"core.scores, category overall, snapshot_id {row['snapshot_id']}",
        **{name: row[name] for name in ("us_model", "cn_model", "us_model_id", "cn_model_id")},
    )


def _as_known(claim: Row, publications: list[Row], row: Row) -> list[str]:
    """What had been published by the day of the claim, where the claim is older than the row measured."""
    if claim["claimed_on"] >= row["published_on"]:
        return []
    earlier = [entry for entry in publications if entry["published_on"] <= claim["claimed_on"]]
    told = []
    if earlier:
        told.append(
            f"by the day of the claim the last was {earlier[-1]['published_on']}: "
            f"{_said(earlier[-1], claim['measure'])}"
        )
    fitting = [
        entry
        for entry in earlier
        if holds(claim["comparison"], claim["value"], claim["tolerance"], entry[claim["measure"]])
    ]
    if fitting:
        told.append(f"the last day before it on which the claim held is {fitting[-1]['published_on']}")
    return told


def _publications(con: duckdb.DuckDBPyConnection, claim: Row) -> list[Row]:
    """Every publication of the claim's board and variant with a leader of both countries, in order."""
    return _rows(
        con,
        "WITH choice AS (SELECT max(value) FILTER (name = 'country_a') AS a, "
        "max(value) FILTER (name = 'country_b') AS b, "
        "max(value) FILTER (name = 'listing') AS listing, max(value) FILTER (name = 'country_rule') AS country_rule "
        "FROM meta.parameters) "
        "SELECT p.published_on, p.snapshot_id, s.anchor_is_standard, "
        "us.model_name AS us_model, us.model_id AS us_model_id, us.score AS us_score, "
        "cn.model_name AS cn_model, cn.model_id AS cn_model_id, cn.score AS cn_score, "
        "us.score - cn.score AS gap_points, 100 * (us.score - cn.score) / nullif(cn.score, 0) AS gap_pct_of_cn "
        "FROM core.publications AS p CROSS JOIN choice JOIN core.snapshots AS s USING (snapshot_id) "
        "JOIN core.country_leaders AS us ON us.snapshot_id = p.snapshot_id AND us.category = p.category "
        "AND us.country = choice.a AND us.listing = choice.listing AND us.country_rule = choice.country_rule "
        "JOIN core.country_leaders AS cn ON cn.snapshot_id = p.snapshot_id AND cn.category = p.category "
        "AND cn.country = choice.b AND cn.listing = choice.listing AND cn.country_rule = choice.country_rule "
        "WHERE p.board = $board AND p.variant = $variant AND p.category = 'overall' AND NOT p.is_ambiguous "
        "ORDER BY p.published_on, p.is_last_of_day",
        board=claim["board"],
        variant=claim["variant"],
    )


def _restated(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """A month in the first vintage of the claimed time: an unrounded one, where there is one in its month."""
    since = _month_named(claim["vintage"])
    rule = (
        f"restated_gap of {claim['period']}: the first unrounded whole {claim['variant']} vintage "
        f"from {since:%Y-%m} on"
    )
    rows = _rows(
        con,
        "SELECT r.*, s.precision FROM main.restated_gap AS r JOIN core.snapshots AS s USING (snapshot_id) "
        "WHERE r.board = $board AND r.variant = $variant AND r.category = 'overall' "
        "AND r.month = $month AND r.vintage >= $since AND s.precision = 'full' ORDER BY r.vintage, r.snapshot_id",
        board=claim["board"],
        variant=claim["variant"],
        month=date.fromisoformat(f"{claim['period']}-01"),
        since=since,
    )
    if not rows:
        return Found(rule, "no such vintage is held", verdict="vintage_not_held")
    row = rows[0]
    gaps = [entry["gap_points"] for entry in rows]
    told = [f"{_said(row, 'gap_points')} in the vintage of {row['vintage']}"]
    told.append(
        f"{min(gaps):.1f} to {max(gaps):.1f} points over the {len(gaps)} such vintages until {rows[-1]['vintage']}"
    )
    if row["gap_points_then"] is not None:
        told.append(
            f"as published then ({row['then_variant']}) {row['us_model_then']} led {row['cn_model_then']} by "
            f"{row['gap_points_then']:.1f} points"
        )
    return Found(
        rule,
        "; ".join(told),
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
    rows = _rows(
        con,
        "SELECT models, vintage, source_id FROM main.notable_models_by_year WHERE year = $year AND country = $country "
        "AND counting = $counting ORDER BY vintage, source_id",
        year=int(claim["period"]),
        country=claim["country"],
        counting=claim["variant"],
    )
    if not rows:
        return Found(rule, "no list is held", verdict="not_measurable")
    known = [row for row in rows if row["vintage"] <= claim["claimed_on"]]
    row = known[-1] if known else rows[0]
    told = f"{row['models']:.0f} in the list of {row['vintage']}"
    if not known:
        told += (
            f", the first here; the list as of {claim['claimed_on']} is not held and the list grows backwards"
        )
    return Found(
        rule,
        told,
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
    rows = _rows(
        con,
        "SELECT * FROM main.monthly_lag WHERE board = $board AND variant = $variant AND category = 'overall' "
        "AND month = $month AND lag_months IS NOT NULL "
        "QUALIFY dense_rank() OVER (ORDER BY vintage DESC, snapshot_id) = 1 ORDER BY reading",
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
    rows = _rows(
        con,
        "SELECT * FROM main.record_matches WHERE board = $board AND variant = $variant AND category = 'overall' "
        "AND match_rule = 'point' AND vintage <= $known AND us_released_on >= $first "
        "AND date_trunc('month', us_released_on) <= $last "
        "QUALIFY dense_rank() OVER (ORDER BY vintage DESC, snapshot_id) = 1 ORDER BY us_released_on",
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
    told = [
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
        "; ".join(told),
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
    told = f"{ratios}; " + ("the 910D is listed too" if listed else "no 910D in the list")
    return Found(rule, told, row["ratio"], f"main.chip_gap, pair {pair}", row["us_chip"], row["cn_chip"])


def _prices(con: duckdb.DuckDBPyConnection, claim: Row) -> Found:
    """The claimed models' own prices in the newest lists of the claimed month, as far as there are any."""
    rule = "the makers' own prices in the newest price list of the month; a ratio needs a price of each model"
    rows = _rows(
        con,
        "SELECT DISTINCT n.model_id, p.input_usd_per_mtok, p.output_usd_per_mtok, p.price_list_date, p.source_id "
        "FROM core.prices AS p JOIN core.price_names AS n ON n.source_id = p.source_id AND n.provider = p.provider "
        "AND n.listed_name = p.listed_name AND p.price_list_date BETWEEN n.valid_from AND n.valid_to "
        "WHERE date_trunc('month', p.price_list_date) = $month AND p.input_usd_per_mtok > 0 "
        "ORDER BY n.model_id",
        month=date.fromisoformat(f"{claim['period']}-01"),
    )
    named = [row for row in rows if _is_named(row["model_id"], claim["statement"])]
    told = "; ".join(
        f"{row['model_id']} {row['input_usd_per_mtok']:g} in, {row['output_usd_per_mtok']:g} out "
        f"(US$ per million tokens, list of {row['price_list_date']})"
        for row in named
    )
    told = told or "none of them has a price of its maker here"
    return Found(
        rule,
        f"{told}; no list here has Baidu's own prices, so there is no ratio",
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


def _said(row: Row, measure: str) -> str:
    amount = f"{row[measure]:.2f} percent, " if measure == "gap_pct_of_cn" else ""
    return (
        f"{row['us_model']} {row['us_score']:.1f}, {row['cn_model']} {row['cn_score']:.1f}: {amount}"
        f"{row['gap_points']:.1f} points"
    )


def _listed(rows: list[Row], measure: str) -> str:
    return ", ".join(f"{row['published_on']} ({row[measure]:.1f})" for row in rows)


def _rows(con: duckdb.DuckDBPyConnection, query: str, **given: object) -> list[Row]:
    return dicts(con.sql(query, params=given))

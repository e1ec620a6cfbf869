"""Claims about counts of notable models, chips and prices."""

from __future__ import annotations

import re

import duckdb

from warehouse.compute.claims.measurement import Measurement, Row, month_of, rows_of


def notable_models(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The count in the newest list known on the day of the claim; else in our first list, which is another vintage."""
    rule = (
        f"notable_models_by_year {claim['period']}, {claim['country']}, counting {claim['variant']}: "
        "the newest list known on the day of the claim"
    )
    rows = rows_of(
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


def chips(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """Ratio of the dense FP16 rates of the claimed chip and the H100; other ratios as remarks."""
    pair = "910C_v_H100"
    rows = {row["measure"]: row for row in rows_of(con, "chip_ratios", pair=pair)}
    rule = f"chip_gap, pair {pair}: cn_value / us_value, dense FP16 tensor rate"
    row = rows.get("fp16_tensor")
    if row is None:
        return Measurement(rule, "neither chip is in a list here")
    ratios = ", ".join(
        f"{name} {entry['ratio']:.2f}" if entry["ratio"] is not None else f"{name} blank"
        for name, entry in rows.items()
    )
    listed = rows_of(con, "chips_named", part="910D")
    remarks = f"{ratios}; " + ("the 910D is listed too" if listed else "no 910D in the list")
    return Measurement(
        rule, remarks, row["ratio"], f"main.chip_gap, pair {pair}", row["us_chip"], row["cn_chip"]
    )


def prices(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """Prices of the claimed models by their own makers in the lists of the claimed month; never a ratio."""
    rule = "the makers' own prices in the newest price list of the month; a ratio needs a price of each model"
    rows = rows_of(
        con,
        "maker_prices_of_month",
        month=month_of(claim),
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

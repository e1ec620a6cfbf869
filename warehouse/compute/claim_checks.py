"""``main.claim_checks``: every claim measured by the rule it states, with a verdict.

A measured value is compared as the claim's line in claims.csv says (comparison, value, tolerance), and the measured
leaders with those it names.
"""

from __future__ import annotations

import duckdb
import polars as pl

from warehouse.compute.claim_measures import MEASURES, Measurement, Row, agrees, model_ids
from warehouse.db import dicts, sql_text
from warehouse.tables import table

#: The pair that the claims are about, and the measures that do not depend on a pair.
CLAIMED_PAIR = ("US", "CN")
WITHOUT_PAIR = ("notable_models", "price_ratio")


def claim_checks(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """One row for each row of ``main.claims``; all tables that the measures read must be filled."""
    claims = dicts(con.sql(sql_text("compute/claims/claims_with_pair.sql")))
    return pl.DataFrame(
        [_check(con, claim) for claim in claims], schema=table("main.claim_checks").polars_schema()
    )


def _check(con: duckdb.DuckDBPyConnection, claim: Row) -> Row:
    measured = _measure(con, claim)
    return {
        "claim_id": claim["claim_id"],
        "claimed_value": claim["value"],
        "measured_value": measured.value,
        "unit": claim["unit"],
        "verdict": _verdict(con, claim, measured),
        "rule": measured.rule,
        "explanation": measured.explanation,
        "us_model": measured.us_model,
        "cn_model": measured.cn_model,
        "rows": measured.rows,
    }


def _measure(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    measure, pair = claim["measure"], (claim["country_a"], claim["country_b"])
    if pair != CLAIMED_PAIR and measure not in WITHOUT_PAIR:
        return Measurement(
            f"{measure} compares the US and China",
            f"not measurable for the pair {pair[0]} and {pair[1]}, which this file compares",
            verdict="not_measurable",
        )
    if measure not in MEASURES:
        return Measurement(f"no rule for the measure {measure}", "not measured", verdict="not_measurable")
    return MEASURES[measure](con, claim)


def _verdict(con: duckdb.DuckDBPyConnection, claim: Row, measured: Measurement) -> str:
    if measured.verdict is not None:
        return measured.verdict
    if claim["value"] is None:
        return "no_value_claimed"
    if measured.value is None:
        return "not_measurable"
    has_value = agrees(claim["comparison"], claim["value"], claim["tolerance"], measured.value)
    return "reproduced" if has_value and _has_leaders(con, claim, measured) else "differs"


def _has_leaders(con: duckdb.DuckDBPyConnection, claim: Row, measured: Measurement) -> bool:
    """Are the measured leaders the claimed ones, as far as the claim names any?"""
    pairs = ((claim["us_model"], measured.us_model_id), (claim["cn_model"], measured.cn_model_id))
    return all(name is None or model_id in model_ids(con, name) for name, model_id in pairs)

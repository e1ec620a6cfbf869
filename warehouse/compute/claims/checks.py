"""``main.claim_checks`` and ``main.claim_readings``: every claim measured by the rule it states, with a verdict.

A measured value is compared as the claim's line in claims.csv says (comparison, value, tolerance), and the measured
leaders with those it names. A vintage or reading is never chosen because it fits the claim.
"""

from __future__ import annotations

from collections.abc import Callable

import duckdb
import polars as pl

from warehouse.compute.claims import counts_and_ratios, gaps, lags
from warehouse.compute.claims.measurement import Measurement, Reading, Row, bears_out, distance
from warehouse.db import dicts, sql_text
from warehouse.tables import table

MEASURES: dict[str, Callable[[duckdb.DuckDBPyConnection, Row], Measurement]] = {
    "gap_points": gaps.gap,
    "gap_pct_of_cn": gaps.gap,
    "restated_gap_points": gaps.restated,
    "notable_models": counts_and_ratios.notable_models,
    "lag_months": lags.lag,
    "mean_lag_months": lags.over_period,
    "max_lag_months": lags.over_period,
    "model_lag_months": lags.of_model,
    "chip_ratio": counts_and_ratios.chips,
    "price_ratio": counts_and_ratios.prices,
}
#: The pair that the claims are about, and the measures that do not depend on a pair.
CLAIMED_PAIR = ("US", "CN")
WITHOUT_PAIR = ("notable_models", "price_ratio")
#: The tables of `claim_tables`.
CLAIM_TABLES = ("main.claim_checks", "main.claim_readings")


def claim_tables(con: duckdb.DuckDBPyConnection) -> dict[str, pl.DataFrame]:
    """Table name → frame of both tables, from ``main.claims`` and all that the measures read (`filled_from`)."""
    claims = dicts(con.sql(sql_text("compute/claims/claims_with_pair.sql")))
    measured = [(claim, _measure(con, claim)) for claim in claims]
    found = {
        "main.claim_checks": [_check(claim, measurement) for claim, measurement in measured],
        "main.claim_readings": [
            row for claim, measurement in measured for row in _readings(claim, measurement)
        ],
    }
    return {name: pl.DataFrame(rows, schema=table(name).polars_schema()) for name, rows in found.items()}


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


def _check(claim: Row, measured: Measurement) -> Row:
    reading = deciding(claim, measured.readings)
    return {
        "claim_id": claim["claim_id"],
        "comparison": claim["comparison"],
        "claimed_value": claim["value"],
        "tolerance": claim["tolerance"],
        "measured_value": reading.value if reading else measured.value,
        "unit": claim["unit"],
        "verdict": verdict_of(claim, measured),
        "rule": f"{measured.rule}{_how_read(claim, measured.readings)}",
        "explanation": "; ".join(filter(None, (_which_fit(claim, measured.readings), measured.explanation))),
        "us_model": measured.us_model,
        "cn_model": measured.cn_model,
        "rows": measured.rows,
    }


def verdict_of(claim: Row, measured: Measurement) -> str:
    """The verdict on ``claim``: by its stated reading; where it states none, by all readings together."""
    if measured.verdict is not None:
        return measured.verdict
    if claim["value"] is None:
        return "no_value_claimed"
    values = [reading.value for reading in _compared(claim, measured.readings)] or [measured.value]
    if None in values:
        return "not_measurable"
    borne_out = [bears_out(claim, value) for value in values if value is not None]
    if not any(borne_out) or not _has_leaders(claim, measured):
        return "differs"
    return "reproduced" if all(borne_out) else "by_some_readings"


def deciding(claim: Row, readings: tuple[Reading, ...]) -> Reading | None:
    """The reading whose value stands for the claim: the stated one, else the one that bears it out least."""
    compared = [reading for reading in _compared(claim, readings) if reading.value is not None]
    return max(
        compared, key=lambda reading: (distance(claim, reading.value or 0.0), reading.value), default=None
    )


def _compared(claim: Row, readings: tuple[Reading, ...]) -> list[Reading]:
    """The readings that count for the verdict. One that is undefined has no say beside others."""
    if claim["reading"]:
        return [reading for reading in readings if reading.name == claim["reading"]]
    defined = [reading for reading in readings if reading.value is not None]
    return defined or list(readings)


def _how_read(claim: Row, readings: tuple[Reading, ...]) -> str:
    if not readings:
        return ""
    return f", read as {claim['reading']}" if claim["reading"] else "; the source does not say how it is read"


def _which_fit(claim: Row, readings: tuple[Reading, ...]) -> str:
    """Which readings bear the claim out and which do not, with their values."""
    said = []
    for words, wanted in (("fits", True), ("does not fit", False)):
        values = [
            f"{reading.name} {reading.value:.1f}"
            for reading in readings
            if reading.value is not None and bears_out(claim, reading.value) is wanted
        ]
        said += [f"{words}: {', '.join(values)}"] if values else []
    return "; ".join(said)


def _readings(claim: Row, measured: Measurement) -> list[Row]:
    return [
        {
            "claim_id": claim["claim_id"],
            "reading": reading.name,
            "is_stated": reading.name == claim["reading"],
            "measured_value": reading.value,
            "unit": claim["unit"],
            "fits": None if reading.value is None else bears_out(claim, reading.value),
            "explanation": reading.explanation,
            "rows": reading.rows,
        }
        for reading in measured.readings
    ]


def _has_leaders(claim: Row, measured: Measurement) -> bool:
    """Are the measured leaders the claimed ones, as far as the claim names any?"""
    return all(
        claim[f"{side}_model"] is None or model_id in claim[f"{side}_model_ids"]
        for side, model_id in (("us", measured.us_model_id), ("cn", measured.cn_model_id))
    )

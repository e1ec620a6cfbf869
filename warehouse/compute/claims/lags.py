"""Claims about a lag, by every reading that their words allow."""

from __future__ import annotations

from datetime import date

import duckdb

from warehouse.compute.claims.measurement import (
    Measurement,
    Reading,
    Row,
    month_of,
    rows_of,
)

#: The reading of a lag that follows from times between records and their matches.
RECORDS = "record_matches"


def lag(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The lag in months at the end of the month, in the newest vintage, by the three readings of the lag."""
    rule = f"monthly_lag of {claim['board']} at the end of {claim['period']} in the newest vintage"
    rows = rows_of(con, "newest_lags", board=claim["board"], variant=claim["variant"], month=month_of(claim))
    if not rows:
        return Measurement(rule, "no vintage has that month", verdict="not_measurable")
    newest = rows[-1]
    return Measurement(
        rule,
        f"vintage of {newest['vintage']}, {newest['us_model']} and {newest['cn_model']} ahead",
        rows=f"main.monthly_lag, month {newest['month']}, snapshot_id {newest['snapshot_id']}",
        us_model=newest["us_model"],
        cn_model=newest["cn_model"],
        readings=tuple(
            Reading(
                row["reading"],
                row["lag_months"],
                f"{row['lag_months']:.1f} months before {row['measured_on']}",
                f"main.monthly_lag, month {row['month']}, snapshot_id {row['snapshot_id']}, reading {row['reading']}",
            )
            for row in rows
        ),
    )


def over_period(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """Mean or longest lag in months over a period, in the newest vintage known on the day of the claim.

    By times from each US record of the period to its match, of all that are matched; and by the daily readings of
    the lag over the whole vintage.
    """
    is_mean = claim["measure"] == "mean_lag_months"
    first, last = (date.fromisoformat(f"{part}-01") for part in claim["period"].split("/"))
    rule = (
        f"{'mean' if is_mean else 'longest'} lag on {claim['board']} in {claim['period']}, in the newest vintage "
        "known on the day of the claim"
    )
    rows = rows_of(
        con,
        "records_matched",
        board=claim["board"],
        variant=claim["variant"],
        known=claim["claimed_on"],
        first=first,
        last=last,
    )
    matched = [row for row in rows if row["months"] is not None]
    if not matched:
        return Measurement(rule, "no vintage of then is held", verdict="vintage_not_held")
    longest = max(matched, key=lambda row: row["months"])
    snapshot_id = longest["snapshot_id"]
    mean = sum(row["months"] for row in matched) / len(matched)
    of_records = Reading(
        RECORDS,
        mean if is_mean else longest["months"],
        f"{len(matched)} US records matched, {len(rows) - len(matched)} still open; the longest is "
        f"{longest['us_model']}, matched by {longest['cn_model']} on {longest['cn_released_on']}",
        f"main.record_matches, match_rule point, snapshot_id {snapshot_id}",
    )
    column = "mean_months" if is_mean else "max_months"
    by_day = [
        Reading(
            row["reading"],
            row[column],
            f"over {row['days']} days from {row['first_day']}",
            f"main.lag_summary, snapshot_id {snapshot_id}, reading {row['reading']}",
        )
        for row in rows_of(con, "lag_summaries", snapshot_id=snapshot_id)
    ]
    return Measurement(
        rule,
        f"vintage of {longest['vintage']}",
        rows=of_records.rows,
        us_model=None if is_mean else longest["us_model"],
        cn_model=None if is_mean else longest["cn_model"],
        readings=(of_records, *by_day),
    )


def of_model(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The lag in months of the Chinese model that the claim names, in the first vintage of the board that has it."""
    rule = f"model_lag of {claim['cn_model']} on {claim['board']}, in the first vintage that has it"
    rows = rows_of(con, "model_lags", model_ids=claim["cn_model_ids"])
    of_board = [row for row in rows if row["board"] == claim["board"]]
    if not of_board:
        return Measurement(rule, "no vintage has the model", verdict="vintage_not_held")
    vintage = of_board[0]["vintage"]
    first = [row for row in of_board if row["vintage"] == vintage]
    later = [row for row in of_board if row["vintage"] != vintage and row["reading"] == claim["reading"]]
    remarks = [f"vintage of {vintage}"]
    if later:
        remarks.append("later vintages: " + ", ".join(f"{row['vintage']} {_months(row)}" for row in later))
    read_so = [row for row in rows if row["board"] != claim["board"] and row["reading"] == claim["reading"]]
    newest = {row["board"]: row for row in read_so}
    if newest:
        remarks.append(
            "other boards, their newest: "
            + ", ".join(f"{board} {_months(row)}" for board, row in newest.items())
        )
    return Measurement(
        rule,
        "; ".join(remarks),
        rows=f"main.model_lag, snapshot_id {first[0]['snapshot_id']}",
        cn_model=first[0]["cn_model"],
        cn_model_id=first[0]["cn_model_id"],
        readings=tuple(
            Reading(
                row["reading"],
                row["months"],
                f"behind {row['us_model']}" + _between(row),
                f"main.model_lag, snapshot_id {row['snapshot_id']}, reading {row['reading']}",
            )
            for row in first
        ),
    )


def _months(row: Row) -> str:
    return "open" if row["months"] is None else f"{row['months']:.1f}"


def _between(row: Row) -> str:
    if row["months_low"] is None or row["months_high"] is None:
        return ""
    return f", {row['months_low']:.1f} to {row['months_high']:.1f} months by published errors (90 %)"

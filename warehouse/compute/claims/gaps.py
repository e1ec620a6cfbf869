"""Claims about a gap: as published then, or in later ratings."""

from __future__ import annotations

from calendar import monthrange
from datetime import date

import duckdb

from warehouse.compute.claims.measurement import (
    Measurement,
    Row,
    bears_out,
    distance,
    gap_in_words,
    month_named,
    month_of,
    rows_of,
)

LEADERS = ("us_model", "cn_model", "us_model_id", "cn_model_id")


def gap(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The gap as published, in the publication that the claim speaks of.

    Of the day it names; else, where it names leaders, any publication of its month in which these lead: such a claim
    holds if one of them bears it out, and if none here does, its day is not held. Else the month's last. A board of
    which nothing of the month is held is measured in its first later vintage, by release dates.
    """
    board, month = claim["board"], month_of(claim)
    if not rows_of(con, "board_snapshots", board=board):
        if cited := rows_of(con, "exam_gap_of_month", board=board, month=month):
            return _cited(claim, cited[0])
        rule = f"the gap on {board} in {claim['period']}"
        remarks = [f"no data of the board {board} here", *_beside(con, claim)]
        return Measurement(rule, "; ".join(remarks), verdict="not_measurable")
    of_month = _publications(con, claim, month, month.replace(day=monthrange(month.year, month.month)[1]))
    subject = f"{claim['measure']} of {board} ({claim['variant']}, overall)"
    if claim["published_on"]:
        rule = f"{subject}: the publication of {claim['published_on']}"
        chosen = _publications(con, claim, claim["published_on"], claim["published_on"])
    elif claim["us_model"] and claim["cn_model"]:
        rule = f"{subject}: any publication of {claim['period']} in which the claimed models lead; its day is not named"
        return _with_leaders(claim, rule, of_month)
    else:
        rule = f"{subject}: the last publication of {claim['period']}"
        chosen = of_month
        if not of_month and (later := _by_release(con, claim, subject)):
            return later
    if not chosen:
        return Measurement(rule, "no such publication is held", verdict="vintage_not_held")
    row = chosen[-1]
    remarks = [f"{gap_in_words(row, claim['measure'])} on {row['published_on']}"]
    if of_month and row != of_month[-1]:
        remarks.append(
            f"the month's last, of {of_month[-1]['published_on']}: {gap_in_words(of_month[-1], claim['measure'])}"
        )
    return _measured(claim, rule, row, [*remarks, *_by_day_of_claim(con, claim, row)])


def _publications(con: duckdb.DuckDBPyConnection, claim: Row, since: date, until: date) -> list[Row]:
    """The publications of the board of ``claim`` from ``since`` to ``until``, of those that are staged."""
    return rows_of(
        con, "gap_publications", board=claim["board"], variant=claim["variant"], since=since, until=until
    )


def _cited(claim: Row, row: Row) -> Measurement:
    """The gap between the cited scores of a board that is not held."""
    return Measurement(
        f"exam_gaps of {row['exam']} at the end of {claim['period']}: the best models that one party measured, "
        "as cited; the whole board is not held",
        f"{gap_in_words(row, 'gap_points')}, {row['us_address']}",
        row["gap_points"],
        f"main.exam_gaps, exam {row['exam']}, board {row['board']}, basis one_party, month {row['month']}",
        **{name: row[name] for name in LEADERS},
    )


def _with_leaders(claim: Row, rule: str, of_month: list[Row]) -> Measurement:
    """A claim with leaders and without a day. Which other days of the month are held does not change its verdict."""
    chosen = [
        row
        for row in of_month
        if row["us_model_id"] in claim["us_model_ids"] and row["cn_model_id"] in claim["cn_model_ids"]
    ]
    if not chosen:
        return Measurement(rule, "no such publication is held", verdict="vintage_not_held")
    measure = claim["measure"]
    nearest = min(
        chosen, key=lambda row: (distance(claim, row[measure]), abs(row[measure] - float(claim["value"])))
    )
    last = of_month[-1]
    remarks = [f"{gap_in_words(nearest, measure)} on {nearest['published_on']}"]
    if others := [row for row in chosen if row is not nearest]:
        listed = ", ".join(f"{row['published_on']} ({row[measure]:.1f})" for row in others)
        remarks.append(f"other days on which they lead: {listed}")
    if last is not nearest:
        remarks.append(f"the month's last, of {last['published_on']}: {gap_in_words(last, measure)}")
    verdict = None if bears_out(claim, nearest[measure]) else "vintage_not_held"
    return _measured(claim, rule, nearest, remarks, verdict)


def _measured(claim: Row, rule: str, row: Row, remarks: list[str], verdict: str | None = None) -> Measurement:
    if not row["anchor_is_standard"]:
        remarks.append(
            "on another zero of the scale than today's: points hold, percentages are not comparable"
        )
    return Measurement(
        rule,
        "; ".join(remarks),
        row[claim["measure"]],
        f"core.scores, category overall, snapshot_id {row['snapshot_id']}",
        verdict=verdict,
        **{name: row[name] for name in LEADERS},
    )


def _by_release(con: duckdb.DuckDBPyConnection, claim: Row, subject: str) -> Measurement | None:
    """The gap of the month's end in the first later vintage, among models released by then; None if there is none."""
    rows = rows_of(
        con, "restated_by_release", board=claim["board"], variant=claim["variant"], month=month_of(claim)
    )
    if not rows:
        return None
    row = rows[0]
    return Measurement(
        f"{subject}: the first publication after {claim['period']} (none of it is held), of models released by its end",
        f"{gap_in_words(row, claim['measure'])} in the vintage of {row['vintage']}",
        row[claim["measure"]],
        f"main.restated_gap, month {row['month']}, snapshot_id {row['snapshot_id']}",
        **{name: row[name] for name in LEADERS},
    )


def _beside(con: duckdb.DuckDBPyConnection, claim: Row) -> list[str]:
    """A remark with the figure of the board that the claim's line names beside its own, if there is one."""
    if not claim["beside"]:
        return []
    measured = gap(con, {**claim, "board": claim["beside"], "beside": None})
    if measured.value is None:
        return []
    return [f"beside it, on another board, {claim['beside']}: {measured.explanation}"]


def _by_day_of_claim(con: duckdb.DuckDBPyConnection, claim: Row, row: Row) -> list[str]:
    """Remarks on what was published by the day of the claim, if the publication measured is newer."""
    if claim["claimed_on"] >= row["published_on"]:
        return []
    earlier = _publications(con, claim, date.min, claim["claimed_on"])
    remarks = []
    if earlier:
        remarks.append(
            f"by the day of the claim the last was {earlier[-1]['published_on']}: "
            f"{gap_in_words(earlier[-1], claim['measure'])}"
        )
    if held := [entry for entry in earlier if bears_out(claim, entry[claim["measure"]])]:
        remarks.append(f"the last day before it on which the claim held is {held[-1]['published_on']}")
    return remarks


def restated(con: duckdb.DuckDBPyConnection, claim: Row) -> Measurement:
    """The gap of a past month in the first unrounded vintage from the month on that the claim names."""
    since: date = month_named(claim["vintage"])
    rule = (
        f"restated_gap of {claim['period']}: the first unrounded whole {claim['variant']} vintage "
        f"from {since:%Y-%m} on"
    )
    rows = rows_of(
        con,
        "restated_months",
        board=claim["board"],
        variant=claim["variant"],
        month=month_of(claim),
        since=since,
    )
    if not rows:
        return Measurement(rule, "no such vintage is held", verdict="vintage_not_held")
    row = rows[0]
    gaps = [entry["gap_points"] for entry in rows]
    remarks = [
        f"{gap_in_words(row, 'gap_points')} in the vintage of {row['vintage']}",
        f"{min(gaps):.1f} to {max(gaps):.1f} points over the {len(gaps)} such vintages until {rows[-1]['vintage']}",
    ]
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
        **{name: row[name] for name in LEADERS},
    )

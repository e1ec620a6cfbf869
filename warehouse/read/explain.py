"""`aigap explain MONTH`: from the number to the rows to the bytes, in words."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Any

import duckdb

from sources.errors import UsageError, meant
from warehouse.db import dicts, sql_text
from warehouse.read.country_pair import CountryPair, read_country_pair
from warehouse.read.explained_change import change_lines
from warehouse.release import withheld

Row = dict[str, Any]


def explain(con: duckdb.DuckDBPyConnection, month: str, board: str, variant: str, category: str) -> list[str]:
    """The origin of a row of ``monthly_gap``, a line for each fact. Raises `UsageError` if there is no such row."""
    keys = {"board": board, "variant": variant, "category": category, "month": _parse_month(month)}
    found = _rows(
        con,
        "FROM main.monthly_gap "
        "WHERE board = $board AND variant = $variant AND category = $category AND month = $month",
        keys,
    )
    if not found:
        _require_known(con, board=board, variant=variant, category=category)
        raise UsageError(
            f"no row for {board} {variant} {category} in {month}",
            _known_months(con, board, variant, category),
            'see: aigap query "SELECT DISTINCT board, variant, category FROM monthly_gap"',
        )
    [row] = found
    where = f"{board} {variant} {category}, {keys['month']:%B %Y}"
    left_out = list(_withheld(con, keys))
    if row["snapshot_id"] is None:
        none = (
            "every snapshot of that month is doubtful" if left_out else "there is no snapshot of that month"
        )
        return [f"{where}: {row['status']}; {none}, so there is no number", *left_out]
    pair = read_country_pair(con)
    return [
        f"{where}: {_gap(row, pair)} ({row['status']})",
        *_interval(con, row, pair),
        f"rule      month_rule {row['month_rule']}, listing {row['listing']}, country_rule {row['country_rule']}",
        _snapshot(row),
        *_leader(con, row, "us", pair.first),
        *_leader(con, row, "cn", pair.second),
        *change_lines(con, keys, pair),
        *_other_snapshots(con, row),
        *left_out,
        *_definitions(con, keys),
        *_bytes(con, row["snapshot_id"]),
    ]


def _gap(row: Row, pair: CountryPair) -> str:
    if row["gap_points"] is None:
        least = f", at least {row['gap_at_least']:.1f} points" if row["gap_at_least"] is not None else ""
        return f"no gap{least}"
    percentage = f"{row['gap_pct_of_cn']:+.2f} % of the {pair.second_adjective} score"
    wins = ""
    if row["us_win_probability"] is not None:
        wins = f", {pair.first} expected score {100 * row['us_win_probability']:.1f} %, ties as half"
    return f"{row['gap_points']:+.2f} points, {percentage}{wins}"


def _interval(con: duckdb.DuckDBPyConnection, row: Row, pair: CountryPair) -> Iterator[str]:
    if row["gap_low"] is None:
        yield f"interval  none: {_why_none(con, row)}"
        return
    tie = ", a tie" if row["is_tie"] else ""
    if "gap_error" not in row:
        yield f"interval  {row['gap_low']:.1f} to {row['gap_high']:.1f} (95 %), of the gap between two maxima{tie}"
        return
    yield (
        f"interval  {row['gap_low']:.1f} to {row['gap_high']:.1f} (95 %): how far apart these two models truly are; "
        f"P({pair.first} ahead) {_probability(row['probability_us_leads'])}{tie}"
    )
    if row["gap_low_wide"] is None:
        yield "wide      none: other models that could be the best of their country may not be listed"
    elif row["us_contenders"] == row["cn_contenders"] == 1:
        yield "wide      the same: no other model could be the best of its country"
    else:
        yield (
            f"wide      {row['gap_low_wide']:.1f} to {row['gap_high_wide']:.1f}: allowing for each having been picked "
            f"as the highest of those that could be the best, {row['us_contenders']} {pair.first} and "
            f"{row['cn_contenders']} {pair.second_adjective}"
        )
    if row["error_source_id"] != row["source_id"]:
        yield f"errors    of {row['error_source_id']}, a copy of this publication, which prints none"


def _probability(value: float) -> str:
    """Three decimals, but never a certainty that no error gives."""
    return "> 0.999" if value > 0.999 else "< 0.001" if value < 0.001 else f"{value:.3f}"


def _why_none(con: duckdb.DuckDBPyConnection, row: Row) -> str:
    if row["gap_points"] is None:
        return "there is no gap"
    if row["gap_at_least"] is not None:
        return (
            f"a model that is not listed could lead, so the gap is at least {row['gap_at_least']:.1f} points"
        )
    query = "SELECT coverage FROM core.snapshots WHERE snapshot_id = $snapshot_id"
    [snapshot] = _rows(con, query, {"snapshot_id": row["snapshot_id"]})
    if snapshot["coverage"] == "leaders":
        return "only leaders are listed, and no ranks or errors with them"
    return "upstream published no standard error for a leader"


def _snapshot(row: Row) -> str:
    warning = "" if row["anchor_is_standard"] else ", not the usual one: do not compare its percentages"
    days = row.get("days_before_month_end")
    age = f", {days} {'day' if days == 1 else 'days'} before the month's end" if days else ""
    so_far = "; the month was not over" if row.get("month_is_open") else ""
    return (
        f"snapshot  {row['snapshot_id']}, published {row['published_on']} ({row['date_basis']}){age}{so_far}, "
        f"anchor {row['anchor']}{warning}"
    )


def _leader(con: duckdb.DuckDBPyConnection, row: Row, side: str, country: str) -> Iterator[str]:
    name = row[f"{side}_model"]
    if name is None:
        yield f"{country}        no model listed"
        return
    values = {"snapshot_id": row["snapshot_id"], "category": row["category"], "model_name": name}
    [score] = _rows(con, sql_text("read/sql/leader_score.sql"), values)
    error = f" ± {score['standard_error']:.2f}" if score["standard_error"] is not None else ""
    public = "" if score["is_public"] else "; not public that day"
    yield (
        f"{country}        {name} = {score['score']:.4f}{error}, model {score['model_id']} of "
        f"{score['maker']} ({score['hq_country']}){public}"
    )
    yield f"          evidence: {score['evidence']}"


def _other_snapshots(con: duckdb.DuckDBPyConnection, row: Row) -> Iterator[str]:
    keys = ("board", "variant", "category", "published_on", "snapshot_id")
    for other in _rows(
        con, sql_text("read/sql/snapshots_of_the_same_day.sql"), {key: row[key] for key in keys}
    ):
        yield (
            f"same day  {other['snapshot_id']}: {other['coverage']}, {other['precision']}, {other['models']} models"
        )


def _withheld(con: duckdb.DuckDBPyConnection, keys: Row) -> Iterator[str]:
    if withheld.is_recorded(con):
        for entry in _rows(con, sql_text("read/sql/withheld_in_the_month.sql"), keys):
            yield f"withheld  {entry['snapshot_id']} of {entry['published_on']}: {entry['message']}"


def _definitions(con: duckdb.DuckDBPyConnection, keys: Row) -> Iterator[str]:
    [row] = _rows(con, sql_text("read/sql/definitions_of_the_month.sql"), keys)
    if row["spread"] is not None:
        yield (
            f"other rules: {row['definitions']} definitions give {row['low']:.1f} to {row['high']:.1f}, a "
            f"spread of {row['spread']:.1f} points"
        )


def _bytes(con: duckdb.DuckDBPyConnection, snapshot_id: str) -> Iterator[str]:
    [row] = _rows(con, sql_text("read/sql/bytes_of_the_snapshot.sql"), {"snapshot_id": snapshot_id})
    mirror = f", by way of {row['mirror']}" if row["mirror"] else ""
    place = "shipped history" if row["held_in"] == "history" else "archive"
    yield (
        f"bytes     sha256 {row['sha256']}, {row['size']:,} bytes, "
        f"{row['file_name'] or 'as fetched'}, known {row['known_at']:%Y-%m-%d}, in the {place}"
    )
    yield f"          {row['address']}"
    yield f"          figures of {row['producer']} ({row['licence']}){mirror}"


def _parse_month(text: str) -> date:
    for shape in ("%Y-%m", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, shape).date().replace(day=1)  # noqa: DTZ007 (a month has no zone)
        except ValueError:
            continue
    raise UsageError(f"{text!r} is no month", "a month as in 2025-02", "write year and month")


def _require_known(con: duckdb.DuckDBPyConnection, **keys: str) -> None:
    """Raise `UsageError` for the first of ``keys`` that does not occur together with those before it."""
    rows = dicts(con.sql("SELECT DISTINCT board, variant, category FROM main.monthly_gap"))
    for column, value in keys.items():
        names = sorted({row[column] for row in rows})
        if value not in names:
            shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
            raise UsageError(f"no {column} {value}", f"one of {shown}", meant(value, names))
        rows = [row for row in rows if row[column] == value]


def _known_months(con: duckdb.DuckDBPyConnection, board: str, variant: str, category: str) -> str:
    [(first, last)] = con.execute(
        "SELECT strftime(min(month), '%Y-%m'), strftime(max(month), '%Y-%m') FROM main.monthly_gap "
        "WHERE board = ? AND variant = ? AND category = ?",
        [board, variant, category],
    ).fetchall()
    return f"a month from {first} to {last}"


def _rows(con: duckdb.DuckDBPyConnection, sql: str, values: Row) -> list[Row]:
    return dicts(con.sql(sql, params=values))

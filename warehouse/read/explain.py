"""`aigap explain MONTH`: from the number to the rows to the bytes, in words."""

from __future__ import annotations

from datetime import date, datetime
from typing import Any

import duckdb

from sources.errors import UsageError, meant


def explain(con: duckdb.DuckDBPyConnection, month: str, board: str, variant: str, category: str) -> list[str]:
    """The path of one row of ``monthly_gap``, a line a fact. Raises `UsageError` for a month not held."""
    first = _month(month)
    keys = {"board": board, "variant": variant, "category": category, "month": first}
    row = _one(
        con,
        "SELECT * FROM main.monthly_gap "
        "WHERE board = $board AND variant = $variant AND category = $category AND month = $month",
        keys,
    )
    if row is None:
        _require_held(con, board=board, variant=variant, category=category)
        raise UsageError(
            f"no row for {board} {variant} {category} in {month}",
            _held(con, board, variant, category),
            'see: aigap query "SELECT DISTINCT board, variant, category FROM monthly_gap"',
        )
    where = f"{board} {variant} {category}, {first:%B %Y}"
    if row["snapshot_id"] is None:
        return [f"{where}: {row['status']}; no snapshot of that month is held, so there is no number"]
    lines = [f"{where}: {_gap(row)} ({row['status']})"]
    lines += [_interval(row)]
    lines.append(
        f"rule      month_rule {row['month_rule']}, listing {row['listing']}, country_rule {row['country_rule']}"
    )
    lines.append(
        f"snapshot  {row['snapshot_id']}, published {row['published_on']} ({row['date_basis']}), "
        f"anchor {row['anchor']}"
        + ("" if row["anchor_is_standard"] else ", not the usual one: do not compare its percentages")
    )
    for side, country in (("us", "US"), ("cn", "CN")):
        lines += _leader(con, row, side, country)
    lines += _others(con, row)
    lines += _definitions(con, keys)
    lines += _bytes(con, row["snapshot_id"])
    return lines


def _gap(row: dict[str, Any]) -> str:
    if row["gap_points"] is None:
        least = f", at least {row['gap_at_least']:.1f} points" if row["gap_at_least"] is not None else ""
        return f"no gap{least}"
    chance = (
        f", US wins {100 * row['us_win_probability']:.1f} % of pairs"
        if row["us_win_probability"] is not None
        else ""
    )
    return f"{row['gap_points']:+.2f} points, {row['gap_pct_of_cn']:+.2f} % of the Chinese score{chance}"


def _interval(row: dict[str, Any]) -> str:
    if row["gap_low"] is None:
        return "interval  none: upstream published no error for every model that could lead"
    tie = ", a tie" if row["is_tie"] else ""
    return (
        f"interval  {row['gap_low']:.1f} to {row['gap_high']:.1f} (95 %), median {row['gap_median']:.1f}, "
        f"P(US leads) {row['probability_us_leads']:.3f}{tie}"
    )


def _leader(con: duckdb.DuckDBPyConnection, row: dict[str, Any], side: str, country: str) -> list[str]:
    name = row[f"{side}_model"]
    if name is None:
        return [f"{country}        nobody listed"]
    score = _one(
        con,
        "SELECT c.*, m.organization_id, o.name AS maker, o.hq_country, o.evidence AS maker_evidence, m.evidence "
        "FROM core.scores AS c LEFT JOIN core.models AS m USING (model_id) "
        "LEFT JOIN core.organizations AS o ON o.organization_id = m.organization_id "
        "WHERE c.snapshot_id = $snapshot AND c.category = $category AND c.model_name = $name",
        {"snapshot": row["snapshot_id"], "category": row["category"], "name": name},
    )
    assert score is not None
    error = f" ± {score['standard_error']:.2f}" if score["standard_error"] is not None else ""
    public = "" if score["is_public"] else "; not public that day"
    return [
        (
            f"{country}        {name} = {score['score']:.4f}{error}, model {score['model_id']} of "
            f"{score['maker']} ({score['hq_country']}){public}"
        ),
        f"          evidence: {score['evidence']}",
    ]


def _others(con: duckdb.DuckDBPyConnection, row: dict[str, Any]) -> list[str]:
    found = con.execute(
        "SELECT s.snapshot_id, s.coverage, s.precision, s.models FROM core.snapshots AS s "
        "JOIN core.snapshot_categories AS c USING (snapshot_id) "
        "WHERE s.board = $board AND s.variant = $variant AND c.category = $category AND s.published_on = $day "
        "AND s.snapshot_id <> $snapshot ORDER BY s.snapshot_id",
        {key: row[key] for key in ("board", "variant", "category")}
        | {"day": row["published_on"], "snapshot": row["snapshot_id"]},
    ).fetchall()
    return [
        f"beside it {name}: {coverage}, {precision}, {models} models"
        for name, coverage, precision, models in found
    ]


def _definitions(con: duckdb.DuckDBPyConnection, keys: dict[str, Any]) -> list[str]:
    row = _one(
        con,
        "SELECT min(gap_points) AS low, max(gap_points) AS high, max(definition_spread) AS spread, "
        "count(*) AS definitions "
        "FROM main.gap_definitions WHERE board = $board AND variant = $variant AND category = "
        "$category AND month = $month",
        keys,
    )
    if row is None or row["spread"] is None:
        return []
    return [
        (
            f"other rules: {row['definitions']} definitions give {row['low']:.1f} to {row['high']:.1f}, a "
            f"spread of {row['spread']:.1f} points"
        )
    ]


def _bytes(con: duckdb.DuckDBPyConnection, snapshot_id: str) -> list[str]:
    row = _one(
        con,
        "SELECT i.*, m.producer, m.mirror, m.licence FROM core.snapshots AS s JOIN meta.inputs AS i USING (input_id) "
        "JOIN meta.sources AS m ON m.source_id = s.source_id WHERE s.snapshot_id = $snapshot",
        {"snapshot": snapshot_id},
    )
    assert row is not None
    mirror = f", by way of {row['mirror']}" if row["mirror"] else ""
    held = "shipped history" if row["held_in"] == "history" else "archive"
    return [
        (
            f"bytes     sha256 {row['sha256']}, {row['size']:,} bytes, "
            f"{row['file_name'] or 'as fetched'}, known {row['known_at']:%Y-%m-%d}, in the {held}"
        ),
        f"          {row['address']}",
        f"          figures of {row['producer']} ({row['licence']}){mirror}",
    ]


def _month(text: str) -> date:
    for shape in ("%Y-%m", "%Y-%m-%d"):
        try:
            return datetime.strptime(text, shape).date().replace(day=1)  # noqa: DTZ007 (a month has no zone)
        except ValueError:
            continue
    raise UsageError(f"{text!r} is no month", "a month as in 2025-02", "write year and month")


def _require_held(con: duckdb.DuckDBPyConnection, **keys: str) -> None:
    """Raise `UsageError` for the first of ``keys`` that is not held together with those before it."""
    where = ["true"]
    for column, value in keys.items():
        known = con.execute(
            f"SELECT DISTINCT {column} FROM main.monthly_gap WHERE {' AND '.join(where)} ORDER BY ALL",
            [keys[before] for before in keys if f"{before} = ?" in where],
        ).fetchall()
        names = [name for (name,) in known]
        if value not in names:
            shown = ", ".join(names[:12]) + (", …" if len(names) > 12 else "")
            raise UsageError(f"no {column} {value}", f"one of {shown}", meant(value, names))
        where.append(f"{column} = ?")


def _held(con: duckdb.DuckDBPyConnection, board: str, variant: str, category: str) -> str:
    row = con.execute(
        "SELECT strftime(min(month), '%Y-%m'), strftime(max(month), '%Y-%m') FROM main.monthly_gap "
        "WHERE board = ? AND variant = ? AND category = ?",
        [board, variant, category],
    ).fetchall()[0]
    return f"a month from {row[0]} to {row[1]}" if row[0] else "a board, variant and category that are held"


def _one(con: duckdb.DuckDBPyConnection, query: str, values: dict[str, Any]) -> dict[str, Any] | None:
    cursor = con.execute(query, values)
    names = [column[0] for column in cursor.description or ()]
    found = cursor.fetchall()
    return dict(zip(names, found[0], strict=True)) if found else None

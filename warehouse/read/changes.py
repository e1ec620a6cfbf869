"""What changed from one release to another, and why, as far as the two files tell.

A month of `monthly_gap` changed when its status, a leader, a score, the gap, its interval or its snapshot did.
`REASONS` are found by comparing what the month was computed from: snapshots, inputs, names, parameters.
"""

from __future__ import annotations

import csv
import io
import json
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass, field
from datetime import date, datetime
from pathlib import Path
from typing import Any

import duckdb

from sources.errors import AigapError, UsageError

REASONS = {
    "new_month": "the month was not there before",
    "month_gone": "the month is not there any more",
    "new_snapshot": "a snapshot from new bytes stands for the month",
    "redated": "bytes held before are read as another snapshot: another day, or another board",
    "other_snapshot": "another snapshot stands for the month, and both releases hold it",
    "snapshot_gone": "the snapshot that stood for the month is not held any more",
    "new_model": "a model that the board had not listed before leads",
    "rename": "the same model leads under another name",
    "mapping": "the reference tables say otherwise who made a model, or what it is",
    "rescaling": "the zero of the scale is another",
    "parameters": "a parameter is another",
    "code": "nothing in the data explains it: the program changed",
}
#: Figures of a month that are compared, and shown before and after.
FIGURES = (
    "status",
    "us_model",
    "us_score",
    "cn_model",
    "cn_score",
    "gap_points",
    "gap_low",
    "gap_high",
    "snapshot_id",
)
#: What else a month must say for its reasons to be found.
_TOLD = ("us_model_id", "cn_model_id", "source_id", "anchor", "month_rule", "listing", "country_rule")
KEY = ("board", "variant", "category", "month")
#: Lines of a list in text; the rest is counted.
SHOWN = 20
LARGEST = 10

Row = dict[str, Any]


@dataclass(frozen=True)
class Month:
    """A changed month. ``before`` and ``after`` hold `FIGURES`; None where the month is not there."""

    board: str
    variant: str
    category: str
    month: date
    reasons: tuple[str, ...]
    detail: str
    before: Row | None
    after: Row | None

    @property
    def change(self) -> float | None:
        """Gap after less gap before, in points; None unless both are known."""
        then = self.before["gap_points"] if self.before else None
        now = self.after["gap_points"] if self.after else None
        return None if then is None or now is None else float(now - then)


@dataclass(frozen=True)
class Changes:
    """``before`` is None when there is no earlier release. Releases are named by the hash of their inputs."""

    before: Row | None
    after: Row
    months: list[Month] = field(default_factory=list)
    inputs: list[Row] = field(default_factory=list)
    models: list[Row] = field(default_factory=list)
    names: list[Row] = field(default_factory=list)
    countries: list[Row] = field(default_factory=list)
    parameters: list[Row] = field(default_factory=list)
    tables: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    unresolved: list[Row] = field(default_factory=list)
    #: Parts that could not be compared because one of the files lacks what they need.
    not_compared: list[str] = field(default_factory=list)


def compare(before: Path | None, after: Path) -> Changes:
    """What changed from the release file ``before`` to ``after``; both are only read."""
    with duckdb.connect() as con:
        con.execute("SET TimeZone = 'UTC'")
        # Names in the SQL are tables, never Python variables of this module.
        con.execute("SET python_enable_replacements = false")
        _attach(con, after, "new")
        now = _release(con, "new")
        if before is None:
            return Changes(None, now)
        if before.resolve() == after.resolve():
            raise UsageError("both are the same release", "two releases", "see: aigap releases")
        _attach(con, before, "old")
        result = Changes(_release(con, "old"), now)
        for part, needs, fill in _PARTS:
            if all(_has(con, table, columns) for table, columns in needs):
                fill(con, result)
            else:
                result.not_compared.append(part)
        return result


def _attach(con: duckdb.DuckDBPyConnection, file: Path, name: str) -> None:
    path = str(file.resolve()).replace("'", "''")
    try:
        con.execute(f"ATTACH '{path}' AS {name} (READ_ONLY)")
    except duckdb.Error as error:
        raise AigapError(
            f"{file.name} cannot be read ({str(error).splitlines()[0]})", "a release", "see: aigap releases"
        ) from None


def _rows(con: duckdb.DuckDBPyConnection, sql: str) -> list[Row]:
    found = con.sql(sql)
    return [dict(zip(found.columns, row, strict=True)) for row in found.fetchall()]


def _has(con: duckdb.DuckDBPyConnection, table: str, columns: Sequence[str]) -> bool:
    """Have both releases ``columns`` in ``table``?"""
    schema, name = table.split(".")
    [(there,)] = con.execute(
        "SELECT count(*) FROM duckdb_columns() WHERE database_name IN ('old', 'new') AND schema_name = ? "
        "AND table_name = ? AND column_name IN (SELECT unnest(?))",
        [schema, name, list(columns)],
    ).fetchall()
    return bool(there == 2 * len(columns))


def _release(con: duckdb.DuckDBPyConnection, which: str) -> Row:
    [row] = _rows(
        con,
        "SELECT input_hash, schema_version, project_version, (SELECT max(known_at) FROM "
        f"{which}.meta.inputs) AS known_to FROM {which}.meta.release",
    )
    return row


def _months(con: duckdb.DuckDBPyConnection, result: Changes) -> None:
    told = (*FIGURES, *_TOLD)
    differs = " OR ".join(f"o.{name} IS DISTINCT FROM n.{name}" for name in FIGURES)
    shown = ", ".join(f"o.{name} AS old_{name}, n.{name} AS new_{name}" for name in told)
    con.execute(
        f"CREATE OR REPLACE TEMP TABLE changed AS SELECT {', '.join(f'coalesce(n.{k}, o.{k}) AS {k}' for k in KEY)}, "
        f"o.month IS NOT NULL AS was_there, n.month IS NOT NULL AS is_there, {shown} "
        "FROM old.main.monthly_gap AS o FULL JOIN new.main.monthly_gap AS n "
        f"ON {' AND '.join(f'o.{k} = n.{k}' for k in KEY)} WHERE {differs} "
        "OR (o.month IS NULL) <> (n.month IS NULL)"
    )
    # Models that both hold and say otherwise of: their maker, when they were public, their countries.
    facts = "SELECT * EXCLUDE (name, evidence) FROM {}.core.models"
    countries = "SELECT * FROM {}.core.model_countries"
    con.execute(
        "CREATE OR REPLACE TEMP TABLE changed_model AS SELECT model_id FROM ("
        + " UNION ".join(
            f"SELECT model_id FROM ({one.format(a)} EXCEPT {one.format(b)})"
            for one in (facts, countries)
            for a, b in (("old", "new"), ("new", "old"))
        )
        + ") WHERE model_id IN (SELECT model_id FROM old.core.models) "
        "AND model_id IN (SELECT model_id FROM new.core.models)"
    )
    # Within one snapshot that both hold: which names stand for another model, and whether figures moved.
    con.execute(
        "CREATE OR REPLACE TEMP TABLE moved AS SELECT n.snapshot_id, n.category, "
        "list(DISTINCT n.model_name ORDER BY n.model_name) FILTER (n.model_id IS DISTINCT FROM o.model_id "
        "OR n.model_id IN (FROM changed_model)) AS remapped "
        "FROM new.core.scores AS n JOIN old.core.scores AS o USING (snapshot_id, category, model_name) "
        "WHERE n.snapshot_id IN (SELECT new_snapshot_id FROM changed) GROUP BY ALL"
    )
    rows = _rows(
        con,
        "SELECT c.*, m.remapped, s.published_on, s.source_id AS snapshot_source, "
        "s.snapshot_id IN (SELECT snapshot_id FROM old.core.snapshots) AS new_was_held, "
        "s.input_id IN (SELECT input_id FROM old.meta.inputs) AS bytes_were_held, "
        "c.old_snapshot_id IN (SELECT snapshot_id FROM new.core.snapshots) AS old_is_held, "
        "(c.board, c.new_us_model_id) NOT IN (SELECT (board, model_id) FROM old.core.first_listed) AS us_is_new, "
        "(c.board, c.new_cn_model_id) NOT IN (SELECT (board, model_id) FROM old.core.first_listed) AS cn_is_new "
        "FROM changed AS c LEFT JOIN moved AS m ON m.snapshot_id = c.new_snapshot_id AND m.category = c.category "
        "LEFT JOIN new.core.snapshots AS s ON s.snapshot_id = c.new_snapshot_id "
        f"ORDER BY {', '.join(f'c.{name}' for name in KEY)}",
    )
    parameters = [f"{row['name']}: {row['before']} → {row['after']}" for row in result.parameters]
    renamed = {(row["source_id"], row["model_name"]) for row in result.names}
    remade = {row["model_id"] for row in _rows(con, "FROM changed_model")}
    for row in rows:
        row["leaders_remapped"] = [
            row[f"{when}_{who}_model"]
            for when in ("old", "new")
            for who in ("us", "cn")
            if (row[f"{when}_source_id"], row[f"{when}_{who}_model"]) in renamed
            or row[f"{when}_{who}_model_id"] in remade
        ]
        reasons, detail = _reasons(row, parameters)
        result.months.append(
            Month(
                **{name: row[name] for name in KEY},
                reasons=reasons,
                detail=detail,
                before={name: row[f"old_{name}"] for name in FIGURES} if row["was_there"] else None,
                after={name: row[f"new_{name}"] for name in FIGURES} if row["is_there"] else None,
            )
        )


def _reasons(row: Row, parameters: list[str]) -> tuple[tuple[str, ...], str]:
    """Why the month ``row`` changed, as `REASONS`, and what was found, in words."""
    found: dict[str, str] = {}
    then, now = row["old_snapshot_id"], row["new_snapshot_id"]
    if not row["is_there"]:
        found["month_gone"] = ""
    if not row["was_there"]:
        found["new_month"] = ""
    if now is not None and now != then:
        if not row["bytes_were_held"]:
            found["new_snapshot"] = f"{row['snapshot_source']} of {row['published_on']}"
        elif not row["new_was_held"]:
            found["redated"] = f"{then or 'none'} → {now}"
        elif then is not None and row["old_is_held"]:
            found["other_snapshot"] = f"{then} → {now}"
    if then is not None and now != then and not row["old_is_held"] and "redated" not in found:
        found["snapshot_gone"] = then
    remapped = sorted(set(row["leaders_remapped"] if now != then else row["remapped"] or ()))
    if remapped:
        leaders = [row[f"{when}_{who}_model"] for when in ("old", "new") for who in ("us", "cn")]
        told = [name for name in remapped if name in leaders] or remapped
        found["mapping"] = ", ".join(told[:3]) + (f" and {len(told) - 3} more" if len(told) > 3 else "")
    for who in ("us", "cn"):
        if row["was_there"] and row[f"new_{who}_model_id"] and row[f"{who}_is_new"] and not remapped:
            found["new_model"] = ", ".join(filter(None, (found.get("new_model"), row[f"new_{who}_model"])))
        names = row[f"old_{who}_model"], row[f"new_{who}_model"]
        same = row[f"old_{who}_model_id"] == row[f"new_{who}_model_id"] is not None
        if same and names[0] != names[1]:
            found["rename"] = f"{names[0]} → {names[1]}"
    if row["was_there"] and then and now and row["old_anchor"] != row["new_anchor"]:
        found["rescaling"] = f"{row['old_anchor']} → {row['new_anchor']}"
    rules = ("month_rule", "listing", "country_rule")
    ruled = row["was_there"] and row["is_there"] and any(row[f"old_{r}"] != row[f"new_{r}"] for r in rules)
    if parameters and (ruled or not found.keys() - {"other_snapshot"}):
        found["parameters"] = "; ".join(parameters)
    if not found or found.keys() == {"other_snapshot"}:
        found["code"] = ""
    ordered = [reason for reason in REASONS if reason in found]
    return tuple(ordered), "; ".join(f"{name}: {found[name]}" for name in ordered if found[name])


def _inputs(con: duckdb.DuckDBPyConnection, result: Changes) -> None:
    result.inputs.extend(
        _rows(
            con,
            "SELECT coalesce(n.source_id, o.source_id) AS source_id, count(*) FILTER (o.input_id IS NULL) AS added, "
            "count(*) FILTER (n.input_id IS NULL) AS removed, "
            "min(n.known_at) FILTER (o.input_id IS NULL) AS known_from, "
            "max(n.known_at) FILTER (o.input_id IS NULL) AS known_to, "
            "coalesce(sum(n.rows) FILTER (o.input_id IS NULL), 0)::BIGINT AS rows_added "
            "FROM old.meta.inputs AS o FULL JOIN new.meta.inputs AS n USING (input_id) "
            "WHERE o.input_id IS NULL OR n.input_id IS NULL GROUP BY ALL ORDER BY 1",
        )
    )


def _parameters(con: duckdb.DuckDBPyConnection, result: Changes) -> None:
    result.parameters.extend(
        _rows(
            con,
            "SELECT name, o.value AS before, n.value AS after FROM old.meta.parameters AS o "
            "FULL JOIN new.meta.parameters AS n USING (name) WHERE o.value IS DISTINCT FROM n.value ORDER BY name",
        )
    )


_READING = "coalesce(model_id, organization_id, 'unresolved')"


def _names(con: duckdb.DuckDBPyConnection, result: Changes) -> None:
    """Names that both releases print and read differently, then models that are new or gone."""
    one = (
        "SELECT source_id, model_name, organization_name, string_agg(CASE WHEN valid_from > DATE '0001-01-01' "
        f"THEN {_READING} || ' from ' || valid_from ELSE {_READING} END, ', ' ORDER BY valid_from) AS reading "
        "FROM {}.core.model_names GROUP BY ALL"
    )
    con.execute(
        "CREATE OR REPLACE TEMP TABLE changed_name AS SELECT n.source_id, n.model_name, n.organization_name, "
        f"o.reading AS before, n.reading AS after FROM ({one.format('old')}) AS o "
        f"JOIN ({one.format('new')}) AS n USING (source_id, model_name, organization_name) "
        "WHERE o.reading <> n.reading"
    )
    result.names.extend(_rows(con, "FROM changed_name ORDER BY ALL"))
    result.models.extend(
        _rows(
            con,
            "SELECT model_id, CASE WHEN o.model_id IS NULL THEN 'added' ELSE 'removed' END AS change, "
            "coalesce(n.organization_id, o.organization_id) AS organization_id "
            "FROM old.core.models AS o FULL JOIN new.core.models AS n USING (model_id) "
            "WHERE o.model_id IS NULL OR n.model_id IS NULL ORDER BY ALL",
        )
    )
    one = (
        "SELECT model_id, string_agg(DISTINCT country, ', ' ORDER BY country) AS countries "
        "FROM {}.core.model_countries WHERE country_rule = 'hq' GROUP BY ALL"
    )
    result.countries.extend(
        _rows(
            con,
            "SELECT model_id, o.countries AS before, n.countries AS after "
            f"FROM ({one.format('old')}) AS o FULL JOIN ({one.format('new')}) AS n USING (model_id) "
            "WHERE o.countries IS DISTINCT FROM n.countries AND model_id IN (SELECT model_id FROM old.core.models) "
            "AND model_id IN (SELECT model_id FROM new.core.models) ORDER BY ALL",
        )
    )


def _tables(con: duckdb.DuckDBPyConnection, result: Changes) -> None:
    result.tables.extend(
        _rows(
            con,
            "SELECT table_name, column_name, CASE WHEN o.column_name IS NULL THEN 'added' WHEN n.column_name IS NULL "
            "THEN 'removed' ELSE 'changed' END AS change, o.data_type AS before, n.data_type AS after, "
            "table_name NOT IN (SELECT table_name FROM old.meta.columns) AS table_is_new, "
            "table_name NOT IN (SELECT table_name FROM new.meta.columns) AS table_is_gone "
            "FROM old.meta.columns AS o FULL JOIN new.meta.columns AS n USING (table_name, column_name) "
            "WHERE o.data_type IS DISTINCT FROM n.data_type ORDER BY ALL",
        )
    )


def _claims(con: duckdb.DuckDBPyConnection, result: Changes) -> None:
    result.claims.extend(
        _rows(
            con,
            "SELECT claim_id, o.verdict AS before, n.verdict AS after, o.measured_value AS measured_before, "
            "n.measured_value AS measured_after FROM old.main.claim_checks AS o "
            "FULL JOIN new.main.claim_checks AS n USING (claim_id) WHERE o.verdict IS DISTINCT FROM n.verdict "
            "ORDER BY claim_id",
        )
    )


def _unresolved(con: duckdb.DuckDBPyConnection, result: Changes) -> None:
    key = "source_id, model_name, organization_name"
    result.unresolved.extend(
        _rows(
            con,
            f"SELECT {key}, resolution, best_where, best_rank FROM new.meta.unresolved_models "
            f"WHERE ({key}) NOT IN (SELECT ({key}) FROM old.meta.unresolved_models) ORDER BY ALL",
        )
    )


_NAMES = ("core.model_names", ("source_id", "model_name", "organization_name", "model_id", "organization_id"))
_COUNTRIES = ("core.model_countries", ("model_id", "country", "country_rule"))
_MODELS = ("core.models", ("model_id", "organization_id", "name", "evidence"))
#: What is compared, what it needs of both files, and how; months last, they refer to the others.
_PARTS: tuple[tuple[str, tuple[tuple[str, Sequence[str]], ...], Any], ...] = (
    ("inputs", (("meta.inputs", ("input_id", "source_id", "known_at", "rows")),), _inputs),
    ("parameters", (("meta.parameters", ("name", "value")),), _parameters),
    ("names", (_NAMES, _COUNTRIES, _MODELS), _names),
    ("tables", (("meta.columns", ("table_name", "column_name", "data_type")),), _tables),
    ("claims", (("main.claim_checks", ("claim_id", "verdict", "measured_value")),), _claims),
    (
        "unresolved",
        (("meta.unresolved_models", ("source_id", "model_name", "organization_name", "best_rank")),),
        _unresolved,
    ),
    (
        "months",
        (
            ("main.monthly_gap", (*KEY, *FIGURES, *_TOLD)),
            ("core.first_listed", ("board", "model_id")),
            ("core.snapshots", ("snapshot_id", "input_id", "published_on", "source_id")),
            ("core.scores", ("snapshot_id", "category", "model_name", "model_id")),
            _NAMES,
            _COUNTRIES,
            _MODELS,
        ),
        _months,
    ),
)


# Told


def as_json(changes: Changes) -> str:
    """Everything, for programs. Times are UTC, gaps in points."""
    told = asdict(changes)
    for month, entry in zip(told["months"], changes.months, strict=True):
        month["change_points"] = entry.change
    return json.dumps(told, indent=1, ensure_ascii=False, default=_plain, allow_nan=False) + "\n"


def months_csv(changes: Changes) -> str:
    """Every changed month, a line each: key, reasons as a JSON list, figures before and after. RFC 4180."""
    out = io.StringIO()
    writer = csv.writer(out)
    pairs = [f"{name}_{when}" for name in FIGURES for when in ("before", "after")]
    writer.writerow([*KEY, "reasons", "detail", "change_points", *pairs])
    for month in changes.months:
        figures = [(side or {}).get(name) for name in FIGURES for side in (month.before, month.after)]
        key = [getattr(month, name) for name in KEY]
        writer.writerow([*key, json.dumps(month.reasons), month.detail, month.change, *figures])
    return out.getvalue()


def markdown(changes: Changes) -> str:
    lines = ["# Changes", "", _opening(changes)]
    for title, entries in _sections(changes):
        lines += ["", f"## {title}", "", *(f"- {entry}" for entry in entries)]
    return "\n".join(lines) + "\n"


def text(changes: Changes) -> str:
    lines = [_opening(changes)]
    for title, entries in _sections(changes):
        lines += [title, *(f"  {entry}" for entry in entries)]
    return "\n".join(lines) + "\n"


def _opening(changes: Changes) -> str:
    now = _named(changes.after)
    if changes.before is None:
        return f"This is {now}. It is the first release here: there is none to compare it with."
    if not list(_sections(changes)):
        return f"From {_named(changes.before)} to {now} nothing changed."
    return f"From {_named(changes.before)} to {now}."


def _named(release: Row) -> str:
    known = f", figures known to {release['known_to']:%Y-%m-%d}" if release["known_to"] else ""
    return f"release {release['input_hash'][:12]} (schema {release['schema_version']}{known})"


def _sections(changes: Changes) -> Iterable[tuple[str, list[str]]]:
    """Titles and lines, leaving out what has none."""
    counted = Counter((month.board, month.variant) for month in changes.months)
    why = Counter(reason for month in changes.months for reason in month.reasons)
    largest = sorted(
        changes.months,
        key=lambda month: -abs(month.change) if month.change else 0.0,
    )
    sections = [
        (
            f"Months that changed: {len(changes.months)}",
            [f"{board}, {variant}: {count}" for (board, variant), count in sorted(counted.items())],
        ),
        ("Why", [f"{name} ({REASONS[name]}): {why[name]}" for name in REASONS if name in why]),
        (
            f"The {LARGEST} largest changes" if len(largest) > LARGEST else "Each of them",
            [_month_line(month) for month in largest[:LARGEST]],
        ),
        ("Inputs by source", _listed([_input_line(row) for row in changes.inputs])),
        ("Parameters", [f"{row['name']}: {row['before']} → {row['after']}" for row in changes.parameters]),
        (
            "Names read as another model",
            _listed(
                [f"{r['model_name']} ({r['source_id']}): {r['before']} → {r['after']}" for r in changes.names]
            ),
        ),
        (
            "Models of another country",
            _listed(
                [
                    f"{r['model_id']}: {r['before'] or 'none'} → {r['after'] or 'none'}"
                    for r in changes.countries
                ]
            ),
        ),
        ("Models", _model_lines(changes.models)),
        (
            "Claims with another verdict",
            [f"{r['claim_id']}: {r['before']} → {r['after']}" for r in changes.claims],
        ),
        (
            "Names newly unresolved",
            _listed(
                [f"{r['model_name']} ({r['source_id']}), best {r['best_where']}" for r in changes.unresolved]
            ),
        ),
        ("Tables and columns", _listed(_table_lines(changes.tables))),
        (
            "Not compared",
            [f"{part}: one of the releases has not the columns" for part in changes.not_compared],
        ),
    ]
    return [(title, lines) for title, lines in sections if lines]


def _month_line(month: Month) -> str:
    where = f"{month.month:%Y-%m} {month.board} {month.variant} {month.category}"
    detail = f" ({month.detail})" if month.detail else ""
    return f"{where}: {_side(month.before)} → {_side(month.after)}; {', '.join(month.reasons)}{detail}"


def _side(figures: Row | None) -> str:
    if figures is None:
        return "no row"
    if figures["gap_points"] is None:
        return str(figures["status"])
    status = "" if figures["status"] == "observed" else f", {figures['status']}"
    return f"{figures['gap_points']:.2f} ({figures['us_model']} to {figures['cn_model']}{status})"


def _input_line(row: Row) -> str:
    words = []
    if row["added"]:
        words.append(
            f"{row['added']} new, {row['rows_added']:,} rows, known {row['known_from']:%Y-%m-%d} to "
            f"{row['known_to']:%Y-%m-%d}"
        )
    if row["removed"]:
        words.append(f"{row['removed']} no longer used")
    return f"{row['source_id']}: {'; '.join(words)}"


def _model_lines(models: list[Row]) -> list[str]:
    lines = []
    for change in ("added", "removed"):
        names = [row["model_id"] for row in models if row["change"] == change]
        if names:
            more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
            lines.append(f"{len(names)} {change}: {', '.join(names[:SHOWN])}{more}")
    return lines


def _table_lines(rows: list[Row]) -> list[str]:
    whole = sorted(
        {(row["table_name"], row["change"]) for row in rows if row["table_is_new"] or row["table_is_gone"]}
    )
    lines = [f"{name}: table {change}" for name, change in whole]
    for row in rows:
        if not (row["table_is_new"] or row["table_is_gone"]):
            kinds = " → ".join(filter(None, (row["before"], row["after"])))
            lines.append(f"{row['table_name']}.{row['column_name']}: column {row['change']} ({kinds})")
    return lines


def _listed(lines: list[str]) -> list[str]:
    return lines if len(lines) <= SHOWN else [*lines[:SHOWN], f"and {len(lines) - SHOWN} more"]


def _plain(value: object) -> str:
    return value.isoformat() if isinstance(value, date | datetime) else str(value)

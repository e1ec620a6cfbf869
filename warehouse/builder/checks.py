"""Checks on a candidate before it may be published, each a query that returns its failing rows.

Keys and references are checked as the table declarations state them (types, nulls, conditions and the keys of most
tables are enforced by the DDL). All other checks are files in ``checks/``, with a header: ``-- severity:``,
``-- about:`` (the table checked) and ``-- why:``.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from sources.errors import AigapError
from warehouse.builder import compatibility, graph
from warehouse.builder.changes import TOLD_BY, Changes
from warehouse.builder.fillers import AFTER_THE_BUILD
from warehouse.db import SMALL_IF_WHOLE, insert, read_only, rows_of, stage_texts, work_alone
from warehouse.switches import STRICT, is_on
from warehouse.tables import TABLES, table
from warehouse.tables.domains import SEVERITIES
from warehouse.tables.schema import Table
from warehouse.workspace import PACKAGE

SAMPLE = 5


@dataclass(frozen=True)
class Check:
    """A query that returns the failing rows; no rows is a pass. ``severity`` is block, withhold or warn."""

    name: str
    severity: str
    about: str
    why: str
    query: str
    #: Generated from the table declarations, not read from a file in ``checks/``.
    is_declared: bool = False
    #: The tables that a declared check reads, if it reads no others.
    tables: tuple[str, ...] = ()
    #: Whether what a row is compared with is of its own snapshot.
    is_by_snapshot: bool = False
    #: The columns that must not be the same in two rows, if it asks for that and no more.
    key: tuple[str, ...] = ()
    #: If it asks whether these columns are in those of another table, and no more, that table and its columns.
    columns: tuple[str, ...] = ()
    refers_to: tuple[str, ...] = ()

    def reads(self) -> frozenset[str]:
        """The relations that the query reads."""
        return frozenset(self.tables) or graph.through_views(graph.relations_named(self.query))


@dataclass(frozen=True)
class Result:
    """The outcome of one check with its first failing rows."""

    check: Check
    failing_rows: int
    sample: list[dict[str, Any]]

    @property
    def passed(self) -> bool:
        """Whether no row failed."""
        return self.failing_rows == 0

    @property
    def stops_release(self) -> bool:
        """Whether it failed and blocks the release."""
        return not self.passed and stops(self.check.severity)

    def line(self) -> str:
        """The first failing row, how many more there are, and why it matters, in one line."""
        first = self.sample[0] if self.sample else {}
        message = first.get("message") or ", ".join(f"{key}={value}" for key, value in first.items())
        more = f" (and {self.failing_rows - 1} more)" if self.failing_rows > 1 else ""
        return f"{self.check.name}: {message}{more}; {self.check.why}"


def stops(severity: str) -> bool:
    """Whether a failed check of this ``severity`` stops the release: block, and under ``AIGAP_STRICT`` withhold."""
    return severity == "block" or (severity == "withhold" and is_on(STRICT))


class AuditFailed(AigapError):
    """Blocking checks failed: the candidate is not published and the last release stays in place."""

    def __init__(self, results: list[Result], candidate: Path) -> None:
        self.results = results
        self.candidate = candidate
        super().__init__("; ".join(result.line() for result in results))


#: Not a plain reference: ``derived_from`` lists columns of published tables and of inputs.
_DERIVED_FROM = Check(
    "reference_meta_columns_derived_from",
    "block",
    "meta.columns",
    "derived_from may name only columns of published tables and of inputs",
    "SELECT table_name, column_name, source "
    "FROM (SELECT table_name, column_name, unnest(derived_from) AS source FROM meta.columns) "
    "WHERE source NOT IN (SELECT table_name || '.' || column_name FROM meta.columns) "
    r"AND NOT regexp_full_match(source, '(observations|archive|sources/\*\.py|reference/\w+\.csv)\.\w+')",
    is_declared=True,
)


def declared_checks(tables: tuple[Table, ...] = TABLES) -> list[Check]:
    """Checks that every declared key is unique and that every declared reference exists."""
    checks = []
    for declared in tables:
        if declared.full_name == "meta.checks":
            # It is filled with the results of these checks.
            continue
        label = declared.full_name.replace(".", "_")
        key = ", ".join(declared.key)
        checks.append(
            Check(
                f"key_{label}",
                "block",
                declared.full_name,
                f"{declared.full_name} must have one row for each {declared.grain}",
                _repeated(declared, key),
                is_declared=True,
                tables=(declared.full_name,),
                is_by_snapshot="snapshot_id" in declared.key,
                key=declared.key,
            )
        )
        for columns, other, other_columns in declared.references:
            there = f"{label}_{'_'.join(columns)}"
            conditions = " AND ".join(f"o.{b} = t.{a}" for a, b in zip(columns, other_columns, strict=True))
            present = " AND ".join(f"t.{column} IS NOT NULL" for column in columns)
            checks.append(
                Check(
                    f"reference_{there}",
                    "block",
                    declared.full_name,
                    f"every {', '.join(columns)} of {declared.full_name} must be in {other}",
                    f"FROM (SELECT DISTINCT {', '.join(columns)} FROM {declared.full_name} AS t WHERE {present}) AS t "
                    f"ANTI JOIN {other} AS o ON {conditions}",
                    is_declared=True,
                    tables=(declared.full_name, other),
                    is_by_snapshot=("snapshot_id", "snapshot_id") in zip(columns, other_columns, strict=True),
                    columns=columns,
                    refers_to=(other, *other_columns),
                )
            )
        if declared.full_name == "meta.columns":
            checks.append(_DERIVED_FROM)
    return checks


def _repeated(declared: Table, key: str) -> str:
    """The query of the keys that several rows of a table have."""
    rows = f"FROM {declared.full_name} AS t"
    # Grouping large tables by one number takes half as long; where none repeats, nothing is grouped by the key.
    suspect = f" WHERE hash({key}) IN (SELECT hash({key}) {rows} GROUP BY ALL HAVING count(*) > 1)"
    among = suspect if "snapshot_id" in declared.key else ""
    return f"SELECT {key}, count(*) AS rows {rows}{among} GROUP BY ALL HAVING count(*) > 1"


def filled_check() -> Check:
    """A check for empty tables whose upstream tables all have rows: they are filled wrongly, or too early.

    Tables that read inputs are skipped: a release need not contain a price list, for example.
    """
    read_by = {
        declared.full_name: graph.upstream(declared.full_name)
        for declared in TABLES
        if declared.full_name not in AFTER_THE_BUILD and not declared.may_be_empty
    }
    waiting = {name: read for name, read in read_by.items() if read and not any(map(graph.is_input, read))}
    # Each table is looked at once.
    looked_at = sorted(waiting.keys() | {other for read in waiting.values() for other in read})
    empty = " UNION ALL ".join(
        f"SELECT '{name}' AS name WHERE NOT EXISTS (FROM {name})" for name in looked_at
    )
    reads = ", ".join(f"('{name}', {list(read)})" for name, read in waiting.items())
    query = (
        f"WITH empty AS ({empty}) SELECT table_name, "
        "format('{} has no rows, though {} have', table_name, array_to_string(read, ', ')) AS message "
        f"FROM (VALUES {reads}) AS filled_from(table_name, read) "
        "WHERE table_name IN (FROM empty) AND NOT EXISTS (FROM empty WHERE list_contains(read, name))"
    )
    return Check(
        "tables_are_filled",
        "warn",
        "main.monthly_gap",
        "an empty table would be published as if there were no data; check the SQL or Python that fills it",
        query,
    )


def sql_checks(folder: Path = PACKAGE / "checks") -> list[Check]:
    """The checks in ``folder``, sorted by name. Raises `AigapError` for a file without a valid header."""
    return [_read(path) for path in sorted(folder.glob("*.sql"))]


def all_checks() -> list[Check]:
    """The declared checks, the one for empty tables and those in ``checks/``."""
    return [*declared_checks(), filled_check(), *sql_checks()]


def checks_about(names: set[str]) -> list[Check]:
    """The checks about the tables ``names``."""
    return [check for check in all_checks() if check.about in names]


def run(
    candidate: Path,
    checks: list[Check] | None = None,
    before: Path | None = None,
    changes: Changes | None = None,
) -> list[Result]:
    """Run ``checks`` (default: all) on ``candidate``, opened read-only; returns one result for each.

    ``before`` is the previous release; None for the first. Of a candidate that started from a release ``changes`` says
    what differs: a check that reads nothing else has the result it had. Raises `AigapError` if a query does not fit
    the file.
    """
    with read_only(candidate) as con:
        return run_in(con, checks, before, changes)


def run_in(
    con: duckdb.DuckDBPyConnection,
    checks: list[Check] | None = None,
    before: Path | None = None,
    changes: Changes | None = None,
) -> list[Result]:
    """`run` on a candidate that is open on ``con``."""
    asked = checks if checks is not None else all_checks()
    work_alone(con, None if changes else SMALL_IF_WHOLE)
    # A candidate that started from it has its columns and macros: those of the same code.
    is_copy = changes is not None and before is not None and changes.release == before.stem
    done = {
        check.name: Result(check, 0, []) for check in asked if is_copy and "previous_columns" in check.query
    }
    declarations = _declarations(con)
    done |= {check.name: Result(check, 0, []) for check in asked if _is_enforced(check, declarations)}
    if any("previous_" in check.query for check in asked if check.name not in done):
        compatibility.stage_previous(con, before, with_columns=not is_copy)
    known = {row["check_name"]: row for row in changes.results} if changes else {}
    if changes:
        done |= {
            check.name: result
            for check in asked
            if check.name not in done and (result := _unchanged(check, known.get(check.name), changes))
        }
    waiting = {check: _among(con, check, known, changes) for check in asked if check.name not in done}
    done |= _references_that_hold(con, waiting)
    return [done.get(check.name) or _rerun(con, check, waiting[check]) for check in asked]


def _is_enforced(check: Check, declarations: Mapping[str, str]) -> bool:
    """Whether the file lets no two rows have the key that ``check`` is about."""
    return bool(check.key) and f"PRIMARY KEY({', '.join(check.key)})" in declarations.get(check.about, "")


def _declarations(con: duckdb.DuckDBPyConnection) -> dict[str, str]:
    """The tables of the file with a primary key, each with its declaration as DuckDB prints it, without quotes."""
    found = con.execute(
        "SELECT schema_name || '.' || table_name, replace(sql, '\"', '') FROM duckdb_tables() "
        "WHERE has_primary_key AND database_name = current_database()"
    )
    return dict(found.fetchall())


def _unchanged(check: Check, row: dict[str, Any] | None, changes: Changes) -> Result | None:
    """The result ``row`` that ``check`` had in the release that the candidate started from, if it still holds."""
    if not _is_known(check, row) or any(changes.touch(name) for name in check.reads()):
        return None
    assert row is not None
    return Result(check, row["failing_rows"], json.loads(row["sample"] or "[]"))


def _is_known(check: Check, row: dict[str, Any] | None) -> bool:
    """Whether ``row`` is of this check, which does not compare with the release before."""
    return row is not None and row["query"] == check.query and check.reads() <= graph.reads().keys()


def _among(
    con: duckdb.DuckDBPyConnection,
    check: Check,
    known: Mapping[str, dict[str, Any]],
    changes: Changes | None,
) -> frozenset[str] | None:
    """The snapshots that rows which fail ``check`` now must be of; None if they may be any rows.

    If no row failed before, those of which one of the tables has changed.
    """
    row = known.get(check.name)
    if changes is None or not _is_known(check, row) or row is None or not row["passed"]:
        return None
    if not check.is_by_snapshot or {TOLD_BY.get(name) for name in check.tables} != {"snapshot_id"}:
        return None
    of_changed = [changes.affected(con, name) for name in check.tables]
    return None if None in of_changed else frozenset().union(*filter(None, of_changed))


def _rows(check: Check, snapshots: frozenset[str] | None) -> str:
    """What ``check`` asks its table for: all rows, or those of ``snapshots``, which are staged as ``wanted``."""
    if snapshots is None:
        return f"{check.about} AS t"
    return f"(FROM {check.about} WHERE snapshot_id IN (FROM wanted)) AS t"


def _references_that_hold(
    con: duckdb.DuckDBPyConnection, waiting: Mapping[Check, frozenset[str] | None]
) -> dict[str, Result]:
    """The results of those references of ``waiting`` that hold.

    All into the same columns are asked for at once, which takes no longer than one does. Where one fails, each is
    asked for by itself, later.
    """
    of_target: dict[tuple[str, ...], list[Check]] = {}
    for check in waiting:
        if check.refers_to:
            of_target.setdefault(check.refers_to, []).append(check)
    held: dict[str, Result] = {}
    for (other, *columns), group in of_target.items():
        stage_texts(
            con, "wanted", "snapshot_id", frozenset().union(*(waiting[check] or () for check in group))
        )
        named = " UNION ALL ".join(
            f"SELECT DISTINCT {', '.join(f'{a} AS {b}' for a, b in zip(check.columns, columns, strict=True))} "
            f"FROM {_rows(check, waiting[check])} "
            f"WHERE {' AND '.join(f't.{column} IS NOT NULL' for column in check.columns)}"
            for check in group
        )
        if not con.execute(
            f"FROM ({named}) ANTI JOIN {other} USING ({', '.join(columns)}) LIMIT 1"
        ).fetchall():
            held |= {check.name: Result(check, 0, []) for check in group}
    return held


def _rerun(con: duckdb.DuckDBPyConnection, check: Check, snapshots: frozenset[str] | None) -> Result:
    """The result of ``check``, if it can have changed by rows of ``snapshots`` only (None: by any)."""
    if snapshots is not None:
        stage_texts(con, "wanted", "snapshot_id", snapshots)
        failing = check.query.replace(f"{check.about} AS t", _rows(check, snapshots))
        if not con.execute(f"FROM ({failing}) LIMIT 1").fetchall():
            return Result(check, 0, [])
    return _run(con, check)


def record(con: duckdb.DuckDBPyConnection, results: list[Result]) -> None:
    """Write ``meta.checks`` into the candidate that is open on ``con``."""
    rows = [
        {
            "check_name": result.check.name,
            "severity": result.check.severity,
            "passed": result.passed,
            "failing_rows": result.failing_rows,
            "sample": json.dumps(result.sample, default=str, ensure_ascii=False) if result.sample else None,
            "query": result.check.query,
        }
        for result in results
    ]
    frame = pl.DataFrame(rows, schema=table("meta.checks").polars_schema())
    con.execute(
        "DELETE FROM meta.checks WHERE check_name IN (SELECT unnest(?))", [frame["check_name"].to_list()]
    )
    insert(con, "meta.checks", frame)


def raise_if_blocked(candidate: Path, results: list[Result]) -> None:
    """Raise `AuditFailed` if any of ``results`` stops a release."""
    stopping = [result for result in results if result.stops_release]
    if stopping:
        raise AuditFailed(stopping, candidate)


def _run(con: duckdb.DuckDBPyConnection, check: Check) -> Result:
    try:
        rows = rows_of(con, f"FROM ({check.query}\n) LIMIT 10000")
    except duckdb.CatalogException as error:
        raise AigapError(
            f"{check.name} cannot be run: {str(error).splitlines()[0]}",
            "a warehouse of this version of the project",
            "run: aigap refresh",
        ) from None
    return Result(check, len(rows), rows[:SAMPLE])


def _read(path: Path) -> Check:
    text = path.read_text(encoding="utf-8")
    header = dict(re.findall(r"^-- (severity|about|why): (.+)$", text, flags=re.MULTILINE))
    if header.get("severity") not in SEVERITIES or not header.get("why") or not header.get("about"):
        raise AigapError(
            f"{path.name} has no valid header",
            "-- severity: block|withhold|warn, -- about: table and -- why: …",
        )
    return Check(path.stem, header["severity"], header["about"].strip(), header["why"].strip(), text)

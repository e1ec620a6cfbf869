"""What changed from one release file to another."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import Any

import duckdb

from sources.errors import AigapError, UsageError
from warehouse.db import dicts, in_memory, literal, sql_text
from warehouse.read.changes.reasons import reasons_of
from warehouse.release import require_no_changes_beside

#: Figures of a month that are shown before and after; a month changed when one of them did.
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
#: The key of a month of a series.
MONTH_KEY = ("board", "variant", "category", "month")

Row = dict[str, Any]


@dataclass(frozen=True)
class MonthChange:
    """A changed month. ``before`` and ``after`` have the `FIGURES`; None where the month is not there."""

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
        """Gap after minus gap before, in points; None unless both are known."""
        then = self.before["gap_points"] if self.before else None
        now = self.after["gap_points"] if self.after else None
        return None if then is None or now is None else float(now - then)


@dataclass(frozen=True)
class Changes:
    """``before`` is None when there is no earlier release. Lists of rows are the results of the files in ``sql``."""

    before: Row | None
    after: Row
    months: list[MonthChange] = field(default_factory=list)
    inputs: list[Row] = field(default_factory=list)
    models: list[Row] = field(default_factory=list)
    names: list[Row] = field(default_factory=list)
    countries: list[Row] = field(default_factory=list)
    parameters: list[Row] = field(default_factory=list)
    tables: list[Row] = field(default_factory=list)
    claims: list[Row] = field(default_factory=list)
    unresolved: list[Row] = field(default_factory=list)
    #: Parts that could not be compared because one of the releases lacks a table or column.
    not_compared: list[str] = field(default_factory=list)


#: Each is a file in ``sql`` and a list of `Changes`.
PARTS = ("inputs", "parameters", "names", "models", "countries", "tables", "claims", "unresolved")


def compare(before: Path | None, after: Path) -> Changes:
    """What changed from the release file ``before`` to ``after``; both are only read.

    Raises `UsageError` if they are the same file, `AigapError` if one of them is no release.
    """
    with in_memory() as con:
        _attach(con, after, "new")
        now = _release(con, "new")
        if before is None:
            _seal(con)
            return Changes(None, now)
        if before.resolve() == after.resolve():
            raise UsageError("both are the same release", "two releases", "see: aigap releases")
        _attach(con, before, "old")
        _seal(con)
        result = Changes(_release(con, "old"), now)
        for part in PARTS:
            with _comparing(part, result):
                getattr(result, part).extend(dicts(con.sql(_sql(part))))
        with _comparing("months", result):
            result.months.extend(_months(con, result.parameters))
        return result


@contextmanager
def _comparing(part: str, result: Changes) -> Iterator[None]:
    """Note that ``part`` was not compared if a release of another version lacks a table or column."""
    try:
        yield
    except (duckdb.BinderException, duckdb.CatalogException):
        result.not_compared.append(part)


def _seal(con: duckdb.DuckDBPyConnection) -> None:
    """From here on nothing but the two releases is read, whatever stands in a view of theirs."""
    con.execute("SET enable_external_access = false")
    con.execute("SET lock_configuration = true")


def _attach(con: duckdb.DuckDBPyConnection, file: Path, name: str) -> None:
    require_no_changes_beside(file)
    try:
        con.execute(f"ATTACH {literal(str(file.resolve()))} AS {name} (READ_ONLY)")
    except duckdb.Error as error:
        raise AigapError(
            f"{file.name} cannot be read ({str(error).splitlines()[0]})", "a release", "see: aigap releases"
        ) from None


def _release(con: duckdb.DuckDBPyConnection, which: str) -> Row:
    [row] = dicts(
        con.sql(
            "SELECT input_hash, schema_version, project_version, "
            f"(SELECT max(known_at) FROM {which}.meta.inputs) AS known_to FROM {which}.meta.release"
        )
    )
    return row


def _months(con: duckdb.DuckDBPyConnection, parameters: list[Row]) -> list[MonthChange]:
    con.execute(f"CREATE TEMP VIEW changed_names AS {_sql('names')}")
    changed_parameters = [f"{row['name']}: {row['before']} → {row['after']}" for row in parameters]
    months = []
    for row in dicts(con.sql(_sql("months"))):
        reasons, detail = reasons_of(row, changed_parameters)
        months.append(
            MonthChange(
                **{name: row[name] for name in MONTH_KEY},
                reasons=reasons,
                detail=detail,
                before=_figures(row["before"]),
                after=_figures(row["after"]),
            )
        )
    return months


def _figures(row: Row | None) -> Row | None:
    return None if row is None else {name: row[name] for name in FIGURES}


def _sql(query: str) -> str:
    return sql_text(f"read/changes/sql/{query}.sql")

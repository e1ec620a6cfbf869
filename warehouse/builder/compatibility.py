"""What the previous release has, read from its file: the columns that it promises its readers, and its observed months.

The check ``schema_is_compatible`` compares a candidate with the columns: within a major version of the schema
(docs/contract.md) none goes away or changes. The check ``coverage_shrinks`` compares it with the months.
"""

from __future__ import annotations

from contextlib import suppress
from pathlib import Path

import duckdb
import polars as pl

from warehouse.db import read_only, stage

#: Tables of ``meta`` that the contract covers. It covers all tables of ``main`` and ``core``.
PROMISED_META = ("columns", "inputs", "parameters", "release", "sources")

COLUMNS = {
    "schema_version": pl.String(),
    "table_name": pl.String(),
    "column_name": pl.String(),
    "data_type": pl.String(),
    "nullable": pl.Boolean(),
    "unit": pl.String(),
    "is_key": pl.Boolean(),
}

OBSERVED = {"board": pl.String(), "variant": pl.String(), "month": pl.Date()}
_PAIR = "SELECT name, value FROM meta.parameters WHERE name IN ('country_a', 'country_b') ORDER BY name"

# Names, types and nulls are those of the file; units and keys are only in its ``meta.columns``.
_READ = """
SELECT
    (SELECT schema_version FROM meta.release) AS schema_version,
    d.schema_name || '.' || d.table_name AS table_name,
    d.column_name,
    d.data_type,
    d.is_nullable AS nullable,
    m.unit,
    coalesce(m.is_key, FALSE) AS is_key
FROM duckdb_columns() AS d
LEFT JOIN meta.columns AS m
    ON m.table_name = d.schema_name || '.' || d.table_name AND m.column_name = d.column_name
WHERE d.database_name = current_database() AND NOT d.internal
    AND (d.schema_name IN ('main', 'core') OR (d.schema_name = 'meta' AND d.table_name IN ({meta})))
    AND d.table_name IN (SELECT table_name FROM duckdb_tables())
ORDER BY ALL
"""

_MACROS = """
SELECT function_name, parameters FROM duckdb_functions()
WHERE database_name = current_database() AND schema_name = 'main' AND function_type = 'table_macro' AND NOT internal
ORDER BY ALL
"""


def promised(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The columns of the release open on ``con`` that the contract covers: one row for each, with the columns
    `COLUMNS`. No rows if it is not a warehouse.
    """
    meta = ", ".join(f"'{name}'" for name in PROMISED_META)
    try:
        found: pl.DataFrame = con.sql(_READ.format(meta=meta)).pl()
        version = pl.lit(found["schema_version"].first()).alias("schema_version")
        found = pl.concat([found, _macros(con).with_columns(version)], how="diagonal_relaxed")
    except duckdb.Error:
        return pl.DataFrame(schema=COLUMNS)
    return found.select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())


def _macros(con: duckdb.DuckDBPyConnection) -> pl.DataFrame:
    """The columns of each macro. Its table name includes its arguments: ``main.gap_pair(a, b)``.

    Macros that cannot be called are left out.
    """
    rows = []
    for name, arguments in con.sql(_MACROS).fetchall():
        try:
            called = con.sql(f"FROM main.{name}({', '.join(['NULL'] * len(arguments))})")
        except duckdb.Error:
            continue
        full = f"main.{name}({', '.join(arguments)})"
        rows += [(full, column, str(kind)) for column, kind in zip(called.columns, called.types, strict=True)]
    names = ("table_name", "column_name", "data_type")
    columns = pl.DataFrame(rows, schema={name: COLUMNS[name] for name in names}, orient="row")
    return columns.with_columns(nullable=pl.lit(True), unit=pl.lit(None, pl.String), is_key=pl.lit(False))


def observed_months(con: duckdb.DuckDBPyConnection, pair: list[tuple[str, str]]) -> pl.DataFrame:
    """The observed months of the release open on ``con``: board, variant, month.

    No rows if it has no ``meta.coverage`` or does not compare the countries ``pair`` (their parameters: name, code).
    """
    empty = pl.DataFrame(schema=OBSERVED)
    try:
        found: pl.DataFrame = con.sql(
            "SELECT board, variant, month FROM meta.coverage WHERE is_observed"
        ).pl()
        return found if con.sql(_PAIR).fetchall() == pair else empty
    except duckdb.Error:
        return empty


def stage_previous(con: duckdb.DuckDBPyConnection, before: Path | None, with_columns: bool = True) -> None:
    """Stage on ``con`` what the checks read: ``previous_columns`` and ``previous_coverage`` (of the release
    ``before``; empty if it cannot be read), ``macro_columns`` (of ``con``) and ``previous_file`` (one row with the name
    of ``before``; none without it). Without columns only ``previous_coverage``.
    """
    file = pl.DataFrame({"file": [before.name] if before else []}, schema={"file": pl.String()})
    columns, months = pl.DataFrame(schema=COLUMNS), pl.DataFrame(schema=OBSERVED)
    pair = con.sql(_PAIR).fetchall()
    if before is not None:
        with suppress(duckdb.Error), read_only(before.resolve()) as previous:
            months = observed_months(previous, pair)
            columns = promised(previous) if with_columns else columns
    if not with_columns:
        stage(con, "previous_coverage", months)
        return
    tables = {
        "previous_columns": columns,
        "previous_coverage": months,
        "macro_columns": _macros(con),
        "previous_file": file,
    }
    for name, frame in tables.items():
        stage(con, name, frame)

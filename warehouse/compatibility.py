"""What the release before promises of its tables, read from its own file.

The check ``schema_is_compatible`` holds a candidate against it: within one major version of the schema
(docs/contract.md) nothing promised goes away or changes. An announced change raises the major version.
"""

from __future__ import annotations

from pathlib import Path

import duckdb
import polars as pl

#: Tables of ``meta`` that the contract covers; of ``main`` and ``core`` it covers all.
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

# Names, types and nulls as the file itself has them; units and keys as its dictionary says.
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


def promised(release: Path | None) -> pl.DataFrame:
    """The columns the contract covers in the file ``release``: one row a column, as `COLUMNS`.

    No rows for None, and for a file that cannot be read or is no warehouse: it promises nothing.
    """
    empty = pl.DataFrame(schema=COLUMNS)
    if release is None:
        return empty
    try:
        with duckdb.connect(str(release.resolve()), read_only=True) as con:
            meta = ", ".join(f"'{name}'" for name in PROMISED_META)
            found: pl.DataFrame = con.sql(_READ.format(meta=meta)).pl()
    except duckdb.Error:
        return empty
    return found.select(pl.col(name).cast(kind) for name, kind in COLUMNS.items())


def stage(con: duckdb.DuckDBPyConnection, before: Path | None) -> None:
    """Give ``con`` the temporary table ``previous_columns`` that the check reads."""
    con.register("incoming", promised(before))
    con.execute("CREATE OR REPLACE TEMP TABLE previous_columns AS SELECT * FROM incoming")
    con.unregister("incoming")

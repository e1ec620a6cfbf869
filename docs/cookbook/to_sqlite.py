"""Write the tables of `main` to SQLite, for Datasette and other tools that read it.

Run as `python docs/cookbook/to_sqlite.py aigap.sqlite`.

Through Polars, table by table: DuckDB's own SQLite extension is a download. Dates become ISO text and
lists JSON, as SQLite has neither. Comments of the tables go to Datasette's metadata beside the file.
"""

from __future__ import annotations

import json
import os
import sys
from pathlib import Path

import duckdb
import polars as pl
import sqlite_utils

#: Types of SQLite by those of Polars; all others become text.
TYPES = {pl.Boolean: int, pl.Float64: float, pl.Int32: int, pl.Int64: int}
#: Columns that Datasette filters and facets by.
INDEXED = ("board", "variant", "category", "month", "country", "vintage")


def main(target: Path) -> None:
    data = Path(os.environ.get("AIGAP_DATA_DIR", "warehouse/data"))
    con = duckdb.connect(str(data / "aigap.duckdb"), read_only=True)
    target.unlink(missing_ok=True)
    database = sqlite_utils.Database(target)
    # A new file needs no journal, and need not wait for the disk.
    database.execute("PRAGMA journal_mode = OFF")
    database.execute("PRAGMA synchronous = OFF")
    described = {}
    names = con.sql(
        "SELECT table_name, comment FROM duckdb_tables() WHERE schema_name = 'main' ORDER BY table_name"
    ).fetchall()
    for name, comment in names:
        frame = con.sql(f'FROM main."{name}"').pl()
        dates = frame.select(pl.selectors.temporal()).columns
        rows = frame.with_columns(pl.col(dates).cast(pl.String)).iter_rows(named=True)
        key = con.execute(
            "SELECT column_name FROM meta.columns WHERE table_name = 'main.' || ? AND is_key", [name]
        ).fetchall()
        table = database[name]
        # Declared, not guessed: a column that begins with a hundred nulls would be taken for text.
        types = {column: TYPES.get(type(kind), str) for column, kind in frame.schema.items()}
        table.create(types, pk=[column for (column,) in key])
        table.insert_all(rows, batch_size=5000)
        for column in INDEXED:
            if column in frame.columns:
                table.create_index([column])
        described[name] = {"description": comment}
        print(f"{name}: {frame.height:,} rows")
    metadata = {"databases": {target.stem: {"title": "aigap", "tables": described}}}
    target.with_suffix(".metadata.json").write_text(json.dumps(metadata, indent=1), encoding="utf-8")


if __name__ == "__main__":
    if len(sys.argv) != 2:
        raise SystemExit("usage: python docs/cookbook/to_sqlite.py FILE.sqlite")
    main(Path(sys.argv[1]))

"""One table as one Parquet or CSV file: rows sorted by the key, the same bytes for the same rows."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import duckdb
import polars as pl

from sources.errors import AigapError
from warehouse.db import literal
from warehouse.export.parts import Part
from warehouse.files import sha256_of
from warehouse.tables.schema import Column, Table
from warehouse.text import MAYBE_CHANGED, json_printable, spreadsheet

FORMATS = ("parquet", "csv")
#: Rows of a Parquet row group, and rows in memory while CSV is written.
ROW_GROUP = 122_880
BATCH = 65_536
#: How texts, and lists as JSON, are made harmless in CSV.
TEXT: dict[str, Callable[[str], str]] = {"VARCHAR": spreadsheet, "VARCHAR[]": json_printable}


@dataclass(frozen=True)
class DataFile:
    """One file of an export. ``path`` is relative to its folder; ``size`` in bytes.

    ``share_alike`` and ``sources`` as those of its `Part`.
    """

    table: str
    format: str
    path: str
    rows: int
    size: int
    sha256: str
    share_alike: str
    sources: tuple[str, ...]

    @property
    def name(self) -> str:
        """The name of the table, under the folder of the licence for which its rows lie apart."""
        return part_name(self.table, self.share_alike)


def part_name(table: str, share_alike: str) -> str:
    """The name of the rows of ``table`` that lie apart for a licence; the table's own if that is ""."""
    return f"{licence_folder(share_alike)}{table}"


def licence_folder(share_alike: str) -> str:
    """The folder of the rows that lie apart for a licence, with a slash; "" for all others."""
    return f"{share_alike.lower()}/" if share_alike else ""


def exported_columns(table: Table) -> tuple[Column, ...]:
    """The columns of ``table`` that are exported."""
    return tuple(column for column in table.columns if not column.volatile)


def relative_path(table: Table, format_: str, share_alike: str = "") -> str:
    """Where the file of a part of ``table`` lies below the folder of the export."""
    return f"{licence_folder(share_alike)}{format_}/{table.schema}/{table.name}.{format_}"


def require_declared_columns(con: duckdb.DuckDBPyConnection, tables: Sequence[Table]) -> None:
    """Raise `AigapError` unless the file has ``tables`` as this program declares them."""
    found: dict[str, list[tuple[str, str]]] = {}
    for table, column, kind in con.sql(
        "SELECT schema_name || '.' || table_name, column_name, data_type FROM duckdb_columns() "
        "WHERE NOT internal AND database_name = current_database() ORDER BY column_index"
    ).fetchall():
        found.setdefault(table, []).append((column, kind))
    for declared in tables:
        expected = [(column.name, column.kind) for column in declared.columns]
        if found.get(declared.full_name) != expected:
            raise AigapError(
                f"the published {declared.full_name} was built by another version of this program",
                "its columns as declared here",
                "run: aigap refresh",
            )


def write_part(con: duckdb.DuckDBPyConnection, part: Part, format_: str, folder: Path) -> DataFile:
    """Write the rows of ``part`` below ``folder``. Raises `duckdb.Error` or `OSError` when that fails."""
    path = folder / relative_path(part.table, format_, part.share_alike)
    path.parent.mkdir(parents=True, exist_ok=True)
    count = _parquet(con, part, path) if format_ == "parquet" else _csv(con, part, path)
    return DataFile(
        part.table.full_name,
        format_,
        path.relative_to(folder).as_posix(),
        count,
        path.stat().st_size,
        sha256_of(path),
        part.share_alike,
        part.sources,
    )


def _select(part: Part, as_text: bool) -> str:
    """The rows of ``part`` in the order of the key, nulls last."""
    chosen = ", ".join(
        f"{text_sql(column) if as_text else _quoted(column)} AS {_quoted(column)}"
        for column in exported_columns(part.table)
    )
    order = ", ".join(f't."{name}" ASC NULLS LAST' for name in part.table.key)
    return f"SELECT {chosen} FROM {part.table.full_name} AS t WHERE {part.condition} ORDER BY {order}"


def _quoted(column: Column) -> str:
    return f'"{column.name}"'


def text_sql(column: Column) -> str:
    """SQL for ``column`` as text: ISO days, UTC times, shortest digits that give the same float, JSON lists."""
    name = f"t.{_quoted(column)}"
    if column.kind == "TIMESTAMP":
        return f"strftime({name}, '%Y-%m-%dT%H:%M:%S.%fZ')"
    if column.kind == "VARCHAR[]":
        return f"CASE WHEN {name} IS NOT NULL THEN to_json({name})::VARCHAR END"
    return f"{name}::VARCHAR"


def _parquet(con: duckdb.DuckDBPyConnection, part: Part, path: Path) -> int:
    # One thread: with several, it depends on their timing which rows a row group gets.
    threads = con.sql("SELECT current_setting('threads')").fetchall()[0][0]
    con.execute("SET threads = 1")
    try:
        [(count,)] = con.execute(
            f"COPY ({_select(part, as_text=False)}) TO {literal(str(path))} "
            f"(FORMAT parquet, PARQUET_VERSION v1, COMPRESSION zstd, ROW_GROUP_SIZE {ROW_GROUP})"
        ).fetchall()
    finally:
        con.execute(f"SET threads = {threads}")
    return int(count)


def _csv(con: duckdb.DuckDBPyConnection, part: Part, path: Path) -> int:
    """As RFC 4180, with ``""`` for an empty string and nothing for a null, like `warehouse.read.csv_lines`."""
    count = 0
    texts = [column for column in exported_columns(part.table) if column.kind in TEXT]
    with path.open("wb") as file:
        header = pl.DataFrame(schema={column.name: pl.String() for column in exported_columns(part.table)})
        header.write_csv(file, line_terminator="\r\n")
        for batch in con.sql(_select(part, as_text=True)).to_arrow_reader(BATCH):
            frame = pl.from_arrow(batch)
            assert isinstance(frame, pl.DataFrame)
            _for_spreadsheets(frame, texts).write_csv(
                file, include_header=False, line_terminator="\r\n", quote_style="necessary", null_value=""
            )
            count += frame.height
    return count


def _for_spreadsheets(frame: pl.DataFrame, columns: Sequence[Column]) -> pl.DataFrame:
    """``frame`` with the texts of ``columns`` as a spreadsheet takes them for texts."""
    for column in columns:
        if frame[column.name].str.contains(MAYBE_CHANGED).any():
            harmless = TEXT[column.kind]
            changed = [None if text is None else harmless(text) for text in frame[column.name]]
            frame = frame.with_columns(pl.Series(column.name, changed, pl.String()))
    return frame

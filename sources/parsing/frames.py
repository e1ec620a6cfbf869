"""CSV and Parquet bodies as rows."""

from __future__ import annotations

import csv
import io
from collections.abc import Iterable, Iterator
from datetime import date, datetime

import polars as pl

from sources.contract import Snapshot
from sources.errors import EmptyTable, ParseError
from sources.parsing.bodies import check_body, check_limit, read_text, unreadable
from sources.parsing.columns import Rows, uneven_rows
from sources.parsing.dates import midnight

#: Limits of a table. The arena's full history, the largest, has 1.2 million rows of 11 columns in 58 MB; the largest
#: CSV 13,000 lines, the widest 47 columns, the longest cell 7,860 characters.
MAX_ROWS = 5_000_000
MAX_LINES = 2_000_000
MAX_COMMAS = 10_000_000
MAX_COLUMNS = 1_000
MAX_CELLS = 60_000_000
MAX_CHARACTERS = 1_000_000
#: Of a Parquet file: bytes of metadata, levels of nested columns.
MAX_FOOTER = 4_000_000
MAX_DEPTH = 8


def _polars_errors(*more: type[Exception]) -> tuple[type[BaseException], ...]:
    """``more``, and what Polars raises for damaged bytes; a panic of its reader is no `Exception`."""
    return (*more, pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)


def read_csv(snapshot: Snapshot, *, may_end_uneven: bool = False) -> Rows:
    """A CSV body with a header row. Every column is text, blank cells are null; a row of another width is set aside.

    Raises `ParseError`, also when the body repeats its header, ends inside a quoted cell or, unless it
    ``may_end_uneven``, inside a row.
    """
    where, expected = snapshot.where(), "CSV with a header row"
    text = read_text(snapshot, expected)
    body = text.encode()
    _check_csv(body, where)
    # Polars fills a short row with nulls, so the widths are those that the csv module finds.
    csv.field_size_limit(MAX_CHARACTERS)
    lines = csv.reader(io.StringIO(text, newline=""), strict=True)
    blank: list[int] = []
    try:
        header = next(filter(None, lines), [])
        rows, uneven = uneven_rows(header, _filled(lines, blank), where, may_end_uneven=may_end_uneven)
        frame = pl.read_csv(io.BytesIO(body), infer_schema=False, truncate_ragged_lines=True)
    except pl.exceptions.NoDataError:
        raise EmptyTable(f"{where}: an empty body", expected) from None
    except _polars_errors(csv.Error) as error:
        raise unreadable(snapshot, "CSV", error) from None
    # Polars reads a blank line as a row of nulls.
    frame = frame.filter(~pl.int_range(frame.height, eager=True).is_in(blank))
    if frame.height != rows:
        raise ParseError(
            f"{where}: {frame.height} rows or {rows}, as one reads its quotes", "CSV", "look at the bytes"
        )
    _check_text(frame, where, len(body))
    return Rows(frame, snapshot, uneven)


def _filled(lines: Iterable[list[str]], blank: list[int]) -> Iterator[list[str]]:
    """The lines that are not blank; the places of the others, from 0, are added to ``blank``."""
    for place, line in enumerate(lines):
        if line:
            yield line
        else:
            blank.append(place)


def read_parquet(snapshot: Snapshot) -> Rows:
    """A Parquet body with the types it declares. Raises `ParseError`."""
    check_body(snapshot, "Parquet")
    piece = snapshot.piece
    rows = _check_parquet(snapshot.body, snapshot.where())
    try:
        if piece is None:
            frame = pl.read_parquet(io.BytesIO(snapshot.body))
        else:
            piece.total = rows
            frame = pl.scan_parquet(io.BytesIO(snapshot.body)).slice(piece.first, piece.rows).collect()
    except _polars_errors() as error:
        raise unreadable(snapshot, "Parquet", error) from None
    if piece and frame.height != min(piece.rows, rows - piece.first):
        raise ParseError(f"{snapshot.where()}: {frame.height} rows from {piece.first}", f"{rows} in all")
    before = piece.text if piece else 0
    text = _check_text(frame, snapshot.where(), _allowed_bytes(len(snapshot.body)), before)
    if piece:
        piece.text = text
    return Rows(frame, snapshot)


def _check_csv(body: bytes, where: str) -> None:
    """Raises `ParseError` when ``body`` has more lines, columns or cells than any real table."""
    # A carriage return ends a line too.
    lines = max(body.count(b"\n"), body.count(b"\r")) + 1
    columns = body.split(b"\n", 1)[0].count(b",") + 1
    check_limit(where, lines, MAX_LINES, "lines")
    check_limit(where, body.count(b","), MAX_COMMAS, "commas")
    check_limit(where, columns, MAX_COLUMNS, "columns")
    check_limit(where, lines * columns, _allowed_cells(len(body)), "cells")


def _check_parquet(body: bytes, where: str) -> int:
    """The rows that the footer claims. Raises `ParseError` for more rows, columns or bytes than any real table of that
    size.

    A file that cannot be read at all is left to its reader, which says what is wrong.
    """
    # Importing a source must not load the library; only reading a file needs it.
    from pyarrow import ArrowException, BufferReader
    from pyarrow.parquet import ParquetFile

    if body.endswith(b"PAR1"):  # else it is cut
        check_limit(where, int.from_bytes(body[-8:-4], "little"), MAX_FOOTER, "bytes of footer")
    try:
        footer = ParquetFile(BufferReader(body)).metadata
        groups = [footer.row_group(place) for place in range(footer.num_row_groups)]
        rows: int = max(footer.num_rows, sum(group.num_rows for group in groups))
        columns = [group.column(place) for group in groups for place in range(group.num_columns)]
        unpacked = sum(max(column.total_uncompressed_size, 0) for column in columns)
        levels = [footer.schema.column(place).max_definition_level for place in range(footer.num_columns)]
    except (ArrowException, OSError, ValueError):
        return 0
    check_limit(where, rows, min(MAX_ROWS, 1_500_000 + len(body) // 10), "rows")
    check_limit(where, footer.num_columns, MAX_COLUMNS, "columns")
    check_limit(where, rows * footer.num_columns, _allowed_cells(len(body)), "cells")
    check_limit(where, unpacked, _allowed_bytes(len(body)), "bytes unpacked")
    check_limit(where, max(levels, default=0), MAX_DEPTH, "levels of nesting")
    return rows


def _check_text(frame: pl.DataFrame, where: str, allowed: int, before: int = 0) -> int:
    """The bytes of text, with those ``before``. Raises `ParseError` for a text longer than `MAX_CHARACTERS`, and for
    more than ``allowed`` in all.

    Equal texts of a Parquet file are held once, until a parser changes them.
    """
    longest, whole = 0, before
    for column in frame.iter_columns():
        if column.dtype == pl.String:
            lengths = column.str.len_bytes()
        elif column.dtype in (pl.Categorical, pl.Enum):
            lengths = column.cat.len_bytes()
        else:
            continue
        longest = max(longest, int(lengths.max() or 0))  # type: ignore[arg-type]
        whole += int(lengths.cast(pl.Int64).sum() or 0)
    check_limit(where, longest, MAX_CHARACTERS, "bytes in one cell")
    check_limit(where, whole, allowed, "bytes of text")
    return whole


def _allowed_cells(size: int) -> int:
    """Cells that a body of ``size`` bytes may have: a few bytes can stand for any number of equal ones."""
    return min(MAX_CELLS, 20_000_000 + size)


def _allowed_bytes(size: int) -> int:
    """Bytes that a packed body of ``size`` may unpack to; the real ones have twice to three times as many."""
    return min(100_000_000 + 20 * size, 1_500_000_000)


def newest_date(body: bytes, column: str, form: str) -> datetime | None:
    """The first moment (UTC) of the newest date in ``column`` of a CSV or Parquet body, printed as ``form``.

    None when there is no such column or date, or the body cannot be read.
    """
    try:
        if body.startswith(b"PAR1"):
            _check_parquet(body, "")
            dates = pl.read_parquet(io.BytesIO(body), columns=[column])
        else:
            _check_csv(body, "")
            dates = pl.read_csv(body, columns=[column], infer_schema=False)
    except _polars_errors(ParseError):
        return None
    days = dates.to_series().cast(pl.String).str.to_date(form, strict=False)
    # Python has no other years.
    newest = days.filter(days.dt.year().is_between(1, 9999)).max()
    return midnight(newest) if isinstance(newest, date) else None

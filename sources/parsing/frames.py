"""CSV and Parquet bodies as frames."""

from __future__ import annotations

import io
from datetime import date, datetime

import polars as pl

from sources.contract import Snapshot
from sources.errors import EmptyTable
from sources.parsing.bodies import check_body, read_text, unreadable
from sources.parsing.dates import midnight

#: What Polars raises for damaged bytes; a panic of its reader is no `Exception`.
POLARS_ERRORS = (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError)


def read_csv(snapshot: Snapshot) -> pl.DataFrame:
    """A CSV body with a header row. Every column is text, blank cells are null. Raises `ParseError`."""
    text = read_text(snapshot, "CSV with a header row")
    try:
        return pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    except pl.exceptions.NoDataError:
        raise EmptyTable(f"{snapshot.where()}: an empty body", "CSV with a header row") from None
    except POLARS_ERRORS as error:
        raise unreadable(snapshot, "CSV", error) from None


def read_parquet(snapshot: Snapshot) -> pl.DataFrame:
    """A Parquet body with the types it declares. Raises `ParseError`."""
    check_body(snapshot, "Parquet")
    try:
        return pl.read_parquet(io.BytesIO(snapshot.body))
    except POLARS_ERRORS as error:
        raise unreadable(snapshot, "Parquet", error) from None


def newest_date(body: bytes, column: str, form: str) -> datetime | None:
    """The first moment (UTC) of the newest date in ``column`` of a CSV or Parquet body, printed as ``form``.

    None when there is no such column or date, or the body cannot be read.
    """
    try:
        if body.startswith(b"PAR1"):
            dates = pl.read_parquet(io.BytesIO(body), columns=[column])
        else:
            dates = pl.read_csv(body, columns=[column], infer_schema=False)
    except POLARS_ERRORS:
        return None
    newest = dates.to_series().cast(pl.String).str.to_date(form, strict=False).max()
    return midnight(newest) if isinstance(newest, date) else None

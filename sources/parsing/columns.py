"""From bytes to frames of text, and from text to numbers, with one clear line when it cannot be done.

Columns are found by name, never by place; a source declares every name a column has had.
"""

from __future__ import annotations

import io
import json
import math
import re
from collections.abc import Collection, Iterable, Mapping
from datetime import UTC, date, datetime, time
from typing import Any

import polars as pl

from sources.contract.snapshot import Snapshot
from sources.errors import EmptyTable, ParseError

#: What upstreams print where they have nothing, casefolded.
NOTHING = ("", "-", "–", "—", "n/a", "na", "nan", "none", "null", "unknown", "暂无数据")
#: ``17,570``: commas are thousands only when they stand every three digits; ``1443,5`` stays unreadable.
THOUSANDS = r"^[+-]?\d{1,3}(,\d{3})+(\.\d+)?$"
LONGEST_SHOWN = 160
_TWICE = re.compile(r"_duplicated_\d+$")


def shown(value: object, longest: int = LONGEST_SHOWN) -> str:
    """Foreign text as an error line may carry it: one line, not too long."""
    text = " ".join(str(value).split())
    return text if len(text) <= longest else text[: longest - 1] + "…"


def csv_frame(snapshot: Snapshot) -> pl.DataFrame:
    """A CSV body with a header row; every column is text, blank cells are null."""
    text = snapshot.text()
    _refuse_markup(snapshot, "CSV")
    try:
        return pl.read_csv(io.BytesIO(text.encode()), infer_schema=False)
    except pl.exceptions.NoDataError:
        raise EmptyTable(f"{snapshot.where()}: an empty body", "CSV with a header row") from None
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException) as error:
        raise _unreadable(snapshot, "CSV", error) from None


def parquet_frame(snapshot: Snapshot) -> pl.DataFrame:
    """A Parquet body with the types it declares."""
    _refuse_markup(snapshot, "Parquet")
    if not snapshot.body:
        raise EmptyTable(f"{snapshot.where()}: an empty body", "Parquet")
    try:
        return pl.read_parquet(io.BytesIO(snapshot.body))
    # A damaged file can make the reader panic, which is no Exception.
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError) as error:
        raise _unreadable(snapshot, "Parquet", error) from None


def json_object(snapshot: Snapshot) -> dict[str, Any]:
    """A JSON body that is an object. A key given twice is an error: one value would vanish."""
    text = snapshot.text()
    _refuse_markup(snapshot, "JSON")
    if not text.strip():
        raise EmptyTable(f"{snapshot.where()}: an empty body", "JSON")
    try:
        found = json.loads(text, object_pairs_hook=_unique_keys)
    except (ValueError, RecursionError) as error:
        raise _unreadable(snapshot, "JSON", error) from None
    return json_table(found, snapshot.where())


def json_table(value: object, where: str) -> dict[str, Any]:
    """``value`` if it is a JSON object."""
    if not isinstance(value, dict):
        raise ParseError(f"{where}: {shown(json.dumps(value), 60)}", "a JSON object", "look at the bytes")
    return value


def json_number(value: object, where: str) -> float | None:
    """A JSON number, or null; what no float can hold is null."""
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, int | float):
        raise ParseError(f"{where}: {shown(value, 60)!r}", "a number", "look at the bytes")
    try:
        number = float(value)
    except OverflowError:
        return None
    return number if math.isfinite(number) else None


def json_text(value: object, where: str) -> str | None:
    """A JSON string without surrounding blanks; null when there is nothing in it."""
    if value is None:
        return None
    if not isinstance(value, str):
        raise ParseError(f"{where}: {shown(value, 60)}", "text", "look at the bytes")
    return None if value.strip().casefold() in NOTHING else value.strip()


def picked(
    frame: pl.DataFrame, columns: Mapping[str, tuple[str, ...]], where: str, optional: Collection[str] = ()
) -> pl.DataFrame:
    """The columns of ``frame`` under our own names: ``columns`` gives, for each, what upstream calls it.

    Blanks and case in upstream's names do not matter. Optional columns that upstream lacks are left out;
    any other that is missing, or is there under two of its names, is a `ParseError`.
    """
    found: dict[str, list[str]] = {}
    for column in frame.columns:
        found.setdefault(_key(column), []).append(column)
    chosen, missing = {}, []
    for ours, theirs in columns.items():
        present = [column for name in theirs for column in found.get(_key(name), [])]
        if len(present) > 1:
            raise ParseError(f"{where}: columns {' and '.join(present)}", "one of them", "fix the parser")
        if present:
            chosen[ours] = present[0]
        elif ours not in optional:
            missing.append(" or ".join(theirs))
    if missing:
        raise ParseError(
            f"{where}: columns {shown(', '.join(frame.columns)) or 'none'}",
            f"also {', '.join(missing)}",
            "upstream changed its shape: fix the parser",
        )
    return frame.select(pl.col(theirs).alias(ours) for ours, theirs in chosen.items())


def texts(frame: pl.DataFrame, columns: Iterable[str], where: str) -> pl.DataFrame:
    """``columns`` as text without surrounding blanks; null where upstream has nothing to say."""
    named = labels(frame, columns, where)
    return named.with_columns(
        pl.when(~pl.col(name).str.to_lowercase().is_in(NOTHING)).then(pl.col(name)).alias(name)
        for name in _present(frame, columns)
    )


def labels(frame: pl.DataFrame, columns: Iterable[str], where: str) -> pl.DataFrame:
    """``columns`` as text without surrounding blanks, whatever it says: a model may be called "None"."""
    there = _present(frame, columns)
    for name in there:
        if not _is_text(frame.schema[name]):
            raise _wrong_type(frame, name, "text", where)
    return frame.with_columns(pl.col(name).cast(pl.String).str.strip_chars() for name in there)


def numbers(frame: pl.DataFrame, columns: Iterable[str], where: str) -> pl.DataFrame:
    """``columns`` as finite numbers; null where upstream prints nothing, NaN or what no float can hold.

    Any other text is a `ParseError`: a figure must not vanish because its print changed.
    """
    found = []
    for name in _present(frame, columns):
        kind = frame.schema[name]
        if _is_text(kind):
            text = pl.col(name)
            clean = texts(frame.select(name), [name], where)
            plain = pl.when(text.str.contains(THOUSANDS)).then(text.str.replace_all(",", "")).otherwise(text)
            number = clean.select(plain.cast(pl.Float64, strict=False)).to_series()
            unreadable = clean.filter(number.is_null()).get_column(name).drop_nulls()
            if len(unreadable):
                raise ParseError(
                    f"{where}: {name} {shown(unreadable[0], 60)!r} in {len(unreadable)} rows",
                    "numbers",
                    "upstream changed its print: fix the parser",
                )
        elif kind.is_numeric() or kind == pl.Null:
            number = frame.get_column(name).cast(pl.Float64)
        else:
            raise _wrong_type(frame, name, "numbers", where)
        found.append(number.set(~number.is_finite(), None).alias(name))
    return frame.with_columns(found)


def counts(
    frame: pl.DataFrame, columns: Iterable[str], where: str, kind: pl.DataType | None = None
) -> pl.DataFrame:
    """``columns`` as whole numbers of ``kind`` (Int64), read as by `numbers`; null where too large for it."""
    columns = _present(frame, columns)
    frame = numbers(frame, columns, where)
    for name in columns:
        broken = frame.get_column(name).drop_nulls()
        broken = broken.filter(broken != broken.floor())
        if len(broken):
            raise ParseError(f"{where}: {name} {broken[0]}", "whole numbers", "look at the bytes")
        frame = frame.with_columns(pl.col(name).cast(kind or pl.Int64(), strict=False))
    return frame


def days(frame: pl.DataFrame, column: str, form: str, where: str) -> pl.DataFrame:
    """``column`` as dates, printed as ``form`` says; every row must have one."""
    kind = frame.schema[column]
    if kind == pl.Date:
        parsed = frame.get_column(column)
    elif _is_text(kind):
        parsed = frame.get_column(column).cast(pl.String).str.strip_chars().str.to_date(form, strict=False)
    else:
        raise _wrong_type(frame, column, "dates", where)
    bad = frame.filter(parsed.is_null())
    if not bad.is_empty():
        raise ParseError(
            f"{where}: {column} {shown(bad[column][0], 60)!r} in {bad.height} rows",
            f"dates as {form}",
            "upstream changed its print: fix the parser",
        )
    return frame.with_columns(parsed.alias(column))


def midnight(day: date) -> datetime:
    """The first moment of ``day`` in UTC."""
    return datetime.combine(day, time(), UTC)


def looks_like_markup(body: bytes) -> bool:
    """Is this a web page? What most servers send where a file used to be."""
    return body[:512].lstrip(b"\xef\xbb\xbf \t\r\n").startswith(b"<")


def _refuse_markup(snapshot: Snapshot, expected: str) -> None:
    if looks_like_markup(snapshot.body):
        raise ParseError(
            f"{snapshot.where()}: a web page", expected, "the address may have moved; look at the bytes"
        )


def _unreadable(snapshot: Snapshot, expected: str, error: BaseException) -> ParseError:
    line = shown(str(error).strip().partition("\n")[0] or type(error).__name__)
    return ParseError(f"{snapshot.where()}: {line}", expected, "the last good bytes stay in use")


def _wrong_type(frame: pl.DataFrame, name: str, expected: str, where: str) -> ParseError:
    return ParseError(f"{where}: {name} is {frame.schema[name]}", expected, "fix the parser")


def _unique_keys(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        seen: set[str] = set()
        twice = next(key for key, _ in pairs if key in seen or seen.add(key))  # type: ignore[func-returns-value]
        raise ValueError(f"key {shown(twice, 60)!r} given twice")
    return found


def _key(name: str) -> str:
    # Polars renames the second of two equal headers; to us they are still the same.
    return "".join(_TWICE.sub("", name).split()).casefold()


def _present(frame: pl.DataFrame, columns: Iterable[str]) -> list[str]:
    return [name for name in columns if name in frame.columns]


def _is_text(kind: pl.DataType) -> bool:
    return kind in (pl.String, pl.Categorical, pl.Enum, pl.Null)

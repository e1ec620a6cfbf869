"""Columns of upstream's tables: found by name, and read as text, numbers and dates.

A source declares every name a column has had. A value that cannot be read raises a `ParseError` in place of
becoming null, so a change of upstream's format stops the source.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping

import polars as pl

from sources.errors import ParseError, excerpt
from sources.parsing.values import NOTHING, WITH_THOUSANDS

CHANGED = "upstream changed its format: fix the parser"
_RENAMED = re.compile(r"_duplicated_\d+$")


def select_columns(
    frame: pl.DataFrame, columns: Mapping[str, tuple[str, ...]], where: str, optional: Collection[str] = ()
) -> pl.DataFrame:
    """The columns of ``frame`` under our own names: ``columns`` gives, for each, the names upstream uses.

    Blanks and case in upstream's names do not matter. Optional columns that upstream lacks are left out. Raises
    `ParseError` when any other is missing, or one is there under two of its names.
    """
    found: dict[str, list[str]] = {}
    for column in frame.columns:
        found.setdefault(_normalize(column), []).append(column)
    chosen, missing = {}, []
    for ours, theirs in columns.items():
        present = [column for name in theirs for column in found.get(_normalize(name), [])]
        if len(present) > 1:
            raise ParseError(f"{where}: columns {' and '.join(present)}", "one of them", "fix the parser")
        if present:
            chosen[ours] = present[0]
        elif ours not in optional:
            missing.append(" or ".join(theirs))
    if missing:
        raise ParseError(
            f"{where}: columns {excerpt(', '.join(frame.columns)) or 'none'}",
            f"also {', '.join(missing)}",
            CHANGED,
        )
    return frame.select(pl.col(theirs).alias(ours) for ours, theirs in chosen.items())


def parse_names(frame: pl.DataFrame, columns: Iterable[str], where: str) -> pl.DataFrame:
    """``columns`` as text without surrounding blanks. Keeps what `parse_strings` nulls: a model may be named "None"."""
    present = _present(frame, columns)
    for name in present:
        if not _is_text(frame.schema[name]):
            raise _wrong_type(frame, name, "text", where)
    return frame.with_columns(pl.col(name).cast(pl.String).str.strip_chars() for name in present)


def parse_strings(frame: pl.DataFrame, columns: Iterable[str], where: str) -> pl.DataFrame:
    """``columns`` as text without surrounding blanks; null where upstream prints one of `NOTHING`."""
    return parse_names(frame, columns, where).with_columns(
        pl.when(~pl.col(name).str.to_lowercase().is_in(NOTHING)).then(pl.col(name)).alias(name)
        for name in _present(frame, columns)
    )


def parse_floats(frame: pl.DataFrame, columns: Iterable[str], where: str) -> pl.DataFrame:
    """``columns`` as finite numbers; null where upstream prints nothing, NaN or what no float can hold.

    Raises `ParseError` for any other text.
    """
    found = []
    for name in _present(frame, columns):
        kind = frame.schema[name]
        if _is_text(kind):
            text = parse_strings(frame.select(name), [name], where)[name]
            has_commas = text.str.contains(rf"^[+-]?{WITH_THOUSANDS}$")
            number = text.str.replace_all(",", "").zip_with(has_commas, text).cast(pl.Float64, strict=False)
            refuse(text.filter(number.is_null()).drop_nulls(), where, "numbers")
        elif kind.is_numeric():
            number = frame[name].cast(pl.Float64)
        else:
            raise _wrong_type(frame, name, "numbers", where)
        found.append(number.set(~number.is_finite(), None).alias(name))
    return frame.with_columns(found)


def parse_ints(frame: pl.DataFrame, columns: Iterable[str], where: str) -> pl.DataFrame:
    """``columns`` as Int64, read by `parse_floats`; null where too large. Raises `ParseError` for fractions."""
    columns = _present(frame, columns)
    frame = parse_floats(frame, columns, where)
    for name in columns:
        refuse(frame[name].filter(frame[name] != frame[name].floor()), where, "whole numbers")
    return frame.with_columns(pl.col(columns).cast(pl.Int64, strict=False))


def parse_dates(
    frame: pl.DataFrame, column: str, form: str, where: str, *, optional: bool = False
) -> pl.DataFrame:
    """``column`` as dates, printed as ``form``. Every row must have one unless they are ``optional``.

    Raises `ParseError` for text in any other form.
    """
    kind = frame.schema[column]
    if kind == pl.Date:
        parsed = frame[column]
    elif _is_text(kind):
        frame = parse_strings(frame, [column], where)
        parsed = frame[column].str.to_date(form, strict=False)
    else:
        raise _wrong_type(frame, column, "dates", where)
    bad = frame[column].filter(parsed.is_null())
    refuse(bad.drop_nulls() if optional else bad, where, f"dates as {form}")
    return frame.with_columns(parsed)


def with_extra(frame: pl.DataFrame, columns: Iterable[str]) -> pl.DataFrame:
    """``frame`` and a column ``extra``: those of ``columns`` that it has, as JSON; none when it has none."""
    present = _present(frame, columns)
    return frame.with_columns(pl.struct(present).struct.json_encode().alias("extra")) if present else frame


def refuse(bad: pl.Series, where: str, expected: str, remedy: str = CHANGED) -> None:
    """Raises `ParseError` when ``bad``, the values of a column that cannot be used, has any."""
    if len(bad):
        found = bad[0] if bad.dtype.is_numeric() else repr(excerpt(bad[0], 60))
        raise ParseError(f"{where}: {bad.name} {found} in {len(bad)} rows", expected, remedy)


def _wrong_type(frame: pl.DataFrame, name: str, expected: str, where: str) -> ParseError:
    return ParseError(f"{where}: {name} is {frame.schema[name]}", expected, "fix the parser")


def _normalize(name: str) -> str:
    # Polars renames the second of two equal headers; here they are still the same.
    return "".join(_RENAMED.sub("", name).split()).casefold()


def _present(frame: pl.DataFrame, columns: Iterable[str]) -> list[str]:
    return [name for name in columns if name in frame.columns]


def _is_text(kind: pl.DataType) -> bool:
    return kind in (pl.String, pl.Categorical, pl.Enum, pl.Null)

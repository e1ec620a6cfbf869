"""Columns of upstream's tables: found by name, and read as text, numbers and dates.

A source declares every name a column has had. What is wrong with a whole column raises a `ParseError`, so a change of
upstream's format stops the source; a cell that cannot be read costs its row.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import date
from typing import Any, Self

import polars as pl

from sources.contract import OBSERVATION, Snapshot, conform
from sources.contract.names import comparable
from sources.contract.rows import rule_of
from sources.contract.set_aside import SetAsideRow, allowed
from sources.errors import ParseError, excerpt
from sources.parsing.values import NOTHING, WITH_THOUSANDS

CHANGED = "upstream changed its format: fix the parser"
#: The column with a row's place in upstream's table, from 1.
PLACE = "__place"
_RENAMED = re.compile(r"_duplicated_\d+$")


class Rows:
    """Upstream's table while a parser reads it.

    ``frame`` has the columns read so far under our own names. A row with a cell that cannot be read stays in it, with
    a null there, until `conform` sets it aside: then its rank, score and board are known too.
    """

    def __init__(
        self, frame: pl.DataFrame, snapshot: Snapshot, uneven: Mapping[int, int] | None = None
    ) -> None:
        """``uneven`` are the rows with another number of cells than the header: place → cells."""
        self.snapshot = snapshot
        first = snapshot.piece.first if snapshot.piece else 0
        self.frame = frame.with_row_index(PLACE, 1 + first).cast({PLACE: pl.Int64})
        expected = f"{frame.width}, as in the header"
        #: Place → column, what was found there and what was expected, of the first bad cell of each row.
        self._faults = {
            place: ("row", f"has {cells} cells", expected) for place, cells in (uneven or {}).items()
        }

    @property
    def columns(self) -> list[str]:
        """The names of the columns."""
        return [name for name in self.frame.columns if name != PLACE]

    def select(self, columns: Mapping[str, tuple[str, ...]], optional: Collection[str] = ()) -> Self:
        """Keep only ``columns``, under our names. Raises as `select_columns` does."""
        chosen = select_columns(self.frame.drop(PLACE), columns, self.snapshot.where(), optional)
        self.frame = chosen.insert_column(0, self.frame[PLACE])
        return self

    def parse_names(self, *columns: str) -> None:
        """``columns`` as text without surrounding blanks, also what `parse_strings` nulls: a name may be "None"."""
        for name in self._present(columns):
            if not _is_text(self.frame.schema[name]):
                raise self._wrong_type(name, "text")
            self._set(self.frame[name].cast(pl.String).str.strip_chars())

    def parse_strings(self, *columns: str) -> None:
        """``columns`` as text without surrounding blanks; null where upstream prints one of `NOTHING`."""
        self.parse_names(*columns)
        self.frame = self.frame.with_columns(
            pl.when(~pl.col(name).str.to_lowercase().is_in(NOTHING)).then(pl.col(name)).alias(name)
            for name in self._present(columns)
        )

    def parse_floats(self, *columns: str) -> None:
        """``columns`` as finite numbers; null where upstream prints nothing, NaN or what no float can hold."""
        for name in self._present(columns):
            kind = self.frame.schema[name]
            if _is_text(kind):
                self.parse_strings(name)
                text = self.frame[name]
                has_commas = text.str.contains(rf"^[+-]?{WITH_THOUSANDS}$")
                number = (
                    text.str.replace_all(",", "").zip_with(has_commas, text).cast(pl.Float64, strict=False)
                )
                self.refuse(name, number.is_null() & text.is_not_null(), "a number")
            elif kind.is_numeric():
                number = self.frame[name].cast(pl.Float64)
            else:
                raise self._wrong_type(name, "numbers")
            self._set(number.set(~number.is_finite(), None))

    def parse_ints(self, *columns: str) -> None:
        """``columns`` as Int64, read by `parse_floats`; null where too large. A fraction costs its row."""
        self.parse_floats(*columns)
        for name in self._present(columns):
            numbers = self.frame[name]
            self.refuse(name, numbers != numbers.floor(), "a whole number")
            self._set(numbers.cast(pl.Int64, strict=False))

    def parse_dates(self, column: str, form: str, *, optional: bool = False) -> None:
        """``column`` as dates, printed as ``form``. Every row must have one unless they are ``optional``."""
        kind = self.frame.schema[column]
        if kind == pl.Date:
            parsed = self.frame[column]
        elif _is_text(kind):
            self.parse_strings(column)
            parsed = self.frame[column].str.to_date(form, strict=False)
        else:
            raise self._wrong_type(column, "dates")
        bad = parsed.is_null() & self.frame[column].is_not_null() if optional else parsed.is_null()
        self.refuse(column, bad, f"a date as {form}")
        self._set(parsed)

    def with_extra(self, columns: Iterable[str]) -> None:
        """Add a column ``extra``: those of ``columns`` that are there, as JSON; none when none is."""
        present = self._present(columns)
        if present:
            self.frame = self.frame.with_columns(pl.struct(present).struct.json_encode().alias("extra"))

    def refuse(self, column: str, bad: pl.Series, expected: str) -> None:
        """Set aside the rows for which ``bad`` is true; their cells in ``column`` are not what is ``expected``.

        Raises `ParseError` when there are more than a body may lose.
        """
        bad = bad.fill_null(False)
        cells = self.frame.select(PLACE, column).filter(bad)
        most = allowed(self.snapshot.piece.total if self.snapshot.piece else self.frame.height)
        for place, cell in cells.head(1 + most).iter_rows():
            found = (
                "is missing"
                if cell is None
                else repr(excerpt(cell, 60))
                if isinstance(cell, str)
                else f"{cell}"
            )
            if cells.height > most:
                raise ParseError(
                    f"{self.snapshot.where()}: {column} {found} in {cells.height} rows", expected, CHANGED
                )
            self._faults.setdefault(place, (column, found, expected))
        self._set(self.frame[column].set(bad, None))

    def keep(self, condition: pl.Expr) -> None:
        """Keep the rows that fulfil ``condition``, and those that will be set aside."""
        self.frame = self.frame.filter(condition | self.is_faulty)

    @property
    def is_faulty(self) -> pl.Expr:
        """Whether a row will be set aside."""
        return pl.col(PLACE).is_in(list(self._faults))

    def conform(
        self, schema: Mapping[str, pl.DataType] = OBSERVATION, **constants: str | date | None
    ) -> pl.DataFrame:
        """The rows as `sources.contract.conform` gives them, without those set aside."""
        found = conform(self.frame, schema, **constants)
        is_board = schema is OBSERVATION
        bad = self.frame.select(self.is_faulty).to_series()
        # The first, where one row of upstream's became several. Days are left out: Python has no year 0.
        lost = found.select(pl.exclude(pl.Date)).with_columns(self.frame[PLACE]).filter(bad)
        for row in lost.unique(PLACE, keep="first", maintain_order=True).iter_rows(named=True):
            place = row[PLACE]
            column, cell, expected = self._faults[place]
            known = {name: row[name] for name in ("rank", "score") if is_board and name != column}
            series = (row["board"], row["variant"], row["category"]) if is_board else None
            name = excerpt(row[rule_of(schema).name] or "", 80)
            self.snapshot.set_aside.append(
                SetAsideRow(place, name, column, cell, expected, **known, series=series)
            )
        return found.filter(~bad)

    def whole(self, name: str) -> list[dict[str, Any]]:
        """The rows that can be read, for a parser that makes several of one. The others are set aside under their
        ``name``.
        """
        rows = []
        for row in self.frame.iter_rows(named=True):
            place = row.pop(PLACE)
            if place in self._faults:
                self.snapshot.set_aside.append(
                    SetAsideRow(place, excerpt(row[name] or "", 80), *self._faults[place])
                )
            else:
                rows.append(row)
        return rows

    def _set(self, column: pl.Series) -> None:
        self.frame = self.frame.with_columns(column)

    def _present(self, columns: Iterable[str]) -> list[str]:
        return [name for name in columns if name in self.frame.columns]

    def _wrong_type(self, name: str, expected: str) -> ParseError:
        return ParseError(
            f"{self.snapshot.where()}: {name} is {self.frame.schema[name]}", expected, "fix the parser"
        )


def rows_of(header: Sequence[str], lines: Sequence[Sequence[str]], snapshot: Snapshot) -> Rows:
    """A table given as text: blank cells are null, rows of another width than the header are set aside.

    Raises as `uneven_rows` does.
    """
    _, uneven = uneven_rows(header, lines, snapshot.where())
    width = len(header)
    cells = [[cell or None for cell in (*line, *[""] * width)[:width]] for line in lines]
    schema = dict.fromkeys(unique_names(header), pl.String())
    return Rows(pl.DataFrame(cells, schema=schema, orient="row"), snapshot, uneven)


def uneven_rows(
    header: Sequence[str], lines: Iterable[Sequence[str]], where: str, *, may_end_uneven: bool = False
) -> tuple[int, dict[int, int]]:
    """The number of rows, and those of another width than the header: place from 1 → cells.

    Raises `ParseError` when a row is the header again, or the last has another width, since then the file may be cut.
    """
    uneven: dict[int, int] = {}
    place = 0
    for place, line in enumerate(lines, 1):
        if len(line) != len(header):
            uneven[place] = len(line)
        elif line == header:
            raise ParseError(f"{where}: the header again in row {place}", "one table", "look at the bytes")
    if place in uneven and not may_end_uneven:
        raise ParseError(
            f"{where}: {uneven[place]} cells in the last row",
            f"{len(header)}, as in the header",
            "the file may be cut; look at the bytes",
        )
    return place, uneven


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


def unique_names(header: Iterable[str]) -> list[str]:
    """The names of columns, repeated ones renamed as Polars does."""
    found: list[str] = []
    seen: dict[str, int] = {}
    for name in header:
        times = seen.get(name, 0)
        seen[name] = times + 1
        found.append(f"{name}_duplicated_{times - 1}" if times else name)
    return found


def _normalize(name: str) -> str:
    # Polars renames the second of two equal headers; here they are still the same.
    return "".join(comparable(_RENAMED.sub("", name)).split())


def _is_text(kind: pl.DataType) -> bool:
    return kind in (pl.String, pl.Categorical, pl.Enum, pl.Null)

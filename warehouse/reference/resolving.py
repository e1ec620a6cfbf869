"""Adding lines to a site's own reference tables: read, checked with all others, then written."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path

import polars as pl

from sources.errors import UsageError
from warehouse.files import write_atomically
from warehouse.reference import FOLDER, checked, read_own_lines, read_tables
from warehouse.reference.data import COLUMNS

#: The tables that mend what is withheld, told apart by their number of cells; makers before their models.
MENDING = ("organizations", "countries", "models", "licence_spellings")


@dataclass(frozen=True)
class Line:
    """One line of the reference table ``table``; an empty cell is None."""

    table: str
    cells: tuple[str | None, ...]

    @property
    def text(self) -> str:
        """As comma-separated values."""
        return as_csv([self.cells])

    def unfilled(self) -> list[str]:
        """The cells that only a person can fill in, ``<country>`` for example."""
        return [cell for cell in self.cells if cell and re.fullmatch(r"<[^<>]+>", cell)]

    def filled(self, answers: dict[str, str]) -> Line:
        """With each cell that ``answers`` names replaced."""
        return Line(self.table, tuple(answers.get(cell or "", cell) or None for cell in self.cells))


def as_csv(rows: Iterable[Iterable[str | None]]) -> str:
    """``rows`` as comma-separated values, without a line end after the last."""
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([cell or "" for cell in row] for row in rows)
    return out.getvalue().removesuffix("\n")


def read_line(text: str) -> Line:
    """The line ``text``, which may begin with the name of its file ("models.csv: …").

    Raises `UsageError` for a line with another number of cells than any of `MENDING`.
    """
    named = re.match(r"\s*(\w+)\.csv:\s*", text)
    rows = list(csv.reader([text[named.end() :] if named else text.strip()]))
    cells = rows[0] if rows else []
    for table in (named[1],) if named and named[1] in COLUMNS else MENDING:
        if len(cells) == len(COLUMNS[table]):
            return Line(table, tuple(cell or None for cell in cells))
    expected = "; or ".join(
        f"{len(COLUMNS[table])} of {table}.csv ({','.join(COLUMNS[table])})" for table in MENDING
    )
    raise UsageError(f"a line of {len(cells)} cells: {text.strip()}", expected, "nothing was written")


def add_lines(own: Path, lines: list[Line], folder: Path = FOLDER) -> list[Line]:
    """Write ``lines`` into the tables of the folder ``own``; returns those that were not there.

    Raises `UsageError` for a line with a cell that is still to be filled in, and `ReferenceDataError` for one that
    does not fit the others; nothing is written then.
    """
    for line in lines:
        if missing := line.unfilled():
            raise UsageError(
                f"{line.table}.csv: {missing[0]} is still to be filled in: {line.text}",
                "the fact in its place",
                "nothing was written",
            )
    before = read_own_lines(own)
    new = [
        line
        for line in dict.fromkeys(lines)
        if line.table not in before or line.cells not in before[line.table].rows()
    ]
    after = dict(before)
    for line in new:
        frame = pl.DataFrame(
            [line.cells], schema=dict.fromkeys(COLUMNS[line.table], pl.String()), orient="row"
        )
        after[line.table] = pl.concat([after[line.table], frame]) if line.table in after else frame
    checked(folder, read_tables(folder), after, "correct the line; nothing was written")
    own.mkdir(parents=True, exist_ok=True)
    for table in [name for name in MENDING if any(line.table == name for line in new)]:
        write_atomically(own / f"{table}.csv", as_csv([COLUMNS[table], *after[table].rows()]) + "\n")
    return new

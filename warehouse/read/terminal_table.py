"""Rows as lines of a terminal: a table where it fits, else one record below the other.

Numbers and days are never cut. Where a table is too wide, columns that are the same in every row are said once,
long texts are shortened, and the last columns are left out and named.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from itertools import islice
from typing import Any

from warehouse.read.cells import shown
from warehouse.text import printable

Row = tuple[Any, ...]

#: Rows shown on a terminal, and rows up to which one is shown below the other where a table is too wide.
MOST_ROWS, FEW_ROWS = 200, 3
#: Letters that a shortened text keeps, and columns left out that are named.
SHORTENED, MOST_NAMES = 14, 10
GAP = "  "
CUT = "…"


@dataclass(frozen=True)
class Screen:
    """What lines are written on: ``width`` in letters; None for a pipe or a file, where nothing is left out.

    ``bold`` and ``dim`` make a text so, or leave it as it is.
    """

    width: int | None = None
    bold: Callable[[str], str] = str
    dim: Callable[[str], str] = str

    @property
    def most_rows(self) -> int | None:
        return None if self.width is None else MOST_ROWS


@dataclass
class _Column:
    name: str
    cells: list[str]
    is_number: bool
    is_text: bool
    width: int = 0

    def line_up(self, text: str) -> str:
        """``text`` in the width of the column."""
        fitted = _cut(text, self.width)
        space = " " * (self.width - _length(fitted))
        return space + fitted if self.is_number else fitted + space


def table(names: Sequence[str], rows: Iterable[Row], screen: Screen) -> Iterator[str]:
    """Lines of a table, or of records where one of few rows does not fit."""
    head, more = _split(rows, screen.most_rows)
    columns = [_column(name, [row[place] for row in head]) for place, name in enumerate(names)]
    same: list[_Column] = []
    kept = columns
    if screen.width is not None and _total(columns) > screen.width:
        if len(head) <= FEW_ROWS:
            yield from _record_lines(names, head, more, screen)
            return
        same = [column for column in columns if len(set(column.cells)) == 1]
        kept = _fitted([column for column in columns if column not in same], screen.width)
    yield from _same_lines(same, screen.width)
    yield screen.bold(_line(column.line_up(column.name) for column in kept))
    yield _line("─" * column.width for column in kept)
    for place in range(len(head)):
        yield _line(column.line_up(column.cells[place]) for column in kept)
    yield ""
    yield _count(len(head), more)
    left_out = [column.name for column in columns if column not in same and column not in kept]
    if left_out and screen.width is not None:
        named = [*left_out[:MOST_NAMES], *([CUT] if len(left_out) > MOST_NAMES else [])]
        yield from wrapped(
            f"{len(left_out)} of {len(columns)} columns do not fit: {', '.join(named)}", screen.width
        )
        yield from wrapped("Name the ones you want, or: --format records", screen.width)


def records(names: Sequence[str], rows: Iterable[Row], screen: Screen) -> Iterator[str]:
    """Lines of records: a line for each column of each row."""
    head, more = _split(rows, screen.most_rows)
    yield from _record_lines(names, head, more, screen)


def _record_lines(names: Sequence[str], head: list[Row], more: int, screen: Screen) -> Iterator[str]:
    labels = [printable(name) for name in names]
    indent = max(map(_length, labels), default=0)
    for number, row in enumerate(head, start=1):
        if number > 1:
            yield ""
        yield screen.bold(f"row {number}")
        for label, cell in zip(labels, row, strict=True):
            label += " " * (indent - _length(label))
            for line in _chopped(_shown(cell), screen.width, indent + len(GAP)):
                yield (label + GAP + line).rstrip()
                label = " " * indent
    yield ""
    yield _count(len(head), more)


def _split(rows: Iterable[Row], most: int | None) -> tuple[list[Row], int]:
    """The rows to show, and how many come behind them."""
    source = iter(rows)
    head = list(source if most is None else islice(source, most))
    return head, sum(1 for _ in source)


def _count(shown_rows: int, more: int) -> str:
    total = shown_rows + more
    count = f"{total:,} row{'' if total == 1 else 's'}"
    return f"{CUT} {more:,} more of {count}; all: --format csv, or into a pipe" if more else count


def _column(name: str, cells: list[Any]) -> _Column:
    column = _Column(
        printable(name).replace("\n", "↵"),
        [_shown(cell).replace("\n", "↵") for cell in cells],
        any(isinstance(cell, int | float | Decimal) for cell in cells),
        any(isinstance(cell, str | list | dict) for cell in cells),
    )
    column.width = max(map(_length, (column.name, *column.cells)))
    return column


def _shown(cell: Any) -> str:
    """As for people, with ``""`` for an empty text, which is no null."""
    return '""' if cell == "" and isinstance(cell, str) else printable(shown(cell))


def _fitted(columns: list[_Column], width: int) -> list[_Column]:
    """The first columns that fit into ``width``, texts shortened as far as they must be."""
    wanted = {id(column): column.width for column in columns}
    for column in columns:
        if column.is_text:
            column.width = min(column.width, max(SHORTENED, _length(column.name)))
    while len(columns) > 1 and _total(columns) > width:
        columns = columns[:-1]
    for column in columns:
        room = width - _total(columns)
        column.width = min(wanted[id(column)], column.width + max(room, 0)) if room >= 0 else width
    return columns


def _total(columns: Sequence[_Column]) -> int:
    return sum(column.width for column in columns) + len(GAP) * (len(columns) - 1)


def _same_lines(columns: Sequence[_Column], width: int | None) -> Iterator[str]:
    if columns and width is not None:
        said = (f"{column.name} {column.cells[0] or 'null'}" for column in columns)
        yield from wrapped(f"In every row: {', '.join(said)}", width)
        yield ""


def _line(parts: Iterable[str]) -> str:
    return GAP.join(parts).rstrip()


def wrapped(text: str, width: int, indent: str = "") -> Iterator[str]:
    """One line of ``text`` in lines of at most ``width``, broken at spaces where there are some.

    All but the first begin with ``indent``.
    """
    if _length(text) <= width:
        yield text
        return
    first, *words = text.lstrip().split(" ")
    line = text[: len(text) - len(text.lstrip())] + first
    for word in words:
        if _length(line) + 1 + _length(word) > width:
            yield line
            line = indent + word
        else:
            line = f"{line} {word}"
        *whole, line = _chopped(line, width, 0)
        yield from whole
    yield line


def _chopped(text: str, width: int | None, indent: int) -> list[str]:
    """``text`` in pieces that fit behind ``indent``; its own line breaks stay."""
    from rich.cells import chop_cells

    lines = text.split("\n")
    if width is None:
        return lines
    room = max(width - indent, 8)
    return [piece for line in lines for piece in (chop_cells(line, room) or [""])]


def _cut(text: str, width: int) -> str:
    from rich.cells import set_cell_size

    return text if _length(text) <= width else set_cell_size(text, max(width - 1, 0)).rstrip() + CUT


def _length(text: str) -> int:
    """Letters that ``text`` takes on a terminal; Chinese ones take two each."""
    if text.isascii():
        return len(text)
    from rich.cells import cell_len

    return cell_len(text)

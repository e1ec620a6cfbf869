"""Rows that were left out because they cannot be read or cannot be, and how many of them a body may have."""

from __future__ import annotations

import math
from dataclasses import dataclass

import polars as pl

from sources.contract.rows import SET_ASIDE
from sources.errors import ParseError

#: A body may lose this share of its rows, or `MAX_ROWS` of a short one.
MAX_SHARE = 0.01
MAX_ROWS = 5
#: The part of a board, from the top, in which no row may be lost: a leader could be among them.
TOP_SHARE = 0.2
SERIES = ("board", "variant", "category")


@dataclass(frozen=True)
class SetAsideRow:
    """A row of upstream's table that was left out, and why.

    ``row`` is its place in the table, from 1, ``name`` the model or chip, ``column`` the cell that cannot be read,
    ``found`` its text. ``rank``, ``score`` and the series (board, variant, category) are those of the same row, as
    far as they can be read: they show how near the top it stands.

    With ``is_cell`` only the cell counts as not printed: the row, and ``rows`` alike, stayed.
    """

    row: int
    name: str
    column: str
    found: str
    expected: str
    rank: float | None = None
    score: float | None = None
    series: tuple[str, str, str] | None = None
    is_cell: bool = False
    rows: int = 1

    def line(self) -> str:
        """The row, what was found and what was expected, in one line."""
        return f"row {self.row} ({self.name}): {self.column} {self.found} (expected {self.expected})"


@dataclass(frozen=True)
class Parsed:
    """What a parser read of a body: its rows in the schema of the source, and the rows that it left out."""

    frame: pl.DataFrame
    set_aside: tuple[SetAsideRow, ...] = ()

    def losses(self) -> str:
        """How many rows and cells were left out, with the first of each; empty when none was."""
        found = []
        for is_cell, what in ((False, "row"), (True, "cell")):
            lost = [row for row in self.set_aside if row.is_cell is is_cell]
            count = sum(row.rows for row in lost)
            if count:
                plural = "s" * (count != 1)
                found.append(f"{count} {what}{plural} set aside, the first is {lost[0].line()}")
        return "; ".join(found)

    def set_aside_frame(self) -> pl.DataFrame:
        """The rows that were left out, in the schema `SET_ASIDE`."""
        rows = [
            (row.row, row.name, row.column, row.found, row.expected, row.is_cell, row.rows)
            for row in self.set_aside
        ]
        return pl.DataFrame(rows, schema=dict(SET_ASIDE), orient="row")


def allowed(rows: int) -> int:
    """How many of ``rows`` a body may lose."""
    return max(MAX_ROWS, math.floor(MAX_SHARE * rows))


def check_set_aside(parsed: Parsed, top_share: float, where: str) -> None:
    """Raises `ParseError` when a body lost too many rows, or one that may be near the top of a board.

    At most `MAX_SHARE` of the rows or `MAX_ROWS`; of a board only rows whose printed rank, or else score, is outside
    the ``top_share`` of their series, which is 0 for other tables.
    """
    lost = [row for row in parsed.set_aside if not row.is_cell]
    if not lost:
        return
    rows = parsed.frame.height + len(lost)
    if len(lost) > allowed(rows) or parsed.frame.is_empty():
        raise ParseError(
            f"{where}: {len(lost)} of {rows} rows cannot be read, the first is {lost[0].line()}",
            f"at most {allowed(rows)} such rows",
            "upstream changed its format: fix the parser",
        )
    for row in lost if top_share else ():
        if top_share == 1 or not _is_far_from_top(row, parsed.frame, len(lost), top_share):
            raise ParseError(
                f"{where}: {row.line()}",
                f"no such row that may be among the top {top_share:.0%} of its board",
                "look at the bytes; the last good ones stay in use",
            )


def _is_far_from_top(row: SetAsideRow, frame: pl.DataFrame, lost: int, top_share: float) -> bool:
    """Whether the readable cells of ``row`` show it outside the top of its series."""
    series = frame
    if row.series is not None:
        for column, value in zip(SERIES, row.series, strict=True):
            series = series.filter(pl.col(column).eq_missing(pl.lit(value)))
    if row.rank is not None:
        return row.rank > math.ceil(top_share * (series["model_name"].n_unique() + lost))
    scores = series["score"].drop_nulls()
    edge = scores.quantile(1 - top_share)
    return row.score is not None and edge is not None and row.score < edge

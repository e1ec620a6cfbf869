"""Rows that a parser could not read and left out, and how many of them a body may have."""

from __future__ import annotations

import math
from collections.abc import Sequence
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
    """

    row: int
    name: str
    column: str
    found: str
    expected: str
    rank: float | None = None
    score: float | None = None
    series: tuple[str, str, str] | None = None

    def line(self) -> str:
        """The row, what was found and what was expected, in one line."""
        return f"row {self.row} ({self.name}): {self.column} {self.found}; expected {self.expected}"


@dataclass(frozen=True)
class Parsed:
    """What a parser read of a body: its rows in the schema of the source, and the rows that it left out."""

    frame: pl.DataFrame
    set_aside: tuple[SetAsideRow, ...] = ()

    def set_aside_frame(self) -> pl.DataFrame:
        """The rows that were left out, in the schema `SET_ASIDE`."""
        rows = [(row.row, row.name, row.column, row.found, row.expected) for row in self.set_aside]
        return pl.DataFrame(rows, schema=dict(SET_ASIDE), orient="row")


def check_set_aside(parsed: Parsed, is_board: bool, where: str) -> None:
    """Raises `ParseError` when a body lost too many rows, or one that may be near the top of a board.

    At most `MAX_SHARE` of the rows or `MAX_ROWS`; of a board (rows in the schema `OBSERVATION`) only rows whose
    printed rank, or else score, is outside the top fifth of their series.
    """
    lost = parsed.set_aside
    if not lost:
        return
    allowed = max(MAX_ROWS, math.floor(MAX_SHARE * (parsed.frame.height + len(lost))))
    if len(lost) > allowed:
        raise ParseError(
            f"{where}: {len(lost)} of {parsed.frame.height + len(lost)} rows cannot be read, the first is "
            f"{lost[0].line()}",
            f"at most {allowed} such rows",
            "upstream changed its format: fix the parser",
        )
    if is_board:
        near = [row for row in lost if not _is_far_from_top(row, parsed.frame, lost)]
        if near:
            raise ParseError(
                f"{where}: {near[0].line()}",
                "every row that may be among the top fifth of its board to be readable",
                "look at the bytes; the last good ones stay in use",
            )


def _is_far_from_top(row: SetAsideRow, frame: pl.DataFrame, lost: Sequence[SetAsideRow]) -> bool:
    """Whether the readable cells of ``row`` show it outside the top fifth of its series."""
    series = frame
    if row.series is not None:
        for column, value in zip(SERIES, row.series, strict=True):
            series = series.filter(pl.col(column) == value)
    if row.rank is not None:
        return row.rank > TOP_SHARE * (series["model_name"].n_unique() + len(lost))
    scores = series["score"].drop_nulls()
    edge = scores.quantile(1 - TOP_SHARE)
    return row.score is not None and edge is not None and row.score < edge

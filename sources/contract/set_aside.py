"""Rows that were left out because they cannot be read or cannot be, and how many of them a body may have."""

from __future__ import annotations

import math
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Self

import polars as pl

from sources.contract.rows import SET_ASIDE
from sources.errors import ParseError

#: A body may lose this share of its rows, or `MAX_ROWS` of a short one.
MAX_SHARE = 0.01
MAX_ROWS = 5
#: The part of a board, from the top, in which no row may be lost: a leader could be among them.
TOP_SHARE = 0.2
SERIES = ("board", "variant", "category")
#: Of a large body so many rows are compared at once, and the column with the place of a row in it, from 0.
ROWS_AT_ONCE = 250_000
PLACE = "__place"


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


class Losses:
    """What can be said of the rows that a parser left out."""

    set_aside: tuple[SetAsideRow, ...]

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


@dataclass(frozen=True)
class Parsed(Losses):
    """What a parser read of a body: its rows in the schema of the source, and the rows that it left out."""

    frame: pl.DataFrame
    set_aside: tuple[SetAsideRow, ...] = ()

    @property
    def height(self) -> int:
        """The number of rows."""
        return self.frame.height

    def lazy(self) -> pl.LazyFrame:
        """The rows in their order."""
        return self.frame.lazy()

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows, those of a series together: all in one part."""
        yield self.frame

    def without(self, conditions: Iterable[pl.Expr]) -> Self:
        """Without the rows that fulfil one of ``conditions``."""
        frame = self.frame
        for condition in conditions:
            frame = frame.filter(~condition)
        return replace(self, frame=frame)


@dataclass(frozen=True)
class ParsedFile(Losses):
    """What was read of a large body: as `Parsed`, with the rows in the Parquet files of a ``folder``, in their order.

    The folder is there as long as its ``keeper``, which removes it.
    """

    folder: Path
    set_aside: tuple[SetAsideRow, ...] = ()
    left_out: tuple[pl.Expr, ...] = field(default=(), compare=False)
    keeper: object = field(default=None, compare=False)

    @cached_property
    def height(self) -> int:
        """The number of rows."""
        rows: int = self.lazy().select(pl.len()).collect().item()
        return rows

    @property
    def frame(self) -> pl.DataFrame:
        """All rows at once."""
        return self.lazy().collect()

    def lazy(self) -> pl.LazyFrame:
        """The rows in their order."""
        return self._placed().drop(PLACE)

    def parts(self) -> Iterator[pl.DataFrame]:
        """The rows, those of a series together, with their `PLACE`: parts of about `ROWS_AT_ONCE`, sorted by series."""
        sizes = self.lazy().group_by(SERIES).len().sort(SERIES).collect()
        part = (pl.col("len").cum_sum() - pl.col("len")) // ROWS_AT_ONCE
        for series in sizes.with_columns(part=part).partition_by("part", maintain_order=True):
            yield self._placed().filter(is_in_series(series)).collect()

    def without(self, conditions: Iterable[pl.Expr]) -> Self:
        """Without the rows that fulfil one of ``conditions``."""
        return replace(self, left_out=(*self.left_out, *conditions))

    def _placed(self) -> pl.LazyFrame:
        rows = pl.scan_parquet(sorted(self.folder.glob("*.parquet")), glob=False, row_index_name=PLACE)
        for condition in self.left_out:
            rows = rows.filter(~condition)
        return rows


def is_in_series(series: pl.DataFrame) -> pl.Expr:
    """Whether a row is of one of ``series``."""
    boards = series.group_by("board", "variant").agg("category").iter_rows()
    return pl.any_horizontal(
        pl.lit(False),
        *(
            (pl.col("board") == board) & (pl.col("variant") == variant) & pl.col("category").is_in(categories)
            for board, variant, categories in boards
        ),
    )


def allowed(rows: int) -> int:
    """How many of ``rows`` a body may lose."""
    return max(MAX_ROWS, math.floor(MAX_SHARE * rows))


def check_set_aside(parsed: Parsed | ParsedFile, top_share: float, where: str) -> None:
    """Raises `ParseError` when a body lost too many rows, or one that may be near the top of a board.

    At most `MAX_SHARE` of the rows or `MAX_ROWS`; of a board only rows whose printed rank, or else score, is outside
    the ``top_share`` of their series, which is 0 for other tables.
    """
    lost = [row for row in parsed.set_aside if not row.is_cell]
    if not lost:
        return
    rows = parsed.height + len(lost)
    if len(lost) > allowed(rows) or not parsed.height:
        raise ParseError(
            f"{where}: {len(lost)} of {rows} rows cannot be read, the first is {lost[0].line()}",
            f"at most {allowed(rows)} such rows",
            "upstream changed its format: fix the parser",
        )
    series: dict[tuple[str, str, str] | None, pl.DataFrame] = {}
    for row in lost if top_share else ():
        if top_share < 1 and row.series not in series:
            series[row.series] = _series(parsed.lazy(), row.series)
        if top_share == 1 or not _is_far_from_top(row, series[row.series], len(lost), top_share):
            raise ParseError(
                f"{where}: {row.line()}",
                f"no such row that may be among the top {top_share:.0%} of its board",
                "look at the bytes; the last good ones stay in use",
            )


def _series(rows: pl.LazyFrame, series: tuple[str, str, str] | None) -> pl.DataFrame:
    for column, value in zip(SERIES, series or (), strict=False):
        rows = rows.filter(pl.col(column).eq_missing(pl.lit(value)))
    return rows.select("model_name", "score").collect()


def _is_far_from_top(row: SetAsideRow, series: pl.DataFrame, lost: int, top_share: float) -> bool:
    """Whether the readable cells of ``row`` show it outside the top of its ``series``."""
    if row.rank is not None:
        return row.rank > math.ceil(top_share * (series["model_name"].n_unique() + lost))
    scores = series["score"].drop_nulls()
    edge = scores.quantile(1 - top_share)
    return row.score is not None and edge is not None and row.score < edge

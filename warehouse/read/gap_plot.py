"""The gap of one series, month by month, drawn for a terminal."""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date

import duckdb

from sources.errors import UsageError, meant
from warehouse.db import dicts
from warehouse.read.braille import Canvas
from warehouse.read.country_pair import SUBJECTS, CountryPair, read_country_pair
from warehouse.read.headline import VARIANTS
from warehouse.text import printable

ROWS = 16
TICKS = 5
#: Letters left of the drawing: a number and the axis.
MARGIN = 7


@dataclass(frozen=True)
class Month:
    """The gap of ``month`` in the units of its board, and its 95 % interval; None where there is none."""

    month: date
    gap: float | None
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Series:
    """The months of one board, variant and category, without a hole between the first and the last."""

    board: str
    variant: str
    category: str
    pair: CountryPair
    months: tuple[Month, ...]


def read_series(
    con: duckdb.DuckDBPyConnection, board: str, variant: str | None, category: str, since: date | None = None
) -> Series:
    """The series from the month of ``since`` on; without a ``variant`` that of raw votes, or the only one.

    Raises `UsageError` for a series that is unknown or has no gap since then.
    """
    known = con.execute(
        "SELECT DISTINCT board, variant, category FROM monthly_gap WHERE gap_points IS NOT NULL"
    ).fetchall()
    _require(board, [row[0] for row in known], "board")
    variants = sorted(row[1] for row in known if row[0] == board)
    variant = variant or ("raw" if "raw" in variants else variants[0])
    _require(variant, variants, "variant")
    _require(category, [row[2] for row in known if row[:2] == (board, variant)], "category")
    rows = dicts(
        con.sql(
            "SELECT month, gap_points AS gap, gap_low AS low, gap_high AS high FROM monthly_gap "
            "WHERE (board, variant, category) = ($board, $variant, $category) AND gap_points IS NOT NULL",
            params={"board": board, "variant": variant, "category": category},
        )
    )
    held = {
        row["month"]: Month(**row) for row in rows if since is None or row["month"] >= since.replace(day=1)
    }
    if not held:
        newest = max(row["month"] for row in rows)
        raise UsageError(f"no gap since {since:%Y-%m}", f"a month to {newest:%Y-%m}", "name an earlier one")
    months = tuple(held.get(day, Month(day, None, None, None)) for day in _months(min(held), max(held)))
    return Series(board, variant, category, read_country_pair(con), months)


def draw(series: Series, width: int, dim: Callable[[str], str] = str) -> list[str]:
    """Lines of at most ``width`` letters; what is no figure goes through ``dim``."""
    low, high, step = _scale([value for month in series.months for value in _values(month)])
    canvas = Canvas(max(width - MARGIN, 20), ROWS)
    places = _places(len(series.months), canvas.columns)

    def height(value: float) -> int:
        return round((value - low) / (high - low) * (canvas.rows - 1))

    if low < 0:
        for x in range(0, canvas.columns, 4):
            canvas.dot(x, height(0))
    before: tuple[int, int] | None = None
    for x, month in zip(places, series.months, strict=True):
        if month.low is not None and month.high is not None:
            for y in range(height(month.low), height(month.high) + 1, 2):
                canvas.dot(x, y)
        here = None if month.gap is None else (x, height(month.gap))
        if here is not None:
            canvas.line(*(before or here), *here)
        before = here
    labels = _labels(low, high, step, canvas.rows)
    drawn = [
        dim(f"{labels.get(row, ''):>{MARGIN - 2}} {'┤' if row in labels else '│'}") + line
        for row, line in enumerate(canvas.lines())
    ]
    return [
        *_title(series, width),
        "",
        *(line.rstrip() for line in drawn),
        dim(" " * (MARGIN - 1) + "└" + "─" * (canvas.columns // 2)),
        dim(" " * MARGIN + _years(series.months, places, canvas.columns // 2)),
        "",
        *_legend(series),
    ]


def _require(name: str, known: Sequence[str], what: str) -> None:
    if name not in known:
        raise UsageError(
            f"no {what} {name!r} with a gap",
            f"one of {', '.join(sorted(set(known))[:8])}",
            meant(name, known, 'see: aigap query "FROM core.boards"'),
        )


def _months(first: date, last: date) -> list[date]:
    count = 12 * (last.year - first.year) + last.month - first.month + 1
    months = (first.month - 1 + number for number in range(count))
    return [date(first.year + month // 12, month % 12 + 1, 1) for month in months]


def _values(month: Month) -> list[float]:
    return [value for value in (month.gap, month.low, month.high) if value is not None]


def _scale(values: list[float]) -> tuple[float, float, float]:
    """The ends of the axis, which has zero on it, and the distance of its ticks."""
    low, high = min(0.0, *values), max(0.0, *values)
    rough = (high - low or 1.0) / TICKS
    power = 10.0 ** math.floor(math.log10(rough))
    step = next(factor * power for factor in (1, 2, 5, 10) if factor * power >= rough)
    return math.floor(low / step) * step, math.ceil(high / step) * step or step, step


def _labels(low: float, high: float, step: float, rows: int) -> dict[int, str]:
    """The ticks by the letter's row, from the top, that they stand on."""
    ticks = (low + number * step for number in range(round((high - low) / step) + 1))
    return {(rows - 1 - round((tick - low) / (high - low) * (rows - 1))) // 4: f"{tick:g}" for tick in ticks}


def _places(count: int, columns: int) -> list[int]:
    """The column of each month's dot."""
    return [round(number * (columns - 1) / max(count - 1, 1)) for number in range(count)]


def _years(months: Sequence[Month], places: Sequence[int], letters: int) -> str:
    """Each year below its January, the first one below the first month."""
    line = ""
    for number, (month, place) in enumerate(zip(months, places, strict=True)):
        year = f"{month.month:%Y}"
        if (number == 0 or month.month.month == 1) and len(line) < place // 2 + (number == 0):
            line = f"{line:<{place // 2}}{year}"
    return line[:letters]


def _title(series: Series, width: int) -> list[str]:
    variant = "" if series.variant == "default" else f", {VARIANTS.get(series.variant, series.variant)}"
    second = SUBJECTS.get(series.pair.second, series.pair.second)
    of = f"{series.pair.first} lead over {second} on {series.board}{variant}, {series.category}"
    of = printable(of)
    months = f"{series.months[0].month:%Y-%m} to {series.months[-1].month:%Y-%m}"
    return [f"{of}, points, {months}"] if len(of) + len(months) + 10 <= width else [of, f"points, {months}"]


def _legend(series: Series) -> list[str]:
    newest = series.months[-1]
    assert newest.gap is not None
    interval = "" if newest.low is None else f" (95 % interval {newest.low:.1f} to {newest.high:.1f})"
    return [
        f"{newest.month:%Y-%m}: {series.pair.lead(newest.gap)}{interval}",
        "line: the gap; dots: its 95 % interval, where known; hole: no gap known",
    ]

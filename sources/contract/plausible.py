"""Whether each row can be true by itself: days, ranges, signs, bounds and lengths, without comparing with other bodies.

A row that cannot be is set aside. Two things cost a cell only: a placeholder for a day, and a standard error that
contradicts the bounds.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

import polars as pl

from sources.contract.receipt import Receipt
from sources.contract.rows import CHIP, FIGURE, NOTABLE_MODEL, OBSERVATION, PRICE, Rule, rule_of
from sources.contract.set_aside import SERIES, SetAsideRow, allowed
from sources.contract.source import Precision, Source
from sources.contract.units import RANGES, units_of
from sources.errors import ParseError, excerpt

#: Before the first day of its kind, no row can be.
FIRST_DAYS: tuple[tuple[Mapping[str, pl.DataType], date], ...] = (
    (OBSERVATION, date(2018, 1, 1)),
    (PRICE, date(2018, 1, 1)),
    (NOTABLE_MODEL, date(1950, 1, 1)),
    (CHIP, date(2000, 1, 1)),
)
#: A day more than the bytes were known, for zones of time.
GRACE = timedelta(days=1)
#: Days that programs write for "none": the first or last of their calendars.
PLACEHOLDERS = (
    date(1, 1, 1), date(1601, 1, 1), date(1753, 1, 1), date(1899, 12, 30), date(1899, 12, 31), date(1900, 1, 1),
    date(1904, 1, 1), date(1970, 1, 1), date(2038, 1, 19), date(2099, 12, 31), date(9999, 12, 31),
)  # fmt: skip
#: Receipts of the builder of the history may have no time: 1970-01-01.
FIRST_TIME = 2000

#: Characters. The longest in the real files: 76, 163, 57.
LONGEST = {
    "model_name": 200, "listed_name": 200, "chip_name": 200, "provider": 100, "category": 100, "license_name": 200,
    "organization_name": 500, "manufacturer_name": 200, "measure": 500,
}  # fmt: skip

#: US$ per million tokens: what a model that answers in text costs unless it is free, and any other. Real are 0.001
#: to 600 and 0.00013 to 100; cached prompts cost a tenth.
TEXT_PRICES = (0.001, 1000.0)
OTHER_PRICES = (0.00001, 10_000.0)
TEXT_MODES = ("chat", "completion", "responses", "realtime")
#: The lowest and highest plausible values. Chips: rates 2e10 to 5e15, memory 1e8 to 3e11, bandwidth 3e10 to 8e13.
AMOUNTS: Mapping[str, tuple[float, float]] = {
    **dict.fromkeys(
        ("fp16_tensor_flops", "bf16_tensor_flops", "fp16_flops", "fp8_tensor_flops", "int8_tensor_ops"),
        (1e9, 1e18),
    ),
    "memory_bytes": (1e6, 1e14),
    "bandwidth_bytes_per_s": (1e8, 1e16),
    "interconnect_bytes_per_s": (1e7, 1e16),
    "tdp_watts": (0.1, 100_000),
    "process_nm": (0.1, 1000),
    "parameters": (1, 1e17),
    "training_compute_flop": (1, 1e32),
    "context_tokens": (1, 1e9),
    "votes": (0, 1e9),
    "rank": (1, 1e5),
    "standard_error": (0, 1e5),
    "us": (-1e15, 1e15),
    "china": (-1e15, 1e15),
    "other": (-1e15, 1e15),
    "gap": (-1e15, 1e15),
}
#: Standard errors between two bounds, in most rows: 3.29 of 90 %, 3.92 of 95 %, with a tenth on either side. All real
#: bounds at hand are within a thousandth of one of the two; those of a resampling scatter, so one row has more room.
ERRORS_APART = (2.95, 4.35)
ONE_APART = (1.6, 8.0)
#: What is smaller is arithmetic.
TINY = 1e-6
#: A table of percentages with at least so many different scores above 0, none above 1, is one of shares.
SHARES = 3


@dataclass(frozen=True)
class Wall:
    """Rows for which ``bad`` is true cannot be: the cell in ``column`` is not what is ``expected``."""

    column: str
    bad: pl.Expr
    expected: str
    #: The cell counts as not printed; the row stays.
    is_cell: bool = False


@dataclass(frozen=True)
class Around:
    """What a piece of a table must know of the whole: the rows ``before`` it, how many there are in all, and whether
    most standard errors contradict their bounds (`errors_apart`).
    """

    before: int
    rows: int
    most_differ: bool


def hold_against_walls(
    frame: pl.DataFrame, source: Source, receipt: Receipt, where: str, around: Around | None = None
) -> tuple[pl.DataFrame, list[SetAsideRow]]:
    """The rows of ``frame`` that can be, and records of what was left out of it, cells before rows.

    ``frame`` is a whole table, or a piece with something ``around``. Raises `ParseError` when more rows fail at one of
    the walls than a body may lose, when a board in percent has shares from 0 to 1, and when the bytes are said to have
    been known after they were fetched.
    """
    _refuse_shares(frame, source, where)
    known, fetched = receipt.known_at, receipt.fetched_at
    if fetched.year >= FIRST_TIME and known > fetched + GRACE:
        raise ParseError(
            f"{where}: known since {known:%Y-%m-%d}", f"no day after {fetched:%Y-%m-%d}", "look at its dates"
        )
    rule = rule_of(source.schema)
    rows = around.rows if around else frame.height
    frame = frame.with_row_index("__row", 1 + (around.before if around else 0))
    records: list[SetAsideRow] = []
    faults: dict[int, Wall] = {}
    for wall in _walls(source, last_day(receipt), around.most_differ if around else None):
        bad = frame.filter(wall.bad)
        if bad.is_empty():
            continue
        if wall.is_cell:
            found = _as_text(bad, wall.column)[0]
            records.append(_record(_readable(bad).row(0, named=True), wall, rule, found, bad.height))
            kept = pl.when(~wall.bad.fill_null(False)).then(pl.col(wall.column))
            frame = frame.with_columns(kept.alias(wall.column))
        elif bad.height > allowed(rows):
            raise ParseError(
                f"{where}: {wall.column} {_as_text(bad, wall.column)[0]} in {bad.height} of {rows} rows",
                wall.expected,
                "upstream changed its format, or the file is damaged: look at the bytes",
            )
        else:
            for row in bad["__row"]:
                faults.setdefault(row, wall)
    lost = frame.filter(pl.col("__row").is_in(list(faults)))
    for place, row in enumerate(_readable(lost).iter_rows(named=True)):
        wall = faults[row["__row"]]
        records.append(_record(row, wall, rule, _as_text(lost[place], wall.column)[0]))
    kept_rows = frame.filter(~pl.col("__row").is_in(list(faults))).drop("__row")
    return kept_rows, records


def joined(pieces: Iterable[SetAsideRow], source: Source, receipt: Receipt) -> list[SetAsideRow]:
    """The records of the ``pieces`` of a table as `hold_against_walls` gives them of the whole."""
    cells: dict[str, SetAsideRow] = {}
    rows = []
    for record in pieces:
        if not record.is_cell:
            rows.append(record)
        elif known := cells.get(record.column):
            cells[record.column] = replace(known, rows=known.rows + record.rows)
        else:
            cells[record.column] = record
    # No column has two walls that cost a cell only.
    columns = [wall.column for wall in _walls(source, last_day(receipt), False) if wall.is_cell]
    return [*(cells[column] for column in columns if column in cells), *rows]


def errors_apart(frame: pl.DataFrame, source: Source) -> tuple[int, int]:
    """How many standard errors of ``frame`` contradict their bounds, and how many could."""
    if source.schema is not OBSERVATION:
        return 0, 0
    differs, comparable = frame.select(
        _differs(source, ERRORS_APART).sum().alias("differs"), _comparable().sum().alias("comparable")
    ).row(0)
    return differs, comparable


def _walls(source: Source, latest: date | None, most_differ: bool | None) -> Iterator[Wall]:
    schema = source.schema
    rule = rule_of(schema)
    for name in rule.required:
        blank = pl.col(name).is_null()
        if schema[name] == pl.String():
            blank |= pl.col(name).str.strip_chars() == ""
        yield Wall(name, blank, "every row to have one")
    for name, longest in LONGEST.items():
        if name in schema:
            yield Wall(name, pl.col(name).str.len_chars() > longest, f"at most {longest} characters")
    yield from _days(schema, latest)
    for name, (low, high) in AMOUNTS.items():
        if name in schema:
            yield Wall(name, ~pl.col(name).is_between(low, high), f"{low:g} to {high:g}")
    if schema is OBSERVATION:
        yield from _scores(source, most_differ)
    if schema is PRICE:
        yield from _prices(source)


def _days(schema: Mapping[str, pl.DataType], latest: date | None) -> Iterator[Wall]:
    first = next((day for kind, day in FIRST_DAYS if kind is schema), None)
    if schema is FIGURE:
        year = latest.year + 1 if latest else 2100
        yield Wall("edition", ~pl.col("edition").is_between(2017, year), f"a year from 2017 to {year}")
    for name in (name for name, kind in schema.items() if kind == pl.Date()):
        # The day of a publication decides where its figures belong, so such a row is lost with it.
        if not (schema is OBSERVATION and name == "published_on"):
            yield Wall(name, pl.col(name).is_in(PLACEHOLDERS), "a day, or none", is_cell=True)
        too_late = pl.col(name) > latest if latest else pl.lit(False)
        until = f" to {latest}, when it was known" if latest else ""
        yield Wall(name, (pl.col(name) < first) | too_late, f"a day from {first}{until}")


def _scores(source: Source, most_differ: bool | None) -> Iterator[Wall]:
    units = units_of(source)
    score, low, high = (pl.col(name) for name in ("score", "score_low", "score_high"))
    for unit in sorted(set(units.values())):
        least, most = RANGES[unit]
        is_unit = pl.col("board").is_in([board for board, other in units.items() if other == unit])
        yield Wall("score", is_unit & ~score.is_between(least, most), f"{least:g} to {most:g} ({unit})")
        # Bounds of a normal distribution reach beyond a scale.
        reach = most - least
        for name in ("score_low", "score_high"):
            outside = ~pl.col(name).is_between(least - reach, most + reach)
            yield Wall(name, is_unit & outside, f"near {least:g} to {most:g} ({unit})")
    yield Wall("score_low", low > score + TINY, "a bound below the score")
    yield Wall("score_high", high < score - TINY, "a bound above the score")
    # Where most differ, those that agree do so by chance.
    all_doubtful = (
        _differs(source, ERRORS_APART).sum() * 2 > _comparable().sum()
        if most_differ is None
        else pl.lit(most_differ)
    )
    yield Wall(
        "standard_error",
        _differs(source, ONE_APART) | (all_doubtful & _comparable()),
        "a quarter of the distance between the bounds",
        is_cell=True,
    )


def _differs(source: Source, apart: tuple[float, float]) -> pl.Expr:
    slack = 1.0 if source.precision is Precision.ROUNDED else TINY
    width, error = pl.col("score_high") - pl.col("score_low"), pl.col("standard_error")
    return (width < apart[0] * error - slack) | (width > apart[1] * error + slack)


def _comparable() -> pl.Expr:
    return pl.all_horizontal(pl.col("score_low", "score_high", "standard_error").is_not_null())


def _prices(source: Source) -> Iterator[Wall]:
    in_text = pl.col("mode").is_null() | pl.col("mode").is_in(TEXT_MODES)
    checked = pl.col("provider").is_null() | ~pl.col("provider").is_in(sorted(source.unchecked_providers))
    for name in (name for name in PRICE if name.endswith("_usd_per_mtok")):
        price = pl.col(name)
        part = 10 if name.startswith("cached") else 1
        for condition, (least, most) in ((in_text, TEXT_PRICES), (~in_text, OTHER_PRICES)):
            bad = checked & condition & (price != 0) & ~price.is_between(least / part, most)
            yield Wall(name, bad, f"0, or {least / part:g} to {most:g} US$ per million tokens")


def shares_possible(frame: pl.DataFrame, source: Source) -> bool:
    """Whether a board in percent has no score above 1 in ``frame``: more rows may show that its scores are shares."""
    if source.schema is not OBSERVATION:
        return False
    percent = [board for board, unit in units_of(source).items() if unit == "percent"]
    best = frame.filter(pl.col("board").is_in(percent)).group_by("board").agg(pl.col("score").max())
    return bool((best["score"].fill_null(0) <= 1).any())


def _refuse_shares(frame: pl.DataFrame, source: Source, where: str) -> None:
    if source.schema is not OBSERVATION:
        return
    percent = sorted(board for board, unit in units_of(source).items() if unit == "percent")
    boards = (
        frame.filter(pl.col("board").is_in(percent))
        .group_by("board", maintain_order=True)
        .agg(pl.col("score").max(), pl.col("score").filter(pl.col("score") > 0).n_unique().alias("scores"))
        .filter((pl.col("score") <= 1) & (pl.col("scores") >= SHARES))
    )
    for board, best, scores in boards.iter_rows():
        raise ParseError(
            f"{where}: the best of {scores} scores of {board} is {best:g}",
            "percentages, not shares from 0 to 1",
            "upstream changed its unit: look at the bytes",
        )


def last_day(receipt: Receipt) -> date | None:
    """The last day that the body can name: the day it was known, or fetched if that was earlier, and one more."""
    times = [moment for moment in (receipt.known_at, receipt.fetched_at) if moment.year >= FIRST_TIME]
    return min(times).date() + GRACE if times else None


def _as_text(frame: pl.DataFrame, column: str) -> list[str]:
    """The cells of ``column`` as an error quotes them."""
    cells = frame[column]
    if cells.dtype == pl.String:
        return ["is missing" if cell is None else repr(excerpt(cell, 60)) for cell in cells]
    # By Polars: Python has no year 0.
    return ["is missing" if cell is None else cell for cell in cells.cast(pl.String)]


def _readable(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` without days, which may be none in Python's calendar."""
    return frame.select(pl.exclude(pl.Date))


def _record(row: Mapping[str, object], wall: Wall, rule: Rule, found: str, rows: int = 1) -> SetAsideRow:
    number = {name: row.get(name) for name in ("rank", "score") if wall.column != name}
    series = tuple(str(row[name]) for name in SERIES) if rule.schema is OBSERVATION else None
    return SetAsideRow(
        row=int(str(row["__row"])),
        name=excerpt(row[rule.name] or "", 80),
        column=wall.column,
        found=found,
        expected=wall.expected,
        rank=number.get("rank"),  # type: ignore[arg-type]
        score=number.get("score"),  # type: ignore[arg-type]
        series=series,  # type: ignore[arg-type]
        is_cell=wall.is_cell,
        rows=rows,
    )

"""Figures in tables that set the United States and China side by side, in columns or in rows."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from typing import Any

from sources.errors import excerpt
from sources.parsing.ai_index.report import CHINA, OTHER, US
from sources.parsing.values import WITH_THOUSANDS

#: How a cell names one of the two countries and nothing else.
NAMES = {
    US: re.compile(r"(?:the )?(?:U\.?S\.?(?:A\.?)?|United States(?: of America)?)", re.I),
    CHINA: re.compile(r"(?:mainland )?China(?: \(mainland\))?|(?:the )?People['’]s Republic of China", re.I),
}
TIMES = ("year", "date", "month", "quarter", "period")
_TIME = re.compile(r"(?:19|20)\d\d(?:[-/.]\d{1,2}){0,2}")
_NUMBER = re.compile(
    r"(?P<money>(?:US)?\$)?\s?(?P<number>[+-]?[\d.,]+(?:e[+-]?\d+)?)\s?(?P<percent>%)?", re.I
)

Row = dict[str, Any]


def side_of(cell: str) -> str:
    """The column of the country that a cell names, `US` or `CHINA`; empty when it names neither."""
    return next((side for side, name in NAMES.items() if name.fullmatch(cell.strip())), "")


def table_figures(header: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> Iterator[Row]:
    """The figures of a table that has both countries; none of any other table.

    ``title`` names the table in the evidence, and what it measures if the header does not.
    """
    columns = list(zip(*rows, strict=True)) if rows else []
    sides = [side_of(name) for name in header]
    places = next(
        (n for n, column in enumerate(columns) if {US, CHINA} <= {side_of(c) for c in column}), None
    )
    times = [n for n, column in enumerate(columns) if _is_time(header[n], column)]
    measures = [
        n for n, column in enumerate(columns) if n not in times and n != places and _is_measure(column)
    ]
    labels = [n for n in range(len(columns)) if n not in times and n != places and n not in measures]
    if places is not None:
        yield from _from_rows(header, rows, title, places, times, labels, measures)
    elif {US, CHINA} <= set(sides):
        for row in rows:
            values = {side: value_of(row[n]) for n, side in enumerate(sides) if side}
            if any(value is not None for value in values.values()):
                unit = unit_of(row[sides.index(US)], title)
                yield values | _about(header, row, title, times, labels, "") | {"unit": unit}


def _from_rows(
    header: Sequence[str], rows: Sequence[Sequence[str]], title: str,
    places: int, times: list[int], labels: list[int], measures: list[int],
) -> Iterator[Row]:  # fmt: skip
    """The figures of a table with one row per country: rows of one time and label are joined."""
    for measure in measures:
        joined: dict[tuple[str, ...], Row] = {}
        for row in rows:
            value, side = value_of(row[measure]), side_of(row[places])
            if value is None:
                continue
            about = _about(header, row, title, times, labels, header[measure])
            about |= {"unit": unit_of(row[measure], header[measure])}
            key = tuple(row[n] for n in (*times, *labels))
            if not side:
                yield about | {OTHER: value, "other_label": row[places] or None}
            elif side in joined.setdefault(key, about):
                # Given twice: both are kept.
                yield about | {side: value}
            else:
                joined[key] |= {side: value, "sentence": _both(joined[key], about)}
        yield from joined.values()


def _about(
    header: Sequence[str], row: Sequence[str], title: str, times: list[int], labels: list[int], measure: str
) -> Row:
    named = [row[n] for n in labels if row[n]]
    # A table with a column for each year.
    period = measure if _TIME.fullmatch(measure) else next((row[n] for n in times if row[n]), None)
    what = title if not measure or period == measure else measure
    cells = ", ".join(f"{name} {cell}" for name, cell in zip(header, row, strict=True) if cell)
    return {
        "measure": ": ".join([what, *named]),
        "period": period,
        "sentence": excerpt(f"{title}: {cells}", 600),
    }


def _both(first: Row, second: Row) -> str:
    one, other = str(first["sentence"]), str(second["sentence"])
    return one if one == other else excerpt(f"{one}; {other.partition(': ')[2]}", 1200)


def _is_time(name: str, column: Sequence[str]) -> bool:
    words = name.casefold().split()
    given = [cell for cell in column if cell]
    dated = bool(given) and all(_TIME.fullmatch(cell) for cell in given)
    return bool(set(words) & set(TIMES)) and (len(words) == 1 or dated)


def _is_measure(column: Sequence[str]) -> bool:
    given = [cell for cell in column if cell]
    return bool(given) and all(_NUMBER.fullmatch(cell) for cell in given)


def value_of(cell: str) -> float | None:
    """The number in a cell as in ``45%``, ``$109.08`` or ``1,405``; null for anything else."""
    found = _NUMBER.fullmatch(cell.strip())
    if not found:
        return None
    text = found["number"]
    if re.fullmatch(rf"[+-]?{WITH_THOUSANDS}", text):
        text = text.replace(",", "")
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def unit_of(cell: str, header: str) -> str | None:
    """The unit in a cell or its header, percent or US$ billion; null when neither has one."""
    if "%" in cell or "%" in header or "percent" in header.casefold():
        return "percent"
    if "billion" in header.casefold() and ("$" in header or "dollar" in header.casefold() or "$" in cell):
        return "US$ billion"
    return None

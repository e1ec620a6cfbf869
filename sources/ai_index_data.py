"""The Stanford AI Index's public data: a ZIP of chapters' CSVs that a person downloads, one file a figure.

``PUBLIC DATA_ 2026 AI INDEX REPORT/1. Research and Development/Data/fig_1.3.1.csv``: a column of countries under
one of several names, often a year and a label, and the measure. Only files that set the United States and China
side by side are read. Nothing of it ships: its licence forbids altered copies. How its tables are read serves
the tables of the report's pages too.
"""

from __future__ import annotations

import math
import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any

import polars as pl

from sources.ai_index_figures import REPORT, known_at_of, origin
from sources.contract import FIGURE, Request, Snapshot, Source, conform
from sources.errors import EmptyTable, ParseError
from sources.parsing.columns import THOUSANDS, csv_frame, looks_like_markup, shown

US, CHINA, OTHER = "us", "china", "other"
#: How a cell that holds nothing else names the two.
NAMES = {
    US: re.compile(r"(?:the )?(?:U\.?S\.?(?:A\.?)?|United States(?: of America)?)", re.I),
    CHINA: re.compile(r"(?:mainland )?China(?: \(mainland\))?|(?:the )?People['’]s Republic of China", re.I),
}
MEMBER = re.compile(r"fig_?(?P<figure>\d+(?:\.\d+)+)[^/]*\.csv", re.I)
EDITION = re.compile(r"(?<!\d)(20\d\d) AI INDEX", re.I)
TIMES = ("year", "date", "month", "quarter", "period")
_TIME = re.compile(r"(?:19|20)\d\d(?:[-/.]\d{1,2}){0,2}")
_NUMBER = re.compile(
    r"(?P<money>(?:US)?\$)?\s?(?P<number>[+-]?[\d.,]+(?:e[+-]?\d+)?)\s?(?P<percent>%)?", re.I
)

Row = dict[str, Any]


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a figure, year and label, with both countries where the file has both; a third party's value
    has a row of its own.
    """
    where = snapshot.where()
    if looks_like_markup(snapshot.body):
        raise ParseError(f"{where}: a web page", "a ZIP file", "download the data folder itself")
    if not snapshot.body:
        raise EmptyTable(f"{where}: an empty body", "a ZIP file")
    files = {name: body for name, body in snapshot.files().items() if "__MACOSX" not in name}
    edition = _edition([*files, snapshot.file_name], where)
    rows: list[Row] = []
    for name, body in files.items():
        member = MEMBER.fullmatch(PurePosixPath(name).name)
        frame = _frame(Snapshot(body, replace(snapshot.receipt, file_name=name))) if member else None
        if member and frame is not None:
            table = [[(cell or "").strip() for cell in row] for row in frame.iter_rows()]
            common = {"edition": edition, "figure": member["figure"]}
            rows += [row | common for row in table_figures(frame.columns, table, PurePosixPath(name).name)]
    if not rows:
        raise EmptyTable(
            f"{where}: {len(files)} files, none with both countries", "fig_<n.n.n>.csv", "look at it"
        )
    return conform(pl.DataFrame(rows, schema=dict(FIGURE), orient="row"), FIGURE)


def _frame(member: Snapshot) -> pl.DataFrame | None:
    """One file's table; None when it is not CSV, which a few hundred of a person's spreadsheets never all are."""
    try:
        return csv_frame(member)
    except ParseError:
        return None


def _edition(names: Sequence[str], where: str) -> int:
    found = {int(match[1]) for name in names for match in EDITION.finditer(name.replace("_", " "))}
    if len(found) != 1:
        said = ", ".join(map(str, sorted(found))) or "no edition"
        raise ParseError(
            f"{where}: {said}", "one, as in PUBLIC DATA_ 2026 AI INDEX REPORT", "keep the folder's name"
        )
    return found.pop()


def side_of(cell: str) -> str:
    """Which of the two countries a cell names; empty when neither."""
    return next((side for side, name in NAMES.items() if name.fullmatch(cell.strip())), "")


def table_figures(header: Sequence[str], rows: Sequence[Sequence[str]], title: str) -> Iterator[Row]:
    """The figures of a table that sets the two countries side by side, in columns or in rows; none of others.

    ``title`` names the table in the evidence, and what it measures when its header does not.
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
    """A row a country: those of one time and label, put side by side."""
    for measure in measures:
        beside: dict[tuple[str, ...], Row] = {}
        for row in rows:
            value, side = value_of(row[measure]), side_of(row[places])
            if value is None:
                continue
            about = _about(header, row, title, times, labels, header[measure])
            about |= {"unit": unit_of(row[measure], header[measure])}
            key = tuple(row[n] for n in (*times, *labels))
            if not side:
                yield about | {OTHER: value, "other_label": row[places] or None}
            elif side in beside.setdefault(key, about):
                # Given twice: not for us to choose.
                yield about | {side: value}
            else:
                beside[key] |= {side: value, "sentence": _both(beside[key], about)}
        yield from beside.values()


def _about(
    header: Sequence[str], row: Sequence[str], title: str, times: list[int], labels: list[int], measure: str
) -> Row:
    said = [row[n] for n in labels if row[n]]
    # A table with a column for each year.
    period = measure if _TIME.fullmatch(measure) else next((row[n] for n in times if row[n]), None)
    what = title if not measure or period == measure else measure
    cells = ", ".join(f"{name} {cell}" for name, cell in zip(header, row, strict=True) if cell)
    return {
        "measure": ": ".join([what, *said]),
        "period": period,
        "sentence": shown(f"{title}: {cells}", 600),
    }


def _both(first: Row, second: Row) -> str:
    told, more = str(first["sentence"]), str(second["sentence"])
    return told if told == more else shown(f"{told}; {more.partition(': ')[2]}", 1200)


def _is_time(name: str, column: Sequence[str]) -> bool:
    words = name.casefold().split()
    given = [cell for cell in column if cell]
    dated = bool(given) and all(_TIME.fullmatch(cell) for cell in given)
    return bool(set(words) & set(TIMES)) and (len(words) == 1 or dated)


def _is_measure(column: Sequence[str]) -> bool:
    given = [cell for cell in column if cell]
    return bool(given) and all(_NUMBER.fullmatch(cell) for cell in given)


def value_of(cell: str) -> float | None:
    """The number of a cell: ``45%``, ``$109.08``, ``1,405``; null for anything else."""
    found = _NUMBER.fullmatch(cell.strip())
    if not found:
        return None
    text = found["number"].replace(",", "") if re.match(THOUSANDS, found["number"]) else found["number"]
    try:
        value = float(text)
    except ValueError:
        return None
    return value if math.isfinite(value) else None


def unit_of(cell: str, header: str) -> str | None:
    """The unit that a cell or its header says; null when neither does."""
    if "%" in cell or "%" in header or "percent" in header.casefold():
        return "percent"
    if "billion" in header.casefold() and ("$" in header or "dollar" in header.casefold() or "$" in cell):
        return "US$ billion"
    return None


SOURCE = Source(
    id="ai_index_data",
    title="Stanford AI Index, public data",
    origin=origin(
        "AI Index Report, public data",
        REPORT,
        False,
        "CC BY-ND allows no altered copies of its tables, so they are read but never shipped.",
    ),
    requests=(Request("public_data"),),
    parse=parse,
    cadence=timedelta(days=365),
    row_floor=5,
    schema=FIGURE,
    raw_patterns=("ai_index/*.zip",),
    request_of=lambda path: "public_data",
    known_at_of=known_at_of,
)

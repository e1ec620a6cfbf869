"""Single figures of the Stanford AI Index, copied by hand from its editions, each with the number of its figure.

Cells have a number, a number and a label ("1405 (o1-2024-12-17)"), or several ("Anthropic 1503; xAI 1495"). Editions
disagree about the same month, so every row has its edition.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import polars as pl

from sources.contract import FIGURE, Request, Snapshot, Source, conform
from sources.errors import BadCell, excerpt
from sources.parsing.ai_index.report import CHINA, OTHER, REPORT, US, known_at_of, origin
from sources.parsing.entries import read_entries
from sources.parsing.frames import read_csv
from sources.parsing.values import NUMBER

SIDES = (US, CHINA, OTHER)
COLUMNS = {
    name: (name,)
    for name in ("edition", "figure", "measure", "period", *SIDES, "unit", "gap", "gap_unit", "note")
}
#: Columns of this project's own table only: the labels of values, and a citation of each row.
OWN = {**{f"{side}_label": (f"{side}_label",) for side in SIDES}, "citation": ("citation",)}
UNITS = {"usd bn": "US$ billion", "pp": "percentage points", "pct": "percent"}

_VALUE_FIRST = re.compile(rf"(?P<value>{NUMBER})(?:\s*\((?P<label>.+)\))?")
_LABEL_FIRST = re.compile(rf"(?P<label>\S.*?)\s+(?P<value>{NUMBER})(?:\s*\((?P<more>.+)\))?")
_APART = re.compile(r"\s*;\s*|\s+vs\.?\s+")
_YEAR_END = re.compile(r"(\d{4})-end")

Labelled = tuple[float, str | None]


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per figure; where a party has several values, one row per value."""
    rows = read_csv(snapshot).select(COLUMNS | OWN, optional=OWN)
    rows.parse_names("measure")
    rows.parse_strings(*(name for name in rows.columns if name not in ("edition", "measure")))
    rows.parse_ints("edition")
    named = ((row["measure"], row) for row in rows.whole("measure"))
    figures = read_entries(snapshot, named, lambda _, row: list(_figures(row)))
    return conform([figure for several in figures for figure in several], FIGURE)


def _figures(row: dict[str, Any]) -> Iterator[dict[str, Any]]:
    sides = {side: split_values(row[side], side) for side in SIDES}
    for side in SIDES:
        label = row.get(f"{side}_label")
        if label:
            sides[side] = [(value, label) for value, _ in sides[side]]
    gap_unit, _, aside = (row["gap_unit"] or "").partition(" ")
    gap = split_values(row["gap"], "gap")
    figure = f", figure {row['figure']}" if row["figure"] else ""
    common = {
        "edition": row["edition"],
        "figure": row["figure"],
        "measure": row["measure"],
        "period": _YEAR_END.sub(r"\1-12", row["period"]) if row["period"] else None,
        "unit": _unit(row["unit"]),
        "gap": gap[0][0] if gap else None,
        "gap_unit": _unit(gap_unit if aside.startswith("(") else row["gap_unit"]),
        "note": "; ".join(filter(None, (row["note"], aside if aside.startswith("(") else ""))) or None,
        "sentence": row.get("citation") or f"Stanford AI Index Report {row['edition']}{figure}",
    }
    for place, values in enumerate(_rows(sides)):
        # A gap is stated once, even if its parties are in several rows.
        yield common | ({"gap": None, "gap_unit": None} if place else {}) | values


def _rows(sides: dict[str, list[Labelled]]) -> Iterator[dict[str, Any]]:
    """One row if each of the two countries has at most one value, else one row per value."""
    if len(sides["us"]) < 2 and len(sides["china"]) < 2:
        first = {side: found[0] for side, found in sides.items() if found}
        yield _named(first)
        rest = {"other": sides["other"][1:]}
    else:
        rest = sides
    for side, found in rest.items():
        for value in found:
            yield _named({side: value})


def _named(found: dict[str, Labelled]) -> dict[str, Any]:
    values = {side: value for side, (value, _) in found.items()}
    return values | {f"{side}_label": label for side, (_, label) in found.items()}


def split_values(cell: str | None, column: str) -> list[Labelled]:
    """The numbers of a cell with their labels: ``15``, ``1405 (o1)``, ``Europe 3 (France 3); UK 4.5``."""
    found: list[Labelled] = []
    for piece in _APART.split(cell.strip()) if cell else ():
        plain = _VALUE_FIRST.fullmatch(piece)
        named = plain or _LABEL_FIRST.fullmatch(piece)
        if not named:
            raise BadCell(column, repr(excerpt(piece, 60)), "a number, with or without a name")
        found.append((float(named["value"].replace(",", "")), named["label"]))
        if not plain and named["more"]:
            found += split_values(named["more"], column)
    return found


def _unit(printed: str | None) -> str | None:
    return UNITS.get(printed.casefold(), printed) if printed else None


SOURCE = Source(
    id="ai_index_figures",
    title="Stanford AI Index, cited figures",
    origin=origin(
        "AI Index Report, single figures cited",
        REPORT,
        True,
        "Single figures are cited, each with edition and figure; no table of the report is republished.",
    ),
    requests=(Request("cited"),),
    parse=parse,
    cadence=timedelta(days=365),
    row_floor=5,
    schema=FIGURE,
    raw_patterns=("ai_index/published_figures*.csv",),
    known_at_of=known_at_of,
)

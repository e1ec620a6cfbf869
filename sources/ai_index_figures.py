"""Single figures of the Stanford AI Index, copied by hand from its editions, each with the figure it stands in.

Cells hold a number, a number and whose it is ("1405 (o1-2024-12-17)"), or several ("Anthropic 1503; xAI 1495").
Editions disagree about one month and are both right as published, so the edition is part of every row.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import date, datetime, timedelta
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import FIGURE, Origin, Request, Snapshot, Source, conform
from sources.errors import ParseError
from sources.parsing.arena import day_in_name
from sources.parsing.columns import counts, csv_frame, labels, midnight, picked, shown, texts

REPORT = "https://hai.stanford.edu/ai-index"
#: Of the figures' texts, ours and the copy's names.
SIDES = ("us", "china", "other")
COLUMNS = {
    name: (name,)
    for name in ("edition", "figure", "measure", "period", *SIDES, "unit", "gap", "gap_unit", "note")
}
#: What the project's own table has beyond the copy: labels apart from values, and a citation of each row.
OWN = {**{f"{side}_label": (f"{side}_label",) for side in SIDES}, "citation": ("citation",)}
UNITS = {"usd bn": "US$ billion", "pp": "percentage points", "pct": "percent"}

_NUMBER = r"\d{1,3}(?:,\d{3})+(?:\.\d+)?|\d+(?:\.\d+)?"
_VALUE_FIRST = re.compile(rf"(?P<value>{_NUMBER})(?:\s*\((?P<label>.+)\))?")
_LABEL_FIRST = re.compile(rf"(?P<label>\S.*?)\s+(?P<value>{_NUMBER})(?:\s*\((?P<more>.+)\))?")
_APART = re.compile(r"\s*;\s*|\s+vs\.?\s+")
_YEAR_END = re.compile(r"(\d{4})-end")

Labelled = tuple[float, str | None]


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a figure; where one party has several values, one row a value."""
    where = snapshot.where()
    rows = picked(csv_frame(snapshot), COLUMNS | OWN, where, optional=OWN)
    rows = labels(rows, ["measure"], where)
    rows = texts(rows, [name for name in rows.columns if name not in ("edition", "measure")], where)
    rows = counts(rows, ["edition"], where, pl.Int32())
    found = [figure for row in rows.iter_rows(named=True) for figure in _figures(row, where)]
    return conform(pl.DataFrame(found, schema=dict(FIGURE), orient="row"), FIGURE)


def _figures(row: dict[str, Any], where: str) -> Iterator[dict[str, Any]]:
    there = f"{where}: {row['edition']}, {shown(row['measure'], 40)}"
    sides = {side: values(row[side], f"{there}: {side}") for side in SIDES}
    for side in SIDES:
        own = row.get(f"{side}_label")
        if own:
            sides[side] = [(value, own) for value, _ in sides[side]]
    gap_unit, _, aside = (row["gap_unit"] or "").partition(" ")
    gap = values(row["gap"], f"{there}: gap")
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
    for place, values_of_sides in enumerate(_laid_out(sides)):
        # A gap is stated once, also where its parties stand in several rows.
        yield common | ({"gap": None, "gap_unit": None} if place else {}) | values_of_sides


def _laid_out(sides: dict[str, list[Labelled]]) -> Iterator[dict[str, Any]]:
    """One row where each of the two countries has one value at most, else one row a value."""
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
    return {name: part for side, (value, label) in found.items() for name, part in
            ((side, value), (f"{side}_label", label))}  # fmt: skip


def values(cell: str | None, where: str) -> list[Labelled]:
    """The numbers of a cell with what they are of: ``15``, ``1405 (o1)``, ``Europe 3 (France 3); UK 4.5``."""
    found: list[Labelled] = []
    for piece in _APART.split(cell.strip()) if cell else ():
        plain = _VALUE_FIRST.fullmatch(piece)
        named = plain or _LABEL_FIRST.fullmatch(piece)
        if not named:
            raise ParseError(f"{where}: {shown(piece, 60)!r}", "a number, with or without a name", "fix it")
        found.append((float(named["value"].replace(",", "")), named["label"]))
        if not plain and named["more"]:
            found += values(named["more"], where)
    return found


def _unit(printed: str | None) -> str | None:
    return UNITS.get(printed.casefold(), printed) if printed else None


def origin(title: str, address: str, redistributable: bool, note: str) -> Origin:
    """The AI Index's figures, found at ``address``."""
    return Origin(
        producer="Stanford Institute for Human-Centered AI (HAI)",
        title=title,
        address=address,
        citation=f"Stanford HAI, {title} ({address}), CC BY-ND 4.0",
        licence="CC-BY-ND-4.0",
        licence_address="https://creativecommons.org/licenses/by-nd/4.0/",
        redistributable=redistributable,
        redistribution_note=note,
    )


#: When each edition came out: a copy of its figures was known to nobody before.
PUBLISHED = {2024: date(2024, 4, 15), 2025: date(2025, 4, 7), 2026: date(2026, 4, 13)}


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day in the file's name, else the day the newest edition it cites came out."""
    day = day_in_name(path)
    if day is None:
        cited = {int(year) for year in re.findall(rb"^(20\d\d),", body, flags=re.MULTILINE)}
        day = PUBLISHED.get(max(cited, default=0))
    return midnight(day) if day else None


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
    request_of=lambda path: "cited",
    known_at_of=known_at_of,
)

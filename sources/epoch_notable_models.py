"""Epoch AI's notable models: one row per model, with the countries of the organizations that made it.

Organizations and countries are lists in a cell, separated by commas, of different lengths: Google DeepMind counts as
two countries. A comma followed by a blank may belong to a name ("NERSC, Lawrence Berkeley …", "Taiwan, Province of
China"). Cells and names contain newlines. Models of past years are added too, so their counts differ by vintage.
"""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl

from sources.contract import NOTABLE_MODEL, Request, Snapshot, Source
from sources.parsing.epoch import CSV_TYPES, known_at_of, origin
from sources.parsing.frames import read_csv

LISTS = {"organizations": ("Organization",), "countries": ("Country (of organization)", "Country")}
EXTRA = {
    "task": ("Task",),
    "confidence": ("Confidence",),
    "frontier": ("Frontier model",),
    "notability": ("Notability criteria",),
    "link": ("Link",),
    "base_model": ("Base model",),
}
COLUMNS = {
    "model_name": ("Model",),
    "released_on": ("Publication date",),
    "domain": ("Domain",),
    "accessibility": ("Model accessibility",),
    "parameters": ("Parameters",),
    "training_compute_flop": ("Training compute (FLOP)",),
    **LISTS,
    **EXTRA,
}
OPTIONAL = ("domain", "accessibility", "parameters", "training_compute_flop", *EXTRA)
OPEN = "open weights"
#: The second part of an inverted country name: "Korea, Republic of", "Taiwan, Province of China".
_TAIL = re.compile(r".*\b(republic|states?|kingdom) of( the)?|.*\b(province|region) of china", re.I)
_BARE_COMMA = re.compile(r",(?=\S)")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model; countries as printed, one for each country of each organization."""
    rows = read_csv(snapshot).select(COLUMNS, OPTIONAL)
    rows.parse_names("model_name")
    rows.parse_strings(*LISTS, "domain", "accessibility", *EXTRA)
    rows.parse_floats("parameters", "training_compute_flop")
    rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    rows.with_extra(EXTRA)
    openness = pl.col("accessibility").str.to_lowercase().str.starts_with(OPEN)
    rows.frame = rows.frame.with_columns(
        _one_line("model_name"),
        *(_split(rows.frame[name]) for name in LISTS),
        pl.col("released_on").alias("published_on"),
        *([openness.alias("open_weights")] if "accessibility" in rows.columns else []),
    )
    return rows.conform(NOTABLE_MODEL)


def _one_line(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all(r"\s+", " ").str.strip_chars()


def _split(cells: pl.Series) -> pl.Series:
    """The names in each cell; null where it is blank."""
    # Upstream separates names by commas without a blank: then a comma with a blank is part of a name.
    bare = any(_BARE_COMMA.search(cell) for cell in cells.drop_nulls())
    found = [None if cell is None else split_names(cell, bare) for cell in cells]
    return pl.Series(cells.name, found, dtype=pl.List(pl.String))


def split_names(cell: str, bare: bool = True) -> list[str]:
    """The names in ``cell`` in their order, repetitions kept.

    ``bare`` says that the commas between names have no blank behind them.
    """
    found: list[str] = []
    for part in " ".join(cell.split()).split(","):
        name = part.strip()
        if found and ((bare and part.startswith(" ")) or _TAIL.fullmatch(name)):
            found[-1] = f"{found[-1]}, {name}"
        elif name:
            found.append(name)
    return found


SOURCE = Source(
    id="epoch_notable_models",
    title="Epoch AI notable models",
    origin=origin("Notable AI Models", "https://epoch.ai/data/ai-models"),
    requests=(Request("notable_ai_models", "https://epoch.ai/data/notable_ai_models.csv", CSV_TYPES),),
    parse=parse,
    cadence=timedelta(days=14),
    row_floor=500,
    schema=NOTABLE_MODEL,
    raw_patterns=("epoch/notable_ai_models*.csv",),
    known_at_of=known_at_of,
)

"""Epoch AI's notable models: one row a model, with the countries of the organizations that made it.

Organizations and countries are lists in a cell, joined by commas, and their lengths differ: Google DeepMind
counts as two countries. A comma followed by a blank may belong to a name ("NERSC, Lawrence Berkeley …",
"Taiwan, Province of China"). Cells hold newlines, names end in them. The list grows backwards too, so counts of
past years belong to one vintage.
"""

from __future__ import annotations

import re
from datetime import timedelta

import polars as pl

from sources.contract import NOTABLE_MODEL, Request, Snapshot, Source, conform
from sources.epoch_eci import known_at_of, origin, with_release_dates
from sources.parsing.columns import csv_frame, labels, numbers, picked, texts

ADDRESS = "https://epoch.ai/data/notable_ai_models.csv"
LISTS = {"organizations": ("Organization",), "countries": ("Country (of organization)", "Country")}
BESIDE = {
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
    **BESIDE,
}
OPTIONAL = ("domain", "accessibility", "parameters", "training_compute_flop", *BESIDE)
OPEN = "open weights"
#: The tail of a country's name turned round: "Korea, Republic of", "Taiwan, Province of China".
_TAIL = re.compile(r".*\b(republic|states?|kingdom) of( the)?|.*\b(province|region) of china", re.I)
_BARE_COMMA = re.compile(r",(?=\S)")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model; countries as printed, one for each country of each organization."""
    where = snapshot.where()
    rows = picked(csv_frame(snapshot), COLUMNS, where, OPTIONAL)
    rows = labels(rows, ["model_name"], where)
    plain = [*LISTS, "domain", "accessibility", *BESIDE]
    rows = texts(rows, plain, where)
    rows = numbers(rows, ["parameters", "training_compute_flop"], where)
    rows = with_release_dates(rows, where)
    beside = [name for name in BESIDE if name in rows.columns]
    openness = pl.col("accessibility").str.to_lowercase().str.starts_with(OPEN)
    return conform(
        rows.with_columns(
            _one_line("model_name"),
            *(_split(rows[name]) for name in LISTS),
            pl.col("released_on").alias("published_on"),
            *([openness.alias("open_weights")] if "accessibility" in rows.columns else []),
            *([pl.struct(beside).struct.json_encode().alias("extra")] if beside else []),
        ),
        NOTABLE_MODEL,
    )


def _one_line(name: str) -> pl.Expr:
    return pl.col(name).str.replace_all(r"\s+", " ").str.strip_chars()


def _split(cells: pl.Series) -> pl.Series:
    """The names in each cell; null where it is blank."""
    # Joined by bare commas, as upstream does, a comma with a blank behind it is part of a name.
    bare = any(_BARE_COMMA.search(cell) for cell in cells.drop_nulls())
    found = [None if cell is None else names(cell, bare) for cell in cells]
    return pl.Series(cells.name, found, dtype=pl.List(pl.String))


def names(cell: str, bare: bool = True) -> list[str]:
    """The names joined by commas in ``cell``, in their order, repetitions kept.

    ``bare`` says that the joining commas have no blank behind them.
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
    requests=(
        Request(
            "notable_ai_models",
            ADDRESS,
            ("text/csv", "text/plain", "application/csv", "application/octet-stream"),
        ),
    ),
    parse=parse,
    cadence=timedelta(days=14),
    row_floor=500,
    schema=NOTABLE_MODEL,
    raw_patterns=("epoch/notable_ai_models*.csv",),
    request_of=lambda path: "notable_ai_models",
    known_at_of=known_at_of,
)

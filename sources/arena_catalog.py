"""github.com/lmarena/arena-catalog: the arena team's own figures behind its posts, with and without style
control, 2025-03-07 to 2025-12-11, to many decimals with 95 % bounds.

No organization, licence, votes, rank or date; a file's name gives the commit's. Style control comes in
eight categories until 2025-05-20. Some categories have other names here than in the official dataset.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Request, Snapshot, Source, conform
from sources.errors import ParseError
from sources.parsing import github
from sources.parsing.arena import CATEGORIES, MAX_STEP, day_in_name, origin
from sources.parsing.columns import json_number, json_object, json_table, midnight, shown

REPOSITORY = "https://github.com/lmarena/arena-catalog"
#: Request → variant, and the file's name in the repository.
FILES = {
    "text": ("raw", "leaderboard-text.json"),
    "text_style_control": ("style_control", "leaderboard-text-style-control.json"),
}
FIGURES = {"score": "rating", "score_low": "rating_q025", "score_high": "rating_q975"}
_NAME = re.compile(r"leaderboard-text(-style-control)?(?:__.*)?\.json$")
_COMMIT = re.compile(r"_([0-9a-f]{7,40})\.json$")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a category and model."""
    where = snapshot.where()
    columns: dict[str, list[Any]] = {name: [] for name in ("category", "model_name", *FIGURES)}
    for category, models in json_object(snapshot).items():
        for model, figures in json_table(models, f"{where}: {shown(category, 40)}").items():
            there = f"{where}: {shown(category, 40)}/{shown(model, 60)}"
            _read(json_table(figures, there), columns, there)
            columns["category"].append(category)
            columns["model_name"].append(model.strip())
    kinds = {name: pl.Float64() if name in FIGURES else pl.String() for name in columns}
    rows = pl.DataFrame(columns, schema=kinds)
    return conform(
        rows.with_columns(
            pl.lit("arena_text").alias("board"),
            pl.lit(FILES[snapshot.request][0]).alias("variant"),
            pl.col("category").replace(CATEGORIES),
        )
    )


def request_of(path: PurePath) -> str | None:
    found = _NAME.search(path.name)
    if not found:
        return None
    return "text_style_control" if found[1] else "text"


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The commit's day, from the file's name."""
    day = day_in_name(path)
    return midnight(day) if day else None


def address_of(path: PurePath) -> str:
    """The file at the commit its name tells."""
    commit, request = _COMMIT.search(path.name), request_of(path)
    return f"{REPOSITORY}/blob/{commit[1]}/data/{FILES[request][1]}" if commit and request else ""


def _read(figures: dict[str, Any], columns: dict[str, list[Any]], where: str) -> None:
    missing = [theirs for theirs in FIGURES.values() if theirs not in figures]
    if missing:
        raise ParseError(
            f"{where}: {shown(', '.join(figures)) or 'nothing'}",
            f"also {', '.join(missing)}",
            "upstream changed its shape: fix the parser",
        )
    for ours, theirs in FIGURES.items():
        columns[ours].append(json_number(figures[theirs], f"{where}/{theirs}"))


SOURCE = Source(
    id="arena_catalog",
    title="Arena catalog",
    origin=origin("Arena catalog", REPOSITORY),
    requests=tuple(
        Request(
            name,
            f"https://raw.githubusercontent.com/lmarena/arena-catalog/HEAD/data/{file}",
            ("text/plain", "application/json"),
        )
        for name, (_, file) in FILES.items()
    ),
    parse=parse,
    row_floor=100,
    max_step=MAX_STEP,
    distance=1,
    raw_patterns=("arena_catalog/leaderboard-text*.json",),
    request_of=request_of,
    known_at_of=known_at_of,
    address_of=address_of,
    revisions=github.by_commit(
        REPOSITORY,
        {name: (f"data/{file}",) for name, (_, file) in FILES.items()},
        ("text/plain", "application/json"),
    ),
)

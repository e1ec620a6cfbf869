"""github.com/Scarlett9826/arena-ai-leaderboards: the official dataset's newest figures as JSON, copied every day since
2026-06-30, unrounded.

A file holds what the dataset's ``latest`` file held that day, with one publish date for all of it, the newest: a
category that was not published anew is repeated under it. Newer text files are larger than some copies of the
repository keep.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Request, Revision, RevisionIndex, Snapshot, Source, conform
from sources.errors import ParseError, excerpt
from sources.parsing.arena import CATEGORIES, ROW_FLOORS, SUBSETS, fetched_at, origin
from sources.parsing.dates import day_in_name, parse_iso_date
from sources.parsing.entries import read_entries, refuse_nested
from sources.parsing.github import Repository
from sources.parsing.json import read_json
from sources.parsing.values import as_float, as_object, as_string, as_whole, require_keys

REPOSITORY = Repository("Scarlett9826/arena-ai-leaderboards")
FOLDER = "data/lmarena"
LATEST = REPOSITORY.raw(f"{FOLDER}/latest.json")
MEDIA_TYPES = ("text/plain", "application/json")
DAYS = REPOSITORY.days_in(FOLDER)
TEXTS = {
    "category": "category",
    "model_name": "model_name",
    "organization_name": "organization",
    "license_name": "license",
}
FIGURES = {
    "score": "rating",
    "score_low": "rating_lower",
    "score_high": "rating_upper",
    "variance": "variance",
}
COUNTS = {"votes": "vote_count", "rank": "rank"}


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model and category. The standard error is the square root of the variance."""
    where = snapshot.where()
    page = read_json(snapshot)
    meta = as_object(page.get("meta"), "meta")
    if meta.get("subset") != snapshot.request:
        raise ParseError(
            f"{where}: subset {excerpt(meta.get('subset'), 40)!r}",
            repr(snapshot.request),
            "look at the bytes",
        )
    board, variant = SUBSETS[snapshot.request]
    listed = page.get("rows")
    if not isinstance(listed, list):
        raise ParseError(f"{where}: keys {excerpt(', '.join(page))}", "a list under rows", "fix the parser")
    for row in listed:
        refuse_nested(row, ("model_name", "rating"), where)
    rows = read_entries(
        snapshot,
        ((row.get("model_name", "") if isinstance(row, dict) else "", row) for row in listed),
        _row,
        series=lambda row: (board, variant, _category(row)),
        score=lambda row: row["rating"],
        rank=lambda row: row["rank"],
    )
    kinds = {**dict.fromkeys(TEXTS, pl.String()), **dict.fromkeys((*FIGURES, *COUNTS), pl.Float64())}
    frame = pl.DataFrame(rows, schema=kinds, orient="row").with_columns(
        pl.col("category").str.to_lowercase().replace(CATEGORIES),
        pl.when(pl.col("variance") >= 0).then(pl.col("variance").sqrt()).alias("standard_error"),
        pl.col("votes").cast(pl.Int64, strict=False),
        pl.col("rank").cast(pl.Int32, strict=False),
    )
    day = parse_iso_date(meta.get("leaderboard_publish_date"), "leaderboard_publish_date")
    return conform(frame, board=board, variant=variant, published_on=day)


def _row(name: object, entry: object) -> list[Any]:
    row = as_object(entry, "row")
    require_keys(row, (*TEXTS.values(), *FIGURES.values(), *COUNTS.values()))
    texts = [as_string(row[theirs], theirs) for theirs in TEXTS.values()]
    figures = [as_float(row[theirs], theirs) for theirs in FIGURES.values()]
    return [*texts, *figures, *(as_whole(row[theirs], theirs) for theirs in COUNTS.values())]


def _category(row: object) -> str:
    found = row.get("category") if isinstance(row, dict) else None
    return str(found or "").casefold()


def request_of(path: PurePath) -> str | None:
    """The subset is what the file's name begins with, up to the day."""
    name = re.split(r"__|\.", path.name)[0]
    return name if name in SUBSETS else None


def requests_of(revision: Revision) -> tuple[Request, ...]:
    """The files in the day's folder, which no later commit changes."""
    day = date.fromisoformat(revision.key)
    return tuple(_request(subset, REPOSITORY.raw(_path(subset, day))) for subset in SUBSETS)


def copied_at(revision: Revision, body: bytes) -> datetime:
    """The time of the copy, else the folder's day."""
    return fetched_at(body) or revision.known_at


def _request(subset: str, address: str) -> Request:
    follow = REPOSITORY.of_newest_day(partial(_path, subset)) if address == LATEST else None
    return Request(subset, address, MEDIA_TYPES, follow=follow, row_floor=ROW_FLOORS.get(subset))


def _path(subset: str, day: date) -> str:
    return f"{FOLDER}/{day}/{subset}.json"


SOURCE = Source(
    id="arena_dataset_mirror",
    title="Arena leaderboard dataset, daily copy as JSON (mirror)",
    origin=origin(
        "Arena leaderboard dataset", REPOSITORY.address, "github.com/Scarlett9826/arena-ai-leaderboards"
    ),
    requests=tuple(_request(subset, LATEST) for subset in SUBSETS),
    parse=parse,
    cadence=timedelta(days=7),
    row_floor=20,
    distance=1,
    raw_patterns=("arena_dataset_mirror/*.json",),
    request_of=request_of,
    known_at_of=lambda path, body: fetched_at(body),
    revisions=RevisionIndex(
        "day",
        r"\d{4}-\d{2}-\d{2}",
        listings=lambda since, until: (DAYS,),
        listings_of=lambda day: (DAYS,),
        requests_of=requests_of,
        key_in_name=lambda path: str(day_in_name(path) or ""),
        known_at_of=copied_at,
    ),
)

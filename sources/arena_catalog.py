"""github.com/lmarena/arena-catalog: the arena team's own figures behind its posts, with and without style
control, 2025-03-07 to 2025-12-11, to many decimals and with 95 % bounds.

No organization, licence, votes, rank or date; a file's name has the commit's date. Five commits were rebased to one
second, 2025-05-27T00:31:13Z; their author's days count, whatever a local file's name says. With style control there are
eight categories until 2025-05-20. Some categories have other names than in the official dataset.
"""

from __future__ import annotations

import re
from datetime import date, datetime
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Request, Snapshot, Source, conform
from sources.contract.names import comparable
from sources.errors import excerpt
from sources.parsing.arena import CATEGORIES, origin
from sources.parsing.dates import known_at_in_name, midnight
from sources.parsing.entries import read_entries, refuse_nested
from sources.parsing.github import Repository, commit_in_name
from sources.parsing.json import read_json
from sources.parsing.values import as_float, as_object, require_keys

REPOSITORY = Repository("lmarena/arena-catalog")
MEDIA_TYPES = ("text/plain", "application/json")
#: Request → variant, and the file's name in the repository.
FILES = {
    "text": ("raw", "leaderboard-text.json"),
    "text_style_control": ("style_control", "leaderboard-text-style-control.json"),
}
#: The author's days of the commits that were rebased, by the beginning of the commit.
AUTHORED = {
    "d95e4ad": date(2025, 5, 7),
    "857735a": date(2025, 5, 13),
    "a310074": date(2025, 5, 20),
    "6dddc5f": date(2025, 5, 21),
    "209556b": date(2025, 5, 24),
}
FIGURES = {"score": "rating", "score_low": "rating_q025", "score_high": "rating_q975"}
_NAME = re.compile(r"leaderboard-text(-style-control)?(?:__.*)?\.json$")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per category and model."""
    where = snapshot.where()
    variant = FILES[snapshot.request][0]
    rows: list[dict[str, Any]] = []
    for printed, models in read_json(snapshot).items():
        category = CATEGORIES.get(comparable(printed), printed)
        listed = as_object(models, excerpt(printed, 40))
        for figures in listed.values():
            refuse_nested(figures, FIGURES.values(), where)
        found = read_entries(
            snapshot,
            listed.items(),
            _scores,
            series=("arena_text", variant, category),
            score=lambda figures: figures["rating"],
        )
        rows += [{"category": category, **row} for row in found]
    return conform(rows, board="arena_text", variant=variant)


def _scores(model: str, figures: object) -> dict[str, Any]:
    printed = as_object(figures, "figures")
    require_keys(printed, FIGURES.values())
    return {
        "model_name": model.strip(),
        **{ours: as_float(printed[theirs], theirs) for ours, theirs in FIGURES.items()},
    }


def request_of(path: PurePath) -> str | None:
    """The request that a local file answers; None when its name does not say."""
    found = _NAME.search(path.name)
    if not found:
        return None
    return "text_style_control" if found[1] else "text"


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day of the commit in the file's name, else the day in it."""
    authored = AUTHORED.get(commit_in_name(path)[:7])
    return midnight(authored) if authored else known_at_in_name(path, body)


def address_of(path: PurePath) -> str:
    """The page of the file at the commit in its name."""
    request = request_of(path)
    return REPOSITORY.address_of(path, f"data/{FILES[request][1]}") if request else ""


SOURCE = Source(
    id="arena_catalog",
    title="Arena catalog",
    origin=origin("Arena catalog", REPOSITORY.address),
    requests=tuple(
        Request(name, REPOSITORY.raw(f"data/{file}"), MEDIA_TYPES) for name, (_, file) in FILES.items()
    ),
    parse=parse,
    row_floor=100,
    distance=1,
    raw_patterns=("arena_catalog/leaderboard-text*.json",),
    request_of=request_of,
    known_at_of=known_at_of,
    address_of=address_of,
    revisions=REPOSITORY.revisions(
        {name: (f"data/{file}",) for name, (_, file) in FILES.items()}, MEDIA_TYPES
    ),
)

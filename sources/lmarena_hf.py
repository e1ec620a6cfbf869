"""The arena's official dataset: Parquet, one folder a subset, ``latest`` and ``full`` in each.

``full`` holds every publish date and is rewritten whole; ``latest`` the newest date of each category.
History holds only models still registered, so the US top is too low in places: the mirrors have the rest.
Keys given twice (unlabelled sub-categories of `search`, a model run in two harnesses) are kept as they
come. Ranks are plain ordinals, not the site's "Rank (UB)".
"""

from __future__ import annotations

import io
import json
import re
from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath

import polars as pl

from sources.contract import (
    Fingerprint,
    Request,
    Revision,
    RevisionIndex,
    RevisionListing,
    Snapshot,
    Source,
    conform,
)
from sources.errors import ParseError
from sources.parsing.arena import CATEGORIES, DATASET, MAX_STEP, origin
from sources.parsing.columns import (
    counts,
    days,
    labels,
    midnight,
    numbers,
    parquet_frame,
    picked,
    shown,
    texts,
)

#: Subset → board and variant. `webdev` exists in one form only; the others with and without style control.
SUBSETS = {
    "text": ("arena_text", "raw"),
    "text_style_control": ("arena_text", "style_control"),
    "vision": ("arena_vision", "raw"),
    "vision_style_control": ("arena_vision", "style_control"),
    "webdev": ("arena_webdev", "default"),
    "search": ("arena_search", "raw"),
    "search_style_control": ("arena_search", "style_control"),
    "document": ("arena_document", "raw"),
    "document_style_control": ("arena_document", "style_control"),
}
FULL = "_full"
API = DATASET.replace("/datasets/", "/api/datasets/")
COMMIT = r"[0-9a-f]{40}"
MEDIA_TYPES = (
    "application/octet-stream",
    "binary/octet-stream",
    "application/vnd.apache.parquet",
    "application/x-parquet",
)
COLUMNS = {
    "model_name": ("model_name",),
    "organization_name": ("organization",),
    "license_name": ("license",),
    "score": ("rating",),
    "score_low": ("rating_lower",),
    "score_high": ("rating_upper",),
    "variance": ("variance",),
    "votes": ("vote_count",),
    "rank": ("rank",),
    "category": ("category",),
    "published_on": ("leaderboard_publish_date",),
}


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model, category and publish date. The standard error is the root of the variance."""
    where = snapshot.where()
    rows = picked(parquet_frame(snapshot), COLUMNS, where)
    rows = labels(rows, ["model_name", "category"], where)
    rows = texts(rows, ["organization_name", "license_name"], where)
    rows = numbers(rows, ["score", "score_low", "score_high", "variance"], where)
    rows = counts(rows, ["votes"], where)
    rows = counts(rows, ["rank"], where, pl.Int32())
    rows = days(rows, "published_on", "%Y-%m-%d", where)
    board, variant = SUBSETS[snapshot.request.removesuffix(FULL)]
    return conform(
        rows.with_columns(
            pl.lit(board).alias("board"),
            pl.lit(variant).alias("variant"),
            pl.col("category").replace(CATEGORIES),
            pl.when(pl.col("variance") >= 0).then(pl.col("variance").sqrt()).alias("standard_error"),
        )
    )


def request_of(path: PurePath) -> str | None:
    """The subset is the folder's name; a file called ``full…`` is its whole history."""
    if path.parent.name not in SUBSETS:
        return None
    return path.parent.name + (FULL if path.name.startswith("full") else "")


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The newest publish date in the file, which is the earliest that anyone can have had it."""
    try:
        dates = pl.read_parquet(io.BytesIO(body), columns=["leaderboard_publish_date"]).to_series()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        return None
    newest = dates.cast(pl.String).str.to_date("%Y-%m-%d", strict=False).max()
    return midnight(newest) if isinstance(newest, date) else None


def fingerprint_of(path: str) -> Callable[[bytes], str | None]:
    """Reads the sha256 of the file at ``path`` out of a listing of its folder."""

    def told(listing: bytes) -> str | None:
        try:
            entries = json.loads(listing)
        except (ValueError, RecursionError):
            return None
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and entry.get("path") == path:
                pointer = entry.get("lfs")
                found = pointer.get("oid") if isinstance(pointer, dict) else None
                return found.removeprefix("sha256:") if isinstance(found, str) else None
        return None

    return told


def commits(page: bytes) -> list[Revision]:
    """The dataset's commits on one page of the Hub's list. Raises `ParseError` when it is no such page."""
    try:
        found = {str(entry["id"]): datetime.fromisoformat(entry["date"]) for entry in json.loads(page)}
    except (ValueError, TypeError, KeyError, RecursionError):
        found = {}
    if not found or not all(re.fullmatch(COMMIT, sha) and moment.tzinfo for sha, moment in found.items()):
        raise ParseError(
            f"lmarena_hf: {shown(page[:80])}", "a JSON list of commits", "the index may have moved"
        )
    return [Revision(sha, moment.astimezone(UTC)) for sha, moment in found.items()]


def requests_at(revision: str) -> tuple[Request, ...]:
    """Every file of the dataset at a branch or commit. A commit changes few of them, as the fingerprints tell."""
    live = f"{DATASET}/resolve/{revision}"
    listing = f"{API}/tree/{revision}"
    found = []
    for subset in SUBSETS:
        for suffix, split in (("", "latest"), (FULL, "full")):
            path = f"{subset}/{split}-00000-of-00001.parquet"
            fingerprint = Fingerprint(f"{listing}/{subset}", fingerprint_of(path))
            found.append(Request(subset + suffix, f"{live}/{path}", MEDIA_TYPES, fingerprint=fingerprint))
    return tuple(found)


SOURCE = Source(
    id="lmarena_hf",
    title="Arena leaderboard dataset (official)",
    origin=origin("Arena leaderboard dataset", DATASET),
    requests=requests_at("main"),
    parse=parse,
    # Rewritten about daily, but a new publish date comes two to four times a fortnight.
    cadence=timedelta(days=7),
    row_floor=20,
    max_step=MAX_STEP,
    distance=0,
    raw_patterns=tuple(f"lmarena_hf/{subset}/*.parquet" for subset in SUBSETS),
    request_of=request_of,
    known_at_of=known_at_of,
    revisions=RevisionIndex(
        "commit",
        COMMIT,
        listings=lambda since, until: (RevisionListing(f"{API}/commits/main?limit=100", commits),),
        listings_of=lambda commit: (RevisionListing(f"{API}/commits/{commit}?limit=1", commits),),
        requests_of=lambda key: requests_at(key.key),
    ),
)

"""The arena's official dataset on Hugging Face: Parquet, one folder per subset, with the files ``latest`` and
``full``.

``latest`` has the newest date of each category. ``full`` has every publish date and is rewritten each time: only
with the models still registered, so the best US score is too low for some dates (the mirrors have the others).
Repeated keys (unlabelled sub-categories of `search`, a model run in two harnesses) are kept. Ranks are ordinals, not
the site's "Rank (UB)".
"""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
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
)
from sources.errors import ParseError, excerpt
from sources.parsing.arena import CATEGORIES, DATASET, ROW_FLOORS, SUBSETS, origin
from sources.parsing.frames import newest_date, read_parquet
from sources.parsing.github import COMMIT
from sources.parsing.json import read_page

FULL = "_full"
API = DATASET.replace("/datasets/", "/api/datasets/")
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
    """One row per model, category and publish date. The standard error is the square root of the variance."""
    rows = read_parquet(snapshot).select(COLUMNS)
    rows.parse_names("model_name", "category")
    rows.parse_strings("organization_name", "license_name")
    rows.parse_floats("score", "score_low", "score_high", "variance")
    rows.parse_ints("votes", "rank")
    rows.parse_dates("published_on", "%Y-%m-%d")
    board, variant = SUBSETS[snapshot.request.removesuffix(FULL)]
    rows.refuse("variance", rows.frame["variance"] < 0, "0 or more")
    rows.frame = rows.frame.with_columns(
        pl.col("category").str.to_lowercase().replace(CATEGORIES),
        pl.when(pl.col("variance") >= 0).then(pl.col("variance").sqrt()).alias("standard_error"),
    )
    return rows.conform(board=board, variant=variant)


def request_of(path: PurePath) -> str | None:
    """The subset is the folder's name; a file named ``full…`` is its history."""
    if path.parent.name not in SUBSETS:
        return None
    return path.parent.name + (FULL if path.name.startswith("full") else "")


def fingerprint_of(path: str) -> Callable[[bytes], str | None]:
    """A function that finds the SHA-256 of the file ``path`` in a listing of its folder; None when it is not there."""

    def sha256_in(listing: bytes) -> str | None:
        try:
            entries = read_page(listing)
        except ValueError:
            return None
        for entry in entries if isinstance(entries, list) else []:
            if isinstance(entry, dict) and entry.get("path") == path:
                pointer = entry.get("lfs")
                found = pointer.get("oid") if isinstance(pointer, dict) else None
                return found.removeprefix("sha256:") if isinstance(found, str) else None
        return None

    return sha256_in


def commits(page: bytes) -> list[Revision]:
    """The commits on one page of the Hub's list. Raises `ParseError` when it is no such page."""
    try:
        found = {str(entry["id"]): datetime.fromisoformat(entry["date"]) for entry in read_page(page)}
    except (ValueError, TypeError, KeyError):
        found = {}
    if not found or not all(re.fullmatch(COMMIT, sha) and moment.tzinfo for sha, moment in found.items()):
        raise ParseError(
            f"lmarena_hf: {excerpt(page[:80])}", "a JSON list of commits", "the index may have moved"
        )
    return [Revision(sha, moment.astimezone(UTC)) for sha, moment in found.items()]


def requests_at(revision: str) -> tuple[Request, ...]:
    """Every file of the dataset at a branch or commit. Fingerprints tell which of them a commit changed."""
    live = f"{DATASET}/resolve/{revision}"
    listing = f"{API}/tree/{revision}"
    found = []
    for subset in SUBSETS:
        for suffix, split in (("", "latest"), (FULL, "full")):
            path = f"{subset}/{split}-00000-of-00001.parquet"
            fingerprint = Fingerprint(f"{listing}/{subset}", fingerprint_of(path))
            found.append(
                Request(
                    subset + suffix,
                    f"{live}/{path}",
                    MEDIA_TYPES,
                    fingerprint=fingerprint,
                    row_floor=ROW_FLOORS.get(subset),
                )
            )
    return tuple(found)


SOURCE = Source(
    id="lmarena_hf",
    title="Arena leaderboard dataset (official)",
    origin=origin("Arena leaderboard dataset", DATASET),
    requests=requests_at("main"),
    parse=parse,
    in_pieces=True,
    # Rewritten almost daily; new publish dates come two to four times in two weeks.
    cadence=timedelta(days=7),
    row_floor=20,
    distance=0,
    raw_patterns=tuple(f"lmarena_hf/{subset}/*.parquet" for subset in SUBSETS),
    request_of=request_of,
    # The newest publish date in the file is the earliest day that anyone can have had it.
    known_at_of=lambda path, body: newest_date(body, "leaderboard_publish_date", "%Y-%m-%d"),
    revisions=RevisionIndex(
        "commit",
        COMMIT,
        listings=lambda since, until: (RevisionListing(f"{API}/commits/main?limit=100", commits),),
        listings_of=lambda commit: (RevisionListing(f"{API}/commits/{commit}?limit=1", commits),),
        requests_of=lambda key: requests_at(key.key),
    ),
)

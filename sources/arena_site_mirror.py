"""github.com/aabao325/arena-ai-leaderboards: a daily scrape of today's site as JSON, with style control, in whole
points, 2026-03-19 to 2026-07-31.

Until 2026-07-15 the listing is cut to between 10 and 71 rows, so a short one is no sign of damage. The time of the
scrape changes daily; the publish date does not, and is often missing. The mirror has a folder per day and no address
for the newest, so its files are ingested, or fetched by day.
"""

from __future__ import annotations

from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Precision, Request, Revision, RevisionIndex, Snapshot, Source, conform
from sources.errors import BadCell, ParseError, excerpt
from sources.parsing.arena import origin
from sources.parsing.dates import day_in_name, parse_english_date
from sources.parsing.entries import read_entries, refuse_nested
from sources.parsing.github import Repository
from sources.parsing.json import read_json, read_page
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_keys

REPOSITORY = Repository("aabao325/arena-ai-leaderboards")
MEDIA_TYPES = ("text/plain", "application/json")
DAYS = REPOSITORY.days_in("data")
NAMES = {"model_name": "model", "organization_name": "vendor", "license_name": "license"}
FIGURES = ("score", "votes", "rank")
#: What else of a row goes to ``extra``; prices are in US$ per million tokens.
EXTRA = ("rank_spread", "preliminary", "price_prompt", "price_completion", "context_length")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model, dated by the site's own "last updated" where the scrape has it."""
    where = snapshot.where()
    page = read_json(snapshot)
    meta = as_object(page.get("meta"), "meta")
    if meta.get("leaderboard") != "text":
        board = excerpt(meta.get("leaderboard"), 40)
        raise ParseError(f"{where}: leaderboard {board!r}", "'text'", "look at the bytes")
    models = page.get("models")
    if not isinstance(models, list):
        raise ParseError(f"{where}: keys {excerpt(', '.join(page))}", "a list under models", "fix the parser")
    for model in models:
        refuse_nested(model, ("model", "score"), where)
    rows = read_entries(
        snapshot,
        ((model.get("model", "") if isinstance(model, dict) else "", model) for model in models),
        _row,
        series=("arena_text", "style_control", "overall"),
        score=lambda model: model["score"],
        rank=lambda model: model["rank"],
    )
    kinds = {**dict.fromkeys(NAMES, pl.String()), **dict.fromkeys((*FIGURES, "below", "above"), pl.Float64())}
    frame = pl.DataFrame(rows, schema={**kinds, "extra": pl.String()}, orient="row")
    frame = frame.with_columns(
        (pl.col("score") - pl.col("below")).alias("score_low"),
        (pl.col("score") + pl.col("above")).alias("score_high"),
        pl.col("votes").cast(pl.Int64, strict=False),
        pl.col("rank").cast(pl.Int32, strict=False),
    )
    day = _published_on(meta.get("last_updated"))
    return conform(frame, board="arena_text", variant="style_control", category="overall", published_on=day)


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The time of the scrape. The day in a file's name may be later: the mirror repeats old scrapes."""
    try:
        moment = datetime.fromisoformat(read_page(body)["meta"]["fetched_at"])
    except (ValueError, TypeError, KeyError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def requests_of(revision: Revision) -> tuple[Request, ...]:
    """The file in the day's folder, which no later commit changes."""
    return (Request("text", REPOSITORY.raw(f"data/{revision.key}/text.json"), MEDIA_TYPES),)


def scraped_at(revision: Revision, body: bytes) -> datetime:
    """The time of the scrape, else the folder's day."""
    return known_at_of(PurePath(), body) or revision.known_at


def _row(name: object, entry: object) -> list[Any]:
    model = as_object(entry, "model")
    require_keys(model, ("model", "score"))
    names = [as_string(model.get(theirs), theirs) for theirs in NAMES.values()]
    figures = [as_float(model.get(figure), figure) for figure in FIGURES]
    same = as_float(model.get("ci"), "ci")
    sides = [as_float(model.get(side, same), side) for side in ("ci_low", "ci_high")]
    extra = {name: model[name] for name in EXTRA if model.get(name) is not None}
    return [*names, *figures, *sides, dump_extra(extra)]


def _published_on(printed: object) -> date | None:
    text = as_string(printed, "last_updated")
    if text is None:
        return None
    try:
        return parse_english_date(text)
    except ValueError:
        raise BadCell("last_updated", repr(excerpt(text, 40)), "a day as in Mar 18, 2026") from None


SOURCE = Source(
    id="arena_site_mirror",
    title="Arena site, daily scrape (mirror)",
    origin=origin("Arena text leaderboard", REPOSITORY.address, "github.com/aabao325/arena-ai-leaderboards"),
    requests=(Request("text"),),
    parse=parse,
    row_floor=10,
    may_shrink=True,
    # On 2026-07-14 the leader has another score under the date of the four days before.
    stamp_can_lag=True,
    precision=Precision.ROUNDED,
    distance=4,
    raw_patterns=("arena_site/text-*.json",),
    known_at_of=known_at_of,
    revisions=RevisionIndex(
        "day",
        r"\d{4}-\d{2}-\d{2}",
        listings=lambda since, until: (DAYS,),
        listings_of=lambda day: (DAYS,),
        requests_of=requests_of,
        key_in_name=lambda path: str(day_in_name(path) or ""),
        known_at_of=scraped_at,
    ),
)

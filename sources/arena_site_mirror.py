"""github.com/aabao325/arena-ai-leaderboards: a daily scrape of today's site as JSON, all its boards, in whole points,
since 2026-03-19.

Until 2026-07-15 the listings of text, vision and code are cut to between 10 and 76 rows, so a short one is no sign of
damage. The time of the scrape changes daily; the publish date does not, and is often missing. The mirror has a folder
per day and a file that names the newest. `agent` is not read: it has six signals for each model and no score.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from functools import partial
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Precision, Request, Revision, RevisionIndex, Snapshot, Source, conform
from sources.errors import BadCell, ParseError, excerpt
from sources.parsing.arena import fetched_at, origin
from sources.parsing.dates import day_in_name, parse_english_date
from sources.parsing.entries import read_entries, refuse_nested
from sources.parsing.github import Repository
from sources.parsing.json import read_json
from sources.parsing.values import as_float, as_object, as_string, dump_extra, require_keys

REPOSITORY = Repository("aabao325/arena-ai-leaderboards")
MEDIA_TYPES = ("text/plain", "application/json")
DAYS = REPOSITORY.days_in("data")
LATEST = REPOSITORY.raw("data/latest.json")
#: The site's board → board, variant and category. The site shows text and vision with style control, search and
#: documents without: its whole points are those of these subsets of the official dataset, on every day that both have.
BOARDS = {
    "text": ("arena_text", "style_control", "overall"),
    "vision": ("arena_vision", "style_control", "overall"),
    "search": ("arena_search", "raw", "overall"),
    "document": ("arena_document", "raw", "overall"),
    "code-webdev": ("arena_webdev", "default", "overall"),
    "code-image-to-webdev": ("arena_webdev", "default", "image_to_webdev"),
    "text-to-image": ("arena_text_to_image", "default", "overall"),
    "image-edit": ("arena_image_edit", "default", "overall"),
    "text-to-video": ("arena_text_to_video", "default", "overall"),
    "image-to-video": ("arena_image_to_video", "default", "overall"),
    "video-edit": ("arena_video_edit", "default", "overall"),
}
#: A board's earlier name, and the last day of a file of that name alone.
RENAMED = {"code-webdev": ("code", date(2026, 7, 15))}
#: Boards that began with so few models that the floor of the others would refuse them.
ROW_FLOORS = {"video-edit": 4}
#: Boards of the site that are none of ours, and why.
NOT_READ = {"agent": "six signals for each model and no score, so it is no board of one number"}
NAMES = {"model_name": "model", "organization_name": "vendor", "license_name": "license"}
FIGURES = ("score", "votes", "rank")
#: What else of a row goes to ``extra``; prices are in US$ per million tokens.
EXTRA = ("rank_spread", "preliminary", "price_prompt", "price_completion", "context_length")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model, dated by the site's own "last updated" where the scrape has it."""
    where = snapshot.where()
    page = read_json(snapshot)
    meta = as_object(page.get("meta"), "meta")
    named = str(meta.get("leaderboard"))
    if named in NOT_READ:
        raise ParseError(f"{where}: leaderboard {named!r}", "a board of scores", NOT_READ[named])
    if _present_name(named) != snapshot.request:
        raise ParseError(
            f"{where}: leaderboard {excerpt(named, 40)!r}", repr(snapshot.request), "look at the bytes"
        )
    board, variant, category = BOARDS[snapshot.request]
    models = page.get("models")
    if not isinstance(models, list):
        raise ParseError(f"{where}: keys {excerpt(', '.join(page))}", "a list under models", "fix the parser")
    for model in models:
        refuse_nested(model, ("model", "score"), where)
    rows = read_entries(
        snapshot,
        ((model.get("model", "") if isinstance(model, dict) else "", model) for model in models),
        _row,
        series=(board, variant, category),
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
    return conform(frame, board=board, variant=variant, category=category, published_on=day)


def requests_of(revision: Revision) -> tuple[Request, ...]:
    """The files in the day's folder, which no later commit changes."""
    day = date.fromisoformat(revision.key)
    return tuple(_request(board, REPOSITORY.raw(_path(board, day))) for board in BOARDS)


def request_of(path: PurePath) -> str | None:
    """The board is what the file's name begins with, up to the day."""
    found = re.match(r"([a-z-]+?)(?:[-_]+\d|\.)", path.name)
    name = _present_name(found[1]) if found else ""
    return name if name in BOARDS else None


def address_of(path: PurePath) -> str:
    """The page of the file in its day's folder; empty when the name of the local copy has no day."""
    board, day = request_of(path), day_in_name(path)
    return f"{REPOSITORY.address}/blob/HEAD/{_path(board, day)}" if board and day else ""


def _request(board: str, address: str) -> Request:
    follow = REPOSITORY.of_newest_day(partial(_path, board)) if address == LATEST else None
    return Request(board, address, MEDIA_TYPES, follow=follow, row_floor=ROW_FLOORS.get(board))


def _path(board: str, day: date) -> str:
    old, until = RENAMED.get(board, ("", date.min))
    return f"data/{day}/{old if day <= until else board}.json"


def _present_name(board: str) -> str:
    return next((new for new, (old, _) in RENAMED.items() if old == board), board)


def scraped_at(revision: Revision, body: bytes) -> datetime:
    """The time of the scrape, else the folder's day: the mirror repeats old scrapes."""
    return fetched_at(body) or revision.known_at


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
    origin=origin("Arena leaderboards", REPOSITORY.address, "github.com/aabao325/arena-ai-leaderboards"),
    requests=tuple(_request(board, LATEST) for board in BOARDS),
    parse=parse,
    # A scrape a day; the boards themselves change every week or two.
    cadence=timedelta(days=7),
    row_floor=10,
    may_shrink=True,
    # 71 and 74 rows of vision are cut too: the official list of 2026-06-25 has 131. So are 49 and 50 of the web board,
    # which had 76 on 2026-05-12 and officially 90 on 2026-06-21. Its 66 rows of 2026-06-06 are not cut but lack models
    # in the middle: that listing is told by its neighbours, which must find it whole.
    cut={
        "arena_text": ((date(2026, 3, 19), date(2026, 7, 15)),),
        "arena_vision": ((date(2026, 3, 19), date(2026, 7, 15)),),
        "arena_webdev": ((date(2026, 5, 15), date(2026, 6, 5)), (date(2026, 6, 7), date(2026, 7, 15))),
    },
    not_read=NOT_READ,
    # On 2026-07-14 the leader has another score under the date of the four days before.
    stamp_can_lag=True,
    precision=Precision.ROUNDED,
    distance=4,
    raw_patterns=(
        "arena_site/text-*.json",
        *(f"arena_site_boards/{name}__*.json" for name in (*BOARDS, "code")),
    ),
    request_of=request_of,
    address_of=address_of,
    known_at_of=lambda path, body: fetched_at(body),
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

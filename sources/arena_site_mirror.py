"""github.com/aabao325/arena-ai-leaderboards: a daily scrape of today's site as JSON, style control on,
whole points, 2026-03-19 to 2026-07-31.

Cut to between 10 and 71 rows until 2026-07-15, so a short listing is no sign of damage. The stamp of the
scrape moves daily; the publish date does not, and is often missing. The mirror keeps a folder a day and no
address for the newest, so its files are ingested, or fetched by day.
"""

from __future__ import annotations

import json
import re
from datetime import UTC, date, datetime
from pathlib import PurePath
from typing import Any

import polars as pl

from sources.contract import Precision, Request, Revision, RevisionIndex, Snapshot, Source, conform
from sources.errors import ParseError
from sources.parsing import github
from sources.parsing.arena import MAX_STEP, day_in_name, origin
from sources.parsing.columns import json_number, json_object, json_table, json_text, shown

NAME = "aabao325/arena-ai-leaderboards"
REPOSITORY = f"{github.SITE}{NAME}"
MEDIA_TYPES = ("text/plain", "application/json")
DAYS = github.folder(NAME, "data", r"(\d{4}-\d{2}-\d{2})")
NAMES = {"model_name": "model", "organization_name": "vendor", "license_name": "license"}
FIGURES = ("score", "votes", "rank")
#: What else a row says that may be wanted later: prices are in US$ per million tokens.
BESIDE = ("rank_spread", "preliminary", "price_prompt", "price_completion", "context_length")
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_PRINTED_DAY = re.compile(r"([A-Za-z]{3})[a-z]*\.? (\d{1,2}), (\d{4})")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model, dated by the site's own "last updated" where the scrape caught it."""
    where = snapshot.where()
    page = json_object(snapshot)
    meta = json_table(page.get("meta"), f"{where}: meta")
    if meta.get("leaderboard") != "text":
        board = shown(meta.get("leaderboard"), 40)
        raise ParseError(f"{where}: leaderboard {board!r}", "'text'", "look at the bytes")
    models = page.get("models")
    if not isinstance(models, list):
        raise ParseError(f"{where}: keys {shown(', '.join(page))}", "a list under models", "fix the parser")
    rows = [_row(json_table(model, f"{where}: model"), where) for model in models]
    kinds = {**dict.fromkeys(NAMES, pl.String()), **dict.fromkeys((*FIGURES, "below", "above"), pl.Float64())}
    frame = pl.DataFrame(rows, schema={**kinds, "extra": pl.String()}, orient="row")
    return conform(
        frame.with_columns(
            pl.lit("arena_text").alias("board"),
            pl.lit("style_control").alias("variant"),
            pl.lit("overall").alias("category"),
            pl.lit(_published_on(meta.get("last_updated"), where), pl.Date()).alias("published_on"),
            (pl.col("score") - pl.col("below")).alias("score_low"),
            (pl.col("score") + pl.col("above")).alias("score_high"),
            pl.col("votes").cast(pl.Int64, strict=False),
            pl.col("rank").cast(pl.Int32, strict=False),
        )
    )


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The moment of the scrape. A file's name may be days later: the mirror repeats what it has."""
    try:
        moment = datetime.fromisoformat(json.loads(body)["meta"]["fetched_at"])
    except (ValueError, TypeError, KeyError, RecursionError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


def requests_of(key: Revision) -> tuple[Request, ...]:
    """The file in the day's folder, which stays as it was written."""
    return (Request("text", github.raw(NAME, "HEAD", f"data/{key.key}/text.json"), MEDIA_TYPES),)


def scraped_at(key: Revision, body: bytes) -> datetime:
    """The moment of the scrape, else the folder's day."""
    return known_at_of(PurePath(), body) or key.known_at


def _row(model: dict[str, Any], where: str) -> list[Any]:
    missing = [name for name in ("model", "score") if name not in model]
    if missing:
        found = shown(", ".join(model))
        raise ParseError(f"{where}: keys {found}", f"also {', '.join(missing)}", "fix the parser")
    names = [json_text(model.get(theirs), f"{where}: {theirs}") for theirs in NAMES.values()]
    there = f"{where}: {shown(names[0], 60)}"
    figures = [json_number(model.get(name), f"{there}: {name}") for name in FIGURES]
    same = json_number(model.get("ci"), f"{there}: ci")
    sides = [json_number(model.get(name, same), f"{there}: {name}") for name in ("ci_low", "ci_high")]
    beside = {name: model[name] for name in BESIDE if model.get(name) is not None}
    extra = json.dumps(beside, ensure_ascii=False, sort_keys=True) if beside else None
    return [*names, *figures, *sides, extra]


def _published_on(printed: object, where: str) -> date | None:
    text = json_text(printed, f"{where}: last_updated")
    if text is None:
        return None
    found = _PRINTED_DAY.fullmatch(text)
    try:
        # Names of months are English whatever the machine's language is, so not strptime's %b.
        if found:
            return date(int(found[3]), MONTHS.index(found[1].casefold()) + 1, int(found[2]))
    except ValueError:
        pass
    raise ParseError(
        f"{where}: last_updated {shown(text, 40)!r}", "a day as in Mar 18, 2026", "fix the parser"
    )


SOURCE = Source(
    id="arena_site_mirror",
    title="Arena site, daily scrape (mirror)",
    origin=origin("Arena text leaderboard", REPOSITORY, "github.com/aabao325/arena-ai-leaderboards"),
    requests=(Request("text"),),
    parse=parse,
    row_floor=10,
    max_step=MAX_STEP,
    may_shrink=True,
    # 2026-07-14: another score of the leader under the stamp of the four days before.
    stamp_can_lag=True,
    precision=Precision.ROUNDED,
    distance=4,
    raw_patterns=("arena_site/text-*.json",),
    request_of=lambda path: "text",
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

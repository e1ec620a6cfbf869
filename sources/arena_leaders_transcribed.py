"""Top rows of single publish dates of the official dataset, copied by hand from public copies of it: for
months of which nothing whole is left. Leaders are good; how many models there were is not known.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import PurePath

import polars as pl

from sources.contract import Coverage, Request, Snapshot, Source, conform
from sources.parsing.arena import DATASET, origin
from sources.parsing.columns import counts, csv_frame, days, labels, midnight, numbers, picked, texts

#: Request → variant.
VARIANTS = {"text": "raw", "text_style_control": "style_control"}
COLUMNS = {
    "published_on": ("date",),
    "model_name": ("model",),
    "organization_name": ("organization",),
    "license_name": ("license",),
    "score": ("rating",),
    "score_low": ("rating_lower",),
    "score_high": ("rating_upper",),
    "votes": ("votes",),
    "rank": ("rank",),
    "via": ("via",),
}
#: The copies differ in how much of a row they kept.
OPTIONAL = ("license_name", "score_low", "score_high", "votes", "rank")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model and publish date; where the row was copied from is in ``extra``."""
    where = snapshot.where()
    rows = picked(csv_frame(snapshot), COLUMNS, where, OPTIONAL)
    rows = labels(rows, ["model_name"], where)
    rows = texts(rows, ["organization_name", "license_name", "via"], where)
    rows = numbers(rows, ["score", "score_low", "score_high"], where)
    rows = counts(rows, ["votes"], where)
    rows = counts(rows, ["rank"], where, pl.Int32())
    rows = days(rows, "published_on", "%Y-%m-%d", where)
    return conform(
        rows.with_columns(
            pl.lit("arena_text").alias("board"),
            pl.lit(VARIANTS[snapshot.request]).alias("variant"),
            pl.lit("overall").alias("category"),
            pl.struct("via").struct.json_encode().alias("extra"),
        )
    )


def request_of(path: PurePath) -> str | None:
    if not path.name.startswith("arena_text_"):
        return None
    return "text_style_control" if "style_control" in path.name else "text"


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The newest publish date in the file."""
    try:
        dates = pl.read_csv(body, columns=["date"], infer_schema=False).to_series()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    newest = dates.str.to_date("%Y-%m-%d", strict=False).max()
    return midnight(newest) if isinstance(newest, date) else None


SOURCE = Source(
    id="arena_leaders_transcribed",
    title="Arena leaders, copied by hand",
    origin=origin(
        "Arena leaderboard dataset, top rows of single dates",
        DATASET,
        "github.com/arielshakaramiro/llm-leaderboard-tracker and github.com/ukitako1030/EVAL, copied by hand",
    ),
    requests=tuple(Request(name) for name in VARIANTS),
    parse=parse,
    coverage=Coverage.LEADERS,
    distance=6,
    raw_patterns=("hand_transcribed/arena_text_*.csv",),
    request_of=request_of,
    known_at_of=known_at_of,
)

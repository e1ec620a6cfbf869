"""github.com/jasontrigg0/chatbot-arena-history: the text board without style control, overall, taken out
of the old site's own result files, 2023-05-08 to 2025-03-26.

Has the models the official history dropped, to many decimals, without bounds or votes. Another anchor
before 2024-03-27 (everything jumps by about 83 points that day). Some rows come twice.
"""

from __future__ import annotations

from datetime import date, datetime
from pathlib import PurePath

import polars as pl

from sources.contract import Request, Snapshot, Source, conform
from sources.parsing import github
from sources.parsing.arena import MAX_STEP, origin
from sources.parsing.columns import csv_frame, days, labels, midnight, numbers, picked, texts

REPOSITORY = "https://github.com/jasontrigg0/chatbot-arena-history"
COLUMNS = {
    "model_name": ("key",),
    "display_name": ("Model",),
    "score": ("rating",),
    "license_name": ("License",),
    "organization_name": ("Organization",),
    "published_on": ("date",),
}


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model and date, named by the arena's own key; the name the site displayed is in ``extra``."""
    where = snapshot.where()
    rows = picked(csv_frame(snapshot), COLUMNS, where)
    rows = labels(rows, ["model_name", "display_name"], where)
    rows = texts(rows, ["organization_name", "license_name"], where)
    rows = numbers(rows, ["score"], where)
    rows = days(rows, "published_on", "%Y%m%d", where)
    return conform(
        rows.with_columns(
            pl.lit("arena_text").alias("board"),
            pl.lit("raw").alias("variant"),
            pl.lit("overall").alias("category"),
            pl.struct("display_name").struct.json_encode().alias("extra"),
        )
    )


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The newest date in the file."""
    try:
        dates = pl.read_csv(body, columns=["date"], infer_schema=False).to_series()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException):
        return None
    newest = dates.str.to_date("%Y%m%d", strict=False).max()
    return midnight(newest) if isinstance(newest, date) else None


SOURCE = Source(
    id="chatbot_arena_history",
    title="Chatbot Arena history (mirror)",
    origin=origin(
        "Chatbot Arena ratings over time", REPOSITORY, "github.com/jasontrigg0/chatbot-arena-history"
    ),
    requests=(
        Request(
            "alltime",
            "https://raw.githubusercontent.com/jasontrigg0/chatbot-arena-history/HEAD/alltime.csv",
            ("text/plain", "text/csv"),
        ),
    ),
    parse=parse,
    row_floor=100,
    max_step=MAX_STEP,
    distance=3,
    raw_patterns=("chatbot_arena_history/alltime*.csv",),
    request_of=lambda path: "alltime",
    known_at_of=known_at_of,
    revisions=github.by_commit(REPOSITORY, {"alltime": ("alltime.csv",)}, ("text/plain", "text/csv")),
)

"""github.com/fboulnois/llm-leaderboard-csv: the old site's text table as CSV, one commit a change,
2024-06-19 to 2025-08-06. Without style control, whole points, the interval as ``+5/-5``.

Prints no date: a file's name gives the commit's, a day or two after publication.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePath

import polars as pl

from sources.contract import Precision, Request, Snapshot, Source, conform
from sources.parsing import github
from sources.parsing.arena import MAX_STEP, day_in_name, origin, with_intervals
from sources.parsing.columns import counts, csv_frame, labels, midnight, picked, texts

REPOSITORY = "https://github.com/fboulnois/llm-leaderboard-csv"
COLUMNS = {
    "rank": ("rank",),
    "rank_style_control": ("rank_stylectrl",),
    "model_name": ("model",),
    "score": ("arena_score", "arena_elo"),
    "interval": ("95_pct_ci",),
    "votes": ("votes",),
    "organization_name": ("organization",),
    "license_name": ("license",),
    "knowledge_cutoff": ("knowledge_cutoff",),
}
OPTIONAL = ("rank_style_control", "knowledge_cutoff")
_COMMIT = re.compile(r"_([0-9a-f]{7,40})\.csv$")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model. What the table says beside the score is in ``extra``."""
    where = snapshot.where()
    rows = picked(csv_frame(snapshot), COLUMNS, where, OPTIONAL)
    rows = labels(rows, ["model_name"], where)
    rows = texts(rows, ["organization_name", "license_name", "knowledge_cutoff"], where)
    rows = counts(rows, ["votes", "rank_style_control"], where)
    rows = counts(rows, ["rank"], where, pl.Int32())
    rows = with_intervals(rows, where)
    beside = [name for name in OPTIONAL if name in rows.columns]
    if beside:
        rows = rows.with_columns(pl.struct(beside).struct.json_encode().alias("extra"))
    return conform(
        rows.with_columns(
            pl.lit("arena_text").alias("board"),
            pl.lit("raw").alias("variant"),
            pl.lit("overall").alias("category"),
        )
    )


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The commit's day, from the file's name."""
    day = day_in_name(path)
    return midnight(day) if day else None


def address_of(path: PurePath) -> str:
    """The file at the commit its name tells."""
    found = _COMMIT.search(path.name)
    return f"{REPOSITORY}/blob/{found[1]}/csv/lmsys.csv" if found else ""


SOURCE = Source(
    id="llm_leaderboard_csv",
    title="LLM leaderboard CSV (mirror)",
    origin=origin("Chatbot Arena text leaderboard", REPOSITORY, "github.com/fboulnois/llm-leaderboard-csv"),
    requests=(
        Request(
            "text",
            "https://raw.githubusercontent.com/fboulnois/llm-leaderboard-csv/HEAD/csv/lmarena_text.csv",
            ("text/plain", "text/csv"),
        ),
    ),
    parse=parse,
    row_floor=50,
    max_step=MAX_STEP,
    precision=Precision.ROUNDED,
    distance=3,
    raw_patterns=("llm_leaderboard_csv/*.csv",),
    request_of=lambda path: "text",
    known_at_of=known_at_of,
    address_of=address_of,
    revisions=github.by_commit(
        REPOSITORY, {"text": ("csv/lmarena_text.csv", "csv/lmsys.csv")}, ("text/plain", "text/csv")
    ),
)

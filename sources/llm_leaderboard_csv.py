"""github.com/fboulnois/llm-leaderboard-csv: the old site's text table as CSV, one commit per change, 2024-06-19 to
2025-08-06. Without style control, in whole points, with intervals as ``+5/-5``.

No date is printed: a file's name has the commit's, a day or two after publication.
"""

from __future__ import annotations

import polars as pl

from sources.contract import Precision, Request, Snapshot, Source
from sources.parsing.arena import origin, split_intervals
from sources.parsing.dates import known_at_in_name
from sources.parsing.frames import read_csv
from sources.parsing.github import Repository

REPOSITORY = Repository("fboulnois/llm-leaderboard-csv")
#: The file's present path and the one before.
FILES = ("csv/lmarena_text.csv", "csv/lmsys.csv")
MEDIA_TYPES = ("text/plain", "text/csv")
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


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model."""
    rows = read_csv(snapshot).select(COLUMNS, OPTIONAL)
    rows.parse_names("model_name")
    rows.parse_strings("organization_name", "license_name", "knowledge_cutoff")
    rows.parse_ints("votes", "rank_style_control", "rank")
    split_intervals(rows)
    rows.with_extra(OPTIONAL)
    return rows.conform(board="arena_text", variant="raw", category="overall")


SOURCE = Source(
    id="llm_leaderboard_csv",
    title="LLM leaderboard CSV (mirror)",
    origin=origin(
        "Chatbot Arena text leaderboard", REPOSITORY.address, "github.com/fboulnois/llm-leaderboard-csv"
    ),
    requests=(Request("text", REPOSITORY.raw(FILES[0]), MEDIA_TYPES),),
    parse=parse,
    row_floor=50,
    precision=Precision.ROUNDED,
    distance=3,
    raw_patterns=("llm_leaderboard_csv/*.csv",),
    known_at_of=known_at_in_name,
    address_of=lambda path: REPOSITORY.address_of(path, FILES[1]),
    revisions=REPOSITORY.revisions({"text": FILES}, MEDIA_TYPES),
)

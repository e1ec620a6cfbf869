"""github.com/jasontrigg0/chatbot-arena-history: the text board without style control, overall, extracted from
the old site's own result files, 2023-05-08 to 2025-03-26.

Has models that the official history dropped, to many decimals, without bounds or votes. Scores are on another
scale before 2024-03-27 (all rise by about 83 points that day). Some rows are repeated.
"""

from __future__ import annotations

import polars as pl

from sources.contract import Request, Snapshot, Source
from sources.parsing.arena import origin
from sources.parsing.frames import newest_date, read_csv
from sources.parsing.github import Repository

REPOSITORY = Repository("jasontrigg0/chatbot-arena-history")
FILE = "alltime.csv"
MEDIA_TYPES = ("text/plain", "text/csv")
COLUMNS = {
    "model_name": ("key",),
    "display_name": ("Model",),
    "score": ("rating",),
    "license_name": ("License",),
    "organization_name": ("Organization",),
    "published_on": ("date",),
}


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model and date, named by the arena's own key; ``extra`` has the name that the site displayed."""
    rows = read_csv(snapshot).select(COLUMNS)
    rows.parse_names("model_name", "display_name")
    rows.parse_strings("organization_name", "license_name")
    rows.parse_floats("score")
    rows.parse_dates("published_on", "%Y%m%d")
    rows.with_extra(["display_name"])
    return rows.conform(board="arena_text", variant="raw", category="overall")


SOURCE = Source(
    id="chatbot_arena_history",
    title="Chatbot Arena history (mirror)",
    origin=origin(
        "Chatbot Arena ratings over time", REPOSITORY.address, "github.com/jasontrigg0/chatbot-arena-history"
    ),
    requests=(Request("alltime", REPOSITORY.raw(FILE), MEDIA_TYPES),),
    parse=parse,
    row_floor=100,
    distance=3,
    raw_patterns=("chatbot_arena_history/alltime*.csv",),
    # The newest date in the file.
    known_at_of=lambda path, body: newest_date(body, "date", "%Y%m%d"),
    revisions=REPOSITORY.revisions({"alltime": (FILE,)}, MEDIA_TYPES),
)

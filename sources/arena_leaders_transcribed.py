"""Top rows of single publish dates of the official dataset, copied by hand from public copies, for months of which
no complete copy is left. Good for the leaders only: how many models there were is not known.
"""

from __future__ import annotations

from pathlib import PurePath

import polars as pl

from sources.contract import Coverage, Request, Snapshot, Source
from sources.parsing.arena import DATASET, origin
from sources.parsing.frames import newest_date, read_csv

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
#: Not every copy has these.
OPTIONAL = ("license_name", "score_low", "score_high", "votes", "rank")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model and publish date; ``extra`` says where the row was copied from."""
    rows = read_csv(snapshot).select(COLUMNS, OPTIONAL)
    rows.parse_names("model_name")
    rows.parse_strings("organization_name", "license_name", "via")
    rows.parse_floats("score", "score_low", "score_high")
    rows.parse_ints("votes", "rank")
    rows.parse_dates("published_on", "%Y-%m-%d")
    rows.with_extra(["via"])
    return rows.conform(board="arena_text", variant=VARIANTS[snapshot.request], category="overall")


def request_of(path: PurePath) -> str | None:
    """The request that a local file answers; None when its name does not say."""
    if not path.name.startswith("arena_text_"):
        return None
    return "text_style_control" if "style_control" in path.name else "text"


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
    # The newest publish date in the file.
    known_at_of=lambda path, body: newest_date(body, "date", "%Y-%m-%d"),
)

"""Top rows of single publish dates of the official dataset, copied by hand from public copies, for months of which
no complete copy is left. Good for the leaders only: how many models there were is not known.
"""

from __future__ import annotations

from pathlib import PurePath

import polars as pl

from sources.contract import Coverage, Request, Snapshot, Source, conform
from sources.parsing.arena import DATASET, origin
from sources.parsing.columns import (
    parse_dates,
    parse_floats,
    parse_ints,
    parse_names,
    parse_strings,
    select_columns,
    with_extra,
)
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
    where = snapshot.where()
    rows = select_columns(read_csv(snapshot), COLUMNS, where, OPTIONAL)
    rows = parse_names(rows, ["model_name"], where)
    rows = parse_strings(rows, ["organization_name", "license_name", "via"], where)
    rows = parse_floats(rows, ["score", "score_low", "score_high"], where)
    rows = parse_ints(rows, ["votes", "rank"], where)
    rows = parse_dates(rows, "published_on", "%Y-%m-%d", where)
    rows = with_extra(rows, ["via"])
    return conform(rows, board="arena_text", variant=VARIANTS[snapshot.request], category="overall")


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

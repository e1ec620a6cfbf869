"""What all copies of the arena's leaderboard share: origin, names of categories, how scores are printed.

The arena has been called Chatbot Arena, LMSYS, LMArena and Arena.
"""

from __future__ import annotations

import polars as pl

from sources.contract.source import Origin
from sources.parsing.columns import Rows
from sources.parsing.values import NUMBER

DATASET = "https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset"

#: The arena catalog's names of categories → the official dataset's.
CATEGORIES = {
    "full": "overall",
    "hard_6": "hard_prompts",
    "hard_english_6": "hard_prompts_english",
    "if": "instruction_following",
    "long_user": "longer_query",
    "multiturn": "multi_turn",
    "no_tie": "exclude_ties",
}

_DISTANCE = r"[0-9]+(?:\.[0-9]+)?"
_INTERVAL = rf"(?:±\s*(?<both>{_DISTANCE})|\+\s*(?<plus>{_DISTANCE})\s*/\s*[-−–]\s*(?<minus>{_DISTANCE}))"
#: ``1505 ±8``, ``1561 +14/-14``, ``1498±9Preliminary``, ``1495Preliminary``, ``1,505``.
_SCORE_CELL = rf"^(?<score>{NUMBER})\s*{_INTERVAL}?\s*(?<preliminary>Preliminary)?$"
_EXPECTED = "as in 1505, 1505 ±8, +14/-14, with or without Preliminary"


def origin(title: str, address: str, mirror: str = "") -> Origin:
    """The arena's figures as found at ``address``, where ``mirror`` copied them to."""
    copied = f", by way of {mirror}" if mirror else ""
    return Origin(
        producer="LMArena",
        title=title,
        address=address,
        citation=f"LMArena, Arena leaderboard ({DATASET}), CC-BY-4.0{copied}",
        licence="CC-BY-4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        redistributable=True,
        redistribution_note=(
            "The figures are LMArena's, published by it under CC-BY-4.0; the mirror adds none of its own."
            if mirror
            else "Published by LMArena under CC-BY-4.0."
        ),
        mirror=mirror,
    )


def split_intervals(rows: Rows) -> None:
    """``score`` and, if there is one, ``interval`` as printed (text) → ``score``, ``score_low`` and ``score_high``
    in points and ``preliminary`` (Boolean).

    An interval is the distance to both sides of the score, in a column of its own or behind the score. Text of any
    other form costs its row.
    """
    rows.parse_strings("score", "interval")
    scores = rows.frame.select(pl.col("score").str.extract_groups(_SCORE_CELL)).unnest("score")
    rows.refuse("score", scores["score"].is_null() & rows.frame["score"].is_not_null(), _EXPECTED)
    intervals = scores
    if "interval" in rows.columns:
        intervals = rows.frame.select(pl.col("interval").str.extract_groups(f"^{_INTERVAL}$")).unnest(
            "interval"
        )
        unread = intervals["both"].is_null() & intervals["plus"].is_null()
        rows.refuse("interval", unread & rows.frame["interval"].is_not_null(), _EXPECTED)

    score = _float(scores["score"])
    below = _float(intervals["both"].fill_null(intervals["minus"]))
    above = _float(intervals["both"].fill_null(intervals["plus"]))
    rows.frame = rows.frame.drop("interval", strict=False).with_columns(
        score.alias("score"),
        (score - below).alias("score_low"),
        (score + above).alias("score_high"),
        scores["preliminary"].is_not_null().alias("preliminary"),
    )


def _float(text: pl.Series) -> pl.Series:
    return text.str.replace_all(",", "").cast(pl.Float64)

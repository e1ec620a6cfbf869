"""What all copies of the arena's leaderboard share: origin, names of categories, how scores are printed.

The arena has been called Chatbot Arena, LMSYS, LMArena and Arena.
"""

from __future__ import annotations

from datetime import UTC, datetime

import polars as pl

from sources.contract.source import Origin
from sources.parsing.columns import Rows
from sources.parsing.json import read_page
from sources.parsing.values import NUMBER

DATASET = "https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset"

#: Subset of the official dataset → board and variant. Text, vision, search and documents exist with and without style
#: control.
SUBSETS = {
    "text": ("arena_text", "raw"),
    "text_style_control": ("arena_text", "style_control"),
    "vision": ("arena_vision", "raw"),
    "vision_style_control": ("arena_vision", "style_control"),
    "webdev": ("arena_webdev", "default"),
    "search": ("arena_search", "raw"),
    "search_style_control": ("arena_search", "style_control"),
    "document": ("arena_document", "raw"),
    "document_style_control": ("arena_document", "style_control"),
    "text_to_image": ("arena_text_to_image", "default"),
    "image_edit": ("arena_image_edit", "default"),
    "text_to_video": ("arena_text_to_video", "default"),
    "image_to_video": ("arena_image_to_video", "default"),
    "video_edit": ("arena_video_edit", "default"),
}
#: Subsets with so few models that the floor of the others would refuse them: six to nine, four at first.
ROW_FLOORS = {"video_edit": 4}

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


def fetched_at(body: bytes) -> datetime | None:
    """When a JSON copy was made, as it says itself (``meta``, ``fetched_at``); None where it does not."""
    try:
        moment = datetime.fromisoformat(read_page(body)["meta"]["fetched_at"])
    except (ValueError, TypeError, KeyError):
        return None
    return moment.astimezone(UTC) if moment.tzinfo else moment.replace(tzinfo=UTC)


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

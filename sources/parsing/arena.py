"""What every copy of the arena's leaderboard shares: whose figures they are, what its categories are
called, how it prints a score. Known as Chatbot Arena, LMSYS, LMArena, now Arena.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import PurePath

import polars as pl

from sources.contract.source import Origin
from sources.errors import ParseError
from sources.parsing.columns import shown, texts

DATASET = "https://huggingface.co/datasets/lmarena-ai/leaderboard-dataset"

#: Points by which a board's best rating may move between two fetches. The largest break known, of the
#: scale itself, was 83; what moves further is another scale or another column.
MAX_STEP = 300.0

#: The dataset's official names for what the arena catalog calls otherwise.
CATEGORIES = {
    "full": "overall",
    "hard_6": "hard_prompts",
    "hard_english_6": "hard_prompts_english",
    "if": "instruction_following",
    "long_user": "longer_query",
    "multiturn": "multi_turn",
    "no_tie": "exclude_ties",
}

_NUMBER = r"\d+(?:\.\d+)?"
_INTERVAL = rf"(?:±\s*(?<both>{_NUMBER})|\+\s*(?<plus>{_NUMBER})\s*/\s*[-−–]\s*(?<minus>{_NUMBER}))"
#: ``1505 ±8``, ``1561 +14/-14``, ``1498±9Preliminary``, ``1495Preliminary``, ``1,505``.
_SCORE_CELL = (
    rf"^(?<score>\d{{1,3}}(?:,\d{{3}})+(?:\.\d+)?|{_NUMBER})\s*{_INTERVAL}?\s*(?<preliminary>Preliminary)?$"
)
_DAY = re.compile(r"(?<!\d)(\d{4})-(\d{2})-(\d{2})(?!\d)")


def origin(title: str, address: str, mirror: str = "") -> Origin:
    """The arena's figures, found at ``address``, copied there by ``mirror``."""
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


def with_intervals(frame: pl.DataFrame, where: str) -> pl.DataFrame:
    """``score`` and, when there, ``interval`` as printed (text) → ``score``, ``score_low``,
    ``score_high`` in points and ``preliminary`` (Boolean).

    An interval is a distance to both sides of the score, beside it or glued to it. Text of any other
    form is a `ParseError`.
    """
    printed = texts(frame, ["score", "interval"], where)
    glued = printed.select(pl.col("score").str.extract_groups(_SCORE_CELL)).unnest("score")
    _refuse(printed.filter(glued["score"].is_null()), "score", where)
    beside = glued
    if "interval" in printed.columns:
        beside = printed.select(pl.col("interval").str.extract_groups(f"^{_INTERVAL}$")).unnest("interval")
        _refuse(printed.filter(beside["both"].is_null() & beside["plus"].is_null()), "interval", where)

    score = _number(glued["score"])
    below = _number(beside["both"]).zip_with(beside["both"].is_not_null(), _number(beside["minus"]))
    above = _number(beside["both"]).zip_with(beside["both"].is_not_null(), _number(beside["plus"]))
    return frame.drop("interval", strict=False).with_columns(
        score.alias("score"),
        (score - below).alias("score_low"),
        (score + above).alias("score_high"),
        glued["preliminary"].is_not_null().alias("preliminary"),
    )


def day_in_name(path: PurePath) -> date | None:
    """The first ``YYYY-MM-DD`` in a file's name; None when there is none, or no such day."""
    found = _DAY.search(path.name)
    if not found:
        return None
    try:
        return date(*map(int, found.groups()))
    except ValueError:
        return None


def _number(text: pl.Series) -> pl.Series:
    return text.str.replace_all(",", "").cast(pl.Float64)


def _refuse(unread: pl.DataFrame, column: str, where: str) -> None:
    bad = unread.get_column(column).drop_nulls()
    if len(bad):
        raise ParseError(
            f"{where}: {column} {shown(bad[0], 60)!r} in {len(bad)} rows",
            "as in 1505, 1505 ±8, +14/-14, with or without Preliminary",
            "upstream changed its print: fix the parser",
        )

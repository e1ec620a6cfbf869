"""Words and columns that several tables share."""

from __future__ import annotations

from warehouse.tables.schema import Column

SNAPSHOT_STATUS = (
    "observed",
    "no_snapshot",
    "leaders_only",
    "truncated",
    "ambiguous",
    "no_cn_model",
    "no_us_model",
)
DATE_BASES = ("printed", "matched", "not_after")
RESOLUTIONS = ("name", "organization", "unresolved")


def one_of(column: str, values: tuple[str, ...]) -> str:
    return f"{column} IN ({', '.join(repr(value) for value in values)})"


def series() -> tuple[Column, ...]:
    return (
        Column("board", "VARCHAR", "Leaderboard or benchmark, see core.boards"),
        Column("variant", "VARCHAR", "raw or style_control on the arena, default elsewhere"),
        Column("category", "VARCHAR", "Part of the board's questions: overall, coding, chinese, …"),
    )


MONTH = Column("month", "DATE", "First day of the month (UTC)")

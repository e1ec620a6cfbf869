"""A captured page of the old arena site: many boards in tables of nearly the same header, each with a
sizing dummy above it, and only the rows that were in view.

The page does not say beside its tables which board they are, so a board is known by models that can only
be on it. What cannot be told for certain is left out. Without style control, whole points.
"""

from __future__ import annotations

import re
from datetime import datetime
from pathlib import PurePath

import polars as pl

from sources.contract import Coverage, Precision, Request, Snapshot, Source, conform
from sources.errors import ParseError
from sources.parsing.arena import MAX_STEP, day_in_name, origin, with_intervals
from sources.parsing.columns import counts, labels, midnight, picked, shown, texts
from sources.parsing.html import Table, tables, without_sizing_dummies

COLUMNS = {
    "rank": ("Rank* (UB)",),
    "rank_style_control": ("Rank (StyleCtrl)",),
    "model_name": ("Model",),
    "score": ("Arena Score",),
    "interval": ("95% CI",),
    "votes": ("Votes",),
    "organization_name": ("Organization",),
    "license_name": ("License",),
}
#: These take no pictures, so no board of pictures can list them.
TEXT_ONLY = re.compile(
    r"deepseek-(r1|v[23])|o[13]-mini|o1-preview|qwq-32b|qwen2\.5-max|gemma-2-|llama-3\.[13]-", re.I
)
#: Made for pictures, and never on the text board while the old site stood.
PICTURES_ONLY = re.compile(r"qwen2?(\.5)?-vl|pixtral|internvl|molmo|llava|step-1v|-vision", re.I)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model of the text board and, when the page has it, of the vision board."""
    where = snapshot.where()
    found = without_sizing_dummies(tables(snapshot.text()))
    wanted = [name for (name,) in COLUMNS.values()]
    boards: dict[str, pl.DataFrame] = {}
    for table in found:
        board = board_of(table) if table.has(*wanted) else None
        if board in boards:
            raise ParseError(f"{where}: two tables look like {board}", "one", "fix the parser")
        if board:
            boards[board] = _rows(table, board, f"{where}: {board}")
    if "arena_text" not in boards:
        headers = sorted({", ".join(table.header) for table in found})
        raise ParseError(
            f"{where}: {len(found)} tables ({shown('; '.join(headers)) or 'none'})",
            f"a table of text models under {', '.join(wanted)}",
            "the page may be another one; look at the bytes",
        )
    return pl.concat([boards[name] for name in sorted(boards)])


def board_of(table: Table) -> str | None:
    """The board that can list the table's models; None when none or several can."""
    models = [cell.text for cell in table.column("Model")]
    text = any(TEXT_ONLY.search(model) for model in models)
    pictures = any(PICTURES_ONLY.search(model) for model in models)
    if text == pictures:
        return None
    return "arena_text" if text else "arena_vision"


def _rows(table: Table, board: str, where: str) -> pl.DataFrame:
    rows = picked(table.frame(), COLUMNS, where)
    rows = labels(rows, ["model_name"], where)
    rows = texts(rows, ["organization_name", "license_name"], where)
    rows = counts(rows, ["votes", "rank_style_control"], where)
    rows = counts(rows, ["rank"], where, pl.Int32())
    rows = with_intervals(rows, where)
    return conform(
        rows.with_columns(
            pl.lit(board).alias("board"),
            pl.lit("raw").alias("variant"),
            pl.lit("overall").alias("category"),
            pl.struct("rank_style_control").struct.json_encode().alias("extra"),
        )
    )


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day of capture, from the file's name."""
    day = day_in_name(path)
    return midnight(day) if day else None


SOURCE = Source(
    id="arena_html",
    title="Chatbot Arena page (captured)",
    origin=origin("Chatbot Arena leaderboard page", "https://lmarena.ai/", "a captured page"),
    requests=(Request("captured"),),
    parse=parse,
    row_floor=10,
    # The page drew only the rows in view, on every board.
    coverage=Coverage.TRUNCATED,
    max_step=MAX_STEP,
    precision=Precision.ROUNDED,
    distance=2,
    raw_patterns=("arena_html/*.html",),
    request_of=lambda path: "captured",
    known_at_of=known_at_of,
)

"""A captured page of the old arena site: tables of several boards under nearly the same header, with only the
rows that were in view.

The page does not say which board a table is, so a board is recognized by models that only it can list; a table
that stays ambiguous is left out. Without style control, in whole points.
"""

from __future__ import annotations

import re

import polars as pl

from sources.contract import Coverage, Precision, Request, Snapshot, Source
from sources.errors import ParseError, excerpt
from sources.parsing.arena import origin, split_intervals
from sources.parsing.columns import Rows
from sources.parsing.dates import known_at_in_name
from sources.parsing.html import HtmlTable, read_tables, without_sizing_dummies

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
#: These models take no images, so the vision board cannot list them.
TEXT_ONLY = re.compile(
    r"deepseek-(r1|v[23])|o[13]-mini|o1-preview|qwq-32b|qwen2\.5-max|gemma-2-|llama-3\.[13]-", re.I
)
#: Vision models that were never on the text board of the old site.
VISION_ONLY = re.compile(r"qwen2?(\.5)?-vl|pixtral|internvl|molmo|llava|step-1v|-vision", re.I)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model of the text board and, when the page has it, of the vision board."""
    where = snapshot.where()
    found = without_sizing_dummies(read_tables(snapshot))
    wanted = [name for (name,) in COLUMNS.values()]
    boards: dict[str, pl.DataFrame] = {}
    for table in found:
        board = board_of(table) if table.has(*wanted) else None
        if board in boards:
            raise ParseError(f"{where}: two tables look like {board}", "one", "fix the parser")
        if board:
            boards[board] = _rows(table, board, snapshot)
    if "arena_text" not in boards:
        headers = sorted({", ".join(table.header) for table in found})
        raise ParseError(
            f"{where}: {len(found)} tables ({excerpt('; '.join(headers)) or 'none'})",
            f"a table of text models under {', '.join(wanted)}",
            "the page may be another one; look at the bytes",
        )
    return pl.concat([boards[name] for name in sorted(boards)])


def board_of(table: HtmlTable) -> str | None:
    """The board that can list the table's models; None when none or several can."""
    models = [cell.text for cell in table.column("Model")]
    text = any(TEXT_ONLY.search(model) for model in models)
    vision = any(VISION_ONLY.search(model) for model in models)
    if text == vision:
        return None
    return "arena_text" if text else "arena_vision"


def _rows(table: HtmlTable, board: str, snapshot: Snapshot) -> pl.DataFrame:
    rows = Rows(table.frame(), snapshot, table.uneven).select(COLUMNS)
    rows.parse_names("model_name")
    rows.parse_strings("organization_name", "license_name")
    rows.parse_ints("votes", "rank_style_control", "rank")
    split_intervals(rows)
    rows.with_extra(["rank_style_control"])
    return rows.conform(board=board, variant="raw", category="overall")


SOURCE = Source(
    id="arena_html",
    title="Chatbot Arena page (captured)",
    origin=origin("Chatbot Arena leaderboard page", "https://lmarena.ai/", "a captured page"),
    requests=(Request("captured"),),
    parse=parse,
    row_floor=10,
    # Of every board the page held only the rows in view.
    coverage=Coverage.TRUNCATED,
    precision=Precision.ROUNDED,
    distance=2,
    raw_patterns=("arena_html/*.html",),
    known_at_of=known_at_in_name,
)

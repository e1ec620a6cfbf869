"""Today's site, arena.ai/leaderboard/<board>: one server-rendered table a board, style control on, whole points.

Written after a description of the page, not after a capture: cells are found by their headers, the name of a
model by its ``title`` (what is shown may be cut), maker and licence by the dot between them. The "last
updated" beside the table is the publish date where the page prints one.
"""

from __future__ import annotations

import re
from datetime import date, datetime, timedelta
from pathlib import PurePath

import polars as pl

from sources.contract import Precision, Request, Snapshot, Source, conform
from sources.errors import ParseError
from sources.parsing.arena import MAX_STEP, day_in_name, origin, with_intervals
from sources.parsing.columns import counts, labels, midnight, picked, shown, texts
from sources.parsing.html import Cell, Table, tables, without_sizing_dummies

SITE = "https://arena.ai/leaderboard"
#: Request, which is the address's last part too → board and variant. `webdev` exists in one form only.
BOARDS = {
    "text": ("arena_text", "style_control"),
    "vision": ("arena_vision", "style_control"),
    "webdev": ("arena_webdev", "default"),
    "search": ("arena_search", "style_control"),
    "document": ("arena_document", "style_control"),
}
COLUMNS = {
    "rank": ("Rank",),
    "rank_spread": ("Rank Spread",),
    "score": ("Score", "Arena Score"),
    "votes": ("Votes",),
}
MODEL = "Model"
#: Between maker and licence: ``Northwind · Proprietary``.
DOT = "·"
MONTHS = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_UPDATED = re.compile(
    r"Last updated:?\s*(?:(?P<month>[A-Z][a-z]{2})[a-z]*\.? (?P<day>\d{1,2}), (?P<year>\d{4})"
    r"|(?P<iso>\d{4}-\d{2}-\d{2}))",
    re.I,
)
#: Which board a page says it is, in the link to itself.
_ITSELF = re.compile(
    r"<(?:link|meta)\b[^>]*(?:canonical|og:url)[^>]*/leaderboard/([a-z-]+)|"
    r"<(?:link|meta)\b[^>]*/leaderboard/([a-z-]+)[^>]*(?:canonical|og:url)",
    re.I,
)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a model, dated when the page prints its date."""
    where = snapshot.where()
    text = snapshot.text()
    _check_board(text, snapshot.request, where)
    table = _table(text, where)
    rows = picked(table.frame(), COLUMNS, where, optional=("rank_spread", "votes"))
    rows = rows.with_columns(_makers(table))
    rows = labels(rows, ["model_name"], where)
    rows = texts(rows, ["organization_name", "license_name"], where)
    rows = counts(rows, ["votes"], where)
    rows = counts(rows, ["rank"], where, pl.Int32())
    rows = with_intervals(rows, where)
    board, variant = BOARDS[snapshot.request]
    beside = [name for name in ("rank_spread", "preliminary") if name in rows.columns]
    return conform(
        rows.with_columns(
            pl.lit(board).alias("board"),
            pl.lit(variant).alias("variant"),
            pl.lit("overall").alias("category"),
            pl.lit(_published_on(text, where), pl.Date()).alias("published_on"),
            pl.struct(beside).struct.json_encode().alias("extra"),
        )
    )


def _check_board(text: str, request: str, where: str) -> None:
    """A site that redirects an old address to another board must not fill this one."""
    itself = {first or second for first, second in _ITSELF.findall(text)}
    if itself and request not in itself:
        raise ParseError(
            f"{where}: the page says it is {shown(', '.join(sorted(itself)), 60)}",
            request,
            "the board may have moved",
        )


def _table(text: str, where: str) -> Table:
    found = without_sizing_dummies(tables(text))
    wanted = [table for table in found if table.has("Rank", MODEL) and _has_score(table)]
    if len(wanted) != 1:
        headers = "; ".join(", ".join(table.header) for table in found)
        raise ParseError(
            f"{where}: {len(wanted)} tables of models among {len(found)} ({shown(headers) or 'none'})",
            "one with Rank, Model and Score",
            "upstream changed its page, or this is another one: look at the bytes",
        )
    return wanted[0]


def _has_score(table: Table) -> bool:
    return any(table.has(name) for name in COLUMNS["score"])


def _makers(table: Table) -> list[pl.Series]:
    """Names, makers and licences out of the cells of models."""
    read = [_maker(cell) for cell in table.column(MODEL)]
    columns = ("model_name", "organization_name", "license_name")
    return [
        pl.Series(name, [row[place] for row in read], dtype=pl.String) for place, name in enumerate(columns)
    ]


def _maker(cell: Cell) -> tuple[str, str | None, str | None]:
    """The model's name, its maker, its licence."""
    parts = cell.parts
    place = next((place for place, part in enumerate(parts) if DOT in part), len(parts))
    maker, _, licence = (piece.strip() for piece in (*parts, "")[place].partition(DOT))
    if not maker and 2 <= place < len(parts):
        # Each in an element of its own; the first is the name.
        maker = parts[place - 1]
    licence = licence or " ".join(parts[place + 1 :])
    # Logos have titles too: the model's is the one that is also shown, whole or cut.
    titles = [title for title in cell.titles if title != maker]
    shown_as = [part.rstrip("…. ") for part in parts]
    seen = (title for title in titles if any(stem and title.startswith(stem) for stem in shown_as))
    plain = parts[0] if parts else ""
    name = next(seen, titles[0] if titles else plain)
    return name, maker if maker and maker != name else None, licence or None


def _published_on(text: str, where: str) -> date | None:
    from bs4 import BeautifulSoup

    seen = " ".join(BeautifulSoup(text, "lxml").get_text(" ").split())
    found = _UPDATED.search(seen)
    if not found:
        return None
    try:
        if found["iso"]:
            return date.fromisoformat(found["iso"])
        # Names of months are English whatever the machine's language is, so not strptime's %b.
        return date(int(found["year"]), MONTHS.index(found["month"].casefold()) + 1, int(found["day"]))
    except ValueError:
        raise ParseError(
            f"{where}: {shown(found[0], 60)!r}", "a day as in Mar 18, 2026", "look at it"
        ) from None


def request_of(path: PurePath) -> str | None:
    """The board is the first word of the file's name, or its folder's."""
    for name in (re.split(r"[-_.]", path.name)[0], path.parent.name):
        if name in BOARDS:
            return name
    return None


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day of capture, from the file's name."""
    day = day_in_name(path)
    return midnight(day) if day else None


SOURCE = Source(
    id="lmarena_site",
    title="Arena site (today's page)",
    origin=origin("Arena leaderboard page", SITE),
    requests=tuple(
        Request(board, f"{SITE}/{board}", ("text/html", "application/xhtml+xml")) for board in BOARDS
    ),
    parse=parse,
    cadence=timedelta(days=7),
    row_floor=10,
    max_step=MAX_STEP,
    precision=Precision.ROUNDED,
    distance=1,
    # A copy of this page has shown new figures under the stamp of the days before.
    stamp_can_lag=True,
    raw_patterns=("lmarena_site/**/*.html",),
    request_of=request_of,
    known_at_of=known_at_of,
)

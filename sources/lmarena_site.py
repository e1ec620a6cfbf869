"""Today's site, arena.ai/leaderboard/<board>: one server-rendered table per board, in whole points.

Written after a description of the page, no capture of it: cells are found by their headers, the name of a model by
its ``title`` (the visible text may be cut), maker and licence by the dot between them. "Last updated", or a day alone
above the table, is the publish date, where the page prints one.
"""

from __future__ import annotations

import re
from contextlib import suppress
from datetime import date, timedelta
from pathlib import PurePath

import polars as pl

from sources.contract import Precision, Request, Snapshot, Source
from sources.errors import ParseError, excerpt
from sources.parsing.arena import origin, split_intervals
from sources.parsing.columns import Rows
from sources.parsing.dates import ENGLISH_DATE, known_at_in_name, parse_english_date
from sources.parsing.html import (
    Cell,
    HtmlTable,
    labels_above,
    read_tables,
    visible_text,
    without_sizing_dummies,
)

SITE = "https://arena.ai/leaderboard"
#: Request, also the last part of the address → board and variant. A daily copy of the site (`arena_site_mirror`) has
#: the figures of these subsets of the official dataset: style control for text and vision, not for the others.
BOARDS = {
    "text": ("arena_text", "style_control"),
    "vision": ("arena_vision", "style_control"),
    "webdev": ("arena_webdev", "default"),
    "search": ("arena_search", "raw"),
    "document": ("arena_document", "raw"),
    "text-to-image": ("arena_text_to_image", "default"),
    "image-edit": ("arena_image_edit", "default"),
    "text-to-video": ("arena_text_to_video", "default"),
    "image-to-video": ("arena_image_to_video", "default"),
    "video-edit": ("arena_video_edit", "default"),
}
#: Boards that began with so few models that the floor of the others would refuse them.
ROW_FLOORS = {"video-edit": 4}
#: Where a board is on the site, if not at its own name.
PATHS = {"webdev": "code/webdev"}
COLUMNS = {
    "rank": ("Rank",),
    "rank_spread": ("Rank Spread",),
    "score": ("Score", "Arena Score"),
    "votes": ("Votes",),
}
MODEL = "Model"
#: Separates maker and licence: ``Northwind · Proprietary``.
DOT = "·"
_PRINTED = rf"(?:(?P<english>{ENGLISH_DATE})|(?P<iso>\d{{4}}-\d{{2}}-\d{{2}}))"
_UPDATED = re.compile(rf"Last updated(?: on)?:?\s*{_PRINTED}", re.I)
#: A day that stands alone.
_DAY = re.compile(rf"(?:(?:updated|updated on|as of):?\s*)?{_PRINTED}", re.I)
#: The path below the site that a page names in the link to itself.
_CANONICAL = re.compile(
    r"<(?:link|meta)\b[^>]*(?:canonical|og:url)[^>]*/leaderboard/([a-z0-9/_-]+)|"
    r"<(?:link|meta)\b[^>]*/leaderboard/([a-z0-9/_-]+)[^>]*(?:canonical|og:url)",
    re.I,
)


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model, dated when the page prints a date."""
    where = snapshot.where()
    text = snapshot.text()
    _check_board(text, snapshot.request, where)
    table = _table(snapshot)
    rows = Rows(table.frame(), snapshot, table.uneven).select(COLUMNS, optional=("rank_spread", "votes"))
    rows.frame = rows.frame.with_columns(_makers(table))
    rows.parse_names("model_name")
    rows.parse_strings("organization_name", "license_name")
    rows.parse_ints("votes", "rank")
    split_intervals(rows)
    board, variant = BOARDS[snapshot.request]
    rows.with_extra(["rank_spread", "preliminary"])
    day = _published_on(text, where)
    return rows.conform(board=board, variant=variant, category="overall", published_on=day)


def _check_board(text: str, request: str, where: str) -> None:
    """Raises `ParseError` for the page of another board, to which an old address may redirect."""
    named = {_board_at(first or second) for first, second in _CANONICAL.findall(text)}
    if named and request not in named:
        raise ParseError(
            f"{where}: the page says it is {excerpt(', '.join(sorted(named)), 60)}",
            request,
            "the board may have moved: docs/runbook.md#address-changed",
        )


def _board_at(path: str) -> str:
    """The board at a path of the site: ``vision/overall`` is vision, ``code/webdev`` webdev."""
    parts = path.casefold().strip("/").split("/")
    group = "/".join(parts[:2])
    return next((board for board, place in PATHS.items() if place == group), parts[0])


def _table(snapshot: Snapshot) -> HtmlTable:
    where = snapshot.where()
    found = without_sizing_dummies(read_tables(snapshot))
    wanted = [table for table in found if table.has("Rank", MODEL) and _has_score(table)]
    if len(wanted) != 1:
        headers = "; ".join(", ".join(table.header) for table in found)
        raise ParseError(
            f"{where}: {len(wanted)} tables of models among {len(found)} ({excerpt(headers) or 'none'})",
            "one with Rank, Model and Score",
            "upstream changed its page, or this is another one: look at the bytes",
        )
    return wanted[0]


def _has_score(table: HtmlTable) -> bool:
    return any(table.has(name) for name in COLUMNS["score"])


def _makers(table: HtmlTable) -> list[pl.Series]:
    """Name, organization and licence of each model, as columns."""
    kinds = dict.fromkeys(("model_name", "organization_name", "license_name"), pl.String())
    rows = [_maker(cell) for cell in table.column(MODEL)]
    return pl.DataFrame(rows, schema=kinds, orient="row").get_columns()


def _maker(cell: Cell) -> tuple[str, str | None, str | None]:
    """The model's name, maker and licence in one cell."""
    parts = cell.parts
    place = next((place for place, part in enumerate(parts) if DOT in part), len(parts))
    maker, _, licence = (piece.strip() for piece in (*parts, "")[place].partition(DOT))
    if not maker and 2 <= place < len(parts):
        # Name, maker and licence each in an element of its own.
        maker = parts[place - 1]
    licence = licence or " ".join(parts[place + 1 :])
    # Logos have titles too: the model's is the one that is also visible text, whole or cut.
    titles = [title for title in cell.titles if title != maker]
    visible = [part.rstrip("…. ") for part in parts]
    matching = (title for title in titles if any(stem and title.startswith(stem) for stem in visible))
    plain = parts[0] if parts else ""
    name = next(matching, titles[0] if titles else plain)
    return name, maker if maker and maker != name else None, licence or None


def _published_on(text: str, where: str) -> date | None:
    """The day after "Last updated", else the only one that stands alone above the table; null if there is none."""
    found = _UPDATED.search(visible_text(text))
    if found:
        try:
            return _day(found)
        except ValueError:
            raise ParseError(
                f"{where}: {excerpt(found[0], 60)!r}", "a day as in Mar 18, 2026", "look at it"
            ) from None
    days = set()
    for label in labels_above(text, ("Rank", MODEL), _DAY):
        alone = _DAY.fullmatch(label)
        # Words can have the form of a day: "Season 2, 2026".
        with suppress(ValueError):
            days.add(_day(alone) if alone else None)
    return days.pop() if len(days) == 1 else None


def _day(found: re.Match[str]) -> date:
    """Raises `ValueError` when what was found is no day."""
    return date.fromisoformat(found["iso"]) if found["iso"] else parse_english_date(found["english"])


def request_of(path: PurePath) -> str | None:
    """The board is what the file's name begins with (of ``code-webdev`` the second word), or the folder's name."""
    name = path.name.removeprefix("code-")
    begins = [board for board in BOARDS if re.match(rf"{board}(?![a-z0-9])", name)]
    named = max(begins, key=len, default=path.parent.name)
    return named if named in BOARDS else None


SOURCE = Source(
    id="lmarena_site",
    title="Arena site (today's page)",
    origin=origin("Arena leaderboard page", SITE),
    requests=tuple(
        Request(
            board,
            f"{SITE}/{PATHS.get(board, board)}",
            ("text/html", "application/xhtml+xml"),
            row_floor=ROW_FLOORS.get(board),
        )
        for board in BOARDS
    ),
    parse=parse,
    cadence=timedelta(days=7),
    row_floor=10,
    precision=Precision.ROUNDED,
    distance=1,
    # A copy of this page has shown new figures under the date of the days before.
    stamp_can_lag=True,
    raw_patterns=("lmarena_site/**/*.html",),
    request_of=request_of,
    known_at_of=known_at_in_name,
)

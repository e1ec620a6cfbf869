"""The tables and the text of HTML pages. Tables are found by their headers, never by their place on the page."""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass, field
from itertools import islice
from typing import TYPE_CHECKING

import polars as pl

from sources.contract import Snapshot
from sources.errors import ParseError, excerpt
from sources.parsing.bodies import check_limit, looks_like_markup
from sources.parsing.columns import unique_names

if TYPE_CHECKING:
    from bs4 import BeautifulSoup, Tag
    from bs4.element import PageElement

#: The limits that HTML sets.
MAX_SPAN = {"colspan": 1000, "rowspan": 65534}
#: Of a page. Cells that span rows and columns are repeated, so a small page can hold an enormous table.
MAX_CELLS = 200_000
#: A label in more pieces than this is none.
MAX_PIECES = 8
#: What stands in these says nothing about a table elsewhere.
NO_LABELS = ("a", "article", "aside", "footer", "nav", "script", "style", "table", "template")
#: Limits of a page, before and after its tree is made. The largest real one has 460 kB, 12,600 marks and 20 tables,
#: none in another; the time to read a page grows with the square of its depth.
MAX_CHARACTERS = 16_000_000
MAX_MARKS = 100_000
MAX_ATTRIBUTES = 500_000
MAX_TABLES_DEEP = 4
MAX_DEPTH = 200
_TABLE_MARK = re.compile(r"<(/?)table\b", re.I)


@dataclass(frozen=True)
class Cell:
    """The visible text of one cell in pieces, and the ``title`` attributes in it."""

    parts: tuple[str, ...] = ()
    titles: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """All visible text in one line."""
        return " ".join(self.parts)

    @property
    def name(self) -> str:
        """The title if there is one, since visible text may be cut, else the text."""
        return self.titles[0] if self.titles else self.text


EMPTY = Cell()


@dataclass(frozen=True)
class HtmlTable:
    """One table: its last header row and the rows below, all as wide as the header. Spanning cells are repeated."""

    header: tuple[str, ...]
    rows: tuple[tuple[Cell, ...], ...]
    #: Rows with another number of cells than the header: place from 1 → cells.
    uneven: Mapping[int, int] = field(default_factory=dict)

    def has(self, *names: str) -> bool:
        """Does the header hold all of ``names``? Blanks and case do not matter."""
        return {_key(name) for name in names} <= {_key(name) for name in self.header}

    def column(self, name: str) -> list[Cell]:
        """The cells under the header ``name``; none when there is no such header."""
        keys = [_key(header) for header in self.header]
        return [row[keys.index(_key(name))] for row in self.rows] if _key(name) in keys else []

    def frame(self) -> pl.DataFrame:
        """The visible text, one String column per header. Repeated headers are renamed as Polars does."""
        columns = {
            name: [row[place].text for row in self.rows]
            for place, name in enumerate(unique_names(self.header))
        }
        return pl.DataFrame(columns, schema=dict.fromkeys(columns, pl.String()))


def visible_text(text: str) -> str:
    """All text of a page that a reader sees, in one line. Raises `ParseError` for a page that exceeds the limits."""
    return " ".join(page_tree(text).get_text(" ").split())


def labels_above(text: str, header: Collection[str], form: re.Pattern[str]) -> list[str]:
    """The texts of the form ``form`` that stand alone above the first table with all names of ``header``.

    A text stands alone if it is all that its element holds, and no words of a sentence stand beside that. Those
    between the main heading (h1) and the table, or if there are none, those above the heading; menus, links, articles
    and other tables are left out.
    """
    from bs4 import Tag
    from bs4.element import NavigableString

    wanted = next((tag for tag in page_tree(text).find_all("table") if _table(tag).has(*header)), None)
    found: tuple[list[str], list[str]] = ([], [])
    is_above_heading = False
    for node in wanted.previous_elements if wanted else ():
        if isinstance(node, Tag):
            is_above_heading = is_above_heading or node.name == "h1"
        elif isinstance(node, NavigableString) and node.strip() and (label := _label(node, form)):
            found[is_above_heading].append(label)
    return found[0] or found[1]


def _label(string: PageElement, form: re.Pattern[str]) -> str | None:
    """The text of the form ``form`` that ``string`` is in, possibly in pieces; None if it does not stand alone."""
    for element in islice(string.parents, 2):
        words = " ".join(" ".join(islice(element.strings, MAX_PIECES)).split()).replace(" ,", ",")
        if form.fullmatch(words):
            beside = element.parent.find_all(string=True, recursive=False) if element.parent else []
            in_sentence = any(piece.strip() for piece in beside)
            return (
                None if in_sentence or element.find_parent(NO_LABELS) or element.name in NO_LABELS else words
            )
    return None


def read_tables(snapshot: Snapshot) -> list[HtmlTable]:
    """The `tables` of a page. Raises `ParseError` when it ends inside a table, or without its end."""
    text = snapshot.text()
    _refuse_cut(text.casefold(), snapshot.where())
    return tables(text)


def tables(text: str) -> list[HtmlTable]:
    """Every table of a page in document order, nested tables included.

    Raises `ParseError` for a page that exceeds the limits.
    """
    if not looks_like_markup(text[:512].encode()):
        return []
    found: list[HtmlTable] = []
    filled = 0
    for tag in page_tree(text).find_all("table"):
        found.append(_table(tag, MAX_CELLS - filled))
        filled += len(found[-1].header) * (len(found[-1].rows) + 1)
    return found


def page_tree(text: str) -> BeautifulSoup:
    """The tree of a page. Raises `ParseError` for one that exceeds the limits."""
    # Importing a source must not load the library; only reading a page needs it.
    from bs4 import BeautifulSoup

    check_limit("a page", len(text), MAX_CHARACTERS, "characters")
    check_limit("a page", text.count("<"), MAX_MARKS, "marks")
    check_limit("a page", text.count("="), MAX_ATTRIBUTES, "attributes")
    deep = deepest = 0
    for mark in _TABLE_MARK.finditer(text):
        deep = max(deep - 1, 0) if mark[1] else deep + 1
        deepest = max(deep, deepest)
    check_limit("a page", deepest, MAX_TABLES_DEEP, "tables within one another")
    page = BeautifulSoup(text, "lxml")
    depths = {id(page): 0}
    for tag in page.find_all(True):
        depths[id(tag)] = depths[id(tag.parent)] + 1
    check_limit("a page", max(depths.values()), MAX_DEPTH, "levels of nesting")
    return page


def without_sizing_dummies(found: list[HtmlTable]) -> list[HtmlTable]:
    """``found`` without the tables that only size columns.

    Some sites place a hidden copy of the header over a single row with the widest cell of each column, which mixes
    several models. So a table of one row is dropped when a longer one has the same header.
    """
    longer = {table.header for table in found if len(table.rows) > 1}
    return [table for table in found if len(table.rows) != 1 or table.header not in longer]


def _refuse_cut(text: str, where: str) -> None:
    is_whole = "</html" in text or "</body" in text or not ("<html" in text or "<body" in text)
    if text.rfind("<table") > text.rfind("</table") or not is_whole:
        raise ParseError(
            f"{where}: ends in {excerpt(text[-40:])!r}",
            "a whole page",
            "the page may be cut; look at the bytes",
        )


def _table(tag: Tag, cells_left: int = MAX_CELLS) -> HtmlTable:
    own = [row for row in tag.find_all("tr") if row.find_parent("table") is tag]
    heads = [_is_head(row) for row in own]
    grid = list(_grid(own, cells_left))
    # A table without header cells has its header in the first row.
    above = max(1, next((place for place, head in enumerate(heads) if not head), len(heads)))
    header = tuple(cell.text for cell in grid[above - 1]) if grid else ()
    width = len(header)
    below = zip(grid[above:], heads[above:], strict=True)
    rows = [row for row, head in below if row and not head]
    return HtmlTable(
        header,
        tuple((row + (EMPTY,) * width)[:width] for row in rows),
        {place: len(row) for place, row in enumerate(rows, 1) if len(row) != width},
    )


def _is_head(row: Tag) -> bool:
    if row.find_parent("thead") is not None:
        return True
    cells = row.find_all(["td", "th"], recursive=False)
    return bool(cells) and all(cell.name == "th" for cell in cells)


def _grid(rows: list[Tag], cells_left: int) -> Iterator[tuple[Cell, ...]]:
    """The rows with every spanning cell repeated wherever it reaches."""
    hanging: dict[int, tuple[int, Cell]] = {}  # column → rows it still reaches into, and the cell
    filled = 0
    for row in rows:
        line: list[Cell] = []
        below: dict[int, tuple[int, Cell]] = {}
        tags = deque(row.find_all(["td", "th"], recursive=False))
        cell, across, down = EMPTY, 0, 1
        while across or tags or hanging:
            place = len(line)
            if place in hanging:
                left, above = hanging.pop(place)
                line.append(above)
                if left > 1:
                    below[place] = (left - 1, above)
            elif across:
                line.append(cell)
                across -= 1
                if down > 1:
                    below[place] = (down - 1, cell)
            elif tags:
                tag = tags.popleft()
                cell, across, down = _cell(tag), _span(tag, "colspan"), _span(tag, "rowspan")
            else:
                line.append(EMPTY)
            if filled + len(line) > cells_left:
                raise ParseError("the tables of a page", f"at most {MAX_CELLS} cells", "look at the bytes")
        hanging = below
        filled += len(line)
        yield tuple(line)


def _cell(tag: Tag) -> Cell:
    parts = tuple(" ".join(piece.split()) for piece in tag.stripped_strings)
    titles = (str(inner["title"]).strip() for inner in tag.find_all(title=True))
    return Cell(parts, tuple(title for title in titles if title))


def _span(tag: Tag, name: str) -> int:
    text = str(tag.get(name, "1")).strip()
    wanted = int(text) if text.isascii() and text.isdigit() and len(text) < 10 else 1
    # A rowspan of zero means "to the end of its group".
    if wanted == 0:
        return MAX_SPAN[name] if name == "rowspan" else 1
    return min(wanted, MAX_SPAN[name])


def _key(name: str) -> str:
    return "".join(name.split()).casefold()

"""Bytes that are not whole: cut, repeated, in two pieces, or of rows of different widths."""

from __future__ import annotations

import pytest

from sources.contract import PRICE
from sources.errors import ParseError
from sources.parsing.frames import read_csv
from sources.parsing.html import read_tables
from tests.fixtures.bodies import snapshot

HEADER = "listed_name,mode,provider\n"


def read(text: str) -> tuple[list[str | None], list[str]]:
    """The names read, and the lines about the rows that were set aside."""
    taken = snapshot("litellm_prices", text)
    frame = read_csv(taken).conform(PRICE)
    return frame["listed_name"].to_list(), [row.line() for row in taken.set_aside]


def test_a_row_of_another_width_costs_itself_and_keeps_its_place() -> None:
    """Would catch a short row whose missing cells become nulls, and a long one that shifts its neighbours."""
    text = f'{HEADER}a,chat\nb,"chat, and\nmore",x\n\nc,chat,x,surplus\nd,chat,x\n'
    names, lost = read(text)
    assert names == ["b", "d"]
    assert lost == [
        "row 1 (a): row has 2 cells (expected 3, as in the header)",
        "row 3 (c): row has 4 cells (expected 3, as in the header)",
    ]


@pytest.mark.parametrize(
    ("tail", "says"),
    [
        ("b,ch", "2 cells in the last row; expected 3"),
        ("b", "1 cells in the last row"),
        ('b,"chat', "unexpected end of data"),
        ('b,"ch"at,x\n', "expected CSV"),
        ("b,chat,x,y", "4 cells in the last row"),
        (f"{HEADER}a,chat,x\n", "the header again in row 2"),
        ("</html>\n", "1 cells in the last row"),
        ("b,chat,x\n\0\0", "a NUL character"),
    ],
)
def test_what_is_cut_or_padded_is_refused(tail: str, says: str) -> None:
    """Would catch a connection that broke inside a line, and rows counted twice."""
    assert read(f"{HEADER}a,chat,x\nb,chat,x") == (["a", "b"], [])
    with pytest.raises(ParseError, match=says) as caught:
        read(f"{HEADER}a,chat,x\n{tail}")
    assert "\n" not in caught.value.line()


TABLE = "<table><tr><th>A</th><th>B</th></tr><tr><td>1</td><td>2</td></tr><tr><td>3</td></tr></table>"


@pytest.mark.parametrize(
    "text",
    [
        f"<!DOCTYPE html><html><body>{TABLE}",
        f"<html><body>{TABLE}<table><tr><td>1</td></tr></body></html>",
        TABLE.removesuffix("</table>"),
        "<html><body><p>In 2025 the US had 50",
    ],
    ids=["no end", "an open table", "inside a row", "inside a sentence"],
)
def test_a_page_that_is_cut_is_refused(text: str) -> None:
    """Would catch the first rows of a table taken for all of it."""
    with pytest.raises(ParseError, match="a whole page"):
        read_tables(snapshot("lmarena_site", text))


def test_a_whole_page_says_which_rows_lack_cells() -> None:
    """Would catch a row whose cells stand under other headers."""
    [table] = read_tables(snapshot("lmarena_site", f"<html><body>{TABLE}</body></html>"))
    assert dict(table.uneven) == {2: 1}
    assert read_tables(snapshot("lmarena_site", TABLE))[0].uneven == {2: 1}

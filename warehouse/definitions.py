"""What each term and measure means, read from ``definitions.toml``.

``meta.definitions`` and docs/method.md are written from it, so that the two cannot differ.
"""

from __future__ import annotations

import tomllib
from collections.abc import Iterable
from dataclasses import dataclass
from functools import cache
from itertools import groupby

from warehouse.workspace import PACKAGE

FILE = PACKAGE / "definitions.toml"


@dataclass(frozen=True)
class Definition:
    """One term or measure: where it stands (``schema.table`` or ``schema.table.column``) and what is done.

    ``formula``, ``estimand`` (what the figure tells) and ``source`` (where the rule comes from) are None where there
    is none.
    """

    section: str
    measure: str
    columns: tuple[str, ...]
    rule: str
    formula: str | None = None
    estimand: str | None = None
    source: str | None = None


@cache
def definitions() -> tuple[Definition, ...]:
    """All definitions, in the order of the file. Raises `KeyError` or `TypeError` for an entry that is not whole."""
    document = tomllib.loads(FILE.read_text(encoding="utf-8"))
    return tuple(
        Definition(
            section["title"],
            entry["measure"],
            tuple(entry["columns"]),
            # A line break in the file is one for its reader.
            **{
                name: " ".join(text.split())
                for name, text in entry.items()
                if name not in ("measure", "columns")
            },
        )
        for section in document["section"]
        for entry in section.get("definition", ())
    )


def by_section(found: Iterable[Definition]) -> list[tuple[str, list[Definition]]]:
    """Each section with its definitions, in order."""
    return [(title, list(entries)) for title, entries in groupby(found, key=lambda entry: entry.section)]

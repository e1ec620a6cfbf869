"""Entries of JSON and YAML documents, each read by itself: one with a value that cannot be read is set aside."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Mapping
from typing import Any, TypeVar

from sources.contract import Snapshot
from sources.contract.set_aside import SetAsideRow
from sources.errors import BadCell, ParseError, excerpt

#: Of fewer entries, one may lack by chance what the others have.
MANY = 10
Series = tuple[str, str, str]
Read = TypeVar("Read")


def read_entries(
    snapshot: Snapshot,
    entries: Iterable[tuple[object, object]],
    read: Callable[[Any, Any], Read],
    series: Callable[[Any], Series] | Series | None = None,
    score: Callable[[Any], object] = lambda entry: None,
    rank: Callable[[Any], object] = lambda entry: None,
) -> list[Read]:
    """What ``read`` makes of each entry, given as its name and its content.

    An entry for which it raises `BadCell` is set aside. Of a board, ``series`` is its board, variant and category,
    ``score`` and ``rank`` find them in an entry.
    """
    rows = []
    for place, (name, entry) in enumerate(entries, 1):
        try:
            rows.append(read(name, entry))
        except BadCell as error:
            snapshot.set_aside.append(
                SetAsideRow(
                    place,
                    excerpt(name, 80),
                    error.column,
                    error.cell,
                    error.expected,
                    rank=_number(rank, entry),
                    score=_number(score, entry),
                    series=series(name) if callable(series) else series,
                )
            )
    return rows


def refuse_nested(entry: object, marks: Collection[str], where: str) -> None:
    """Raises `ParseError` when ``entry`` holds an object with one of the keys ``marks``, at any depth.

    Such an object is an entry too: a bracket or a line is missing or in the wrong place, and what follows would vanish.
    """
    pending = list(entry.values()) if isinstance(entry, Mapping) else []
    while pending:
        value = pending.pop()
        if isinstance(value, Mapping):
            if any(mark in value for mark in marks):
                raise ParseError(
                    f"{where}: an entry inside an entry, with {excerpt(', '.join(map(str, value)), 80)}",
                    "entries side by side",
                    "the file is damaged; look at the bytes",
                )
            pending += value.values()
        elif isinstance(value, list):
            pending += value


def refuse_cut(entries: Iterable[object], where: str) -> None:
    """Raises `ParseError` when the last of ``entries`` lacks a key that all others have: the file may be cut."""
    keys = [set(entry) for entry in entries if isinstance(entry, dict)]
    missing = set.intersection(*keys[:-1]) - keys[-1] if len(keys) >= MANY else set()
    if missing:
        raise ParseError(
            f"{where}: the last entry lacks {excerpt(', '.join(sorted(map(str, missing))), 80)}",
            "what all others have",
            "the file may be cut; look at the bytes",
        )


def _number(find: Callable[[Any], object], entry: object) -> float | None:
    try:
        value = find(entry)
    except (KeyError, TypeError, AttributeError, StopIteration):
        return None
    return float(value) if isinstance(value, int | float) and not isinstance(value, bool) else None

"""The size of a body beside the one before it, and what it no longer has."""

from __future__ import annotations

from collections.abc import Iterator

import polars as pl

from sources.ingestion.plausibility.points import SERIES

#: A list that has less than this share of its rows has lost some.
LEAST_ROWS = 0.8
#: How many names a line shows.
SHOWN = 5


def suspicious_size(rows: int, size: int, old_rows: int, old_size: int, growth: float) -> str | None:
    """What is odd about a body with ``rows`` rows and ``size`` bytes after an older one; None if nothing is.

    Neither may be ``growth`` times as large or small.
    """
    for what, new, old in (("rows", rows, old_rows), ("bytes", size, old_size)):
        if new > growth * old or new < old / growth:
            return f"{new} {what}, after {old}"
    return None


def vanished_series(now: pl.DataFrame, before: pl.DataFrame) -> Iterator[str]:
    """One line for each board and variant that ``now`` lacks or lacks categories of; both as `OBSERVATION`."""
    missing = before.select(SERIES).unique().join(now.select(SERIES).unique(), on=SERIES, how="anti")
    listed = set(now.select("board", "variant").unique().iter_rows())
    for (board, variant), gone in sorted(missing.partition_by("board", "variant", as_dict=True).items()):
        if (board, variant) in listed:
            yield f"{board}/{variant} no longer lists {_some(gone['category'].to_list())}"
        else:
            yield f"{board}/{variant} is gone"


def changed_files(now: frozenset[str], before: frozenset[str]) -> Iterator[str]:
    """Lines for the files of a ZIP that are gone, and for new ones."""
    if gone := sorted(before - now):
        yield f"the ZIP no longer holds {_some(gone)}"
    if new := sorted(now - before):
        yield f"the ZIP newly holds {_some(new)}"


def _some(names: list[str]) -> str:
    names = sorted(names)
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return ", ".join(names[:SHOWN]) + more

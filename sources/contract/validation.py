"""Parse a snapshot and check its rows against the contract of its source."""

from __future__ import annotations

import polars as pl

from sources.contract.names import with_comparable, with_visible_text
from sources.contract.plausible import hold_against_walls
from sources.contract.rows import OBSERVATION, rule_of
from sources.contract.set_aside import SERIES, TOP_SHARE, Parsed, check_set_aside
from sources.contract.snapshot import Snapshot
from sources.contract.source import Coverage, Source
from sources.errors import BadCell, EmptyTable, ParseError


def read(source: Source, snapshot: Snapshot) -> Parsed:
    """The rows of ``snapshot`` in the schema of ``source``, and those that were set aside.

    Text is as printed without characters that are not seen; boards, variants and categories are as `comparable`
    gives them. Raises `ParseError` when the rows do not fulfil the contract or too many were set aside, and
    `EmptyTable` when there are none.
    """
    # A fresh list: the same snapshot may be read twice.
    snapshot = Snapshot(snapshot.body, snapshot.receipt)
    where = snapshot.where()
    try:
        frame = source.parse(snapshot)
    except BadCell as error:
        # Not of a row: of the whole table.
        raise ParseError(f"{where}: {error.found}", error.expected, error.remedy) from None
    _check_schema(frame, source, where)
    is_board = source.schema is OBSERVATION
    frame = with_visible_text(frame)
    if is_board:
        frame = with_comparable(frame, SERIES)
    frame, implausible = hold_against_walls(frame, source, snapshot.receipt, where)
    parsed = Parsed(frame, (*snapshot.set_aside, *implausible))
    check_set_aside(parsed, _top_share(source), where)
    _check_figures(frame, source, where)
    return parsed


def _top_share(source: Source) -> float:
    """The part of a board in which no row may be lost: of a listing that is cut, all of it; 0 for other tables."""
    if source.schema is not OBSERVATION:
        return 0.0
    is_cut = source.coverage is not Coverage.WHOLE or source.may_shrink
    return 1.0 if is_cut else TOP_SHARE


def _check_schema(frame: pl.DataFrame, source: Source, where: str) -> None:
    """Raises `ParseError` unless ``frame`` has the declared columns and types and finite numbers."""
    expected = dict(source.schema)
    if dict(frame.schema) != expected:
        wrong = [
            f"{name}: {frame.schema.get(name, 'missing')} for {kind}"
            for name, kind in expected.items()
            if frame.schema.get(name) != kind
        ] + [f"{name}: not declared" for name in frame.columns if name not in expected]
        detail = "; ".join(wrong) or "columns out of order"
        raise ParseError(f"{where}: {detail}", "the declared schema", "fix the parser")
    for name in (name for name, kind in expected.items() if kind.is_float()):
        bad = frame.filter(~pl.col(name).is_finite())
        if not bad.is_empty():
            raise ParseError(
                f"{where}: {bad.height} rows with {name} not a finite number",
                "a number, or null where upstream has none",
                "make it null in the parser",
            )


def _check_figures(frame: pl.DataFrame, source: Source, where: str) -> None:
    """Raises `EmptyTable` when ``frame`` has no rows or no figures."""
    if frame.is_empty():
        raise EmptyTable(
            f"{where}: no rows", f"at least {source.row_floor}", "the last good bytes stay in use"
        )
    needed = rule_of(source.schema).needs_any
    if all(frame[name].null_count() == frame.height for name in needed):
        raise EmptyTable(f"{where}: no row has a {' or '.join(needed)}", "figures", "look at the bytes")

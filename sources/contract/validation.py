"""Parse a snapshot and check its rows against the contract of its source."""

from __future__ import annotations

from pathlib import Path

import polars as pl

from sources.contract.names import with_comparable, with_visible_text
from sources.contract.plausible import Around, errors_apart, hold_against_walls, joined, shares_possible
from sources.contract.rows import OBSERVATION, rule_of
from sources.contract.set_aside import (
    ROWS_AT_ONCE,
    SERIES,
    TOP_SHARE,
    Parsed,
    ParsedFile,
    SetAsideRow,
    allowed,
    check_set_aside,
)
from sources.contract.snapshot import Piece, Snapshot
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
    frame, implausible = hold_against_walls(_rows(source, snapshot), source, snapshot.receipt, where)
    parsed = Parsed(frame, (*snapshot.set_aside, *implausible))
    check_set_aside(parsed, _top_share(source), where)
    _check_figures(frame, source, where)
    return parsed


def read_in_pieces(
    source: Source, snapshot: Snapshot, folder: Path, at_once: int = ROWS_AT_ONCE
) -> Parsed | ParsedFile:
    """What `read` returns and raises for ``snapshot``, with the rows in files in ``folder``.

    Its table, which can be `Source.in_pieces`, is read ``at_once`` rows at a time. A body of which too much is wrong to
    be accepted by its pieces is read whole: only then it is known what is wrong with it as a whole.
    """
    try:
        parsed = _read_in_pieces(source, snapshot, folder, at_once, most_differ=False)
        if parsed is None:
            parsed = _read_in_pieces(source, snapshot, folder, at_once, most_differ=True)
    # Whatever it is, by reading the whole it comes again, or it was of a piece alone.
    except (Exception, pl.exceptions.PanicException):
        parsed = None
    return read(source, snapshot) if parsed is None else parsed


def _read_in_pieces(
    source: Source, snapshot: Snapshot, folder: Path, at_once: int, *, most_differ: bool
) -> ParsedFile | None:
    """None where ``most_differ`` is wrong. Raises `ParseError` where the whole must show what is wrong with it."""
    where, receipt = snapshot.where(), snapshot.receipt
    piece = Piece(at_once)
    lost: list[SetAsideRow] = []
    implausible: list[SetAsideRow] = []
    parsed_rows = differing = comparable = 0
    figures = False
    needed = rule_of(source.schema).needs_any
    unclear = ParseError(f"{where}: rows or figures in doubt", "a table that its pieces show to be right")
    while piece.first == 0 or piece.first < piece.total:
        part = Snapshot(snapshot.body, receipt, piece=piece)
        frame = _rows(source, part)
        if shares_possible(frame, source):
            raise unclear
        differ, could = errors_apart(frame, source)
        differing, comparable = differing + differ, comparable + could
        around = Around(parsed_rows, piece.total, most_differ)
        parsed_rows += frame.height
        frame, bad = hold_against_walls(frame, source, receipt, where, around)
        lost += part.set_aside
        implausible += bad
        figures |= any(frame[name].null_count() < frame.height for name in needed)
        frame.write_parquet(folder / f"{piece.first:012}.parquet", compression="lz4")
        piece.first += at_once
    rows_lost = len(lost) + sum(not one.is_cell for one in implausible)
    if not figures or rows_lost > allowed(parsed_rows):
        raise unclear
    if (differing * 2 > comparable) is not most_differ:
        return None
    parsed = ParsedFile(folder, (*lost, *joined(implausible, source, receipt)))
    check_set_aside(parsed, _top_share(source), where)
    return parsed


def _rows(source: Source, snapshot: Snapshot) -> pl.DataFrame:
    """The rows that the parser finds, with comparable names."""
    where = snapshot.where()
    try:
        frame = source.parse(snapshot)
    except BadCell as error:
        # Not of a row: of the whole table.
        raise ParseError(f"{where}: {error.found}", error.expected, error.remedy) from None
    _check_schema(frame, source, where)
    frame = with_visible_text(frame)
    return with_comparable(frame, SERIES) if source.schema is OBSERVATION else frame


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

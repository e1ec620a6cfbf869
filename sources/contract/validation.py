"""Parse a snapshot and check its rows against the contract of its source."""

from __future__ import annotations

import polars as pl

from sources.contract.rows import OBSERVATION, RULES, Rule
from sources.contract.set_aside import Parsed, check_set_aside
from sources.contract.snapshot import Snapshot
from sources.contract.source import Source
from sources.errors import EmptyTable, ParseError


def read(source: Source, snapshot: Snapshot) -> Parsed:
    """The rows of ``snapshot`` in the schema of ``source``, and those that its parser set aside.

    Raises `ParseError` when they do not fulfil the contract or too many were set aside, and `EmptyTable` when there
    are none.
    """
    # A fresh list: the same snapshot may be read twice.
    snapshot = Snapshot(snapshot.body, snapshot.receipt)
    frame = validate(source.parse(snapshot), source, snapshot)
    parsed = Parsed(frame, tuple(snapshot.set_aside))
    check_set_aside(parsed, source.schema is OBSERVATION, snapshot.where())
    return parsed


def validate(frame: pl.DataFrame, source: Source, snapshot: Snapshot) -> pl.DataFrame:
    """``frame`` itself, if it has the declared columns and types, finite numbers and every required value.

    Raises `ParseError` or, when the frame has no rows or no figures, `EmptyTable`.
    """
    where = snapshot.where()
    expected = dict(source.schema)
    if dict(frame.schema) != expected:
        wrong = [
            f"{name}: {frame.schema.get(name, 'missing')} for {kind}"
            for name, kind in expected.items()
            if frame.schema.get(name) != kind
        ] + [f"{name}: not declared" for name in frame.columns if name not in expected]
        detail = "; ".join(wrong) or "columns out of order"
        raise ParseError(f"{where}: {detail}", "the declared schema", "fix the parser")
    if frame.is_empty():
        raise EmptyTable(
            f"{where}: no rows", f"at least {source.row_floor}", "the last good bytes stay in use"
        )
    for name in (name for name, kind in expected.items() if kind.is_float()):
        bad = frame.filter(~pl.col(name).is_finite())
        if not bad.is_empty():
            raise ParseError(
                f"{where}: {bad.height} rows with {name} not a finite number",
                "a number, or null where upstream has none",
                "make it null in the parser",
            )
    # By identity: see `RULES`.
    for rule in RULES:
        if rule.schema is source.schema:
            _check_rule(frame, rule, where)
    return frame


def _check_rule(frame: pl.DataFrame, rule: Rule, where: str) -> None:
    for name in rule.required:
        missing = pl.col(name).is_null()
        if rule.schema[name] == pl.String():
            missing |= pl.col(name).str.strip_chars() == ""
        bad = frame.filter(missing)
        if not bad.is_empty():
            raise ParseError(
                f"{where}: {bad.height} rows without {name}",
                "every row has " + ", ".join(rule.required),
                "fix the parser or look at the bytes",
            )
    if all(frame[name].null_count() == frame.height for name in rule.needs_any):
        raise EmptyTable(
            f"{where}: no row has a {' or '.join(rule.needs_any)}", "figures", "look at the bytes"
        )

"""What the rows of each schema must hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from sources.contract.rows import CHIP, RULES, Rule
from sources.contract.set_aside import Parsed
from sources.contract.source import Source
from sources.contract.validation import read
from sources.errors import EmptyTable, ParseError
from sources.registry import all_sources, get
from tests.fixtures import bodies


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.id)
def test_every_schema_in_use_says_what_its_rows_must_hold(source: Source) -> None:
    """Would catch a new kind of table whose rows may be nameless, empty or infinite."""
    (rule,) = [rule for rule in RULES if rule.schema is source.schema]
    assert set(rule.required) | set(rule.needs_any) <= set(source.schema)


EXAMPLE: dict[pl.DataType, Any] = {
    pl.String(): "sample", pl.Float64(): None, pl.Int64(): 1, pl.Int32(): 1, pl.Boolean(): True,
    pl.Date(): date(2026, 1, 2), pl.List(pl.String()): ["sample"],
}  # fmt: skip


def read_rows(rule: Rule, *rows: dict[str, Any]) -> Parsed:
    """What is read of rows in the schema of ``rule``, most with usual values."""
    usual = {name: EXAMPLE[kind] for name, kind in rule.schema.items()} | {"edition": 2026}
    figures = {name: 1e12 for name in rule.needs_any if rule.schema[name] == pl.Float64()}
    figures |= (
        {"score": 50.0, "input_usd_per_mtok": 1.0, "output_usd_per_mtok": 1.0}
        if rule.schema is not CHIP
        else {}
    )
    usual |= {name: value for name, value in figures.items() if name in rule.schema}
    frame = pl.DataFrame([{**usual, **row} for row in rows], schema=dict(rule.schema), strict=False)
    source = replace(get("models_dev"), schema=rule.schema, parse=lambda snapshot: frame)
    return read(source, bodies.snapshot("models_dev", "{}"))


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.required[0])
def test_rows_are_held_against_their_rule(rule: Rule) -> None:
    """Would catch a check that only leaderboards get: names, figures, finite numbers."""
    assert read_rows(rule, {}).frame.height == 1
    for name in rule.required:
        with pytest.raises(ParseError, match=f"{name} is missing"):
            read_rows(rule, {name: None})
    with pytest.raises(EmptyTable, match=" or ".join(rule.needs_any)):
        read_rows(rule, dict.fromkeys(rule.needs_any))
    for name in (name for name, kind in rule.schema.items() if kind == pl.Float64()):
        with pytest.raises(ParseError, match=f"{name} not a finite number"):
            read_rows(rule, {name: float("inf")})
    nameless = next((name for name in rule.required if rule.schema[name] == pl.String()), None)
    if nameless:
        with pytest.raises(ParseError, match=f"{nameless} ''"):
            read_rows(rule, {nameless: "  "})

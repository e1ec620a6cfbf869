"""What the rows of each schema must hold."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Any

import polars as pl
import pytest

from sources.contract.rows import RULES, Rule
from sources.contract.source import Source
from sources.contract.validation import validate
from sources.errors import EmptyTable, ParseError
from sources.registry import all_sources, get
from tests.fixtures import bodies


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.id)
def test_every_schema_in_use_says_what_its_rows_must_hold(source: Source) -> None:
    """Would catch a new kind of table whose rows may be nameless, empty or infinite."""
    (rule,) = [rule for rule in RULES if rule.schema is source.schema]
    assert set(rule.required) | set(rule.needs_any) <= set(source.schema)


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.required[0])
def test_rows_are_held_against_their_rule(rule: Rule) -> None:
    """Would catch a check that only leaderboards get: names, figures, finite numbers."""
    taken = bodies.snapshot("models_dev", "{}")
    source = replace(get("models_dev"), schema=rule.schema)
    example: dict[pl.DataType, Any] = {
        pl.String(): "sample", pl.Float64(): 1.0, pl.Int64(): 1, pl.Int32(): 1, pl.Boolean(): True,
        pl.Date(): date(2026, 1, 2), pl.List(pl.String()): ["sample"],
    }  # fmt: skip
    row = {name: example[kind] for name, kind in rule.schema.items()}

    def held(**changes: Any) -> pl.DataFrame:
        return validate(pl.DataFrame([{**row, **changes}], schema=dict(rule.schema)), source, taken)

    assert held().height == 1
    for name in rule.required:
        with pytest.raises(ParseError, match=f"without {name}"):
            held(**{name: None})
    with pytest.raises(EmptyTable, match=" or ".join(rule.needs_any)):
        held(**dict.fromkeys(rule.needs_any))
    for name in (name for name, kind in rule.schema.items() if kind == pl.Float64()):
        with pytest.raises(ParseError, match=f"{name} not a finite number"):
            held(**{name: float("inf")})
    nameless = next((name for name in rule.required if rule.schema[name] == pl.String()), None)
    if nameless:
        with pytest.raises(ParseError, match=f"without {nameless}"):
            held(**{nameless: "  "})

"""The schemas of parsed rows, one for each kind of table, and their required values."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property

import polars as pl


class Schema(Mapping[str, "pl.DataType"]):
    """Columns and their types, made when they are asked for: declaring a source must not load Polars."""

    def __init__(self, types: Callable[[], dict[str, pl.DataType]]) -> None:
        self._make = types

    @cached_property
    def _types(self) -> dict[str, pl.DataType]:
        return self._make()

    def __getitem__(self, name: str) -> pl.DataType:
        return self._types[name]

    def __iter__(self) -> Iterator[str]:
        return iter(self._types)

    def __len__(self) -> int:
        return len(self._types)


#: One row per score, as printed: neither rounded nor rescaled. ``published_on`` is null when upstream prints no
#: date, ``score`` when it prints none or NaN.
OBSERVATION = Schema(
    lambda: {
        "board": pl.String(),
        "variant": pl.String(),
        "category": pl.String(),
        "published_on": pl.Date(),
        "model_name": pl.String(),
        "organization_name": pl.String(),
        "license_name": pl.String(),
        "score": pl.Float64(),
        "score_low": pl.Float64(),
        "score_high": pl.Float64(),
        "standard_error": pl.Float64(),
        "votes": pl.Int64(),
        "rank": pl.Int32(),
        "released_on": pl.Date(),
        "extra": pl.String(),
    }
)

#: One row per model and provider of a price list, resellers included. US dollars per million tokens, as printed:
#: null where nothing is printed, 0.0 where a zero is printed, which lists use for "free" and for "not known" alike.
#: Of prices by length of prompt those of the shortest, which hold for prompts of ``tier_up_to_tokens``, null where one
#: price holds for all or the length is not printed. ``listed_on`` is the list's own date, null when it prints none.
PRICE = Schema(
    lambda: {
        "listed_name": pl.String(),
        "provider": pl.String(),
        "mode": pl.String(),
        "input_usd_per_mtok": pl.Float64(),
        "output_usd_per_mtok": pl.Float64(),
        "cached_input_usd_per_mtok": pl.Float64(),
        "has_tiered_prices": pl.Boolean(),
        "tier_up_to_tokens": pl.Int64(),
        "listed_on": pl.Date(),
        "released_on": pl.Date(),
        "open_weights": pl.Boolean(),
        "context_tokens": pl.Int64(),
        "extra": pl.String(),
    }
)

#: One row per chip, in operations and bytes per second. A blank is null, never zero: some chips have a plain FP16
#: rate and no tensor rate, which is another quantity. ``availability`` (announced, sampled, shipped) is null unless
#: the source says it.
CHIP = Schema(
    lambda: {
        "chip_name": pl.String(),
        "manufacturer_name": pl.String(),
        "released_on": pl.Date(),
        "availability": pl.String(),
        "fp16_tensor_flops": pl.Float64(),
        "bf16_tensor_flops": pl.Float64(),
        "fp16_flops": pl.Float64(),
        "fp8_tensor_flops": pl.Float64(),
        "int8_tensor_ops": pl.Float64(),
        "memory_bytes": pl.Float64(),
        "bandwidth_bytes_per_s": pl.Float64(),
        "interconnect_bytes_per_s": pl.Float64(),
        "tdp_watts": pl.Float64(),
        "process_nm": pl.Float64(),
        "extra": pl.String(),
    }
)

#: One row per model of a list of notable models. ``countries`` has one printed name for each country of each
#: organization, so a name may occur twice; it is null where none is printed. ``open_weights`` is null where
#: ``accessibility`` is blank.
NOTABLE_MODEL = Schema(
    lambda: {
        "model_name": pl.String(),
        "organizations": pl.List(pl.String()),
        "countries": pl.List(pl.String()),
        "published_on": pl.Date(),
        "domain": pl.String(),
        "parameters": pl.Float64(),
        "training_compute_flop": pl.Float64(),
        "accessibility": pl.String(),
        "open_weights": pl.Boolean(),
        "extra": pl.String(),
    }
)

#: One row per published figure about the two countries, or a third party next to them. ``us``, ``china`` and
#: ``other`` are values in ``unit``; their labels say of what (a model, a company, the third party). ``gap`` is the
#: US value minus the Chinese one, where the publisher states it. ``sentence`` is the evidence in its words.
FIGURE = Schema(
    lambda: {
        "edition": pl.Int32(),
        "figure": pl.String(),
        "measure": pl.String(),
        "period": pl.String(),
        "us": pl.Float64(),
        "us_label": pl.String(),
        "china": pl.Float64(),
        "china_label": pl.String(),
        "other": pl.Float64(),
        "other_label": pl.String(),
        "unit": pl.String(),
        "gap": pl.Float64(),
        "gap_unit": pl.String(),
        "note": pl.String(),
        "sentence": pl.String(),
        "address": pl.String(),
    }
)

#: One row per row of upstream's table that was left out, or per column with cells that were:
#: `sources.contract.set_aside`.
SET_ASIDE = Schema(
    lambda: {
        "row": pl.Int64(),
        "name": pl.String(),
        "column_name": pl.String(),
        "found": pl.String(),
        "expected": pl.String(),
        "is_cell": pl.Boolean(),
        "rows": pl.Int64(),
    }
)


@dataclass(frozen=True)
class Rule:
    """The values that the rows of a schema must have."""

    schema: Mapping[str, pl.DataType]
    #: The column that says what a row is about.
    name: str
    #: Columns without nulls and blank text.
    required: tuple[str, ...]
    #: A table where all of these columns are null throughout counts as empty.
    needs_any: tuple[str, ...]


#: Looked up by the identity of the schema: two schemas may have equal columns and mean different things.
RULES = (
    Rule(OBSERVATION, "model_name", ("board", "variant", "category", "model_name"), ("score",)),
    Rule(
        PRICE,
        "listed_name",
        ("listed_name", "has_tiered_prices"),
        ("input_usd_per_mtok", "output_usd_per_mtok"),
    ),
    Rule(
        CHIP,
        "chip_name",
        ("chip_name",),
        ("fp16_tensor_flops", "fp16_flops", "memory_bytes", "bandwidth_bytes_per_s"),
    ),
    Rule(NOTABLE_MODEL, "model_name", ("model_name",), ("countries",)),
    Rule(FIGURE, "measure", ("edition", "measure", "sentence"), ("us", "china", "other", "gap")),
)


def rule_of(schema: Mapping[str, pl.DataType]) -> Rule:
    """The rule of ``schema``, one of those above. Raises `StopIteration` for any other."""
    return next(rule for rule in RULES if rule.schema is schema)


def conform(
    rows: pl.DataFrame | Sequence[Mapping[str, object]],
    schema: Mapping[str, pl.DataType] = OBSERVATION,
    **constants: str | date | None,
) -> pl.DataFrame:
    """``rows`` with the columns and types of ``schema`` in its order; columns they lack are null.

    ``constants`` are columns with one value throughout. NaN and infinities become null (upstream prints them where
    it has no figure), and so do whole numbers outside the range of their type.
    """
    if not isinstance(rows, pl.DataFrame):
        # Whole numbers that are too large for their type become null below.
        wide = {name: pl.Int64() if kind.is_integer() else kind for name, kind in schema.items()}
        rows = pl.DataFrame(rows, schema=wide, orient="row")
    rows = rows.with_columns(pl.lit(value).alias(name) for name, value in constants.items())
    columns = []
    for name, kind in schema.items():
        column = pl.col(name) if name in rows.columns else pl.lit(None)
        if kind.is_integer():
            column = column.cast(pl.Int64).cast(kind, strict=False)
        elif kind.is_float():
            column = column.cast(kind)
            column = pl.when(column.is_finite()).then(column)
        columns.append(column.cast(kind).alias(name))
    return rows.select(columns)

"""Price lists, lists of chips and of notable models, published figures: a list beside what was known before."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import polars as pl

from sources.contract.rows import CHIP, FIGURE, NOTABLE_MODEL, PRICE
from sources.ingestion.plausibility.factors import times
from sources.ingestion.plausibility.suspicion import Suspicion

#: A median factor beyond this is another unit, if at least so many rows have it.
RATIO = 2.0
ENOUGH_SHARED = 10


@dataclass(frozen=True)
class ListRules:
    """How rows of one schema are compared: ``item`` names a row, ``figures`` are its numbers.

    A figure that changed by at least ``factor`` is suspicious, and with it all rows that share the values of ``held``
    with its row (none: the whole list).
    """

    schema: Mapping[str, pl.DataType]
    item: tuple[str, ...]
    figures: tuple[str, ...]
    factor: float
    held: tuple[str, ...] = ()


CHIP_FIGURES = tuple(name for name, kind in CHIP.items() if kind.is_float())
#: Looked up by the identity of the schema, as `sources.contract.rows.RULES`.
RULES = (
    # Real prices have fallen by factors up to 50 from one list to the next.
    ListRules(
        PRICE,
        item=("provider", "listed_name", "mode"),
        figures=("input_usd_per_mtok", "output_usd_per_mtok", "cached_input_usd_per_mtok"),
        factor=100,
        held=("provider", "listed_name"),
    ),
    # A data sheet does not change; a sparse rate for a dense one is a factor of 2.
    ListRules(CHIP, item=("chip_name",), figures=CHIP_FIGURES, factor=2.5),
    # Estimates are corrected by factors up to 10.
    ListRules(
        NOTABLE_MODEL, item=("model_name",), figures=("parameters", "training_compute_flop"), factor=100
    ),
    ListRules(
        FIGURE,
        item=("edition", "figure", "measure", "period", "us_label", "china_label", "other_label"),
        figures=("us", "china", "other", "gap"),
        factor=3,
        held=("edition", "measure"),
    ),
)


def rules_of(schema: Mapping[str, pl.DataType]) -> ListRules | None:
    """The rules for rows in ``schema``; None for leaderboards, which are compared otherwise."""
    return next((rules for rules in RULES if rules.schema is schema), None)


def suspicious_rows(rules: ListRules, now: pl.DataFrame, known: pl.DataFrame) -> list[Suspicion]:
    """The rows among ``now`` that do not fit the ``known`` ones, or the whole list.

    ``known`` are rows in the same schema and the day ``known_on`` of each; of several the newest counts.
    """
    found: dict[tuple[str | None, ...], str] = {}
    for figure in rules.figures:
        changes = _changes(rules, figure, now, known)
        ratios = changes["ratio"]
        middle = ratios.median()
        if changes.height >= ENOUGH_SHARED and isinstance(middle, float) and not 1 / RATIO <= middle <= RATIO:
            newest = changes["known_on"].max()
            return [Suspicion({}, f"{figure} is {times(middle)} what it was on {newest!s}")]
        for row in changes.filter(_beyond(rules.factor)).iter_rows(named=True):
            name = "/".join(str(row[column]) for column in rules.item if row[column] is not None)
            what = figure if rules.held else f"{figure} of {name}"
            reason = f"{what} is {row['now']:.6g}, after {row['before']:.6g} on {row['known_on']}"
            found.setdefault(_held(rules, row), reason)
    if not rules.held:
        # One wrong figure holds the whole list: the first is shown.
        return [Suspicion({}, reason) for reason in list(found.values())[:1]]
    return [Suspicion(dict(zip(rules.held, key, strict=True)), reason) for key, reason in found.items()]


def _changes(rules: ListRules, figure: str, now: pl.DataFrame, known: pl.DataFrame) -> pl.DataFrame:
    """Items with the figure ``now`` and the one ``before``, both not 0, and their ``ratio``."""
    item = list(rules.item)
    has_figure = pl.col(figure).is_not_null() & (pl.col(figure) != 0)
    newest = known.filter(has_figure).filter(pl.col("known_on") == pl.col("known_on").max().over(item))
    # An item listed twice with different figures is not compared: which of them is meant is not known.
    before = (
        newest.group_by(item)
        .agg(pl.col("known_on").first(), before=pl.col(figure).first(), kinds=pl.col(figure).n_unique())
        .filter(pl.col("kinds") == 1)
    )
    return (
        now.filter(has_figure)
        .group_by(item, maintain_order=True)
        .agg(now=pl.col(figure).first(), kinds=pl.col(figure).n_unique())
        .filter(pl.col("kinds") == 1)
        .join(before, on=item, nulls_equal=True)
        .with_columns(ratio=pl.col("now") / pl.col("before"))
    )


def _beyond(factor: float) -> pl.Expr:
    # A price of 0.15 and one of 15 differ by a hundredfold, up to rounding.
    limit = factor * (1 - 1e-9)
    return (pl.col("ratio") >= limit) | (pl.col("ratio") <= 1 / limit)


def _held(rules: ListRules, row: Mapping[str, object]) -> tuple[str | None, ...]:
    return tuple(None if row[column] is None else str(row[column]) for column in rules.held)

"""The parameters of a release: the domain of each, and the first step of a build that reads it.

Their values are lines of ``parameters.csv``, published as ``meta.parameters``. SQL reads them from the one row of
``internal.settings`` (`settings_query`), which has a typed column for each.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterator, Mapping
from dataclasses import dataclass
from datetime import date

from sources.errors import meant
from warehouse.reference.cells import is_date, is_number
from warehouse.tables.domains import LISTINGS, MONTH_RULES

#: How a model gets its country. Each line of attributions.csv makes one more: "hq" with that attribution changed.
COUNTRY_RULES = ("hq", "any", "cn_hk")

#: The names that a parameter must be one of, by its `Parameter.names`.
Names = Mapping[str, Collection[str]]


@dataclass(frozen=True)
class Parameter:
    """``kind`` is the DuckDB type of its column in ``internal.settings``.

    ``stage`` is the first step that reads it: core or marts. ``expected`` says in words what passes
    `accepts`; a parameter with ``names`` must be one of these names instead.
    """

    name: str
    kind: str
    stage: str
    expected: str
    accepts: Callable[[str], bool] = lambda value: True
    names: str = ""


@dataclass(frozen=True)
class Refusal:
    """A value outside the domain of a parameter, what is expected, and what to do."""

    name: str
    value: str
    expected: str
    remedy: str = ""


def _one_of(*words: str) -> tuple[str, Callable[[str], bool]]:
    return " or ".join(words), lambda value: value in words


def _number(low: float, high: float | None = None) -> tuple[str, Callable[[str], bool]]:
    span = f"from {low:g} to {high:g}" if high is not None else f"of {low:g} or more"
    return (
        f"a number {span}",
        lambda value: is_number(value) and low <= float(value) <= (high or float("inf")),
    )


def _whole_number(low: int, high: int) -> tuple[str, Callable[[str], bool]]:
    return (
        f"a whole number from {low} to {high}",
        lambda value: re.fullmatch(r"[0-9]{1,9}", value) is not None and low <= int(value) <= high,
    )


def _are_levels(value: str) -> bool:
    levels = value.split(";")
    return all(map(is_number, levels)) and len({float(level) for level in levels}) == len(levels)


def _is_first_of_month(value: str) -> bool:
    return is_date(value) and date.fromisoformat(value).day == 1


PARAMETERS: tuple[Parameter, ...] = (
    Parameter("country_rule", "VARCHAR", "marts", "a country rule", names="country rules"),
    Parameter("country_a", "VARCHAR", "marts", "a country that has a model", names="countries"),
    Parameter("country_b", "VARCHAR", "marts", "a country that has a model", names="countries"),
    Parameter("month_rule", "VARCHAR", "marts", *_one_of(*MONTH_RULES)),
    Parameter("listing", "VARCHAR", "marts", *_one_of(*LISTINGS)),
    Parameter("unlisted_error", "DOUBLE", "marts", *_number(0)),
    Parameter("spine_board", "VARCHAR", "marts", "a board", names="boards"),
    Parameter("spine_from", "DATE", "marts", "the first day of a month, YYYY-MM-01", _is_first_of_month),
    Parameter("same_within", "DOUBLE", "core", *_number(0)),
    Parameter("same_share", "DOUBLE", "core", *_number(0, 1)),
    Parameter("whole_share", "DOUBLE", "core", *_number(0, 1)),
    Parameter("sources_agree_within", "DOUBLE", "core", *_number(0)),
    Parameter("near_ceiling", "DOUBLE", "marts", *_number(0, 100)),
    Parameter("near_top_points", "DOUBLE", "marts", *_number(0)),
    Parameter("outlook_months", "DOUBLE", "marts", *_number(0)),
    Parameter(
        "outlook_record_from", "DATE", "marts", "the first day of a month, YYYY-MM-01", _is_first_of_month
    ),
    Parameter("price_levels", "DOUBLE[]", "marts", "different numbers with ; between them", _are_levels),
    Parameter("price_blend_input", "DOUBLE", "marts", *_number(0)),
    Parameter("price_blend_output", "DOUBLE", "marts", *_number(0)),
    Parameter("publication_lasts_days", "INTEGER", "marts", *_whole_number(0, 3660)),
    Parameter("lag_tolerance_index", "DOUBLE", "marts", *_number(0)),
)


def parameter(name: str) -> Parameter | None:
    """The declaration of ``name``, None if there is no such parameter."""
    return next((declared for declared in PARAMETERS if declared.name == name), None)


def refusals(values: Mapping[str, str], names: Names) -> Iterator[Refusal]:
    """The values outside the domain of their parameter; ``values`` has one for each parameter.

    ``names`` has the existing countries, country rules and boards.
    """
    for declared in PARAMETERS:
        value = values[declared.name]
        if declared.names:
            known = sorted(names[declared.names])
            if value not in known:
                expected = f"{declared.expected}: {', '.join(known)}"
                yield Refusal(declared.name, value, expected, meant(value, known))
        elif not declared.accepts(value):
            yield Refusal(declared.name, value, declared.expected)
    if values["country_a"] == values["country_b"]:
        yield Refusal("country_b", values["country_b"], "another country than country_a")
    blend = [values["price_blend_input"], values["price_blend_output"]]
    if all(map(is_number, blend)) and not any(map(float, blend)):
        yield Refusal(
            "price_blend_output", blend[1], "one of price_blend_input and price_blend_output above 0"
        )


def settings_query() -> str:
    """The query of the view ``internal.settings`` over ``meta.parameters``."""
    columns = ",\n    ".join(f"{_typed(declared)} AS {declared.name}" for declared in PARAMETERS)
    # One aggregate: DuckDB takes longer to bind one for each than to run most queries that read a few of them.
    return f"SELECT\n    {columns}\nFROM (SELECT map(list(name), list(value)) AS given FROM meta.parameters)"


def _typed(declared: Parameter) -> str:
    value = f"given['{declared.name}']"
    return (
        f"string_split({value}, ';')::DOUBLE[]"
        if declared.kind == "DOUBLE[]"
        else f"{value}::{declared.kind}"
    )

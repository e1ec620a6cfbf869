"""`warehouse.lineage` as Dagster has it: the assets a table depends on, and column lineage for the catalogue.

Not every published table is an asset (of ``meta`` only two are) and reference tables are none at all. ``shown``
names the tables that are; a table that is not is replaced by the tables it is filled from.
"""

from collections.abc import Collection, Iterator
from functools import cache

import dagster as dg

from warehouse import lineage
from warehouse.builder import graph

#: The one input that is an asset.
OBSERVATIONS = "observations"


def table_key(name: str) -> dg.AssetKey:
    """The asset key of the table ``name``."""
    return dg.AssetKey(name.split("."))


def deps_of(table: str, shown: Collection[str]) -> list[dg.AssetKey]:
    """The assets ``table`` ("main.monthly_gap") is filled from, by name."""
    return [table_key(name) for name in sorted(_upstream(table, frozenset(shown)))]


def column_lineage(table: str, shown: Collection[str]) -> dg.TableColumnLineage:
    """For each column of ``table`` the columns of assets that its values are computed from."""
    return dg.TableColumnLineage(
        {
            column: [
                dg.TableColumnDep(asset_key=table_key(name), column_name=source)
                for name, source in sorted(set(_sources(sources, shown)))
            ]
            for column, sources in lineage.columns(table).items()
        }
    )


def leaves(names: Collection[str]) -> set[str]:
    """Those of ``names`` that none of the others is filled from."""
    shown = frozenset(names)
    return set(shown.difference(*(_upstream(name, shown) for name in shown)))


def in_order(names: Collection[str]) -> list[str]:
    """``names`` so that each table comes after those it is filled from: how one step must yield them."""
    shown = frozenset(names)
    return graph.sort({name: sorted(_upstream(name, shown) & shown) for name in shown})


@cache
def _upstream(table: str, shown: frozenset[str]) -> frozenset[str]:
    found: set[str] = set()
    for name in graph.upstream(table):
        if name == OBSERVATIONS or name in shown:
            found.add(name)
        elif not graph.is_input(name):
            found |= _upstream(name, shown)
    return frozenset(found)


def _sources(sources: tuple[tuple[str, str], ...], shown: Collection[str]) -> Iterator[tuple[str, str]]:
    for name, column in sources:
        if name == OBSERVATIONS or name in shown:
            yield name, column
        elif not graph.is_input(name):
            yield from _sources(lineage.columns(name).get(column, ()), shown)

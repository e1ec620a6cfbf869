"""Which rows of a table are exported apart, and the sources of the rows of each part.

A share-alike licence asks that what is made of its figures stays under it. Rows that rest on a source with such a
licence, and all rows of a board that such a source has figures of, lie in files of their own. What a row rests on is
read from its columns by their names, see `KINDS`.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import chain

import duckdb

from warehouse import lineage
from warehouse.db import literal, sql_text
from warehouse.tables import TABLES
from warehouse.tables.schema import Table

#: What a column names, by the end of its name.
KINDS = ("source_id", "input_id", "snapshot_id", "board", "claim_id")
#: Names whose sources are exact. A board has several sources, and a claim those of its board.
EXACT = ("source_id", "input_id", "snapshot_id")
#: Not divided: it states the licences themselves.
WHOLE = ("meta.sources",)


@dataclass(frozen=True)
class Part:
    """The rows of a table that go into one file of each format.

    ``share_alike``: the licence they are kept apart for, "" for all others. ``condition``: SQL for these rows of the
    table ``t``, which reads the tables that `parts` creates. ``sources``: the ids of the sources of these rows.
    """

    table: Table
    share_alike: str = ""
    condition: str = "true"
    sources: tuple[str, ...] = ()


def parts(con: duckdb.DuckDBPyConnection, tables: Iterable[Table], mixed: bool) -> Iterator[Part]:
    """The parts of ``tables``, of each the shared one first; those kept apart only if they have rows.

    With ``mixed`` all rows of a table are shared. Creates the temporary tables that the conditions read. Raises
    `duckdb.Error`.
    """
    con.execute(sql_text("export/named_sources.sql"))
    asked = "SELECT DISTINCT licence FROM meta.sources WHERE share_alike ORDER BY licence"
    licences = [] if mixed else [licence for (licence,) in con.sql(asked).fetchall()]
    for table in tables:
        sources = _sources(con, table, licences)
        if not named_by(table):
            # A number that sums up many boards is not of one of them: it counts as made of the shared rows.
            read = [_sources(con, other, licences).get("", ()) for other in _computed_from(table)]
            sources = {"": tuple(sorted({*chain(*read)}))}
        apart = [licence for licence in licences if licence in sources]
        under = _licence_sql(table, licences if apart else ())
        for licence in ("", *apart):
            yield Part(table, licence, f"{under} = {literal(licence)}", sources.get(licence, ()))


def named_by(table: Table) -> dict[str, str]:
    """The columns of ``table`` that lead to sources, each with its kind, one of `KINDS`."""
    return {
        column.name: kind
        for column in table.columns
        for kind in KINDS
        if column.name == kind or column.name.endswith(f"_{kind}")
    }


def _computed_from(table: Table) -> list[Table]:
    """The tables of figures that the columns of ``table`` are computed from."""
    names = {name for pairs in lineage.columns(table.full_name).values() for name, _ in pairs}
    return [other for other in TABLES if other.full_name in names and other.schema != "meta"]


def _licence_sql(table: Table, licences: Sequence[str]) -> str:
    """SQL for the share-alike licence of a row of ``t``, "" if it has none; the first in order if it has several."""
    named = {} if table.full_name in WHOLE else named_by(table)
    cases = [
        f'WHEN t."{column}" IN (SELECT name FROM share_alike_name WHERE kind = {literal(kind)} '
        f"AND licence = {literal(licence)}) THEN {literal(licence)}"
        for licence in licences
        for column, kind in named.items()
    ]
    return f"CASE {' '.join(cases)} ELSE '' END" if cases else "''"


def _sources(
    con: duckdb.DuckDBPyConnection, table: Table, licences: Sequence[str]
) -> dict[str, tuple[str, ...]]:
    """The sources of the rows of ``table``, by their share-alike licence; only licences that rows have."""
    named = named_by(table)
    exact = {column: kind for column, kind in named.items() if kind in EXACT} or named
    if not exact:
        return {}
    under = _licence_sql(table, licences)
    chosen = ", ".join(f't."{column}"' for column in exact)
    names = " UNION ALL ".join(
        f'SELECT under, {literal(kind)} AS kind, "{column}" AS name FROM named'
        for column, kind in exact.items()
    )
    found = con.sql(
        f"WITH named AS MATERIALIZED (SELECT DISTINCT {under} AS under, {chosen} FROM {table.full_name} AS t) "
        f"SELECT under, list(DISTINCT source_id ORDER BY source_id) FILTER (source_id IS NOT NULL) FROM ({names}) "
        "LEFT JOIN named_source USING (kind, name) GROUP BY under"
    ).fetchall()
    return {licence: tuple(sources or ()) for licence, sources in found}

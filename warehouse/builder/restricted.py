"""Queries over part of a candidate: names in SQL mean relations of a database in memory that hold nothing else."""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager

import duckdb

from warehouse.builder import graph

#: The view of the parameters, which most queries name several times: to bind it takes longer than to read it.
SETTINGS = "internal.settings"
#: Internal views of all snapshots, whichever are wanted.
OF_ALL_SNAPSHOTS = frozenset({"internal.leading_rules"})


@contextmanager
def restricted(
    con: duckdb.DuckDBPyConnection,
    read: Collection[str],
    named: Collection[str],
    which: Mapping[str, str],
    is_copied: bool = False,
) -> Iterator[None]:
    """Within it, names in SQL mean the tables ``read`` and the views among ``named`` in a database of their own.

    ``which`` has the condition on the rows of a table that holds not all of them; those rows are copied, or asked for
    each time.
    """
    candidate = database_of(con)
    con.execute("ATTACH ':memory:' AS restricted (READ_WRITE)")
    try:
        statements = [f"CREATE SCHEMA restricted.{schema}" for schema in ("core", "meta", "internal")]
        for table in sorted(other for other in read if "." in other and not graph.is_input(other)):
            kind = "TABLE" if is_copied and table in which else "VIEW"
            statements.append(
                f"CREATE {kind} restricted.{table} AS FROM {candidate}.{table} {which.get(table, '')}"
            )
        statements.append("USE restricted")
        statements += [
            f"CREATE {'TABLE' if view == SETTINGS else 'VIEW'} {view} AS {_query(view, candidate)}"
            for view in _views_below(named)
        ]
        con.execute(";\n".join(statements))
        yield
    finally:
        con.execute(f"USE {candidate}")
        con.execute("DETACH restricted")


def database_of(con: duckdb.DuckDBPyConnection) -> str:
    """The name of the database that ``con`` uses."""
    [(name,)] = con.execute("SELECT current_database()").fetchall()
    return str(name)


def _query(view: str, candidate: str) -> str:
    """The query of an internal view, which is of all snapshots where its name says so."""
    return f"FROM {candidate}.{view}" if view in OF_ALL_SNAPSHOTS else graph.view_queries()[view]


def _views_below(named: Collection[str]) -> list[str]:
    """The internal views among ``named`` and those they read, each after those."""
    views = graph.view_queries()
    wanted, waiting = set(), list(named)
    while waiting:
        name = waiting.pop()
        if name in views and name not in wanted:
            wanted.add(name)
            waiting += graph.relations_named(views[name])
    return [name for name in views if name in wanted]

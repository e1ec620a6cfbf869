"""What each relation of a build reads, and the order in which they can be filled.

A relation is a published table or a staged one (``staging/*.sql``, `warehouse.builder.fillers`). What SQL files read
is found with DuckDB's parser, once for the queries that ship (``reads.json``); what Python reads is declared. Relations
also read inputs, which nothing fills: ``observations`` (what parsers returned), ``archive``, ``sources/*.py`` and
``reference/<table>.csv``.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Collection, Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import duckdb

from sources.errors import AigapError
from warehouse.builder.fillers import STAGED_READS
from warehouse.db import in_memory, sql_text
from warehouse.reference.parameters import settings_query
from warehouse.tables import TABLES
from warehouse.tables.schema import EVERY_TABLE, Table
from warehouse.workspace import PACKAGE

#: Staged relations that are views: each reader computes the columns it needs.
VIEWS = frozenset({"parsed_observation", "read_score", "staged_score", "snapshot_score"})
#: What each shipped query names, by the sha256 of its text: to parse them all takes a process a sixth of a second.
#: Written with ``lineage.json``. A query that is not in it is parsed.
FILE = PACKAGE / "reads.json"


class GraphError(AigapError):
    """The tables cannot be filled in any order."""


def sql_files(tables: Collection[Table] = TABLES, package: Path = PACKAGE) -> dict[str, str]:
    """Relation → its SQL file, as a path below ``warehouse``; only relations that have one."""
    files = {path.stem: f"staging/{path.name}" for path in sorted((package / "staging").glob("*.sql"))}
    return files | {
        table.full_name: table.file
        for table in tables
        if table.file.endswith(".sql") and (package / table.file).is_file()
    }


@cache
def view_queries() -> dict[str, str]:
    """Name → query of the views in the schema ``internal``, which several SQL files share; each after those it reads.

    The views stay in the published file, but the contract does not cover them.
    """
    queries = {
        f"internal.{path.stem}": sql_text(f"internal/{path.name}")
        for path in (PACKAGE / "internal").glob("*.sql")
    }
    queries["internal.settings"] = settings_query()
    reads = {name: relations_named(query) & queries.keys() for name, query in queries.items()}
    return {name: queries[name] for name in sort(reads)}


def is_input(name: str) -> bool:
    """Whether ``name`` is an input, which nothing fills."""
    return name in ("observations", "archive") or "/" in name


@cache
def reads() -> Mapping[str, frozenset[str]]:
    """What every relation reads: relations and inputs. Raises `GraphError` if nothing fills one of them."""
    found = {name: frozenset(others) for name, others in STAGED_READS.items()}
    for table in TABLES:
        others = {other.full_name for other in TABLES} - {table.full_name}
        found[table.full_name] = frozenset(others if table.filled_from == EVERY_TABLE else table.filled_from)
    found |= {name: through_views(relations_named(sql_text(file))) for name, file in sql_files().items()}
    require_filled(found)
    return found


def reads_below(name: str) -> frozenset[str]:
    """What ``name`` reads, also through relations of `VIEWS`: all of it has to be there while ``name`` is filled."""
    direct = reads()[name]
    return direct.union(*(reads_below(other) for other in direct & VIEWS))


def staged_as(name: str) -> str:
    """What a relation staged by SQL is: a VIEW or a TABLE."""
    return "VIEW" if name in VIEWS else "TABLE"


def through_views(relations: Collection[str]) -> frozenset[str]:
    """``relations`` with each internal view replaced by what it reads."""
    views = view_queries()
    read = [through_views(relations_named(views[name])) if name in views else {name} for name in relations]
    return frozenset().union(*read)


@cache
def relations_named(query: str) -> frozenset[str]:
    """The relations that ``query`` reads; they need not exist. Raises `GraphError` if DuckDB cannot parse it."""
    shipped = _shipped().get(digest(query))
    return parsed(query) if shipped is None else shipped


def digest(query: str) -> str:
    """What the text of ``query`` is known by in `FILE`."""
    return hashlib.sha256(query.encode()).hexdigest()


@cache
def _shipped() -> dict[str, frozenset[str]]:
    try:
        lines: dict[str, list[str]] = json.loads(FILE.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return {}
    return {of: frozenset(names) for of, *names in lines.values()}


def parsed(query: str) -> frozenset[str]:
    """As `relations_named`, from the query alone."""
    [(text,)] = _parser().execute("SELECT json_serialize_sql(?)", [query]).fetchall()
    tree = json.loads(text)
    if tree["error"]:
        raise GraphError(f"{query.splitlines()[0]}: {tree['error_message']}", "one SELECT")
    named: set[str] = set()
    common: set[str] = set()
    nodes = [tree]
    while nodes:
        node = nodes.pop()
        if isinstance(node, dict):
            if node.get("type") == "BASE_TABLE":
                named.add(".".join(filter(None, (node["schema_name"], node["table_name"]))))
            common.update(entry["key"] for entry in (node.get("cte_map") or {}).get("map", ()))
        nodes += node.values() if isinstance(node, dict) else node if isinstance(node, list) else ()
    return frozenset(named - common)


@cache
def _parser() -> duckdb.DuckDBPyConnection:
    return in_memory()


def require_filled(reads: Mapping[str, Collection[str]]) -> None:
    """Raise `GraphError` if a relation reads something that is neither a relation nor an input."""
    for name, others in reads.items():
        for other in sorted(others):
            if other not in reads and not is_input(other):
                raise GraphError(f"{name} reads {other}, which nothing fills", "a table or a staged relation")


def tables_of(step: str) -> tuple[str, ...]:
    """The tables that the step ``step`` ("core" or "marts") fills, in the order of their declarations."""
    return tuple(table.full_name for table in TABLES if table.step == step)


def order(names: Collection[str]) -> list[str]:
    """``names`` and the staged relations they need, each after those it reads. Raises `GraphError` for a cycle."""
    graph = reads()
    wanted: dict[str, list[str]] = {}
    waiting = sorted(names)
    while waiting:
        name = waiting.pop()
        # The order of a set differs from one process to the next.
        needed = sorted(
            other for other in graph[name] if other in names or (other in graph and "." not in other)
        )
        wanted[name] = needed
        waiting += [other for other in needed if other not in wanted]
    return sort(wanted)


@cache
def staged_below(name: str) -> frozenset[str]:
    """The staged relations that ``name`` is made of."""
    return frozenset(other for other in order([name]) if "." not in other)


def sort(reads: Mapping[str, Collection[str]]) -> list[str]:
    """The names of ``reads``, each after those it reads. Raises `GraphError` for a cycle."""
    try:
        return list(TopologicalSorter({name: reads[name] for name in sorted(reads)}).static_order())
    except CycleError as error:
        circle = " reads ".join(reversed(error.args[1]))
        raise GraphError(f"{circle}: a cycle", "tables without a cycle") from None


@cache
def upstream(table: str) -> tuple[str, ...]:
    """The published tables and inputs that ``table`` ("core.scores") is filled from, sorted by name."""
    return tuple(sorted(set(_ends(table))))


def _ends(relation: str) -> Iterator[str]:
    for other in reads()[relation]:
        if "." in other or is_input(other):
            yield other
        else:
            yield from _ends(other)

"""What each column of a query derives from, read from its SQL by sqlglot.

Only `warehouse.builder.derivation` imports this.

A column derives from what its values are computed from: the arguments of functions, the conditions of CASE,
what is subtracted from what. Not from what only chooses or groups rows: WHERE, JOIN, GROUP BY, PARTITION BY,
ORDER BY, a FILTER, the key of arg_min. Those tables stand among what the table is filled from. Three
values *are* a choice of rows, and derive from it: a rank from its ORDER BY, a count from its FILTER, a
truth (IN, EXISTS) from the WHERE of its query.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path

import sqlglot
from sqlglot import exp
from sqlglot.errors import SqlglotError
from sqlglot.optimizer.qualify import qualify
from sqlglot.optimizer.scope import Scope, build_scope

from warehouse.tables import TABLES
from warehouse.tables.lineage import LineageError
from warehouse.workspace import PACKAGE

#: The schema that unqualified relations stand in while a query is read.
STAGED = "staged"
#: Rows are what these count.
COUNTS = (exp.Count, exp.CountIf)
#: Numbers the rows of a window in its order, without an argument.
RANKS = (exp.RowNumber, exp.Rank, exp.DenseRank, exp.PercentRank, exp.CumeDist, exp.Ntile)
#: Takes the first argument of the row that the second one chooses.
CHOSEN_BY_KEY = (exp.ArgMin, exp.ArgMax)


@dataclass
class Relation:
    """The tables a relation is filled from, and what each of its columns derives from. Names are full."""

    filled_from: set[str] = field(default_factory=set)
    derived_from: dict[str, set[str]] = field(default_factory=dict)


class Reader:
    """Reads the relations that one SQL file makes, by sqlglot, against the columns ``known`` and declared."""

    def __init__(self, file: str, known: Mapping[str, Relation]) -> None:
        self.file = file
        self.known = dict(known)

    def relations(self) -> Iterator[tuple[str, Relation]]:
        """Each relation the file makes (CREATE TABLE, or the one query it is), by name."""
        text = (PACKAGE / self.file).read_text(encoding="utf-8")
        for statement in sqlglot.parse(text, dialect="duckdb"):
            if isinstance(statement, exp.Create) and isinstance(statement.expression, exp.Query):
                made = statement.this
                name = f"{made.db}.{made.name}" if made.db else made.name
                query = statement.expression
            elif isinstance(statement, exp.Query):
                name, query = Path(self.file).stem, statement
            elif statement is None or isinstance(statement, exp.Drop):
                continue
            else:
                raise self._error(f"a statement {statement.key}")
            self.known[name] = relation = self._read(query)
            yield name, relation

    def _read(self, query: exp.Query) -> Relation:
        query = query.copy()
        for projection in list(query.find_all(exp.Unnest, exp.Explode)):
            _spread(projection)
        common = {cte.alias for cte in query.find_all(exp.CTE)}
        tables: set[str] = set()
        for table in query.find_all(exp.Table):
            if table.db:
                tables.add(f"{table.db}.{table.name}")
            elif table.name in self.known:
                if table.name in common:
                    raise self._error(f"{table.name}, both a staged relation and a WITH")
                tables.add(table.name)
                table.set("db", exp.to_identifier(STAGED))
            elif table.name not in common:
                raise self._error(f"{table.sql(dialect='duckdb')}, no relation that is known")
        try:
            qualified = qualify(query, schema=self._catalogue(), dialect="duckdb", quote_identifiers=False)
        except SqlglotError as error:
            raise self._error(str(error)) from error
        scope = build_scope(qualified)
        if scope is None:
            raise self._error("no query")
        columns = {name: self._output(scope, place) for place, name in enumerate(qualified.named_selects)}
        return Relation(tables, columns)

    def _catalogue(self) -> dict[str, object]:
        catalogue: dict[str, dict[str, dict[str, str]]] = {}
        for declared in TABLES:
            columns = {column.name: column.kind for column in declared.columns}
            catalogue.setdefault(declared.schema, {})[declared.name] = columns
        declared_schemas = set(catalogue)
        for full_name, relation in self.known.items():
            schema, _, name = full_name.rpartition(".")
            if schema not in declared_schemas and "/" not in full_name:
                catalogue.setdefault(schema or STAGED, {})[name] = dict.fromkeys(
                    relation.derived_from, "UNKNOWN"
                )
        return {**catalogue}

    def _output(self, scope: Scope, place: int, part: str | None = None) -> set[str]:
        """What the column at ``place`` of ``scope`` derives from; ``part`` asks for one field of a struct."""
        query = self._query(scope)
        if isinstance(query, exp.SetOperation):
            left, right = scope.set_operation_scopes
            name = query.named_selects[place]
            there = self._query(right).named_selects.index(name) if query.args.get("by_name") else place
            return self._output(left, place, part) | self._output(right, there, part)
        return self._value(query.selects[place], scope, part)

    def _value(self, node: exp.Expr | None, scope: Scope, part: str | None = None) -> set[str]:
        if node is None:
            return set()
        if isinstance(node, exp.Column):
            return self._column(node, scope, part)
        if isinstance(node, exp.Dot):
            return self._value(node.this, scope, node.expression.name)
        if isinstance(node, exp.Struct) and part is not None:
            return self._value(_fields_of(node)[part], scope)
        if isinstance(node, CHOSEN_BY_KEY):
            return self._value(node.this, scope, part)
        if isinstance(node, exp.Filter):
            counted = [node.expression] if isinstance(node.this, COUNTS) else []
            return self._all([node.this, *counted], scope, part)
        if isinstance(node, exp.Window):
            return self._window(node, scope, part)
        if isinstance(node, exp.Order | exp.Lambda):
            return self._value(node.this, scope, part)
        if isinstance(node, exp.Query):
            return self._inner(node, scope)
        if isinstance(node, exp.In) and node.args.get("query") is not None:
            return self._value(node.this, scope) | self._inner(node.args["query"], scope, is_truth=True)
        if isinstance(node, exp.Exists):
            return self._inner(node.this, scope, is_truth=True)
        return self._all(list(node.iter_expressions()), scope, part)

    def _all(self, nodes: list[exp.Expr], scope: Scope, part: str | None = None) -> set[str]:
        return {source for node in nodes for source in self._value(node, scope, part)}

    def _column(self, column: exp.Column, scope: Scope, part: str | None) -> set[str]:
        if _is_parameter(column):
            return set()
        found: Scope | None = scope
        while found is not None and column.table not in found.sources:
            found = found.parent
        if found is None:
            raise self._error(f"the column {column.sql(dialect='duckdb')}, of no relation there")
        source = found.sources[column.table]
        if isinstance(source, exp.Table):
            name = source.name if source.db == STAGED else f"{source.db}.{source.name}"
            return {f"{name}.{column.name}"}
        if isinstance(source.expression, exp.Values):
            return self._all(list(source.expression.expressions), source)
        return self._output(source, self._query(source).named_selects.index(column.name), part)

    def _window(self, window: exp.Window, scope: Scope, part: str | None) -> set[str]:
        """The function's arguments; of a rank the order, which may stand in the named window."""
        if not isinstance(window.this, RANKS):
            return self._value(window.this, scope, part)
        named = {one.name: one for one in scope.expression.args.get("windows") or ()}
        orders = [one.args.get("order") for one in (window, named.get(window.alias)) if one is not None]
        keys = [key.this for order in orders if order is not None for key in order.expressions]
        return self._all(keys, scope)

    def _inner(self, query: exp.Expr, scope: Scope, is_truth: bool = False) -> set[str]:
        """A query inside an expression: its columns, and its WHERE too where its having rows is the value."""
        found = next((one for one in scope.subquery_scopes if one.expression is query.unnest()), None)
        if found is None:
            raise self._error(f"a query inside an expression: {query.sql(dialect='duckdb')}")
        inner = self._query(found)
        condition = inner.args.get("where") if is_truth else None
        values = {source for place in range(len(inner.selects)) for source in self._output(found, place)}
        return values | self._value(condition, found)

    def _query(self, scope: Scope) -> exp.Query:
        query: exp.Expr = scope.expression
        if not isinstance(query, exp.Query):
            raise self._error(query.sql(dialect="duckdb"))
        return query

    def _error(self, found: str) -> LineageError:
        return LineageError(
            f"{self.file}: {found}",
            "SQL whose columns can be followed",
            "see Reader in warehouse/builder/sql_columns.py",
        )


def _fields_of(struct: exp.Struct) -> dict[str, exp.Expr]:
    return {entry.this.name: entry.expression for entry in struct.expressions}


def _is_parameter(column: exp.Column) -> bool:
    """Is this the parameter of a lambda around it?"""
    around = column.find_ancestor(exp.Lambda)
    return around is not None and column.name in {parameter.name for parameter in around.expressions}


def _spread(unnest: exp.Expr) -> None:
    """``unnest([{…}, {…}], recursive := TRUE)`` as a column a field: sqlglot does not know that it makes several."""
    select = unnest.parent
    structs = list(unnest.find_all(exp.Struct))
    if not isinstance(select, exp.Select) or not structs:
        return
    spread = [
        exp.alias_(exp.func("coalesce", *(_fields_of(struct)[name].copy() for struct in structs)), name)
        for name in _fields_of(structs[0])
    ]
    select.set(
        "expressions",
        [column for one in select.expressions for column in (spread if one is unnest else [one])],
    )

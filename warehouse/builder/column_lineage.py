"""The columns that each column of an SQL-filled table is computed from, by sqlglot's lineage.

    python -m warehouse.builder.column_lineage      writes warehouse/lineage.json and warehouse/reads.json

Only a test imports this module: sqlglot is not installed for a refresh. The lineage of a column are the columns in its
expression (with the arguments, order and filter of aggregate and window functions), followed through subqueries and
staged relations; WHERE, JOIN and GROUP BY do not count. Tables filled by Python have lineage by table only.
"""

from __future__ import annotations

import json

from sqlglot import exp
from sqlglot.lineage import Node, lineage

from warehouse.builder import graph
from warehouse.builder.checks import all_checks
from warehouse.builder.fillers import STAGED_READS
from warehouse.builder.inputs import KINDS
from warehouse.db import sql_text
from warehouse.lineage import FILE
from warehouse.tables import TABLES

Lineage = dict[str, dict[str, list[str]]]


def column_lineage() -> Lineage:
    """For every published table its columns, each with the names ("core.scores.score") it is computed from.

    A table that Python fills has none. Raises `sqlglot.errors.SqlglotError` for SQL that cannot be followed.
    """
    files = graph.sql_files()
    staged = {name: sql_text(file) for name, file in files.items() if "." not in name} | graph.view_queries()
    schema: dict[str, dict[str, dict[str, str]]] = {
        "staged": {
            f"parsed_{kind}": {"input_id": "", **dict.fromkeys(columns, "")}
            for kind, columns in KINDS.items()
        }
    }
    for table in TABLES:
        columns = {column.name: column.kind for column in table.columns}
        schema.setdefault(table.schema, {})[table.name] = columns
    found: Lineage = {table.full_name: {} for table in TABLES}
    for table in TABLES:
        if table.full_name in files:
            query = sql_text(table.file)
            nodes = lineage(None, query, schema, sources=staged, dialect="duckdb", trim_selects=False)
            found[table.full_name] = {column.name: _origins(nodes[column.name]) for column in table.columns}
    return found


def _origins(node: Node) -> list[str]:
    """The columns of tables and inputs at the ends of ``node``; none where Python computed them."""
    found = set()
    for end in node.walk():
        relation, column = end.expression, end.name.rpartition(".")[2]
        if isinstance(relation, exp.Table) and relation.db:
            found.add(f"{relation.db}.{relation.name}.{column}")
        elif isinstance(relation, exp.Table) and graph.is_input(source := STAGED_READS[relation.name][0]):
            found.add(f"{source}.{column}")
    return sorted(found)


def to_json(found: Lineage) -> str:
    """A line a column, tables by name."""
    entries = []
    for name, columns in sorted(found.items()):
        lines = [f"\n    {json.dumps(column)}: {json.dumps(sources)}" for column, sources in columns.items()]
        entries.append(f"  {json.dumps(name)}: {{{','.join(lines)}\n  }}")
    return "{\n" + ",\n".join(entries) + "\n}\n"


def reads_to_json() -> str:
    """For `graph.FILE`, a line a query that ships: the name of its table, view or check, its digest, what it names."""
    queries = {name: sql_text(file) for name, file in graph.sql_files().items()} | graph.view_queries()
    queries |= {check.name: check.query for check in all_checks() if not check.tables}
    lines = [
        f"  {json.dumps(name)}: {json.dumps([graph.digest(query), *sorted(graph.parsed(query))])}"
        for name, query in sorted(queries.items())
    ]
    return "{\n" + ",\n".join(lines) + "\n}\n"


if __name__ == "__main__":
    FILE.write_text(to_json(column_lineage()), encoding="utf-8")
    graph.FILE.write_text(reads_to_json(), encoding="utf-8")

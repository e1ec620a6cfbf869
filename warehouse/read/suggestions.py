"""Suggestions for a name in SQL that does not exist."""

from __future__ import annotations

import re
from difflib import get_close_matches

import duckdb

from sources.errors import meant


def suggest(con: duckdb.DuckDBPyConnection, message: str) -> tuple[str, str]:
    """What DuckDB's ``message`` expected and what to do, as `UsageError` takes them.

    Where a table, column or function does not exist, the latter is the name that may have been meant.
    """
    see = "see: aigap dictionary"
    # DuckDB's candidates are columns and tables of the FROM clause; for a table it may suggest one of its own.
    _, _, candidates = message.partition("\nCandidate ")
    names = re.findall(r'(\w+)"', candidates.partition("\n")[0])
    if found := re.search(r'(?:Referenced column|does not have a column named) "?(\w+)"?', message):
        return "a column of the warehouse", meant(found[1], names, see)
    if 'Referenced table "' in message:
        return "a table or an alias of the FROM clause", f"which has {', '.join(names)}" if names else see
    if found := re.search(r'Table with name "?([\w.]+)"?', message):
        similar = _similar_tables(con, found[1])
        return "a table of the warehouse", f"did you mean {', '.join(similar)}?" if similar else see
    if found := re.search(r"(\w+) Function with name (\w+) does not exist", message):
        known = con.execute(
            r"SELECT DISTINCT function_name FROM duckdb_functions() WHERE function_name SIMILAR TO '[a-z]\w+' "
            "AND starts_with(function_type, 'table') = ?",
            [found[1] == "Table"],
        ).fetchall()
        return "a function of the warehouse", meant(found[2], [name for (name,) in known], see)
    return "", "tables and columns: aigap dictionary"


def _similar_tables(con: duckdb.DuckDBPyConnection, typed: str) -> list[str]:
    """The up to three tables that ``typed`` may be a slip of, each as it has to be written."""
    # Only those of main are found without their schema; they come last, to win where two share a name.
    tables = con.sql(
        "SELECT schema_name || '.' || table_name, table_name, schema_name = 'main' AS bare "
        "FROM duckdb_tables() WHERE NOT internal ORDER BY bare"
    ).fetchall()
    written = {full if "." in typed else table: table if bare else full for full, table, bare in tables}
    # Nearer than the names of two tables mostly are to each other: one that is missing is no slip of the next.
    return [written[one] for one in get_close_matches(typed.casefold(), written, n=3, cutoff=0.8)]

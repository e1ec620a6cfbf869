"""The dictionary: every table has a page that holds without a published file, and an example that finds rows."""

from __future__ import annotations

import re

import duckdb
import pytest

from warehouse.read import dictionary
from warehouse.tables import DECLARED, TABLES
from warehouse.tables.schema import EXAMPLE_ROWS, Macro, Table
from warehouse.workspace import PACKAGE


@pytest.mark.parametrize("entry", DECLARED, ids=lambda entry: entry.full_name)
def test_every_table_says_what_it_is_computed_from_and_its_example_finds_rows(
    entry: Table | Macro, warehouse: duckdb.DuckDBPyConnection
) -> None:
    assert len(entry.rule) > 20
    tables, others = dictionary.read_by(entry)
    assert set(tables) <= {table.full_name for table in TABLES}
    assert [name for name in others if name not in dictionary.INPUTS and not (PACKAGE / name).is_file()] == []
    rows = warehouse.sql(entry.example).fetchall()
    assert 0 < len(rows) <= EXAMPLE_ROWS
    # Without an order, or with an order that leaves a choice, the page would change by itself.
    assert len(rows) == 1 or "ORDER BY" in entry.example


def test_the_dictionary_in_one_text_has_every_column_and_leads_nowhere_outside() -> None:
    text = dictionary.markdown()
    for table in TABLES:
        assert f"\n## {table.full_name}\n" in text
        assert all(f"| `{column.name}` | {column.kind} |" in text for column in table.columns)
    anchors = {entry.full_name.replace(".", "") for entry in DECLARED}
    assert set(re.findall(r"\]\(([^)]*)\)", text)) <= {f"#{anchor}" for anchor in anchors}

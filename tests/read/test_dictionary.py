"""The dictionary: every table has a page that holds without a published file, and an example that finds rows."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from sources.errors import UsageError
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


def test_pages_replace_an_earlier_dictionary_and_nothing_else(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a folder of documents whose README is written over and whose ``v1.2.md`` is removed."""
    written = {dictionary.INDEX: dictionary.index(), "main.monthly_gap.md": "page"}
    monkeypatch.setattr(dictionary, "pages", lambda con: written)
    con = duckdb.connect()
    docs = tmp_path / "docs"
    assert dictionary.write(docs, con) == 2
    (docs / "v1.2.md").write_text("mine")
    del written["main.monthly_gap.md"]
    dictionary.write(docs, con)
    assert {path.name for path in docs.iterdir()} == {dictionary.INDEX, "v1.2.md"}
    (docs / dictionary.INDEX).write_text("# Mine")
    with pytest.raises(UsageError, match=r"README\.md is of something else"):
        dictionary.write(docs, con)
    assert (docs / dictionary.INDEX).read_text() == "# Mine"

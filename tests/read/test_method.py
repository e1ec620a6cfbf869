"""The method is written from the definitions, and they name what is there."""

from __future__ import annotations

from pathlib import Path

import pytest
from markdown_it import MarkdownIt

from tests.fixtures.warehouses import Candidate
from warehouse.definitions import Definition, definitions
from warehouse.read import method
from warehouse.tables import DECLARED, TABLES
from warehouse.tables.schema import Table

DOCUMENT = Path(__file__).resolve().parents[2] / "docs" / "method.md"


def test_document_is_what_the_definitions_give() -> None:
    """Fails when a rule was changed in one place only. Write it anew with: make docs."""
    assert DOCUMENT.read_text(encoding="utf-8") == method.markdown()


@pytest.mark.parametrize("one", definitions(), ids=lambda one: one.measure)
def test_definition_names_tables_and_columns_that_exist(one: Definition) -> None:
    entries = {entry.full_name: entry for entry in DECLARED}
    for name in one.columns:
        table, column = (name, "") if name in entries else name.rsplit(".", 1)
        assert table in entries, name
        entry = entries[table]
        if column:
            assert isinstance(entry, Table)
            assert column in {declared.name for declared in entry.columns}, name


def test_every_mart_is_defined() -> None:
    """Fails when a table of main is added without a word on how its figures come about."""
    named = {".".join(name.split(".")[:2]) for one in definitions() for name in one.columns}
    marts = {table.full_name for table in TABLES if table.schema == "main"}
    assert sorted(marts - named) == []


def test_measures_have_one_definition() -> None:
    names = [one.measure for one in definitions()]
    assert sorted(set(names)) == sorted(names)


def test_wrapped_lines_do_not_turn_into_lists() -> None:
    """A sum that is wrapped before its plus sign would read as a list of points."""
    page = MarkdownIt().render(method.markdown())
    assert "<ul>" not in page
    assert "<ol>" not in page
    assert page.count("<h2>") == len({one.section for one in definitions()})


def test_table_holds_the_definitions(shipped_build: Candidate) -> None:
    rows = shipped_build.rows(
        "SELECT measure, columns, rule, formula FROM meta.definitions ORDER BY position"
    )
    assert [(row["measure"], tuple(row["columns"]), row["rule"], row["formula"]) for row in rows] == [
        (one.measure, one.columns, one.rule, one.formula) for one in definitions()
    ]

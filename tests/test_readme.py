"""Every query, program and command the documents show is run, and its output is what came out."""

from __future__ import annotations

import re
from pathlib import Path

import duckdb
import pytest

from tests.shown import DICTIONARY, ROOT, Shown, documents, matches, output_of, shown
from warehouse import dictionary

SHOWN = [one for document in documents() for one in shown(document)]


def test_readme_shows_queries_with_their_output() -> None:
    assert len([one for one in SHOWN if one.document.name == "README.md" and one.output]) >= 3


@pytest.mark.parametrize("one", SHOWN, ids=str)
def test_output_shown_is_what_comes_out(
    one: Shown, warehouse: duckdb.DuckDBPyConnection, published: Path
) -> None:
    printed = output_of(one, warehouse, published)
    if one.output is None:
        assert printed.count("\n") > 2, "no row"
    elif not matches(printed, one.output):
        assert printed == one.output, "run: make docs"


def test_pages_of_the_dictionary_are_what_the_declarations_and_the_examples_give(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in DICTIONARY.glob("*.md")}
    now = dictionary.pages(warehouse)
    assert sorted(written) == sorted(now), "run: make docs"
    drifted = [name for name, text in now.items() if written[name] != text]
    assert drifted == [], "run: make docs"


def test_links_of_the_documents_lead_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in (*documents(), ROOT / "DICTIONARY.md", *DICTIONARY.glob("*.md"))
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []

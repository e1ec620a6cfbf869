"""Every query, program and command the documents show is run, and its output is what came out."""

from __future__ import annotations

import os
import re
import subprocess
import sys
from pathlib import Path

import duckdb
import pytest

from sources.registry import all_sources
from tests.fixtures import live_requests
from tests.fixtures.documents import DICTIONARY, ROOT, Shown, documents, matches, output_of, shown
from warehouse.read import dictionary

SHOWN = [one for document in documents() for one in shown(document)]


def test_readme_shows_queries_with_their_output() -> None:
    assert len([one for one in SHOWN if one.document.name == "README.md" and one.output]) >= 2


@pytest.mark.parametrize("one", SHOWN, ids=str)
def test_output_shown_is_what_comes_out(
    one: Shown, warehouse: duckdb.DuckDBPyConnection, published: Path
) -> None:
    printed = output_of(one, warehouse, published)
    if one.output is None:
        assert printed.count("\n") > 2, "no row"
    elif not matches(printed, one.output):
        assert printed == one.output, "run: make docs"


def test_what_a_live_run_asks_is_what_the_sources_declare() -> None:
    assert live_requests.LIVE.read_text(encoding="utf-8") == live_requests.text(), "run: make docs"


def test_every_live_source_says_whether_it_was_tried() -> None:
    """Would catch a new source of which nobody says that no real byte of it was ever read."""
    tried = live_requests.LIVE.read_text(encoding="utf-8").partition("## What was tried")[2]
    live = [source.id for source in all_sources() if any(request.address for request in source.requests)]
    assert [name for name in live if f"`{name}`" not in tried] == []


def test_pages_of_the_dictionary_are_what_the_declarations_and_the_examples_give(
    warehouse: duckdb.DuckDBPyConnection,
) -> None:
    written = {path.name: path.read_text(encoding="utf-8") for path in DICTIONARY.glob("*.md")}
    now = dictionary.pages(warehouse)
    assert sorted(written) == sorted(now), "run: make docs"
    drifted = [name for name, text in now.items() if written[name] != text]
    assert drifted == [], "run: make docs"


def test_command_writes_the_same_pages_prints_one_and_says_which_table_was_meant(
    published: Path, tmp_path: Path
) -> None:
    def aigap(*words: str) -> subprocess.CompletedProcess[str]:
        return subprocess.run(
            [sys.executable, "-m", "pipelines.cli", "dictionary", *words],
            env={**os.environ, "PYTHONPATH": str(ROOT), "AIGAP_DATA_DIR": str(published), "PYTHONUTF8": "1"},
            capture_output=True,
            encoding="utf-8",
        )

    index = (DICTIONARY / "README.md").read_text(encoding="utf-8")
    (tmp_path / "README.md").write_text(f"{index}[gone](main.gone.md)\n", encoding="utf-8")
    (tmp_path / "main.gone.md").write_text("a page of a table that was there once")
    assert aigap("--to", str(tmp_path)).returncode == 0
    pages = {path.name: path.read_text(encoding="utf-8") for path in tmp_path.iterdir()}
    assert pages == {path.name: path.read_text(encoding="utf-8") for path in DICTIONARY.glob("*.md")}
    assert aigap("price_gap").stdout == pages["main.price_gap.md"]
    unknown = aigap("pricegap")
    assert unknown.returncode == 2
    assert "did you mean price_gap" in unknown.stderr


def test_links_of_the_documents_lead_somewhere() -> None:
    broken = [
        f"{document.relative_to(ROOT)}: {target}"
        for document in (*documents(), ROOT / "DICTIONARY.md", *DICTIONARY.glob("*.md"))
        for target in re.findall(r"\]\(([^)#]+)(?:#[^)]*)?\)", document.read_text(encoding="utf-8"))
        if "://" not in target and not (document.parent / target).exists()
    ]
    assert broken == []

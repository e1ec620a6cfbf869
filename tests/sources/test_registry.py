"""The registry: a new leaderboard is one new file, and a wrongly declared one is named."""

from __future__ import annotations

import importlib
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from types import ModuleType

import pytest

from sources.contract.column_docs import COLUMN_DOCS
from sources.contract.rows import RULES
from sources.contract.source import Source
from sources.errors import UsageError
from sources.ingestion.local_files import raw_files
from sources.registry import RegistryError, all_sources, discover, get
from tests.fixtures.bodies import BODIES

ROOT = Path(__file__).resolve().parents[2]

MODULE = """
from sources.contract import Origin, Request, Source
SOURCE = Source(id={id!r}, title="", origin=Origin("", "", "", "", "", "", True, ""),
    requests={requests}, parse=lambda snapshot: None)
"""


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., ModuleType]:
    """Makes a package of source modules: name → (id, requests)."""

    def package_of(**modules: tuple[str, str]) -> ModuleType:
        folder = tmp_path / "sample_sources"
        folder.mkdir()
        (folder / "__init__.py").touch()
        (folder / "helper.py").write_text("VALUE = 1\n")
        for name, (source_id, requests) in modules.items():
            (folder / f"{name}.py").write_text(MODULE.format(id=source_id, requests=requests))
        monkeypatch.syspath_prepend(str(tmp_path))
        for name in [name for name in sys.modules if name.startswith("sample_sources")]:
            monkeypatch.delitem(sys.modules, name)
        return importlib.import_module("sample_sources")

    return package_of


def test_every_source_of_the_package_is_found() -> None:
    """Would catch a source file that no run ever uses."""
    assert {source.id for source in all_sources()} >= set(BODIES)
    assert [source.id for source in all_sources()] == sorted(source.id for source in all_sources())


def test_a_new_file_is_a_new_source(package: Callable[..., ModuleType]) -> None:
    """Would catch a source that must also be registered; a module without SOURCE is skipped."""
    found = discover(package(second=("second", "(Request('b'),)"), first=("first", "(Request('a'),)")))
    assert [source.id for source in found] == ["first", "second"]


@pytest.mark.parametrize(
    ("source_id", "requests", "says"),
    [
        ("other", "(Request('a'),)", "lives in the module"),
        ("sample", "(Request('a'), Request('a'))", "each named once"),
        ("sample", "()", "at least one"),
    ],
)
def test_a_wrong_declaration_is_named(
    package: Callable[..., ModuleType], source_id: str, requests: str, says: str
) -> None:
    """Would catch two sources writing into one folder of the archive."""
    with pytest.raises(RegistryError, match=says):
        discover(package(sample=(source_id, requests)))


def test_an_unknown_id_names_the_near_ones() -> None:
    """Would catch a typing mistake answered by a traceback or a list of everything."""
    with pytest.raises(UsageError, match="lmarena_hf") as caught:
        get("lmarena_fh")
    assert "epoch" not in caught.value.line()
    with pytest.raises(UsageError, match=r"one of .*arena_catalog"):
        get("zzz")


def test_listing_the_sources_loads_no_client_and_no_page_parser() -> None:
    """Would catch `aigap --help` paying for libraries it does not use."""
    code = (
        "import sys, sources.registry as r; r.all_sources();"
        "print([m for m in ('requests', 'bs4', 'dagster', 'duckdb') if m in sys.modules])"
    )
    done = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize("source", all_sources(), ids=lambda source: source.id)
def test_every_source_says_whose_figures_it_reads(source: Source) -> None:
    """Would catch figures published without producer, licence or reason to ship them."""
    origin = source.origin
    for said in (origin.producer, origin.title, origin.address, origin.citation, origin.licence):
        assert said.strip()
    assert origin.redistribution_note.endswith(".")
    if origin.licence.startswith("CC-BY"):
        assert origin.licence_address.startswith("https://creativecommons.org/licenses/")
    for request in source.requests:
        assert not request.address or request.address.startswith("https://")


def test_every_column_is_described_and_no_other() -> None:
    """Would catch a column that the web UI shows without a word, or words of one that is gone."""
    assert set(COLUMN_DOCS) == {name for rule in RULES for name in rule.schema}
    assert all(text.strip() for text in COLUMN_DOCS.values())


def test_raw_files_belong_to_one_source_each_and_come_sorted(tmp_path: Path) -> None:
    """Would catch a raw file read by two parsers, or an order that differs between machines."""
    names = {
        "lmarena_hf/text/2026-01-02.parquet", "lmarena_hf/vision/2026-01-02.parquet",
        "lmarena_hf/not_a_subset/2026-01-02.parquet", "chatbot_arena_history/alltime.csv",
        *(f"llm_leaderboard_csv/2024-07-{day}_bfa7927.csv" for day in range(10, 31)),
        "arena_catalog/leaderboard-text__2025-03-07_b3b0fef89.json",
        "arena_site/text-2026-03-19.json", "cherry_markdown/2025-06-05_lmarena.md", "arena_html/page.html",
        "hand_transcribed/arena_text_raw_top_rows.csv", "README.md",
    }  # fmt: skip
    for name in names:
        path = tmp_path / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    found = list(raw_files(tmp_path))
    paths = [path for _, path in found]
    assert len(set(paths)) == len(paths) == 29
    assert [(source.id, path) for source, path in found] == sorted(
        (source.id, path) for source, path in found
    )
    for source, path in found:
        assert source.request_for(path) in {request.name for request in source.requests}


FOLDERS = (
    "lmarena_hf", "chatbot_arena_history", "llm_leaderboard_csv", "arena_catalog", "arena_site",
    "arena_site_boards", "cherry_markdown", "arena_html", "hand_transcribed",
)  # fmt: skip


@pytest.mark.parametrize("folder", FOLDERS)
def test_every_real_file_of_a_source_is_claimed(upstream: Path, folder: str) -> None:
    """Would catch a pattern that misses files, so that months vanish from the history."""
    there = {path for path in (upstream / folder).rglob("*") if path.is_file()}
    claimed = {path for _, path in raw_files(upstream)}
    assert there
    # The board of six signals and no score is left out by name.
    assert there - claimed <= set((upstream / "arena_site_boards").glob("agent__*.json"))

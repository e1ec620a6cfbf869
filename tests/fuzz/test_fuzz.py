"""A short `make fuzz`: some mutated bodies of every source, and bombs that once took gigabytes or minutes."""

from __future__ import annotations

import random
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.contract.validation import read
from sources.errors import ParseError
from sources.ingestion import parser_process
from sources.registry import all_sources, get
from tests.fuzz.bases import Base, made
from tests.fuzz.bombs import bombs
from tests.fuzz.mutations import mutated
from tests.fuzz.oracle import archive_of, judge

MADE = made()
SEEDS = range(8)
#: Bomb → what its refusal says.
HELD = {
    "parquet: 100000 times a text of 10000": "bytes of text",
    "parquet: 100000000 bytes of long texts": "bytes in one cell",
    "parquet: a footer of 2 GB": "bytes of footer",
    "parquet: 2000 columns": "2000 columns",
    "csv: 5000000 newlines under a header": "5000002 lines",
    "csv: carriage returns": " lines",
    "csv: 100000 columns": "100000 columns",
    "csv: one field of 5000000": "field larger than field limit",
    "json: lists 10000 deep": "nested too deeply",
    "json: 20000000 numbers": "values, keys and brackets",
    "yaml: aliases": "an alias",
    "html: 2000 of <table><tr><td>": "tables within one another",
    "html: 20000 of <div>": "levels of nesting",
    "html: 1000000 rows": "marks",
    "html: both spans": "at most 200000 cells",
    "markdown: blanks in a name": "characters in one line",
    "zip: 50000000 of b'\\x00'": "bytes unpacked",
    "zip: 2000 files": "2000 files",
}


@pytest.fixture(scope="module", autouse=True)
def _one_process() -> Iterator[None]:
    yield
    parser_process._process.end()


def test_every_source_is_fuzzed() -> None:
    """Would catch a new source that `make fuzz` never offers anything."""
    left_out = {source.id for source in all_sources()} - {base.source_id for base in MADE}
    assert not left_out, "give each a small acceptable body in tests/fuzz/bases.py"


@pytest.mark.parametrize("base", MADE, ids=lambda base: f"{base.source_id} {base.file_name}")
def test_mutated_bodies_are_read_or_refused_and_nothing_absurd_comes_in(base: Base, tmp_path: Path) -> None:
    """Would catch a foreign exception, a message of many lines, or an impossible figure that is taken."""
    archive = archive_of(base, tmp_path)
    untouched = judge(base, base.body, archive)
    assert (untouched.outcome, untouched.findings) == ("accepted", [])
    found = {}
    for seed in SEEDS:
        body, changes = mutated(base.body, random.Random(f"{base.source_id} {seed}"))
        found[f"{seed} {changes}"] = judge(base, body, archive).findings
    assert {name: findings for name, findings in found.items() if findings} == {}


@pytest.mark.parametrize("name", HELD)
def test_a_bomb_is_refused_before_it_goes_off(name: str) -> None:
    """Would catch a small body that takes the memory or the time of the machine, read without its own process."""
    (bomb,) = (bomb for bomb in bombs() if bomb.name == name)
    base = bomb.base()
    with pytest.raises(ParseError) as caught:
        read(get(base.source_id), base.snapshot(base.body))
    assert HELD[name] in caught.value.line()

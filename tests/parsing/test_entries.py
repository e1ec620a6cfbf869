"""Entries of documents: side by side, whole, each by itself."""

from __future__ import annotations

import json
import random
from typing import Any

import pytest

from sources.contract.set_aside import Parsed
from sources.contract.validation import read
from sources.errors import BadCell, ParseError
from sources.parsing.entries import read_entries, refuse_cut, refuse_nested
from sources.registry import get
from tests.fixtures import bodies
from tests.fixtures.every_source import BODIES


def read_text(source_id: str, text: str) -> Parsed:
    return read(get(source_id), bodies.snapshot(source_id, text, BODIES[source_id][0]))


def test_a_bad_entry_is_set_aside_with_its_place_and_what_it_prints() -> None:
    """Would catch a loss that nobody can find, or one that may be the leader taken for a small one."""

    def number(name: str, entry: Any) -> int:
        if entry["n"] == "x":
            raise BadCell("n", "'x'", "a number")
        return int(entry["n"])

    taken = bodies.snapshot("aider", "")
    entries = [("a", {"n": 1}), ("b", {"n": "x", "rank": 7, "score": True})]
    series = ("board", "v", "c")
    kept = read_entries(taken, entries, number, series, score=lambda e: e["score"], rank=lambda e: e["rank"])
    assert kept == [1]
    [lost] = taken.set_aside
    assert lost.line() == "row 2 (b): n 'x' (expected a number)"
    assert (lost.rank, lost.score, lost.series) == (7.0, None, series)


def test_an_entry_inside_an_entry_is_no_detail() -> None:
    """Would catch 600 of 1,800 entries that vanish inside another one because a bracket moved."""
    refuse_nested({"model": "a", "cost": {"input": 1}, "tiers": [{"input": 2}]}, ["model"], "here")
    for hidden in ({"next": {"model": "b"}}, {"cost": {"deep": [{"model": "b"}]}}):
        with pytest.raises(ParseError, match="here: an entry inside an entry, with model"):
            refuse_nested({"model": "a", **hidden}, ["model"], "here")


def test_a_last_entry_that_lacks_what_all_others_have_is_cut() -> None:
    """Would catch the last run read without its figures, and an entry that lacks something by chance refused."""
    entries = [{"a": 1, "b": 2} for _ in range(10)]
    refuse_cut(entries, "here")
    refuse_cut([{"a": 1, "b": 2}, {"a": 1}], "here")
    refuse_cut([{"a": 1}, *entries, {"a": 1}], "here")
    with pytest.raises(ParseError, match="here: the last entry lacks b"):
        refuse_cut([*entries, {"a": 1}], "here")


@pytest.mark.parametrize(
    "source_id", ["arena_catalog", "arena_site_mirror", "litellm_prices", "models_dev", "aider"]
)
def test_a_line_out_of_place_hides_nothing(source_id: str) -> None:
    """Would catch JSON that stays valid with most of its entries nested where nobody looks."""
    text = BODIES[source_id][2].decode()
    lines = (text if source_id == "aider" else json.dumps(json.loads(text), indent=1)).splitlines()
    rows = read_text(source_id, "\n".join(lines) + "\n").frame.height
    chance = random.Random(source_id)
    for _ in range(60):
        moved = list(lines)
        line = moved.pop(chance.randrange(len(moved)))
        if chance.random() < 0.7:
            moved.insert(chance.randrange(len(moved)), line)
        try:
            found = read_text(source_id, "\n".join(moved) + "\n")
        except ParseError:
            continue
        assert found.frame.height + len(found.set_aside) >= rows - 1, line


@pytest.mark.parametrize(
    ("source_id", "entry"), [("litellm_prices", "search_context"), ("models_dev", "limit")]
)
def test_a_detail_among_the_entries_is_none(source_id: str, entry: str) -> None:
    """Would catch a model called limit in a price list."""
    page = json.loads(BODIES[source_id][2])
    (page if source_id == "litellm_prices" else page["northwind"]["models"])[entry] = {"context": 1}
    found = read_text(source_id, json.dumps(page))
    assert entry not in found.frame["listed_name"].to_list()
    assert [lost.column for lost in found.set_aside] == ["keys"]

"""What every parser does with bytes that are not what it expects."""

from __future__ import annotations

import random
from pathlib import PurePath
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.contract.set_aside import Parsed
from sources.contract.validation import read
from sources.errors import ParseError
from sources.registry import all_sources, get
from tests.fixtures import bodies
from tests.fixtures.every_source import BODIES, ONE_BAD_CELL, evalplus, mmmu

STRAY = (b"\0", b",", b'"', b"|", b"\n", b"1e999", b"NaN", b"<td>", b"\xff", "–".encode())


def damaged(body: bytes, seed: int) -> bytes:
    """``body`` as a bad line, a full disk or an editor might leave it."""
    chance = random.Random(seed)
    hurt = bytearray(body)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(hurt) or 1)
        kind = chance.randrange(4)
        if kind == 0:
            del hurt[at:]
        elif kind == 1 and hurt:
            hurt[at] = chance.randrange(256)
        elif kind == 2:
            hurt[at:at] = chance.choice(STRAY)
        else:
            del hurt[at : at + chance.randint(1, 200)]
    return bytes(hurt)


@pytest.mark.parametrize("source_id", sorted(BODIES))
@settings(max_examples=12, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_bytes_are_read_or_refused_in_one_line(source_id: str, seed: int) -> None:
    """Would catch a parser that dies of an unforeseen byte instead of handing it to quarantine."""
    request, name, body = BODIES[source_id]
    source = get(source_id)
    hurt = damaged(body, seed)
    source.known_at_of(PurePath(name), hurt)
    refusal = ""
    try:
        assert read(source, bodies.snapshot(source_id, hurt, request)).frame.height > 0
    except ParseError as error:
        refusal = error.line()
    assert "\n" not in refusal
    assert len(refusal) < 900


@pytest.mark.parametrize("source_id", sorted(BODIES))
def test_empty_bodies_and_pages_are_refused_by_every_source(source_id: str) -> None:
    """Would catch an empty page that becomes an empty leaderboard."""
    request, _, _ = BODIES[source_id]
    for body in (
        b"",
        b"\n",
        b"<!DOCTYPE html>\n<html><body>moved</body></html>",
        b"\x89PNG\r\n\x1a\n",
        b"{}",
        b"null",
    ):
        with pytest.raises(ParseError) as caught:
            read(get(source_id), bodies.snapshot(source_id, body, request))
        assert "\n" not in caught.value.line()


def rows_of(source_id: str, body: bytes) -> Parsed:
    return read(get(source_id), bodies.snapshot(source_id, body, BODIES[source_id][0]))


def test_there_is_a_body_of_every_source() -> None:
    """Would catch a new source that none of these tests tries."""
    assert {source.id for source in all_sources()} == set(BODIES)


@pytest.mark.parametrize("source_id", sorted(ONE_BAD_CELL))
def test_one_bad_cell_far_from_the_top_costs_its_row_and_is_told(source_id: str) -> None:
    """Would catch a price as text, or a day that is none, that refuses a list of thousands."""
    body, column = ONE_BAD_CELL[source_id]
    whole, hurt = rows_of(source_id, BODIES[source_id][2]), rows_of(source_id, body)
    assert whole.set_aside == ()
    [lost] = hurt.set_aside
    assert (lost.column, lost.is_cell) == (column, False)
    assert "59" in lost.line() or lost.row == whole.frame.height // 3 or lost.row == whole.frame.height
    gone = set(map(repr, whole.frame.rows())) - set(map(repr, hurt.frame.rows()))
    assert hurt.frame.height == whole.frame.height - len(gone)
    assert 0 < len(gone) <= 3
    assert all(lost.name.rpartition("/")[2] in row for row in gone)


@pytest.mark.parametrize(
    ("source_id", "body"),
    [("evalplus", evalplus(humaneval="about").encode()), ("mmmu", mmmu(overall="about").encode())],
)
def test_a_score_that_cannot_be_read_in_a_list_without_ranks_may_be_the_top(
    source_id: str, body: bytes
) -> None:
    """Would catch the leader of a list in no order gone because its score was misprinted."""
    with pytest.raises(ParseError, match="among the top 20% of its board"):
        rows_of(source_id, body)


@pytest.mark.parametrize("source_id", ["arena_html", "arena_leaders_transcribed", "arena_site_mirror"])
def test_a_listing_that_is_cut_may_lose_no_row(source_id: str) -> None:
    """Would catch the Chinese leader gone from a list of the twenty best, where it is not in the top fifth."""
    votes = {"arena_html": b"3011", "arena_leaders_transcribed": b"32205", "arena_site_mirror": b"911"}[
        source_id
    ]
    body = BODIES[source_id][2].replace(b'"votes": ' + votes, b'"votes": "x"').replace(votes, b"many")
    with pytest.raises(ParseError, match=r"among the top 100% of its board|cannot be read"):
        rows_of(source_id, body)


@pytest.mark.parametrize("source_id", sorted(BODIES))
def test_a_body_that_is_cut_gives_no_other_figures(source_id: str) -> None:
    """Would catch a score of 162.49 that becomes 1 because the connection broke behind its first digit."""
    _, name, body = BODIES[source_id]
    known = set(map(repr, figures_in(source_id, body)))
    chance = random.Random(source_id)
    for size in [
        *range(len(body) - 40, len(body), 2),
        *(chance.randrange(len(body) * 2 // 3, len(body)) for _ in range(10)),
    ]:
        if name.endswith(".csv") and b"," not in body[size:].split(b"\n")[0]:
            continue  # inside the last cell of a row: nothing tells that it was longer
        try:
            found = figures_in(source_id, body[:size])
        except ParseError:
            continue
        assert {row for row in map(repr, found) if row not in known} == set(), body[:size][-60:]


def figures_in(source_id: str, body: bytes) -> list[tuple[Any, ...]]:
    """Names, days and figures, without texts that the end of a line may be part of."""
    frame = rows_of(source_id, body).frame
    texts = ("extra", "license_name", "organization_name", "note", "sentence")
    return frame.drop(name for name in texts if name in frame.columns).rows()


@pytest.mark.parametrize("source_id", sorted(BODIES))
def test_a_body_with_something_behind_it_is_refused_or_read_as_it_was(source_id: str) -> None:
    """Would catch rows counted twice, and a second table of another board read as part of the first."""
    _, _, body = BODIES[source_id]
    known = rows_of(source_id, body).frame
    for padded in (body + body, body + b"\0" * 100, body + b"\n<html>moved</html>\n", body + b"\n{}\n"):
        try:
            found = rows_of(source_id, padded).frame
        except ParseError:
            continue
        assert found.equals(known), padded[len(body) :][:40]

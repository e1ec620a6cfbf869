"""What every parser does with bytes that are not what it expects."""

from __future__ import annotations

import random
from pathlib import PurePath

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sources.contract.validation import read
from sources.errors import ParseError
from sources.registry import get
from tests.fixtures import bodies

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


@pytest.mark.parametrize("source_id", sorted(bodies.BODIES))
@settings(max_examples=25, deadline=None)
@given(seed=st.integers(0, 2**32))
def test_damaged_bytes_are_read_or_refused_in_one_line(source_id: str, seed: int) -> None:
    """Would catch a parser that dies of an unforeseen byte instead of handing it to quarantine."""
    request, name, body = bodies.BODIES[source_id]
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


@pytest.mark.parametrize("source_id", sorted(bodies.BODIES))
def test_empty_bodies_and_pages_are_refused_by_every_source(source_id: str) -> None:
    """Would catch an empty page that becomes an empty leaderboard."""
    request, _, _ = bodies.BODIES[source_id]
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

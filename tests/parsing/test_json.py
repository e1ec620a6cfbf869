"""JSON bodies: one object, every key once."""

from __future__ import annotations

import pytest

from sources.errors import EmptyTable, ParseError
from sources.parsing.json import MAX_PAGE, read_json, read_page
from tests.fixtures import bodies


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ('{"a": 1, "a": 2}', "key 'a' given twice"),
        ("{", "expected JSON"),
        ("[1]", "expected a JSON object"),
        ("[" * 100_000, "expected JSON"),
        ("<html>", "a web page"),
        ('{"a": ' + "9" * 5000 + "}", "expected JSON"),
        (b"\xff\xfe{}", "not UTF-8"),
    ],
    ids=["twice", "cut", "list", "deep", "page", "long number", "not text"],
)
def test_json_that_is_not_what_it_should_be(body: str | bytes, says: str) -> None:
    """Would catch a model lost to a repeated key, and a hostile page that crashes a run."""
    with pytest.raises(ParseError, match=says) as caught:
        read_json(bodies.snapshot("arena_catalog", body))
    assert "\n" not in caught.value.line()
    with pytest.raises(EmptyTable):
        read_json(bodies.snapshot("arena_catalog", " "))


@pytest.mark.parametrize("page", [b"[" * 100_000, b" " * (MAX_PAGE + 1), b"{", b"\xff"])
def test_a_page_of_an_api_is_json_of_some_size(page: bytes) -> None:
    """Would catch a listing that fills the memory, or nests deeper than Python does."""
    with pytest.raises(ValueError):
        read_page(page)

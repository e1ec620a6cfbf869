"""YAML bodies: plain values only, every key once, and no file that fills the memory."""

from __future__ import annotations

import pytest

from sources.errors import EmptyTable, ParseError
from sources.parsing.yaml import MAX_BYTES, read_yaml
from tests.fixtures import bodies

BOMB = "a: &a [x,x,x,x,x,x,x,x,x,x]\n" + "".join(
    f"{name}: &{name} [{','.join(['*' + before] * 10)}]\n"
    for before, name in zip("abcdefgh", "bcdefghi", strict=True)
)


@pytest.mark.parametrize(
    ("body", "says"),
    [
        ("<!DOCTYPE html><html></html>", "a web page"),
        ("model: [1, 2", "expected YAML"),
        ("? [a, b]\n: 1", "expected YAML"),
        ("model: a\nscore: 1\nmodel: b", "key 'model' given twice"),
        ("- {model: a, model: b}", "key 'model' given twice"),
        ("model: !!python/object/apply:os.getcwd []", "could not determine a constructor"),
        ("- &a {model: x}\n- *a", "an alias"),
        (BOMB, "an alias"),
        ("[" * 5000, "expected YAML"),
        (b"model: \xff", "not UTF-8"),
        ("#" * (MAX_BYTES + 1), f"at most {MAX_BYTES}"),
        ("- " + "1:" * 400 + "1", "more than 310 digits"),
    ],
    ids=[
        "page", "cut", "list as key", "twice", "twice inside", "object", "alias", "bomb", "deep",
        "encoding", "large", "sixties",
    ],
)  # fmt: skip
def test_what_is_no_plain_yaml_is_refused_in_one_line(body: str | bytes, says: str) -> None:
    """Would catch a traceback, an object made from a tag, aliases that fill the memory, a vanished model."""
    with pytest.raises(ParseError, match=says) as caught:
        read_yaml(bodies.snapshot("aider", body))
    assert "\n" not in caught.value.line()
    assert len(caught.value.line()) < 500


@pytest.mark.parametrize("body", ["", "  \n", b"\xef\xbb\xbf\n"])
def test_an_empty_file_is_named_as_such(body: str | bytes) -> None:
    """Would catch an empty download taken for a change of format."""
    with pytest.raises(EmptyTable, match="empty body"):
        read_yaml(bodies.snapshot("aider", body))


def test_a_day_that_is_none_is_text() -> None:
    """Would catch a whole board refused for one entry's date."""
    found = read_yaml(
        bodies.snapshot("aider", "a: 2025-02-30\nb: 2025-25-11\nc: 0000-01-01\nd: 2025-02-28\n")
    )
    assert {key: str(value) for key, value in found.items()} == {
        "a": "2025-02-30", "b": "2025-25-11", "c": "0000-01-01", "d": "2025-02-28",
    }  # fmt: skip

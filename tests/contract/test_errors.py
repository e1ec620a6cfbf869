"""What an error quotes of a body: one line that a terminal shows and does not obey."""

from __future__ import annotations

import pickle

from sources.errors import MAX_LINE, BadCell, ParseError, excerpt


def test_an_error_shows_what_is_hidden_and_obeys_nothing() -> None:
    """Would catch a name that colours the terminal, turns the line around, or cannot be encoded."""
    line = ParseError("模型 é \x1b[31m\u202e\u200b\ud800", "a name").line()
    assert line == r"模型 é \x1b[31m\u202e\u200b\ud800; expected a name"
    assert ParseError("file\nname", "a name").line() == r"file\nname; expected a name"
    assert excerpt("a\r\n\x00\u2028b") == r"a \x00 b"


def test_an_excerpt_of_anything_is_short() -> None:
    """Would catch a message of megabytes, or one that escapes made long."""
    assert len(excerpt("\x00" * 10_000_000, 60)) == 60
    assert excerpt(10**5000) == "a number of thousands of digits"
    line = ParseError("found", "also " + "script\n" * 5000, "do").line()
    assert len(line) == MAX_LINE
    assert "\n" not in line


def test_an_error_is_the_same_in_another_process() -> None:
    """Would catch a reason that loses its parts on the way from the parser."""
    for error in (ParseError("found", "expected", "do"), BadCell("score", "'x'", "a number")):
        again = pickle.loads(pickle.dumps(error))
        assert (type(again), vars(again), again.args) == (type(error), vars(error), error.args)

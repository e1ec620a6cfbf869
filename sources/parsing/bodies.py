"""What every parser checks of a body before reading it."""

from __future__ import annotations

from sources.contract import Snapshot
from sources.errors import EmptyTable, ParseError, excerpt

_BLANKS = b"\xef\xbb\xbf \t\r\n"


def looks_like_markup(body: bytes) -> bool:
    """Is this a web page? Most servers send one in place of a file that has moved."""
    return body[:512].lstrip(_BLANKS).startswith(b"<")


def check_body(snapshot: Snapshot, expected: str) -> None:
    """Raises `EmptyTable` for an empty body and `ParseError` for a web page; ``expected`` is the wanted format."""
    if not snapshot.body.strip(_BLANKS):
        raise EmptyTable(f"{snapshot.where()}: an empty body", expected)
    if looks_like_markup(snapshot.body):
        raise ParseError(
            f"{snapshot.where()}: a web page", expected, "the address may have moved; look at the bytes"
        )


def read_text(snapshot: Snapshot, expected: str) -> str:
    """The body as text. Raises as `check_body` does, and `ParseError` when it is not UTF-8."""
    check_body(snapshot, expected)
    return snapshot.text()


def unreadable(snapshot: Snapshot, expected: str, error: BaseException) -> ParseError:
    """The error for a body that a library could not read, quoting the beginning of its message."""
    message = excerpt(error) or type(error).__name__
    return ParseError(f"{snapshot.where()}: {message}", expected, "the last good bytes stay in use")

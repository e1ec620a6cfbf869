"""What every parser checks of a body before reading it."""

from __future__ import annotations

from sources.contract import Snapshot
from sources.errors import EmptyTable, ParseError, excerpt

#: Bytes of a text that is read whole; the largest real one, a price list, has 3 MB.
MAX_TEXT_BYTES = 64 * 1024 * 1024

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
            f"{snapshot.where()}: a web page",
            expected,
            "look at the bytes; the address may have moved: docs/runbook.md#address-changed",
        )


def read_text(snapshot: Snapshot, expected: str) -> str:
    """The body as text.

    Raises as `check_body` does, and `ParseError` when it is not UTF-8 or has more than `MAX_TEXT_BYTES`.
    """
    check_body(snapshot, expected)
    check_limit(snapshot.where(), len(snapshot.body), MAX_TEXT_BYTES, "bytes")
    return snapshot.text()


def unreadable(snapshot: Snapshot, expected: str, error: BaseException) -> ParseError:
    """The error for a body that a library could not read, quoting the beginning of its message."""
    message = excerpt(error) or type(error).__name__
    return ParseError(f"{snapshot.where()}: {message}", expected, "the last good bytes stay in use")


def check_limit(where: str, found: int, limit: int, what: str) -> None:
    """Raises `ParseError` when there are more than ``limit`` of ``what``: rows, bytes.

    The limits are far above what any real body has. They are checked before a library reads the body, because a
    small one can stand for an enormous table.
    """
    if found > limit:
        raise ParseError(f"{where}: {found} {what}", f"at most {limit}", "look at the bytes")

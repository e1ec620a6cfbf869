"""Errors that a user can act on: each says what was found, what was expected and what to do."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

#: Characters of a line about a body; none that a person reads to the end is longer.
MAX_LINE = 1000


class AigapError(Exception):
    """Base of all expected failures. Users see `line`, never a traceback."""

    def __init__(self, found: str, expected: str = "", remedy: str = "") -> None:
        self.found = found
        self.expected = expected
        self.remedy = remedy
        super().__init__(self.line())

    def __reduce__(self) -> tuple[Any, ...]:
        # Errors come back from the process that parses; not every subclass is made from the same arguments.
        return _rebuilt, (type(self), self.args, vars(self))

    def line(self) -> str:
        """Found, expected and remedy in one line."""
        parts = [self.found]
        if self.expected:
            parts.append(f"expected {self.expected}")
        if self.remedy:
            parts.append(self.remedy)
        # A name may have a line break.
        return printable("; ".join(parts)).replace("\n", "\\n")


def _rebuilt(kind: type[AigapError], arguments: tuple[object, ...], state: dict[str, object]) -> AigapError:
    error = kind.__new__(kind)
    error.args = arguments
    vars(error).update(state)
    return error


class UsageError(AigapError):
    """Wrong use: the caller named something that does not exist or does not fit (exit code 2)."""


class FetchError(AigapError):
    """The network or the server did not deliver a usable body."""


class GoneError(FetchError):
    """The server says that it has nothing at the address (HTTP 404 or 410)."""


class BodyError(AigapError):
    """A body that is refused. What it holds is quoted, so its line is cut to `MAX_LINE` characters."""

    def line(self) -> str:
        """Found, expected and remedy in one line."""
        return excerpt(super().line(), MAX_LINE)


class ParseError(BodyError):
    """A body does not have the format that its parser reads."""


class EmptyTable(ParseError):
    """A body that can be read but has no rows: a leaderboard is never empty."""


class BadCell(ParseError):
    """A cell that cannot be read. It costs its row (`sources.parsing.entries`), or the body where it is in none."""

    def __init__(self, column: str, cell: str, expected: str) -> None:
        self.column = column
        #: As an error quotes it.
        self.cell = cell
        super().__init__(f"{column} {cell}", expected, "look at the bytes")


class RejectedBody(BodyError):
    """A body that can be read but fails the acceptance rules of its source; it goes to quarantine."""


class ArchiveError(AigapError):
    """A stored blob or receipt is missing, damaged or does not match its hash."""


def unforeseen(where: str, error: BaseException) -> ParseError:
    """The error for an exception that a parser did not expect; the body is refused."""
    return ParseError(
        f"{where}: {type(error).__name__}: {excerpt(error)}",
        "a body its parser reads",
        "look at it, or fix the parser: docs/runbook.md#format-changed",
    )


def excerpt(value: object, longest: int = 160) -> str:
    """``value`` as an error may quote it: one line of at most ``longest`` printable characters."""
    # Cut twice: what is quoted may have megabytes, and what is not printable becomes longer.
    try:
        text = str(value)
    except ValueError:
        text = "a number of thousands of digits"
    text = printable(" ".join(text[: 20 * longest].split()))
    return text if len(text) <= longest else text[: longest - 1] + "…"


def printable(text: str) -> str:
    """``text`` with escapes for what a terminal obeys or nobody sees: control, bidirectional, zero-width characters.

    Line breaks stay.
    """
    if text.isprintable():
        return text
    return "".join(
        sign if sign.isprintable() or sign == "\n" else sign.encode("unicode_escape").decode()
        for sign in text
    )


def nearest(name: str, known: Iterable[str]) -> list[str]:
    """Up to three of ``known`` that ``name`` may be a misspelling of, the likeliest first."""
    # Needed only after an error.
    from difflib import get_close_matches

    exact = {one.casefold(): one for one in sorted(known)}
    return [exact[one] for one in get_close_matches(name.casefold(), exact, n=3, cutoff=0.6)]


def meant(name: str, known: Iterable[str], otherwise: str = "") -> str:
    """``did you mean …?`` as a remedy, or ``otherwise`` when nothing in ``known`` is similar to ``name``."""
    near = nearest(name, known)
    return f"did you mean {', '.join(near)}?" if near else otherwise

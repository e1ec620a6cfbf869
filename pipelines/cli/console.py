"""How the commands speak: lines for people, nothing but trouble when quiet, or one JSON object a line for machines.

Colour and bars are for terminals. What a command is asked for goes to standard output, all else to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TextIO, TypeVar

import typer

from sources.errors import UsageError, meant

if TYPE_CHECKING:
    from rich.progress import Progress

Say = Callable[[str], None]
Item = TypeVar("Item")

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Say only what went wrong.")]
AsJson = Annotated[bool, typer.Option("--json", help="Say the result as one JSON object.")]
TextOrJson = Annotated[
    str, typer.Option("--format", "-f", help="text or json.", autocompletion=lambda: ["text", "json"])
]


class LogFormat(StrEnum):
    """``json``: every line, progress and warnings too, as an object on standard error."""

    TEXT = "text"
    JSON = "json"


class Track(Protocol):
    """Goes over items, and shows how far it is where there is somebody to look."""

    def __call__(self, items: Sequence[Item], /) -> Iterator[Item]: ...


@dataclass(frozen=True)
class Console:
    """What to say, what to warn of, and what takes the records of the logger ``aigap.progress``."""

    say: Say
    warn: Say
    handler: logging.Handler
    draws: bool = False

    @contextmanager
    def tracking(self, what: str) -> Iterator[Track]:
        """Draw a bar on standard error while ``what`` is gone over; nothing where nobody would see it move."""
        global _bar
        if not self.draws:
            yield _over
            return
        _bar = _progress()
        bar = _bar

        def over(items: Sequence[Item], /) -> Iterator[Item]:
            task = bar.add_task(what, total=len(items))
            bar.start()
            for item in items:
                yield item
                bar.advance(task)

        try:
            yield over
        finally:
            bar.stop()
            _bar = None


class _Lines(logging.Handler):
    """Hands each record on as one line."""

    def __init__(self, say: Say, warn: Say) -> None:
        super().__init__(logging.INFO)
        self._say = say
        self._warn = warn

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self._warn(f"aigap: warning: {record.getMessage()}")
        else:
            self._say(f"  {record.getMessage()}")


#: The bar that is on the screen, which has to stand aside while a line is written.
_bar: Progress | None = None


def coloured(stream: TextIO) -> bool:
    """May ``stream`` get colour? Not in a pipe, not on a dumb terminal, not where NO_COLOR or --no-color asks."""
    return _moves(stream) and not os.environ.get("NO_COLOR")


def say(line: str = "") -> None:
    _write(line, sys.stdout)


def head(line: str) -> None:
    """A line whose first word is its heading."""
    word, space, rest = line.partition(" ")
    say((typer.style(word, bold=True) if coloured(sys.stdout) else word) + space + rest)


def warn(line: str) -> None:
    """A line about trouble: yellow when it only warns, else red."""
    if coloured(sys.stderr):
        mild = line.removeprefix("aigap: ").startswith("warn")
        line = typer.style(line, fg="yellow" if mild else "red")
    _write(line, sys.stderr)


def tell(result: Any) -> None:
    """``result`` as one JSON object or list, for a program that reads standard output."""
    _write(json.dumps(result, ensure_ascii=False, allow_nan=False, default=str), sys.stdout)


def one_of(asked: str, *known: str) -> str:
    """``asked`` if it is a format there is. Raises `UsageError`."""
    if asked not in known:
        *most, last = known
        raise UsageError(
            f"no format {asked!r}", f"{', '.join(most)} or {last}", meant(asked, known, "choose one")
        )
    return asked


def console(format_: LogFormat = LogFormat.TEXT, *, quiet: bool = False) -> Console:
    """The console of one command."""
    if format_ is LogFormat.JSON:
        return _structured(logging.WARNING if quiet else logging.INFO)
    speak = _nothing if quiet else say
    return Console(speak, warn, _Lines(speak, warn), draws=not quiet and _moves(sys.stderr))


def _nothing(line: str) -> None:
    """For --quiet."""


def _over(items: Sequence[Item], /) -> Iterator[Item]:
    return iter(items)


def _moves(stream: TextIO) -> bool:
    """Is ``stream`` a terminal on which the cursor can be moved?"""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _write(line: str, stream: TextIO) -> None:
    if _bar is None or not _bar.live.is_started:
        typer.echo(line, file=stream)
        return
    _bar.stop()
    typer.echo(line, file=stream)
    _bar.start()


def _progress() -> Progress:
    from rich.console import Console as Screen
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    colour = coloured(sys.stderr)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=Screen(
            stderr=True, force_terminal=True, no_color=not colour, color_system="auto" if colour else None
        ),
        # The lines that stay are the same as in a pipe.
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _structured(level: int) -> Console:
    from pythonjsonlogger.json import JsonFormatter

    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    handler.setFormatter(
        JsonFormatter(
            ["asctime", "levelname", "name", "message"],
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            json_ensure_ascii=False,
        )
    )
    logger = logging.getLogger("aigap.cli")
    logger.propagate = False
    logger.setLevel(level)
    logger.handlers = [handler]

    def told(line: str, at: int) -> None:
        text = line.strip().removeprefix("aigap: ").removeprefix("warning: ")
        if text:
            logger.log(at, text)

    return Console(lambda line: told(line, logging.INFO), lambda line: told(line, logging.WARNING), handler)

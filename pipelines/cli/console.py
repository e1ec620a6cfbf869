"""Output of the commands: lines for people, only warnings with --quiet, or one JSON object a line for machines.

Colour and progress bars are for terminals. Results go to standard output, warnings and bars to standard error.
"""

from __future__ import annotations

import json
import logging
import os
import re
import shutil
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from functools import partial
from typing import TYPE_CHECKING, Annotated, Any, Protocol, TextIO, TypeVar

import typer

from sources.errors import UsageError, meant
from warehouse.text import json_printable, printable

if TYPE_CHECKING:
    from rich.progress import Progress

    from warehouse.read.terminal_table import Screen

Say = Callable[[str], None]
Item = TypeVar("Item")

#: What a line begins with when the rest of it is a second column.
_LABEL = re.compile(r" *\S{1,12} {2,10}(?=\S)")

Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="Print warnings and errors only.")]
AsJson = Annotated[bool, typer.Option("--json", help="Print the result as one JSON object.")]
TextOrJson = Annotated[
    str, typer.Option("--format", "-f", help="text or json.", autocompletion=lambda: ["text", "json"])
]


class LogFormat(StrEnum):
    """``json``: every line, progress and warnings too, as an object on standard error."""

    TEXT = "text"
    JSON = "json"


class Track(Protocol):
    """Iterates over items; on a terminal it shows how far it is."""

    def __call__(self, items: Sequence[Item], /) -> Iterator[Item]: ...


@dataclass(frozen=True)
class Console:
    """Prints a command's lines and warnings; ``handler`` prints the records of the logger ``aigap.progress``."""

    say: Say
    warn: Say
    handler: logging.Handler
    has_bar: bool = False

    @contextmanager
    def tracking(self, what: str) -> Iterator[Track]:
        """Show a progress bar, labelled ``what``, on standard error; nothing unless that is a terminal."""
        global _bar
        if not self.has_bar:
            yield _iterate
            return
        _bar = _new_bar()
        bar = _bar

        def iterate(items: Sequence[Item], /) -> Iterator[Item]:
            task = bar.add_task(what, total=len(items))
            bar.start()
            for item in items:
                yield item
                bar.advance(task)

        try:
            yield iterate
        finally:
            bar.stop()
            _bar = None


class _Lines(logging.Handler):
    """Prints each record as one line."""

    def __init__(self, say: Say, warn: Say) -> None:
        super().__init__(logging.INFO)
        self._say = say
        self._warn = warn

    def emit(self, record: logging.LogRecord) -> None:
        if record.levelno >= logging.WARNING:
            self._warn(f"aigap: warning: {record.getMessage()}")
        else:
            self._say(f"  {record.getMessage()}")


#: The bar on the screen: it is hidden while a line is written.
_bar: Progress | None = None


def has_colour(stream: TextIO) -> bool:
    """Whether to colour ``stream``: not in a pipe or on a dumb terminal, nor with NO_COLOR or --no-color."""
    return _is_terminal(stream) and not os.environ.get("NO_COLOR")


def screen(stream: TextIO) -> Screen:
    """What rows are written on: the width of ``stream`` if it is a terminal, and how it shows bold letters."""
    from warehouse.read.terminal_table import Screen

    if not stream.isatty():
        return Screen()
    width = shutil.get_terminal_size().columns
    if not has_colour(stream):
        return Screen(width)
    return Screen(width, partial(typer.style, bold=True), partial(typer.style, dim=True))


def say(text: str = "") -> None:
    """Print ``text`` to standard output; nothing in it is obeyed by a terminal."""
    _write("\n".join(_fitted(printable(text), sys.stdout)), sys.stdout)


def print_heading(line: str) -> None:
    """Print a line with its first word in bold on a terminal."""
    lines = "\n".join(_fitted(printable(line), sys.stdout))
    word, space, rest = lines.partition(" ")
    _write((typer.style(word, bold=True) if has_colour(sys.stdout) else word) + space + rest, sys.stdout)


def warn(line: str) -> None:
    """Print a warning (yellow) or an error (red) to standard error."""
    line = "\n".join(_fitted(printable(line), sys.stderr))
    if has_colour(sys.stderr):
        is_warning = line.removeprefix("aigap: ").startswith("warn")
        line = typer.style(line, fg="yellow" if is_warning else "red")
    _write(line, sys.stderr)


def print_json(result: Any) -> None:
    """Print ``result`` as one line of JSON."""
    from warehouse.read.cells import json_text

    _write(json_text(result), sys.stdout)


def check_format(chosen: str, *known: str) -> str:
    """Return ``chosen``. Raises `UsageError` when it is none of the ``known`` formats."""
    if chosen not in known:
        *most, last = known
        raise UsageError(
            f"no format {chosen!r}", f"{', '.join(most)} or {last}", meant(chosen, known, "choose one")
        )
    return chosen


def console(format_: LogFormat = LogFormat.TEXT, *, quiet: bool = False) -> Console:
    """The console of one command."""
    if format_ is LogFormat.JSON:
        return _json_console(logging.WARNING if quiet else logging.INFO)
    info = _discard if quiet else say
    return Console(info, warn, _Lines(info, warn), has_bar=not quiet and _is_terminal(sys.stderr))


def _discard(line: str) -> None:
    """For --quiet."""


def _iterate(items: Sequence[Item], /) -> Iterator[Item]:
    return iter(items)


def _fitted(text: str, stream: TextIO) -> Iterator[str]:
    """Lines of ``text``, on a terminal broken between words; what follows stands below the second column."""
    if not stream.isatty():
        yield from text.split("\n")
        return
    from warehouse.read.terminal_table import wrapped

    width = shutil.get_terminal_size().columns
    for line in text.split("\n"):
        label = _LABEL.match(line)
        yield from wrapped(line, width, " " * (label.end() if label else len(line) - len(line.lstrip()) + 2))


def _is_terminal(stream: TextIO) -> bool:
    """Whether ``stream`` is a terminal on which the cursor can be moved."""
    return stream.isatty() and os.environ.get("TERM", "dumb") != "dumb"


def _write(line: str, stream: TextIO) -> None:
    if _bar is None or not _bar.live.is_started:
        typer.echo(line, file=stream)
        return
    _bar.stop()
    typer.echo(line, file=stream)
    _bar.start()


def _new_bar() -> Progress:
    from rich.console import Console as RichConsole
    from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeElapsedColumn

    colour = has_colour(sys.stderr)
    return Progress(
        TextColumn("{task.description}"),
        BarColumn(),
        MofNCompleteColumn(),
        TimeElapsedColumn(),
        console=RichConsole(
            stderr=True, force_terminal=True, no_color=not colour, color_system="auto" if colour else None
        ),
        # What stays on the screen is then what a pipe receives.
        transient=True,
        redirect_stdout=False,
        redirect_stderr=False,
    )


def _log_json(record: Any, **options: Any) -> str:
    return json_printable(json.dumps(record, **{**options, "ensure_ascii": False}))


def _json_console(level: int) -> Console:
    from pythonjsonlogger.json import JsonFormatter

    handler = logging.StreamHandler(sys.stderr)
    handler.setLevel(level)
    handler.setFormatter(
        JsonFormatter(
            ["asctime", "levelname", "name", "message"],
            rename_fields={"asctime": "time", "levelname": "level", "name": "logger"},
            datefmt="%Y-%m-%dT%H:%M:%S%z",
            json_serializer=_log_json,
        )
    )
    logger = logging.getLogger("aigap.cli")
    logger.propagate = False
    logger.setLevel(level)
    logger.handlers = [handler]

    def log(line: str, level: int) -> None:
        text = line.strip().removeprefix("aigap: ").removeprefix("warning: ")
        if text:
            logger.log(level, text)

    return Console(lambda line: log(line, logging.INFO), lambda line: log(line, logging.WARNING), handler)

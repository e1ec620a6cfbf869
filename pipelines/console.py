"""How the commands speak: lines for people, nothing but trouble when quiet, or one JSON object a line for machines."""

from __future__ import annotations

import logging
import sys
from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import typer

Say = Callable[[str], None]


class LogFormat(StrEnum):
    """``json``: every line, progress and warnings too, as an object on standard error."""

    TEXT = "text"
    JSON = "json"


@dataclass(frozen=True)
class Console:
    """What to say, what to warn of, and what takes the records of the logger ``aigap.progress``."""

    say: Say
    warn: Say
    handler: logging.Handler


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


def say(line: str = "") -> None:
    typer.echo(line)


def warn(line: str) -> None:
    typer.echo(line, err=True)


def _nothing(line: str) -> None:
    """For --quiet."""


def console(format_: LogFormat = LogFormat.TEXT, *, quiet: bool = False) -> Console:
    """The console of one command."""
    if format_ is LogFormat.JSON:
        return _structured(logging.WARNING if quiet else logging.INFO)
    speak = _nothing if quiet else say
    return Console(speak, warn, _Lines(speak, warn))


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

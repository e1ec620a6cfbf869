"""Parsers run in a process of their own, whose death costs the body that caused it and nothing else.

A hostile or damaged body can crash a parser's library, fill the memory or never end, and no `except` in the same
process catches that. One such process is started when first needed and reused; it ends with the process that started
it. It is a plain child program, not one of `multiprocessing`'s: those fork a process in which Polars has threads, or
run the caller's main module again.
"""

from __future__ import annotations

import atexit
import math
import os
import pickle
import signal
import subprocess
import sys
import threading
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from multiprocessing.connection import wait
from pathlib import Path, PurePath
from tempfile import TemporaryDirectory
from typing import Any, TypeVar

import polars as pl

import sources
from sources.contract.set_aside import Parsed, ParsedFile
from sources.contract.snapshot import Snapshot
from sources.contract.source import Source
from sources.contract.validation import read
from sources.errors import AigapError, ParseError, UsageError, unforeseen

SECONDS, GIGABYTES = "AIGAP_PARSE_SECONDS", "AIGAP_PARSE_GB"
#: Wall seconds after which a parser is stopped, busy or not.
WALL_SECONDS = 120.0
#: Larger bodies leave the process with much memory: it ends after them.
LARGE = 8_000_000
#: Bodies are small: more threads cost more than they save, in time and in memory.
SETTINGS = {"POLARS_MAX_THREADS": "1"}
#: Without these, a Polars that gets no more memory waits for ever for a backtrace, and its allocator for a thread.
OUT_OF_MEMORY = {"RUST_BACKTRACE": "0", "_RJEM_MALLOC_CONF": "background_thread:false"}

Result = TypeVar("Result")


@dataclass(frozen=True)
class Limits:
    """How much processor time [s], wall time [s] and memory [bytes] one body may take."""

    cpu_seconds: float
    wall_seconds: float
    memory: int


@dataclass(frozen=True)
class Task:
    """A function of the source ``source_id``, its arguments, and its limits. ``where`` names the body in errors."""

    source_id: str
    function: str
    arguments: tuple[Any, ...]
    where: str
    limits: Limits


def limits_of(size: int) -> Limits:
    """The limits for a body of ``size`` bytes, or those that ``AIGAP_PARSE_SECONDS`` and ``AIGAP_PARSE_GB`` set.

    The real files, of 58 MB and 1.2 million rows at most, take a second and a third of the memory.
    """
    seconds, gigabytes = _setting(SECONDS), _setting(GIGABYTES)
    return Limits(
        cpu_seconds=seconds or min(WALL_SECONDS, 8 + size / 1e6),
        wall_seconds=seconds or WALL_SECONDS,
        memory=int(gigabytes * 1e9) if gigabytes else min(4_000_000_000, 1_500_000_000 + 50 * size),
    )


def read_apart(source: Source, snapshot: Snapshot) -> Parsed | ParsedFile:
    """What `read` returns for ``snapshot``, read in the other process. A source that is no module is read in this one.

    A large body is read in pieces if its source allows it, and its rows stay in files. Raises as `read` does, and
    `ParseError` when the parser fails in any other way, dies or exceeds its limits.
    """
    where, size = snapshot.where(), len(snapshot.body)
    if not _has_module(source):
        return guarded(where, lambda: read(source, snapshot))
    if not (source.in_pieces and size > LARGE):
        whole: Parsed = _process.run(Task(source.id, "read", (snapshot,), where, limits_of(size)), size)
        return whole
    keeper = TemporaryDirectory(prefix="aigap-")
    arguments = (snapshot, Path(keeper.name))
    task = Task(source.id, "read_in_pieces", arguments, where, limits_of(size))
    try:
        parsed: Parsed | ParsedFile = _process.run(task, size)
    except BaseException:
        keeper.cleanup()
        raise
    if isinstance(parsed, ParsedFile):
        return replace(parsed, keeper=keeper)
    keeper.cleanup()
    return parsed


def known_at_apart(source: Source, path: PurePath, body: bytes) -> datetime | None:
    """What `Source.known_at_of` returns, found in the other process.

    None when it fails there: so will the parser, which says why.
    """
    if not _has_module(source):
        return source.known_at_of(path, body)
    task = Task(source.id, "known_at_of", (path, body), path.name, limits_of(len(body)))
    try:
        known_at: datetime | None = _process.run(task, len(body))
    except ParseError:
        return None
    return known_at


def guarded(where: str, function: Callable[[], Result]) -> Result:
    """What ``function`` returns. Raises `ParseError` for every exception that is no `AigapError`."""
    try:
        return function()
    except AigapError:
        raise
    except MemoryError:
        raise ParseError(
            f"{where}: its parser ran out of memory",
            "a smaller body",
            f"look at the bytes, or raise {GIGABYTES}",
        ) from None
    # A damaged file can make Polars panic, which is not an Exception.
    except (Exception, pl.exceptions.PanicException) as error:
        raise unforeseen(where, error) from None


class ParserProcess:
    """The child of this process that parses, one body at a time whichever thread asks."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._child: subprocess.Popen[bytes] | None = None

    def run(self, task: Task, size: int) -> Any:
        """The result of ``task`` over a body of ``size`` bytes.

        Raises the `AigapError` that it raised, and `ParseError` when the child died or was stopped.
        """
        with self._lock:
            child = self._started()
            try:
                outcome = _answer(child, task)
            except BaseException:
                # Also Ctrl-C: no answer may be taken for the next body's.
                self.end()
                raise
            if size > LARGE:
                self.end()
        if isinstance(outcome, AigapError):
            raise outcome
        return outcome

    def end(self) -> None:
        """End the child, if there is one."""
        child, self._child = self._child, None
        if child is not None:
            child.kill()
            child.communicate()

    def forget(self) -> None:
        """Leave the child to the process that this one was forked from."""
        self.__init__()  # type: ignore[misc]

    def _started(self) -> subprocess.Popen[bytes]:
        if self._child is not None and self._child.poll() is not None:
            self.end()
        if self._child is None:
            root = str(Path(sources.__file__).parents[1])
            path = os.pathsep.join(filter(None, (root, os.environ.get("PYTHONPATH"))))
            # -P: a folder `sources` where the user happens to be is not ours. A session of its own: Ctrl-C is for us.
            self._child = subprocess.Popen(
                [sys.executable, "-P", "-m", "sources.ingestion.parser_child", str(os.getpid())],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=subprocess.DEVNULL,
                env={**os.environ, **SETTINGS, **OUT_OF_MEMORY, "PYTHONPATH": path},
                start_new_session=True,
            )
        return self._child


def _answer(child: subprocess.Popen[bytes], task: Task) -> Any:
    assert child.stdin is not None
    assert child.stdout is not None
    try:
        pickle.dump(task, child.stdin, protocol=pickle.HIGHEST_PROTOCOL)
        child.stdin.flush()
        # The child writes nothing before it has the whole answer.
        if not wait([child.stdout.fileno()], task.limits.wall_seconds):
            raise _death(task, signal.SIGXCPU)
        return pickle.load(child.stdout)
    except (OSError, EOFError, pickle.UnpicklingError):
        raise _death(task, -child.wait()) from None


def _death(task: Task, by: int) -> ParseError:
    """The error for a body that killed its parser, by the number of the signal (or minus the exit code)."""
    limits = task.limits
    if by == signal.SIGXCPU:
        found = "its parser was stopped, it took too long"
    else:
        name = signal.Signals(by).name if by in set(signal.Signals) else f"exit code {-by}"
        name += ", as when memory runs out" if by == signal.SIGABRT else ""
        found = f"its parser died ({name})"
    return ParseError(
        f"{task.where}: {found}",
        f"a body that is read in {limits.cpu_seconds:.3g} s and {limits.memory / 1e9:.1f} GB",
        f"look at the bytes, or raise {SECONDS} or {GIGABYTES}",
    )


def _has_module(source: Source) -> bool:
    """Whether another process finds ``source`` by its id; tests make some that it would not."""
    return getattr(sys.modules.get(f"sources.{source.id}"), "SOURCE", None) is source


def _setting(name: str) -> float:
    """A positive number of the environment, 0 when it is not set. Raises `UsageError` for anything else."""
    text = os.environ.get(name, "")
    try:
        value = float(text) if text else 0.0
    except ValueError:
        value = math.nan
    if text and not 0 < value < math.inf:
        raise UsageError(f"{name} is {text!r}", "a number above 0", "nothing was read")
    return value


_process = ParserProcess()
atexit.register(_process.end)
os.register_at_fork(after_in_child=_process.forget)

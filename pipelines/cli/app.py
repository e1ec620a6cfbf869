"""The application `aigap`, assembled from its groups of commands."""

from __future__ import annotations

import atexit
import gc
import io
import os
import sys
import threading
from collections.abc import Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import NoReturn

import typer
from typer.main import get_command_name

from pipelines.cli.exit_codes import guarded
from pipelines.cli.help import Commands, examples, shared
from pipelines.cli.plain_values import spare_pydantic
from sources.errors import UsageError

spare_pydantic()
#: The modules with commands, and the words that call them.
MODULES: Mapping[str, tuple[str, ...]] = {
    "build_commands": ("refresh", "check", "recompute"),
    "reading_commands": ("query", "explain", "plot", "status", "dictionary"),
    "doctor_command": ("doctor",),
    "release_commands": ("releases", "changes", "rollback"),
    "resolve_command": ("resolve",),
    "export_commands": ("export",),
    "ingest_command": ("ingest",),
    "history_commands": ("history",),
    "archive_commands": ("archive",),
    "backfill_commands": ("backfill",),
    "site_commands": ("site",),
}


def application(words: Sequence[str] = ()) -> typer.Typer:
    """`aigap` with the command or group that the first of ``words`` calls, or with all if it calls none.

    All of them take a tenth of a second to put together: help and completion need them.
    """
    app = typer.Typer(
        name="aigap",
        cls=Commands,
        help="How far apart are the best US and the best Chinese AI models, month by month, and how do we know?",
        invoke_without_command=True,
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
        add_completion=True,
        context_settings={"help_option_names": ["-h", "--help"]},
        epilog=examples(
            "aigap refresh",
            "aigap plot",
            'aigap query "SELECT month, board, gap_points FROM monthly_gap LIMIT 5"',
            "aigap explain 2025-02",
        ),
    )
    app.callback()(shared)
    called = next((word for word in words if not word.startswith("-")), None)
    needed = [module for module, commands in MODULES.items() if called in commands]
    for module in needed or MODULES:
        commands = import_module(f"pipelines.cli.{module}").app
        app.add_typer(_alone(called, commands) or commands)
    return app


def _alone(called: str | None, commands: typer.Typer) -> typer.Typer | None:
    """The command of ``commands`` that is ``called``; None if there is none, as in a group."""
    found = [
        one
        for one in commands.registered_commands
        if one.callback and get_command_name(one.name or one.callback.__name__) == called
    ]
    if not found:
        return None
    app = typer.Typer()
    app.registered_commands = found
    return app


#: Objects made between two searches for cycles of dead ones. A command makes a million that live to its end, and with
#: Python's 700 a refresh looks through them nine hundred times: a second, for a few thousand small dead ones.
OBJECTS_BETWEEN_SEARCHES = 1_000_000
#: DuckDB's allocator keeps what queries free for a minute, for the next ones. By default it gives memory back within
#: seconds, and a build of one new body took a third of its pages from the system again.
ALLOCATOR = "dirty_decay_ms:60000,muzzy_decay_ms:60000"


def main() -> NoReturn:
    """Run `aigap` and exit with its code."""
    gc.set_threshold(OBJECTS_BETWEEN_SEARCHES)
    # Read when DuckDB and NumPy are loaded, which only commands that need them do.
    os.environ.setdefault("DUCKDB_JE_MALLOC_CONF", ALLOCATOR)
    # Of our small matrices a second thread computes nothing, and its waiting takes a hundredth of a refresh.
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    # Started with a closed stream, as by some schedulers, Python has None there.
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115
    if isinstance(sys.stdout, io.TextIOWrapper):
        # What goes into a pipe or a file is UTF-8. A terminal that is not shows letters it lacks as \\u….
        encoding = sys.stdout.encoding if sys.stdout.isatty() else "utf-8"
        sys.stdout.reconfigure(encoding=encoding, errors="backslashreplace")
    leave(guarded(_run))


def leave(code: int) -> NoReturn:
    """Exit with ``code`` as Python does, but leave the memory to the system: freeing it costs a third of a second."""
    # A thread that is still at work is waited for, and what cannot be written is reported, in Python's own way.
    if threading.active_count() == 1:
        try:
            sys.stdout.flush()
            sys.stderr.flush()
            atexit._run_exitfuncs()  # noqa: SLF001 (it has no public name)
            # What is put away may have something to say.
            sys.stdout.flush()
            sys.stderr.flush()
        except OSError:
            raise SystemExit(code) from None
        os._exit(code)
    raise SystemExit(code)


def _run() -> None:
    for word in sys.argv[1:]:
        try:
            word.encode()
        except UnicodeEncodeError:
            raise UsageError(
                f"{word} is not UTF-8, or this locale cannot read it", "names in UTF-8", "or set PYTHONUTF8=1"
            ) from None
    application(sys.argv[1:])(prog_name="aigap")

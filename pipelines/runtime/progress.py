"""What every asset says alike: who owns it, and how a step tells what it did."""

import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

OWNERS = ["team:aigap"]

#: Progress for people and log collectors; the command line prints it, Dagster keeps it with the run.
progress = logging.getLogger("aigap.progress")


@contextmanager
def told(context: Any, name: str) -> Iterator[list[str]]:
    """Say what a step did, where and how long it took; the step appends its words to the list."""
    words: list[str] = []
    started = time.monotonic()
    yield words
    seconds = time.monotonic() - started
    line = f"{name:<13} {'; '.join(words)}"
    worker = f"{socket.gethostname()}/{os.getpid()}"
    context.log.info(f"{line}  ({seconds:.1f} s on {worker})")
    fields = {"step": name, "seconds": round(seconds, 3), "run_id": context.run.run_id, "worker": worker}
    progress.info("%s  (%.1f s)", line, seconds, extra=fields)

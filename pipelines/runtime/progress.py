"""Progress of a run's steps, for people and log collectors: the command line prints it, Dagster keeps it."""

import logging
import os
import socket
import time
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from warehouse.text import printable

progress = logging.getLogger("aigap.progress")


@contextmanager
def report_step(context: Any, name: str) -> Iterator[list[str]]:
    """Log what a step did, how long it took and in which process; the caller appends to the summary."""
    summary: list[str] = []
    started = time.monotonic()
    yield summary
    seconds = time.monotonic() - started
    line = printable(f"{name:<13} {'; '.join(summary)}")
    worker = f"{socket.gethostname()}/{os.getpid()}"
    context.log.info(f"{line}  ({seconds:.1f} s on {worker})")
    fields = {"step": name, "seconds": round(seconds, 3), "run_id": context.run.run_id, "worker": worker}
    progress.info("%s  (%.1f s)", line, seconds, extra=fields)


@contextmanager
def reported_at_once(instance: Any) -> Iterator[None]:
    """The events of tables and checks inside are one transaction, where the records of ``instance`` can do that.

    Nothing may be computed inside: no other program can write meanwhile (`pipelines.records`).
    """
    if begin := getattr(instance.event_log_storage, "begin_burst", None):
        begin()
    try:
        yield
    finally:
        if end := getattr(instance.event_log_storage, "end_burst", None):
            end()

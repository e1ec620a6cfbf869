"""The program that parses for `sources.ingestion.parser_process`: tasks come in at standard input, answers go out.

Its one argument is the id of the process that started it. It ends when that process closes the input or dies.
"""

from __future__ import annotations

import math
import os
import pickle
import resource
import sys
import threading
import time
from typing import Any

from sources.contract.validation import read, read_in_pieces
from sources.errors import AigapError
from sources.ingestion.parser_process import Limits, Task, guarded
from sources.registry import get


def main() -> None:
    """Answer tasks until there are no more."""
    tasks = sys.stdin.buffer
    # What a library prints must not get between the answers.
    answers = os.fdopen(os.dup(1), "wb")
    os.dup2(2, 1)
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    threading.Thread(target=_end_with, args=(int(sys.argv[1]),), daemon=True).start()
    while True:
        try:
            task = pickle.load(tasks)
        except EOFError:
            return
        answers.write(_answer(task))
        answers.flush()


def _answer(task: Task) -> bytes:
    """What the task returned, or the `AigapError` that it raised, pickled."""
    _limit(task.limits)
    try:
        return guarded(task.where, lambda: pickle.dumps(_call(task), protocol=pickle.HIGHEST_PROTOCOL))
    except AigapError as error:
        return pickle.dumps(error)
    finally:
        _limit(None)


def _call(task: Task) -> Any:
    source = get(task.source_id)
    if task.function == "read":
        return read(source, *task.arguments)
    if task.function == "read_in_pieces":
        return read_in_pieces(source, *task.arguments)
    return source.known_at_of(*task.arguments)


def _limit(limits: Limits | None) -> None:
    """Set the soft limits of this process, or lift them. Past that of time the system ends it."""
    cpu = memory = resource.RLIM_INFINITY
    if limits is not None:
        used = resource.getrusage(resource.RUSAGE_SELF)
        cpu = math.ceil(used.ru_utime + used.ru_stime + limits.cpu_seconds)
        memory = limits.memory
    for kind, soft in ((resource.RLIMIT_CPU, cpu), (resource.RLIMIT_DATA, memory)):
        hard = resource.getrlimit(kind)[1]
        resource.setrlimit(kind, (soft if hard == resource.RLIM_INFINITY else min(soft, hard), hard))


def _end_with(parent: int) -> None:
    """End this process, whatever it is doing, when ``parent`` has died."""
    while os.getppid() == parent:
        time.sleep(1)
    os._exit(1)


if __name__ == "__main__":
    main()

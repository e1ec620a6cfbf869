"""Limits on the rate and number of requests to one host."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager

#: Requests to one host at the same time.
MAX_CONCURRENT = 2


class HostGate:
    """Lets at most `MAX_CONCURRENT` requests to a host through, one every ``interval`` seconds."""

    def __init__(self, interval: float) -> None:
        self._interval = interval
        self._free = threading.Semaphore(MAX_CONCURRENT)
        self._lock = threading.Lock()
        self._next = 0.0

    @contextmanager
    def entered(self) -> Iterator[None]:
        """Waits for its turn, then holds one of the places until the block ends."""
        with self._free:
            with self._lock:
                now = time.monotonic()
                wait = max(self._next - now, 0.0)
                self._next = now + wait + self._interval
            if wait:
                time.sleep(wait)
            yield

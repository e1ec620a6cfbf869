"""Connections that refuse private networks after resolving a name, and headers that never end."""

from __future__ import annotations

import socket
import threading
import time
from contextlib import suppress
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.util.retry import Retry

from sources.ingestion.web.address_guard import is_private, private_network

_thread = threading.local()


def set_deadline(moment: float) -> None:
    """Headers that this thread reads must have arrived by ``moment`` of the monotonic clock."""
    _thread.deadline = moment


class GuardedConnection(HTTPConnection):
    """Connects to no private network unless ``allow_private``, and waits for headers until the deadline only."""

    allow_private = False

    def _new_conn(self) -> socket.socket:
        # A proxy is named by the environment, not by upstream, and resolves names itself.
        guarded = self.proxy is None and not self.allow_private
        if guarded:
            with suppress(OSError, UnicodeError):  # the attempt to connect reports it
                found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
                self._refuse_private([str(entry[4][0]) for entry in found])
        connected = super()._new_conn()
        if guarded:
            # The name server may have answered differently the second time.
            try:
                self._refuse_private([str(connected.getpeername()[0])])
            except BaseException:
                connected.close()
                raise
        return connected

    def _refuse_private(self, addresses: list[str]) -> None:
        private = next((address for address in addresses if is_private(address)), None)
        if private is not None:
            raise private_network(f"{self.host} ({private})")

    def getresponse(self) -> Any:
        """As in `HTTPConnection`, but raises `TimeoutError` when the headers are not complete by the deadline."""
        # The read timeout restarts with every byte, so headers that drip need a timer of their own.
        connected = self.sock
        was_cut = threading.Event()

        def cut() -> None:
            was_cut.set()
            # AttributeError: there is no connection.
            with suppress(OSError, AttributeError):
                connected.shutdown(socket.SHUT_RDWR)

        timer = threading.Timer(max(_thread.deadline - time.monotonic(), 0.0), cut)
        timer.daemon = True
        timer.start()
        try:
            answer = super().getresponse()
        finally:
            timer.cancel()
        if was_cut.is_set():
            # http.client takes headers that break off for all of them.
            answer.close()
            raise TimeoutError("no whole headers in time")
        return answer


class GuardedTLSConnection(GuardedConnection, HTTPSConnection):
    """The same with TLS."""


class GuardedAdapter(HTTPAdapter):
    """Makes guarded connections, directly and through proxies. Tries once: see `Session.get`."""

    def __init__(self, allow_private: bool) -> None:
        plain: Any = type("Connection", (GuardedConnection,), {"allow_private": allow_private})
        tls: Any = type("TLSConnection", (GuardedTLSConnection,), {"allow_private": allow_private})
        self._pools = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("TLSPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }
        super().__init__(max_retries=Retry(0, read=False))

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        """As in `HTTPAdapter`, with guarded connections."""
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        """As in `HTTPAdapter`, with guarded connections except through SOCKS."""
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = self._pools
        return manager

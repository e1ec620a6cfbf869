"""The one way to the network: a session that says who it is, waits, retries, and gives up in one line.

A body is written to a temporary file while it arrives, so that a broken connection is taken up where it
broke, and unpacked with a limit. Redirects are followed here, not by requests: each hop is checked before
anything is sent to it, and what a hop sends besides its address is not read.

What does not belong here: what is fetched and whether it is any good (`sources.ingestion.fetch`).
"""

from __future__ import annotations

import ipaddress
import os
import re
import socket
import tempfile
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import IO, Any, Self
from urllib.parse import urljoin, urlsplit, urlunsplit

import requests
from requests.adapters import HTTPAdapter
from requests.utils import requote_uri
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError
from urllib3.util.retry import Retry

from sources.contract.addresses import public_address
from sources.errors import FetchError, RejectedBody

CONNECT_TIMEOUT = 10.0  # seconds
READ_TIMEOUT = 60.0  # seconds without a byte
TOTAL_TIMEOUT = 900.0  # seconds for one body: a server that drips must not hold a run for ever
MAX_BYTES = 256 * 1024 * 1024  # as sent and unpacked; the largest known, the arena's full history, is 58 MB
MAX_REDIRECTS = 5
ATTEMPTS = 4  # after the first
BACKOFF = 1.0  # seconds; doubles, and as much again by chance, so that many clients do not come back at once
#: A server may ask for more patience than a run has: then the next run asks again.
LONGEST_WAIT = 120.0
PACE = 0.25  # seconds between two requests to one host
AT_ONCE = 2  # requests to one host
#: A host that could not be reached is not tried with patience again for so many seconds.
UNREACHABLE = 60.0
RETRIED = (429, 500, 502, 503, 504)
REDIRECTS = (301, 302, 303, 307, 308)
CHUNK = 1 << 16
#: What of the answer is worth keeping: when it changed, and which revision it was.
KEPT_HEADERS = ("content-type", "content-length", "date", "etag", "last-modified")
#: A redirect may say which revision it points to; the storage behind it does not know.
KEPT_OF_REDIRECTS = ("x-repo-commit", "x-linked-etag")
ALLOW_PRIVATE = "AIGAP_ALLOW_PRIVATE"

#: Called with the bytes received so far and the bytes to come in all, if the server told.
Progress = Callable[[int, int | None], None]


@dataclass(frozen=True)
class Response:
    """A complete body with status 200, or 304 and none. ``address`` is where it came from, after redirects;
    ``next`` the page after this one, if the server names one.
    """

    body: bytes
    address: str
    status: int
    headers: Mapping[str, str]
    next: str = ""

    @property
    def media_type(self) -> str:
        return self.headers.get("content-type", "").partition(";")[0].strip().casefold()


class Session:
    """Fetches bodies over HTTP(S); keeps connections, and a pace for each host. Made for several threads."""

    def __init__(
        self, *, max_bytes: int = MAX_BYTES, connect_timeout: float = CONNECT_TIMEOUT,
        read_timeout: float = READ_TIMEOUT, total_timeout: float = TOTAL_TIMEOUT, attempts: int = ATTEMPTS,
        backoff: float = BACKOFF, pace: float = PACE, at_once: int = AT_ONCE, allow_private: bool | None = None,
    ) -> None:  # fmt: skip
        self.max_bytes = max_bytes
        self.timeouts = (connect_timeout, read_timeout)
        self.total_timeout = total_timeout
        self.attempts = attempts
        self.backoff = backoff
        self.allow_private = os.environ.get(ALLOW_PRIVATE) == "1" if allow_private is None else allow_private
        self._gates: defaultdict[str, _Gate] = defaultdict(lambda: _Gate(pace, at_once))
        self._unreachable: dict[str, float] = {}
        self._session = _OneHop()
        self._session.headers["User-Agent"] = user_agent()
        self._session.headers["Accept-Encoding"] = "gzip, deflate"
        # Nothing fetched here needs a cookie, and one that is never taken is never sent elsewhere.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, _Adapter(self.allow_private))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()

    def get(
        self,
        address: str,
        *,
        conditions: Mapping[str, str] | None = None,
        folder: Path | None = None,
        progress: Progress = lambda received, total: None,
    ) -> Response:
        """The body at ``address``, decoded from its transfer encoding.

        With ``conditions`` (If-None-Match, If-Modified-Since) the answer may be 304 and empty. The body is
        gathered in a file below ``folder`` (default: the system's) that nobody sees and no crash leaves.

        Raises `FetchError` when the server or the network does not give a whole body with status 200,
        `RejectedBody` when the body, as sent or unpacked, is larger than ``max_bytes``.
        """
        _now.deadline = deadline = time.monotonic() + self.total_timeout
        host = _host(address)
        gives_up = self._unreachable.get(host, 0.0) > time.monotonic()
        patience = Retry(
            total=0 if gives_up else self.attempts,
            backoff_factor=self.backoff,
            backoff_jitter=self.backoff,
            backoff_max=LONGEST_WAIT,
        )
        if folder is not None:
            folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryFile(dir=folder) as file:
            part = _Part(file)
            while True:
                try:
                    response = self._attempt(address, part, conditions or {}, deadline, progress)
                except _Again as trouble:
                    patience = self._waited(patience, trouble, deadline, host)
                else:
                    self._unreachable.pop(host, None)
                    return response

    def _waited(self, patience: Retry, trouble: _Again, deadline: float, host: str) -> Retry:
        """What is left of ``patience`` after waiting for the next attempt. Raises what to tell if nothing is."""
        try:
            patience = patience.increment("GET", "", error=trouble)
        except MaxRetryError:
            if trouble.unreachable:
                self._unreachable[host] = time.monotonic() + UNREACHABLE
            raise trouble.error from None
        wait = patience.get_backoff_time() if trouble.wait is None else trouble.wait
        if wait > min(LONGEST_WAIT, deadline - time.monotonic()):
            raise trouble.error from None
        time.sleep(wait)
        return patience

    def _attempt(
        self, address: str, part: _Part, conditions: Mapping[str, str], deadline: float, progress: Progress
    ) -> Response:
        resumed = part.can_resume()
        headers = part.resume_headers() if resumed else dict(conditions)
        if not resumed:
            part.restart()
        with self._answer(address, headers, deadline) as (answer, final, kept):
            status = answer.status_code
            if status in RETRIED:
                raise _Again(_refused(address, answer), wait=_retry_after(answer))
            if status == 304 and conditions and not resumed:
                return Response(b"", public_address(final), status, {**kept, **_kept(answer, KEPT_HEADERS)})
            if resumed and (status == 416 or (status == 206 and not part.continued_by(answer))):
                part.forget()
                raise _Again(FetchError(f"{_shown(address)}: a resumed body changed", "one body"))
            if status != 200 and not (resumed and status == 206):
                raise _refused(address, answer)
            if status == 200:
                part.begin(answer)
            self._receive(address, answer, part, deadline, progress)
            kept |= _kept(answer, KEPT_HEADERS)
            following = _next(final, answer)
        body = self._unpacked(address, part)
        where = public_address(final)
        if final != address:
            # A redirect's signed query expires.
            where = urlunsplit((*urlsplit(where)[:3], "", ""))
        return Response(body, where, 200, kept, following)

    @contextmanager
    def _answer(
        self, address: str, headers: dict[str, str], deadline: float
    ) -> Iterator[tuple[requests.Response, str, dict[str, str]]]:
        """The answer behind all redirects, where it came from, and what the redirects said of it."""
        current = address
        seen: list[str] = []
        kept: dict[str, str] = {}
        while True:
            seen.append(current)
            self._check(current, address)
            with self._gates[_host(current)].entered():
                try:
                    answer = self._session.get(
                        current, headers=headers, allow_redirects=False, stream=True, timeout=self.timeouts
                    )
                except (requests.RequestException, HTTPError, ValueError, OSError) as error:
                    raise self._told(address, current, error, deadline) from None
                with answer:
                    target = answer.headers.get("location", "")
                    if answer.status_code not in REDIRECTS or not target:
                        yield answer, current, kept
                        return
                    kept |= _kept(answer, KEPT_OF_REDIRECTS)
                    current = self._target(address, current, target)
                    # Not what a redirect's body holds, however long it is.
                    answer.raw.close()
            if current in seen:
                raise FetchError(
                    f"{_shown(address)}: redirects in a circle", "a body", "the address may have moved"
                )
            if len(seen) > MAX_REDIRECTS:
                raise FetchError(f"{_shown(address)}: more than {MAX_REDIRECTS} redirects", "a body")

    def _target(self, address: str, current: str, location: str) -> str:
        try:
            # Servers send bytes of UTF-8, http.client hands them over as Latin-1.
            with suppress(UnicodeError):
                location = location.encode("latin-1").decode("utf-8")
            target: str = requote_uri(urljoin(current, location))
            scheme = urlsplit(target).scheme
        except (ValueError, requests.RequestException):
            raise FetchError(f"{_shown(address)}: redirects to no address", "an address") from None
        if urlsplit(current).scheme == "https" and scheme == "http":
            raise FetchError(
                f"{_shown(address)}: redirects from https to {_shown(target)}",
                "https",
                "the last good bytes stay in use",
            )
        return target

    def _check(self, current: str, address: str) -> None:
        """Raises `FetchError` unless ``current`` is an address of the web, and none of a private network."""
        leads = "" if current == address else f"{_shown(address)} leads to "
        try:
            parts = urlsplit(current)
            host, _ = parts.hostname, parts.port
        except ValueError:
            raise FetchError(f"{leads}{_shown(current)}: no address", "http or https, and a host") from None
        if parts.scheme not in ("http", "https") or not host:
            raise FetchError(f"{leads}{_shown(current)}: no address of the web", "http or https, and a host")
        if self.allow_private:
            return
        if host == "localhost" or host.endswith(".localhost") or _is_private(host):
            raise _private(f"{leads}{_shown(current)}")

    def _receive(
        self, address: str, answer: requests.Response, part: _Part, deadline: float, progress: Progress
    ) -> None:
        """Append the body of ``answer`` to ``part``."""
        if part.total is not None and part.total > self.max_bytes:
            raise self._too_large(address)
        try:
            while chunk := answer.raw.read1(CHUNK, decode_content=False):
                part.add(chunk)
                if part.size > self.max_bytes:
                    raise self._too_large(address)
                if time.monotonic() > deadline:
                    raise self._too_slow(address, part.size)
                progress(part.size, part.total)
        # ValueError, AttributeError: the connection was closed under a reader, or sent senseless chunks.
        except (HTTPError, OSError, ValueError, AttributeError) as error:
            if time.monotonic() > deadline:
                raise self._too_slow(address, part.size) from None
            raise _Again(_broken(address, error)) from None
        if part.total is not None and part.size != part.total:
            raise _Again(
                FetchError(f"{_shown(address)}: {part.size} bytes", f"{part.total}", "try again later")
            )

    def _unpacked(self, address: str, part: _Part) -> bytes:
        """The body in ``part`` without its content encoding."""
        part.file.seek(0)
        if part.encoding in ("", "identity"):
            return part.file.read()
        if part.encoding not in ("gzip", "x-gzip", "deflate"):
            raise FetchError(
                f"{_shown(address)}: Content-Encoding {part.encoding[:40]!r}", "gzip, deflate or none"
            )
        with tempfile.TemporaryFile() as plain:
            size = 0
            try:
                for piece in _inflated(part.file):
                    size += plain.write(piece)
                    if size > self.max_bytes:
                        raise self._too_large(address, "unpacked")
            except (zlib.error, EOFError) as error:
                raise FetchError(
                    f"{_shown(address)}: the {part.encoding} encoding is damaged or cut ({error})",
                    "a whole body",
                    "the last good bytes stay in use; try again later",
                ) from None
            plain.seek(0)
            return plain.read()

    def _told(self, address: str, current: str, error: Exception, deadline: float) -> Exception:
        """What ``error``, met before any body, means: try again, or what to tell."""
        if time.monotonic() > deadline:
            return self._too_slow(address, 0)
        told = _broken(address, error, current)
        passing = (requests.ConnectionError, requests.Timeout, HTTPError, OSError)
        lasting = (
            requests.exceptions.SSLError, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema,
            requests.exceptions.MissingSchema, requests.exceptions.InvalidHeader, UnicodeError,
        )  # fmt: skip
        if isinstance(error, passing) and not isinstance(error, lasting):
            return _Again(told, unreachable=isinstance(error, requests.ConnectionError))
        return told

    def _too_large(self, address: str, how: str = "") -> RejectedBody:
        found = f"{_shown(address)}: more than {self.max_bytes} bytes" + (f" {how}" if how else "")
        return RejectedBody(found, f"at most {self.max_bytes}", "look at it")

    def _too_slow(self, address: str, size: int) -> FetchError:
        found = f"{_shown(address)}: only {size} bytes in {self.total_timeout:g} s"
        return FetchError(found, "a whole body", "try again later")


@cache
def shared() -> Session:
    """The session of this process: one pace for each host, whatever is fetched."""
    return Session()


class _Again(Exception):
    """An attempt failed in a way that may pass. ``error`` is what to tell when patience ends."""

    def __init__(self, error: FetchError, wait: float | None = None, unreachable: bool = False) -> None:
        super().__init__(error.line())
        self.error = error
        self.wait = wait
        self.unreachable = unreachable


@dataclass
class _Part:
    """What has arrived of a body, as sent, and what it takes to have the rest."""

    file: IO[bytes]
    size: int = 0
    #: Bytes as sent in all, if the server told.
    total: int | None = None
    encoding: str = ""
    #: What names exactly these bytes to the server: a strong ETag, or the time of the last change.
    validator: str = ""
    accepts_ranges: bool = False

    def begin(self, answer: requests.Response) -> None:
        self.restart()
        headers = answer.headers
        told = headers.get("content-length", "").strip()
        self.total = int(told) if re.fullmatch(r"\d{1,15}", told) else None
        if "transfer-encoding" in headers:
            self.total = None
        self.encoding = headers.get("content-encoding", "").strip().casefold()
        etag = headers.get("etag", "")
        self.validator = etag if etag.startswith('"') else headers.get("last-modified", "")
        self.accepts_ranges = "bytes" in headers.get("accept-ranges", "").casefold()

    def add(self, chunk: bytes) -> None:
        self.size += self.file.write(chunk)

    def restart(self) -> None:
        self.file.seek(0)
        self.file.truncate()
        self.size = 0

    def forget(self) -> None:
        self.restart()
        self.validator = ""

    def can_resume(self) -> bool:
        return self.size > 0 and self.accepts_ranges and bool(self.validator)

    def resume_headers(self) -> dict[str, str]:
        return {"Range": f"bytes={self.size}-", "If-Range": self.validator}

    def continued_by(self, answer: requests.Response) -> bool:
        """Does the partial ``answer`` begin where this ends, and belong to the same body?"""
        found = re.fullmatch(
            r"bytes (\d{1,15})-\d{1,15}/(\d{1,15}|\*)", answer.headers.get("content-range", "").strip()
        )
        if found is None or int(found[1]) != self.size:
            return False
        if answer.headers.get("content-encoding", "").strip().casefold() != self.encoding:
            return False
        if answer.headers.get("etag", self.validator) != self.validator and self.validator.startswith('"'):
            return False
        if found[2] != "*":
            total = int(found[2])
            if self.total not in (None, total):
                return False
            self.total = total
        return True


@dataclass
class _Gate:
    """The way to one host: so many at once, and so long between two."""

    pace: float
    at_once: int
    _free: threading.Semaphore = field(init=False)
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _next: float = 0.0

    def __post_init__(self) -> None:
        self._free = threading.Semaphore(self.at_once)

    @contextmanager
    def entered(self) -> Iterator[None]:
        with self._free:
            with self._lock:
                now = time.monotonic()
                wait = max(self._next - now, 0.0)
                self._next = now + wait + self.pace
            if wait:
                time.sleep(wait)
            yield


class _OneHop(requests.Session):
    """Sees no redirect: requests would read a redirect's whole body, and go where it points unasked."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        return None


#: What the connections of this thread are bound by: ``deadline``, a moment of the monotonic clock.
_now = threading.local()


class _Connection(HTTPConnection):
    """Refuses addresses of private networks once the name is resolved, and headers that never end."""

    allow_private = False

    def _new_conn(self) -> socket.socket:
        # A proxy is named by the environment, not by upstream, and resolves names itself.
        guarded = self.proxy is None and not self.allow_private
        if guarded:
            with suppress(OSError, UnicodeError):  # told by the attempt to connect
                found = socket.getaddrinfo(self.host, self.port, type=socket.SOCK_STREAM)
                self._refuse([str(entry[4][0]) for entry in found])
        connected = super()._new_conn()
        if guarded:
            # Asked again, the name server may have given another answer.
            try:
                self._refuse([str(connected.getpeername()[0])])
            except BaseException:
                connected.close()
                raise
        return connected

    def _refuse(self, addresses: list[str]) -> None:
        private = next((address for address in addresses if _is_private(address)), None)
        if private is not None:
            raise _private(f"{self.host} ({private})")

    def getresponse(self) -> Any:
        held = self.sock
        was_cut = threading.Event()
        left = getattr(_now, "deadline", float("inf")) - time.monotonic()

        def cut() -> None:
            was_cut.set()
            # AttributeError: there is no connection.
            with suppress(OSError, AttributeError):
                held.shutdown(socket.SHUT_RDWR)

        if left == float("inf"):
            return super().getresponse()
        timer = threading.Timer(max(left, 0.0), cut)
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


class _TLSConnection(_Connection, HTTPSConnection):
    """The same with TLS."""


class _Adapter(HTTPAdapter):
    """Uses these connections, directly and through proxies. Retries are the session's."""

    def __init__(self, allow_private: bool) -> None:
        plain: Any = type("Connection", (_Connection,), {"allow_private": allow_private})
        tls: Any = type("TLSConnection", (_TLSConnection,), {"allow_private": allow_private})
        self._pools = {
            "http": type("Pool", (HTTPConnectionPool,), {"ConnectionCls": plain}),
            "https": type("TLSPool", (HTTPSConnectionPool,), {"ConnectionCls": tls}),
        }
        super().__init__(max_retries=Retry(0, read=False))

    def init_poolmanager(self, *args: Any, **options: Any) -> None:
        super().init_poolmanager(*args, **options)
        self.poolmanager.pool_classes_by_scheme = self._pools

    def proxy_manager_for(self, proxy: str, **options: Any) -> Any:
        manager = super().proxy_manager_for(proxy, **options)
        if not proxy.lower().startswith("socks"):
            manager.pool_classes_by_scheme = self._pools
        return manager


def check_media_type(response: Response, accepted: tuple[str, ...]) -> None:
    """Raises `RejectedBody` unless the answer's type is one of ``accepted`` (empty: any), or not said."""
    if accepted and response.media_type and response.media_type not in accepted:
        raise RejectedBody(
            f"{response.address}: {response.media_type[:80]}",
            " or ".join(accepted),
            "the address may have moved",
        )


def user_agent() -> str:
    try:
        return f"aigap/{version('aigap')}"
    except PackageNotFoundError:
        return "aigap/0"


def _is_private(address: str) -> bool:
    """Is ``address`` an IP address that is not of the public internet? False for a name."""
    try:
        found = ipaddress.ip_address(address.partition("%")[0].strip("[]"))
    except ValueError:
        return False
    inside = [found]
    if isinstance(found, ipaddress.IPv6Address):
        # Addresses that carry another one, which is where the packets go.
        carried = [found.ipv4_mapped, found.sixtofour, *(found.teredo or ())]
        if found in ipaddress.ip_network("64:ff9b::/96"):
            carried.append(ipaddress.IPv4Address(int(found) & 0xFFFFFFFF))
        given = [one for one in carried if one is not None]
        inside = given if found.ipv4_mapped else [found, *given]
    return any(not one.is_global or one.is_multicast for one in inside)


def _private(found: str) -> FetchError:
    return FetchError(
        f"{found}: an address of a private network",
        "the public internet",
        f"set {ALLOW_PRIVATE}=1 for a mirror of your own",
    )


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.rpartition("@")[2].casefold()
    except ValueError:
        return ""


def _shown(address: str) -> str:
    """How an error names an address: nothing secret, one line, not too long."""
    text = " ".join(public_address(address).split()) or "an address that cannot be read"
    return text if len(text) <= 160 else text[:159] + "…"


def _inflated(file: IO[bytes]) -> Iterator[bytes]:
    """The gzip or deflate bytes of ``file`` unpacked, in pieces. Raises `EOFError` when they are cut."""
    # 32 + 15: a gzip or zlib header; without one it is bare deflate, which servers send as "deflate" too.
    start = file.read(2)
    file.seek(0)
    is_zlib = len(start) == 2 and start[0] & 15 == 8 and int.from_bytes(start, "big") % 31 == 0
    has_header = is_zlib or start == b"\x1f\x8b"

    def new() -> Any:
        return zlib.decompressobj(47 if has_header else -15)

    inflater = new()
    while True:
        data = file.read(CHUNK)
        if not data:
            break
        while data:
            if inflater.eof:
                if not data.strip(b"\0"):
                    return
                inflater = new()
            yield inflater.decompress(data, CHUNK * 16)
            data = inflater.unused_data if inflater.eof else inflater.unconsumed_tail
    yield inflater.flush()
    if not inflater.eof:
        raise EOFError("it ends too early")


def _refused(address: str, answer: requests.Response) -> FetchError:
    wait = " ".join(answer.headers.get("Retry-After", "").split())[:40]
    remedy = f"the server asks to wait {wait}" if wait else "the last good bytes stay in use"
    if answer.status_code in (404, 410):
        remedy = "the address may have moved; the last good bytes stay in use"
    reason = f" {' '.join(answer.reason.split())[:60]}" if answer.reason else ""
    return FetchError(f"{_shown(address)}: HTTP {answer.status_code}{reason}", "HTTP 200", remedy)


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds the server asks to wait, from either form of the header; None when it does not, or makes no sense."""
    told = answer.headers.get("Retry-After")
    try:
        return Retry(retry_after_max=10**9).parse_retry_after(told) if told else None
    except (InvalidHeader, ValueError, OverflowError, TypeError):
        return None


def _kept(answer: requests.Response, names: tuple[str, ...]) -> dict[str, str]:
    return {name: answer.headers[name][:200] for name in names if name in answer.headers}


def _next(address: str, answer: requests.Response) -> str:
    """Where the ``Link`` header says the next page is; empty when it says nothing, or nothing that can be read."""
    try:
        told = answer.links.get("next", {}).get("url", "")
        return urljoin(address, told) if told else ""
    except ValueError:
        return ""


def _broken(address: str, error: BaseException, current: str = "") -> FetchError:
    text = _cause(error)
    for secret in filter(None, (address, current)):
        text = text.replace(secret, _shown(secret))
    return FetchError(
        f"{_shown(address)}: {text}", "a body", "the last good bytes stay in use; try again later"
    )


def _cause(error: BaseException) -> str:
    """The innermost reason in one short line."""
    while True:
        inside = [getattr(error, "reason", None), *error.args]
        inner = next((part for part in inside if isinstance(part, BaseException)), None)
        if inner is None:
            break
        error = inner
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200]

"""The HTTP session that everything is fetched with: it paces, retries and limits requests, and guards addresses.

Redirects are followed here, not by requests: each hop is checked before anything is sent to it, and the body of
a redirect is not read. What is fetched, and whether it is any good, is decided in `sources.ingestion.fetch`.
"""

from __future__ import annotations

import time
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import cache
from http.cookiejar import DefaultCookiePolicy
from importlib.metadata import PackageNotFoundError, version
from typing import Self
from urllib.parse import urlsplit, urlunsplit

import requests
from urllib3.exceptions import HTTPError, InvalidHeader, MaxRetryError
from urllib3.util.retry import Retry

from sources.contract.addresses import public_address
from sources.errors import FetchError
from sources.ingestion.web.address_guard import check_address, private_is_allowed
from sources.ingestion.web.body import Budget, ReportProgress, read_body
from sources.ingestion.web.connections import GuardedAdapter, set_deadline
from sources.ingestion.web.pacing import HostGate
from sources.ingestion.web.redirects import MAX_REDIRECTS, REDIRECTS, OneHopSession, redirect_target
from sources.ingestion.web.response import (
    KEPT_HEADERS,
    KEPT_OF_REDIRECTS,
    Response,
    has_known_end,
    kept,
    next_page,
)
from sources.ingestion.web.web_errors import RetryableError, connection_error, display, http_error

CONNECT_TIMEOUT = 10.0  # seconds
READ_TIMEOUT = 60.0  # seconds without a byte
TOTAL_TIMEOUT = 900.0  # seconds for one body, retries and waits included
MAX_BYTES = 256 * 1024 * 1024  # as sent and unpacked; the largest known, the arena's full history, is 58 MB
RETRIES = 4
BACKOFF = 1.0  # seconds; doubles, plus as much by chance, so that many clients do not come back at once
MAX_WAIT = 120.0  # seconds; a server that asks for more is left to the next run
PACE = 0.25  # seconds between two requests to one host
UNREACHABLE_FOR = 60.0  # seconds in which a host that could not be reached is tried without retries
RETRIED_STATUSES = (429, 500, 502, 503, 504)
ASKED_TO_WAIT = (429, 503)
EMPTY = 416  # the resource is there, and has no first byte
FOR_GOOD = (301, 308)


class NotTried(FetchError):
    """Nothing was sent: the host could not be reached shortly before."""


@dataclass(frozen=True)
class Probe:
    """What answered at an address: where redirects led, its status, how it was asked, and the server's ``Date``.

    ``has_moved``: a redirect on the way is for good.
    """

    address: str
    status: int
    method: str
    date: str
    has_moved: bool


class Session:
    """Fetches bodies over HTTP and HTTPS. Keeps connections open and paces each host; safe to use from threads."""

    def __init__(
        self, *, max_bytes: int = MAX_BYTES, read_timeout: float = READ_TIMEOUT,
        total_timeout: float = TOTAL_TIMEOUT, retries: int = RETRIES, backoff: float = BACKOFF,
        pace: float = PACE, allow_private: bool | None = None,
    ) -> None:  # fmt: skip
        self.max_bytes = max_bytes
        self.timeouts = (CONNECT_TIMEOUT, read_timeout)
        self.total_timeout = total_timeout
        self.retries = retries
        self.backoff = backoff
        self.allow_private = private_is_allowed() if allow_private is None else allow_private
        self._gates: defaultdict[str, HostGate] = defaultdict(lambda: HostGate(pace))
        self._unreachable_until: dict[str, float] = {}
        self._session = OneHopSession()
        self._session.headers["User-Agent"] = user_agent()
        self._session.headers["Accept-Encoding"] = "gzip"
        # Nothing fetched here needs a cookie, and one that is never stored is never sent to another host.
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("https://", "http://"):
            self._session.mount(scheme, GuardedAdapter(self.allow_private))

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *error: object) -> None:
        self._session.close()

    def get(
        self,
        address: str,
        *,
        conditions: Mapping[str, str] | None = None,
        secrets: Mapping[str, str] | None = None,
        report: ReportProgress = lambda received, total: None,
    ) -> Response:
        """The body at ``address``, without its content encoding; a body that breaks off is fetched again.

        With ``conditions`` (If-None-Match, If-Modified-Since) the answer may be 304 and empty. ``secrets`` are headers
        for the host of ``address`` alone: a redirect to another host, port or scheme goes without them.
        Raises `FetchError` when the server or the network gives no whole body with status 200, and `RejectedBody` when
        the body, as sent or unpacked, is larger than ``max_bytes``.

        urllib3's `Retry` counts and backs off here, not in the adapter: there it would read error pages to their
        end, however long, log addresses with their secrets, and not see a body that breaks off.
        """
        budget = Budget(
            address, self.max_bytes, self.total_timeout, deadline=time.monotonic() + self.total_timeout
        )
        set_deadline(budget.deadline)
        host = _host(address)
        was_unreachable = self._unreachable_until.get(host, 0.0) > time.monotonic()
        retries = Retry(
            total=0 if was_unreachable else self.retries,
            backoff_factor=self.backoff,
            backoff_jitter=self.backoff,
            backoff_max=MAX_WAIT,
        )
        while True:
            try:
                response = self._attempt(budget, conditions or {}, secrets or {}, report)
            except RetryableError as failure:
                retries = self._wait(retries, failure, budget, host)
            else:
                self._unreachable_until.pop(host, None)
                return response

    def probe(self, address: str, accepted: Collection[int] = ()) -> Probe:
        """What answers at ``address``: HEAD, or the first byte where HEAD is refused. Tries once and reads no body.

        Raises `FetchError` when nothing answers, or neither success nor a status ``accepted``, and `NotTried` when
        the host could not be reached shortly before.
        """
        budget = Budget(
            address, self.max_bytes, self.total_timeout, deadline=time.monotonic() + self.total_timeout
        )
        set_deadline(budget.deadline)
        host = _host(address)
        if self._unreachable_until.get(host, 0.0) > time.monotonic():
            raise NotTried(f"{display(address)}: its host did not answer a moment ago", "a connection")
        moved: list[str] = []
        for method, headers in (("HEAD", {}), ("GET", {"Range": "bytes=0-0"})):
            moved.clear()
            try:
                with self._answer(budget, headers, {}, method, moved) as (answer, final, _):
                    status = answer.status_code
                    if status < 400 or status in (EMPTY, *accepted):
                        when = answer.headers.get("date", "")
                        return Probe(public_address(final), status, method, when, bool(moved))
                    failure = http_error(address, answer)
                    if status in ASKED_TO_WAIT:
                        break
            except RetryableError as error:
                if error.unreachable:
                    self._unreachable_until[host] = time.monotonic() + UNREACHABLE_FOR
                raise error.error from None
        raise failure

    def _wait(self, retries: Retry, failure: RetryableError, budget: Budget, host: str) -> Retry:
        """Waits for the next attempt; returns the retries left after it, or raises the error when there are none."""
        try:
            retries = retries.increment("GET", "", error=failure)
        except MaxRetryError:
            if failure.unreachable:
                self._unreachable_until[host] = time.monotonic() + UNREACHABLE_FOR
            raise failure.error from None
        wait = retries.get_backoff_time() if failure.wait is None else failure.wait
        if wait > min(MAX_WAIT, budget.seconds_left):
            raise failure.error from None
        time.sleep(wait)
        return retries

    def _attempt(
        self,
        budget: Budget,
        conditions: Mapping[str, str],
        secrets: Mapping[str, str],
        report: ReportProgress,
    ) -> Response:
        address = budget.address
        with self._answer(budget, conditions, secrets) as (answer, final, headers):
            status = answer.status_code
            if status in RETRIED_STATUSES:
                raise RetryableError(http_error(address, answer), wait=_retry_after(answer))
            headers |= kept(answer, KEPT_HEADERS)
            if status == 304 and conditions:
                return Response(b"", public_address(final), status, headers)
            if status != 200:
                raise http_error(address, answer)
            body = read_body(answer, budget, report)
        shown = public_address(final)
        if final != address:
            # A redirect leads to a signed query, which expires.
            shown = urlunsplit((*urlsplit(shown)[:3], "", ""))
        return Response(body, shown, status, headers, next_page(final, answer), has_known_end(answer))

    @contextmanager
    def _answer(
        self,
        budget: Budget,
        headers_sent: Mapping[str, str],
        secrets: Mapping[str, str],
        method: str = "GET",
        moved: list[str] | None = None,
    ) -> Iterator[tuple[requests.Response, str, dict[str, str]]]:
        """The answer behind all redirects, its address, and the headers kept of the redirects.

        Where a redirect says that it is for good, its target is added to ``moved``.
        """
        address = current = budget.address
        seen: list[str] = []
        headers: dict[str, str] = {}
        while True:
            seen.append(current)
            leads_from = "" if current == address else address
            check_address(current, allow_private=self.allow_private, redirected_from=leads_from)
            with self._gates[_host(current)].entered():
                try:
                    answer = self._session.request(
                        method,
                        current,
                        headers={**headers_sent, **(secrets if _origin(current) == _origin(address) else {})},
                        allow_redirects=False,
                        stream=True,
                        timeout=self.timeouts,
                    )
                except (requests.RequestException, HTTPError, ValueError, OSError) as error:
                    raise _no_answer(budget, current, error) from None
                with answer:
                    location = answer.headers.get("location", "")
                    if answer.status_code not in REDIRECTS or not location:
                        yield answer, current, headers
                        return
                    headers |= kept(answer, KEPT_OF_REDIRECTS)
                    current = redirect_target(address, current, location)
                    if moved is not None and answer.status_code in FOR_GOOD:
                        moved.append(current)
            if current in seen:
                raise FetchError(
                    f"{display(address)}: redirects in a circle", "a body", "the address may have moved"
                )
            if len(seen) > MAX_REDIRECTS:
                raise FetchError(f"{display(address)}: more than {MAX_REDIRECTS} redirects", "a body")


@cache
def shared_session() -> Session:
    """The session of this process, so that each host is paced whatever is fetched from it."""
    return Session()


def user_agent() -> str:
    """The User-Agent header of every request."""
    try:
        return f"aigap/{version('aigap')}"
    except PackageNotFoundError:
        return "aigap/0"


def _host(address: str) -> str:
    try:
        return urlsplit(address).netloc.rpartition("@")[2].casefold()
    except ValueError:
        return ""


def _origin(address: str) -> tuple[str, str]:
    """The scheme and the host with its port that ``address`` leads to."""
    return address.partition(":")[0].casefold(), _host(address)


def _no_answer(budget: Budget, current: str, error: Exception) -> Exception:
    """The error to raise for ``error``, met before any answer: a `RetryableError` if it may pass."""
    if budget.seconds_left < 0:
        return budget.exceeded(0)
    failure = connection_error(budget.address, error, current)
    passing = (requests.ConnectionError, requests.Timeout, HTTPError, OSError)
    lasting = (
        requests.exceptions.SSLError, requests.exceptions.InvalidURL, requests.exceptions.InvalidSchema,
        requests.exceptions.MissingSchema, requests.exceptions.InvalidHeader, UnicodeError,
    )  # fmt: skip
    if isinstance(error, passing) and not isinstance(error, lasting):
        return RetryableError(failure, unreachable=isinstance(error, requests.ConnectionError))
    return failure


def _retry_after(answer: requests.Response) -> float | None:
    """Seconds the server asks to wait, from either form of the header; None without a header that makes sense."""
    header = answer.headers.get("Retry-After")
    try:
        return Retry(retry_after_max=10**9).parse_retry_after(header) if header else None
    except (InvalidHeader, ValueError, OverflowError, TypeError):
        return None

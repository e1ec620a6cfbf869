"""Errors of the web as `FetchError`s: one line each, without the secrets an address may hold."""

from __future__ import annotations

import requests

from sources.contract.addresses import public_address
from sources.errors import FetchError, GoneError


class RetryableError(Exception):
    """An attempt failed in a way that may pass. ``error`` is what to raise when there are no retries left.

    ``wait`` is how many seconds the server asks to wait, if it does. ``unreachable``: there was no connection.
    """

    def __init__(self, error: FetchError, wait: float | None = None, unreachable: bool = False) -> None:
        super().__init__(error.line())
        self.error = error
        self.wait = wait
        self.unreachable = unreachable


def display(address: str) -> str:
    """How an error names an address: without secrets, on one line, at most 160 characters."""
    text = " ".join(public_address(address).split()) or "an address that cannot be read"
    return text if len(text) <= 160 else text[:159] + "…"


def http_error(address: str, answer: requests.Response) -> FetchError:
    """The error of an answer whose status is not 200."""
    wait = " ".join(answer.headers.get("Retry-After", "").split())[:40]
    remedy = f"the server asks to wait {wait}" if wait else "the last good bytes stay in use"
    kind = FetchError
    if answer.status_code in (404, 410):
        kind = GoneError
        remedy = (
            "the last good bytes stay in use; the address may have moved: docs/runbook.md#address-changed"
        )
    reason = f" {' '.join(answer.reason.split())[:60]}" if answer.reason else ""
    return kind(f"{display(address)}: HTTP {answer.status_code}{reason}", "HTTP 200", remedy)


def connection_error(address: str, error: BaseException, current: str = "") -> FetchError:
    """The error of a connection that failed; ``current`` is where redirects had led from ``address``."""
    text = _innermost_cause(error)
    for secret in filter(None, (address, current)):
        text = text.replace(secret, display(secret))
    return FetchError(
        f"{display(address)}: {text}", "a body", "the last good bytes stay in use; try again later"
    )


def _innermost_cause(error: BaseException) -> str:
    """What the network libraries wrapped in errors of their own, on one line of at most 200 characters."""
    while True:
        wrapped = [getattr(error, "reason", None), *error.args]
        inner = next((part for part in wrapped if isinstance(part, BaseException)), None)
        if inner is None:
            break
        error = inner
    text = " ".join(str(error).split())
    return f"{type(error).__name__}: {text}"[:200]

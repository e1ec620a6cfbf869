"""Redirects, one hop at a time: each is checked before anything is sent where it leads."""

from __future__ import annotations

from contextlib import suppress
from urllib.parse import urljoin, urlsplit

import requests
from requests.utils import requote_uri

from sources.errors import FetchError
from sources.ingestion.web.web_errors import display

MAX_REDIRECTS = 5
REDIRECTS = (301, 302, 303, 307, 308)


class OneHopSession(requests.Session):
    """Follows no redirect: requests would read its whole body, and fetch any address it names."""

    def get_redirect_target(self, resp: requests.Response) -> None:
        """None, so that requests returns the redirect itself."""


def redirect_target(address: str, current: str, location: str) -> str:
    """Where the ``Location`` header of ``current`` leads. Raises `FetchError` if nowhere, or out of TLS."""
    try:
        # Servers send UTF-8, which http.client decodes as Latin-1.
        with suppress(UnicodeError):
            location = location.encode("latin-1").decode("utf-8")
        target: str = requote_uri(urljoin(current, location))
        scheme = urlsplit(target).scheme
    except (ValueError, requests.RequestException):
        raise FetchError(f"{display(address)}: redirects to no address", "an address") from None
    if urlsplit(current).scheme == "https" and scheme == "http":
        raise FetchError(
            f"{display(address)}: redirects from https to {display(target)}",
            "https",
            "the last good bytes stay in use",
        )
    return target

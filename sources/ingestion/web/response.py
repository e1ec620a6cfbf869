"""What a fetch returns: a body, where it came from and the headers worth keeping."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from urllib.parse import urljoin, urlsplit

import requests

from sources.errors import RejectedBody

#: Headers that go into the receipt: when the body changed, and which revision it is.
KEPT_HEADERS = ("content-type", "content-length", "date", "etag", "last-modified")
#: A redirect may say which revision it points to, which the storage behind it does not know.
KEPT_OF_REDIRECTS = ("x-repo-commit", "x-linked-etag")
#: Endings of files of lines, any number of which makes a file.
LINES = (".csv", ".md", ".yml", ".yaml")


@dataclass(frozen=True)
class Response:
    """A whole body with status 200, or an empty one with 304. ``address`` is where it came from, after redirects.

    ``next_page`` is the address of the page after this one, empty when the server names none. ``has_known_end``: the
    server said how long the body is, in one of HTTP's ways; otherwise a broken connection looks like the end.
    """

    body: bytes
    address: str
    status: int
    headers: Mapping[str, str]
    next_page: str = ""
    has_known_end: bool = True

    @property
    def media_type(self) -> str:
        """The media type in lower case, without parameters; empty if not given."""
        return self.headers.get("content-type", "").partition(";")[0].strip().casefold()


def check_media_type(response: Response, accepted: tuple[str, ...]) -> None:
    """Raises `RejectedBody` unless the answer's type is one of ``accepted`` (empty: any) or is not given."""
    if accepted and response.media_type and response.media_type not in accepted:
        raise RejectedBody(
            f"{response.address}: {response.media_type[:80]}",
            " or ".join(accepted),
            "the address may have moved: docs/runbook.md#address-changed",
        )


def check_end(response: Response, accepted: tuple[str, ...]) -> None:
    """Raises `RejectedBody` for lines of text that may be cut: of no known end, and without an end of the last line.

    Other formats have an end of their own, which their parsers look for.
    """
    path = PurePosixPath(urlsplit(response.address).path)
    is_lines = path.suffix.casefold() in LINES or "text/csv" in (response.media_type, *accepted)
    if is_lines and not response.has_known_end and not response.body.endswith((b"\n", b"\r")):
        raise RejectedBody(
            f"{response.address}: no length was given, and the last line has no end",
            "a whole file",
            "the last good bytes stay in use; try again later",
        )


def has_known_end(answer: requests.Response) -> bool:
    """Whether ``answer`` says where its body ends: by its length, by chunks, or by its coding."""
    headers = answer.headers
    return any(name in headers for name in ("content-length", "transfer-encoding")) or "gzip" in headers.get(
        "content-encoding", ""
    )


def kept(answer: requests.Response, names: tuple[str, ...]) -> dict[str, str]:
    """Those of the headers ``names`` that ``answer`` has, cut to 200 characters."""
    return {name: answer.headers[name][:200] for name in names if name in answer.headers}


def next_page(address: str, answer: requests.Response) -> str:
    """The address that the ``Link`` header gives for the next page; empty when there is none that can be read."""
    try:
        link = answer.links.get("next", {}).get("url", "")
        return urljoin(address, link) if link else ""
    except ValueError:
        return ""

"""The network, tried on a real server on loopback."""

from __future__ import annotations

import gzip
import socket
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from sources.errors import AigapError, FetchError, RejectedBody
from sources.ingestion.web.response import check_media_type
from sources.ingestion.web.session import Session
from tests.fixtures.web import Web, answer


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(backoff=0.01, read_timeout=5, pace=0) as opened:
        yield opened


def line(error: AigapError) -> str:
    """The error as a user sees it: one line, not a page."""
    assert "\n" not in error.line()
    assert len(error.line()) < 400
    return error.line()


def test_it_says_who_asks(site: Web, session: Session) -> None:
    """Would catch an anonymous client, which public hosts throttle or block."""
    session.get(site.says("/a", answer(b"figures")))
    ((_, headers),) = site.asked
    assert headers["User-Agent"].startswith("aigap/")


def test_a_body_arrives_whole_and_decoded(site: Web, session: Session) -> None:
    """Would catch gzip bytes hashed and parsed as if they were the file."""
    body = bytes(range(256)) * 3000
    got = session.get(site.says("/a", answer(gzip.compress(body), Content_Encoding="gzip", ETag='"1"')))
    assert got.body == body
    assert (got.status, got.headers["etag"]) == (200, '"1"')
    assert got.media_type == "application/octet-stream"


def test_a_redirect_is_followed_and_its_signature_forgotten(site: Web, session: Session) -> None:
    """Would catch a dataset served by 302 taken for its redirect page; and signed addresses kept for ever."""
    target = site.address("/signed?Signature=secret&Expires=1", host="localhost")
    site.says("/signed", answer(b"figures"))
    got = session.get(
        site.says(
            "/resolve", answer(b"", 302, Location=target, X_Repo_Commit="abc123", X_Linked_ETag='"f00"')
        )
    )
    assert got.body == b"figures"
    assert got.address == site.address("/signed", host="localhost")
    assert got.headers["x-repo-commit"] == "abc123"


def test_an_address_with_a_query_keeps_it(site: Web, session: Session) -> None:
    """Would catch a receipt that no longer says what was asked for."""
    site.says("/a", answer(b"figures"))
    assert session.get(site.address("/a?board=text")).address == site.address("/a?board=text")


@pytest.mark.parametrize("status", [429, 500, 502, 503, 504])
def test_one_bad_answer_is_followed_by_another_request(site: Web, session: Session, status: int) -> None:
    """Would catch a run lost to one bad gateway."""
    address = site.says("/a", answer(status=status), answer(status=status), answer(b"figures"))
    assert session.get(address).body == b"figures"
    assert site.times("/a") == 3


def test_a_lasting_error_ends_in_one_line(site: Web) -> None:
    """Would catch endless retries, or a traceback for an ordinary outage."""
    address = site.says("/a", answer(b"<html>sorry</html>", 503, "text/html"))
    with Session(backoff=0.01, retries=2) as session, pytest.raises(FetchError, match="HTTP 503") as caught:
        session.get(address)
    assert site.times("/a") == 3
    assert "last good bytes stay" in line(caught.value)


def test_a_wrong_address_is_not_tried_again(site: Web, session: Session) -> None:
    """Would catch a 404 page (these hosts answer with HTML) taken for a table, or hammered."""
    with pytest.raises(FetchError, match=r"HTTP 404.*moved") as caught:
        session.get(site.address("/nowhere"))
    assert site.times("/nowhere") == 1
    line(caught.value)


@pytest.mark.parametrize("form", ["seconds", "date"])
def test_retry_after_is_waited_for(site: Web, session: Session, form: str) -> None:
    """Would catch a client that comes back before it was asked to, and gets itself blocked."""
    asked = "1" if form == "seconds" else formatdate(time.time() + 2, usegmt=True)
    address = site.says("/a", answer(status=429, Retry_After=asked), answer(b"figures"))
    started = time.monotonic()
    assert session.get(address).body == b"figures"
    assert time.monotonic() - started >= 0.9


def test_one_host_is_asked_once_in_an_interval(site: Web) -> None:
    """Would catch requests that wait and then leave together."""
    address = site.says("/a", answer(b"figures"))
    started = time.monotonic()
    with Session(pace=0.1) as session:
        for _ in range(4):
            session.get(address)
    assert time.monotonic() - started >= 0.3


def test_too_long_a_wait_is_left_to_the_next_run(site: Web, session: Session) -> None:
    """Would catch a run that sleeps for an hour, or ignores the hour and asks again."""
    address = site.says("/a", answer(status=429, Retry_After="3600"))
    started = time.monotonic()
    with pytest.raises(FetchError, match=r"HTTP 429.*wait 3600"):
        session.get(address)
    assert time.monotonic() - started < 2
    assert site.times("/a") == 1


@pytest.mark.parametrize("address", ["file:///etc/hostname", "ftp://127.0.0.1/a", "nonsense", "http://"])
def test_only_the_web_is_read(session: Session, address: str) -> None:
    """Would catch a redirect or a typing mistake that reads local files."""
    with pytest.raises(FetchError) as caught:
        session.get(address)
    line(caught.value)


def test_nobody_listening_is_one_line() -> None:
    """Would catch the pages of nested reasons that network libraries print."""
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/a"
        with (
            Session(retries=1, backoff=0.01, allow_private=True) as session,
            pytest.raises(FetchError, match="refused") as caught,
        ):
            session.get(address)
    line(caught.value)


def test_the_type_of_a_body_is_held_against_what_was_expected(site: Web, session: Session) -> None:
    """Would catch a consent page of 200 OK accepted as Parquet; a server that names no type is let through."""
    page = session.get(site.says("/a", answer(b"<html>", media_type="text/html; charset=utf-8")))
    with pytest.raises(RejectedBody, match=r"text/html; expected text/csv or text/plain"):
        check_media_type(page, ("text/csv", "text/plain"))
    check_media_type(page, ())
    check_media_type(page, ("text/html",))
    check_media_type(session.get(site.says("/b", answer(b"a,b", media_type=""))), ("text/csv",))


def test_a_host_that_cannot_be_reached_is_not_waited_for_again(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a dozen requests to one dead host, each of them retried with growing waits."""
    waits: list[float] = []
    monkeypatch.setattr(time, "sleep", waits.append)
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        address = f"http://127.0.0.1:{taken.getsockname()[1]}/a"
        with Session(retries=2, pace=0, allow_private=True) as session:
            for _ in range(2):
                with pytest.raises(FetchError, match="refused"):
                    session.get(address)
    assert len(waits) == 2

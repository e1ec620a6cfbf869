"""What the web does wrong, done by a real server on loopback: each ends in one line, and the last good stays.

Limits are parameters of `Session`, so that what takes minutes out there takes a moment here.
"""

from __future__ import annotations

import gzip
import os
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import current_failures
from sources.ingestion.intake import IntakeResult
from sources.ingestion.web.session import Session
from sources.registry import get
from tests.fixtures import bodies, every_source
from tests.fixtures.fetching import HF, LAST_ROWS, PAGE, ask, at, held, refused
from tests.fixtures.web import Answer, Web, answer, broken_off, raw, reset


def forever(head: bytes, piece: bytes, site: Web, every: float = 0.0) -> Answer:
    """``head``, then ``piece`` again and again until the test is over or the client hangs up."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        while not site.over.wait(every):
            handler.wfile.write(piece)

    return send


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
BOMB = gzip.compress(bytes(50_000_000))

#: Name → what the server does (given the site, for those that never end), and what the message says.
SERVERS: dict[str, tuple[Any, str]] = {
    "404 with a page": (answer(PAGE, 404, "text/html"), "HTTP 404"),
    "403": (answer(b"no", 403, "text/plain"), "HTTP 403"),
    "429 for an hour": (answer(b"", 429, Retry_After="3600"), "asks to wait 3600"),
    "429 until a senseless day": (answer(b"", 429, Retry_After="the day after tomorrow"), "HTTP 429"),
    "500 that stays": (answer(PAGE, 500, "text/html"), "HTTP 500"),
    "503 with an endless body": (
        lambda site: forever(b"HTTP/1.1 503 No\r\n\r\n", b"x" * 65536, site), "HTTP 503",
    ),
    "204": (answer(b"", 204), "HTTP 204"),
    "304 nobody asked for": (raw(b"HTTP/1.1 304 Not Modified\r\n\r\n"), "HTTP 304"),
    "206 nobody asked for": (answer(bodies.hf()[:200], 206, Content_Range="bytes 0-199/900"), "HTTP 206"),
    "reset before a word": (reset, "reset"),
    "hangs up before a word": (raw(), "closed"),
    "reset in the body": (broken_off(bodies.hf(), 900), "reset"),
    "shorter than said": (raw(OK + b"Content-Length: 5000\r\n\r\n", bodies.hf()[:1000]), "IncompleteRead"),
    "cut chunks": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n4000\r\n", b"x" * 500), "bytes"),
    "senseless chunks": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"x" * 500), "IncompleteRead"),
    "no HTTP": (raw(b"\x00\x01\x02 what\r\n\r\n"), "BadStatusLine"),
    "a thousand headers": (raw(OK, b"".join(b"X-%d: 1\r\n" % n for n in range(1000)), b"\r\n"), "headers"),
    "truncated gzip": (answer(gzip.compress(bodies.hf())[:-50], Content_Encoding="gzip"), "damaged or cut"),
    "no gzip at all": (answer(bodies.hf(), Content_Encoding="gzip"), "damaged or cut"),
    "an encoding nobody asked for": (answer(bodies.hf(), Content_Encoding="zstd"), "Content-Encoding 'zstd'"),
    "one of two encodings": (answer(bodies.hf(), Content_Encoding="GZIP, br"), "Content-Encoding 'br'"),
    "an encoding that is none, and no data": (answer(PAGE, Content_Encoding="UTF-8"), "a web page"),
    "packed without end": (answer(bodies.hf(), Content_Encoding="gzip," * 99), "gzip 99 times"),
    "a gzip bomb in another": (
        answer(gzip.compress(BOMB), Content_Encoding="gzip, gzip"), "more than 400000 bytes unpacked",
    ),
    "a gzip bomb": (answer(BOMB, Content_Encoding="gzip"), "more than 400000 bytes unpacked"),
    "says it is enormous": (raw(OK + b"Content-Length: 999999999999\r\n\r\n"), "more than 400000 bytes"),
    "endless": (lambda site: forever(OK + b"\r\n", b"x" * 65536, site), "more than 400000 bytes"),
    "a slow drip": (lambda site: forever(OK + b"\r\n", b"x", site, 0.1), "bytes in 1.5 s"),
    "headers that drip": (lambda site: forever(OK + b"X-A: ", b"b", site, 0.1), "0 bytes in 1.5 s"),
    "silence in the body": (lambda site: forever(OK + b"\r\nx", b"", site, 0.1), "timed out"),
    "a redirect to itself": (lambda site: answer(status=302, Location=site.address("/a")), "in a circle"),
    "a redirect that leads on": (
        lambda site: lambda handler: answer(status=302, Location=handler.path + "a")(handler), "redirects",
    ),
    "a redirect with an endless body": (
        lambda site: forever(b"HTTP/1.1 302 No\r\nLocation: /a\r\n\r\n", b"x" * 65536, site), "in a circle",
    ),
    "a redirect to a file": (answer(status=302, Location="file:///etc/hostname"), "no address of the web"),
    "a redirect to nothing readable": (answer(status=302, Location="http://[::1/"), "no address"),
    "a redirect without an address": (answer(status=302), "HTTP 302"),
    "another type": (answer(bodies.hf(), media_type="application/pdf"), "application/pdf"),
    "a login page": (answer(PAGE, media_type="text/html; charset=utf-8"), "text/html"),
    "a login page that says it is data": (answer(PAGE), "a web page"),
    "an error as JSON": (answer(b'{"error": "quota"}', media_type="application/json"), "application/json"),
    "an error as JSON that says it is data": (answer(b'{"error": "quota"}'), "expected Parquet"),
    "longer than said": (raw(OK + b"Content-Length: 1000\r\n\r\n", bodies.hf()), "expected Parquet"),
    "nothing": (answer(b""), "empty body"),
    "a header row only": (answer(bodies.hf(0)), "no rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", SERVERS)
def test_whatever_the_server_does_the_last_good_stays(
    site: Web, session: Session, archive: Archive, name: str
) -> None:
    """Would catch a traceback, a hang, full memory, or a leaderboard replaced by what a broken server sent."""
    behaviour, says = SERVERS[name]
    if getattr(behaviour, "__name__", "") == "<lambda>":
        behaviour = behaviour(site)
    good = bodies.hf(LAST_ROWS)
    request = at(site.says("/a", answer(good)))
    assert ask(request, archive, session).result is IntakeResult.NEW
    site.answers.clear()
    for path in ("/a", *(f"/a{'a' * more}" for more in range(1, 9))):
        site.says(path, behaviour)
    refused(ask(request, archive, session, 1), says)
    assert held(archive) == good
    assert len(archive.history(HF.id)) == 1
    (failure,) = current_failures(archive)
    assert says in failure.reason
    assert archive.verify() == []
    site.says("/a", answer(good))
    assert ask(request, archive, session, 2).result is IntakeResult.UNCHANGED
    assert current_failures(archive) == []


@pytest.mark.parametrize(
    "named", ["UTF-8", "aws-chunked", "none", "binary", "", "identity", "utf-8, identity", ",", "zorp"]
)
def test_an_encoding_that_is_none_changes_nothing(
    site: Web, session: Session, archive: Archive, named: str
) -> None:
    """Would catch good bytes refused because a server puts the character set, or nonsense, in that header."""
    good = bodies.hf(LAST_ROWS)
    site.says("/a", answer(good, Content_Encoding=named))
    assert ask(at(site.address("/a")), archive, session).result is IntakeResult.NEW
    assert held(archive) == good


@pytest.mark.parametrize(
    "named", ["gzip", "GZip", "x-gzip", "gzip, identity", "aws-chunked,gzip", "gzip, gzip"]
)
def test_a_packed_body_is_unpacked_as_often_as_it_says(
    site: Web, session: Session, archive: Archive, named: str
) -> None:
    """Would catch a list of encodings taken for one unknown name."""
    good = packed = bodies.hf(LAST_ROWS)
    for _ in range(named.casefold().count("gzip")):
        packed = gzip.compress(packed)
    site.says("/a", answer(packed, Content_Encoding=named))
    assert ask(at(site.address("/a")), archive, session).result is IntakeResult.NEW
    assert held(archive) == good


def test_one_broken_connection_is_no_failure(site: Web, session: Session, archive: Archive) -> None:
    """Would catch a run lost to one reset."""
    site.says("/a", reset, answer(bodies.hf(LAST_ROWS)))
    assert not ask(at(site.address("/a")), archive, session).failed
    assert held(archive) == bodies.hf(LAST_ROWS)


def test_a_broken_body_is_asked_for_again_from_the_start(site: Web, session: Session) -> None:
    """Would catch a run lost to one reset, and the head of one answer glued to another."""
    new = gzip.compress(os.urandom(5000))
    for first in (broken_off(bodies.hf(LAST_ROWS), 900), broken_off(new, 900, Content_Encoding="gzip")):
        site.says("/a", first, answer(new))
        assert session.get(site.address("/a")).body == new
    assert not any("Range" in headers for _, headers in site.asked)


@pytest.mark.parametrize(
    ("ending", "length", "comes_in"), [("\n", False, True), ("", True, True), ("", False, False)]
)
def test_lines_of_no_known_length_must_end(
    site: Web, session: Session, archive: Archive, ending: str, length: bool, comes_in: bool
) -> None:
    """Would catch a list cut inside its last cell: 162.49 as 1, with the right number of cells."""
    eci = get("epoch_eci")
    body = (every_source.eci().rstrip("\n") + ending).encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: text/csv\r\n"
    head += b"Content-Length: %d\r\n" % len(body) if length else b""
    site.says("/a", raw(head + b"\r\n", body))
    outcome = ask(at(site.address("/a"), eci), archive, session, source=eci)
    if comes_in:
        assert outcome.result is IntakeResult.NEW, outcome.line()
    else:
        refused(outcome, "the last line has no end")

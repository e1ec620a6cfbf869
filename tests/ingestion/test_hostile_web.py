"""What the web does wrong, done by a real server on loopback: each ends in one line, and the last good stays.

Limits are parameters of `Session`, so that what takes minutes out there takes a moment here.
"""

from __future__ import annotations

import csv
import gzip
import io
import json
import os
import shutil
import ssl
import subprocess
import sys
import threading
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from datetime import date, timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any

import duckdb
import polars as pl
import pytest
from typer.testing import CliRunner

from pipelines.cli.archive_commands import app as archive_app
from pipelines.cli.console import console
from pipelines.cli.refresh import refresh
from sources.contract.addresses import public_address
from sources.contract.receipt import Receipt, sha256_of
from sources.contract.request import Fingerprint, Request
from sources.contract.source import Source
from sources.contract.validation import read
from sources.errors import FetchError, UsageError
from sources.ingestion.address_overrides import override_request, read_overrides
from sources.ingestion.archive import Archive
from sources.ingestion.archive.archive_pruning import prune_archive
from sources.ingestion.archive.fetch_failures import current_failures
from sources.ingestion.archive.quarantine import put_into_quarantine, quarantined_bodies
from sources.ingestion.collect import collect
from sources.ingestion.fetch import fetch
from sources.ingestion.intake import IntakeResult, Outcome
from sources.ingestion.web.session import Session
from sources.lmarena_hf import fingerprint_of
from sources.registry import all_sources, get
from tests.fixtures import make
from tests.fixtures.clone import Clone, clone, newer_listing
from tests.fixtures.web import Answer, Web, answer, broken_off, raw, reset, web
from warehouse.builder.inputs import release_hash
from warehouse.read.status import as_text, report
from warehouse.workspace import Workspace

HF = get("lmarena_hf")
CSV = get("chatbot_arena_history")
#: Small enough to be met at once by the servers here, large enough for the good bodies.
LIMITS = {"max_bytes": 400_000, "read_timeout": 0.5, "total_timeout": 1.5}
LAST_ROWS = 40


@pytest.fixture
def site() -> Iterator[Web]:
    with web() as served:
        yield served


@pytest.fixture
def session(site: Web) -> Iterator[Session]:
    with Session(retries=1, backoff=0.01, pace=0, **LIMITS) as opened:  # type: ignore[arg-type]
        yield opened


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


def at(address: str, source: Source = HF, **more: Any) -> Request:
    """The first request of ``source``, asked of ``address``."""
    return replace(source.requests[0], **{"address": address, "fingerprint": None, **more})


def ask(request: Request, archive: Archive, session: Session, day: int = 0, source: Source = HF) -> Outcome:
    return fetch(source, request, archive, session, now=make.MOMENT + timedelta(days=day))


def held(archive: Archive, source: Source = HF) -> bytes:
    receipt = archive.latest(source.id, source.requests[0].name)
    assert receipt is not None
    return archive.load(receipt).body


def refused(outcome: Outcome, says: str) -> None:
    """It failed, in one short line for people that names what was wrong."""
    assert outcome.failed, outcome.line()
    assert says in outcome.reason, outcome.reason
    assert "\n" not in outcome.line()
    assert len(outcome.line()) < 600
    assert "Traceback" not in outcome.line()


def forever(head: bytes, piece: bytes, site: Web, every: float = 0.0) -> Answer:
    """``head``, then ``piece`` again and again until the test is over or the client hangs up."""

    def send(handler: BaseHTTPRequestHandler) -> None:
        handler.close_connection = True
        handler.wfile.write(head)
        while not site.over.wait(every):
            handler.wfile.write(piece)

    return send


OK = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\n"
PAGE = b"<!DOCTYPE html><html><body>Please sign in</body></html>"
BOMB = gzip.compress(bytes(50_000_000))

#: Name → what the server does (given the site, for those that never end), and what the user is told.
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
    "206 nobody asked for": (answer(make.hf()[:200], 206, Content_Range="bytes 0-199/900"), "HTTP 206"),
    "reset before a word": (reset, "reset"),
    "hangs up before a word": (raw(), "closed"),
    "reset in the body": (broken_off(make.hf(), 900), "reset"),
    "shorter than said": (raw(OK + b"Content-Length: 5000\r\n\r\n", make.hf()[:1000]), "IncompleteRead"),
    "cut chunks": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\n4000\r\n", b"x" * 500), "bytes"),
    "senseless chunks": (raw(OK + b"Transfer-Encoding: chunked\r\n\r\nzz\r\n", b"x" * 500), "IncompleteRead"),
    "no HTTP": (raw(b"\x00\x01\x02 what\r\n\r\n"), "BadStatusLine"),
    "a thousand headers": (raw(OK, b"".join(b"X-%d: 1\r\n" % n for n in range(1000)), b"\r\n"), "headers"),
    "truncated gzip": (answer(gzip.compress(make.hf())[:-50], Content_Encoding="gzip"), "damaged or cut"),
    "no gzip at all": (answer(make.hf(), Content_Encoding="gzip"), "damaged or cut"),
    "an encoding nobody knows": (answer(make.hf(), Content_Encoding="zorp"), "Content-Encoding 'zorp'"),
    "a gzip bomb": (answer(BOMB, Content_Encoding="gzip"), "more than 400000 bytes unpacked"),
    "says it is enormous": (raw(OK + b"Content-Length: 999999999999\r\n\r\n"), "more than 400000 bytes"),
    "endless": (lambda site: forever(OK + b"\r\n", b"x" * 65536, site), "more than 400000 bytes"),
    "a slow drip": (lambda site: forever(OK + b"\r\n", b"x", site, 0.1), "bytes in 1.5 s"),
    "headers that drip": (lambda site: forever(OK, b"X-A: b\r\n", site, 0.1), "0 bytes in 1.5 s"),
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
    "another type": (answer(make.hf(), media_type="application/pdf"), "application/pdf"),
    "a login page": (answer(PAGE, media_type="text/html; charset=utf-8"), "text/html"),
    "a login page that says it is data": (answer(PAGE), "a web page"),
    "an error as JSON": (answer(b'{"error": "quota"}', media_type="application/json"), "application/json"),
    "an error as JSON that says it is data": (answer(b'{"error": "quota"}'), "expected Parquet"),
    "longer than said": (raw(OK + b"Content-Length: 1000\r\n\r\n", make.hf()), "expected Parquet"),
    "nothing": (answer(b""), "empty body"),
    "a header row only": (answer(make.hf(0)), "no rows"),
}  # fmt: skip


@pytest.mark.parametrize("name", SERVERS)
def test_whatever_the_server_does_the_last_good_stays(
    site: Web, session: Session, archive: Archive, name: str
) -> None:
    """Would catch a traceback, a hang, full memory, or a leaderboard replaced by what a broken server sent."""
    behaviour, says = SERVERS[name]
    if getattr(behaviour, "__name__", "") == "<lambda>":
        behaviour = behaviour(site)
    good = make.hf(LAST_ROWS)
    request = at(site.says("/a", answer(good)))
    assert ask(request, archive, session).result is IntakeResult.NEW
    site.answers.clear()
    for path in ("/a", *(f"/a{'a' * more}" for more in range(1, 9))):
        site.says(path, behaviour)
    refused(ask(request, archive, session, 1), says)
    assert held(archive) == good
    assert len(archive.history(HF.id)) == 1
    (trouble,) = current_failures(archive)
    assert says in trouble.reason
    assert archive.verify() == []
    site.says("/a", answer(good))
    assert ask(request, archive, session, 2).result is IntakeResult.UNCHANGED
    assert current_failures(archive) == []


def test_passing_trouble_is_no_failure(site: Web, session: Session, archive: Archive) -> None:
    """Would catch a run lost to one bad answer."""
    for trouble in (
        answer(PAGE, 500, "text/html"),
        answer(b"", 429, Retry_After="0"),
        reset,
        broken_off(make.hf(LAST_ROWS), 900),
    ):
        site.says("/a", trouble, answer(make.hf(LAST_ROWS)))
        assert not ask(at(site.address("/a")), archive, session).failed
        assert held(archive) == make.hf(LAST_ROWS)


def test_a_broken_body_is_asked_for_again_from_the_start(site: Web, session: Session) -> None:
    """Would catch a run lost to one reset, and the head of one answer glued to another."""
    new = gzip.compress(os.urandom(5000))
    for first in (broken_off(make.hf(LAST_ROWS), 900), broken_off(new, 900, Content_Encoding="gzip")):
        site.says("/a", first, answer(new))
        assert session.get(site.address("/a")).body == new
    assert not any("Range" in headers for _, headers in site.asked)


def test_redirects_carry_no_secret_to_another_host(site: Web, session: Session) -> None:
    """Would catch a password, or a cookie one host has set, handed to the next."""
    with web() as other:
        other.says("/b", answer(b"figures"))
        for host in ("localhost", "127.0.0.1"):
            site.says("/a", answer(status=302, Location=other.address("/b", host), Set_Cookie="id=hunter2"))
            asked = site.address("/a").replace("//", "//user:hunter2@")
            got = session.get(asked, conditions={"If-None-Match": '"1"'})
            assert got.body == b"figures"
            assert "hunter2" not in got.address + json.dumps(dict(got.headers))
        assert all("Authorization" in headers for _, headers in site.asked)
        assert not any("Cookie" in headers for _, headers in site.asked)
        allowed = {"Host", "User-Agent", "Accept", "Accept-Encoding", "Connection", "If-None-Match"}
        assert all(set(headers) <= allowed for _, headers in other.asked)
        assert "hunter2" not in str(other.asked)


PRIVATE = [
    "127.0.0.1", "[::1]", "[::ffff:127.0.0.1]", "localhost", "a.localhost", "10.1.2.3", "192.168.0.1",
    "172.16.0.1", "169.254.169.254", "[fe80::1]", "[fd00::1]", "0.0.0.0", "100.64.0.1", "224.0.0.1",
    "[64:ff9b::7f00:1]", "[2002:7f00:1::]", "127.1", "2130706433", "0x7f000001",
]  # fmt: skip


@pytest.mark.parametrize("host", PRIVATE)
def test_addresses_of_private_networks_are_refused(site: Web, host: str) -> None:
    """Would catch a run that reads a cloud's credentials, or a neighbour's printer, however it is spelled."""
    site.says("/a", answer(b"secret"))
    with (
        Session(retries=0, allow_private=False) as session,
        pytest.raises(FetchError, match=r"private network.*AIGAP_ALLOW_PRIVATE=1"),
    ):
        session.get(f"http://{host}:{site.port}/a")
    assert site.asked == []


def test_private_addresses_need_the_word_of_the_configuration(
    site: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a default that is open, or a switch that does nothing."""
    site.says("/a", answer(b"figures"))
    monkeypatch.setenv("AIGAP_ALLOW_PRIVATE", "1")
    with Session() as session:
        assert session.get(site.address("/a")).body == b"figures"
    monkeypatch.setenv("AIGAP_ALLOW_PRIVATE", "0")
    with Session() as session, pytest.raises(FetchError, match="private"):
        session.get(site.address("/a"))


@pytest.fixture
def proxied(site: Web, monkeypatch: pytest.MonkeyPatch) -> Web:
    """``site`` as the proxy of the environment: asked for whole addresses."""
    for name in ("NO_PROXY", "no_proxy", "http_proxy"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("HTTP_PROXY", site.address(""))
    return site


def test_the_proxy_of_the_environment_is_used(proxied: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a client that cannot leave a company's network; a proxy's own address may be private."""
    proxied.says("http://figures.example/a", answer(b"by proxy"))
    with Session(pace=0, allow_private=False) as session:
        assert session.get("http://figures.example/a").body == b"by proxy"
    monkeypatch.setenv("NO_PROXY", "127.0.0.1")
    proxied.says("/a", answer(b"direct"))
    with Session(pace=0) as session:
        assert session.get(proxied.address("/a")).body == b"direct"


def test_a_redirect_into_a_private_network_is_refused(proxied: Web) -> None:
    """Would catch a check of the first address only."""
    inside = proxied.says("/secret", answer(b"secret"))
    proxied.says("http://figures.example/a", answer(status=302, Location=inside))
    with Session(pace=0, allow_private=False) as session, pytest.raises(FetchError, match="private"):
        session.get("http://figures.example/a")
    assert [path for path, _ in proxied.asked] == ["http://figures.example/a"]


def test_only_a_certificate_the_environment_trusts_is_believed_and_no_redirect_leaves_tls(
    site: Web, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch TLS that is not checked, a company's own CA ignored, and a downgrade to plain text."""
    if shutil.which("openssl") is None:
        pytest.skip("no openssl to make a certificate with")
    key, certificate = tmp_path / "key.pem", tmp_path / "certificate.pem"
    subprocess.run(
        ["openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
         "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate],
        check=True, capture_output=True,
    )  # fmt: skip
    plain = site.says("/b", answer(b"in plain text"))

    class Handler(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            (answer(b"figures") if self.path == "/a" else answer(status=302, Location=plain))(self)

        def log_message(self, *args: object) -> None: ...

    server = HTTPServer(("127.0.0.1", 0), Handler)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate, key)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    server.handle_error = lambda *about: None  # type: ignore[method-assign]
    threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01}, daemon=True).start()
    address = f"https://localhost:{server.server_address[1]}"
    try:
        with Session(pace=0) as session:
            with pytest.raises(FetchError, match="certificate"):
                session.get(f"{address}/a")
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
            assert session.get(f"{address}/a").body == b"figures"
            with pytest.raises(FetchError, match="redirects from https to http://"):
                session.get(f"{address}/down")
    finally:
        server.shutdown()
        server.server_close()
    assert site.asked == []


# What changed, told without a download


@pytest.mark.parametrize(
    ("told", "asked"),
    [
        ({"ETag": '"1"'}, "If-None-Match"),
        ({"Last_Modified": "Fri, 02 Jan 2026 00:00:00 GMT"}, "If-Modified-Since"),
    ],
)
def test_what_the_server_says_is_unchanged_is_not_sent_again(
    site: Web, session: Session, tmp_path: Path, told: dict[str, str], asked: str
) -> None:
    """Would catch a daily download, and a daily release, of a file that changes once a month; or its fetch left
    without a receipt.
    """
    workspace = Workspace(tmp_path)
    archive = Archive(workspace.archive)
    body = make.hf(LAST_ROWS)
    request = at(site.says("/a", answer(body, **told), raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")))
    assert ask(request, archive, session).result is IntakeResult.NEW
    inputs_before = release_hash(workspace)
    for day in (1, 2):
        outcome = ask(request, archive, session, day)
        assert outcome.result is IntakeResult.UNCHANGED
        assert outcome.receipt is not None
        assert outcome.receipt.status == 304
    assert [headers.get(asked) for _, headers in site.asked] == [None, *[next(iter(told.values()))] * 2]
    assert len(archive.history(HF.id)) == 3
    assert release_hash(workspace) == inputs_before
    assert held(archive) == body
    assert archive.verify() == []


def test_an_unchanged_answer_is_asked_for_only_when_it_would_mean_something(
    site: Web, session: Session, archive: Archive
) -> None:
    """Would catch a mirror asked about another server's version, and lost bytes never fetched again."""
    body = make.hf(LAST_ROWS)
    ask(at(site.says("/a", answer(body, ETag='"1"'))), archive, session)
    ask(at(site.says("/b", answer(body, ETag='"1"'))), archive, session, 1)
    (blob,) = (archive.root / "blobs").rglob("*.gz")
    blob.unlink()
    assert ask(at(site.address("/b")), archive, session, 2).result is IntakeResult.UNCHANGED
    assert not any("If-None-Match" in headers for _, headers in site.asked)
    assert held(archive) == body


def listing(path: str, body: bytes) -> bytes:
    """A made listing of a dataset's folder in the shape of Hugging Face's."""
    oid = sha256_of(body)
    pointer = {"oid": oid, "size": len(body), "pointerSize": 133}
    other = {"type": "file", "path": "text/README.md", "size": 3, "oid": "00"}
    return json.dumps([other, {"type": "file", "path": path, "size": len(body), "lfs": pointer}]).encode()


def test_a_listing_with_the_same_hash_saves_the_download(
    site: Web, session: Session, archive: Archive
) -> None:
    """Would catch 58 MB fetched again to learn that nothing changed, or a change that goes unseen."""
    path = "text/full-00000-of-00001.parquet"
    request = at(
        site.says("/full", answer(make.hf(LAST_ROWS))),
        fingerprint=Fingerprint(site.address("/tree"), fingerprint_of(path)),
    )
    assert ask(request, archive, session).result is IntakeResult.NEW
    site.says("/tree", answer(listing(path, make.hf(LAST_ROWS)), media_type="application/json"))
    outcome = ask(request, archive, session, 1)
    assert outcome.result is IntakeResult.UNCHANGED
    assert outcome.receipt is not None
    assert site.times("/full") == 1
    new = make.hf(LAST_ROWS + 1)
    site.says("/full", answer(new))
    site.says("/tree", answer(listing(path, new), media_type="application/json"))
    assert ask(request, archive, session, 2).result is IntakeResult.NEW
    assert held(archive) == new


@pytest.mark.parametrize(
    "tree",
    [
        answer(PAGE, 404),
        answer(PAGE),
        answer(b"[]"),
        answer(b'[{"path": 1}, 2]'),
        answer(b"[" * 99_999),
        reset,
    ],
)
def test_a_listing_that_tells_nothing_costs_only_the_download(
    site: Web, session: Session, archive: Archive, tree: Answer
) -> None:
    """Would catch a source that is dead because its shortcut is."""
    site.says("/tree", tree)
    fingerprint = Fingerprint(site.address("/tree"), fingerprint_of("text/latest"))
    request = at(site.says("/a", answer(make.hf(LAST_ROWS))), fingerprint=fingerprint)
    assert ask(request, archive, session).result is IntakeResult.NEW
    assert ask(request, archive, session, 1).result is IntakeResult.UNCHANGED
    assert site.times("/a") == 2


def test_every_file_of_the_official_dataset_has_its_listing() -> None:
    """Would catch a subset whose unchanged file is downloaded every day."""
    for request in HF.requests:
        assert request.fingerprint is not None
        folder = request.name.removesuffix("_full")
        assert request.fingerprint.address.endswith(
            f"/api/datasets/lmarena-ai/leaderboard-dataset/tree/main/{folder}"
        )
        path = f"{folder}/{'full' if request.name.endswith('_full') else 'latest'}-00000-of-00001.parquet"
        assert request.fingerprint.sha256_in(listing(path, b"x")) == sha256_of(b"x")


# Bodies


def table(*rows: tuple[Any, ...], header: tuple[str, ...] = make.ALLTIME) -> bytes:
    out = io.StringIO()
    csv.writer(out, lineterminator="\n").writerows([header, *rows])
    return out.getvalue().encode()


def row(place: int, rating: object = None, name: str = "Made") -> tuple[Any, ...]:
    score = 1300.5 - place if rating is None else rating
    return (f"made-{place}", f"{name} {place}", score, "MIT", "Contoso", "20240101")


ROWS = [row(place) for place in range(120)]
RENAMED = tuple("elo" if name == "rating" else name for name in make.ALLTIME)
TABLES: dict[str, tuple[bytes, str]] = {
    "a renamed column": (table(*ROWS, header=RENAMED), "also rating"),
    "a header row only": (table(), "no rows"),
    "cut to a tenth": (table(*ROWS[:12]), "12 rows"),
    "not UTF-8": (table(*ROWS).replace(b"Made", b"Mad\xe9"), "not UTF-8"),
    "only NaN": (table(*(row(place, "NaN") for place in range(120))), "no row has a score"),
    "only 1e999": (table(*(row(place, "1e999") for place in range(120))), "no row has a score"),
    "words for numbers": (table(*ROWS, row(121, "n.d.")), "'n.d.'"),
    "an empty list": (b"[]", "columns"),
    "an error as JSON": (b'{"error": "rate limited"}', "columns"),
    "a page": (PAGE, "a web page"),
    "zeros": (bytes(4000), "columns"),
    "another scale": (table(*(row(place, 2100.5 - place) for place in range(120))), "best score"),
    "a hundred times as long": (table(*(row(place) for place in range(12_000))), "12000 rows after 120"),
}


@pytest.mark.parametrize("name", TABLES)
def test_a_table_that_is_not_what_it_was_is_put_aside(site: Web, archive: Archive, name: str) -> None:
    """Would catch a column that moved, a scale that changed or an error message published as a leaderboard."""
    body, says = TABLES[name]
    request = at(site.says("/a.csv", answer(table(*ROWS), media_type="text/csv")), CSV)
    with Session(pace=0) as session:
        assert ask(request, archive, session, source=CSV).result is IntakeResult.NEW
        site.says("/a.csv", answer(body, media_type="text/csv"))
        outcome = ask(request, archive, session, 1, CSV)
    refused(outcome, says)
    assert outcome.result is IntakeResult.QUARANTINED
    assert held(archive, CSV) == table(*ROWS)
    (entry,) = quarantined_bodies(archive)
    assert entry.body.read_bytes() == body


def test_what_only_looks_odd_is_accepted(site: Web, archive: Archive) -> None:
    """Would catch a byte-order mark, another order of columns or one senseless figure refused or misread."""
    backwards = table(*(cells[::-1] for cells in ROWS), header=make.ALLTIME[::-1])
    odd = table(*ROWS[:118], row(118, "NaN"), row(119, "1e999"))
    with Session(pace=0) as session:
        for day, body in enumerate((b"\xef\xbb\xbf" + table(*ROWS), backwards, odd)):
            request = at(site.says("/a.csv", answer(body, media_type="text/csv")), CSV)
            outcome = ask(request, archive, session, day, CSV)
            assert (outcome.result, outcome.rows) == (IntakeResult.NEW, 120), outcome.line()
            assert outcome.receipt is not None
            scores = read(CSV, archive.load(outcome.receipt))["score"]
            assert scores[:118].to_list() == [1300.5 - place for place in range(118)]
            assert not scores.is_nan().any()
            assert not scores.is_infinite().any()
    assert scores[118:].to_list() == [None, None]


def live() -> list[tuple[Source, Request]]:
    """The first live request of every source."""
    found = [(source, request) for source in all_sources() for request in source.requests if request.address]
    return list({source.id: (source, request) for source, request in reversed(found)}.values())


LIES = {
    "login page": PAGE,
    "error": b'{"error": {"code": 429, "message": "slow down"}}',
    "empty list": b"[]",
    "empty object": b"{}",
    "nothing": b"",
    "blanks": b" \n\n",
    "null": b"null",
    "numbers": b"NaN 1e999 -Infinity",
    "zeros": bytes(10_000),
    "noise": zlib.compress(bytes(range(256)) * 40),
    "no text": b"\xff\xfe\xfa" * 400,
    "deep": b"[" * 30_000,
    "a cut ZIP": b"PK\x03\x04" + bytes(60),
    "a cut Parquet": b"PAR1" + bytes(60),
    "a header row": b"model,score,date\n",
}


@pytest.mark.parametrize(("source", "request_"), live(), ids=[source.id for source, _ in live()])
def test_no_source_takes_anything_for_its_table(
    site: Web, session: Session, archive: Archive, source: Source, request_: Request
) -> None:
    """Would catch a parser that crashes on, or finds a table in, what a server sends instead of one."""
    ending = Path(request_.address).suffix
    for name, body in LIES.items():
        site.says(f"/a{ending}", answer(body, media_type=request_.media_types[0]))
        request = replace(request_, address=site.address(f"/a{ending}"), fingerprint=None)
        outcome = fetch(source, request, archive, session, now=make.MOMENT)
        assert outcome.failed, f"{name}: {outcome.line()}"
        assert "\n" not in outcome.line()
    assert archive.history(source.id) == []


def zipped(**files: bytes) -> bytes:
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as pack:
        for name, body in files.items():
            pack.writestr(name.replace("__", "/"), body)
    return out.getvalue()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (zipped(**{"..__..__evil.csv": b"a,b\n1,2\n"}), "'../../evil.csv'"),
        (zipped(**{"__etc__evil.csv": b"a,b\n1,2\n"}), "'/etc/evil.csv'"),
        (zipped(**{"a.csv": bytes(300 * 1024 * 1024)}), "bytes unpacked"),
        (zipped(**{f"{n}.csv": b"" for n in range(1001)}), "1001 files"),
        (zipped(), ""),
    ],
    ids=["leads out", "absolute", "bomb", "many files", "empty"],
)  # fmt: skip
def test_a_hostile_zip_is_put_aside(
    site: Web, archive: Archive, tmp_path: Path, body: bytes, says: str
) -> None:
    """Would catch a file written outside the archive, or memory filled by a small download."""
    source = get("epoch_benchmarks")
    with Session(pace=0) as session:
        request = at(site.says("/a.zip", answer(body, media_type="application/zip")), source)
        outcome = ask(request, archive, session, source=source)
    refused(outcome, says)
    assert outcome.result is IntakeResult.QUARANTINED
    assert list(tmp_path.rglob("evil.csv")) == []


def test_a_parquet_of_a_few_bytes_and_endless_rows_is_put_aside(
    site: Web, session: Session, archive: Archive
) -> None:
    """Would catch a column of one repeated value that unpacks to more than memory."""
    body = make.parquet(pl.DataFrame({"rating": pl.repeat(1, 20_000_001, dtype=pl.Int8, eager=True)}))
    assert len(body) < 400_000
    refused(ask(at(site.says("/a", answer(body))), archive, session), "20000001 rows")


def test_a_parser_that_fails_in_a_way_nobody_foresaw_is_a_refusal(
    site: Web, session: Session, archive: Archive
) -> None:
    """Would catch one source's mistake ending the run of all."""

    def parse(snapshot: object) -> pl.DataFrame:
        raise ZeroDivisionError("by\nzero")

    source = replace(HF, parse=parse)
    refused(
        ask(at(site.says("/a", answer(make.hf()))), archive, session, source=source),
        "ZeroDivisionError: by zero",
    )


MEASURED = """
import json, resource, sys
from pathlib import Path
from sources.ingestion.collect import collect
from sources.registry import get
(outcome,) = collect(get("lmarena_hf"), Path(sys.argv[1]), ["text_full"])
print(json.dumps([outcome.line(), outcome.rows, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss]))
"""


def test_a_million_rows_arrive_in_bounded_memory(site: Web, tmp_path: Path) -> None:
    """Would catch a whole history, at upstream's real size, that a small machine cannot take in."""
    days, models = 247, 4730
    frame = (
        pl.DataFrame({"place": range(models)})
        .join(pl.DataFrame({"day": range(days)}), how="cross")
        .with_columns(noise=(pl.int_range(pl.len()).hash(7) % 1_000_003) / 1_000_003)
    )
    rating = 1500 - pl.col("place") / 20 + pl.col("noise")
    body = make.parquet(
        frame.select(
            pl.format("made-{}", pl.col("place")).alias("model_name"),
            pl.format("maker-{}", pl.col("place") % 60).alias("organization"),
            pl.lit("MIT").alias("license"),
            rating.alias("rating"),
            (rating - 5 - pl.col("noise")).alias("rating_lower"),
            (rating + 5 + pl.col("noise")).alias("rating_upper"),
            (6 + pl.col("noise")).alias("variance"),
            (4000.0 + pl.col("place")).alias("vote_count"),
            (pl.col("place") + 1.0).alias("rank"),
            pl.lit("overall").alias("category"),
            (pl.lit(date(2023, 5, 8)) + pl.duration(days=pl.col("day") * 5)).dt.to_string().alias(
                "leaderboard_publish_date"
            ),
        )
    )  # fmt: skip
    assert frame.height > 1_168_000
    changed = tmp_path / "addresses.json"
    changed.write_text(json.dumps({"lmarena_hf/text_full": site.says("/full.parquet", answer(body))}))
    child = subprocess.run(
        [sys.executable, "-c", MEASURED, str(tmp_path / "archive")],
        env={**os.environ, "AIGAP_ADDRESS_OVERRIDES": str(changed)},
        cwd=Path(__file__).parents[2],
        capture_output=True,
        text=True,
        check=True,
    )
    line, rows, kilobytes = json.loads(child.stdout)
    assert rows == frame.height, line
    assert kilobytes < 1.5e6, f"{kilobytes / 1e6:.2f} GB, {len(body)} bytes"


# What repeats itself


def test_a_source_that_repeats_itself_says_so(site: Web, session: Session, archive: Archive) -> None:
    """Would catch a board that stopped months ago and still counts as fresh because its server answers."""

    def asked(body: bytes, day: int) -> str:
        return ask(at(site.says("/a", answer(body))), archive, session, day).note

    assert asked(make.hf(40), 0) == ""
    assert asked(make.hf(40), 10) == ""
    assert asked(make.hf(40), 20) == "the same bytes since 2026-01-02, expected to change every 7 days"
    same = [make.hf_row(place, leaderboard_publish_date="2026-01-21") for place in range(40)]
    assert asked(make.parquet(same), 21) == "new bytes, the same figures as before"
    assert asked(make.hf(41), 30) == "new bytes, but no figures after 2026-01-02"
    moved = [make.hf_row(place, leaderboard_publish_date="2026-02-01") for place in range(42)]
    assert asked(make.parquet(moved), 31) == ""


def test_status_tells_what_fails_now_and_what_only_repeats(
    site: Web, session: Session, tmp_path: Path
) -> None:
    """Would catch an outage told by nobody, or told for ever after it has passed."""
    workspace = Workspace(tmp_path)
    archive = Archive(workspace.archive)
    ask(at(site.address("/gone")), archive, session)
    (told,) = report(workspace)["failing"]
    assert (told["source_id"], told["request"]) == ("lmarena_hf", "text")
    assert "HTTP 404" in told["reason"]
    ask(at(site.says("/a", answer(make.hf(40)))), archive, session, 1)
    assert report(workspace)["failing"] == []
    ask(at(site.says("/a", answer(PAGE))), archive, session, 2)
    (told,) = report(workspace)["failing"]
    assert "a web page" in told["reason"]


# Secrets


def test_no_secret_reaches_the_disk(site: Web, session: Session, tmp_path: Path) -> None:
    """Would catch a token of an address, a password or a cookie kept for ever in a receipt anybody may read."""
    archive = Archive(tmp_path / "archive")
    query = "?board=text&X-Amz-Signature=hunter2&access_token=hunter2&api_key=hunter2&sig=hunter2#hunter2"
    said = {"Set_Cookie": "id=hunter2", "ETag": '"1"', "WWW_Authenticate": "hunter2"}
    for body, status in ((make.hf(40), 200), (PAGE, 200), (PAGE, 404), (PAGE, 503)):
        site.says("/a", answer(body, status, **said))
        address = (site.address("/a") + query).replace("//", "//user:hunter2@")
        ask(at(address), archive, session, status)
    site.says("/b", answer(status=302, Location=site.address("/a") + query))
    ask(at(site.address("/b") + query), archive, session, 900)
    secret = Receipt("made", "text", "", 0, f"https://u:hunter2@example.org/a{query}", make.MOMENT, make.MOMENT,
                     headers={"Authorization": "hunter2", "Cookie": "hunter2", "etag": "1"})  # fmt: skip
    archive.put(b"figures", secret)
    put_into_quarantine(archive, b"figures", secret, "why")
    assert archive.history("lmarena_hf")
    assert quarantined_bodies(archive)
    assert current_failures(archive)
    for path in archive.root.rglob("*.json"):
        assert "hunter2" not in path.read_text(), path
    (receipt,) = archive.history("lmarena_hf")
    assert receipt.asked.endswith("/a?board=text")


def test_an_address_without_secrets_is_kept_as_it_is() -> None:
    """Would catch a receipt that no longer says what was asked for."""
    for address in (
        "https://example.org/a%20b?board=text&board=x+y",
        "https://example.org/",
        "http://[::1]:80/a",
    ):
        assert public_address(address) == address
    assert public_address("http://[::1") == ""


# Other addresses


def changed(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object) -> None:
    path = tmp_path / "addresses.json"
    path.write_text(content if isinstance(content, str) else json.dumps(content))
    monkeypatch.setenv("AIGAP_ADDRESS_OVERRIDES", str(path))


@pytest.mark.parametrize(
    ("content", "says"),
    [
        ("{", "a JSON file"),
        ([], "no JSON object"),
        ({"lmarena_hf/txt": "http://a.example"}, "did you mean lmarena_hf/text"),
        ({"lmarena_hf/text": "file:///etc/hostname"}, "http or https"),
        ({"lmarena_hf/text": 7}, "http or https"),
    ],
)
def test_a_mistake_in_the_addresses_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, content: object, says: str
) -> None:
    """Would catch a mistyped name that quietly fetches from the public site instead of the mirror."""
    changed(tmp_path, monkeypatch, content)
    with pytest.raises(UsageError, match=says):
        read_overrides()


def test_a_mirror_stands_in_for_upstream(site: Web, session: Session, tmp_path: Path) -> None:
    """Would catch the second file of a source, or its listing, still asked of a site that cannot be reached."""
    text, livebench = HF.request("text"), get("livebench").requests[0]
    other = {"lmarena_hf/text": site.address("/text"), "https://huggingface.co/": site.address("/hf/")}
    moved = override_request("lmarena_hf", text, other)
    assert moved.address == site.address("/text")
    assert moved.fingerprint is not None
    assert moved.fingerprint.address.startswith(site.address("/hf/api/datasets/"))
    assert override_request("lmarena_hf", text, {"lmarena_hf/text": "http://a.example"}).fingerprint is None
    assert override_request("lmarena_hf", text, {}) == text
    names = ["table_2025_04_02.csv", "categories_2025_04_02.json"]
    site.says("/index", answer(json.dumps([{"name": name, "type": "file"} for name in names]).encode(),
                               media_type="application/json"))  # fmt: skip
    other = {"livebench/release": site.address("/index"), "https://livebench.ai/": site.address("/lb/")}
    collect(get("livebench"), tmp_path, session=session, overrides=other)
    assert livebench.follow is not None
    assert [path for path, _ in site.asked] == ["/index", f"/lb/{names[0]}"]


# The command line


@pytest.fixture(scope="module")
def here(tmp_path_factory: pytest.TempPathFactory) -> Clone:
    return clone(tmp_path_factory.mktemp("live") / "tree")


def inputs(data: Path) -> set[str]:
    with duckdb.connect(str(data / "aigap.duckdb"), read_only=True) as con:
        return {row[0] for row in con.sql("SELECT sha256 FROM meta.inputs").fetchall()}


@pytest.mark.system
def test_live_runs_from_the_first_fetch_to_the_last_outage(site: Web, here: Clone, tmp_path: Path) -> None:
    """Would catch a release stopped by one dead board, an outage of all told as success, a network touched
    unasked, and pruning that takes what a release was built from.
    """
    data = tmp_path / "data"
    addresses = tmp_path / "addresses.json"
    addresses.write_text(
        json.dumps(
            {
                "lmarena_hf/text": site.says("/text.parquet", answer(newer_listing(here), ETag='"1"')),
                "lmarena_hf/vision": site.address("/gone.parquet"),
                "aider/polyglot": site.address("/gone.yml"),
                "aider/edit": site.address("/gone.yml"),
                "aider/refactor": site.address("/gone.yml"),
            }
        )
    )
    told = {"AIGAP_ADDRESS_OVERRIDES": str(addresses), "AIGAP_ALLOW_PRIVATE": "1"}

    def run(*more: str) -> subprocess.CompletedProcess[str]:
        return here.run("refresh", *more, data=data, environment=told)

    both = ("--live", "--source", "lmarena_hf", "--source", "aider")
    only = ("--request", "text", "--request", "vision", "--request", "polyglot")
    first = run(*both, *only)
    assert first.returncode == 0, first.stderr
    assert "lmarena_hf/text: new" in first.stdout
    assert "warning: lmarena_hf/vision: failed" in first.stderr
    assert "warning: aider/polyglot: failed" in first.stderr
    assert "HTTP 404" in first.stderr
    (receipt,) = Archive(data / "archive").history("lmarena_hf")
    assert receipt.sha256 in inputs(data)
    assert {path for path, _ in site.asked} == {"/text.parquet", "/gone.parquet", "/gone.yml"}

    published = (data / "aigap.duckdb").readlink()
    site.says("/text.parquet", answer(PAGE))
    dead = run(*both, *only)
    assert dead.returncode == 1
    assert "every source failed; the last good bytes stay in use" in dead.stderr
    assert (data / "aigap.duckdb").readlink() == published
    told_now = as_text(Workspace(data))
    assert "a web page" in told_now
    assert "lmarena_hf/vision" in told_now

    def archived(*arguments: str) -> tuple[int, str]:
        done = CliRunner().invoke(archive_app, list(arguments), env={"AIGAP_DATA_DIR": str(data)})
        return (2 if isinstance(done.exception, UsageError) else done.exit_code), done.output

    assert "lmarena_hf/text" in archived("list")[1]
    shown, _, body = archived("show", "lmarena_hf", "--request", "text")[1].partition("body (gzip): ")
    assert json.loads(shown)["sha256"] == receipt.sha256
    assert sha256_of(gzip.decompress(Path(body.strip()).read_bytes())) == receipt.sha256
    assert archived("show", "nothing")[0] == 2
    assert archived("prune", "--older-than", "0")[0] == 0
    assert archived("verify")[0] == 0
    assert receipt.sha256 in inputs(data)
    Path(body.strip()).write_bytes(b"rotten")
    code, told_of = archived("verify")
    assert code == 1
    assert "is damaged" in told_of


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        ((False, [], ["text"]), "--request without --live"),
        ((False, ["lmarena_hf"], []), "--source without --live"),
        ((True, [], ["txt"]), "no live request 'txt'.*text"),
        ((True, ["aider"], ["text_full"]), "no live request 'text_full'.*polyglot"),
        ((True, ["lmarena_hff"], []), "no source named 'lmarena_hff'"),
        ((True, ["arena_html"], []), "nothing live to fetch"),
    ],
)
def test_asking_for_what_is_not_there_is_wrong_use(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, arguments: tuple[bool, list[str], list[str]], says: str
) -> None:
    """Would catch a mistyped name that fetches nothing, or everything, and ends well."""
    monkeypatch.setenv("AIGAP_DATA_DIR", str(tmp_path))
    live, sources, requests = arguments
    with pytest.raises(UsageError, match=says):
        refresh(live, sources, False, console(), requests)


# Tidying up


def test_pruning_keeps_what_is_needed_and_takes_the_rest(tmp_path: Path) -> None:
    """Would catch bytes a release was built from removed, the newest of a request, or what just came in."""
    archive = Archive(tmp_path)

    def put(body: bytes, day: int, request: str = "text") -> Receipt:
        moment = make.MOMENT + timedelta(days=day)
        return archive.put(body, Receipt("made", request, "", 0, "", moment, moment))

    built, old, newest, alone = (
        put(b"built", 0),
        put(b"old", 1),
        put(b"newest", 2),
        put(b"alone", 0, "vision"),
    )
    recent = put(b"recent", 90)
    older = put(b"newest", 3)
    archive.put(b"known late", replace(recent, known_at=make.MOMENT))
    moment = make.MOMENT
    put_into_quarantine(archive, b"bad", Receipt("made", "text", "", 0, "", moment, moment), "why")
    before = make.MOMENT + timedelta(days=80)
    told = prune_archive(archive, {built.sha256, newest.sha256}, before, dry_run=True)
    assert archive.is_intact(old)
    assert told == prune_archive(archive, {built.sha256, newest.sha256}, before)
    assert not archive.is_intact(old)
    for receipt in (built, newest, alone, recent, older):
        assert archive.is_intact(receipt)
    assert old not in archive.history("made")
    assert archive.verify() == []
    assert [path for path in archive.root.rglob("*") if path.is_file() and old.sha256[:12] in path.name] == []

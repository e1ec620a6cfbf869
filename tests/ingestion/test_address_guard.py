"""Which addresses are asked: what leads into a private network, out of TLS or gives secrets away."""

from __future__ import annotations

import json
import shutil
import socket
import ssl
import subprocess
import threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path

import pytest

from sources.errors import FetchError
from sources.ingestion.web.session import Session
from tests.fixtures.web import Web, answer, web


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


def test_no_connection_is_made_into_a_private_network() -> None:
    """Would catch a name that is checked once it is connected: a port scan of one's own network."""
    with socket.create_server(("127.0.0.1", 0)) as server, Session(retries=0, allow_private=False) as session:
        with pytest.raises(FetchError, match="private network"):
            session.get(f"http://127.1:{server.getsockname()[1]}/a")
        server.settimeout(0.2)
        with pytest.raises(TimeoutError):
            server.accept()


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
            with pytest.raises(FetchError, match="certificate"):
                session.probe(f"{address}/a")
            monkeypatch.setenv("REQUESTS_CA_BUNDLE", str(certificate))
            assert session.get(f"{address}/a").body == b"figures"
            with pytest.raises(FetchError, match="redirects from https to http://"):
                session.get(f"{address}/down")
    finally:
        server.shutdown()
        server.server_close()
    assert site.asked == []

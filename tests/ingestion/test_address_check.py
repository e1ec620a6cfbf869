"""Asking whether an address answers, without fetching what is there."""

from __future__ import annotations

import time
from http.server import BaseHTTPRequestHandler
from typing import Any

import pytest

from sources.errors import FetchError, GoneError
from sources.ingestion.address_check import LiveAddress, check, live_addresses
from sources.ingestion.web.session import NotTried, Session
from sources.registry import all_sources, get
from tests.fixtures.web import Web, answer, raw

#: Larger than what is sent before a client that hangs up is noticed.
LARGE = b"x" * 50_000_000
IN_2100 = b"HTTP/1.0 200 OK\r\nDate: Fri, 01 Jan 2100 00:00:00 GMT\r\nContent-Length: 0\r\n\r\n"


def test_head_is_asked_and_one_byte_only_where_head_is_refused(site: Web) -> None:
    """Would catch a check that downloads files, or calls a server down that answers no HEAD."""
    plain, refusing = site.says("/plain", answer(b"figures")), site.says("/large", answer(LARGE))
    site.no_head = {"/large"}
    with Session(pace=0) as session:
        assert (session.probe(plain).method, session.probe(plain).status) == ("HEAD", 200)
        assert session.probe(refusing).method == "GET"
    assert site.methods == [("HEAD", "/plain")] * 2 + [("HEAD", "/large"), ("GET", "/large")]
    assert site.asked[-1][1]["Range"] == "bytes=0-0"


@pytest.mark.parametrize(
    ("given", "error", "says"),
    [
        (answer(status=404), GoneError, "HTTP 404"),
        (answer(status=403), FetchError, "HTTP 403"),
        (answer(status=500), FetchError, "HTTP 500"),
    ],
)
def test_an_address_that_gives_nothing_is_an_error(
    site: Web, given: Any, error: type[FetchError], says: str
) -> None:
    with Session(pace=0) as session, pytest.raises(error, match=says):
        session.probe(site.says("/a", given))


def test_a_server_that_asks_to_wait_is_asked_once(site: Web) -> None:
    """Would catch a check that hurts a server which is busy."""
    with Session(pace=0) as session, pytest.raises(FetchError, match="asks to wait 30"):
        session.probe(site.says("/a", answer(status=429, Retry_After="30")))
    assert site.times("/a") == 1


@pytest.mark.parametrize(("status", "has_moved"), [(301, True), (308, True), (302, False), (307, False)])
def test_only_a_move_for_good_is_one(site: Web, status: int, has_moved: bool) -> None:
    """Would catch every file of the Hub, whose storage is behind a redirect, called moved."""
    new = site.says("/new", answer(b"figures"))
    with Session(pace=0) as session:
        probe = session.probe(site.says("/old", answer(status=status, Location=new)))
    assert (probe.address, probe.has_moved) == (new, has_moved)


def test_a_redirect_into_a_private_network_is_not_followed(site: Web) -> None:
    """Would catch a check that asks what a fetch would not."""
    with Session(pace=0, allow_private=False) as session, pytest.raises(FetchError, match="private network"):
        session.probe(site.says("/a", answer(b"figures")))
    assert site.asked == []


def test_a_host_that_cannot_be_reached_is_tried_once_and_no_other_waits_for_it(site: Web) -> None:
    """Would catch eighty timeouts one after the other, or one dead host that hides the others."""

    def silent(handler: BaseHTTPRequestHandler) -> None:
        site.over.wait(10)

    # nobody listens there
    dead = [LiveAddress("dead", str(number), f"http://127.0.0.1:9/{number}") for number in range(3)]
    well = LiveAddress("well", "a", site.says("/a", raw(IN_2100)))
    slow = LiveAddress("slow", "b", site.says("/b", silent))
    with Session(pace=0, read_timeout=0.3, total_timeout=1.0, retries=0) as session:
        found = {
            f"{one.asked.source_id}{one.asked.request}": one for one in check([*dead, well, slow], session)
        }
    assert [isinstance(found[f"dead{number}"].error, NotTried) for number in range(3)] == [False, True, True]
    assert found["slowb"].error is not None
    ahead = found["wella"].seconds_ahead
    assert ahead is not None
    # the server's clock is in 2100
    assert ahead > time.time()


def test_every_address_of_every_source_is_asked_once_and_no_key_is_needed(
    site: Web, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch a listing or a whole history that nobody notices to be gone, and a key sent for a check."""
    addresses = live_addresses(all_sources(), {})
    asked = [one.address for one in addresses]
    assert len(asked) == len(set(asked))
    assert set(asked) >= {
        address
        for source in all_sources()
        for request in source.requests
        for address in (
            request.address,
            request.fingerprint.address if request.fingerprint else "",
            *request.companions,
        )
        if address
    }
    monkeypatch.setenv("AIGAP_ARTIFICIAL_ANALYSIS_KEY", "secret")
    mirror = site.says("/llms", answer(status=401))
    [keyed] = live_addresses([get("artificial_analysis")], {"artificial_analysis/llms": mirror})
    with Session(pace=0) as session:
        [found] = check([keyed], session)
    assert found.error is None
    assert not any("secret" in value for _, headers in site.asked for value in headers.values())

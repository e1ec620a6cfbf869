"""A key of the user's own: sent to one host, and never stored, printed or sent anywhere else. Over real HTTP."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from sources.artificial_analysis import KEY
from sources.ingestion.archive import Archive
from sources.ingestion.collect import collect, skipped
from sources.ingestion.web.session import Session
from sources.registry import get
from tests.fixtures import web
from tests.fixtures.every_source import BODIES
from tests.fixtures.fetching import ask, at
from tests.fixtures.web import Web, answer

SOURCE = get("artificial_analysis")
BODY = BODIES["artificial_analysis"][2]
SECRET = "hunter2-sesame"


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "archive")


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(retries=0, read_timeout=5, pace=0, allow_private=True) as opened:
        yield opened


@pytest.fixture
def other() -> Iterator[Web]:
    """Another host: another port is one."""
    with web.web() as opened:
        yield opened


@pytest.fixture(autouse=True)
def key(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(KEY.variable, SECRET)


def sent(site: Web) -> list[str | None]:
    return [headers.get(KEY.header) for _, headers in site.asked]


def assert_unseen(archive: Archive, *lines: str) -> None:
    for path in archive.root.rglob("*"):
        assert path.is_dir() or SECRET.encode() not in path.read_bytes(), path
    assert all(SECRET not in line for line in lines)


def test_the_key_is_sent_and_kept_nowhere(site: Web, session: Session, archive: Archive) -> None:
    """Would catch a live path without its key, or a key in a receipt for ever."""
    site.says("/llms", answer(BODY, media_type="application/json"))
    outcome = ask(at(site.address("/llms"), SOURCE), archive, session, source=SOURCE)
    assert not outcome.failed, outcome.line()
    assert sent(site) == [SECRET]
    assert_unseen(archive, outcome.line(), repr(outcome), repr(SOURCE))


def test_a_redirect_to_another_host_goes_without_the_key(
    site: Web, other: Web, session: Session, archive: Archive
) -> None:
    """Would catch the user's key handed to whoever a redirect names."""
    other.says("/there", answer(BODY, media_type="application/json"))
    site.says("/llms", answer(status=302, Location=other.address("/there")))
    outcome = ask(at(site.address("/llms"), SOURCE), archive, session, source=SOURCE)
    assert not outcome.failed, outcome.line()
    assert (sent(site), sent(other)) == ([SECRET], [None])
    assert_unseen(archive, outcome.line())


def test_a_redirect_on_the_same_host_keeps_the_key(site: Web, session: Session, archive: Archive) -> None:
    """Would catch a moved path of upstream that no key reaches."""
    site.says("/v3", answer(BODY, media_type="application/json"))
    site.says("/llms", answer(status=308, Location="/v3"))
    assert not ask(at(site.address("/llms"), SOURCE), archive, session, source=SOURCE).failed
    assert sent(site) == [SECRET, SECRET]


@pytest.mark.parametrize("status", [401, 403, 429, 500])
def test_a_refusal_does_not_print_the_key(site: Web, session: Session, archive: Archive, status: int) -> None:
    """Would catch the key in an error, or in the failure that is kept: some servers repeat it."""
    body = json.dumps({"error": f"Invalid key {SECRET}"}).encode()
    site.says(
        "/llms", answer(body, status, "application/json", WWW_Authenticate=SECRET, ETag=f'"{SECRET[:3]}"')
    )
    outcome = ask(at(site.address("/llms"), SOURCE), archive, session, source=SOURCE)
    assert outcome.failed
    assert_unseen(archive, outcome.line())


@pytest.mark.parametrize("key", ["hunter2 sesame", "hunter2\nX-Other: 1", "hünter2"])
def test_a_key_that_no_header_can_have_is_not_quoted(
    site: Web, session: Session, archive: Archive, monkeypatch: pytest.MonkeyPatch, key: str
) -> None:
    """Would catch the library's own message, which repeats the header's value."""
    monkeypatch.setenv(KEY.variable, key)
    outcome = ask(at(site.address("/llms"), SOURCE), archive, session, source=SOURCE)
    assert outcome.failed
    assert KEY.variable in outcome.line()
    assert "nter2" not in outcome.line()
    assert site.asked == []
    assert all(b"nter2" not in path.read_bytes() for path in archive.root.rglob("*") if path.is_file())


@pytest.mark.parametrize("value", ["", "  "])
def test_without_a_key_nothing_is_asked_and_nothing_fails(
    site: Web, session: Session, archive: Archive, monkeypatch: pytest.MonkeyPatch, value: str
) -> None:
    """Would catch a source without a key that fails every refresh, or that is left out unsaid."""
    monkeypatch.setenv(KEY.variable, value)
    overrides = {"artificial_analysis/llms": site.address("/llms")}
    assert collect(SOURCE, archive.root, session=session, overrides=overrides) == []
    assert site.asked == []
    line = skipped(SOURCE)
    assert KEY.variable in line
    assert "\n" not in line
    monkeypatch.setenv(KEY.variable, SECRET)
    assert skipped(SOURCE) == ""
    assert skipped(get("aider")) == ""

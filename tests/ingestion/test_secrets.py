"""Secrets of addresses and headers stay off the disk."""

from __future__ import annotations

from pathlib import Path

from sources.contract.addresses import public_address
from sources.contract.receipt import Receipt
from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import current_failures
from sources.ingestion.archive.quarantine import put_into_quarantine, quarantined_bodies
from sources.ingestion.web.session import Session
from tests.fixtures import bodies
from tests.fixtures.fetching import PAGE, ask, at
from tests.fixtures.web import Web, answer


def test_no_secret_reaches_the_disk(site: Web, session: Session, tmp_path: Path) -> None:
    """Would catch a token of an address, a password or a cookie kept for ever in a receipt anybody may read."""
    archive = Archive(tmp_path / "archive")
    query = "?board=text&X-Amz-Signature=hunter2&access_token=hunter2&api_key=hunter2&sig=hunter2#hunter2"
    said = {"Set_Cookie": "id=hunter2", "ETag": '"1"', "WWW_Authenticate": "hunter2"}
    for body, status in ((bodies.hf(40), 200), (PAGE, 200), (PAGE, 404), (PAGE, 503)):
        site.says("/a", answer(body, status, **said))
        address = (site.address("/a") + query).replace("//", "//user:hunter2@")
        ask(at(address), archive, session, status)
    site.says("/b", answer(status=302, Location=site.address("/a") + query))
    ask(at(site.address("/b") + query), archive, session, 900)
    secret = Receipt("sample", "text", "", 0, f"https://u:hunter2@example.org/a{query}", bodies.MOMENT, bodies.MOMENT,
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

"""What upstream still has is not downloaded again, and is noted when it repeats itself for too long."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sources.contract.receipt import sha256_of
from sources.contract.request import Fingerprint
from sources.ingestion.archive import Archive
from sources.ingestion.intake import IntakeResult
from sources.ingestion.web.session import Session
from sources.lmarena_hf import fingerprint_of
from tests.fixtures import bodies
from tests.fixtures.fetching import HF, LAST_ROWS, PAGE, ask, at, held
from tests.fixtures.web import Answer, Web, answer, raw, reset
from warehouse.builder.inputs import release_hash
from warehouse.read.report import report
from warehouse.workspace import Workspace


@pytest.mark.parametrize(
    ("validator", "condition"),
    [
        ({"ETag": '"1"'}, "If-None-Match"),
        ({"Last_Modified": "Fri, 02 Jan 2026 00:00:00 GMT"}, "If-Modified-Since"),
    ],
)
def test_what_the_server_says_is_unchanged_is_not_sent_again(
    site: Web, session: Session, tmp_path: Path, validator: dict[str, str], condition: str
) -> None:
    """Would catch a daily download, and a daily release, of a file that changes once a month; or its fetch left
    without a receipt.
    """
    workspace = Workspace(tmp_path)
    archive = Archive(workspace.archive)
    body = bodies.hf(LAST_ROWS)
    request = at(site.says("/a", answer(body, **validator), raw(b"HTTP/1.1 304 Not Modified\r\n\r\n")))
    assert ask(request, archive, session).result is IntakeResult.NEW
    inputs_before = release_hash(workspace)
    for day in (1, 2):
        outcome = ask(request, archive, session, day)
        assert outcome.result is IntakeResult.UNCHANGED
        assert outcome.receipt is not None
        assert outcome.receipt.status == 304
    assert [headers.get(condition) for _, headers in site.asked] == [
        None,
        *[next(iter(validator.values()))] * 2,
    ]
    assert len(archive.history(HF.id)) == 3
    assert release_hash(workspace) == inputs_before
    assert held(archive) == body
    assert archive.verify() == []


def test_an_unchanged_answer_is_asked_for_only_when_it_would_mean_something(
    site: Web, session: Session, archive: Archive
) -> None:
    """Would catch a mirror asked about another server's version, and lost bytes never fetched again."""
    body = bodies.hf(LAST_ROWS)
    ask(at(site.says("/a", answer(body, ETag='"1"'))), archive, session)
    ask(at(site.says("/b", answer(body, ETag='"1"'))), archive, session, 1)
    (blob,) = (archive.root / "blobs").rglob("*.gz")
    blob.unlink()
    assert ask(at(site.address("/b")), archive, session, 2).result is IntakeResult.UNCHANGED
    assert not any("If-None-Match" in headers for _, headers in site.asked)
    assert held(archive) == body


def listing(path: str, body: bytes) -> bytes:
    """A sample listing of a dataset's folder in the shape of Hugging Face's."""
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
        site.says("/full", answer(bodies.hf(LAST_ROWS))),
        fingerprint=Fingerprint(site.address("/tree"), fingerprint_of(path)),
    )
    assert ask(request, archive, session).result is IntakeResult.NEW
    site.says("/tree", answer(listing(path, bodies.hf(LAST_ROWS)), media_type="application/json"))
    outcome = ask(request, archive, session, 1)
    assert outcome.result is IntakeResult.UNCHANGED
    assert outcome.receipt is not None
    assert site.times("/full") == 1
    new = bodies.hf(LAST_ROWS + 1)
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
def test_a_useless_listing_leads_to_a_download(
    site: Web, session: Session, archive: Archive, tree: Answer
) -> None:
    """Would catch a source that is dead because its shortcut is."""
    site.says("/tree", tree)
    fingerprint = Fingerprint(site.address("/tree"), fingerprint_of("text/latest"))
    request = at(site.says("/a", answer(bodies.hf(LAST_ROWS))), fingerprint=fingerprint)
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


def test_a_source_that_repeats_itself_says_so(site: Web, session: Session, archive: Archive) -> None:
    """Would catch a board that stopped months ago and still counts as fresh because its server answers."""

    def asked(body: bytes, day: int) -> str:
        return ask(at(site.says("/a", answer(body))), archive, session, day).note

    assert asked(bodies.hf(40), 0) == ""
    assert asked(bodies.hf(40), 10) == ""
    assert asked(bodies.hf(40), 20) == "the same bytes since 2026-01-02, expected to change every 7 days"
    same = [bodies.hf_row(place, leaderboard_publish_date="2026-01-21") for place in range(40)]
    assert asked(bodies.parquet(same), 21) == "new bytes, the same figures as before"
    assert asked(bodies.hf(41), 30) == "new bytes, but no figures after 2026-01-02"
    moved = [bodies.hf_row(place, leaderboard_publish_date="2026-02-01") for place in range(42)]
    assert [asked(bodies.parquet(moved), day) for day in (31, 33)] == ["", ""]


def test_status_shows_what_fails_now_and_what_only_repeats(
    site: Web, session: Session, tmp_path: Path
) -> None:
    """Would catch an outage that nobody hears of, or that is reported after it has passed."""
    workspace = Workspace(tmp_path)
    archive = Archive(workspace.archive)
    ask(at(site.address("/gone")), archive, session)
    (failing,) = report(workspace)["failing"]
    assert (failing["source_id"], failing["request"]) == ("lmarena_hf", "text")
    assert "HTTP 404" in failing["reason"]
    ask(at(site.says("/a", answer(bodies.hf(40)))), archive, session, 1)
    assert report(workspace)["failing"] == []
    ask(at(site.says("/a", answer(PAGE))), archive, session, 2)
    (failing,) = report(workspace)["failing"]
    assert "a web page" in failing["reason"]

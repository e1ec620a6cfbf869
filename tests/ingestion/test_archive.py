"""The archive: bytes in, the same bytes out, whatever happens in between."""

from __future__ import annotations

import gzip
import json
import signal
import subprocess
import sys
import time
from dataclasses import replace
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sources.contract.receipt import Receipt, sha256_of
from sources.errors import ArchiveError, UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import current_failures
from sources.ingestion.archive.quarantine import put_into_quarantine, quarantined_bodies

ROOT = Path(__file__).resolve().parents[2]
DAY = datetime(2026, 3, 19, 14, 51, 18, 40878, tzinfo=UTC)


def receipt(request: str = "text", at: datetime = DAY, file_name: str = "a.json") -> Receipt:
    return Receipt(
        "sample", request, "", 0, "https://example.org/a", at, at, file_name, headers={"etag": "1"}
    )


def files(archive: Archive, kind: str) -> list[Path]:
    return sorted(path for path in (archive.root / kind).rglob("*") if path.is_file())


@settings(max_examples=25, suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(body=st.binary(max_size=4000))
def test_what_goes_in_comes_out(archive: Archive, body: bytes) -> None:
    """Would catch a blob that is decoded, stripped or cut on its way."""
    stored = archive.put(body, receipt())
    loaded = archive.load(stored)
    assert loaded.body == body
    assert loaded.receipt == stored
    assert (stored.sha256, stored.size) == (sha256_of(body), len(body))


def test_layout_is_the_documented_one(archive: Archive) -> None:
    """Would catch a change of paths that orphans every archive in use."""
    stored = archive.put(b"figures", receipt())
    blob = archive.root / "blobs" / stored.sha256[:2] / f"{stored.sha256}.gz"
    assert gzip.decompress(blob.read_bytes()) == b"figures"
    assert blob.read_bytes()[4:8] == bytes(4), "gzip's own time must not make equal blobs differ"
    name = f"20260319T145118.040878Z-{stored.sha256[:12]}.json"
    text = (archive.root / "receipts" / "sample" / "text" / name).read_text(encoding="utf-8")
    assert Receipt.from_json(text) == stored


def test_same_bytes_later_add_a_receipt_and_no_blob(archive: Archive) -> None:
    """Would catch an archive that grows by its whole content every day."""
    archive.put(b"figures", receipt())
    archive.put(b"figures", receipt(at=DAY + timedelta(days=1)))
    assert len(files(archive, "blobs")) == 1
    assert len(archive.history("sample")) == 2


def test_ingesting_again_adds_nothing(archive: Archive) -> None:
    """Would catch receipts that pile up when a folder is ingested twice."""
    first = archive.put(b"figures", receipt())
    again = archive.put(b"figures", replace(receipt(), fetched_at=DAY + timedelta(days=9)))
    assert again == first
    assert archive.history("sample") == [first]


def test_one_upstream_file_under_two_names_keeps_both(archive: Archive) -> None:
    """Would catch a mirror's repetition (same scrape, new file name) overwriting the first receipt."""
    archive.put(b"figures", receipt(file_name="text-2026-07-29.json"))
    archive.put(b"figures", receipt(file_name="text-2026-07-30.json"))
    names = {held.file_name for held in archive.history("sample")}
    assert names == {"text-2026-07-29.json", "text-2026-07-30.json"}
    assert archive.verify() == []


def test_history_is_by_time_known_not_time_stored(archive: Archive) -> None:
    """Would catch history in the order of ingest: backfilled files come last but are oldest."""
    for days in (3, 1, 2):
        archive.put(f"day {days}".encode(), receipt(at=DAY + timedelta(days=days)))
    archive.put(b"other request", receipt("vision", DAY + timedelta(hours=30)))
    known = [held.known_at for held in archive.history("sample", "text")]
    assert known == sorted(known)
    everything = [held.known_at for held in archive.history("sample")]
    assert len(everything) == 4
    assert everything == sorted(everything), "across requests, too"
    latest = archive.latest("sample", "text")
    assert latest is not None
    assert archive.load(latest).body == b"day 3"
    before = archive.latest("sample", "text", at=DAY + timedelta(days=2, hours=1))
    assert before is not None
    assert archive.load(before).body == b"day 2"
    assert archive.latest("sample", "text", at=DAY) is None
    assert archive.latest("sample", "nothing") is None
    assert archive.history("nobody") == []


def test_times_of_other_zones_sort_with_the_rest(archive: Archive) -> None:
    """Would catch names stamped with local time, which order receipts wrongly."""
    beijing = timezone(timedelta(hours=8))
    archive.put(b"early", receipt(at=datetime(2026, 3, 20, 7, 0, tzinfo=beijing)))
    archive.put(b"late", receipt(at=datetime(2026, 3, 20, 0, 0, tzinfo=UTC)))
    latest = archive.latest("sample", "text")
    assert latest is not None
    assert archive.load(latest).body == b"late"
    assert latest.known_at.isoformat().endswith("+00:00")
    assert archive.history("sample")[0].known_at.isoformat() == "2026-03-19T23:00:00+00:00"
    before = archive.latest("sample", "text", at=datetime(2026, 3, 20, 7, 30, tzinfo=beijing))
    assert before is not None
    assert archive.load(before).body == b"early"
    with pytest.raises(UsageError, match="time zone"):
        archive.put(b"when?", receipt(at=datetime(2026, 3, 20)))  # noqa: DTZ001


@pytest.mark.parametrize("damage", ["cut", "flipped", "other", "missing", "empty"])
def test_a_damaged_blob_is_named_and_never_returned(archive: Archive, damage: str) -> None:
    """Would catch figures read from a blob that rotted or was swapped."""
    stored = archive.put(b"figures" * 100, receipt())
    (blob,) = files(archive, "blobs")
    content = blob.read_bytes()
    blob.chmod(0o644)
    if damage == "cut":
        blob.write_bytes(content[:-9])
    elif damage == "flipped":
        blob.write_bytes(content[:20] + bytes([content[20] ^ 255]) + content[21:])
    elif damage == "other":
        blob.write_bytes(gzip.compress(b"other figures"))
    elif damage == "empty":
        blob.write_bytes(b"")
    else:
        blob.unlink()
    with pytest.raises(ArchiveError, match="missing" if damage == "missing" else "damaged") as caught:
        archive.load(stored)
    assert "\n" not in caught.value.line()
    (problem,) = archive.verify()
    assert problem.startswith("receipts/sample/text/")
    # receiving the bytes again mends it
    archive.put(b"figures" * 100, receipt(at=DAY + timedelta(days=1)))
    assert archive.verify() == []


def test_verify_names_receipts_that_lie(archive: Archive) -> None:
    """Would catch a receipt edited, moved or cut by hand that goes on being believed."""
    archive.put(b"figures", receipt())
    archive.put(b"more figures", receipt(at=DAY + timedelta(days=1)))
    first, second = files(archive, "receipts")
    first.write_text(first.read_text()[:40])
    moved = archive.root / "receipts" / "sample" / "vision" / second.name
    moved.parent.mkdir()
    second.rename(moved)
    problems = archive.verify()
    assert any("unreadable" in problem for problem in problems)
    assert any("is a receipt of sample/text" in problem for problem in problems)
    with pytest.raises(ArchiveError, match="unreadable"):
        archive.history("sample", "text")


@pytest.mark.parametrize("name", ["../evil", "a/b", "", ".hidden", "a b", "C:", "a\0b", "text\n"])
def test_names_cannot_leave_the_archive(archive: Archive, name: str) -> None:
    """Would catch a request name that writes outside the archive's folders."""
    with pytest.raises(UsageError, match="cannot name a folder"):
        archive.put(b"figures", receipt(name))
    with pytest.raises(UsageError):
        put_into_quarantine(archive, b"figures", replace(receipt(), source_id=name), "no")
    with pytest.raises(UsageError):
        archive.history(name)
    assert not files(archive, "receipts")


def test_quarantine_keeps_body_receipt_and_reason_readable(archive: Archive) -> None:
    """Would catch a refused page that nobody can look at, or that hides among the good ones."""
    page = b"<html>moved</html>"
    put_into_quarantine(archive, page, receipt(), "a web page")
    put_into_quarantine(archive, page, receipt(at=DAY + timedelta(days=1)), "a web page again")
    entries = quarantined_bodies(archive)
    assert [entry.reason for entry in entries] == ["a web page", "a web page again"]
    assert all(entry.body.read_bytes() == page for entry in entries)
    assert entries[0].receipt.size == len(page)
    assert len({entry.body for entry in entries}) == 1, "equal bodies are kept once"
    assert archive.history("sample") == []
    note = next(path for path in files(archive, "quarantine") if path.suffix == ".json")
    assert json.loads(note.read_text())["reason"] == "a web page"


WRITER = """
import os, sys
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from sources.ingestion.archive import Archive
from sources.contract.receipt import Receipt
archive = Archive(Path(sys.argv[1]))
print("ready", flush=True)
for count in range(10**6):
    now = datetime.now(UTC)
    archive.put(os.urandom(400_000), Receipt("sample", "text", "", 0, "", now, now))
"""


def test_a_killed_writer_leaves_nothing_half_done(archive: Archive) -> None:
    """Would catch a blob or receipt that gets its final name before it is complete."""
    for delay in (0.05, 0.12, 0.21):
        writer = subprocess.Popen(
            [sys.executable, "-c", WRITER, str(archive.root)], cwd=ROOT, stdout=subprocess.PIPE, text=True
        )
        assert writer.stdout is not None
        assert writer.stdout.readline() == "ready\n"
        time.sleep(delay)
        writer.send_signal(signal.SIGKILL)
        writer.communicate()
        assert archive.verify() == []
        for held in archive.history("sample"):
            assert len(archive.load(held).body) == 400_000
    # whatever the kill left behind under a temporary name is nobody's receipt and nobody's blob
    leftover = archive.root / "receipts" / "sample" / "text" / ".left.tmp"
    leftover.parent.mkdir(parents=True, exist_ok=True)
    leftover.write_text("{")
    assert archive.verify() == []
    assert archive.history("sample")


def test_notes_of_earlier_versions_are_read(archive: Archive) -> None:
    """Would catch an update after which status, builds and pruning stop at a file written before it."""
    row = {
        "source_id": "sample", "request": "text", "sha256": sha256_of(b"page"), "size": 4, "address": "",
        "known_at": "2026-03-19T14:51:18+00:00", "fetched_at": "2026-03-19T14:51:18+00:00",
        "file_name": "", "status": 200, "headers": {}, "origin": {}, "asked": "", "unchanged_by": "", "key": "",
    }  # fmt: skip
    name = f"20260319T145118.000000Z-{sha256_of(b'page')[:12]}.json"
    for path, note in (
        (f"receipts/sample/text/{name}", row),
        (
            f"quarantine/sample/vision/{name}",
            {"reason": "a web page", "receipt": {**row, "request": "vision"}},
        ),
        ("failures/sample/coding.json", {"at": "2026-03-19T14:51:18+00:00", "reason": "HTTP 404"}),
    ):
        target = archive.root / path
        target.parent.mkdir(parents=True)
        target.write_text(json.dumps(note))
    (stored,) = archive.history("sample")
    assert (stored.size, stored.known_at) == (4, datetime(2026, 3, 19, 14, 51, 18, tzinfo=UTC))
    failures = current_failures(archive)
    assert [(failure.request, failure.reason) for failure in failures] == [
        ("coding", "HTTP 404"),
        ("vision", "a web page"),
    ]

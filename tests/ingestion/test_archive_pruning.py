"""What pruning removes from the archive, and what it keeps."""

from __future__ import annotations

import os
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

from sources.contract.receipt import Receipt
from sources.ingestion.archive import Archive
from sources.ingestion.archive.archive_pruning import prune_archive
from sources.ingestion.archive.quarantine import put_into_quarantine
from tests.fixtures import bodies


def test_pruning_keeps_what_is_needed_and_takes_the_rest(tmp_path: Path) -> None:
    """Would catch bytes a release was built from removed, the newest of a request, or what just came in."""
    archive = Archive(tmp_path)

    def put(body: bytes, day: int, request: str = "text") -> Receipt:
        moment = bodies.MOMENT + timedelta(days=day)
        return archive.put(body, Receipt("sample", request, "", 0, "", moment, moment))

    built, old, newest, alone = (
        put(b"built", 0),
        put(b"old", 1),
        put(b"newest", 2),
        put(b"alone", 0, "vision"),
    )
    recent = put(b"recent", 90)
    older = put(b"newest", 3)
    archive.put(b"known late", replace(recent, known_at=bodies.MOMENT))
    moment = bodies.MOMENT
    put_into_quarantine(archive, b"bad", Receipt("sample", "text", "", 0, "", moment, moment), "why")
    before = bodies.MOMENT + timedelta(days=80)
    # Bytes without a receipt: one being put just now, one that a killed process left.
    arriving, left = (archive.blob_of(replace(recent, sha256=digit * 64)) for digit in "ab")
    for path in (arriving, left):
        path.parent.mkdir(parents=True, exist_ok=True)
        path.touch()
    os.utime(left, (0, 0))
    planned = prune_archive(archive, {built.sha256, newest.sha256}, before, dry_run=True)
    assert archive.is_intact(old)
    assert planned == prune_archive(archive, {built.sha256, newest.sha256}, before)
    assert not archive.is_intact(old)
    assert (arriving.exists(), left.exists()) == (True, False)
    for receipt in (built, newest, alone, recent, older):
        assert archive.is_intact(receipt)
    assert old not in archive.history("sample")
    assert archive.verify() == []
    assert [path for path in archive.root.rglob("*") if path.is_file() and old.sha256[:12] in path.name] == []

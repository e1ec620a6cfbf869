"""What is held back, and what a person decides: released, rejected, restored, tried again."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from sources.contract.receipt import Receipt
from sources.contract.snapshot import Snapshot
from sources.contract.source import Source
from sources.contract.validation import read
from sources.errors import ArchiveError, UsageError
from sources.ingestion import deciding
from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import all_decisions, decisions_file
from sources.ingestion.archive.quarantine import quarantined_bodies
from sources.ingestion.baseline import NothingShips
from sources.ingestion.ingest import ingest
from sources.ingestion.intake import IntakeResult, Outcome
from sources.ingestion.web.session import Session
from tests.fixtures import bodies
from tests.fixtures.fetching import HF, ask, at, held
from tests.fixtures.web import Web, answer

DAY = datetime(2026, 2, 1, tzinfo=UTC)
CATEGORIES = ("overall", "coding")


def listing(day: int, wrong: str = "", count: int = 40) -> bytes:
    """The official dataset's file of two categories; of ``wrong`` the leader has 1949 points for 1500."""
    rows = []
    for category in CATEGORIES:
        for place in range(count):
            row = bodies.hf_row(place, category=category, leaderboard_publish_date=f"2026-01-{day:02}")
            if place == 0 and category == wrong:
                row |= {"rating": 1949.0, "rating_lower": 1944.0, "rating_upper": 1954.0}
            rows.append(row)
    return bodies.parquet(rows)


def take(archive: Archive, folder: Path, day: int, **more: Any) -> Outcome:
    path = folder / f"2026-01-{day:02}.parquet"
    path.write_bytes(listing(day, **more))
    return ingest(HF, "text", path, archive, DAY)


def test_one_wrong_figure_holds_its_category_alone_until_it_is_released(
    archive: Archive, tmp_path: Path
) -> None:
    """Would catch a good category lost with a doubtful one, or a release that lets nothing or everything in."""
    assert take(archive, tmp_path, 1).held == ()
    outcome = take(archive, tmp_path, 8, wrong="coding")
    assert (outcome.result, outcome.failed) == (IntakeResult.NEW, False)
    (line,) = outcome.held
    assert "sample-000 alone moved: 1949, after" in line
    assert "--series arena_text/raw/coding --reason" in line
    (decisions,) = all_decisions(archive.root)
    # The wrong figure is no measure for the next body, and the right one still is.
    assert take(archive, tmp_path, 9).held == ()
    with pytest.raises(UsageError, match=r"'arena_text/raw/overall' is not held.*arena_text/raw/coding"):
        deciding.release(archive, decisions.sha256[:6], ["arena_text/raw/overall"], "seen", DAY)
    with pytest.raises(UsageError, match="an empty reason"):
        deciding.release(archive, decisions.sha256[:6], [], " ", DAY)
    after, names = deciding.release(archive, decisions.sha256[:6], ["arena_text"], "seen on the page", DAY)
    assert names == ["arena_text/raw/coding"]
    assert (after.active, after.log[0]["reason"]) == ((), "seen on the page")
    assert all_decisions(archive.root) == [after]
    with pytest.raises(UsageError, match=r"nothing of .* is held"):
        deciding.release(archive, decisions.sha256, [], "again", DAY)


def test_a_body_wholly_held_counts_as_refused_and_released_is_the_measure(
    archive: Archive, tmp_path: Path
) -> None:
    """Would catch an exit code that says all is well while nothing came in, or a correction that is held for ever."""
    take(archive, tmp_path, 1)
    cut = take(archive, tmp_path, 8, count=30)
    assert (cut.result, cut.failed) == (IntakeResult.HELD, True)
    assert "all 2 publications, the first is arena_text/raw/coding: 30 rows, after 40" in cut.reason
    again = take(archive, tmp_path, 8, count=30)
    assert (again.result, again.reason) == (IntakeResult.HELD, cut.reason)
    assert take(archive, tmp_path, 9, count=30).failed
    assert cut.receipt is not None
    deciding.release(archive, cut.receipt.sha256, [], "the list was cleared", DAY)
    assert not take(archive, tmp_path, 10, count=30).failed


def test_a_rejected_body_is_kept_and_never_read(site: Web, archive: Archive) -> None:
    """Would catch a bad body that comes back with the next fetch, or a server that answers "not modified" to it."""
    good, bad, new = (bodies.hf(40, rating=rating) for rating in (1300.0, 1302.0, 1304.0))
    request = at(site.says("/a", answer(good, ETag='"1"')))
    with Session(pace=0) as session:
        ask(request, archive, session)
        site.says("/a", answer(bad, ETag='"2"'))
        receipt = ask(request, archive, session, 1).receipt
        assert receipt is not None
        rejected = deciding.reject(archive, receipt.sha256[:8], "withdrawn", DAY)
        assert held(archive) == good
        with pytest.raises(UsageError, match="is rejected already"):
            deciding.reject(archive, receipt.sha256, "again", DAY)
        site.says("/a", answer(bad, ETag='"2"'))
        outcome = ask(request, archive, session, 2)
        assert (outcome.result, outcome.failed) == (IntakeResult.REJECTED, True)
        assert "(withdrawn); to use it after all: aigap archive restore" in outcome.reason
        assert held(archive) == good
        site.says("/a", answer(new, ETag='"3"'))
        assert ask(request, archive, session, 3).result is IntakeResult.NEW
    assert archive.load(receipt).body == bad, "kept"
    restored = deciding.restore(archive, rejected.sha256[:8], "it was right", DAY)
    assert [entry["action"] for entry in restored.log] == ["reject", "restore"]
    assert len(archive.history(HF.id)) == 3
    with pytest.raises(UsageError, match="is not rejected"):
        deciding.restore(archive, rejected.sha256, "again", DAY)


def test_an_unknown_hash_is_answered_with_those_there_are(archive: Archive, tmp_path: Path) -> None:
    """Would catch a traceback, or another body decided about than the one that was meant."""
    with pytest.raises(UsageError, match="no body 'abc'"):
        deciding.reject(archive, "abc", "why", DAY)
    receipt = take(archive, tmp_path, 1).receipt
    assert receipt is not None
    with pytest.raises(UsageError, match=rf"no body 'zz'.*{receipt.sha256[:12]} \(lmarena_hf/text\)"):
        deciding.reject(archive, "zz", "why", DAY)


def test_a_refused_body_can_be_tried_again(
    archive: Archive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Would catch good bytes stuck in quarantine after their parser was mended."""
    path = tmp_path / "2026-01-01.parquet"
    path.write_bytes(bodies.hf(19))
    refused = ingest(HF, "text", path, archive, DAY)
    assert (refused.result, refused.receipt is None) == (IntakeResult.QUARANTINED, False)
    (entry,) = quarantined_bodies(archive)
    assert deciding.retry(archive, entry.receipt.sha256[:9]).result is IntakeResult.QUARANTINED
    assert quarantined_bodies(archive) == [entry]
    monkeypatch.setattr(deciding, "get", lambda source_id: replace(HF, row_floor=10))
    assert deciding.retry(archive, entry.receipt.sha256[:9]).result is IntakeResult.NEW
    assert quarantined_bodies(archive) == []
    assert not entry.body.exists()


class Ships(NothingShips):
    """A history that has two weeks of the listing."""

    def rows(self, source: Source) -> pl.DataFrame:
        if source is not HF:
            return super().rows(source)
        receipt = Receipt("lmarena_hf", "text", "", 0, "", DAY, DAY, file_name="2026-01-01.parquet")
        frame = read(HF, Snapshot(listing(1), receipt)).frame
        return frame.with_columns(
            known_at=pl.lit(datetime(2026, 1, 1, tzinfo=UTC)).dt.replace_time_zone(None),
            request=pl.lit("lmarena_hf/text"),
        )


def test_the_shipped_history_is_known_from_the_first_body_on(archive: Archive, tmp_path: Path) -> None:
    """Would catch a wrong figure let in because the archive of a new installation is empty."""
    path = tmp_path / "2026-01-08.parquet"
    path.write_bytes(listing(8, wrong="coding"))
    outcome = ingest(HF, "text", path, archive, DAY, baseline=Ships())
    assert [line.partition(": held: ")[2].partition(":")[0] for line in outcome.held] == [
        "arena_text/raw/coding"
    ]
    early = tmp_path / "2025-12-31.parquet"
    early.write_bytes(listing(8, wrong="coding"))
    known = datetime(2025, 12, 31, tzinfo=UTC)
    assert ingest(HF, "vision", early, archive, DAY, known_at=known, baseline=Ships()).held == ()


class ShipsItself(Ships):
    """A history that has the very body too."""

    def rows(self, source: Source) -> pl.DataFrame:
        return super().rows(HF)

    def ships(self, receipt: Receipt) -> bool:
        return True


def test_rows_that_ship_are_not_held(archive: Archive, tmp_path: Path) -> None:
    """Would catch a backfill of what ships that takes boards out of the next release."""
    path = tmp_path / "2026-01-08.parquet"
    path.write_bytes(listing(8, wrong="coding"))
    assert ingest(HF, "text", path, archive, DAY, baseline=ShipsItself()).held == ()
    own = replace(HF, withheld_boards=frozenset({"arena_text"}))
    assert ingest(own, "text", path, Archive(tmp_path / "own"), DAY, baseline=ShipsItself()).held != ()


def test_what_vanished_is_said_and_holds_nothing(archive: Archive, tmp_path: Path) -> None:
    """Would catch a category that ends without anybody being told."""
    take(archive, tmp_path, 1)
    path = tmp_path / "2026-01-09.parquet"
    path.write_bytes(
        bodies.parquet([bodies.hf_row(place, leaderboard_publish_date="2026-01-09") for place in range(40)])
    )
    outcome = ingest(HF, "text", path, archive, DAY)
    assert (outcome.result, outcome.held) == (IntakeResult.NEW, ())
    gone = "arena_text/raw/coding is gone since 2026-01-09"
    assert gone in outcome.note
    (decisions,) = all_decisions(archive.root)
    assert [one.line() for one in decisions.oddities] == [gone]
    assert decisions_file(archive.root, HF.id, "text", decisions.sha256).is_file()
    # Still gone in the next body, and said once more; then it is back.
    path = tmp_path / "2026-01-16.parquet"
    path.write_bytes(
        bodies.parquet([bodies.hf_row(place, leaderboard_publish_date="2026-01-16") for place in range(40)])
    )
    assert gone in ingest(HF, "text", path, archive, DAY).note
    assert "gone" not in take(archive, tmp_path, 20).note


def test_a_damaged_record_of_decisions_is_told(archive: Archive, tmp_path: Path) -> None:
    """Would catch a held figure published because its record cannot be read."""
    receipt = take(archive, tmp_path, 1).receipt
    assert receipt is not None
    path = decisions_file(archive.root, HF.id, "text", receipt.sha256)
    path.parent.mkdir(parents=True)
    path.write_text("{}")
    with pytest.raises(ArchiveError, match="unreadable"):
        archive.history(HF.id)
    path.unlink()

"""The gate between upstream and the archive: what is accepted, what is put aside, what stays in use."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from sources.contract.request import Request
from sources.contract.source import Source
from sources.errors import UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.archive.quarantine import quarantined_bodies
from sources.ingestion.baseline import MEMORY
from sources.ingestion.fetch import fetch
from sources.ingestion.ingest import ingest
from sources.ingestion.intake import IntakeResult, Outcome
from sources.ingestion.local_files import raw_files
from sources.ingestion.web.session import Session
from sources.parsing.frames import newest_date
from sources.registry import all_sources, get
from tests.fixtures import bodies
from tests.fixtures.every_source import BODIES
from tests.fixtures.web import Web, answer

PARQUET = get("lmarena_hf")
CSV = get("llm_leaderboard_csv")


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(retries=1, backoff=0.01, read_timeout=5, pace=0) as opened:
        yield opened


def ask(site: Web, session: Session, archive: Archive, body: bytes, day: int = 0, **said: str) -> Outcome:
    """Fetch the text subset from a server that has ``body`` today."""
    request = replace(PARQUET.request("text"), address=site.says("/text", answer(body, **said)))  # type: ignore[arg-type]
    return fetch(PARQUET, request, archive, session, now=bodies.MOMENT + timedelta(days=day))


def current(archive: Archive) -> bytes:
    held = archive.latest("lmarena_hf", "text")
    assert held is not None
    return archive.load(held).body


def test_new_then_unchanged_then_new(site: Web, session: Session, archive: Archive) -> None:
    """Would catch a build started by every fetch, or by none."""
    first, second = bodies.hf(30), bodies.hf(31)
    outcomes = [
        ask(site, session, archive, body, day) for day, body in enumerate((first, first, second, first))
    ]
    expected = [IntakeResult.NEW, IntakeResult.UNCHANGED, IntakeResult.NEW, IntakeResult.NEW]
    assert [outcome.result for outcome in outcomes] == expected
    assert [outcome.rows for outcome in outcomes] == [30, None, 31, 30]
    assert len(archive.history("lmarena_hf")) == 4
    assert not any(outcome.failed for outcome in outcomes)


def test_a_receipt_says_where_the_bytes_come_from(site: Web, session: Session, archive: Archive) -> None:
    """Would catch figures whose address, licence or time of fetch is lost on the way."""
    receipt = ask(site, session, archive, bodies.hf(), ETag='"1"').receipt
    assert receipt is not None
    assert (receipt.address, receipt.status) == (site.address("/text"), 200)
    assert receipt.known_at == receipt.fetched_at == bodies.MOMENT
    assert receipt.headers["etag"] == '"1"'
    assert receipt.origin["licence"] == "CC-BY-4.0"
    assert archive.history("lmarena_hf") == [receipt]


@pytest.mark.parametrize(
    ("bad", "says"),
    [
        (b"<!DOCTYPE html><html>Just a moment</html>", "a web page"),
        (bodies.hf()[:-100], "expected Parquet"),
        (bodies.hf(19), "19 rows; expected at least 20"),
        (bodies.hf(rating=float("nan")), "no row has a score"),
    ],
    ids=["a page", "cut", "too few", "no scores"],
)
def test_what_is_refused_is_put_aside_and_the_last_good_stays(
    site: Web, session: Session, archive: Archive, bad: bytes, says: str
) -> None:
    """Would catch a broken page that replaces a leaderboard, or vanishes without trace."""
    good = bodies.hf(120)
    ask(site, session, archive, good)
    outcome = ask(site, session, archive, bad, 1)
    assert outcome.result is IntakeResult.QUARANTINED
    assert outcome.failed
    assert says in outcome.reason
    assert "\n" not in outcome.line()
    assert current(archive) == good
    (entry,) = quarantined_bodies(archive)
    assert (entry.body.read_bytes(), entry.reason) == (bad, outcome.reason)


def test_repeated_rows_do_not_count(site: Web, session: Session, archive: Archive) -> None:
    """Would catch good bytes refused for ever because upstream once listed every model six times."""
    rows = [bodies.hf_row(place) for place in range(30)]
    others = [bodies.hf_row(place, rating=1499.5 - place) for place in range(30)]
    repeated = bodies.parquet([*rows, *others * 5])
    assert ask(site, session, archive, repeated).rows == 30
    assert ask(site, session, archive, bodies.parquet(rows), 1).result is IntakeResult.NEW


def test_an_outage_is_reported_and_changes_nothing(site: Web, session: Session, archive: Archive) -> None:
    """Would catch an exception that takes the other sources down with it."""
    ask(site, session, archive, bodies.hf())
    request = replace(PARQUET.request("text"), address=site.address("/gone"))
    outcome = fetch(PARQUET, request, archive, session)
    assert outcome.result is IntakeResult.FAILED
    assert outcome.failed
    assert "HTTP 404" in outcome.line()
    assert quarantined_bodies(archive) == []
    assert current(archive) == bodies.hf()


def test_a_request_without_address_is_not_fetched(session: Session, archive: Archive) -> None:
    """Would catch an empty address handed to the network."""
    source = get("arena_html")
    outcome = fetch(source, source.requests[0], archive, session)
    assert outcome.result is IntakeResult.FAILED
    assert "nothing live" in outcome.reason


def test_a_damaged_predecessor_keeps_no_good_bytes_out(site: Web, session: Session, archive: Archive) -> None:
    """Would catch an archive that, once damaged, can never be fed again."""
    ask(site, session, archive, bodies.hf(120))
    (blob,) = (archive.root / "blobs").rglob("*.gz")
    blob.write_bytes(b"rotten")
    MEMORY.bodies.clear()
    assert ask(site, session, archive, bodies.hf(30), 1).result is IntakeResult.NEW


def file(folder: Path, name: str, body: bytes | str) -> Path:
    path = folder / name
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(body if isinstance(body, bytes) else body.encode())
    return path


@pytest.mark.parametrize("source_id", sorted(BODIES))
def test_a_local_file_goes_through_the_same_gate(tmp_path: Path, archive: Archive, source_id: str) -> None:
    """Would catch a source that cannot be ingested: its request or its day cannot be read from its file."""
    request, name, body = BODIES[source_id]
    outcome = ingest(get(source_id), None, file(tmp_path, name, body), archive, bodies.READ_AT)
    assert (outcome.result, outcome.request) == (IntakeResult.NEW, request), outcome.reason
    again = ingest(get(source_id), None, tmp_path / name, archive, bodies.READ_AT + timedelta(days=1))
    assert again.result is IntakeResult.UNCHANGED
    assert outcome.receipt is not None
    assert {receipt.sha256 for receipt in archive.history(source_id)} == {outcome.receipt.sha256}
    assert archive.verify() == []


@pytest.mark.parametrize("source_id", sorted(BODIES))
def test_a_bad_local_file_is_put_aside(tmp_path: Path, archive: Archive, source_id: str) -> None:
    """Would catch a saved error page that ingest accepts because no type came with it."""
    request, name, _ = BODIES[source_id]
    outcome = ingest(get(source_id), request, file(tmp_path, name, "<html>404</html>"), archive)
    assert outcome.result is IntakeResult.QUARANTINED
    assert archive.history(source_id) == []
    assert len(quarantined_bodies(archive)) == 1


def known_at(outcome: Outcome) -> datetime:
    assert outcome.receipt is not None
    return outcome.receipt.known_at


def test_when_a_file_was_known_is_told_by_name_body_caller_or_now(tmp_path: Path, archive: Archive) -> None:
    """Would catch the file's own time, which is when somebody copied it, taken for the day it was known."""
    dated = file(tmp_path, "2024-07-10_bfa7927.csv", bodies.leaderboard())
    undated = file(tmp_path, "download.csv", bodies.leaderboard(votes=7))
    for path in (dated, undated):
        os.utime(path, (10**9, 10**9))
    assert known_at(ingest(CSV, None, dated, archive)) == datetime(2024, 7, 10, tzinfo=UTC)
    assert known_at(ingest(CSV, None, undated, archive, bodies.MOMENT)) == bodies.MOMENT
    said = datetime(2024, 8, 1, 12, tzinfo=UTC)
    assert known_at(ingest(CSV, None, undated, archive, bodies.MOMENT, known_at=said)) == said
    body = file(tmp_path, "text/latest-00000-of-00001.parquet", bodies.hf())
    assert known_at(ingest(PARQUET, None, body, archive)) == datetime(2026, 1, 2, tzinfo=UTC)


def test_a_receipt_of_a_file_names_the_file_and_its_commit(tmp_path: Path, archive: Archive) -> None:
    """Would catch a shipped figure that cannot be traced to the mirror's commit."""
    receipt = ingest(
        CSV, None, file(tmp_path, "2024-07-10_bfa7927.csv", bodies.leaderboard()), archive
    ).receipt
    assert receipt is not None
    assert receipt.file_name == "2024-07-10_bfa7927.csv"
    assert receipt.address.endswith("/blob/bfa7927/csv/lmsys.csv")


def test_files_are_held_against_the_one_before_them_in_time(tmp_path: Path, archive: Archive) -> None:
    """Would catch old, shorter listings refused because newer, longer ones were ingested first."""
    later = file(tmp_path, "2025-07-07_09faeb2.csv", bodies.leaderboard(models=200))
    early = file(tmp_path, "2024-07-10_bfa7927.csv", bodies.leaderboard(models=60))
    cut = file(tmp_path, "2025-08-06_0000000.csv", bodies.leaderboard(models=99))
    assert ingest(CSV, None, later, archive).result is IntakeResult.NEW
    assert ingest(CSV, None, early, archive).result is IntakeResult.NEW
    assert ingest(CSV, None, cut, archive).result is IntakeResult.HELD


def test_a_listing_that_upstream_cuts_at_will_may_shrink(tmp_path: Path, archive: Archive) -> None:
    """Would catch the daily scrape, ten rows one day and seventy the next, put aside for being short."""
    source = get("arena_site_mirror")
    for day, models in (("19", 71), ("20", 10)):
        page = json.dumps(bodies.site(models, fetched_at=f"2026-03-{day}T05:00:00+00:00"))
        path = file(tmp_path, f"text-2026-03-{day}.json", page)
        assert ingest(source, None, path, archive).result is IntakeResult.NEW


def test_a_request_that_cannot_be_told_is_asked_for(tmp_path: Path, archive: Archive) -> None:
    """Would catch a vision file quietly filed as text."""
    path = file(tmp_path, "download.parquet", bodies.hf())
    with pytest.raises(UsageError, match=r"does not name its request; expected one of text, text_full"):
        ingest(PARQUET, None, path, archive)
    with pytest.raises(UsageError, match="no request named 'txt'"):
        ingest(PARQUET, "txt", path, archive)
    with pytest.raises(UsageError, match="readable file"):
        ingest(PARQUET, "text", tmp_path / "none.parquet", archive)
    assert ingest(PARQUET, "vision", path, archive).request == "vision"


#: Large files of which every third is enough here; their own tests read each.
LARGE = ("arena_catalog", "lmarena_hf")


@pytest.mark.system  # reads every raw file there is
def test_real_files_are_accepted(upstream: Path, archive: Archive) -> None:
    """Would catch acceptance rules that keep real months out of the history."""
    files = [(source, path) for source, path in raw_files(upstream) if source.id in bodies.BODIES]
    large = [entry for entry in files if entry[0].id in LARGE][::3]
    refused = []
    for source, path in [*large, *(entry for entry in files if entry[0].id not in LARGE)]:
        outcome = ingest(source, None, path, archive)
        refused += [outcome.line()] if outcome.failed else []
    assert refused == []
    assert quarantined_bodies(archive) == []
    assert archive.verify() == []


def test_requests_that_are_live_have_types(archive: Archive) -> None:
    """Would catch a new live request whose consent page would be parsed."""
    live: list[tuple[Source, Request]] = [
        (source, request) for source in all_sources() for request in source.requests if request.address
    ]
    assert live
    assert all(request.media_types for _, request in live)


def test_one_row_of_a_day_to_come_does_not_date_the_file(tmp_path: Path, archive: Archive) -> None:
    """Would catch a typing error of one date that makes the whole file the newest for ever, or refuses it."""
    rows = [
        *(bodies.hf_row(place) for place in range(29)),
        bodies.hf_row(29, leaderboard_publish_date="2062-01-02"),
    ]
    name = "text/2026-01-02.parquet"
    outcome = ingest(PARQUET, None, file(tmp_path, name, bodies.parquet(rows)), archive, bodies.READ_AT)
    assert outcome.result is IntakeResult.NEW, outcome.reason
    assert known_at(outcome) == bodies.READ_AT
    assert "1 row set aside, the first is row 30 (sample-029): published_on 2062-01-02" in outcome.note
    future = bodies.READ_AT + timedelta(days=9)
    said = ingest(
        PARQUET, None, file(tmp_path, name, bodies.hf(31)), archive, bodies.READ_AT, known_at=future
    )
    assert "known since 2026-12-01; expected no day after 2026-11-22" in said.reason


@pytest.mark.parametrize("day", ["0000-05-01", "-0044-03-15", "+12026-01-01", "0000-00-00"])
def test_a_day_outside_pythons_calendar_dates_nothing(day: str) -> None:
    """Would catch a traceback from a year that only the library for tables has."""
    body = f"date\n{day}\n".encode()
    assert newest_date(body, "date", "%Y-%m-%d") is None
    assert newest_date(body + b"2026-01-02\n", "date", "%Y-%m-%d") == datetime(2026, 1, 2, tzinfo=UTC)

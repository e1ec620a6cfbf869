"""Past publications: which there are, what each held, and since when that was known.

The upstreams are simulated (`tests.fixtures.upstream_history`) and answer over real HTTP; the last part replays
real files where there are any.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import duckdb
import pytest

from sources.contract.revisions import Revision
from sources.errors import FetchError, ParseError, UsageError
from sources.ingestion import revision_search
from sources.ingestion.address_overrides import override_prefixes
from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import current_failures
from sources.ingestion.archive.gone_keys import gone_keys
from sources.ingestion.archive.quarantine import quarantined_bodies
from sources.ingestion.backfill import StoredBody, backfill, missing_requests, requests_at
from sources.ingestion.fetch import fetch
from sources.ingestion.ingest import ingest
from sources.ingestion.intake import IntakeResult, Outcome
from sources.ingestion.revision_search import find_revision, list_revisions
from sources.ingestion.web.session import Session
from sources.registry import get
from tests.fixtures import bodies, upstream_history, warehouses
from tests.fixtures.upstream_history import Commit, commit
from tests.fixtures.web import Web, answer
from warehouse.builder import inputs, steps
from warehouse.workspace import Workspace

CSV, CATALOG, HUB, LIVE, SITE = (
    get(name)
    for name in ("llm_leaderboard_csv", "arena_catalog", "lmarena_hf", "livebench", "arena_site_mirror")
)
CSV_NAME, CATALOG_NAME = "fboulnois/llm-leaderboard-csv", "lmarena/arena-catalog"
LIVE_NAME, SITE_NAME = "LiveBench/livebench.github.io", "aabao325/arena-ai-leaderboards"
NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)


def moment(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


@pytest.fixture
def session() -> Iterator[Session]:
    with Session(retries=0, read_timeout=5, pace=0) as opened:
        yield opened


@pytest.fixture
def archive(tmp_path: Path) -> Archive:
    return Archive(tmp_path / "data" / "archive")


@pytest.fixture
def ask(site: Web, session: Session, archive: Archive) -> Past:
    return Past(site, session, archive)


class Past:
    """Ask the sample upstreams."""

    def __init__(self, site: Web, session: Session, archive: Archive) -> None:
        self.site = site
        self.archive = archive
        self.how: dict[str, Any] = {"session": session, "overrides": upstream_history.overrides(site)}

    def keys(self, source: Any, **limits: Any) -> list[Revision]:
        return list_revisions(source, **self.how, **limits)

    def find(self, source: Any, name: str) -> Revision:
        return find_revision(source, name, **self.how)

    def at(self, source: Any, key: Revision, names: Sequence[str] = (), now: datetime = NOW) -> list[Outcome]:
        return backfill(source, key, self.archive.root, names, **self.how, now=now)

    def one(self, source: Any, key: Revision) -> Outcome:
        (outcome,) = self.at(source, key)
        return outcome


def table(models: int = 60, top: int = 0) -> bytes:
    return bodies.leaderboard(models=models, votes=1000 + top).encode()


#: Six commits of a table, over a renaming; the last two hold the same bytes.
TABLES: list[Commit] = [
    commit("a1", moment("2024-07-10T08:00"), csv___lmsys__csv=table(top=1)),
    commit("b2", moment("2024-07-11T09:30"), csv___lmsys__csv=table(top=2)),
    commit("ab", moment("2024-07-12T00:00"), README__md=b"sample"),
    commit("c3", moment("2024-08-01T10:00"), csv___lmsys__csv=None, csv___lmarena_text__csv=table(62, top=3)),
    commit("d4", moment("2024-08-15T10:00"), csv___lmarena_text__csv=table(63, top=4)),
    commit("e5", moment("2024-09-01T10:00"), csv___lmarena_text__csv=table(64, top=5)),
]


def contents(archive: Archive) -> tuple[list[tuple[str, ...]], list[tuple[str, bytes]]]:
    """All that an archive holds but when it was fetched."""
    receipts = [
        (
            receipt.source_id,
            receipt.request,
            str(receipt.known_at),
            receipt.sha256,
            receipt.key,
            receipt.file_name,
        )
        for source in ("llm_leaderboard_csv", "arena_catalog", "lmarena_hf")
        for receipt in archive.history(source)
    ]
    blobs = sorted((path.name, path.read_bytes()) for path in (archive.root / "blobs").rglob("*.gz"))
    return sorted(receipts), blobs


def test_a_listing_is_followed_over_its_pages_and_gives_the_oldest_first(ask: Past, site: Web) -> None:
    """Would catch all but the newest hundred commits left out, or the next page asked of the real upstream."""
    upstream_history.github(site, CSV_NAME, TABLES, most=2)
    assert [key.key[:2] for key in ask.keys(CSV)] == ["a1", "b2", "c3", "d4", "e5"]
    assert [key.known_at for key in ask.keys(CSV)][:2] == [TABLES[0].at, TABLES[1].at]
    assert site.times("/api/repositories/42/commits") > 0


def test_a_listing_is_limited_to_whole_days(ask: Past, site: Web) -> None:
    """Would catch the first or last day of a range left out, or thousands of commits listed for a week's."""
    upstream_history.github(site, CSV_NAME, TABLES)
    chosen = ask.keys(CSV, since=date(2024, 7, 11), until=date(2024, 8, 15))
    assert [key.key[:2] for key in chosen] == ["b2", "c3", "d4"]
    assert all("since=" in asked and "until=" in asked for asked, _ in site.asked)


def test_a_listing_that_never_ends_is_left(ask: Past, site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a run that never ends because a server names the same page as the next one for ever."""
    monkeypatch.setattr(revision_search, "MAX_PAGES", 3)
    page = json.dumps([{"sha": TABLES[0].sha, "commit": {"committer": {"date": "2024-01-01T00:00:00Z"}}}])
    again = site.address(f"/api/repos/{CSV_NAME}/commits")
    site.says(
        f"/api/repos/{CSV_NAME}/commits",
        answer(page.encode(), media_type="application/json", Link=f'<{again}>; rel="next"'),
    )
    with pytest.raises(FetchError, match="more than 3 pages"):
        ask.keys(CSV, pages=3)


@pytest.mark.parametrize(
    "page",
    [
        b"{}",
        b"null",
        b'{"message": "rate limit"}',
        b"[1]",
        b'[{"sha": "../../x", "commit": {"committer": {"date": "2024-01-01T00:00:00Z"}}}]',
        b'[{"sha": "%s", "commit": {"committer": {"date": "2024-01-01T00:00:00"}}}]' % (b"a" * 40),
        b"[" * 100_000,
    ],
)
def test_what_is_no_listing_ends_in_one_line(ask: Past, site: Web, page: bytes) -> None:
    """Would catch an error's JSON taken for an empty listing, or a path out of one asked of a server."""
    site.says(f"/api/repos/{CSV_NAME}/commits", answer(page, media_type="application/json"))
    if page == b"{}":
        assert ask.keys(CSV) == []
        return
    with pytest.raises(ParseError) as caught:
        ask.keys(CSV)
    assert "\n" not in caught.value.line()


def test_bytes_of_a_commit_are_known_since_the_commit(ask: Past, site: Web) -> None:
    """Would catch vintages that say last year's ratings were unknown until they were fetched yesterday."""
    upstream_history.github(site, CSV_NAME, TABLES)
    outcome = ask.one(CSV, ask.find(CSV, TABLES[1].sha))
    receipt = outcome.receipt
    assert receipt is not None
    assert (outcome.result, outcome.rows) == (IntakeResult.NEW, 60)
    assert (receipt.known_at, receipt.fetched_at) == (TABLES[1].at, NOW)
    assert (receipt.request, receipt.key) == ("text", TABLES[1].sha)
    assert receipt.asked == site.address(f"/raw/{CSV_NAME}/{TABLES[1].sha}/csv/lmsys.csv")
    assert receipt.file_name == f"lmsys__2024-07-11_{TABLES[1].sha[:12]}.csv"
    # What `ingest` would read from a copy called so.
    name = Path(receipt.file_name)
    assert CSV.known_at_of(name, b"") == moment("2024-07-11")
    assert TABLES[1].sha[:12] in CSV.address_of(name)


def test_a_commit_from_the_future_is_known_now(ask: Past, site: Web) -> None:
    """Would catch bytes that no fetch of today ever sees as its predecessor, for a committer's wrong clock."""
    ahead = [commit("fa", NOW + timedelta(days=900), csv___lmsys__csv=table())]
    upstream_history.github(site, CSV_NAME, ahead)
    receipt = ask.one(CSV, ask.keys(CSV)[0]).receipt
    assert receipt is not None
    assert receipt.known_at == NOW


def test_what_is_live_does_not_notice(ask: Past, site: Web, session: Session, archive: Archive) -> None:
    """Would catch old bytes that replace today's, or hide that today's were refused."""
    upstream_history.github(site, CSV_NAME, TABLES)
    request = replace(
        CSV.request("text"), address=site.says("/live", answer(table(64, top=5), media_type="text/csv"))
    )
    live = fetch(CSV, request, archive, session, now=NOW - timedelta(days=2))
    site.says("/live", answer(b"<html>", media_type="text/html"))
    refused = fetch(CSV, request, archive, session, now=NOW - timedelta(days=1))
    assert (live.result, refused.result) == (IntakeResult.NEW, IntakeResult.QUARANTINED)
    for key in ask.keys(CSV):
        assert not ask.one(CSV, key).failed
    assert archive.latest("llm_leaderboard_csv", "text") == live.receipt
    (failure,) = current_failures(archive)
    assert failure.reason == refused.reason
    site.says("/live", answer(table(64, top=5), media_type="text/csv"))
    again = fetch(CSV, request, archive, session, now=NOW)
    assert again.result is IntakeResult.UNCHANGED
    assert current_failures(archive) == []


def test_what_is_held_is_not_asked_for_again(ask: Past, site: Web, archive: Archive, tmp_path: Path) -> None:
    """Would catch a backfill that downloads a year again for one new day, or stores it twice."""
    upstream_history.github(site, CSV_NAME, TABLES)
    first = ask.keys(CSV)[0]
    ask.one(CSV, first)
    before = contents(archive)
    asked = len(site.asked)
    again = ask.one(CSV, first)
    assert (again.result, again.note) == (IntakeResult.UNCHANGED, "archived already")
    assert len(site.asked) == asked
    assert contents(archive) == before
    # A file that was taken in by hand has its commit in its name.
    path = tmp_path / f"2024-07-11_{TABLES[1].sha[:7]}.csv"
    path.write_bytes(table(top=2))
    ingest(CSV, None, path, archive)
    assert ask.one(CSV, ask.keys(CSV)[1]).note == "archived already"
    assert missing_requests(CSV, first, [StoredBody.of(one) for one in archive.history(CSV.id)]) == []


def test_the_order_does_not_matter(ask: Past, site: Web, session: Session, tmp_path: Path) -> None:
    """Would catch an archive, or a release, that depends on which past was fetched first."""
    upstream_history.github(site, CSV_NAME, TABLES)
    keys = ask.keys(CSV)
    held = []
    for name, order in (("in", keys), ("out", [keys[3], keys[0], keys[4], keys[2], keys[1]])):
        workspace = Workspace(tmp_path / name)
        asking = Past(site, session, Archive(workspace.archive))
        assert [asking.one(CSV, key).result for key in order] == [IntakeResult.NEW] * 5
        gathered = inputs.gather(workspace, tmp_path / "no history")
        held.append((contents(asking.archive), gathered.inputs))
    assert held[0] == held[1]
    assert [entry.known_at for entry in held[0][1]] == [key.known_at for key in keys]


def test_the_gate_compares_with_what_was_known_before(ask: Past, site: Web, archive: Archive) -> None:
    """Would catch last year's half as long table refused because today's is longer, or a cut one let in."""
    history = [
        commit("a1", moment("2024-07-10"), csv___lmsys__csv=table(60)),
        commit("b2", moment("2024-08-10"), csv___lmsys__csv=table(59)),
        commit("c3", moment("2026-08-10"), csv___lmsys__csv=table(400)),
        commit("d4", moment("2026-08-11"), csv___lmsys__csv=table(150)),
    ]
    upstream_history.github(site, CSV_NAME, history)
    keys = ask.keys(CSV)
    results = [ask.one(CSV, keys[place]).result for place in (2, 1, 0, 3)]
    assert results == [IntakeResult.NEW, IntakeResult.NEW, IntakeResult.NEW, IntakeResult.HELD]
    assert current_failures(archive) == quarantined_bodies(archive) == []


def test_a_file_that_a_commit_deleted_is_gone_and_no_failure(ask: Past, site: Web, archive: Archive) -> None:
    """Would catch a 404 page taken for a leaderboard, one missing file that takes the other with it, or a deleted
    file that is asked for again at every backfill and fails each of them.
    """
    body = json.dumps(bodies.catalog()).encode()
    paths = {"data/leaderboard-text.json": body, "data/leaderboard-text-style-control.json": body}
    history = [Commit("a" * 40, moment("2025-03-07"), paths)]
    upstream_history.github(site, CATALOG_NAME, history)
    raw = f"/raw/{CATALOG_NAME}/{'a' * 40}/data/leaderboard-text.json"
    body_again = site.answers.pop(raw)
    (key,) = ask.keys(CATALOG)
    gone, there = ask.at(CATALOG, key)
    assert (gone.request, gone.result, there.result) == ("text", IntakeResult.GONE, IntakeResult.NEW)
    assert not gone.failed
    assert raw in gone.line()
    assert current_failures(archive) == quarantined_bodies(archive) == []
    held = [StoredBody.of(receipt) for receipt in archive.history(CATALOG.id)]
    assert missing_requests(CATALOG, key, held, gone=gone_keys(archive, CATALOG.id)) == []
    asked = site.times(raw)
    assert [outcome.result for outcome in ask.at(CATALOG, key)] == [IntakeResult.GONE, IntakeResult.UNCHANGED]
    assert site.times(raw) == asked, "not asked again"
    assert archive.verify() == []
    # Unless somebody names the key.
    site.answers[raw] = body_again
    found = backfill(CATALOG, key, archive.root, **ask.how, now=NOW, ask_again=True)
    assert [outcome.result for outcome in found] == [IntakeResult.NEW, IntakeResult.UNCHANGED]


def test_a_day_without_a_file_is_asked_for_again_for_a_week(ask: Past, site: Web, archive: Archive) -> None:
    """Would catch today's folder given up before its file is there, or an old one asked for at every backfill."""
    history = [Commit("1" * 40, moment("2026-03-21T08:00"), {"data/2026-03-21/other.json": b"{}"})]
    upstream_history.github(site, SITE_NAME, history)
    (key,) = ask.keys(SITE)
    for now, gone in (("2026-03-21T12:00", frozenset()), ("2026-04-01", {("text", "2026-03-21")})):
        (outcome,) = ask.at(SITE, key, ["text"], now=moment(now))
        assert outcome.result is IntakeResult.GONE
        assert gone_keys(archive, SITE.id) == gone


def test_a_server_s_trouble_is_a_failure_and_asked_for_again(ask: Past, site: Web, archive: Archive) -> None:
    """Would catch an outage noted as a deleted file, which nobody would ever fetch again."""
    upstream_history.github(site, CSV_NAME, TABLES)
    key = ask.keys(CSV)[0]
    raw = f"/raw/{CSV_NAME}/{key.key}/csv/lmsys.csv"
    body = site.answers[raw]
    site.says(raw, answer(b"later", 503))
    assert ask.one(CSV, key).result is IntakeResult.FAILED
    assert gone_keys(archive, CSV.id) == frozenset()
    site.answers[raw] = body
    assert ask.one(CSV, key).result is IntakeResult.NEW


def test_a_day_that_a_rebase_moved_is_mended_without_a_download(
    ask: Past, site: Web, archive: Archive, tmp_path: Path
) -> None:
    """Would catch a file that was taken in under its committer's day, and keeps it although the author's is known."""
    table_of_may = commit("a1", moment("2025-05-27T00:31:13"), csv___lmarena_text__csv=table())
    history = [replace(table_of_may, authored=moment("2025-05-13T18:00"))]
    upstream_history.github(site, CSV_NAME, history)
    path = tmp_path / f"2025-05-27_{history[0].sha[:9]}.csv"
    path.write_bytes(table())
    ingest(CSV, None, path, archive)
    outcome = ask.one(CSV, ask.keys(CSV)[0])
    assert outcome.note == "archived already; known since 2025-05-13, not 2025-05-27"
    assert not any("/raw/" in asked for asked, _ in site.asked)
    first = inputs.first_receipts(archive.history(CSV.id))
    assert [receipt.known_at for receipt in first] == [moment("2025-05-13T18:00")]
    assert ask.one(CSV, ask.keys(CSV)[0]).note == "archived already"


def test_a_commit_answers_the_files_it_changed(ask: Past, site: Web) -> None:
    """Would catch a file asked for at a commit from before it was there, or one file's bytes for another."""
    first, second = (json.dumps(bodies.catalog(models=count)).encode() for count in (60, 61))
    history = [
        Commit("a" * 40, moment("2025-03-07"), {"data/leaderboard-text.json": first}),
        Commit("b" * 40, moment("2025-03-14"), {"data/leaderboard-text-style-control.json": second}),
    ]
    upstream_history.github(site, CATALOG_NAME, history)
    for keys in (ask.keys(CATALOG), [ask.find(CATALOG, "a" * 40), ask.find(CATALOG, "b" * 40)]):
        asked = [[request.name for request in requests_at(CATALOG.revisions, key)] for key in keys]
        assert asked == [["text"], ["text_style_control"]]
    assert [ask.one(CATALOG, key).rows for key in ask.keys(CATALOG)] == [120, 122]


def test_a_wrong_key_ends_in_one_line_with_the_nearest(ask: Past, site: Web) -> None:
    """Would catch a mistyped commit fetched as something else, or refused without a hint."""
    upstream_history.github(site, CSV_NAME, TABLES)
    assert ask.find(CSV, TABLES[3].sha[:9]).key == TABLES[3].sha
    for name, near in (
        ("HEAD", TABLES[-1].sha),
        ("../../x", "no commit"),
        (TABLES[3].sha[:4], TABLES[3].sha),
        (TABLES[3].sha[:-1] + "z", TABLES[3].sha),
        # Changed nothing here: the last one before it that did.
        (TABLES[2].sha, TABLES[1].sha),
    ):
        with pytest.raises(UsageError) as caught:
            ask.find(CSV, name)
        assert near in caught.value.line()
        assert "\n" not in caught.value.line()
    with pytest.raises(FetchError, match="HTTP 404"):
        ask.find(CSV, "9" * 40)
    with pytest.raises(UsageError, match="keeps no past"):
        list_revisions(get("arena_html"))


def test_a_request_s_own_address_is_for_what_is_live(ask: Past, site: Web, archive: Archive) -> None:
    """Would catch today's bytes of a mirror kept as those of two years ago."""
    upstream_history.github(site, CSV_NAME, TABLES)
    ask.how["overrides"] |= {
        "llm_leaderboard_csv/text": site.says("/live", answer(table(300), media_type="text/csv"))
    }
    assert ask.one(CSV, ask.keys(CSV)[0]).rows == 60
    assert site.times("/live") == 0


def test_private_addresses_stay_refused(ask: Past, site: Web, monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a listing that makes a server of one's own network be asked."""
    upstream_history.github(site, CSV_NAME, TABLES)
    key = ask.keys(CSV)[0]
    monkeypatch.delenv("AIGAP_ALLOW_PRIVATE")
    with Session(retries=0, pace=0) as strict:
        ask.how["session"] = strict
        with pytest.raises(FetchError, match="private network"):
            ask.keys(CSV)
        assert "private network" in ask.one(CSV, key).reason


HUB_FILES = {
    f"{subset}/{split}-00000-of-00001.parquet": split
    for subset in ("text", "vision")
    for split in ("latest", "full")
}


def hub_history() -> list[Commit]:
    def files(
        day: str, models: int, *, subsets: Sequence[str] = ("text", "vision")
    ) -> dict[str, bytes | None]:
        body = bodies.hf(models, leaderboard_publish_date=day)
        return {path: body for path in HUB_FILES if path.partition("/")[0] in subsets}

    return [
        Commit("1" * 40, moment("2026-01-02T10:00"), files("2026-01-02", 30)),
        Commit("2" * 40, moment("2026-01-09T10:00"), files("2026-01-09", 31, subsets=("text",))),
        Commit("3" * 40, moment("2026-01-16T10:00"), files("2026-01-16", 32)),
    ]


def test_the_dataset_at_a_commit(ask: Past, site: Web, archive: Archive) -> None:
    """Would catch the dataset's files of a day fetched again at each commit, whole histories fetched unasked,
    or a subset that was not there yet taken for a failure of all.
    """
    upstream_history.hub(site, hub_history())
    keys = ask.keys(HUB)
    assert [key.known_at for key in keys] == [entry.at for entry in hub_history()]
    for key in keys:
        text, _, vision, *others = ask.at(HUB, key)
        assert (text.request, text.result, vision.request) == ("text", IntakeResult.NEW, "vision")
        assert all(outcome.result is IntakeResult.GONE for outcome in others)
        assert vision.result is (IntakeResult.UNCHANGED if key.key == "2" * 40 else IntakeResult.NEW)
    assert not any("full" in asked for asked, _ in site.asked)
    resolved = (
        f"/hub/datasets/{upstream_history.DATASET}/resolve/{'2' * 40}/vision/latest-00000-of-00001.parquet"
    )
    assert site.times(resolved) == 0
    assert [receipt.known_at for receipt in archive.history("lmarena_hf", "vision")] == [
        key.known_at for key in keys
    ]
    (full,) = ask.at(HUB, keys[0], ["text_full"])
    assert full.result is IntakeResult.NEW


def release(scores: int, tasks: str = "maze") -> dict[str, bytes | None]:
    """Both files of a LiveBench release of 2025-04-02 with ``scores`` models."""
    rows = [(f"sample-{place}", 50 + place % 40) for place in range(scores)]
    return {
        "public/table_2025_04_02.csv": bodies.table(("model", tasks), rows).encode(),
        "public/categories_2025_04_02.json": json.dumps({"Reasoning": [tasks]}).encode(),
    }


def test_a_release_is_known_since_its_newest_change(ask: Past, site: Web, archive: Archive) -> None:
    """Would catch models added months later counted as known on the day in the table's name."""
    table_name = "public/table_2025_04_02.csv"
    first, second = release(60), release(70)
    history = [
        Commit("1" * 40, moment("2025-04-03T08:00"), first),
        Commit("2" * 40, moment("2025-05-20T08:00"), {"README.md": b"sample"}),
    ]
    upstream_history.github(site, LIVE_NAME, history)
    (listed,) = ask.keys(LIVE)
    assert (listed.key, listed.known_at) == ("2025-04-02", moment("2025-04-02"))
    early = ask.one(LIVE, listed)
    assert early.receipt is not None
    assert (early.result, early.receipt.known_at) == (IntakeResult.NEW, history[0].at)
    assert ask.one(LIVE, listed).note == "archived already"
    assert missing_requests(LIVE, listed, [StoredBody.of(early.receipt)]) == []

    grown = [*history, Commit("3" * 40, moment("2025-06-30T08:00"), {table_name: second[table_name]})]
    upstream_history.github(site, LIVE_NAME, grown)
    late = ask.one(LIVE, listed)
    assert late.receipt is not None
    assert (late.result, late.receipt.known_at) == (IntakeResult.NEW, grown[-1].at)
    assert late.rows == 140  # a category and overall
    assert archive.load(late.receipt).is_zip
    assert [receipt.known_at for receipt in archive.history("livebench")] == [history[0].at, grown[-1].at]
    del site.answers[f"/api/repos/{LIVE_NAME}/commits"]
    assert ask.one(LIVE, listed).result is IntakeResult.FAILED
    upstream_history.github(site, LIVE_NAME, grown)
    for name in ("2025-04-03", "2025-13-45", "newest"):
        with pytest.raises(UsageError, match="2025-04-02"):
            ask.find(LIVE, name)


def test_a_day_of_the_scrape_is_known_since_the_scrape(ask: Past, site: Web) -> None:
    """Would catch a folder's day, which may repeat an older scrape, taken for when its figures were known."""
    body = json.dumps(bodies.site()).encode()
    history = [
        Commit("1" * 40, moment("2026-03-21T08:00"), {"data/2026-03-21/text.json": body, "data/x.json": b""})
    ]
    upstream_history.github(site, SITE_NAME, history)
    (key,) = ask.keys(SITE)
    (outcome,) = ask.at(SITE, key, ["text"])
    assert outcome.receipt is not None
    assert outcome.receipt.known_at == datetime(2026, 3, 19, 14, 51, 18, 40878, UTC)
    assert outcome.receipt.file_name == "text__2026-03-21.json"
    assert ask.at(SITE, key, ["text"])[0].note == "archived already"


def test_a_day_of_the_scrape_brings_every_board_under_its_name_of_the_time(ask: Past, site: Web) -> None:
    """Would catch boards other than text left behind, or the months before `code` became `code-webdev`."""
    days = {
        day: {
            f"data/{day}/{board}.json": json.dumps(bodies.site(leaderboard=board)).encode()
            for board in boards
        }
        for day, boards in (
            ("2026-07-15", ("text", "code", "video-edit")),
            ("2026-07-16", ("code", "code-webdev")),
        )
    }
    history = [
        Commit(str(place) * 40, moment(f"{day}T08:00"), files)
        for place, (day, files) in enumerate(days.items())
    ]
    upstream_history.github(site, SITE_NAME, history)
    first, second = ask.keys(SITE)
    found = {outcome.request: outcome.result for outcome in ask.at(SITE, first)}
    assert len(found) == 11
    assert {request for request, result in found.items() if result is IntakeResult.NEW} == {
        "text", "code-webdev", "video-edit",
    }  # fmt: skip
    assert set(found.values()) == {IntakeResult.NEW, IntakeResult.GONE}
    (later,) = ask.at(SITE, second, ["code-webdev"])
    assert later.receipt is not None
    assert later.receipt.address.endswith("data/2026-07-16/code-webdev.json")


def test_the_newest_day_of_the_scrape_is_found_and_is_the_same_bytes_as_the_past_one(
    ask: Past, site: Web, session: Session, archive: Archive
) -> None:
    """Would catch a mirror that is never fetched live, or one body archived twice, as a ZIP and as itself."""
    body = json.dumps(bodies.site(leaderboard="video-edit", last_updated="Oct 2, 2026")).encode()
    files = {"data/2026-10-05/video-edit.json": body, "data/latest.json": b'{"date": "2026-10-05"}'}
    upstream_history.github(site, SITE_NAME, [Commit("1" * 40, moment("2026-10-05T08:00"), files)])
    request = override_prefixes(SITE.request("video-edit"), ask.how["overrides"])
    outcome = fetch(SITE, request, archive, session, now=NOW)
    assert outcome.result is IntakeResult.NEW, outcome.line()
    assert outcome.receipt is not None
    assert archive.load(outcome.receipt).body == body
    assert outcome.receipt.address.endswith("data/2026-10-05/video-edit.json")
    assert fetch(SITE, request, archive, session, now=NOW).result is IntakeResult.UNCHANGED
    site.says(
        f"/raw/{SITE_NAME}/HEAD/data/2026-10-05/video-edit.json",
        answer(b"<html>Sign in</html>", media_type="text/plain"),
    )
    assert "a web page" in fetch(SITE, request, archive, session, now=NOW).reason
    site.says(
        f"/raw/{SITE_NAME}/HEAD/data/latest.json", answer(b'{"date": "../../evil"}', media_type="text/plain")
    )
    assert "an object with a date" in fetch(SITE, request, archive, session, now=NOW).reason


def test_a_release_of_the_warehouse_knows_the_past_when_it_was(ask: Past, site: Web, tmp_path: Path) -> None:
    """Would catch `gap_as_of` blind to backfilled months, seeing them too early, or a source that looks fresh
    because its past was fetched today.
    """

    def body(day: str, lead: float) -> bytes:
        models = [*warehouses.US, *warehouses.CN, *warehouses.OTHER]
        rows = [
            bodies.hf_row(
                place, model_name=name, rating=1500.0 - 9 * place + (lead if name == warehouses.US[0] else 0)
            )
            for place, name in enumerate(models)
        ]
        # Unknown names: too low to lead, which would withhold the board.
        rows += [bodies.hf_row(place, rating=900.0 - place) for place in range(20, 30)]
        return bodies.parquet({**row, "leaderboard_publish_date": day} for row in rows)

    path = "text/latest-00000-of-00001.parquet"
    history = [
        Commit("1" * 40, moment("2026-01-05T10:00"), {path: body("2026-01-02", 5.0)}),
        Commit("2" * 40, moment("2026-02-09T10:00"), {path: body("2026-02-06", 50.0)}),
    ]
    upstream_history.hub(site, history)
    workspace = Workspace(tmp_path / "data")
    for key in reversed(ask.keys(HUB)):
        ask.at(HUB, key, ["text"])
    staged = steps.stage(workspace, tmp_path / "no history")
    steps.observe(staged, tmp_path / "no history")
    steps.core(staged)
    steps.marts(staged)
    with duckdb.connect(str(staged.candidate), read_only=True) as con:
        known = con.sql("SELECT known_at, held_in, request FROM meta.inputs ORDER BY 1").fetchall()
        assert known == [(entry.at.replace(tzinfo=None), "archive", "text") for entry in history]
        months = "SELECT count(*) FROM gap_as_of(DATE '{}') WHERE gap_points IS NOT NULL"
        counts = [
            con.sql(months.format(day)).fetchall()[0][0]
            for day in ("2026-01-04", "2026-01-05", "2026-02-08", "2026-02-09")
        ]
        assert counts == [0, 1, 1, 2]
        fresh = con.sql("SELECT last_fetch FROM meta.source_status WHERE source_id = 'lmarena_hf'").fetchall()
        assert fresh == [(history[-1].at.replace(tzinfo=None),)]


@pytest.mark.system  # reads every raw file of a mirror
@pytest.mark.parametrize("source_id", ["llm_leaderboard_csv", "arena_catalog", "litellm_prices"])
def test_real_files_at_their_commits_are_the_inputs_that_ingest_makes(
    upstream: Path, site: Web, session: Session, tmp_path: Path, source_id: str
) -> None:
    """Would catch real files refused, or dated otherwise, because they came from a commit and not from a file."""
    source = get(source_id)
    assert source.revisions is not None
    found = sorted(path for pattern in source.raw_patterns for path in upstream.glob(pattern))
    # A price list is a megabyte and a second; four are as good as sixteen.
    found = found[: 4 if source_id == "litellm_prices" else 24]
    paths = {
        "llm_leaderboard_csv": {"text": "csv/lmsys.csv"},
        "arena_catalog": {
            "text": "data/leaderboard-text.json",
            "text_style_control": "data/leaderboard-text-style-control.json",
        },
        "litellm_prices": {"prices": "model_prices_and_context_window.json"},
    }[source_id]
    history: dict[str, Commit] = {}
    taken = Archive(Workspace(tmp_path / "taken").archive)
    for path in found:
        body, request = path.read_bytes(), source.request_for(path)
        assert request is not None
        sha = source.revisions.key_in_name(path).ljust(40, "0")
        at = source.known_at_of(path, body)
        assert at is not None
        files = dict(history[sha].files) if sha in history else {}
        history[sha] = Commit(sha, at, {**files, paths[request]: body})
        assert not ingest(source, None, path, taken).failed
    name = source.origin.address.removeprefix("https://github.com/")
    upstream_history.github(site, name, sorted(history.values(), key=lambda entry: entry.at), most=10)
    asking = Past(site, session, Archive(Workspace(tmp_path / "asked").archive))
    for key in asking.keys(source):
        assert not any(outcome.failed for outcome in asking.at(source, key))

    def gathered(folder: str) -> list[inputs.Input]:
        held = inputs.gather(Workspace(tmp_path / folder), tmp_path / "no history").inputs
        return [replace(entry, file_name="", address="") for entry in held]

    assert gathered("asked") == gathered("taken") != []

"""Addresses of a repository's files and commits."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime
from pathlib import PurePath
from urllib.parse import parse_qs, urlsplit

from sources.parsing.github import Repository

REPOSITORY = Repository("northwind/figures")


def test_files_are_addressed_by_commit() -> None:
    """Would catch a path with a blank that no server finds, and a link to a file at no commit."""
    raw = "https://raw.githubusercontent.com/northwind/figures"
    assert REPOSITORY.raw("a b/c.csv") == f"{raw}/HEAD/a%20b/c.csv"
    assert REPOSITORY.raw("c.csv", "0123abc") == f"{raw}/0123abc/c.csv"
    page = "https://github.com/northwind/figures/blob/0123abc/data/c.csv"
    assert REPOSITORY.address_of(PurePath("2026-01-02_0123abc.csv"), "data/c.csv") == page
    assert REPOSITORY.address_of(PurePath("2026-01-02_c.csv"), "data/c.csv") == ""


def test_commits_between_days_are_asked_for_with_days_to_spare() -> None:
    """Would catch a commit lost because it was committed weeks after its author's day, which is ours."""
    (listing,) = REPOSITORY.revisions({"text": ("c.csv",)}, ("text/csv",)).listings(
        date(2026, 1, 2), date(2026, 1, 3)
    )
    address = urlsplit(listing.address)
    assert (address.netloc, address.path) == ("api.github.com", "/repos/northwind/figures/commits")
    query = {name: value for name, (value,) in parse_qs(address.query).items()}
    assert query == {
        "path": "c.csv", "per_page": "100", "since": "2026-01-01T00:00:00Z", "until": "2026-02-03T23:59:59Z",
    }  # fmt: skip


def commit(author: str | None, committer: str, sha: str = "a") -> dict[str, object]:
    signed = {"committer": {"date": committer}, **({"author": {"date": author}} if author else {})}
    return {"sha": sha * 40, "commit": signed}


def known_since(*commits: dict[str, object]) -> list[datetime]:
    listing = REPOSITORY.commits_of("c.csv")
    return [revision.known_at for revision in listing.revisions_in(json.dumps(commits).encode())]


def test_a_rebase_does_not_move_the_days_of_its_commits() -> None:
    """Would catch the publications of three weeks all dated to the second in which somebody rebased them."""
    rebased = "2025-05-27T00:31:13Z"
    days = [datetime(2025, 5, day, 18, tzinfo=UTC) for day in (24, 21, 7)]
    listed = [commit(day.isoformat(), rebased, sha) for day, sha in zip(days, "abc", strict=True)]
    assert known_since(*listed) == days
    assert known_since(listed[2]) == days[2:], "listed alone, as one key is looked up"
    # A committer's date may be set to anything, and by a rebase to one that is too early.
    early = [
        commit(day.isoformat(), "2025-01-01T00:00:00Z", sha) for day, sha in zip(days, "abc", strict=True)
    ]
    assert known_since(*early) == days


def test_a_commit_is_known_since_the_earlier_of_its_dates() -> None:
    """Would catch an author's clock that runs ahead, one that was never set, or one that cannot be read believed."""
    committed = "2025-05-07T10:00:00Z"
    at = datetime(2025, 5, 7, 10, tzinfo=UTC)
    assert known_since(commit("2025-05-06T22:00:00-04:00", committed)) == [
        datetime(2025, 5, 7, 2, tzinfo=UTC)
    ]
    for author in ("2025-05-09T10:00:00Z", "1970-01-01T00:00:00Z", "yesterday", "2025-05-06T10:00:00", None):
        assert known_since(commit(author, committed)) == [at], author

"""Addresses of a repository's files and commits."""

from __future__ import annotations

from datetime import date
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


def test_commits_between_days_are_asked_for_with_a_day_to_spare() -> None:
    """Would catch a commit lost because its author's day is not its committer's."""
    (listing,) = REPOSITORY.revisions({"text": ("c.csv",)}, ("text/csv",)).listings(
        date(2026, 1, 2), date(2026, 1, 3)
    )
    address = urlsplit(listing.address)
    assert (address.netloc, address.path) == ("api.github.com", "/repos/northwind/figures/commits")
    query = {name: value for name, (value,) in parse_qs(address.query).items()}
    assert query == {
        "path": "c.csv", "per_page": "100", "since": "2026-01-01T00:00:00Z", "until": "2026-01-04T23:59:59Z",
    }  # fmt: skip

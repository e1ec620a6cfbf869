"""Files of a public GitHub repository: their addresses, and what they were at each commit.

The REST API lists the commits that changed a file, newest first, a hundred a page; the bytes are served raw. Without
a token the API answers sixty requests an hour, so list a file with thousands of commits between two days.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from typing import Any, NamedTuple
from urllib.parse import quote, urlencode

from sources.contract import Request, Revision, RevisionIndex, RevisionListing
from sources.errors import ParseError, excerpt
from sources.parsing.dates import midnight
from sources.parsing.json import read_page

COMMIT = r"[0-9a-f]{40}"
PER_PAGE = 100
#: How long after it was written a commit may be committed and still be found by the day it was written.
LATE = timedelta(days=31)
#: A commit cannot have been written before: a clock that was never set says 1970.
FIRST_DAY = datetime(2018, 1, 1, tzinfo=UTC)
#: Local copies of a file at a commit end in ``_``, the commit or its beginning, and the file's suffix.
_NAMED = re.compile(r"_([0-9a-f]{7,40})\.[a-z]+$")


@dataclass(frozen=True)
class Repository:
    """One repository, ``owner/name``."""

    name: str

    @property
    def address(self) -> str:
        return f"https://github.com/{self.name}"

    @property
    def api(self) -> str:
        return f"https://api.github.com/repos/{self.name}"

    def raw(self, path: str, commit: str = "HEAD") -> str:
        """The address of the bytes of ``path`` at a commit or branch."""
        return f"https://raw.githubusercontent.com/{self.name}/{commit}/{quote(path)}"

    def address_of(self, local: PurePath, path: str) -> str:
        """The page of ``path`` at the commit in the name of its ``local`` copy; empty when there is none."""
        commit = commit_in_name(local)
        return f"{self.address}/blob/{commit}/{path}" if commit else ""

    def revisions(self, files: Mapping[str, tuple[str, ...]], media_types: tuple[str, ...]) -> RevisionIndex:
        """The commits that changed the files of a source.

        ``files`` has, for each request, the present path of its file and then its earlier ones.
        """
        paths = [(request, path) for request, known in files.items() for path in known]

        def listings(since: date | None, until: date | None) -> tuple[RevisionListing, ...]:
            return tuple(
                self.commits_of(path, (request, path), since=since, until=until) for request, path in paths
            )

        def listings_of(commit: str) -> tuple[RevisionListing, ...]:
            return tuple(self.commits_of(path, (request, path), commit=commit) for request, path in paths)

        def requests_of(revision: Revision) -> tuple[Request, ...]:
            return tuple(
                Request(request, self.raw(path, revision.key), media_types)
                for request, path in revision.files
            )

        return RevisionIndex("commit", COMMIT, listings, listings_of, requests_of, key_in_name=commit_in_name)

    def commits_of(
        self,
        path: str,
        *files: tuple[str, str],
        commit: str = "",
        per_page: int = PER_PAGE,
        since: date | None = None,
        until: date | None = None,
    ) -> RevisionListing:
        """The commits that changed ``path``; with ``commit``, only the last one up to it."""
        query = {"path": path, "per_page": str(1 if commit else per_page)}
        if commit:
            query["sha"] = commit
        # Which of a commit's two dates GitHub compares is not documented; ours is the earlier (`_known_since`).
        if since:
            query["since"] = f"{since - timedelta(days=1)}T00:00:00Z"
        if until:
            query["until"] = f"{until + LATE}T23:59:59Z"
        return RevisionListing(
            f"{self.api}/commits?{urlencode(query)}",
            lambda page: [Revision(sha, moment, files) for sha, moment in _commits(page)],
        )

    def of_newest_day(self, path_on: Callable[[date], str]) -> Callable[[bytes], tuple[str, ...]]:
        """Finds in an index, ``{"date": "2026-10-02"}``, the address of the file of that day: a `Request.follow`."""

        def address_in(index: bytes) -> tuple[str, ...]:
            try:
                day = date.fromisoformat(read_page(index)["date"])
            except (ValueError, TypeError, KeyError):
                raise _not_listed(index, "an object with a date") from None
            return (self.raw(path_on(day)),)

        return address_in

    def days_in(self, path: str) -> RevisionListing:
        """The days that files or folders in the folder ``path`` are named after, as ``YYYY-MM-DD``."""

        def revisions_in(page: bytes) -> list[Revision]:
            return [Revision(name, midnight(day)) for name in names_in(page) if (day := _day(name))]

        return RevisionListing(f"{self.api}/contents/{path}", revisions_in)


def names_in(page: bytes) -> list[str]:
    """The names of the files and folders that the API lists. Raises `ParseError` when it is no such page."""
    try:
        return [str(entry["name"]) for entry in read_page(page)]
    except (ValueError, TypeError, KeyError):
        raise _not_listed(page, "a JSON list of files with names") from None


def commit_in_name(path: PurePath) -> str:
    """The commit, or its beginning, in the name of a local copy; empty when there is none."""
    found = _NAMED.search(path.name)
    return found[1] if found else ""


class _Commit(NamedTuple):
    """A commit as the API lists it: when it was written, None if that cannot be read, and when it was committed."""

    sha: str
    authored: datetime | None
    committed: datetime


def _commits(page: bytes) -> list[tuple[str, datetime]]:
    """The commits of a page, each with the moment since when its files were known."""
    try:
        found = [_commit(entry) for entry in read_page(page)]
    except (ValueError, TypeError, KeyError):
        raise _not_listed(page, "a JSON list of commits") from None
    for commit in found:
        if not re.fullmatch(COMMIT, commit.sha):
            raise _not_listed(page, "commits with their dates")
    together = Counter(commit.committed for commit in found)
    return [(commit.sha, _known_since(commit, is_rebased=together[commit.committed] > 1)) for commit in found]


def _commit(entry: Any) -> _Commit:
    signed = entry["commit"]
    try:
        authored = _moment(signed["author"]["date"])
    except (ValueError, TypeError, KeyError):
        authored = None
    return _Commit(str(entry["sha"]), authored, _moment(signed["committer"]["date"]))


def _moment(text: str) -> datetime:
    """``text`` in UTC. Raises `ValueError` when it is no time with a zone."""
    moment = datetime.fromisoformat(text)
    if moment.tzinfo is None:
        raise ValueError(f"{text!r} has no zone")
    return moment.astimezone(UTC)


def _known_since(commit: _Commit, is_rebased: bool) -> datetime:
    """Since when a commit's files were known: the earlier of its two dates.

    A rebase gives many commits one date of committing: then the author's alone says when.
    """
    if commit.authored is None or commit.authored < FIRST_DAY:
        return commit.committed
    return commit.authored if is_rebased else min(commit.authored, commit.committed)


def _day(name: str) -> date | None:
    try:
        return date.fromisoformat(name) if re.fullmatch(r"\d{4}-\d{2}-\d{2}", name) else None
    except ValueError:
        return None


def _not_listed(page: bytes, expected: str) -> ParseError:
    return ParseError(f"github: {excerpt(page[:80])}", expected, "the index may have moved")

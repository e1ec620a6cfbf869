"""What a file was at each commit of a public GitHub repository: the index is the list of commits that changed
it, newest first, a hundred a page (the REST API's "list commits"); the bytes are served raw.

Without a token the API answers sixty questions an hour, so a file with thousands of commits is best listed
between two days.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping
from datetime import UTC, date, datetime, timedelta
from pathlib import PurePath
from urllib.parse import quote, urlencode

from sources.contract.request import Request
from sources.contract.revisions import Revision, RevisionIndex, RevisionListing
from sources.errors import ParseError
from sources.parsing.columns import midnight, shown

SITE = "https://github.com/"
API = "https://api.github.com/repos/"
RAW = "https://raw.githubusercontent.com/"
PER_PAGE = 100
COMMIT = r"[0-9a-f]{40}"
#: How copies of a file at a commit are called: a day, ``_`` and the commit or its beginning.
_NAMED = re.compile(r"_([0-9a-f]{7,40})\.[a-z]+$")


def by_commit(
    repository: str, files: Mapping[str, tuple[str, ...]], media_types: tuple[str, ...]
) -> RevisionIndex:
    """How to ask ``repository`` (its address) for the files of a source at each commit that changed one.

    ``files`` has the paths of each request's file: the present one, then the ones it had before.
    """
    name = repository.removeprefix(SITE)
    paths = [(request, path) for request, known in files.items() for path in known]

    def listings(since: date | None, until: date | None) -> tuple[RevisionListing, ...]:
        return tuple(
            listing(name, path, (request, path), since=since, until=until) for request, path in paths
        )

    def at(commit: str) -> tuple[RevisionListing, ...]:
        return tuple(listing(name, path, (request, path), commit=commit) for request, path in paths)

    def requests_of(key: Revision) -> tuple[Request, ...]:
        return tuple(Request(request, raw(name, key.key, path), media_types) for request, path in key.files)

    return RevisionIndex("commit", COMMIT, listings, at, requests_of, key_in_name=commit_in_name)


def listing(
    name: str,
    path: str,
    *files: tuple[str, str],
    commit: str = "",
    per_page: int = PER_PAGE,
    since: date | None = None,
    until: date | None = None,
) -> RevisionListing:
    """The commits of ``name`` (owner/repository) that changed ``path``; with ``commit``, the last one up to it."""
    asked = {"path": path, "per_page": str(1 if commit else per_page)}
    if commit:
        asked["sha"] = commit
    # A day more on either side: which of a commit's two dates the server compares is its own affair.
    if since:
        asked["since"] = f"{since - timedelta(days=1)}T00:00:00Z"
    if until:
        asked["until"] = f"{until + timedelta(days=1)}T23:59:59Z"
    return RevisionListing(
        f"{API}{name}/commits?{urlencode(asked)}",
        lambda page: [Revision(sha, moment, files) for sha, moment in commits(page)],
    )


def commits(page: bytes) -> list[tuple[str, datetime]]:
    """Each commit of one page and when it was made. Raises `ParseError` when it is no such page."""
    try:
        found = [
            (str(entry["sha"]), datetime.fromisoformat(entry["commit"]["committer"]["date"]))
            for entry in json.loads(page)
        ]
    except (ValueError, TypeError, KeyError, RecursionError):
        raise _no_listing(page, "a JSON list of commits") from None
    for sha, moment in found:
        if not re.fullmatch(COMMIT, sha) or moment.tzinfo is None:
            raise _no_listing(page, "commits with their dates")
    return [(sha, moment.astimezone(UTC)) for sha, moment in found]


def folder(name: str, path: str, pattern: str) -> RevisionListing:
    """The days that files or folders in ``path`` of ``name`` are called by; ``pattern`` has the day as a group."""

    def revisions_in(page: bytes) -> list[Revision]:
        try:
            names = [str(entry["name"]) for entry in json.loads(page)]
        except (ValueError, TypeError, KeyError, RecursionError):
            raise _no_listing(page, "a JSON list of files with names") from None
        told = [found[1] for found in (re.fullmatch(pattern, one) for one in names) if found]
        return [Revision(day, midnight(date.fromisoformat(day))) for day in told if _is_day(day)]

    return RevisionListing(f"{API}{name}/contents/{path}", revisions_in)


def raw(name: str, revision: str, path: str) -> str:
    """Where the bytes of ``path`` are at ``revision``."""
    return f"{RAW}{name}/{revision}/{quote(path)}"


def commit_in_name(path: PurePath) -> str:
    found = _NAMED.search(path.name)
    return found[1] if found else ""


def _is_day(text: str) -> bool:
    try:
        return date.fromisoformat(text).isoformat() == text
    except ValueError:
        return False


def _no_listing(page: bytes, expected: str) -> ParseError:
    return ParseError(f"github: {shown(page[:80])}", expected, "the index may have moved")

"""How to find and fetch past publications of a source."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import PurePath

from sources.contract.request import Request


@dataclass(frozen=True)
class Revision:
    """One past publication: upstream's key for it, and since when its bytes were known."""

    key: str
    known_at: datetime
    #: The requests it answers, each with its file's path in the repository; empty: those the source declares.
    files: tuple[tuple[str, str], ...] = ()
    #: The commit to read the files at, where the key is not a commit.
    commit: str = ""


@dataclass(frozen=True)
class RevisionListing:
    """A list of revisions that upstream serves. The ``Link`` header's ``rel="next"`` leads to its next page."""

    address: str
    #: One page → its revisions. Raises `ParseError` when it is no such page.
    revisions_in: Callable[[bytes], list[Revision]]


@dataclass(frozen=True)
class RevisionIndex:
    """How to find the revisions of a source and what to request for each."""

    #: What a key is: "commit", "release day".
    kind: str
    #: The regular expression that a complete key matches.
    pattern: str
    #: The listings of all revisions, or of those between two days where upstream can filter by day.
    listings: Callable[[date | None, date | None], tuple[RevisionListing, ...]]
    #: Listings that cover the revision of one key.
    listings_of: Callable[[str], tuple[RevisionListing, ...]]
    #: The requests of a revision, named like the live ones, with that revision's addresses.
    requests_of: Callable[[Revision], tuple[Request, ...]]
    #: Upstream may still change a revision's bytes: only ``listings_of`` says since when the present ones were known.
    is_mutable: bool = False
    #: The key, or its beginning, in a local file's name; empty when there is none.
    key_in_name: Callable[[PurePath], str] = lambda path: ""
    #: Since when a revision's body was known, where the body says it better than the listing.
    known_at_of: Callable[[Revision, bytes], datetime] = lambda revision, body: revision.known_at

"""Find the revisions of a source that upstream keeps."""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import date
from typing import TYPE_CHECKING

from sources.contract.revisions import Revision, RevisionIndex, RevisionListing
from sources.contract.source import Source
from sources.errors import FetchError, UsageError
from sources.ingestion.address_overrides import Overrides, override_prefix, read_overrides
from sources.registry import all_sources

if TYPE_CHECKING:
    from sources.ingestion.web.session import Session

MEDIA_TYPES = ("application/json",)
#: No file known has half as many commits; this also ends a listing that links to itself.
MAX_PAGES = 400
#: A commit may be named by its beginning, as Git does.
MIN_PREFIX = 7


def sources_with_revisions() -> tuple[Source, ...]:
    """The sources with past publications that can be fetched, by id."""
    return tuple(source for source in all_sources() if source.revisions is not None)


def revision_index(source: Source) -> RevisionIndex:
    """How to find the revisions of ``source``. Raises `UsageError` when upstream keeps none."""
    if source.revisions is None:
        raise UsageError(
            f"{source.id} keeps no past publications that can be fetched",
            "one of " + ", ".join(other.id for other in sources_with_revisions()),
            f"take files in: aigap ingest {source.id}",
        )
    return source.revisions


def list_revisions(
    source: Source,
    *,
    session: Session | None = None,
    overrides: Overrides | None = None,
    since: date | None = None,
    until: date | None = None,
    pages: int = MAX_PAGES,
) -> list[Revision]:
    """The revisions upstream lists, oldest first, of the days from ``since`` to ``until`` (UTC, both included).

    ``pages`` limits how far back a listing is followed. Raises `FetchError` or `ParseError` when a listing
    cannot be had or read.
    """
    listings = revision_index(source).listings(since, until)
    return [
        revision
        for revision in _read_listings(listings, session, overrides, pages)
        if (since is None or revision.known_at.date() >= since)
        and (until is None or revision.known_at.date() <= until)
    ]


def find_revision(
    source: Source,
    key: str,
    *,
    session: Session | None = None,
    overrides: Overrides | None = None,
) -> Revision:
    """The revision with ``key``, or the one listed commit that begins so.

    Raises `UsageError` when upstream has none, naming the nearest.
    """
    index = revision_index(source)
    if re.fullmatch(index.pattern, key):
        found = _read_listings(index.listings_of(key), session, overrides, pages=1)
        for revision in found:
            if revision.key == key:
                return revision
        if found:
            # A commit that changed nothing here is answered with the last one before it that did.
            raise _no_revision(source, key, [found[-1].key])
    listed = list_revisions(source, session=session, overrides=overrides)
    matches = [revision for revision in listed if revision.key.startswith(key)]
    if len(matches) == 1 and len(key) >= MIN_PREFIX and index.kind == "commit":
        return matches[0]
    keys = [revision.key for revision in listed]
    near = [revision.key for revision in matches[:3]] or difflib.get_close_matches(key, keys, n=1, cutoff=0.3)
    raise _no_revision(source, key, near or keys[-1:])


def _read_listings(
    listings: Iterable[RevisionListing], session: Session | None, overrides: Overrides | None, pages: int
) -> list[Revision]:
    """Each revision once, oldest first: with its newest date, and every request's first file."""
    # Loaded only to fetch: a build names sources too, and needs no requests.
    from sources.ingestion.web.session import shared_session

    if overrides is None:
        overrides = read_overrides()
    merged: dict[str, Revision] = {}
    for listing in listings:
        for revision in _read_listing(listing, session or shared_session(), overrides, pages):
            before = merged.get(revision.key, revision)
            newest = max(before, revision, key=lambda one: one.known_at)
            files = dict(before.files)
            for request, path in revision.files:
                files.setdefault(request, path)
            merged[revision.key] = replace(newest, files=tuple(files.items()))
    return sorted(merged.values(), key=lambda revision: (revision.known_at, revision.key))


def _read_listing(
    listing: RevisionListing, session: Session, overrides: Overrides, pages: int
) -> list[Revision]:
    from sources.ingestion.web.response import check_media_type

    found: list[Revision] = []
    address = listing.address
    for _ in range(pages):
        response = session.get(override_prefix(address, overrides))
        check_media_type(response, MEDIA_TYPES)
        found += listing.revisions_in(response.body)
        if not response.next_page:
            return found
        address = response.next_page
    if pages == MAX_PAGES:
        raise FetchError(
            f"{listing.address}: more than {MAX_PAGES} pages",
            "an end",
            "limit the days: --since, --until",
        )
    return found


def _no_revision(source: Source, key: str, near: Sequence[str]) -> UsageError:
    return UsageError(
        f"{source.id}: no {revision_index(source).kind} {key[:60]!r}",
        f"one that upstream lists, as in {' or '.join(near)}" if near else "one that upstream lists",
        f"see: aigap backfill {source.id} --list",
    )

"""Ask a source for what it published before: which keys there are, and what each one held.

Bytes fetched for a key are known since the key's date and say so on their receipt; what is live is untouched.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime
from pathlib import Path, PurePath

from sources.contract.receipt import Receipt
from sources.contract.request import Request
from sources.contract.revisions import Revision, RevisionIndex, RevisionListing
from sources.contract.source import Source
from sources.errors import FetchError, ParseError, UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.collect import elsewhere, mirrored, read_overrides
from sources.ingestion.fetch import fetch_revision
from sources.ingestion.intake import IntakeResult, KeepRows, Outcome, discard
from sources.ingestion.response import check_media_type
from sources.ingestion.session import Session, shared_session
from sources.registry import all_sources

MEDIA_TYPES = ("application/json",)
#: No file known has half as many commits; a listing that leads in a circle ends here too.
MOST_PAGES = 400
#: A commit may be named by its beginning, as Git does.
SHORTEST = 7


@dataclass(frozen=True)
class Known:
    """What is told of bytes that are held, in the archive or in the shipped history."""

    request: str
    known_at: datetime
    file_name: str
    key: str = ""

    @classmethod
    def of(cls, receipt: Receipt) -> Known:
        return cls(receipt.request, receipt.known_at, receipt.file_name, receipt.key)


def dated_sources() -> tuple[Source, ...]:
    return tuple(source for source in all_sources() if source.revisions is not None)


def dated(source: Source) -> RevisionIndex:
    """How ``source`` is asked for the past. Raises `UsageError` when it cannot be."""
    if source.revisions is None:
        raise UsageError(
            f"{source.id} keeps no past publications that can be asked for",
            "one of " + ", ".join(other.id for other in dated_sources()),
            f"take files in: aigap ingest {source.id}",
        )
    return source.revisions


def keys(
    source: Source,
    *,
    session: Session | None = None,
    overrides: Mapping[str, str] | None = None,
    since: date | None = None,
    until: date | None = None,
    pages: int = MOST_PAGES,
) -> list[Revision]:
    """The keys upstream lists, oldest first, of the days from ``since`` to ``until`` (UTC, both included).

    ``pages`` limits how far back a listing is followed. Raises `FetchError` or `ParseError` when a listing
    cannot be had or read.
    """
    found = [
        key
        for listing in dated(source).listings(since, until)
        for key in _listed(listing, session or shared_session(), _addresses(overrides), pages)
    ]
    return [
        key
        for key in _merged(found)
        if (since is None or key.known_at.date() >= since) and (until is None or key.known_at.date() <= until)
    ]


def find(
    source: Source,
    name: str,
    *,
    session: Session | None = None,
    overrides: Mapping[str, str] | None = None,
) -> Revision:
    """The key called ``name``, or the one listed commit that begins so.

    Raises `UsageError` when upstream has none, naming the nearest.
    """
    asking = dated(source)
    if not re.fullmatch(asking.pattern, name):
        return _nearest(source, name, keys(source, session=session, overrides=overrides))
    found = _merged(
        key
        for listing in asking.listings_of(name)
        for key in _listed(listing, session or shared_session(), _addresses(overrides), pages=1)
    )
    for key in found:
        if key.key == name:
            return key
    if found:
        # A commit that changed nothing here is answered with the last one before it that did.
        raise _no_key(source, name, [found[-1].key])
    return _nearest(source, name, keys(source, session=session, overrides=overrides))


def backfill(
    source: Source,
    key: Revision,
    archive: Path,
    names: Iterable[str] = (),
    *,
    session: Session | None = None,
    overrides: Mapping[str, str] | None = None,
    now: datetime | None = None,
    keep_rows: KeepRows = discard,
) -> list[Outcome]:
    """Fetch what ``source`` published at ``key`` into the archive below ``archive``, each request alone.

    Whole histories (``…_full``) are fetched when they are among ``names``. Addresses are replaced by their
    beginnings only: a request's own entry is where its live bytes are. What is held already is not asked for.
    """
    keep = Archive(archive)
    asking = dated(source)
    if asking.is_mutable and not key.commit:
        try:
            key = find(source, key.key, session=session, overrides=overrides)
        except (FetchError, ParseError) as error:
            return [
                Outcome(source.id, request.name, IntakeResult.FAILED, error.line())
                for request in wanted(asking, key, names)
            ]
    outcomes = []
    for request in wanted(asking, key, names):
        receipts = keep.history(source.id, request.name)
        held = next(
            (receipt for receipt in receipts if is_held(asking, key, request, Known.of(receipt))), None
        )
        if held is not None and keep.is_intact(held):
            told = Outcome(source.id, request.name, IntakeResult.UNCHANGED, receipt=held, note="held already")
        else:
            there = elsewhere(request, _addresses(overrides))
            told = fetch_revision(
                source, there, key, keep, session or shared_session(), now=now, keep_rows=keep_rows
            )
        outcomes.append(told)
    return outcomes


def wanted(asking: RevisionIndex, key: Revision, names: Iterable[str] = ()) -> tuple[Request, ...]:
    """The requests that ``key`` answers, or those of them called one of ``names``."""
    names = tuple(names)
    return tuple(
        request
        for request in asking.requests_of(key)
        if (request.name in names if names else not request.name.endswith("_full"))
    )


def is_held(asking: RevisionIndex, key: Revision, request: Request, known: Known) -> bool:
    """Are ``known`` the bytes that ``request`` answers with at ``key``, as far as can be told beforehand?"""
    if known.request != request.name:
        return False
    told = known.key or asking.key_in_name(PurePath(known.file_name))
    if not told:
        return known.known_at == key.known_at
    return key.key.startswith(told) and (not key.commit or known.known_at == key.known_at)


def missing(source: Source, key: Revision, known: Sequence[Known], names: Iterable[str] = ()) -> list[str]:
    """The requests of ``key`` of which nothing among ``known`` is held."""
    asking = dated(source)
    return [
        request.name
        for request in wanted(asking, key, names)
        if not any(is_held(asking, key, request, one) for one in known)
    ]


def _addresses(overrides: Mapping[str, str] | None) -> Mapping[str, str]:
    return read_overrides() if overrides is None else overrides


def _listed(
    listing: RevisionListing, session: Session, overrides: Mapping[str, str], pages: int
) -> list[Revision]:
    found: list[Revision] = []
    address = listing.address
    for _ in range(pages):
        response = session.get(mirrored(address, overrides))
        check_media_type(response, MEDIA_TYPES)
        found += listing.revisions_in(response.body)
        if not response.next_page:
            return found
        address = response.next_page
    if pages == MOST_PAGES:
        raise FetchError(
            f"{listing.address}: more than {MOST_PAGES} pages",
            "an end",
            "ask between two days: --since, --until",
        )
    return found


def _merged(found: Iterable[Revision]) -> list[Revision]:
    """Each key once, oldest first: with the newest date told of it, and with every request's first file."""
    merged: dict[str, Revision] = {}
    for key in found:
        before = merged.get(key.key, key)
        newest = max(before, key, key=lambda one: one.known_at)
        files = dict(before.files)
        for request, path in key.files:
            files.setdefault(request, path)
        merged[key.key] = replace(newest, files=tuple(files.items()))
    return sorted(merged.values(), key=lambda key: (key.known_at, key.key))


def _nearest(source: Source, name: str, listed: list[Revision]) -> Revision:
    names = [key.key for key in listed]
    begins = [key for key in listed if key.key.startswith(name)]
    if len(begins) == 1 and len(name) >= SHORTEST and dated(source).kind == "commit":
        return begins[0]
    near = [key.key for key in begins[:3]] or difflib.get_close_matches(name, names, n=1, cutoff=0.3)
    raise _no_key(source, name, near or names[-1:])


def _no_key(source: Source, name: str, near: Sequence[str]) -> UsageError:
    return UsageError(
        f"{source.id}: no {dated(source).kind} {name[:60]!r}",
        f"one that upstream lists, as in {' or '.join(near)}" if near else "one that upstream lists",
        f"see: aigap backfill {source.id} --list",
    )

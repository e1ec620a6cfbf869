"""Fetch past publications of a source; their bytes count as known since the revision."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from sources.contract.receipt import Receipt
from sources.contract.request import Request
from sources.contract.revisions import Revision, RevisionIndex
from sources.contract.source import Source
from sources.errors import FetchError, ParseError
from sources.ingestion.address_overrides import Overrides, override_prefixes, read_overrides
from sources.ingestion.archive import Archive
from sources.ingestion.archive.gone_keys import GoneKey, gone_keys, record_gone
from sources.ingestion.baseline import NOTHING_SHIPS, Baseline
from sources.ingestion.intake import IntakeResult, KeepRows, Outcome, discard
from sources.ingestion.revision_search import find_revision, revision_index

if TYPE_CHECKING:
    from sources.ingestion.web.session import Session

#: The kind of a key that names its bytes for ever.
COMMIT = "commit"
#: A commit never changes; the folder of a day may still get its file for so long.
STILL_FILLED = timedelta(days=7)


@dataclass(frozen=True)
class StoredBody:
    """Metadata of one body in the archive or in the shipped history."""

    request: str
    known_at: datetime
    file_name: str
    key: str = ""

    @classmethod
    def of(cls, receipt: Receipt) -> StoredBody:
        """The metadata in ``receipt``."""
        return cls(receipt.request, receipt.known_at, receipt.file_name, receipt.key)


def backfill(
    source: Source,
    revision: Revision,
    archive: Path,
    names: Iterable[str] = (),
    *,
    session: Session | None = None,
    overrides: Overrides | None = None,
    now: datetime | None = None,
    keep_rows: KeepRows = discard,
    ask_again: bool = False,
    baseline: Baseline = NOTHING_SHIPS,
) -> list[Outcome]:
    """Fetch what ``source`` published at ``revision`` into the archive below ``archive``, each request on its own.

    Whole histories (``…_full``) are fetched when they are among ``names``. What is archived already is not fetched
    again; nor, unless ``ask_again``, what upstream did not have at a commit. ``overrides`` replace what addresses begin
    with, not the addresses of requests, which are live ones. The rows of each new body go to ``keep_rows``.
    """
    # Loaded only to fetch: a build names sources too, and needs no requests.
    from sources.ingestion.fetch import fetch_revision
    from sources.ingestion.web.session import shared_session

    stored = Archive(archive)
    index = revision_index(source)
    if overrides is None:
        overrides = read_overrides()
    if index.is_mutable and not revision.commit:
        try:
            revision = find_revision(source, revision.key, session=session, overrides=overrides)
        except (FetchError, ParseError) as error:
            return [
                Outcome(source.id, request.name, IntakeResult.FAILED, error.line())
                for request in requests_at(index, revision, names)
            ]
    gone = frozenset() if ask_again else gone_keys(stored, source.id)
    outcomes = []
    for request in requests_at(index, revision, names):
        receipts = stored.history(source.id, request.name)
        match = next(
            (one for one in receipts if is_stored(index, revision, request, StoredBody.of(one))), None
        )
        if match is not None and stored.is_intact(match):
            outcome = _archived_already(stored, index, revision, match)
        elif _gone_key(request, revision) in gone:
            note = "upstream had no file when it was asked before"
            outcome = Outcome(source.id, request.name, IntakeResult.GONE, note=note)
        else:
            outcome = fetch_revision(
                source,
                override_prefixes(request, overrides),
                revision,
                stored,
                session or shared_session(),
                now=now,
                keep_rows=keep_rows,
                baseline=baseline,
            )
            at = now or datetime.now(UTC)
            is_final = index.kind == COMMIT or revision.commit or at - revision.known_at > STILL_FILLED
            if outcome.result is IntakeResult.GONE and is_final:
                record_gone(stored, source.id, _gone_key(request, revision), at)
        outcomes.append(outcome)
    return outcomes


def _archived_already(stored: Archive, index: RevisionIndex, revision: Revision, match: Receipt) -> Outcome:
    """The outcome for a body that is archived; its day is mended where the revision was known before."""
    note = "archived already"
    if index.kind == COMMIT and revision.known_at < match.known_at:
        note = f"archived already; known since {revision.known_at:%Y-%m-%d}, not {match.known_at:%Y-%m-%d}"
        match = stored.put_unchanged(match, replace(match, known_at=revision.known_at))
    return Outcome(match.source_id, match.request, IntakeResult.UNCHANGED, receipt=match, note=note)


def _gone_key(request: Request, revision: Revision) -> GoneKey:
    return request.name, revision.commit or revision.key


def requests_at(index: RevisionIndex, revision: Revision, names: Iterable[str] = ()) -> tuple[Request, ...]:
    """The requests that ``revision`` answers, or those of them called one of ``names``.

    Without names, whole histories (``…_full``) are left out.
    """
    names = tuple(names)
    return tuple(
        request
        for request in index.requests_of(revision)
        if (request.name in names if names else not request.name.endswith("_full"))
    )


def is_stored(index: RevisionIndex, revision: Revision, request: Request, body: StoredBody) -> bool:
    """Is ``body`` what ``request`` answers at ``revision``, as far as its metadata says?"""
    if body.request != request.name:
        return False
    key = body.key or index.key_in_name(PurePath(body.file_name))
    if not key:
        return body.known_at == revision.known_at
    return revision.key.startswith(key) and (not revision.commit or body.known_at == revision.known_at)


def missing_requests(
    source: Source,
    revision: Revision,
    stored: Sequence[StoredBody],
    names: Iterable[str] = (),
    gone: Collection[GoneKey] = (),
) -> list[str]:
    """The names of the requests of ``revision`` that none of ``stored`` answers and that are not ``gone``."""
    index = revision_index(source)
    return [
        request.name
        for request in requests_at(index, revision, names)
        if not any(is_stored(index, revision, request, body) for body in stored)
        and _gone_key(request, revision) not in gone
    ]

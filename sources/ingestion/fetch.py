"""Fetch one request, as it is now or as it was at a revision, and archive the body."""

from __future__ import annotations

import logging
import time
from dataclasses import asdict, replace
from datetime import UTC, datetime
from pathlib import PurePosixPath
from urllib.parse import unquote, urlsplit

from sources.contract.addresses import public_address
from sources.contract.receipt import Receipt
from sources.contract.request import Request
from sources.contract.revisions import Revision
from sources.contract.source import Source
from sources.contract.zip_files import bundle, is_zip
from sources.errors import AigapError, FetchError, GoneError, ParseError, RejectedBody, UsageError, unforeseen
from sources.ingestion.acceptance import check_body_start
from sources.ingestion.api_keys import key_headers
from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import FetchFailure, record_failure
from sources.ingestion.baseline import NOTHING_SHIPS, Baseline
from sources.ingestion.intake import (
    IntakeResult,
    KeepRows,
    Outcome,
    discard,
    refuse,
    rejection,
    take_in,
    unchanged,
)
from sources.ingestion.web.body import ReportProgress
from sources.ingestion.web.response import Response, check_end, check_media_type
from sources.ingestion.web.session import Session

#: Seconds between two lines about a body that is still arriving.
REPORT_EVERY = 5.0
CONDITIONS = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
progress = logging.getLogger("aigap.progress")


def fetch(
    source: Source,
    request: Request,
    archive: Archive,
    session: Session,
    *,
    now: datetime | None = None,
    keep_rows: KeepRows = discard,
    baseline: Baseline = NOTHING_SHIPS,
) -> Outcome:
    """Fetch ``request`` and archive the body, known since ``now`` (default: the time of the call).

    The rows of a new body go to ``keep_rows``. Failures of upstream are in the outcome, never raised.
    """
    if not request.address:
        reason = f"{source.id}/{request.name}: nothing live to fetch; its files are ingested"
        return Outcome(source.id, request.name, IntakeResult.FAILED, reason)
    now = now or datetime.now(UTC)
    try:
        last = archive.latest(source.id, request.name, at=now)
        if last is not None and not archive.is_intact(last):
            last = None
        receipt = _receipt(source, request, now)
        sha256 = _fingerprint(request, session) if last is not None else None
        if sha256 and (refusal := rejection(archive, replace(receipt, sha256=sha256))) is not None:
            return refusal
        if last is not None and sha256 == last.sha256:
            same = replace(receipt, address=last.address, headers=last.headers)
            return unchanged(source, archive, archive.put_unchanged(last, same))
        response = session.get(
            request.address,
            conditions=_conditions(request, last, receipt.asked),
            secrets=key_headers(request),
            report=_reporter(f"{source.id}/{request.name}"),
        )
        if response.status == 304 and last is not None:
            headers = {**last.headers, **response.headers}
            same = replace(receipt, address=response.address, status=304, headers=headers)
            return unchanged(source, archive, archive.put_unchanged(last, same))
        if request.follow is not None:
            check_media_type(response, request.media_types)
            response = _follow(request, response, session)
        receipt = _answered(receipt, response)
        # A bundle is our own; anything else is what upstream answered.
        if request.follow is None or not is_zip(response.body):
            try:
                _check(response, request)
            except RejectedBody as error:
                return refuse(archive, response.body, receipt, error)
        return take_in(source, archive, response.body, receipt, keep_rows, baseline)
    except (FetchError, RejectedBody, ParseError, UsageError) as error:
        record_failure(archive, FetchFailure(source.id, request.name, now, error.line()))
        return Outcome(source.id, request.name, IntakeResult.FAILED, error.line())


def fetch_revision(
    source: Source,
    request: Request,
    revision: Revision,
    archive: Archive,
    session: Session,
    *,
    now: datetime | None = None,
    keep_rows: KeepRows = discard,
    baseline: Baseline = NOTHING_SHIPS,
) -> Outcome:
    """Fetch ``request`` as it was at ``revision`` and archive the body, known since the revision.

    Failures of upstream are in the outcome, never raised, and not recorded in the archive, which only has failures of
    live requests. A file that upstream does not have at the revision is no failure.
    """
    assert source.revisions is not None
    now = now or datetime.now(UTC)
    try:
        # A committer's clock may be ahead: bytes are known by the time they are fetched.
        known_at = min(revision.known_at, now)
        receipt = replace(
            _receipt(source, request, now),
            known_at=known_at,
            key=revision.key,
            file_name=_file_name(request, revision, known_at),
        )
        sha256 = _fingerprint(request, session)
        for stored in archive.history(source.id, request.name) if sha256 else ():
            if stored.sha256 == sha256 and archive.is_intact(stored):
                same = replace(receipt, address=stored.address, headers=stored.headers)
                noted = archive.put_unchanged(stored, same)
                return Outcome(source.id, request.name, IntakeResult.UNCHANGED, receipt=noted)
        response = session.get(request.address, report=_reporter(f"{source.id}/{request.name}"))
        receipt = _answered(receipt, response)
        try:
            _check(response, request)
        except RejectedBody as error:
            return refuse(archive, response.body, receipt, error)
        body = response.body
        if request.companions:
            body = bundle({_last_segment(request.address): body, **_bodies(request.companions, session)})
        receipt = replace(receipt, known_at=min(source.revisions.known_at_of(revision, body), now))
        return take_in(source, archive, body, receipt, keep_rows, baseline)
    except GoneError:
        note = f"upstream has no file at {public_address(request.address)}"
        return Outcome(source.id, request.name, IntakeResult.GONE, note=note)
    except (FetchError, RejectedBody, ParseError) as error:
        return Outcome(source.id, request.name, IntakeResult.FAILED, error.line())


def _receipt(source: Source, request: Request, now: datetime) -> Receipt:
    """The receipt for a response that has not arrived yet."""
    return Receipt(
        source_id=source.id,
        request=request.name,
        sha256="",
        size=0,
        address=request.address,
        known_at=now,
        fetched_at=now,
        origin=asdict(source.origin),
        asked=public_address(request.address),
    )


def _answered(receipt: Receipt, response: Response) -> Receipt:
    return replace(receipt, address=response.address, status=response.status, headers=response.headers)


def _check(response: Response, request: Request) -> None:
    check_media_type(response, request.media_types)
    check_end(response, request.media_types)
    check_body_start(response.body, request)


def _file_name(request: Request, revision: Revision, known_at: datetime) -> str:
    """The name for a copy of a revision's file: `ingest` can read the day and the commit from it."""
    path = PurePosixPath(_last_segment(request.address))
    day = f"{known_at:%Y-%m-%d}"
    commit = "" if revision.key == day else f"_{revision.key[:12]}"
    return f"{path.stem}__{day}{commit}" + (".zip" if request.companions else path.suffix)


def _fingerprint(request: Request, session: Session) -> str | None:
    """The sha256 of the file upstream has now; None when there is no fingerprint, or it cannot be fetched or read."""
    if request.fingerprint is None:
        return None
    try:
        return request.fingerprint.sha256_in(session.get(request.fingerprint.address).body)
    except AigapError as error:
        progress.debug("%s", error.line())
        return None


def _conditions(request: Request, last: Receipt | None, requested: str) -> dict[str, str]:
    """Headers that let the server answer 304 when its body is the archived one; only for the same address."""
    if last is None or last.asked != requested or request.follow is not None:
        return {}
    return {CONDITIONS[name]: value for name, value in last.headers.items() if name in CONDITIONS}


def _reporter(label: str) -> ReportProgress:
    """Logs how much of a large body has arrived, every `REPORT_EVERY` seconds."""
    last = time.monotonic()

    def report(received: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= REPORT_EVERY:
            last = time.monotonic()
            of = f" of {total / 1e6:.1f}" if total else ""
            progress.info("%s: %.1f%s MB", label, received / 1e6, of)

    return report


def _follow(request: Request, index: Response, session: Session) -> Response:
    """What ``index`` links to as one response: the only file, or a ZIP with each under the end of its address."""
    assert request.follow is not None
    try:
        addresses = request.follow(index.body)
    except AigapError:
        raise
    except Exception as error:
        raise unforeseen(f"{index.address}: the index", error) from None
    if len(addresses) == 1:
        return session.get(addresses[0])
    return replace(index, body=bundle(_bodies(addresses, session)), address=addresses[0], headers={})


def _bodies(addresses: tuple[str, ...], session: Session) -> dict[str, bytes]:
    return {_last_segment(address): session.get(address).body for address in addresses}


def _last_segment(address: str) -> str:
    return PurePosixPath(unquote(urlsplit(address).path)).name

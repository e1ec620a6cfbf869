"""From an address or a local file to the archive, through one gate.

A body is accepted when it has the declared type, its source's parser reads it, and it holds enough: at
least the source's row floor, neither far fewer nor far more rows and bytes than its predecessor, and leaders
no further from the predecessor's than the source allows. What is refused goes to quarantine with its reason,
and the last good bytes stay in use. The only module of this package that looks at the clock.
"""

from __future__ import annotations

import io
import logging
import time
from collections.abc import Mapping
from dataclasses import asdict, dataclass, field, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path, PurePosixPath
from urllib.parse import unquote, urlsplit

import polars as pl

from sources.contract.addresses import public_address
from sources.contract.receipt import Receipt, sha256_of
from sources.contract.request import Request
from sources.contract.revisions import Revision
from sources.contract.rows import OBSERVATION
from sources.contract.snapshot import Snapshot
from sources.contract.source import Parser, Source
from sources.contract.validation import read
from sources.contract.zip_files import bundle
from sources.errors import (
    AigapError,
    ArchiveError,
    FetchError,
    ParseError,
    RejectedBody,
    UsageError,
    excerpt,
    meant,
)
from sources.ingestion.archive import Archive
from sources.ingestion.body import ReportProgress
from sources.ingestion.local_files import body_of
from sources.ingestion.response import Response, check_media_type
from sources.ingestion.session import Session
from sources.parsing.bodies import looks_like_markup

#: What a body begins with, by the end of its address or file name.
MAGIC = {
    ".parquet": ((b"PAR1",), "Parquet"),
    ".zip": ((b"PK\x03\x04", b"PK\x05\x06"), "a ZIP file"),
    ".json": ((b"{", b"["), "JSON"),
}
#: A Parquet file of a few bytes may claim any number of rows. The arena's full history has 1.2 million.
MOST_ROWS = 20_000_000
#: Overdue, and silently repeating itself, is what has not changed for this many cadences.
STALE_AFTER = 2
#: Seconds between two lines about a body that is still arriving.
TELL_EVERY = 5.0
progress = logging.getLogger("aigap.progress")

#: What makes a row of a leaderboard one row; upstreams repeat rows and take the repetitions away again.
ROW_KEY = ("board", "variant", "category", "published_on", "model_name")
#: What one publication has of a board; without `published_on`, which a stamp may move alone.
FIGURES = ("board", "variant", "category", "model_name", "score", "votes")
SERIES = ("board", "variant", "category")
#: Bodies this process has read: in a folder of files each is the next one's predecessor.
_read: dict[tuple[Parser, str, str], _Content] = {}


class Result(StrEnum):
    """What came of asking."""

    NEW = "new"  # other bytes than the ones known before
    UNCHANGED = "unchanged"
    QUARANTINED = "quarantined"  # something came, and was refused
    FAILED = "failed"  # nothing came


@dataclass(frozen=True)
class Outcome:
    """What came of one fetch or ingest. ``reason`` is empty unless it was refused or failed.

    ``rows`` counts distinct rows and is null when the body was not read: unchanged bytes are not read again.
    ``note`` says what is odd about a body that was accepted: for how long it has said the same.
    """

    source_id: str
    request: str
    result: Result
    reason: str = ""
    receipt: Receipt | None = None
    rows: int | None = None
    note: str = ""

    @property
    def failed(self) -> bool:
        """Was nothing accepted, because nothing came or what came was refused?"""
        return self.result in (Result.QUARANTINED, Result.FAILED)

    def fields(self) -> dict[str, object]:
        """For machines: the same as `line`, by name."""
        sha256 = self.receipt.sha256 if self.receipt else None
        names = ("source_id", "request", "result", "reason", "rows", "note")
        return {**{name: getattr(self, name) for name in names}, "sha256": sha256}

    def line(self) -> str:
        """For people: what was asked and what came of it, in one line."""
        words = [self.reason, f"{self.rows:,} rows" if self.rows is not None else "", self.note]
        told = "; ".join(filter(None, words))
        return f"{self.source_id}/{self.request}: {self.result}" + (f" ({told})" if told else "")


def fetch(
    source: Source, request: Request, archive: Archive, session: Session, *, now: datetime | None = None
) -> Outcome:
    """Ask upstream for ``request`` and keep what comes. Known at the time of the fetch. Never raises for
    what upstream does: that is in the outcome.
    """
    if not request.address:
        reason = f"{source.id}/{request.name}: nothing live to fetch; its files are ingested"
        return Outcome(source.id, request.name, Result.FAILED, reason)
    moment = now or datetime.now(UTC)
    try:
        return _fetched(source, request, archive, session, moment)
    except (FetchError, RejectedBody, ParseError) as error:
        archive.fail(source.id, request.name, moment, error.line())
        return Outcome(source.id, request.name, Result.FAILED, error.line())


def _fetched(source: Source, request: Request, archive: Archive, session: Session, now: datetime) -> Outcome:
    held = archive.latest(source.id, request.name, at=now)
    if held is not None and not archive.is_intact(held):
        held = None
    receipt = _asking(source, request, now)
    if held is not None and _fingerprint(request, session) == held.sha256:
        same = replace(receipt, address=held.address, headers=held.headers)
        return _unchanged(source, archive, archive.put_unchanged(held, same))
    conditions = _conditions(request, held, receipt.asked)
    telling = _telling(f"{source.id}/{request.name}")
    response = session.get(request.address, conditions=conditions, report=telling)
    if response.status == 304 and held is not None:
        headers = {**held.headers, **response.headers}
        same = replace(receipt, address=response.address, status=304, headers=headers)
        return _unchanged(source, archive, archive.put_unchanged(held, same))
    if request.follow is not None:
        check_media_type(response, request.media_types)
        response = _followed(_led(request, response), response, session)
    receipt = replace(receipt, address=response.address, status=response.status, headers=response.headers)
    try:
        if request.follow is None:
            check_media_type(response, request.media_types)
            _check_kind(response.body, request)
    except RejectedBody as error:
        return _refuse(archive, response.body, receipt, error.line())
    return _keep(source, archive, response.body, receipt)


def fetch_at(
    source: Source,
    request: Request,
    key: Revision,
    archive: Archive,
    session: Session,
    *,
    now: datetime | None = None,
) -> Outcome:
    """Ask upstream for ``request`` as it was at ``key``, and keep what comes: known since then, not since now.

    What was known before and after stays what it was; the gate compares with the newest body not known later.
    A failure is no failure of what is live, so nothing but the outcome tells of it. Never raises for what
    upstream does.
    """
    moment = now or datetime.now(UTC)
    try:
        return _fetched_at(source, request, key, archive, session, moment)
    except (FetchError, RejectedBody, ParseError) as error:
        return Outcome(source.id, request.name, Result.FAILED, error.line())


def _fetched_at(
    source: Source, request: Request, key: Revision, archive: Archive, session: Session, now: datetime
) -> Outcome:
    def known(moment: datetime) -> datetime:
        # A commit's date is whatever the clock of whoever made it said.
        return min(moment, now)

    assert source.revisions is not None
    receipt = replace(_asking(source, request, now), known_at=known(key.known_at), key=key.key)
    receipt = replace(receipt, file_name=_name_at(request, key, receipt.known_at))
    told = _fingerprint(request, session)
    for held in archive.history(source.id, request.name) if told else ():
        if held.sha256 == told and archive.is_intact(held):
            same = replace(receipt, address=held.address, headers=held.headers)
            kept = archive.put_unchanged(held, same)
            return Outcome(source.id, request.name, Result.UNCHANGED, receipt=kept)
    response = session.get(request.address, report=_telling(f"{source.id}/{request.name}"))
    receipt = replace(receipt, address=response.address, status=response.status, headers=response.headers)
    try:
        check_media_type(response, request.media_types)
        _check_kind(response.body, request)
    except RejectedBody as error:
        return _refuse(archive, response.body, receipt, error.line())
    body = response.body
    if request.companions:
        body = bundle({_last(request.address): body, **_bodies(request.companions, session)})
    receipt = replace(receipt, known_at=known(source.revisions.known_at_of(key, body)))
    return _keep(source, archive, body, receipt)


def _asking(source: Source, request: Request, now: datetime) -> Receipt:
    """The receipt of an answer that has not come yet."""
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


def _name_at(request: Request, key: Revision, known_at: datetime) -> str:
    """What a copy of a key's file is called, so that `ingest` reads the day and the commit from it again."""
    path = PurePosixPath(_last(request.address))
    day = f"{known_at:%Y-%m-%d}"
    told = "" if key.key == day else f"_{key.key[:12]}"
    return f"{path.stem}__{day}{told}" + (".zip" if request.companions else path.suffix)


def ingest(
    source: Source,
    request_name: str | None,
    path: Path,
    archive: Archive,
    now: datetime | None = None,
    *,
    known_at: datetime | None = None,
) -> Outcome:
    """Put a local file through the same gate.

    ``request_name`` may be left out when the file's name tells it or there is only one. The content is
    known at ``known_at``, else at what the source reads from the name or the body, else ``now``: a file's
    own time is when it was copied. Raises `UsageError` when the file cannot be read or its request told.
    """
    try:
        body = body_of(source, path)
    except OSError as error:
        raise UsageError(f"{path}: {error.strerror or error}", "a readable file") from None
    request = _request_of(source, request_name, path)
    moment = now or datetime.now(UTC)
    receipt = Receipt(
        source_id=source.id,
        request=request.name,
        sha256=sha256_of(body),
        size=len(body),
        address=source.address_of(path),
        known_at=known_at or source.known_at_of(path, body) or moment,
        fetched_at=moment,
        file_name=path.name,
        origin=asdict(source.origin),
    )
    return _keep(source, archive, body, receipt)


def accept(source: Source, snapshot: Snapshot, predecessor: Snapshot | None) -> int:
    """How many distinct rows ``snapshot`` holds, if it may be used.

    Raises `ParseError` when it cannot be read and `RejectedBody` when it holds too little, or too much that
    its predecessor gives no reason to believe.
    """
    return _accepted(source, snapshot, predecessor)[0].rows


def _accepted(
    source: Source, snapshot: Snapshot, predecessor: Snapshot | None
) -> tuple[_Content, _Content | None]:
    """What ``snapshot`` holds, and what its predecessor did, if that can be told."""
    content = _content(source, snapshot)
    if content.rows < source.row_floor:
        raise RejectedBody(
            f"{snapshot.where()}: {content.rows} rows", f"at least {source.row_floor}", "look at the bytes"
        )
    if predecessor is None:
        return content, None
    try:
        before = _content(source, predecessor)
    except ParseError:
        # Accepted by an earlier parser; nothing to compare with.
        return content, None
    remedy = "if upstream really changed so much, remove the predecessor from the archive"
    if not source.may_shrink and content.rows < source.min_share * before.rows:
        raise RejectedBody(
            f"{snapshot.where()}: {content.rows} rows after {before.rows} before",
            f"at least {source.min_share:.0%} of them",
            remedy,
        )
    most = source.max_growth
    for what, now, then in (
        ("rows", content.rows, before.rows),
        ("bytes", len(snapshot.body), len(predecessor.body)),
    ):
        if not source.may_shrink and (now > most * then or now < then / most):
            raise RejectedBody(
                f"{snapshot.where()}: {now} {what} after {then} before",
                f"neither {most:g} times as many nor as few",
                remedy,
            )
    if source.max_step is not None:
        for series in sorted(content.best.keys() & before.best.keys()):
            step = content.best[series] - before.best[series]
            if abs(step) > source.max_step:
                raise RejectedBody(
                    f"{snapshot.where()}: the best score of {'/'.join(series)} is {content.best[series]:g} "
                    f"after {before.best[series]:g}",
                    f"a step of at most {source.max_step:g}",
                    remedy,
                )
    return content, before


def _keep(source: Source, archive: Archive, body: bytes, receipt: Receipt) -> Outcome:
    held = archive.latest(source.id, receipt.request, at=receipt.known_at)
    if held is not None and held.sha256 == sha256_of(body):
        return _unchanged(source, archive, archive.put(body, receipt))
    try:
        content, before = _accepted(source, Snapshot(body, receipt), _predecessor(archive, held))
    except (ParseError, RejectedBody) as error:
        return _refuse(archive, body, receipt, error.line())
    kept = archive.put(body, receipt)
    note = "" if receipt.file_name else _oddness(source, content, before, receipt.fetched_at)
    return Outcome(source.id, receipt.request, Result.NEW, receipt=kept, rows=content.rows, note=note)


def _unchanged(source: Source, archive: Archive, receipt: Receipt) -> Outcome:
    note = ""
    since = archive.unchanged_since(source.id, receipt.request)
    if source.cadence and since and receipt.known_at - since > STALE_AFTER * source.cadence:
        note = f"the same bytes since {since:%Y-%m-%d}, expected to change every {source.cadence.days} days"
    return Outcome(source.id, receipt.request, Result.UNCHANGED, receipt=receipt, note=note)


def _oddness(source: Source, content: _Content, before: _Content | None, now: datetime) -> str:
    """What is odd about new bytes: old figures under a new stamp, or a publication day that no longer moves."""
    if before is not None and content.figures is not None and content.figures == before.figures:
        return "new bytes, the same figures as before"
    if source.cadence and content.newest and now.date() - content.newest > STALE_AFTER * source.cadence:
        return f"new bytes, but no figures after {content.newest}"
    return ""


def _predecessor(archive: Archive, held: Receipt | None) -> Snapshot | None:
    if held is None:
        return None
    try:
        return archive.load(held)
    except ArchiveError:
        # `Archive.verify` reports the damage; it must not keep good bytes out.
        return None


def _refuse(archive: Archive, body: bytes, receipt: Receipt, reason: str) -> Outcome:
    kept = archive.quarantine(body, receipt, reason)
    return Outcome(receipt.source_id, receipt.request, Result.QUARANTINED, reason, kept)


def _fingerprint(request: Request, session: Session) -> str | None:
    """The sha256 of what upstream has, if it tells; an answer that cannot be had or read tells nothing."""
    if request.fingerprint is None:
        return None
    try:
        return request.fingerprint.sha256_in(session.get(request.fingerprint.address).body)
    except AigapError as error:
        progress.debug("%s", error.line())
        return None


def _conditions(request: Request, held: Receipt | None, asked: str) -> dict[str, str]:
    """What makes the server answer 304 when it still has what is held. Only the same address can tell."""
    if held is None or held.asked != asked or request.follow is not None:
        return {}
    names = {"etag": "If-None-Match", "last-modified": "If-Modified-Since"}
    return {names[name]: value for name, value in held.headers.items() if name in names}


def _telling(what: str) -> ReportProgress:
    """Tell of a large body that it is still arriving."""
    last = time.monotonic()

    def tell(received: int, total: int | None) -> None:
        nonlocal last
        if time.monotonic() - last >= TELL_EVERY:
            last = time.monotonic()
            of = f" of {total / 1e6:.1f}" if total else ""
            progress.info("%s: %.1f%s MB", what, received / 1e6, of)

    return tell


def _led(request: Request, index: Response) -> tuple[str, ...]:
    assert request.follow is not None
    try:
        return request.follow(index.body)
    except AigapError:
        raise
    except Exception as error:
        raise _surprise(f"{index.address}: the index", error) from None


def _followed(addresses: tuple[str, ...], index: Response, session: Session) -> Response:
    """What an index leads to, as one response: the files bundled under their addresses' last segments."""
    return replace(index, body=bundle(_bodies(addresses, session)), address=addresses[0], headers={})


def _bodies(addresses: tuple[str, ...], session: Session) -> dict[str, bytes]:
    return {_last(address): session.get(address).body for address in addresses}


def _last(address: str) -> str:
    """The last segment of an address's path: what its file is called."""
    return PurePosixPath(unquote(urlsplit(address).path)).name


def _check_kind(body: bytes, request: Request) -> None:
    """Raises `RejectedBody` when ``body`` does not begin like what was asked for. Empty ones the parser names."""
    where = public_address(request.address)
    wants_page = not request.media_types or any(
        "html" in kind or "xml" in kind for kind in request.media_types
    )
    if not wants_page and looks_like_markup(body):
        raise RejectedBody(f"{where}: a web page", " or ".join(request.media_types), "look at the bytes")
    magics, kind = MAGIC.get(PurePosixPath(urlsplit(request.address).path).suffix.casefold(), ((), ""))
    start = body.removeprefix(b"\xef\xbb\xbf").lstrip() if kind == "JSON" else body
    if start and magics and not start.startswith(magics):
        raise RejectedBody(f"{where}: begins with {body[:16]!r}", kind, "look at the bytes")


@dataclass(frozen=True)
class _Content:
    """What acceptance needs to know of a body once it is read."""

    rows: int
    #: The best score of each board, variant and category on its newest day.
    best: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    newest: date | None = None
    #: Equal for equal figures, whatever their order and day; None for what is no leaderboard.
    figures: int | None = None


def _content(source: Source, snapshot: Snapshot) -> _Content:
    known = (source.parse, snapshot.request, sha256_of(snapshot.body))
    if known not in _read:
        _read[known] = _summary(source, snapshot)
    return _read[known]


def _summary(source: Source, snapshot: Snapshot) -> _Content:
    _refuse_endless_rows(snapshot)
    try:
        frame = read(source, snapshot)
    except AigapError:
        raise
    # A damaged file can make Polars panic, which is no Exception.
    except (Exception, pl.exceptions.PanicException) as error:
        raise _surprise(snapshot.where(), error) from None
    if source.schema is not OBSERVATION:
        return _Content(frame.height)
    scored = frame.filter(pl.col("score").is_not_null())
    latest = pl.col("published_on").max().over(SERIES)
    best = (
        scored.filter(latest.is_null() | (pl.col("published_on") == latest))
        .group_by(SERIES)
        .agg(pl.col("score").max())
    )
    newest = frame["published_on"].max()
    return _Content(
        rows=frame.select(ROW_KEY).n_unique(),
        best={row[:-1]: row[-1] for row in best.iter_rows()},
        newest=newest if isinstance(newest, date) else None,
        figures=int(frame.select(FIGURES).unique().hash_rows(seed=0).sum() or 0),
    )


def _refuse_endless_rows(snapshot: Snapshot) -> None:
    if not snapshot.body.startswith(b"PAR1"):
        return
    try:
        rows = pl.scan_parquet(io.BytesIO(snapshot.body)).select(pl.len()).collect().item()
    except (pl.exceptions.PolarsError, pl.exceptions.PanicException, OSError, ValueError):
        return  # the parser says what is wrong
    if rows > MOST_ROWS:
        raise ParseError(f"{snapshot.where()}: {rows} rows", f"at most {MOST_ROWS}", "look at the bytes")


def _surprise(where: str, error: BaseException) -> ParseError:
    """An error nobody foresaw, met while reading: what came is at fault until somebody has looked."""
    return ParseError(
        f"{where}: {type(error).__name__}: {excerpt(error)}",
        "a body its parser reads",
        "look at it, or fix the parser",
    )


def _request_of(source: Source, name: str | None, path: Path) -> Request:
    known = [request.name for request in source.requests]
    told = name or source.request_for(path)
    if told not in known:
        found = f"no request named {told!r}" if told else f"{path.name} does not tell its request"
        hint = meant(told or "", known, "name the request")
        raise UsageError(f"{source.id}: {found}", "one of " + ", ".join(known), hint)
    return source.request(told)

"""Whether a body is accepted, and what of it is held back.

Accepted is what has the requested type, what its parser reads, and has at least the source's row floor. What does not
fit the figures known before (`sources.ingestion.baseline`) is held back alone, until a person releases it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import polars as pl

from sources.contract.addresses import public_address
from sources.contract.receipt import Receipt
from sources.contract.request import Request
from sources.contract.rows import OBSERVATION
from sources.contract.set_aside import Parsed, ParsedFile
from sources.contract.snapshot import Snapshot
from sources.contract.source import Coverage, Source
from sources.errors import RejectedBody
from sources.ingestion.archive.decisions import Missing, Oddity
from sources.ingestion.archive.store import Archive
from sources.ingestion.baseline import (
    MEMORY,
    Baseline,
    KnownBody,
    ReadBody,
    known_bodies,
    known_points,
    known_rows,
    points_of,
    read_body,
)
from sources.ingestion.plausibility import Suspicion
from sources.ingestion.plausibility.boards import Allowed, suspicious_publications
from sources.ingestion.plausibility.lists import rules_of, suspicious_rows
from sources.ingestion.plausibility.order import out_of_order
from sources.ingestion.plausibility.points import SERIES
from sources.ingestion.plausibility.sizes import (
    LEAST_ROWS,
    has_new_board,
    missing_series,
    suspicious_size,
)
from sources.ingestion.plausibility.suspicion import series_name
from sources.parsing.bodies import looks_like_markup

#: How a body begins, by the ending of its address.
MAGIC = {
    ".parquet": ((b"PAR1",), "Parquet"),
    ".zip": ((b"PK\x03\x04", b"PK\x05\x06"), "a ZIP file"),
    ".json": ((b"{", b"["), "JSON"),
}
#: How long something that vanished is still said.
REMEMBERED = timedelta(days=180)
#: The key of a row; upstreams repeat rows, and later remove the repetitions.
ROW_KEY = (*SERIES, "published_on", "model_name")
#: The figures of a publication, without `published_on`: that alone may change.
FIGURES = (*SERIES, "model_name", "score", "votes")
HASHES = 2**64


@dataclass(frozen=True)
class Accepted:
    """An accepted body as parsed: its distinct ``rows``, the newest printed day, and what is suspicious.

    ``oddities`` are what it lacks beside the bodies before it. ``is_repetition``: the figures are those of the one
    before.
    """

    parsed: Parsed | ParsedFile
    rows: int
    newest: date | None
    suspicions: tuple[Suspicion, ...]
    oddities: tuple[Oddity, ...]
    is_repetition: bool


def accept(source: Source, snapshot: Snapshot, archive: Archive, baseline: Baseline) -> Accepted:
    """``snapshot``, parsed, and what of it does not fit what was known before, in ``archive`` and ``baseline``.

    Raises `ParseError` when it cannot be read and `RejectedBody` when it has too few rows.
    """
    body = read_body(source, snapshot)
    receipt = snapshot.receipt
    before = next(known_bodies(source, archive, receipt.request, receipt.known_at), None)
    if source.schema is OBSERVATION:
        accepted = _accept_board(source, snapshot, body, archive, baseline, before)
    else:
        _check_rows(source, snapshot, body.rows.height)
        frame = body.rows.frame
        suspicions = _suspicious_list(source, snapshot, frame, archive, baseline, before)
        oddities = _oddities(body, before, receipt.known_at.date(), pl.DataFrame(schema=SERIES))
        accepted = Accepted(body.rows, frame.height, None, tuple(suspicions), oddities, False)
    MEMORY.remember(source, snapshot, body)
    return accepted


def _accept_board(
    source: Source,
    snapshot: Snapshot,
    body: ReadBody,
    archive: Archive,
    baseline: Baseline,
    before: KnownBody | None,
) -> Accepted:
    # A large body is looked at some series at a time: nothing is compared across them.
    receipt = snapshot.receipt
    odd_size = _odd_size(source, snapshot, body.rows.height, before)
    rows = publications = figures = 0
    newest: date | None = None
    suspicions: list[Suspicion] = []
    displaced: list[Suspicion] = []
    series = []
    for part in body.rows.parts():
        rows += part.select(ROW_KEY).n_unique()
        figures += _figures(part)
        day = part["published_on"].max()
        if isinstance(day, date):
            newest = max(newest or day, day)
        series.append(part.select(SERIES).unique())
        if odd_size is None:
            found = points_of(source, part, receipt) if body.points is None else body.points
            publications += found.select(*SERIES, "day").n_unique()
            suspicions += _suspicious_series(source, receipt, found, archive, baseline)
            displaced += out_of_order(part)
    _check_rows(source, snapshot, rows)
    if odd_size is not None:
        suspicions = [Suspicion({}, odd_size)]
    else:
        named = {series_name(suspicion.series) for suspicion in suspicions}
        suspicions += [one for one in displaced if series_name(one.series) not in named]
        # Nothing is left of the body: one line says so.
        if suspicions and len(suspicions) == publications:
            suspicions = [_nothing_left(suspicions[0], publications)]
    return Accepted(
        body.rows,
        rows,
        newest,
        tuple(suspicions),
        _oddities(body, before, receipt.known_at.date(), pl.concat(series)),
        before is not None and figures % HASHES == sum(map(_figures, before.rows.parts())) % HASHES,
    )


def _check_rows(source: Source, snapshot: Snapshot, rows: int) -> None:
    least = source.least_rows(snapshot.request)
    if rows < least:
        raise RejectedBody(f"{snapshot.where()}: {rows} rows", f"at least {least}", "look at the bytes")


def check_body_start(body: bytes, request: Request) -> None:
    """Raises `RejectedBody` when ``body`` does not begin like the requested type; it may be empty."""
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


def _suspicious_series(
    source: Source, receipt: Receipt, found: pl.DataFrame, archive: Archive, baseline: Baseline
) -> list[Suspicion]:
    known = known_points(source, archive, receipt.request, receipt.known_at, found, baseline)
    may_shrink = source.may_shrink or source.coverage is not Coverage.WHOLE
    return suspicious_publications(found, known, Allowed(may_shrink, source.new_questions))


def _nothing_left(first: Suspicion, publications: int) -> Suspicion:
    name = "/".join(str(first.series[column]) for column in SERIES)
    many = f"all {publications} publications, the first is " if publications > 1 else ""
    return Suspicion({}, f"{many}{name}: {first.reason}")


def _suspicious_list(
    source: Source,
    snapshot: Snapshot,
    frame: pl.DataFrame,
    archive: Archive,
    baseline: Baseline,
    before: KnownBody | None,
) -> list[Suspicion]:
    reason = _odd_size(source, snapshot, frame.height, before)
    rules = rules_of(source.schema)
    receipt = snapshot.receipt
    known, old_rows = known_rows(source, archive, receipt.request, receipt.known_at, baseline)
    if (
        reason is None
        and old_rows is not None
        and not source.may_shrink
        and frame.height < LEAST_ROWS * old_rows
    ):
        reason = f"{frame.height} rows, after {old_rows}"
    if reason is not None:
        return [Suspicion({}, reason)]
    if rules is None or known.is_empty():
        return []
    if source.unchecked_providers:
        frame = frame.filter(~pl.col("provider").is_in(source.unchecked_providers))
    return suspicious_rows(rules, frame, known)


def _odd_size(source: Source, snapshot: Snapshot, rows: int, before: KnownBody | None) -> str | None:
    if before is None or source.may_shrink:
        return None
    reason = suspicious_size(
        rows, len(snapshot.body), before.rows.height, before.receipt.size, source.max_growth
    )
    return None if reason is None else f"{reason} on {before.receipt.known_at:%Y-%m-%d}"


def _oddities(
    body: ReadBody, before: KnownBody | None, day: date, listed: pl.DataFrame
) -> tuple[Oddity, ...]:
    """What is missing since ``day``, and what was before and still is, for as long as `REMEMBERED`.

    ``listed`` are the series of a leaderboard, none of other lists.
    """
    if before is None:
        return ()
    files = body.files
    is_board = not listed.is_empty()
    series = set(listed.select(pl.concat_str(SERIES, separator="/")).to_series()) if is_board else set()
    series |= {name.rpartition("/")[0] for name in series}
    still = {
        (one.kind, one.name): one
        for one in before.oddities
        if one.since + REMEMBERED > day
        and (
            one.name not in series
            if one.kind is Missing.SERIES
            else (one.name in files) == (one.kind is Missing.UNREAD)
        )
    }
    found: list[tuple[Missing, str]] = []
    known = before.rows.lazy().select(SERIES).unique().collect() if is_board else listed
    if is_board:
        found += [(Missing.SERIES, name) for name in missing_series(listed, known)]
    if files and before.files:
        found += [(Missing.FILE, name) for name in before.files - files]
        if is_board and not has_new_board(listed, known):
            found += [(Missing.UNREAD, name) for name in files - before.files]
    new = {key: Oddity(*key, day) for key in found}
    return tuple(one for _, one in sorted({**new, **still}.items()))


def _figures(frame: pl.DataFrame) -> int:
    """A hash of the figures of a leaderboard, whatever their order and day; of several parts the sum, in `HASHES`."""
    return int(frame.select(FIGURES).unique().hash_rows(seed=0).sum() or 0)

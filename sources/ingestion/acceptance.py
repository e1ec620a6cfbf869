"""Whether a body is accepted: it has the requested type, its parser reads it, and its rows are plausible.

Plausible means: at least the source's row floor, neither far fewer nor far more rows and bytes than the predecessor,
and best scores no further from the predecessor's than the source allows.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date
from pathlib import PurePosixPath
from urllib.parse import urlsplit

import polars as pl

from sources.contract.addresses import public_address
from sources.contract.receipt import sha256_of
from sources.contract.request import Request
from sources.contract.rows import OBSERVATION
from sources.contract.set_aside import Parsed
from sources.contract.snapshot import Snapshot
from sources.contract.source import Parser, Source
from sources.errors import ParseError, RejectedBody
from sources.ingestion.parser_process import read_apart
from sources.parsing.bodies import looks_like_markup

#: How a body begins, by the ending of its address.
MAGIC = {
    ".parquet": ((b"PAR1",), "Parquet"),
    ".zip": ((b"PK\x03\x04", b"PK\x05\x06"), "a ZIP file"),
    ".json": ((b"{", b"["), "JSON"),
}
SERIES = ("board", "variant", "category")
#: The key of a row; upstreams repeat rows, and later remove the repetitions.
ROW_KEY = (*SERIES, "published_on", "model_name")
#: The figures of a publication, without `published_on`: that alone may change.
FIGURES = (*SERIES, "model_name", "score", "votes")


@dataclass(frozen=True)
class Summary:
    """What acceptance compares of two bodies."""

    #: Distinct rows.
    rows: int
    #: The best score of each board, variant and category on its newest day.
    best: Mapping[tuple[str, ...], float] = field(default_factory=dict)
    newest: date | None = None
    #: A hash of the figures, whatever their order and day; None for other tables than leaderboards.
    figures: int | None = None


@dataclass(frozen=True)
class Accepted:
    """An accepted body as parsed, and the summaries of it and of its predecessor, if that can be read."""

    parsed: Parsed
    summary: Summary
    before: Summary | None


#: Summaries of bodies this process has read: in a folder of files, each is the predecessor of the next.
_summaries: dict[tuple[Parser, str, str], Summary] = {}


def accept(source: Source, snapshot: Snapshot, predecessor: Snapshot | None) -> Accepted:
    """``snapshot``, parsed, if it may be used.

    Raises `ParseError` when it cannot be read and `RejectedBody` when it has too few rows, or differs from
    ``predecessor`` more than the source allows.
    """
    parsed = read_apart(source, snapshot)
    summary = _summarize(source, parsed.frame)
    _summaries[_key(source, snapshot)] = summary
    if summary.rows < source.row_floor:
        raise RejectedBody(
            f"{snapshot.where()}: {summary.rows} rows", f"at least {source.row_floor}", "look at the bytes"
        )
    before = _summary_of(source, predecessor)
    if predecessor is not None and before is not None:
        sizes = (len(snapshot.body), len(predecessor.body))
        _compare(source, snapshot.where(), summary, before, sizes)
    return Accepted(parsed, summary, before)


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


def _compare(source: Source, where: str, now: Summary, before: Summary, sizes: tuple[int, int]) -> None:
    """Raises `RejectedBody` when ``now`` is too far from ``before``; ``sizes`` are the bytes of both."""
    remedy = "if upstream really changed so much, remove the predecessor from the archive"
    if not source.may_shrink:
        if now.rows < source.min_share * before.rows:
            raise RejectedBody(
                f"{where}: {now.rows} rows after {before.rows} before",
                f"at least {source.min_share:.0%} of them",
                remedy,
            )
        growth = source.max_growth
        for what, new, old in (("rows", now.rows, before.rows), ("bytes", *sizes)):
            if new > growth * old or new < old / growth:
                raise RejectedBody(
                    f"{where}: {new} {what} after {old} before",
                    f"neither {growth:g} times as many nor as few",
                    remedy,
                )
    if source.max_step is not None:
        for series in sorted(now.best.keys() & before.best.keys()):
            if abs(now.best[series] - before.best[series]) > source.max_step:
                raise RejectedBody(
                    f"{where}: the best score of {'/'.join(series)} is {now.best[series]:g} "
                    f"after {before.best[series]:g}",
                    f"a step of at most {source.max_step:g}",
                    remedy,
                )


def _summary_of(source: Source, predecessor: Snapshot | None) -> Summary | None:
    if predecessor is None:
        return None
    key = _key(source, predecessor)
    if key not in _summaries:
        try:
            _summaries[key] = _summarize(source, read_apart(source, predecessor).frame)
        except ParseError:
            # Accepted by an earlier parser; there is nothing to compare with.
            return None
    return _summaries[key]


def _key(source: Source, snapshot: Snapshot) -> tuple[Parser, str, str]:
    return source.parse, snapshot.request, sha256_of(snapshot.body)


def _summarize(source: Source, frame: pl.DataFrame) -> Summary:
    if source.schema is not OBSERVATION:
        return Summary(frame.height)
    latest = pl.col("published_on").max().over(SERIES)
    best = (
        frame.filter(pl.col("score").is_not_null())
        .filter(latest.is_null() | (pl.col("published_on") == latest))
        .group_by(SERIES)
        .agg(pl.col("score").max())
    )
    newest = frame["published_on"].max()
    return Summary(
        rows=frame.select(ROW_KEY).n_unique(),
        best={row[:-1]: row[-1] for row in best.iter_rows()},
        newest=newest if isinstance(newest, date) else None,
        figures=int(frame.select(FIGURES).unique().hash_rows(seed=0).sum() or 0),
    )

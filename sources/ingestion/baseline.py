"""What was known of a source's figures before a body: from the archive and from what ships beside it."""

from __future__ import annotations

import io
import re
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from itertools import islice
from typing import Protocol

import polars as pl

from sources.contract.receipt import Receipt, sha256_of
from sources.contract.rows import OBSERVATION
from sources.contract.set_aside import Parsed, ParsedFile, is_in_series
from sources.contract.snapshot import Snapshot
from sources.contract.source import Parser, Source
from sources.errors import AigapError, ArchiveError
from sources.ingestion.archive.decisions import Oddity, decisions_about
from sources.ingestion.archive.store import Archive
from sources.ingestion.parser_process import read_apart
from sources.ingestion.plausibility.points import KEY, POINTS, SERIES, newest_of_each_day, points

#: How many archived bodies of a request are looked through for series that the newest does not have.
LOOKED_THROUGH = 3
#: A file named after its day is not another one on the next.
_DAY = re.compile(r"(?<!\d)\d{4}[-_]\d{2}[-_]\d{2}(?!\d)")


class Baseline(Protocol):
    """Figures that are known without the archive: in ``warehouse``, the shipped history."""

    def rows(self, source: Source) -> pl.DataFrame:
        """All rows of ``source``, in its schema, with ``known_at`` (UTC) and ``request``, written source/request."""

    def witnesses(self, source: Source, series: pl.DataFrame) -> pl.DataFrame:
        """Rows of the boards, variants and categories ``series`` by other sources of the same producer, likewise."""

    def ships(self, receipt: Receipt) -> bool:
        """Whether rows of the body of ``receipt`` are among them."""


class NothingShips:
    """No figures beside the archive."""

    def rows(self, source: Source) -> pl.DataFrame:
        """No rows."""
        return pl.DataFrame(schema={**source.schema, "known_at": pl.Datetime("us"), "request": pl.String()})

    def witnesses(self, source: Source, series: pl.DataFrame) -> pl.DataFrame:
        """No rows."""
        return self.rows(source)

    def ships(self, receipt: Receipt) -> bool:
        """No body."""
        return False


NOTHING_SHIPS = NothingShips()


@dataclass(frozen=True)
class ReadBody:
    """What was read of a body: its rows, of a ZIP its files, and the points of a leaderboard that is not large."""

    rows: Parsed | ParsedFile
    files: frozenset[str]
    points: pl.DataFrame | None


@dataclass(frozen=True)
class KnownBody:
    """A body that is archived: its rows without those held, its size and, of a ZIP, its files."""

    source: Source
    receipt: Receipt
    rows: Parsed | ParsedFile
    files: frozenset[str]
    points: pl.DataFrame | None
    oddities: tuple[Oddity, ...] = ()

    def points_of(self, series: pl.DataFrame) -> pl.DataFrame:
        """The points of ``series``; none of other lists than leaderboards."""
        if self.points is not None:
            return self.points.join(series, on=SERIES, how="semi")
        rows = self.rows.lazy().filter(is_in_series(series)).collect()
        return points_of(self.source, rows, self.receipt)


@dataclass
class Memory:
    """Bodies and figures that this process has read: in a folder of files each is the predecessor of the next."""

    bodies: dict[tuple[Parser, str, str], ReadBody | None] = field(default_factory=dict)
    #: By series.
    shipped: dict[tuple[int, str], dict[tuple[object, ...], pl.DataFrame]] = field(default_factory=dict)

    def remember(self, source: Source, snapshot: Snapshot, body: ReadBody) -> None:
        """Keep what was read of ``snapshot``."""
        # The rows of the newest body of each request are enough: they are compared with those of the next.
        key = (source.parse, snapshot.request, sha256_of(snapshot.body))
        self.bodies[key] = body
        for old in [one for one in self.bodies if one[:2] == key[:2]][:-LOOKED_THROUGH]:
            del self.bodies[old]

    def forget(self) -> None:
        """Free all of it: of whole histories it is gigabytes."""
        self.bodies.clear()
        self.shipped.clear()


MEMORY = Memory()


def known_bodies(source: Source, archive: Archive, request: str, at: datetime) -> Iterator[KnownBody]:
    """The archived bodies of ``request`` not later than ``at`` of which anything counts, the newest first."""
    seen: set[str] = set()
    for receipt in archive.newest_first(source.id, request, at):
        if receipt.sha256 in seen:
            continue
        seen.add(receipt.sha256)
        decisions = decisions_about(archive.root, receipt)
        if decisions is not None and decisions.holds_all:
            continue
        read = _read(source, archive, receipt)
        if read is not None:
            rows, points_ = read.rows, read.points
            if decisions is not None and decisions.active:
                rows = rows.without(hold.selects() for hold in decisions.active)
                points_ = _points_of_small(source, rows, receipt)
            oddities = decisions.oddities if decisions else ()
            yield KnownBody(source, receipt, rows, read.files, points_, oddities)


def points_of(source: Source, frame: pl.DataFrame, receipt: Receipt) -> pl.DataFrame:
    """The points of a leaderboard's rows, ``frame``, in the body of ``receipt``; none of other lists."""
    if source.schema is not OBSERVATION:
        return pl.DataFrame(schema=POINTS)
    known_on = receipt.known_at.astimezone(UTC).date()
    listing = f"{receipt.source_id}/{receipt.request}"
    return points(frame.with_columns(known_on=pl.lit(known_on), listing=pl.lit(listing)))


def files_of(snapshot: Snapshot) -> frozenset[str]:
    """The names of the files of a ZIP body that was read, with ``<day>`` for a day in them; none of others."""
    if not snapshot.is_zip:
        return frozenset()
    with zipfile.ZipFile(io.BytesIO(snapshot.body)) as file:
        return frozenset(_DAY.sub("<day>", name) for name in file.namelist())


def known_points(
    source: Source, archive: Archive, request: str, at: datetime, wanted: pl.DataFrame, baseline: Baseline
) -> pl.DataFrame:
    """The points of the series of ``wanted`` that were known at ``at``.

    From the shipped history and the archived bodies of ``source``, of other requests only for series that this one
    does not have; where ``source`` has nothing of a series, from other sources' shipped rows.
    """
    series = wanted.select(SERIES).unique()
    parts: list[pl.DataFrame] = []
    others = [one.name for one in source.requests if one.name != request]
    for name, depth in [(request, LOOKED_THROUGH), *((name, 1) for name in others)]:
        missing = _missing(series, parts)
        if missing.is_empty():
            break
        for body in islice(known_bodies(source, archive, name, at), depth):
            parts.append(body.points_of(missing))
            # Of bodies known since the same moment none is the last.
            if body.receipt.known_at < at:
                missing = _missing(series, parts)
            if missing.is_empty():
                break
    until = at.astimezone(UTC).date()
    archived = pl.concat(parts) if parts else pl.DataFrame(schema=POINTS)
    shipped = newest_of_each_day(_shipped_points(source, baseline, series, until))
    # A day that is archived too was known again.
    known = pl.concat([newest_of_each_day(archived), shipped.join(archived, on=KEY, how="anti")])
    missing = _missing(series, [known])
    if missing.is_empty():
        return known
    witnesses = _dated_points(baseline.witnesses(source, missing)).filter(pl.col("known_on") <= until)
    return pl.concat([known, newest_of_each_day(witnesses)])


def known_rows(
    source: Source, archive: Archive, request: str, at: datetime, baseline: Baseline
) -> tuple[pl.DataFrame, int | None]:
    """The rows of a list that were known at ``at``, with ``known_on``, and how many the newest body has, if any."""
    until = at.astimezone(UTC).replace(tzinfo=None)
    shipped = baseline.rows(source).filter(pl.col("known_at") <= until)
    same = shipped.filter(pl.col("request") == f"{source.id}/{request}")
    parts = [(shipped.with_columns(known_on=pl.col("known_at").dt.date())).drop("known_at", "request")]
    newest_at = same["known_at"].max()
    newest = None if same.is_empty() else same.filter(pl.col("known_at") == newest_at).height
    for place, body in enumerate(islice(known_bodies(source, archive, request, at), LOOKED_THROUGH)):
        known_at = body.receipt.known_at.astimezone(UTC)
        parts.append(body.rows.frame.with_columns(known_on=pl.lit(known_at.date())))
        if place == 0 and (not isinstance(newest_at, datetime) or known_at.replace(tzinfo=None) >= newest_at):
            newest = body.rows.height
    return pl.concat(parts), newest


def _missing(series: pl.DataFrame, parts: list[pl.DataFrame]) -> pl.DataFrame:
    if not parts:
        return series
    return series.join(pl.concat([part.select(SERIES).unique() for part in parts]), on=SERIES, how="anti")


def _shipped_points(source: Source, baseline: Baseline, series: pl.DataFrame, until: date) -> pl.DataFrame:
    """The shipped points of ``series`` that were known on the day ``until``."""
    key = (id(baseline), source.id)
    if key not in MEMORY.shipped:
        found = _dated_points(baseline.rows(source))
        # By series, so that one with few rows is not looked for among all.
        MEMORY.shipped[key] = found.partition_by(SERIES, as_dict=True)
    parts = [
        MEMORY.shipped[key][one] for one in series.select(SERIES).iter_rows() if one in MEMORY.shipped[key]
    ]
    if not parts:
        return pl.DataFrame(schema=POINTS)
    return pl.concat(parts).filter(pl.col("known_on") <= until)


def _dated_points(rows: pl.DataFrame) -> pl.DataFrame:
    return points(rows.with_columns(known_on=pl.col("known_at").dt.date(), listing="request"))


def read_body(source: Source, snapshot: Snapshot) -> ReadBody:
    """``snapshot`` as it is read. Raises `ParseError`."""
    rows = read_apart(source, snapshot)
    return ReadBody(rows, files_of(snapshot), _points_of_small(source, rows, snapshot.receipt))


def _points_of_small(source: Source, rows: Parsed | ParsedFile, receipt: Receipt) -> pl.DataFrame | None:
    return None if isinstance(rows, ParsedFile) else points_of(source, rows.frame, receipt)


def _read(source: Source, archive: Archive, receipt: Receipt) -> ReadBody | None:
    """An archived body; None when it cannot be read any more."""
    key = (source.parse, receipt.request, receipt.sha256)
    if key not in MEMORY.bodies:
        try:
            snapshot = archive.load(receipt)
            MEMORY.remember(source, snapshot, read_body(source, snapshot))
        except (AigapError, ArchiveError):
            # Damaged, which `Archive.verify` reports, or accepted by an earlier parser: nothing to compare with.
            MEMORY.bodies[key] = None
    return MEMORY.bodies[key]

"""How a source is declared: where its figures come from, how they are fetched and how they are read."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import PurePath
from typing import Literal

import polars as pl

from sources.contract.request import Request
from sources.contract.revisions import RevisionIndex
from sources.contract.rows import OBSERVATION
from sources.contract.snapshot import Snapshot
from sources.errors import ParseError

#: What a board counts its scores in.
Unit = Literal["elo", "percent", "index", "minutes", "count", "points"]
#: What a board measures.
Kind = Literal["preference", "exam", "coding", "agentic", "index"]
#: Which scores are better.
Direction = Literal["higher", "lower"]


class Coverage(StrEnum):
    """How much of a board one publication of a source shows."""

    WHOLE = "whole"  # every listed model, unless the listing turns out to be cut
    TRUNCATED = "truncated"  # a listing known to be cut
    LEADERS = "leaders"  # only the top rows, copied by hand: good for leaders, not for counts or intervals


class Basis(StrEnum):
    """Who measured a score. A row that differs from its source says so in ``extra``, under the key ``basis``."""

    ONE_PARTY = "one_party"  # one party measured or estimated all models of the board in the same way
    AUTHOR_REPORTED = "author_reported"  # the maker of the model says so
    ANY_SOURCE = "any_source"  # collected from papers and reports, each measured in its own way
    SCAFFOLD = "scaffold"  # by a method around somebody's model, which is no model of its own


class Precision(StrEnum):
    """Whether a source prints ratings as published or rounded to whole numbers."""

    FULL = "full"
    ROUNDED = "rounded"


#: Words of SPDX's names of such licences: CC-BY-SA-4.0, ODbL-1.0, CDLA-Sharing-1.0.
SHARE_ALIKE = re.compile(r"(?:^|-)(?:SA|ODbL|Sharing|[AL]?GPL|GFDL)(?:-|$)")


@dataclass(frozen=True)
class Origin:
    """Whose figures these are. Recorded with the bytes at every fetch and published with the rows."""

    producer: str
    title: str
    address: str
    citation: str
    licence: str
    licence_address: str
    #: May the figures be shipped with this project (``warehouse/history``)?
    redistributable: bool
    #: Why, in one sentence.
    redistribution_note: str
    #: Who copied the figures, when they did not come from the producer directly.
    mirror: str = ""

    @property
    def share_alike(self) -> bool:
        """Must what is made of these figures be passed on under their licence? SPDX's name of the licence tells."""
        return SHARE_ALIKE.search(self.licence) is not None


@dataclass(frozen=True)
class Board:
    """A board that ``warehouse/reference/boards.csv`` does not list yet, described by the source that has it."""

    board: str
    name: str
    unit: Unit
    kind: Kind
    direction: Direction = "higher"
    ceiling: float | None = None
    #: What guessing scores; none where answers are free.
    chance: float | None = None
    private: bool | None = None


#: Figures that have not changed for this many cadences of their source are stale.
STALE_AFTER = 2

Parser = Callable[[Snapshot], "pl.DataFrame"]


@dataclass(frozen=True)
class Source:
    """One leaderboard or table, as this project fetches, reads and credits it."""

    id: str
    title: str
    origin: Origin
    requests: tuple[Request, ...]
    parse: Parser

    # What the rows are

    schema: Mapping[str, pl.DataType] = field(default_factory=lambda: OBSERVATION)
    #: Boards that only this source has; a row of the reference table takes precedence.
    boards: tuple[Board, ...] = ()
    #: What upstream has beside it that is not read, by its name there, and why.
    not_read: Mapping[str, str] = field(default_factory=dict)
    #: Boards whose figures do not ship though `Origin.redistributable` allows the others: figures of somebody
    #: else that this source passes on.
    withheld_boards: frozenset[str] = frozenset()
    coverage: Coverage = Coverage.WHOLE
    #: Board → the times in which its listings came cut, each from its first to its last day; they are
    #: `Coverage.TRUNCATED` then, however many rows they have.
    cut: Mapping[str, tuple[tuple[date, date], ...]] = field(default_factory=dict)
    #: The shipped history holds every change of upstream up to this day, so a month without one had none. None where it
    #: is a selection.
    every_change_until: date | None = None
    #: Who measured the scores; rows may say otherwise.
    basis: Basis = Basis.ONE_PARTY
    precision: Precision = Precision.FULL
    #: 0 is upstream itself, a mirror is higher. Among equal snapshots the lowest wins.
    distance: int = 0
    #: The printed date is the page's and does not always move with the figures: a date that the same source
    #: has already printed over other figures is not used.
    stamp_can_lag: bool = False
    #: Upstream goes on adding models to a table under one label: the printed day is that of the label, and the
    #: table is dated by when its bytes were known.
    fills_up: bool = False

    # When upstream changes

    #: How often upstream changes, which decides when a source is overdue.
    cadence: timedelta | None = None
    #: How to fetch past publications; None where upstream keeps none.
    revisions: RevisionIndex | None = None

    # Which bodies are accepted

    #: Its tables are Parquet of which `parse` reads each row by itself, so that some rows can be parsed at a time.
    in_pieces: bool = False
    #: A body with fewer rows than this is not accepted, unless its request has a floor of its own.
    row_floor: int = 1
    #: Upstream cuts its listing to a varying length: rows may go.
    may_shrink: bool = False
    #: A body with more than this many times the rows or bytes of the one before, or fewer than one part in as many, is
    #: held back as another file.
    max_growth: float = 20.0
    #: Sellers whose prices in a price list are known to be in another unit: kept as printed, not held
    #: against a range or the price before.
    unchecked_providers: frozenset[str] = frozenset()
    #: Each printed day has questions of its own: of two days only the size of the scores is compared.
    new_questions: bool = False

    # Local files

    #: Glob patterns of this source's files below a folder of raw files, for bulk ingest.
    raw_patterns: tuple[str, ...] = ()
    #: Which request a local file answers; None when its path does not say. Not needed with a single request.
    request_of: Callable[[PurePath], str | None] = lambda path: None
    #: Local files that belong with one: those that exist are archived with it in one ZIP.
    companions_of: Callable[[PurePath], tuple[PurePath, ...]] = lambda path: ()
    #: Since when a local file's content was known (a mirror's commit date); None when neither name nor body says.
    known_at_of: Callable[[PurePath, bytes], datetime | None] = lambda path, body: None
    #: The address of a local file's content, when its name has the commit; else empty.
    address_of: Callable[[PurePath], str] = lambda path: ""

    def least_rows(self, request: str) -> int:
        """The rows that a body of ``request`` must have."""
        own = next((one.row_floor for one in self.requests if one.name == request), None)
        return self.row_floor if own is None else own

    @property
    def stale_after(self) -> timedelta | None:
        """For how long figures may stay as they are; None without a cadence."""
        return None if self.cadence is None else STALE_AFTER * self.cadence

    def is_stale(self, age: timedelta) -> bool:
        """Whether figures that have not changed for ``age`` should have by now; never so without a cadence."""
        return self.stale_after is not None and age > self.stale_after

    def request_for(self, path: PurePath) -> str | None:
        """The name of the request that a local file answers; None when its path does not say."""
        return self.requests[0].name if len(self.requests) == 1 else self.request_of(path)

    def request(self, name: str) -> Request:
        """The request called ``name``. Raises `ParseError` when there is none."""
        for request in self.requests:
            if request.name == name:
                return request
        known = ", ".join(request.name for request in self.requests)
        raise ParseError(f"{self.id}: no request named {name!r}", f"one of {known}", "name one of these")

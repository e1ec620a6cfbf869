"""What is odd about the newest bodies of one source: each question by itself, answered from archive and history.

They warn. What stops or withholds figures are acceptance, plausibility and the checks of a build.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime
from functools import cached_property
from pathlib import Path
from typing import Any

import duckdb
import polars as pl

from sources.contract.rows import OBSERVATION
from sources.contract.source import Source
from sources.errors import AigapError, ParseError
from sources.ingestion.archive import Archive
from sources.ingestion.archive.fetch_failures import current_failures
from warehouse import reference
from warehouse.builder.inputs import (
    HISTORY,
    Input,
    parsed,
    parsed_file,
    read_manifest,
    rows_in,
    set_aside_file,
)
from warehouse.compute.name_resolution import PrintedName, Resolver
from warehouse.release import board_status, open_release
from warehouse.workspace import Workspace

#: The names of the checks, and what each asks.
SOURCE_CHECKS = {
    "accepted": "The last answer to every request was accepted.",
    "rows": "The newest body of each request has at least four fifths of the rows of the one before.",
    "freshness": "Bytes change as often as the source does, figures as often as each board does, with a margin.",
    "set_aside": "No row or cell of the newest bodies was set aside.",
    "identity": "The reference tables know the first ten models of each newest list, or their makers.",
}
ENOUGH = 0.8
TOP = 10
SERIES = ["board", "variant", "category"]


@dataclass(frozen=True)
class Answer:
    """The answer to one of `SOURCE_CHECKS`: what was found, a line each; passed if that is nothing."""

    name: str
    found: tuple[str, ...]

    @property
    def passed(self) -> bool:
        """Whether nothing was found."""
        return not self.found


def names_of_checks(source: Source) -> list[str]:
    """The checks that are made of ``source``: one without models has no names to know."""
    return [name for name in SOURCE_CHECKS if name != "identity" or source.schema is OBSERVATION]


def check_source(
    workspace: Workspace, source: Source, now: datetime, history: Path = HISTORY
) -> Iterator[Answer]:
    """The answers to the checks of ``source`` as of ``now``; parses its newest bodies unless that was done."""
    checked = _Checked(workspace, source, now, history)
    for name in names_of_checks(source):
        yield Answer(name, tuple(getattr(checked, name)()))


@dataclass(frozen=True)
class _Body:
    """The newest body of a request: its rows, those of the one before, if known, and what it lost."""

    request: str
    frame: pl.DataFrame
    rows_before: int | None
    unchanged_since: datetime
    lost: pl.DataFrame | None = None


@dataclass
class _Checked:
    workspace: Workspace
    source: Source
    now: datetime
    history: Path

    def accepted(self) -> Iterator[str]:
        for failure in current_failures(self._archive):
            if failure.source_id == self.source.id:
                yield f"{failure.request}: {failure.reason}"
        yield from self._bodies[1]

    def rows(self) -> Iterator[str]:
        for body in self._bodies[0]:
            if body.rows_before and body.frame.height < ENOUGH * body.rows_before:
                yield f"{body.request}: {body.frame.height:,} rows, {body.rows_before:,} before"

    def freshness(self) -> Iterator[str]:
        late = self._late_boards()
        yield from late or ()
        for body in self._bodies[0]:
            if self.source.is_stale(self.now - body.unchanged_since):
                yield f"{body.request}: the same bytes since {body.unchanged_since:%Y-%m-%d}"
            elif late is None and "published_on" in body.frame.columns and not self.source.fills_up:
                newest = body.frame["published_on"].max()
                if isinstance(newest, date) and self.source.is_stale(self.now.date() - newest):
                    yield f"{body.request}: no figures after {newest:%Y-%m-%d}"

    def set_aside(self) -> Iterator[str]:
        for body in self._bodies[0]:
            for row in body.lost.iter_rows(named=True) if body.lost is not None else ():
                what = "cell" if row["is_cell"] else "row"
                yield f"{body.request}: {what} of {row['name']}: {row['column_name']} is {row['found']}"

    def identity(self) -> Iterator[str]:
        resolver = Resolver(reference.load(own=self.workspace.reference))
        for body in self._bodies[0]:
            for model, maker in _top(body.frame):
                readings = resolver.read(PrintedName(self.source.id, model, maker or ""))
                if all(reading.resolution == "unresolved" for reading in readings):
                    yield f"{body.request}: {model}" + (f" of {maker}" if maker else "")

    def _late_boards(self) -> list[str] | None:
        """A line for each board that is overdue by its own rhythm; None where nothing published tells the rhythms."""
        if not self.workspace.link.exists():
            return None
        try:
            with open_release(self.workspace.link) as con:
                known = board_status.board_status(con)
        except (AigapError, duckdb.Error):
            # `aigap status` and the next build say what is wrong with the release.
            return None
        rows = board_status.with_lateness(known, {self.source.id: self.now.replace(tzinfo=None)}, self.now)
        return [
            f"{board_status.name(row)}: {board_status.line(row)}"
            for row in board_status.overdue(rows)
            if self.source.id in row["source_ids"] and not self._brought_newer(row)
        ]

    def _brought_newer(self, row: dict[str, Any]) -> bool:
        """Whether a body that no build has read yet has newer figures of the board of ``row``."""
        return any(
            not body.frame.filter(
                (pl.col("board") == row["board"])
                & (pl.col("variant") == row["variant"])
                & (pl.col("published_on") > row["last_published_on"])
            ).is_empty()
            for body in self._bodies[0]
        )

    @cached_property
    def _archive(self) -> Archive:
        return Archive(self.workspace.archive)

    @cached_property
    def _bodies(self) -> tuple[list[_Body], list[str]]:
        """The newest bodies, and a line for each that its parser does not read."""
        bodies, unread = [], []
        for request in self.source.requests:
            # Of a whole history the newest lists are asked for by other requests.
            if request.name.endswith("_full"):
                continue
            try:
                body = self._archived(request.name) or self._shipped(request.name)
            except ParseError as error:
                unread.append(f"{request.name}: {error.line()}")
                continue
            if body:
                bodies.append(body)
        return bodies, unread

    def _archived(self, request: str) -> _Body | None:
        receipts = list(self._archive.newest_first(self.source.id, request))
        if not receipts:
            return None
        newest = receipts[0]
        file, _ = parsed(self.workspace, self._archive, self.source, newest)
        lost = set_aside_file(file)
        earlier = [one for one in receipts if one.sha256 != newest.sha256]
        shipped = self._inputs(request)
        before = rows_in(parsed_file(self.workspace, earlier[0])) if earlier else None
        if not earlier and shipped and shipped[-1].sha256 != newest.sha256:
            before = shipped[-1].rows
        since = self._archive.unchanged_since(self.source.id, request)
        return _Body(
            request,
            pl.read_parquet(file, glob=False),
            before,
            since or newest.known_at,
            pl.read_parquet(lost, glob=False) if rows_in(lost) else None,
        )

    def _shipped(self, request: str) -> _Body | None:
        inputs = self._inputs(request)
        if not inputs:
            return None
        newest = inputs[-1]
        files = [self.history / file["file"] for file in self._manifest_files]
        frames = [
            pl.scan_parquet(file, glob=False).filter(pl.col("input_id") == newest.input_id).collect()
            for file in files
        ]
        # Of a board that does not change any more, what ships are captures, each of its own size.
        before = inputs[-2].rows if len(inputs) > 1 and self.source.cadence else None
        return _Body(request, pl.concat(frames, how="diagonal"), before, newest.known_at)

    def _inputs(self, request: str) -> list[Input]:
        rows = [
            Input.from_row(row)
            for row in read_manifest(self.history)["inputs"]
            if (row["source_id"], row["request"]) == (self.source.id, request)
        ]
        return sorted(rows, key=lambda entry: entry.known_at)

    @property
    def _manifest_files(self) -> list[dict[str, str]]:
        files = read_manifest(self.history)["files"]
        kinds = [file for file in files if file.get("kind", "observation") != "set_aside"]
        return [file for file in kinds if file["source_id"] == self.source.id]


def _top(frame: pl.DataFrame) -> list[tuple[str, str | None]]:
    """The names and makers of the first `TOP` of each newest list, each once."""
    newest = frame.filter(
        pl.col("published_on").is_null()
        | (pl.col("published_on") == pl.col("published_on").max().over(SERIES))
    )
    place = pl.col("score").rank("min", descending=True).over(SERIES)
    top = newest.filter(place <= TOP).select("model_name", "organization_name").unique().sort(pl.all())
    return list(top.iter_rows())

"""What is held back of an archived body, what a person decided about it, and what is odd about it.

One JSON file for each such body, ``decisions/<source>/<request>/<sha256>.json``; most bodies have none.
"""

from __future__ import annotations

import json
import shlex
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

import polars as pl

from sources.contract.receipt import Receipt
from sources.ingestion.archive.layout import json_text, request_folder, safe_name, unreadable
from sources.ingestion.atomic_files import write_atomically
from sources.ingestion.plausibility.suspicion import series_name

KIND = "decisions"


@dataclass(frozen=True)
class Hold:
    """Rows of a body that no build reads until they are released.

    ``series`` is column → value as text (null where the rows have none) and selects the rows; empty: all of them.
    """

    series: Mapping[str, str | None]
    reason: str
    held_at: datetime
    released_at: datetime | None = None
    release_reason: str = ""

    @property
    def name(self) -> str:
        """How people name the series: ``board/variant/category``."""
        return series_name(self.series)

    @property
    def is_active(self) -> bool:
        """Whether the rows are still held."""
        return self.released_at is None

    def selects(self) -> pl.Expr:
        """Which rows of a parsed frame it holds."""
        return pl.all_horizontal(
            pl.lit(True),
            *(pl.col(name).cast(pl.String).eq_missing(value) for name, value in self.series.items()),
        )


class Missing(StrEnum):
    """What a body may lack beside the ones before it."""

    SERIES = "vanished"  # a board, or a category of one
    FILE = "file_gone"  # a file of the ZIP
    UNREAD = "unread"  # a board for a new file of the ZIP


@dataclass(frozen=True)
class Oddity:
    """Something that vanished from the bodies of a request, or that no parser reads, ``since`` a day. Holds nothing."""

    kind: Missing
    name: str
    since: date

    def line(self) -> str:
        """What is odd, for people."""
        match self.kind:
            case Missing.SERIES:
                return f"{self.name} is gone since {self.since}"
            case Missing.FILE:
                return f"the ZIP no longer holds {self.name}, since {self.since}"
            case Missing.UNREAD:
                return f"the ZIP holds {self.name} since {self.since}, and no new board came with it"


def oddity_lines(oddities: Iterable[Oddity]) -> list[str]:
    """One line for each of ``oddities``; of a board that lost many categories one line names some."""
    groups: dict[tuple[str, date], list[Oddity]] = {}
    for one in oddities:
        board = (
            one.name.rpartition("/")[0]
            if one.kind is Missing.SERIES and one.name.count("/") > 1
            else one.name
        )
        groups.setdefault((f"{one.kind}{board}", one.since), []).append(one)
    lines = []
    for (_, since), entries in groups.items():
        first = entries[0]
        if len(entries) == 1:
            lines.append(first.line())
            continue
        names = [one.name.rpartition("/")[2] for one in entries]
        more = f" and {len(names) - 5} more" if len(names) > 5 else ""
        lines.append(f"{first.name.rpartition('/')[0]} lost {', '.join(names[:5])}{more}, since {since}")
    return lines


@dataclass(frozen=True)
class Decisions:
    """What is known of one body beside its receipt.

    ``oddities`` are what it lacks beside the ones before it. ``log`` are the decisions in their order, each with
    ``at``, ``action`` and ``reason``.
    """

    source_id: str
    request: str
    sha256: str
    known_at: datetime
    file_name: str = ""
    holds: tuple[Hold, ...] = ()
    oddities: tuple[Oddity, ...] = ()
    rejected_at: datetime | None = None
    reject_reason: str = ""
    log: tuple[Mapping[str, str], ...] = ()

    @classmethod
    def of(cls, receipt: Receipt) -> Decisions:
        """Nothing held and nothing decided about the body of ``receipt``."""
        return cls(receipt.source_id, receipt.request, receipt.sha256, receipt.known_at, receipt.file_name)

    @property
    def active(self) -> tuple[Hold, ...]:
        """What is still held."""
        return tuple(hold for hold in self.holds if hold.is_active)

    @property
    def holds_all(self) -> bool:
        """Whether no row of the body counts."""
        return any(not hold.series for hold in self.active)

    @property
    def state(self) -> str:
        """Whether the body counts, in a word or two."""
        if self.rejected_at is not None:
            return "rejected"
        if self.holds_all:
            return "held"
        if self.active:
            return f"{len(self.active)} series held"
        return "released" if self.holds else "in use"

    def where(self) -> str:
        """How people name the body."""
        return f"{self.source_id}/{self.request} {self.sha256[:12]}"

    def lines(self) -> list[str]:
        """What is held and why, each with the command that releases it, on one line."""
        lines = []
        for hold in self.active:
            series = f" --series {shlex.quote(hold.name)}" if hold.series else ""
            lines.append(
                f"{self.where()}: held: {hold.name}: {hold.reason}; if it is right: "
                f"aigap archive release {self.sha256[:12]}{series} --reason '…'"
            )
        return lines

    def rejection(self) -> str:
        """That it is rejected and why, with the command that undoes it, on one line."""
        return (
            f"{self.where()}: rejected on {self.rejected_at:%Y-%m-%d} ({self.reject_reason}); "
            f"to use it after all: aigap archive restore {self.sha256[:12]}"
        )

    def to_json(self) -> str:
        """Indented JSON with sorted keys and ISO times."""
        return json_text(_plain(asdict(self)))

    @classmethod
    def from_json(cls, text: str) -> Decisions:
        """The reverse of `to_json`."""
        row = json.loads(text)
        holds = tuple(
            Hold(**{**hold, "held_at": _time(hold["held_at"]), "released_at": _time(hold["released_at"])})
            for hold in row.pop("holds")
        )
        times = {name: _time(row.pop(name)) for name in ("known_at", "rejected_at")}
        oddities = tuple(
            Oddity(Missing(one["kind"]), one["name"], date.fromisoformat(one["since"]))
            for one in row.pop("oddities")
        )
        return cls(**{**row, "log": tuple(row["log"])}, **times, holds=holds, oddities=oddities)


def without_held(frame: pl.DataFrame, decisions: Decisions | None) -> pl.DataFrame:
    """``frame`` (the parsed rows of a body) without the rows that are held."""
    for hold in decisions.active if decisions else ():
        frame = frame.filter(~hold.selects())
    return frame


def decisions_file(root: Path, source_id: str, request: str, sha256: str) -> Path:
    """Where the decisions about a body are."""
    return request_folder(root, KIND, source_id, request) / f"{sha256}.json"


def decision_files(root: Path, source_id: str = "*") -> Iterator[Path]:
    """The files of `decisions_file` about the bodies of a source."""
    folder = source_id if source_id == "*" else safe_name(source_id)
    return (root / KIND).glob(f"{folder}/*/*.json")


def read_decisions(path: Path) -> Decisions | None:
    """The decisions in ``path``, None if there are none. Raises `ArchiveError` when they cannot be read."""
    try:
        return Decisions.from_json(path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        return None
    except (ValueError, TypeError, KeyError, AttributeError) as error:
        raise unreadable(path, error) from None


def decisions_about(root: Path, receipt: Receipt) -> Decisions | None:
    """The decisions about the body of ``receipt``, if any."""
    return read_decisions(decisions_file(root, receipt.source_id, receipt.request, receipt.sha256))


def all_decisions(root: Path, source_id: str = "*") -> list[Decisions]:
    """The decisions about every body, by source, request and ``known_at``."""
    found = [read_decisions(path) for path in sorted(decision_files(root, source_id))]
    return sorted(
        (one for one in found if one is not None),
        key=lambda one: (one.source_id, one.request, one.known_at, one.sha256),
    )


def write_decisions(root: Path, decisions: Decisions) -> None:
    """Store ``decisions`` in place of those about the same body."""
    path = decisions_file(root, decisions.source_id, decisions.request, decisions.sha256)
    write_atomically(path, decisions.to_json())


def with_holds(decisions: Decisions, holds: Iterable[Hold], oddities: Iterable[Oddity]) -> Decisions:
    """``decisions`` with ``oddities`` and ``holds``; of these the known ones stay: what was released stays released."""
    known = {hold.name: hold for hold in decisions.holds}
    kept = [known.pop(hold.name, hold) for hold in holds]
    return replace(decisions, holds=(*kept, *known.values()), oddities=tuple(oddities))


def released(decisions: Decisions, names: Iterable[str], reason: str, now: datetime) -> Decisions:
    """``decisions`` with the holds called ``names`` released."""
    names = set(names)
    holds = tuple(
        replace(hold, released_at=now, release_reason=reason)
        if hold.is_active and hold.name in names
        else hold
        for hold in decisions.holds
    )
    return _logged(replace(decisions, holds=holds), f"release {', '.join(sorted(names))}", reason, now)


def rejected(decisions: Decisions, reason: str, now: datetime) -> Decisions:
    """``decisions`` with the body rejected."""
    return _logged(replace(decisions, rejected_at=now, reject_reason=reason), "reject", reason, now)


def restored(decisions: Decisions, reason: str, now: datetime) -> Decisions:
    """``decisions`` with the body no longer rejected."""
    return _logged(replace(decisions, rejected_at=None, reject_reason=""), "restore", reason, now)


def _logged(decisions: Decisions, action: str, reason: str, now: datetime) -> Decisions:
    entry = {"at": now.astimezone(UTC).isoformat(), "action": action, "reason": reason}
    return replace(decisions, log=(*decisions.log, entry))


def _time(text: str | None) -> Any:
    return None if text is None else datetime.fromisoformat(text)


def _plain(value: Any) -> Any:
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {key: _plain(part) for key, part in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(part) for part in value]
    return value

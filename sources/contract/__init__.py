"""What a source is and what its parser returns.

A source is one file in this package with a module constant ``SOURCE``. Its ``parse`` takes a
`Snapshot` (bytes and their receipt) and returns one frame in the source's declared ``schema``,
`OBSERVATION` for every leaderboard. Parsers are pure: no clock, no network, no file system.

What does not belong here: names of countries, identities of models, choices between sources.
Those are meanings, and start in `warehouse`.
"""

from __future__ import annotations

import hashlib
import io
import json
import lzma
import re
import zipfile
import zlib
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, field
from datetime import date, datetime, timedelta
from enum import StrEnum
from pathlib import PurePath, PurePosixPath
from typing import Any
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

import polars as pl

from sources.errors import EmptyTable, ParseError

#: One row a score. ``published_on`` is null when upstream prints no date; ``score`` is null when
#: upstream gives none (NaN counts as none). Scores are as printed: no rounding, no rescaling.
OBSERVATION: Mapping[str, pl.DataType] = {
    "board": pl.String(),
    "variant": pl.String(),
    "category": pl.String(),
    "published_on": pl.Date(),
    "model_name": pl.String(),
    "organization_name": pl.String(),
    "license_name": pl.String(),
    "score": pl.Float64(),
    "score_low": pl.Float64(),
    "score_high": pl.Float64(),
    "standard_error": pl.Float64(),
    "votes": pl.Int64(),
    "rank": pl.Int32(),
    "released_on": pl.Date(),
    "extra": pl.String(),
}
#: Columns of `OBSERVATION` that may not be null.
OBSERVATION_REQUIRED = ("board", "variant", "category", "model_name")

#: One row a listing of one price list: a model as one provider sells it, resellers too. US dollars per million
#: tokens, as printed: null where nothing is printed or only tiers are, and 0.0 where a zero is printed, which a
#: list uses for "free" and "not known" alike. ``listed_on`` is the list's own date, null when it prints none.
PRICE: Mapping[str, pl.DataType] = {
    "listed_name": pl.String(),
    "provider": pl.String(),
    "mode": pl.String(),
    "input_usd_per_mtok": pl.Float64(),
    "output_usd_per_mtok": pl.Float64(),
    "cached_input_usd_per_mtok": pl.Float64(),
    "has_tiered_prices": pl.Boolean(),
    "listed_on": pl.Date(),
    "released_on": pl.Date(),
    "open_weights": pl.Boolean(),
    "context_tokens": pl.Int64(),
    "extra": pl.String(),
}
PRICE_REQUIRED = ("listed_name", "has_tiered_prices")

#: One row a chip, in base units (operations and bytes, per second). Blank stays null, which is no zero: the tensor
#: figures of some chips are blank while their plain FP16, another rate altogether, is not.
#: ``availability`` (announced, sampled, shipped) is null unless the source itself says it.
CHIP: Mapping[str, pl.DataType] = {
    "chip_name": pl.String(),
    "manufacturer_name": pl.String(),
    "released_on": pl.Date(),
    "availability": pl.String(),
    "fp16_tensor_flops": pl.Float64(),
    "bf16_tensor_flops": pl.Float64(),
    "fp16_flops": pl.Float64(),
    "fp8_tensor_flops": pl.Float64(),
    "int8_tensor_ops": pl.Float64(),
    "memory_bytes": pl.Float64(),
    "bandwidth_bytes_per_s": pl.Float64(),
    "interconnect_bytes_per_s": pl.Float64(),
    "tdp_watts": pl.Float64(),
    "process_nm": pl.Float64(),
    "extra": pl.String(),
}
CHIP_REQUIRED = ("chip_name",)

#: One row a model of a list of notable models. ``countries`` are the printed names, one for each country of each
#: organization, so a name may stand twice; null where none is printed. ``open_weights`` is null where
#: ``accessibility`` is blank: blank is not closed, and not open.
NOTABLE_MODEL: Mapping[str, pl.DataType] = {
    "model_name": pl.String(),
    "organizations": pl.List(pl.String()),
    "countries": pl.List(pl.String()),
    "published_on": pl.Date(),
    "domain": pl.String(),
    "parameters": pl.Float64(),
    "training_compute_flop": pl.Float64(),
    "accessibility": pl.String(),
    "open_weights": pl.Boolean(),
    "extra": pl.String(),
}
NOTABLE_MODEL_REQUIRED = ("model_name",)

#: One row a published figure about the two countries, or about a third party beside them. ``us``, ``china`` and
#: ``other`` are values in ``unit``, their labels say of what (a model, a company, the third party). ``gap`` is the
#: US value less the Chinese one where the publisher states it. ``sentence`` is the evidence, in its words.
FIGURE: Mapping[str, pl.DataType] = {
    "edition": pl.Int32(),
    "figure": pl.String(),
    "measure": pl.String(),
    "period": pl.String(),
    "us": pl.Float64(),
    "us_label": pl.String(),
    "china": pl.Float64(),
    "china_label": pl.String(),
    "other": pl.Float64(),
    "other_label": pl.String(),
    "unit": pl.String(),
    "gap": pl.Float64(),
    "gap_unit": pl.String(),
    "note": pl.String(),
    "sentence": pl.String(),
    "address": pl.String(),
}
FIGURE_REQUIRED = ("edition", "measure", "sentence")


@dataclass(frozen=True)
class Rule:
    """What rows of a schema must hold beyond the right columns and types."""

    schema: Mapping[str, pl.DataType]
    #: May not be null, nor blank text.
    required: tuple[str, ...]
    #: What the rows are there for: one of these must be given somewhere, or the table counts as empty.
    purpose: tuple[str, ...]


#: Found by identity: two schemas may have the same columns and mean different things.
RULES = (
    Rule(OBSERVATION, OBSERVATION_REQUIRED, ("score",)),
    Rule(PRICE, PRICE_REQUIRED, ("input_usd_per_mtok", "output_usd_per_mtok")),
    Rule(
        CHIP,
        CHIP_REQUIRED,
        ("fp16_tensor_flops", "fp16_flops", "memory_bytes", "bandwidth_bytes_per_s"),
    ),
    Rule(NOTABLE_MODEL, NOTABLE_MODEL_REQUIRED, ("countries",)),
    Rule(FIGURE, FIGURE_REQUIRED, ("us", "china", "other", "gap")),
)
#: What a ZIP body may hold once unpacked. Epoch's, the largest known, has 76 files and 5 MB.
LARGEST_UNZIPPED = 256 * 1024 * 1024
MOST_FILES = 1000


class Coverage(StrEnum):
    """How much of a board one publication of a source shows."""

    WHOLE = "whole"  # every listed model, unless the listing turns out to be cut
    TRUNCATED = "truncated"  # a listing known to be cut
    LEADERS = "leaders"  # only the top rows, copied: leaders good, no counts, no interval


class Precision(StrEnum):
    """Whether a source prints ratings as published or rounded to whole numbers."""

    FULL = "full"
    ROUNDED = "rounded"


@dataclass(frozen=True)
class Origin:
    """Whose figures these are. Travels with the bytes from the first fetch to the published row."""

    producer: str
    title: str
    address: str
    citation: str
    licence: str
    licence_address: str
    #: May the figures be shipped in our own tables? (``warehouse/history``)
    redistributable: bool
    #: Why, in one sentence.
    redistribution_note: str
    #: Who copied the figures, when they did not come from the producer directly.
    mirror: str = ""


@dataclass(frozen=True)
class Board:
    """A board that ``warehouse/reference/boards.csv`` does not know yet, as the source that brings it
    describes it. Unit: elo, percent, index, minutes, count or points; kind: preference, exam, coding,
    agentic or index.
    """

    board: str
    name: str
    unit: str
    kind: str
    direction: str = "higher"
    ceiling: float | None = None
    private: bool | None = None


@dataclass(frozen=True)
class Fingerprint:
    """Where upstream says which bytes it has, in far fewer bytes: a file listing with hashes."""

    address: str
    #: The answer → sha256 of the body it speaks of; None when it does not tell.
    of: Callable[[bytes], str | None]


@dataclass(frozen=True)
class Request:
    """One thing a source can be asked for. ``address`` is empty when there is nothing live."""

    name: str
    address: str = ""
    media_types: tuple[str, ...] = ()
    #: When the address answers with an index: the addresses to get next, whose bodies together
    #: (`bundled` under their last path segments) are what the parser reads.
    leads_to: Callable[[bytes], tuple[str, ...]] | None = None
    #: Asked first when bytes are held already: equal ones are not downloaded again.
    fingerprint: Fingerprint | None = None
    #: Addresses whose bodies belong with this one's: what the parser reads is all of them, `bundled`.
    beside: tuple[str, ...] = ()


@dataclass(frozen=True)
class Key:
    """One past publication: how upstream calls it, and since when its bytes were known."""

    key: str
    known_at: datetime
    #: The requests it answers, each with its file's path in the repository; empty: those the source knows.
    files: tuple[tuple[str, str], ...] = ()
    #: The commit to read the files at, where the key itself is none.
    revision: str = ""


@dataclass(frozen=True)
class Listing:
    """An index of keys. Its further pages are where the ``Link`` header's ``rel="next"`` leads."""

    address: str
    #: One page → its keys. Raises `ParseError` when it is no such page.
    keys_of: Callable[[bytes], list[Key]]


@dataclass(frozen=True)
class Dated:
    """How a source is asked for what it published before."""

    #: What a key is: "commit", "release day".
    what: str
    #: What a whole key looks like.
    pattern: str
    #: The indices of all keys; those of the whole days given, where upstream can tell them apart.
    listings: Callable[[date | None, date | None], tuple[Listing, ...]]
    #: Pages that tell of one key what the listings tell, or more.
    at: Callable[[str], tuple[Listing, ...]]
    #: The requests of a key, under the names they have live, with that key's addresses.
    request_at: Callable[[Key], tuple[Request, ...]]
    #: Upstream goes on changing a key's bytes: only ``at`` tells since when today's were known.
    grows: bool = False
    #: The key, or its beginning, that a local file's name tells; empty when it tells none.
    key_of: Callable[[PurePath], str] = lambda path: ""
    #: Since when a key's body was known, where it says that better than the listing.
    known_at_of: Callable[[Key, bytes], datetime] = lambda key, body: key.known_at


@dataclass(frozen=True)
class Receipt:
    """What is known of one fetch or ingest, written as JSON beside the archive's blobs.

    ``known_at`` is when the bytes were known to somebody outside upstream: the fetch time, or for
    a mirror the commit date. Times are UTC.
    """

    source_id: str
    request: str
    sha256: str
    size: int
    address: str
    known_at: datetime
    fetched_at: datetime
    file_name: str = ""
    status: int = 0
    headers: Mapping[str, str] = field(default_factory=dict)
    origin: Mapping[str, Any] = field(default_factory=dict)
    #: The address asked, before redirects; empty for a local file.
    asked: str = ""
    #: How it is known that upstream still has these bytes though they were not sent again: "not modified"
    #: (the server's own word) or "fingerprint" (a listing with their hash). Empty: they were received.
    unchanged_by: str = ""
    #: The past publication asked for, see `Key`; empty for what upstream had when it was asked.
    key: str = ""

    def to_json(self) -> str:
        """Readable, stable JSON: sorted keys, ISO times."""
        row = asdict(self)
        row["known_at"] = self.known_at.isoformat()
        row["fetched_at"] = self.fetched_at.isoformat()
        return json.dumps(row, indent=2, sort_keys=True, ensure_ascii=False) + "\n"

    @classmethod
    def from_json(cls, text: str) -> Receipt:
        row = json.loads(text)
        row["known_at"] = datetime.fromisoformat(row["known_at"])
        row["fetched_at"] = datetime.fromisoformat(row["fetched_at"])
        return cls(**row)


@dataclass(frozen=True)
class Snapshot:
    """Bytes and their receipt: all that a parser gets to see."""

    body: bytes
    receipt: Receipt

    @property
    def request(self) -> str:
        return self.receipt.request

    @property
    def file_name(self) -> str:
        return self.receipt.file_name

    def text(self) -> str:
        """The body as UTF-8 text, with a leading byte-order mark removed."""
        try:
            return self.body.decode("utf-8-sig")
        except UnicodeDecodeError as error:
            raise ParseError(
                f"{self.where()}: not UTF-8 at byte {error.start}",
                "UTF-8 text",
                "check the download; the last good bytes stay in use",
            ) from None

    @property
    def is_zip(self) -> bool:
        return self.body.startswith((b"PK\x03\x04", b"PK\x05\x06"))

    def files(self) -> dict[str, bytes]:
        """The files in a ZIP body by their names, in the order of the names.

        Raises `ParseError` when it is no ZIP, is damaged or encrypted, holds a name that leads out of a
        folder or stands twice, or unpacks to more than `LARGEST_UNZIPPED` bytes or `MOST_FILES` files.
        """
        try:
            with zipfile.ZipFile(io.BytesIO(self.body)) as archive:
                return self._unzipped(archive)
        # RuntimeError: encrypted. NotImplementedError: a compression this Python does not know.
        # IndexError: an empty file name.
        except (
            zipfile.BadZipFile, zlib.error, lzma.LZMAError, EOFError, OSError, ValueError, RuntimeError, IndexError,
        ):  # fmt: skip
            raise self._no_zip(f"no ZIP, or damaged or encrypted: {self.body[:40]!r}") from None

    def _unzipped(self, archive: zipfile.ZipFile) -> dict[str, bytes]:
        entries = [entry for entry in archive.infolist() if not entry.is_dir()]
        if len(entries) > MOST_FILES:
            raise self._no_zip(f"{len(entries)} files", f"at most {MOST_FILES}")
        found: dict[str, bytes] = {}
        room = LARGEST_UNZIPPED
        for entry in sorted(entries, key=lambda entry: entry.filename):
            name = entry.filename
            path = PurePosixPath(name)
            if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or name in found:
                raise self._no_zip(f"the file name {name[:60]!r}", "names inside one folder, each once")
            with archive.open(entry) as file:
                found[name] = file.read(room + 1)
            room -= len(found[name])
            if room < 0:
                raise self._no_zip(f"more than {LARGEST_UNZIPPED} bytes unpacked", "less")
        return found

    def _no_zip(self, found: str, expected: str = "a ZIP file") -> ParseError:
        return ParseError(f"{self.where()}: {found}", expected, "the last good bytes stay in use")

    def where(self) -> str:
        """How an error names this snapshot."""
        name = self.receipt.file_name or self.receipt.address or self.receipt.sha256[:12]
        return f"{self.receipt.source_id}/{self.receipt.request} ({name})"


Parser = Callable[[Snapshot], pl.DataFrame]


@dataclass(frozen=True)
class Source:
    """One leaderboard or table, as this project fetches, reads and credits it."""

    id: str
    title: str
    origin: Origin
    requests: tuple[Request, ...]
    parse: Parser
    #: How often upstream changes; a source is overdue after twice this.
    cadence: timedelta | None = None
    #: A body with fewer rows than this is not accepted.
    row_floor: int = 1
    #: Upstream cuts its listing to a varying length: neither a shorter nor a longer one than before is a sign of
    #: damage.
    may_shrink: bool = False
    #: A body that keeps less than this share of its predecessor's rows is damaged, not shorter.
    least_share: float = 0.5
    #: A body with this many times its predecessor's rows or bytes, or this small a fraction, is another file.
    largest_growth: float = 20.0
    #: How far the best score of a board may move between two bodies; None where any step is plausible.
    largest_step: float | None = None
    schema: Mapping[str, pl.DataType] = field(default_factory=lambda: OBSERVATION)
    #: Boards that only this source knows; a line in the reference table takes precedence.
    boards: tuple[Board, ...] = ()
    #: Boards among this source's whose figures do not ship even where `Origin.redistributable` says the
    #: others do: somebody else's, passed on.
    withheld_boards: frozenset[str] = frozenset()
    coverage: Coverage = Coverage.WHOLE
    precision: Precision = Precision.FULL
    #: 0 is upstream itself; higher is further from it. Breaks ties between equal snapshots.
    distance: int = 0
    #: The printed date is a page's stamp, seen with the figures but not always moved with them. A
    #: stamp that the same source has already given to other figures is then not believed.
    stamp_can_lag: bool = False
    #: Glob patterns below a folder of raw files (one folder a source), for bulk ingest.
    raw_patterns: tuple[str, ...] = ()
    #: Local files that belong with one: those that exist are archived with it as one body (`bundled`).
    siblings_of: Callable[[PurePath], tuple[PurePath, ...]] = lambda path: ()
    #: Which request a local file answers; None when the name does not tell.
    request_of: Callable[[PurePath], str | None] = lambda path: None
    #: When a local file's content was known (a mirror's commit date); None when nothing tells.
    known_at_of: Callable[[PurePath, bytes], datetime | None] = lambda path, body: None
    #: Address of one local file's content, when a mirror's name tells the commit.
    address_of: Callable[[PurePath], str] = lambda path: ""
    #: How to ask for past publications; None where upstream keeps none.
    dated: Dated | None = None

    def request(self, name: str) -> Request:
        for request in self.requests:
            if request.name == name:
                return request
        known = ", ".join(request.name for request in self.requests)
        raise ParseError(f"{self.id}: no request named {name!r}", f"one of {known}", "name one of these")


#: Names of query parameters that may hold a secret or a signature.
SECRET = re.compile(
    r"x-(amz|goog|ms|oss)-|sig|token|key|secret|pass|pwd|auth|credential|policy|session|expires|^s[a-z]$",
    re.I,
)


def public_address(address: str) -> str:
    """``address`` as it may be shown and kept: without user, password, fragment and what looks like a secret."""
    try:
        parts = urlsplit(address)
        query = parse_qsl(parts.query, keep_blank_values=True)
    except ValueError:
        return ""
    kept = [(name, value) for name, value in query if not SECRET.search(name)]
    told = parts.query if len(kept) == len(query) else urlencode(kept)
    return urlunsplit((parts.scheme, parts.netloc.rpartition("@")[2], parts.path, told, ""))


def sha256_of(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def bundled(files: Mapping[str, bytes]) -> bytes:
    """``files`` by name as one body, which `Snapshot.files` reads: a ZIP, the same for the same files."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            # The earliest moment a ZIP can tell: a body must not change with the clock.
            archive.writestr(zipfile.ZipInfo(name), files[name])
    return body.getvalue()


def read(source: Source, snapshot: Snapshot) -> pl.DataFrame:
    """Parse ``snapshot`` and hold the result against the source's contract.

    Raises `ParseError` when the shape is wrong and `EmptyTable` when there are no rows.
    """
    frame = source.parse(snapshot)
    return validated(frame, source, snapshot)


def validated(frame: pl.DataFrame, source: Source, snapshot: Snapshot) -> pl.DataFrame:
    """``frame`` if it has exactly the declared columns and types and what must be there is there."""
    where = snapshot.where()
    expected = dict(source.schema)
    if dict(frame.schema) != expected:
        wrong = [
            f"{name}: {frame.schema.get(name, 'missing')} for {kind}"
            for name, kind in expected.items()
            if frame.schema.get(name) != kind
        ] + [f"{name}: not declared" for name in frame.columns if name not in expected]
        detail = "; ".join(wrong) or "columns out of order"
        raise ParseError(f"{where}: {detail}", "the declared schema", "mend the parser")
    if frame.is_empty():
        raise EmptyTable(
            f"{where}: no rows", f"at least {source.row_floor}", "the last good bytes stay in use"
        )
    for name in (name for name, kind in expected.items() if kind.is_float()):
        strange = frame.filter(pl.col(name).is_nan() | pl.col(name).is_infinite())
        if not strange.is_empty():
            raise ParseError(
                f"{where}: {strange.height} rows with {name} not a finite number",
                "a number, or null where upstream has none",
                "make it null in the parser",
            )
    for rule in RULES:
        if rule.schema is source.schema:
            _check_rule(frame, rule, where)
    return frame


def _check_rule(frame: pl.DataFrame, rule: Rule, where: str) -> None:
    for name in rule.required:
        missing = pl.col(name).is_null()
        if rule.schema[name] == pl.String():
            missing |= pl.col(name).str.strip_chars() == ""
        bad = frame.filter(missing)
        if not bad.is_empty():
            raise ParseError(
                f"{where}: {bad.height} rows without {name}",
                "every row has " + ", ".join(rule.required),
                "mend the parser or look at the bytes",
            )
    if all(frame[name].null_count() == frame.height for name in rule.purpose):
        raise EmptyTable(f"{where}: no row has a {' or '.join(rule.purpose)}", "figures", "look at the bytes")


def observations(rows: pl.DataFrame) -> pl.DataFrame:
    """``rows`` as `OBSERVATION`, see `conformed`."""
    return conformed(rows, OBSERVATION)


def conformed(rows: pl.DataFrame, schema: Mapping[str, pl.DataType]) -> pl.DataFrame:
    """``rows`` with the columns it lacks added as nulls, in the order and types of ``schema``.

    NaN and infinities become null: upstream prints them where it has no figure.
    """
    columns = []
    for name, kind in schema.items():
        column = pl.col(name) if name in rows.columns else pl.lit(None)
        column = column.cast(kind)
        if kind.is_float():
            column = pl.when(column.is_finite()).then(column)
        columns.append(column.alias(name))
    return rows.select(columns)

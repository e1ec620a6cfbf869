"""What a release is built from: the shipped history and the archive, each set of bytes with its receipt.

An input is one set of bytes that a parser turned into observations. The history ships those
observations; the archive holds the bytes, and their observations are parsed once and kept in staging.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Collection, Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from datetime import UTC, date, datetime
from functools import cache, lru_cache
from pathlib import Path
from typing import Any

import polars as pl

from sources.contract.receipt import Receipt
from sources.contract.rows import CHIP, FIGURE, NOTABLE_MODEL, OBSERVATION, PRICE, SET_ASIDE
from sources.contract.set_aside import Parsed, ParsedFile
from sources.contract.source import Source
from sources.errors import ParseError
from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import all_decisions
from sources.ingestion.parser_process import read_apart
from sources.registry import all_sources
from warehouse.builder.held import HeldRows, left_out, unreadable
from warehouse.files import replacing, sha256_of, write_atomically
from warehouse.switches import STRICT, is_on
from warehouse.workspace import PACKAGE, ROOT, Workspace

HISTORY = PACKAGE / "history"
#: The schemas of parsed rows, by name. They are compared by identity: two may have the same columns.
KINDS = {
    "observation": OBSERVATION,
    "price": PRICE,
    "chip": CHIP,
    "notable_model": NOTABLE_MODEL,
    "figure": FIGURE,
    "set_aside": SET_ASIDE,
}
MANIFEST = "manifest.json"


@dataclass(frozen=True)
class Input:
    """One body that a release is built from: a row of ``meta.inputs``. Times are UTC."""

    input_id: str
    source_id: str
    request: str
    held_in: str
    sha256: str
    size: int
    file_name: str
    address: str
    known_at: datetime
    rows: int

    def to_row(self) -> dict[str, Any]:
        """The fields for JSON, the time in ISO 8601."""
        # Not by `asdict`, which copies every field of some thousand inputs.
        return {**vars(self), "known_at": self.known_at.isoformat()}

    @classmethod
    def from_row(cls, row: dict[str, Any]) -> Input:
        """The reverse of `to_row`."""
        return cls(**{**row, "known_at": datetime.fromisoformat(row["known_at"])})


@dataclass(frozen=True)
class Gathered:
    """All inputs of a release, the Parquet files with their parsed rows, by kind, and what is left out."""

    inputs: tuple[Input, ...]
    files: dict[str, tuple[Path, ...]]
    held: tuple[HeldRows, ...] = ()
    #: sha256 of the manifest of the shipped history; empty if there is none.
    history: str = ""

    def to_json(self) -> str:
        """As JSON, for a later step."""
        files = {kind: [str(path) for path in paths] for kind, paths in self.files.items()}
        held = [rows.to_row() for rows in self.held]
        inputs = [entry.to_row() for entry in self.inputs]
        return json.dumps({"inputs": inputs, "files": files, "held": held, "history": self.history})

    @classmethod
    def from_json(cls, text: str) -> Gathered:
        """The reverse of `to_json`."""
        note = json.loads(text)
        return cls(
            tuple(Input.from_row(row) for row in note["inputs"]),
            {kind: tuple(Path(name) for name in names) for kind, names in note["files"].items()},
            tuple(HeldRows(**row) for row in note["held"]),
            note["history"],
        )


def input_id(source_id: str, request: str, known_at: datetime, sha256: str) -> str:
    """The id of an input, from its source, request, day and bytes."""
    return f"{source_id}/{request}/{known_at:%Y-%m-%d}/{sha256[:12]}"


def id_of(receipt: Receipt) -> str:
    """The id of the input that ``receipt`` records."""
    return input_id(receipt.source_id, receipt.request, receipt.known_at, receipt.sha256)


def archive_id(receipt: Receipt) -> str:
    """The id of an archived body: another than that of its part in the history, if only a part of it ships."""
    return f"{id_of(receipt)}/whole" if receipt.source_id in ships_in_part() else id_of(receipt)


@cache
def ships_in_part() -> frozenset[str]:
    """The sources of which some boards do not ship: an archived body of theirs has more rows than the history."""
    return frozenset(source.id for source in all_sources() if source.withheld_boards)


def from_receipt(receipt: Receipt, rows: int, held_in: str) -> Input:
    """The input that ``receipt`` records, with its number of rows; ``held_in`` is archive or history."""
    return Input(
        input_id=archive_id(receipt) if held_in == "archive" else id_of(receipt),
        source_id=receipt.source_id,
        request=receipt.request,
        held_in=held_in,
        sha256=receipt.sha256,
        size=receipt.size,
        file_name=receipt.file_name,
        address=receipt.address,
        known_at=receipt.known_at.astimezone(UTC),
        rows=rows,
    )


def first_receipts(receipts: Iterable[Receipt]) -> list[Receipt]:
    """The earliest receipt of each distinct body of each request."""
    first: dict[tuple[str, str], Receipt] = {}
    for receipt in sorted(receipts, key=lambda r: (r.known_at, r.file_name)):
        first.setdefault((receipt.request, receipt.sha256), receipt)
    return list(first.values())


def kind_of(source: Source) -> str:
    """The kind of rows ``source`` is parsed into."""
    return next(kind for kind, schema in KINDS.items() if schema is source.schema)


def known_by(moment: datetime, as_of: date | None) -> bool:
    """Whether ``moment`` is not after the end of the day ``as_of`` (UTC); always true without a day."""
    return as_of is None or moment.astimezone(UTC).date() <= as_of


def gather(
    workspace: Workspace,
    history: Path = HISTORY,
    as_of: date | None = None,
    excluded: Collection[str] = (),
) -> Gathered:
    """The inputs of the shipped history and of the archive, each body once; new bodies are parsed.

    Of a body that ships in part the archived whole takes the place of the part.

    With ``as_of`` only what was known by the end of that day; none of the sources ``excluded``. Rejected bodies are
    left out, and those that their parser does not read any more. Files can contain rows of other inputs, and rows
    that are held back: readers must filter.
    """
    manifest = read_manifest(history)
    archive = Archive(workspace.archive)
    decisions = [one for one in all_decisions(archive.root) if one.source_id not in excluded]
    rejected = {(one.source_id, one.sha256) for one in decisions if one.rejected_at is not None}
    inputs = [Input.from_row(row) for row in manifest["inputs"]]
    inputs = [
        entry
        for entry in inputs
        if known_by(entry.known_at, as_of)
        and entry.source_id not in excluded
        and (entry.source_id, entry.sha256) not in rejected
    ]
    files: dict[str, list[Path]] = {kind: [] for kind in KINDS}
    for entry in manifest["files"]:
        files[entry.get("kind", "observation")].append(history / entry["file"])
    cannot_be_read = []
    whole = set()
    read: list[Path] = []
    known = KnownRows(workspace)
    for source, receipt in archived(workspace, history, as_of):
        if source.id in excluded:
            continue
        try:
            path, rows = parsed(workspace, archive, source, receipt, known)
        except ParseError as error:
            cannot_be_read.append(unreadable(receipt, error.line()))
            continue
        inputs.append(from_receipt(receipt, rows, "archive"))
        whole.add((source.id, receipt.sha256))
        files[kind_of(source)].append(path)
        read.append(path)
    known.write()
    lost = {file.name for file in (workspace.staging / "parsed").glob(f"{LOST_ROWS}*")}
    files["set_aside"] += [
        file for path in read if LOST_ROWS + path.name in lost and rows_in(file := set_aside_file(path))
    ]
    inputs = [
        entry
        for entry in inputs
        if entry.held_in == "archive" or (entry.source_id, entry.sha256) not in whole
    ]
    ordered = tuple(sorted(inputs, key=lambda entry: entry.input_id))
    ids = {(entry.source_id, entry.request, entry.sha256): entry.input_id for entry in ordered}
    return Gathered(
        ordered,
        {kind: tuple(paths) for kind, paths in files.items()},
        (*left_out(decisions, ids, as_of), *cannot_be_read),
        sha256_of(history / MANIFEST) if (history / MANIFEST).is_file() else "",
    )


def archived(
    workspace: Workspace, history: Path = HISTORY, as_of: date | None = None
) -> list[tuple[Source, Receipt]]:
    """The receipts of all bodies in the archive that do not ship whole, known by the end of ``as_of``."""
    inputs = [Input.from_row(row) for row in read_manifest(history)["inputs"]]
    shipped = {
        (entry.source_id, entry.sha256)
        for entry in inputs
        if known_by(entry.known_at, as_of) and entry.source_id not in ships_in_part()
    }
    archive = Archive(workspace.archive)
    return [
        (source, receipt)
        for source in all_sources()
        for receipt in first_receipts(archive.history(source.id))
        if (source.id, receipt.sha256) not in shipped and known_by(receipt.known_at, as_of)
    ]


class KnownRows:
    """How many rows each file of parsed rows has, kept from one build to the next: a thousand take 0.3 seconds to open.

    A file that has another size, or has been written since, is opened.
    """

    def __init__(self, workspace: Workspace) -> None:
        self._file = workspace.staging / "parsed_rows.json"
        self._noted: dict[str, list[int]] = {}
        self._now: dict[str, list[int]] = {}
        with suppress(OSError, ValueError, TypeError):
            self._noted = dict(json.loads(self._file.read_text(encoding="utf-8")))

    def of(self, path: Path) -> int | None:
        """As `rows_in`."""
        try:
            state = path.stat()
        except OSError:
            return None
        noted = self._noted.get(path.name)
        if not isinstance(noted, list) or noted[1:] != [state.st_size, state.st_mtime_ns]:
            rows = rows_in(path)
            if rows is None:
                return None
            noted = [rows, state.st_size, state.st_mtime_ns]
        self._now[path.name] = noted
        return noted[0]

    def write(self) -> None:
        """Keep what was asked for, if any of it is new; nothing where there is no folder yet."""
        if self._now != self._noted and self._file.parent.is_dir():
            # A build that can do without it goes on.
            with suppress(OSError):
                write_atomically(self._file, json.dumps(self._now))


def parsed(
    workspace: Workspace, archive: Archive, source: Source, receipt: Receipt, known: KnownRows | None = None
) -> tuple[Path, int]:
    """The file with the rows of an archived body, and their number; parsed once for each version of the parsers.

    Several processes may do this at once: each replaces the whole file.
    """
    path = parsed_file(workspace, receipt)
    rows = known.of(path) if known else rows_in(path)
    if rows is None:
        body = read_apart(source, archive.load(receipt))
        rows = body.height
        keep_parsed(workspace, receipt, body)
    return path, rows


def keep_parsed(workspace: Workspace, receipt: Receipt, parsed: Parsed | ParsedFile) -> None:
    """Write the rows of an archived body and those it lost, so that no build parses it again."""
    name = archive_id(receipt)
    path = parsed_file(workspace, receipt)
    # The rows last: where they are, the others are too.
    frames: dict[Path, pl.DataFrame | pl.LazyFrame] = {
        path: parsed.frame if isinstance(parsed, Parsed) else parsed.lazy()
    }
    if parsed.set_aside:
        frames = {set_aside_file(path): parsed.set_aside_frame(), **frames}
    for file, frame in frames.items():
        # An ingest does not hold the lock of the data folder: a build may remove the file, and then parses the body
        # itself.
        with suppress(FileNotFoundError), replacing(file) as temporary:
            if isinstance(frame, pl.DataFrame):
                tagged(frame, name).write_parquet(temporary)
            else:
                frame.select(pl.lit(name).alias("input_id"), pl.all()).sink_parquet(temporary)


#: What the names of files with lost rows begin with.
LOST_ROWS = "set_aside__"


def set_aside_file(parsed: Path) -> Path:
    """The path of the rows that a body lost, beside the file of its rows; there only if it lost any."""
    return parsed.with_name(LOST_ROWS + parsed.name)


def parsed_file(workspace: Workspace, receipt: Receipt) -> Path:
    """The path of the parsed rows of an archived body."""
    name = archive_id(receipt).replace("/", "__")
    # Put together as a text: a build asks for a thousand.
    return Path(f"{workspace.staging}/parsed/{name}.{_parsers()[:12]}.parquet")


def sweep_parsed(workspace: Workspace) -> None:
    """Remove rows parsed by other versions of the parsers, and temporary files of killed processes.

    The caller must hold the lock of the data folder: then no live run is writing here.
    """
    ours = f".{_parsers()[:12]}.parquet"
    for path in (workspace.staging / "parsed").glob("*"):
        if not path.name.endswith(ours):
            path.unlink(missing_ok=True)


@cache
def _parsers() -> str:
    """The hash of the parsers' code, computed once: this process keeps the code it loaded."""
    return code_hash(ROOT / "sources")


def rows_in(path: Path) -> int | None:
    """The number of rows of a Parquet file; None if it is missing or damaged."""
    # Polars takes ten times as long to open a file, and there may be a thousand. Imported where there is one.
    from pyarrow import ArrowException, parquet

    try:
        rows: int = parquet.read_metadata(path).num_rows
    except (OSError, ArrowException):
        return None
    return rows


def tagged(frame: pl.DataFrame, name: str) -> pl.DataFrame:
    """``frame`` with the input id ``name`` as its first column."""
    return frame.select(pl.lit(name).alias("input_id"), pl.all())


def read_manifest(history: Path = HISTORY) -> dict[str, Any]:
    """The manifest of the shipped history; without inputs if there is none."""
    path = history / MANIFEST
    if not path.is_file():
        return {"inputs": [], "files": []}
    manifest: dict[str, Any] = json.loads(path.read_text(encoding="utf-8"))
    return manifest


def code_hash(*folders: Path) -> str:
    """sha256 over the program and data files below ``folders`` (names and contents)."""
    digest = hashlib.sha256()
    for folder in folders:
        for name in sorted(_program_files(folder)):
            path = f"{folder}/{name}"
            state = os.stat(path)  # noqa: PTH116 (a path of each of some hundred files takes as long as the rest)
            digest.update(name.encode() + b"\0")
            digest.update(_hash_of(path, state.st_ino, state.st_size, state.st_mtime_ns))
    return digest.hexdigest()


@lru_cache(maxsize=10_000)
def _hash_of(path: str, number: int, size: int, written: int) -> bytes:
    """The sha256 of a file, read once as long as it has the same inode, size and time: a build asks six times."""
    return hashlib.sha256(Path(path).read_bytes()).digest()


def _program_files(folder: Path) -> Iterator[str]:
    """Paths below ``folder``. Not by `pathlib`, which takes ten times as long for some hundred files."""
    beginning = len(os.fspath(folder)) + 1
    for parent, inner, names in os.walk(folder):
        inner[:] = [name for name in inner if name not in ("data", "__pycache__")]
        for name in names:
            if name.endswith((".py", ".sql", ".csv", ".json", ".toml")):
                yield f"{parent}/{name}"[beginning:]


def release_hash(
    workspace: Workspace,
    history: Path = HISTORY,
    as_of: date | None = None,
    excluded: Collection[str] = (),
) -> str:
    """sha256 over everything that determines a release: bodies, decisions, references, code, ``as_of``, ``excluded``.

    Reads only receipts, decisions, the manifest and the code.
    """
    digest = hashlib.sha256(code_hash(ROOT / "sources", ROOT / "warehouse").encode())
    for path in sorted(workspace.reference.glob("*.csv")):
        digest.update(f"own {path.name}\0".encode() + hashlib.sha256(path.read_bytes()).digest())
    if is_on(STRICT):
        digest.update(b"strict\n")
    if excluded:
        digest.update(f"without {' '.join(sorted(excluded))}\n".encode())
    if as_of is not None:
        digest.update(f"as of {as_of}\n".encode())
    for row in read_manifest(history)["inputs"]:
        digest.update(f"{row['input_id']}\0{row['sha256']}\n".encode())
    archive = Archive(workspace.archive)
    for source in all_sources():
        for receipt in first_receipts(archive.history(source.id)):
            if not known_by(receipt.known_at, as_of):
                continue
            digest.update(f"{source.id}\0{receipt.request}\0{receipt.sha256}\0{receipt.known_at}\n".encode())
    for decisions in all_decisions(archive.root):
        if known_by(decisions.known_at, as_of):
            digest.update(decisions.to_json().encode())
    return digest.hexdigest()

"""The shipped history: figures of past publications as Parquet files, with a manifest.

`build` runs archived bodies through the parsers and writes one file for each source. The same bodies and parsers give
the same figures. Raw upstream files do not ship, only figures whose licence allows it.
"""

from __future__ import annotations

import hashlib
import json
import os
from collections.abc import Callable, Iterable, Sequence
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import polars as pl

from sources.contract.receipt import Receipt, sha256_of
from sources.contract.snapshot import Snapshot
from sources.contract.source import Source
from sources.contract.validation import read
from sources.errors import UsageError
from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import decisions_about, without_held
from sources.ingestion.local_files import body_of, raw_files
from sources.registry import all_sources
from warehouse.builder.inputs import HISTORY, MANIFEST, Input, first_receipts, from_receipt, kind_of, tagged
from warehouse.db import in_memory, literal
from warehouse.workspace import Workspace

#: Bytes; a larger file is split by board and variant.
LARGEST_FILE = 5_000_000
#: The time of a raw file whose source knows none.
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)
#: Sort order of the rows, as far as a kind has these columns: similar neighbours compress well.
SORT = (
    "board", "variant", "category", "published_on", "input_id", "rank", "model_name", "listed_name",
    "provider", "chip_name", "figure", "measure", "period", "score", "votes",
)  # fmt: skip

#: A source and its bytes, each with its receipt.
Material = tuple[Source, list[tuple[Receipt, bytes]]]


def build(
    workspace: Workspace,
    raw: Path | None = None,
    to: Path = HISTORY,
    progress: Callable[[str], None] = lambda line: None,
    track: Callable[[Sequence[Material]], Iterable[Material]] = iter,
) -> dict[str, Any]:
    """Write the history to ``to`` from a folder of raw files, or from the archive. Returns the manifest.

    Raises `UsageError` when there is nothing to build from.
    """
    to.mkdir(parents=True, exist_ok=True)
    inputs: list[Input] = []
    origins: dict[str, Any] = {}
    written: list[dict[str, Any]] = []
    left_out: list[dict[str, str]] = []
    for source, receipts_and_bodies in track(_material(workspace, raw)):
        if not source.origin.redistributable:
            left_out.append({"source_id": source.id, "why": source.origin.redistribution_note})
            continue
        frames = []
        for receipt, body in receipts_and_bodies:
            frame = read(source, Snapshot(body, receipt)).frame
            if raw is None:
                frame = without_held(frame, decisions_about(workspace.archive, receipt))
            if source.withheld_boards:
                frame = frame.filter(~pl.col("board").is_in(sorted(source.withheld_boards)))
            entry = from_receipt(receipt, frame.height, "history")
            inputs.append(entry)
            frames.append(tagged(frame, entry.input_id))
        if not frames:
            continue
        whole = pl.concat(frames)
        order = [name for name in SORT if name in whole.columns]
        whole = whole.sort(order, nulls_last=True, maintain_order=True)
        written += [{**entry, "kind": kind_of(source)} for entry in _write(whole, source.id, to)]
        origins[source.id] = {
            "producer": source.origin.producer,
            "title": source.origin.title,
            "address": source.origin.address,
            "citation": source.origin.citation,
            "licence": source.origin.licence,
            "licence_address": source.origin.licence_address,
            "mirror": source.origin.mirror,
            "why_it_ships": source.origin.redistribution_note,
        }
        progress(f"{source.id}: {len(frames)} inputs, {whole.height:,} rows")
    if not inputs:
        raise UsageError(
            "nothing to build the history from",
            "raw files or archived bytes",
            "name a folder with --raw, or ingest files first",
        )
    manifest = {
        "files": written,
        "inputs": [entry.to_row() for entry in sorted(inputs, key=lambda entry: entry.input_id)],
        "origins": origins,
        "left_out": left_out,
    }
    _remove_others(to, {entry["file"] for entry in written})
    text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
    (to / MANIFEST).write_text(text, encoding="utf-8")
    return manifest


def _material(workspace: Workspace, raw: Path | None) -> list[Material]:
    """Each source with its distinct bodies and their earliest receipts."""
    if raw is None:
        archive = Archive(workspace.archive)
        return [
            (
                source,
                [
                    (receipt, archive.load(receipt).body)
                    for receipt in first_receipts(archive.history(source.id))
                ],
            )
            for source in all_sources()
        ]
    if not raw.is_dir():
        raise UsageError(
            f"{raw} is not a folder", "a folder with one subfolder for each source", "name it with --raw"
        )
    bodies: dict[str, dict[str, bytes]] = {}
    receipts: dict[str, list[Receipt]] = {}
    for source, path in raw_files(raw):
        body = body_of(source, path)
        request = source.request_for(path) or source.requests[0].name
        receipt = Receipt(
            source_id=source.id,
            request=request,
            sha256=sha256_of(body),
            size=len(body),
            address=source.address_of(path) or source.origin.address,
            known_at=source.known_at_of(path, body) or UNKNOWN,
            fetched_at=UNKNOWN,
            file_name=path.name,
        )
        bodies.setdefault(source.id, {})[receipt.sha256] = body
        receipts.setdefault(source.id, []).append(receipt)
    return [
        (
            source,
            [
                (receipt, bodies[source.id][receipt.sha256])
                for receipt in first_receipts(receipts.get(source.id, []))
            ],
        )
        for source in all_sources()
    ]


def _write(frame: pl.DataFrame, source_id: str, to: Path) -> list[dict[str, Any]]:
    """Write one file for the source, or one for each board and variant if that would be too large."""
    path = to / f"{source_id}.parquet"
    _parquet(frame, path)
    if path.stat().st_size <= LARGEST_FILE:
        return [_entry(path, source_id, frame.height)]
    path.unlink()
    entries = []
    for (board, variant), part in sorted(frame.partition_by("board", "variant", as_dict=True).items()):
        piece = to / f"{source_id}-{board}-{variant}.parquet"
        _parquet(part, piece)
        entries.append(_entry(piece, source_id, part.height))
    return entries


def _parquet(frame: pl.DataFrame, path: Path) -> None:
    """Zstandard Parquet, written by DuckDB: its second format splits the bytes of floats, a fifth smaller."""
    temporary = path.with_name(f".{path.name}.{os.getpid()}")
    with in_memory() as con:
        con.execute("SET threads = 1")
        con.register("frame", frame)
        con.execute(
            f"COPY (SELECT * FROM frame) TO {literal(str(temporary))} (FORMAT parquet, PARQUET_VERSION v2, "
            "COMPRESSION zstd, COMPRESSION_LEVEL 19, ROW_GROUP_SIZE 1000000)"
        )
    temporary.replace(path)


def _entry(path: Path, source_id: str, rows: int) -> dict[str, Any]:
    return {
        "file": path.name,
        "source_id": source_id,
        "rows": rows,
        "sha256": hashlib.sha256(path.read_bytes()).hexdigest(),
    }


def _remove_others(folder: Path, kept: set[str]) -> None:
    for path in folder.glob("*.parquet"):
        if path.name not in kept:
            path.unlink()

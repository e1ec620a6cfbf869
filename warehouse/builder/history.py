"""The shipped history: figures of past publications as Parquet files, with a manifest.

`build` runs bodies through the parsers and merges their rows with those that ship already: one file for each source.
The bodies at hand, with the shipped rows of all others, give the same bytes again. Raw upstream files do not ship, only
figures whose licence allows it.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

import polars as pl

from sources.contract.receipt import Receipt, sha256_of
from sources.contract.snapshot import Snapshot
from sources.contract.source import Source
from sources.contract.validation import read
from sources.errors import UsageError, meant
from sources.ingestion.archive import Archive
from sources.ingestion.archive.decisions import decisions_about, without_held
from sources.ingestion.local_files import body_of, raw_files
from sources.registry import all_sources
from warehouse.builder import history_files
from warehouse.builder.inputs import HISTORY, MANIFEST, Input, first_receipts, from_receipt, kind_of, tagged
from warehouse.files import replacing_folder
from warehouse.workspace import Workspace

#: The time of a raw file whose source knows none.
UNKNOWN = datetime(1970, 1, 1, tzinfo=UTC)

#: A source and its bodies, each with its receipt, to be loaded when they are read.
Material = tuple[Source, list[tuple[Receipt, Callable[[], bytes]]]]
#: Inputs with their rows, by request and sha256.
Bodies = dict[tuple[str, str], tuple[Input, pl.DataFrame]]


def build(
    workspace: Workspace,
    raw: Path | None = None,
    to: Path = HISTORY,
    drop: Sequence[str] = (),
    progress: Callable[[str], None] = lambda line: None,
    track: Callable[[Sequence[Material]], Iterable[Material]] = iter,
) -> dict[str, Any]:
    """Merge a folder of raw files, or the archive, into the history in ``to``. Returns the manifest.

    A body that ships already keeps its day, name and address, and its rows are parsed anew; bodies that are not at
    hand keep their rows; files of sources of which nothing is at hand are not written. ``drop`` names shipped inputs
    that are forgotten first: by source, by id, or by the beginning of ids.

    Raises `UsageError` when there is nothing to build from, when a shipped body would lose rows that are not
    dropped, and when a file in the way is not one of the manifest's. Then nothing in ``to`` has changed.
    """
    before = history_files.own_manifest(to)
    shipped = [Input.from_row(row) for row in before["inputs"]]
    dropped = _dropped(shipped, drop)
    material = _material(workspace, raw)
    if not dropped and not any(bodies for _, bodies in material):
        raise UsageError(
            "nothing to build the history from",
            "raw files or archived bytes",
            "name a folder with --raw, or ingest files first",
        )
    to = to.resolve()
    to.parent.mkdir(parents=True, exist_ok=True)
    inputs: list[Input] = []
    files: list[dict[str, Any]] = []
    origins: dict[str, Any] = {}
    left_out: list[dict[str, str]] = []
    # One step puts all files and their manifest in place: killed between two of them, none would fit the other.
    with replacing_folder(to) as fresh:
        for source, bodies in track(material):
            if not source.origin.redistributable:
                left_out.append({"source_id": source.id, "why": source.origin.redistribution_note})
                continue
            ships = [entry for entry in shipped if entry.source_id == source.id]
            kept = [entry for entry in ships if entry.input_id not in dropped]
            if bodies or len(kept) < len(ships):
                merged = _merged(to, before, source, kept)
                for receipt, load in bodies:
                    _add(merged, source, receipt, _parsed(workspace, raw, source, receipt, load()))
                if not merged:
                    continue
                rows = pl.concat([frame for _, frame in merged.values()])
                written = history_files.write(rows, source.id, fresh)
                files += [{**entry, "kind": kind_of(source)} for entry in written]
                inputs += [entry for entry, _ in merged.values()]
                progress(
                    f"{source.id}: {len(merged)} inputs, {len(bodies)} of them at hand, {rows.height:,} rows"
                )
            elif ships:
                files += [entry for entry in before["files"] if entry["source_id"] == source.id]
                inputs += ships
            else:
                continue
            origins[source.id] = _origin(source)
        _refuse_losses([entry for entry in shipped if entry.input_id not in dropped], inputs)
        manifest = {
            "files": files,
            "inputs": [entry.to_row() for entry in sorted(inputs, key=lambda entry: entry.input_id)],
            "origins": origins,
            "left_out": left_out,
        }
        history_files.carry_over(to, fresh, before["files"], files)
        text = json.dumps(manifest, indent=1, sort_keys=True, ensure_ascii=False) + "\n"
        (fresh / MANIFEST).write_bytes(text.encode())
    return manifest


def _dropped(shipped: Sequence[Input], names: Sequence[str]) -> set[str]:
    """The ids of the shipped inputs that ``names`` name. Raises `UsageError` for a name of none."""
    found: set[str] = set()
    for name in names:
        of_name = {
            entry.input_id for entry in shipped if f"{entry.input_id}/".startswith(f"{name.rstrip('/')}/")
        }
        if not of_name:
            hint = meant(name, sorted({entry.source_id for entry in shipped}), "see manifest.json")
            raise UsageError(f"nothing ships of {name!r}", "a source or the beginning of an input's id", hint)
        found |= of_name
    return found


def _merged(to: Path, before: dict[str, Any], source: Source, kept: Sequence[Input]) -> Bodies:
    """The shipped inputs of ``source`` that are kept, with their rows."""
    if not kept:
        return {}
    files = [entry for entry in before["files"] if entry["source_id"] == source.id]
    rows = history_files.read(to, files, kind_of(source)).partition_by("input_id", as_dict=True)
    empty = history_files.no_rows(kind_of(source))
    return {(entry.request, entry.sha256): (entry, rows.get((entry.input_id,), empty)) for entry in kept}


def _add(merged: Bodies, source: Source, receipt: Receipt, frame: pl.DataFrame) -> None:
    """Add a body to ``merged``, in place of its rows before."""
    key = receipt.request, receipt.sha256
    entry = from_receipt(receipt, frame.height, "history")
    if key in merged:
        entry = replace(merged[key][0], rows=frame.height)
    merged[key] = entry, tagged(frame, entry.input_id)


def _parsed(
    workspace: Workspace, raw: Path | None, source: Source, receipt: Receipt, body: bytes
) -> pl.DataFrame:
    """The rows of a body that may ship."""
    frame = read(source, Snapshot(body, receipt)).frame
    if raw is None:
        frame = without_held(frame, decisions_about(workspace.archive, receipt))
    if source.withheld_boards:
        frame = frame.filter(~pl.col("board").is_in(sorted(source.withheld_boards)))
    return frame


def _refuse_losses(shipped: Sequence[Input], inputs: Sequence[Input]) -> None:
    """Raise `UsageError` when one of ``shipped`` has fewer rows among ``inputs``."""
    rows = {(entry.source_id, entry.request, entry.sha256): entry.rows for entry in inputs}
    less = [
        (entry, now)
        for entry in shipped
        if (now := rows.get((entry.source_id, entry.request, entry.sha256), 0)) < entry.rows
    ]
    if less:
        entry, now = less[0]
        more = f", and {len(less) - 1} more would have fewer" if len(less) > 1 else ""
        raise UsageError(
            f"{entry.input_id} would have {now} rows{more}",
            f"the {entry.rows} that ship, or more",
            f"if they are to go: --drop {entry.source_id}, or one input's id",
        )


def _origin(source: Source) -> dict[str, str]:
    return {
        "producer": source.origin.producer,
        "title": source.origin.title,
        "address": source.origin.address,
        "citation": source.origin.citation,
        "licence": source.origin.licence,
        "licence_address": source.origin.licence_address,
        "mirror": source.origin.mirror,
        "why_it_ships": source.origin.redistribution_note,
    }


def _material(workspace: Workspace, raw: Path | None) -> list[Material]:
    """Each source with its distinct bodies and their earliest receipts."""
    if raw is None:
        archive = Archive(workspace.archive)
        return [
            (
                source,
                [
                    (receipt, partial(_body, archive, receipt))
                    for receipt in first_receipts(archive.history(source.id))
                ],
            )
            for source in all_sources()
        ]
    if not raw.is_dir():
        raise UsageError(
            f"{raw} is not a folder", "a folder with one subfolder for each source", "name it with --raw"
        )
    paths: dict[tuple[str, str], Path] = {}
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
        paths[source.id, receipt.sha256] = path
        receipts.setdefault(source.id, []).append(receipt)
    return [
        (
            source,
            [
                (receipt, partial(body_of, source, paths[source.id, receipt.sha256]))
                for receipt in first_receipts(receipts.get(source.id, []))
            ],
        )
        for source in all_sources()
    ]


def _body(archive: Archive, receipt: Receipt) -> bytes:
    return archive.load(receipt).body

"""The files of the shipped history: written one or several a source, replaced and removed only by their manifest."""

from __future__ import annotations

import shutil
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

import polars as pl

from sources.errors import UsageError
from warehouse.builder.inputs import KINDS, MANIFEST, read_manifest
from warehouse.db import in_memory, literal
from warehouse.files import sha256_of

#: Bytes; a larger file is split by board and variant.
LARGEST_FILE = 5_000_000
#: Sort order of the rows, as far as a kind has these columns: similar neighbours compress well.
SORT = (
    "board", "variant", "category", "published_on", "input_id", "rank", "model_name", "listed_name",
    "provider", "chip_name", "figure", "measure", "period", "score", "votes",
)  # fmt: skip

#: A file as the manifest lists it.
FileEntry = Mapping[str, Any]


def own_manifest(folder: Path) -> dict[str, Any]:
    """The manifest in ``folder``; without inputs if there is none. Raises `UsageError` when it is of something else."""
    try:
        manifest = read_manifest(folder)
        listed = [(entry["file"], entry["source_id"], entry["sha256"]) for entry in manifest["files"]]
        is_ours = all(Path(name).name == name for name, *_ in listed) and isinstance(manifest["inputs"], list)
    except (ValueError, TypeError, KeyError):
        is_ours = False
    if not is_ours:
        raise UsageError(
            f"{folder / MANIFEST} is not the manifest of a history",
            "a history, or a folder without such a file",
            "choose another with --to; nothing was changed",
        )
    return manifest


def no_rows(kind: str) -> pl.DataFrame:
    """An empty frame of shipped rows."""
    return pl.DataFrame(schema={"input_id": pl.String(), **KINDS[kind]})


def read(folder: Path, files: Iterable[FileEntry], kind: str) -> pl.DataFrame:
    """The rows of ``files``. Columns that have come to the kind since are null.

    Raises `UsageError` when a file is not the one that the manifest lists.
    """
    frames = [no_rows(kind)]
    for entry in files:
        path = folder / entry["file"]
        if not path.is_file() or sha256_of(path) != entry["sha256"]:
            raise UsageError(
                f"{path} is {'another file' if path.is_file() else 'gone'}",
                "the file that the manifest lists",
                "restore it; nothing was changed",
            )
        frame = pl.read_parquet(path)
        known = [name for name in frames[0].columns if name in frame.columns]
        frames.append(frame.select(known))
    return pl.concat(frames, how="diagonal")


def write(frame: pl.DataFrame, source_id: str, folder: Path) -> list[dict[str, Any]]:
    """Write one file for the source, or one for each board and variant if that would be too large."""
    order = [name for name in SORT if name in frame.columns]
    frame = frame.sort(order, nulls_last=True, maintain_order=True)
    path = folder / f"{source_id}.parquet"
    _parquet(frame, path)
    if path.stat().st_size <= LARGEST_FILE:
        return [_entry(path, source_id, frame.height)]
    path.unlink()
    entries = []
    for (board, variant), part in sorted(frame.partition_by("board", "variant", as_dict=True).items()):
        piece = folder / f"{source_id}-{board}-{variant}.parquet"
        _parquet(part, piece)
        entries.append(_entry(piece, source_id, part.height))
    return entries


def carry_over(folder: Path, fresh: Path, before: Iterable[FileEntry], now: Iterable[FileEntry]) -> None:
    """Put into ``fresh`` what of ``folder`` stays: files of the manifest that were not written anew, and foreign ones.

    Raises `UsageError` for a foreign file that is in the way of one written.
    """
    dropped = {entry["file"] for entry in before} - {entry["file"] for entry in now}
    listed = {entry["file"] for entry in before} | {MANIFEST}
    for path in sorted(folder.iterdir()) if folder.is_dir() else ():
        if path.name in dropped or path.name == MANIFEST:
            continue
        if not (fresh / path.name).exists():
            (shutil.copytree if path.is_dir() else shutil.copy2)(path, fresh / path.name)
        elif path.name not in listed:
            raise UsageError(
                f"{path} is in the way, and the manifest does not list it",
                "files of the manifest",
                "move it away, or choose another folder with --to; nothing was changed",
            )


def _parquet(frame: pl.DataFrame, path: Path) -> None:
    """Zstandard Parquet, written by DuckDB: its second format splits the bytes of floats, a fifth smaller."""
    with in_memory() as con:
        con.execute("SET threads = 1")
        con.register("frame", frame)
        con.execute(
            f"COPY (SELECT * FROM frame) TO {literal(str(path))} (FORMAT parquet, PARQUET_VERSION v2, "
            "COMPRESSION zstd, COMPRESSION_LEVEL 19, ROW_GROUP_SIZE 1000000)"
        )


def _entry(path: Path, source_id: str, rows: int) -> dict[str, Any]:
    return {"file": path.name, "source_id": source_id, "rows": rows, "sha256": sha256_of(path)}

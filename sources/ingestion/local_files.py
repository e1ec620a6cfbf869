"""Raw files on a disk, each assigned to a source by its path: for bulk ingest and for building the history."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sources.contract.source import Source
from sources.contract.zip_files import MAX_UNZIPPED_BYTES, bundle
from sources.errors import UsageError
from sources.registry import all_sources


def raw_files(folder: Path) -> Iterator[tuple[Source, Path]]:
    """Every file below ``folder`` that a source claims by its `raw_patterns`.

    Sorted by source, then path: the order is the same on every machine. Files that match no source are left out.
    """
    for source in all_sources():
        found = {path for pattern in source.raw_patterns for path in folder.glob(pattern) if path.is_file()}
        for path in sorted(found):
            yield source, path


def body_of(source: Source, path: Path) -> bytes:
    """What is archived of a local file: its bytes, or one body of it and the files that belong with it.

    Raises `OSError` when it cannot be read and `UsageError` when it is larger than any body may be.
    """
    companions = [Path(other) for other in source.companions_of(path)]
    files = {
        other.name: _bytes_of(other) for other in (path, *companions) if other == path or other.is_file()
    }
    return bundle(files) if len(files) > 1 else files[path.name]


def _bytes_of(path: Path) -> bytes:
    with path.open("rb") as file:
        # Read, not asked for: a device or a pipe has no size.
        body = file.read(MAX_UNZIPPED_BYTES + 1)
    if len(body) > MAX_UNZIPPED_BYTES:
        raise UsageError(f"{path}: more than {MAX_UNZIPPED_BYTES} bytes", "less", "look at the file")
    return body

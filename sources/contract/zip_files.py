"""Several files as one body: ZIP archives that upstream serves, and those this project makes."""

from __future__ import annotations

import io
import zipfile
import zlib
from collections.abc import Mapping
from pathlib import PurePosixPath

from sources.errors import ParseError

#: Limits of an archive. Epoch's, the largest known, has 76 files and 5 MB, 15 times its size.
MAX_UNZIPPED_BYTES = 256 * 1024 * 1024
MAX_FILES = 1000
MAX_RATIO = 100
#: How upstreams and `bundle` pack files. The others can ask for gigabytes of memory before the first byte.
METHODS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
#: The mark of one entry in the list of files.
_ENTRY = b"PK\x01\x02"


def is_zip(body: bytes) -> bool:
    """Whether ``body`` begins like a ZIP file."""
    return body.startswith((b"PK\x03\x04", b"PK\x05\x06"))


def read_zip(body: bytes, where: str) -> dict[str, bytes]:
    """The files in a ZIP by name, sorted by name. ``where`` names the body in errors.

    Raises `ParseError` when it is no ZIP, is damaged or encrypted, has more than `MAX_FILES` files or
    `MAX_UNZIPPED_BYTES` bytes, unpacks to far more than its size, or has a file name that leaves the folder or is
    given twice.
    """
    # Before the list of files is read: a million entries take a gigabyte.
    listed = body.count(_ENTRY)
    if listed > 2 * MAX_FILES:
        raise _bad_zip(where, f"{listed} entries", f"at most {MAX_FILES} files")
    try:
        with zipfile.ZipFile(io.BytesIO(body)) as archive:
            return _unzip(archive, where, len(body))
    # RuntimeError: encrypted. IndexError: an empty file name.
    except (
        zipfile.BadZipFile, zlib.error, EOFError, OSError, ValueError, RuntimeError, IndexError,
    ):  # fmt: skip
        raise _bad_zip(where, f"no ZIP, or damaged or encrypted: {body[:40]!r}") from None


def bundle(files: Mapping[str, bytes]) -> bytes:
    """``files`` by name as one ZIP, which `Snapshot.files` reads. Equal files give equal bytes."""
    body = io.BytesIO()
    with zipfile.ZipFile(body, "w", zipfile.ZIP_STORED) as archive:
        for name in sorted(files):
            # ZipInfo dates the file 1980-01-01: the bytes must not change with the clock.
            archive.writestr(zipfile.ZipInfo(name), files[name])
    return body.getvalue()


def _unzip(archive: zipfile.ZipFile, where: str, size: int) -> dict[str, bytes]:
    entries = [entry for entry in archive.infolist() if not entry.is_dir()]
    if len(entries) > MAX_FILES:
        raise _bad_zip(where, f"{len(entries)} files", f"at most {MAX_FILES}")
    files: dict[str, bytes] = {}
    limit = min(MAX_UNZIPPED_BYTES, 10_000_000 + MAX_RATIO * size)
    bytes_left = limit
    for entry in sorted(entries, key=lambda entry: entry.filename):
        name = entry.filename
        path = PurePosixPath(name)
        if path.is_absolute() or ".." in path.parts or "\\" in name or ":" in name or name in files:
            raise _bad_zip(where, f"the file name {name[:60]!r}", "names inside one folder, each once")
        if entry.compress_type not in METHODS:
            raise _bad_zip(where, f"{name[:60]!r} is packed by method {entry.compress_type}", "deflate")
        with archive.open(entry) as file:
            files[name] = file.read(bytes_left + 1)
        bytes_left -= len(files[name])
        if bytes_left < 0:
            raise _bad_zip(where, f"more than {limit} bytes unpacked", "less")
    return files


def _bad_zip(where: str, found: str, expected: str = "a ZIP file") -> ParseError:
    return ParseError(f"{where}: {found}", expected, "the last good bytes stay in use")

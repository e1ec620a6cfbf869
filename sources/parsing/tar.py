"""Archives of a repository's files, as GitHub packs them: gzipped tar."""

from __future__ import annotations

import io
import tarfile
import zlib

from sources.contract import Snapshot
from sources.parsing.bodies import check_body, check_limit, unreadable

#: Limits of an archive. The largest known has 779 files, 240 kB packed and 3 MB unpacked.
MAX_BYTES = 64 * 1024 * 1024
MAX_FILES = 20_000


def read_tar(snapshot: Snapshot, ending: str) -> dict[str, bytes]:
    """The files of a gzipped tar whose name has this ``ending``, by path, sorted. Links and folders are left out.

    Raises `ParseError` when it is none, is cut or damaged, or is far larger than any real one.
    """
    expected = "a gzipped tar archive"
    check_body(snapshot, expected)
    unpacker = zlib.decompressobj(wbits=31)
    try:
        tar = unpacker.decompress(snapshot.body, MAX_BYTES + 1)
        check_limit(snapshot.where(), len(tar), MAX_BYTES, "bytes unpacked")
        if not unpacker.eof:
            raise ValueError("the archive is cut")
        files: dict[str, bytes] = {}
        with tarfile.open(fileobj=io.BytesIO(tar), mode="r:") as archive:
            for place, entry in enumerate(archive, 1):
                check_limit(snapshot.where(), place, MAX_FILES, "files")
                # Never extracted to a disk, so that a path cannot lead anywhere.
                if entry.isreg() and entry.name.endswith(ending) and (file := archive.extractfile(entry)):
                    files[entry.name] = file.read()
    except (tarfile.TarError, zlib.error, ValueError, OSError, EOFError) as error:
        raise unreadable(snapshot, expected, error) from None
    return dict(sorted(files.items()))

"""ZIP bodies, which anyone can make: what is read, what is refused, and before it costs memory."""

from __future__ import annotations

import io
import struct
import tracemalloc
import zipfile
from collections.abc import Mapping

import pytest

from sources.contract import zip_files
from sources.contract.zip_files import bundle, read_zip
from sources.errors import ParseError


def zipped(files: Mapping[str, bytes]) -> bytes:
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return target.getvalue()


@pytest.mark.parametrize(
    ("body", "says"),
    [
        (b"<!DOCTYPE html>", "no ZIP"),
        (b"", "no ZIP"),
        (zipped({"a.csv": b"1"})[:-30], "no ZIP"),
        (zipped({"../a.csv": b"1"}), "file name"),
        (zipped({"data/../../a.csv": b"1"}), "file name"),
        (zipped({"/etc/a.csv": b"1"}), "file name"),
        (zipped({"..\\a.csv": b"1"}), "file name"),
        (zipped({"C:a.csv": b"1"}), "file name"),
    ],
    ids=["page", "empty", "cut", "parent", "hidden parent", "absolute", "backslash", "drive"],
)
def test_a_hostile_zip_is_refused_in_one_line(body: bytes, says: str) -> None:
    """Would catch a name that leads out of the folder, a damaged archive, or a traceback."""
    with pytest.raises(ParseError, match=says) as caught:
        read_zip(body, "sample")
    assert "\n" not in caught.value.line()


def test_a_file_name_given_twice_is_refused() -> None:
    """Would catch one of two files of a name taken by chance."""
    target = io.BytesIO()
    with zipfile.ZipFile(target, "w") as archive:
        archive.writestr("a.csv", "1")
        with pytest.warns(UserWarning, match="Duplicate name"):
            archive.writestr("a.csv", "2")
    with pytest.raises(ParseError, match="file name"):
        read_zip(target.getvalue(), "sample")


def test_an_encrypted_zip_is_refused() -> None:
    """Would catch a password prompt or a traceback. (Made by setting the flag; nothing is encrypted.)"""
    body = bytearray(zipped({"a.csv": b"1"}))
    body[6] |= 1
    body[body.index(b"PK\x01\x02") + 8] |= 1
    with pytest.raises(ParseError, match="encrypted"):
        read_zip(bytes(body), "sample")


def test_a_bomb_is_cut_off_before_it_fills_the_memory(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a small archive that unpacks to more than the machine has, in one file or in many."""
    monkeypatch.setattr(zip_files, "MAX_UNZIPPED_BYTES", 1024 * 1024)
    zeros = bytes(32 * 1024 * 1024)
    one = zipped({"a.csv": zeros})
    many = zipped({f"{place}.csv": zeros[: 300 * 1024] for place in range(10)})
    del zeros
    for body in (one, many):
        tracemalloc.start()
        with pytest.raises(ParseError, match="more than 1048576 bytes"):
            read_zip(body, "sample")
        peak = tracemalloc.get_traced_memory()[1]
        tracemalloc.stop()
        assert peak < 8 * 1024 * 1024


def test_a_false_size_in_the_header_does_not_help_a_bomb(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch a limit that trusts the sizes an archive declares."""
    monkeypatch.setattr(zip_files, "MAX_UNZIPPED_BYTES", 1_000_000)
    body = bytearray(zipped({"a.csv": bytes(2_000_000)}))
    for mark, offset in ((b"PK\x03\x04", 22), (b"PK\x01\x02", 24)):
        place = body.index(mark) + offset
        body[place : place + 4] = struct.pack("<I", 10)
    with pytest.raises(ParseError):
        read_zip(bytes(body), "sample")


def test_too_many_files_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """Would catch an archive of a million empty files."""
    monkeypatch.setattr(zip_files, "MAX_FILES", 5)
    with pytest.raises(ParseError, match="6 files"):
        read_zip(zipped({f"{place}.csv": b"" for place in range(6)}), "sample")


def test_a_bundle_is_the_same_whenever_and_in_whatever_order_it_is_made() -> None:
    """Would catch a new input of the warehouse at every ingest of the same files."""
    files = {"b.csv": b"2", "a.csv": b"1"}
    assert bundle(files) == bundle(dict(reversed(files.items())))
    assert read_zip(bundle(files), "sample") == {"a.csv": b"1", "b.csv": b"2"}

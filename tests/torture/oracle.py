"""What was lost: looks at a data folder after a kill, a full disk or a copy, and names every loss."""

from __future__ import annotations

import gzip
import hashlib
import json
from pathlib import Path

import duckdb

from sources.ingestion.archive import Archive
from warehouse import release
from warehouse.files import sha256_of
from warehouse.workspace import Workspace

#: What may lie in a data folder between two commands.
USUAL = {
    ".refresh.lock", "aigap.duckdb", "archive", "export", "latest.json", "reference", "releases", "site", "staging",
}  # fmt: skip
#: What the next build reads instead of making it again.
CACHES = {"drawings", "kept", "parsed", "parsed_rows.json"}


def losses(data: Path) -> list[str]:
    """What is wrong at any moment, whatever was killed: with the published release, and with the archive."""
    return [*_published(Workspace(data)), *_archive(data / "archive")]


def leftovers(data: Path) -> list[str]:
    """What a command that ran to its end should not have left behind."""
    found = [path.name for path in data.iterdir() if path.name not in USUAL]
    known = {entry.name for entry in release.releases(Workspace(data))}
    found += [path.name for path in (data / "releases").iterdir() if path.stem not in known]
    if (data / "staging").is_dir():
        found += [f"staging/{path.name}" for path in (data / "staging").iterdir() if path.name not in CACHES]
    for folder in (data / "archive", data / "staging", data):
        found += [str(path.relative_to(data)) for path in folder.rglob(".*.tmp")]
    blobs = {path.name.partition(".")[0] for path in (data / "archive" / "blobs").rglob("*.gz")}
    held = {receipt.sha256 for receipt in Archive(data / "archive").receipts()}
    return [f"left behind: {name}" for name in sorted({*found, *(blobs - held)})]


def tables(data: Path) -> str:
    """A digest of every published table of `main`: equal for equal inputs, whoever built it and when."""
    digest = hashlib.sha256()
    with duckdb.connect(str((data / "aigap.duckdb").resolve()), read_only=True) as con:
        names = con.sql(
            "SELECT table_name FROM duckdb_tables() WHERE schema_name = 'main' ORDER BY ALL"
        ).fetchall()
        for (name,) in names:
            [row] = con.sql(f'SELECT count(*), bit_xor(hash(t)) FROM main."{name}" AS t').fetchall()
            digest.update(f"{name} {row}".encode())
    return digest.hexdigest()


def files(folder: Path) -> str:
    """A digest of the files below ``folder``, names and bytes; empty when there is none."""
    if not folder.is_dir():
        return ""
    lines = [
        f"{path.relative_to(folder)} {sha256_of(path)}"
        for path in sorted(folder.rglob("*"))
        if path.is_file()
    ]
    return hashlib.sha256("\n".join(lines).encode()).hexdigest()


def history_losses(folder: Path) -> list[str]:
    """What is wrong with a history that `aigap history build` wrote: every file its manifest names is whole."""
    if not (folder / "manifest.json").exists():
        return []
    manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    return [
        f"{entry['file']} is not the file that the manifest names"
        for entry in manifest["files"]
        if not (folder / entry["file"]).is_file() or sha256_of(folder / entry["file"]) != entry["sha256"]
    ]


def _published(workspace: Workspace) -> list[str]:
    try:
        published = release.current(workspace)
        if published is None:
            return ["nothing is published"]
        if broken := release.broken_seal(workspace, published):
            return [f"{published.name}: {broken}"]
        if not json.loads(workspace.latest_json.read_text(encoding="utf-8")).get("name"):
            return ["latest.json names nothing"]
        with duckdb.connect(str(workspace.link.resolve()), read_only=True) as con:
            con.sql("SELECT count(gap_points) FROM main.monthly_gap").fetchall()
    except Exception as error:
        return [f"{type(error).__name__}: {error}"]
    return []


def _archive(archive: Path) -> list[str]:
    found = Archive(archive).verify() if archive.is_dir() else []
    for path in (archive / "blobs").rglob("*.gz"):
        if path.name.startswith("."):
            continue
        try:
            whole = (
                hashlib.sha256(gzip.decompress(path.read_bytes())).hexdigest() == path.name.partition(".")[0]
            )
        except (OSError, EOFError):
            whole = False
        if not whole:
            found.append(f"{path.name} is damaged")
    return found

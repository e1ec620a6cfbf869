"""Pages that are there already: made from the same release by the same program, and since unchanged, they stay."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from importlib.metadata import version
from pathlib import Path

from warehouse.files import sha256_of
from warehouse.release import previous_file, published
from warehouse.site import writer
from warehouse.site.addresses import Addresses
from warehouse.site.drawing.kept import Kept
from warehouse.site.page import ExtraPage
from warehouse.site.reading import read, read_explorer
from warehouse.workspace import ROOT, Workspace

#: The libraries that draw and write.
LIBRARIES = ("altair", "jinja2", "vl-convert-python")


def renew(
    workspace: Workspace,
    to: Path,
    say: Callable[[str], None] = lambda line: None,
    extra: ExtraPage | None = None,
    track: writer.Track = iter,
    addresses: Addresses = Addresses(),  # noqa: B008 - it is frozen
) -> writer.SiteFolder:
    """Write the pages of the published release into ``to``, unless exactly they are there. Raises as `writer.write`."""
    writer.check(to.absolute())
    made_from = None if extra else _made_from(workspace, addresses)
    if made_from and (there := writer.existing(to.absolute(), made_from)):
        return there
    results, release = read(workspace)
    explorer = read_explorer(workspace)
    return writer.write(
        results, release, to, say, extra, track, addresses, explorer, made_from, Kept.of(workspace)
    )


def _made_from(workspace: Workspace, addresses: Addresses) -> str:
    """A hash of all that the bytes of the pages rest on: two releases, links, the program and its libraries."""
    before = previous_file(workspace)
    parts = [
        published(workspace).resolve().name,
        sha256_of(published(workspace)),
        sha256_of(before) if before else "",
        repr(addresses),
        *(version(name) for name in LIBRARIES),
    ]
    for package in ("sources", "warehouse"):
        for path in sorted((ROOT / package).rglob("*")):
            # The history is in the release.
            if path.is_file() and not {"__pycache__", "data", "history"} & set(path.relative_to(ROOT).parts):
                parts.append(f"{path.relative_to(ROOT)} {sha256_of(path)}")
    return hashlib.sha256(json.dumps(parts).encode()).hexdigest()

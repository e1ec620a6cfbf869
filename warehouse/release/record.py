"""A release and the JSON file that describes it (its sidecar)."""

from __future__ import annotations

import json
from dataclasses import dataclass, field, fields
from pathlib import Path
from typing import Any

from sources.errors import AigapError
from warehouse.files import write_atomically
from warehouse.workspace import Workspace

#: The sidecar is as readable as the file, whatever the umask.
READABLE = 0o644


@dataclass(frozen=True)
class Release:
    """A published file. ``previous`` names the release before it; ``summary`` has the figures of its headline.

    ``state`` is that of `warehouse.release.state`, empty for releases before it was kept.
    ``rolled_back``: a person rolled back from it, so a refresh must not publish it again. A release with a day
    ``as_of`` is built from what was known at the end of that day, lies in its own folder and is never linked to.
    """

    name: str
    input_hash: str
    published_at: str
    previous: str | None
    summary: dict[str, Any]
    rolled_back: bool = False
    run_id: str | None = None
    as_of: str | None = None
    #: Of the file as it was published; empty for releases before it was recorded.
    sha256: str = ""
    #: Counts the publications of a folder: a clock may be wrong. 0 for releases before it was counted.
    number: int = 0
    state: dict[str, Any] = field(default_factory=dict, repr=False)

    def path(self, workspace: Workspace) -> Path:
        """The DuckDB file of the release."""
        return (workspace.as_of if self.as_of else workspace.releases) / f"{self.name}.duckdb"

    def sidecar(self, workspace: Workspace) -> Path:
        """The JSON file that describes the release."""
        return self.path(workspace).with_suffix(".json")


_FIELDS = {one.name for one in fields(Release)}


def write_sidecar(workspace: Workspace, release: Release) -> None:
    """Write or replace the sidecar of ``release``."""
    plain = {name: value for name, value in vars(release).items() if name != "state"}
    # Nobody reads the hashes, and to indent them takes a tenth of a second for a thousand bodies.
    state = json.dumps(release.state, ensure_ascii=False)
    text = (
        json.dumps(plain, indent=2, ensure_ascii=False).removesuffix("\n}") + f',\n  "state": {state}\n}}\n'
    )
    write_atomically(release.sidecar(workspace), text, mode=READABLE)


def read_sidecar(path: Path) -> Release:
    """The release that the sidecar ``path`` describes. Raises `AigapError` if it is damaged."""
    try:
        written = json.loads(path.read_text(encoding="utf-8"))
        # A later version may have written more.
        return Release(**{name: value for name, value in written.items() if name in _FIELDS})
    except (ValueError, TypeError, AttributeError):
        raise AigapError(
            f"{path.name} cannot be read", "the release's JSON", "remove it and its .duckdb file"
        ) from None

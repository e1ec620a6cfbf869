"""One release, and the JSON file beside it (its sidecar) that says what it is."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

from sources.errors import AigapError
from warehouse.files import write_atomically
from warehouse.workspace import Workspace


@dataclass(frozen=True)
class Release:
    """A published file. ``previous`` is the release that was published before it; ``summary`` holds its headline.

    ``rolled_back``: a person moved away from it, so it must not be published again on its own. A release with a
    day ``as_of`` holds what was known at its end; it lies in a folder of its own, and the link never points to it.
    """

    name: str
    input_hash: str
    published_at: str
    previous: str | None
    summary: dict[str, Any]
    rolled_back: bool = False
    run_id: str | None = None
    as_of: str | None = None

    def path(self, workspace: Workspace) -> Path:
        return (workspace.as_of if self.as_of else workspace.releases) / f"{self.name}.duckdb"

    def sidecar(self, workspace: Workspace) -> Path:
        return self.path(workspace).with_suffix(".json")


def write_sidecar(workspace: Workspace, release: Release) -> None:
    text = json.dumps(asdict(release), indent=2, ensure_ascii=False) + "\n"
    write_atomically(release.sidecar(workspace), text)


def read_sidecar(path: Path) -> Release:
    """Raises `AigapError` for a file that is damaged."""
    try:
        return Release(**json.loads(path.read_text(encoding="utf-8")))
    except (ValueError, TypeError):
        raise AigapError(
            f"{path.name} cannot be read", "the release's JSON", "remove it and its .duckdb file"
        ) from None

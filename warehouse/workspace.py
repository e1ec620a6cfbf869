"""Where a warehouse keeps its files, from one folder."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path

PACKAGE = Path(__file__).resolve().parent
ROOT = PACKAGE.parent


@dataclass(frozen=True)
class Workspace:
    """The folders and files below ``AIGAP_DATA_DIR`` (default ``warehouse/data``)."""

    data: Path

    @classmethod
    def from_environment(cls) -> Workspace:
        chosen = os.environ.get("AIGAP_DATA_DIR")
        return cls(Path(chosen).expanduser().resolve() if chosen else PACKAGE / "data")

    @property
    def archive(self) -> Path:
        return self.data / "archive"

    @property
    def staging(self) -> Path:
        return self.data / "staging"

    @property
    def releases(self) -> Path:
        return self.data / "releases"

    @property
    def as_of(self) -> Path:
        """Releases of past days: what could have been built then."""
        return self.data / "as_of"

    @property
    def export(self) -> Path:
        """The published release as plain files."""
        return self.data / "export"

    @property
    def site(self) -> Path:
        """The published release as pages."""
        return self.data / "site"

    @property
    def link(self) -> Path:
        """The published warehouse: a relative symlink into ``releases``."""
        return self.data / "aigap.duckdb"

    @property
    def latest_json(self) -> Path:
        """What the link points to, for programs."""
        return self.data / "latest.json"

    @property
    def lock(self) -> Path:
        return self.data / ".refresh.lock"

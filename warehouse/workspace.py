"""Where a warehouse keeps its files, from one folder."""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from pathlib import Path

from sources.errors import UsageError

PACKAGE = Path(__file__).resolve().parent
#: The checkout, or the folder of packages that the wheel was installed into.
ROOT = PACKAGE.parent
#: Settings of Dagster's instance. At the root they are those of a checkout; the wheel carries them among its files.
INSTANCE = "dagster.yaml"
IS_CHECKOUT = (ROOT / INSTANCE).is_file()
#: The documents that come with the program.
DOCS = ROOT / "docs" if IS_CHECKOUT else ROOT / "pipelines" / "docs"


@dataclass(frozen=True)
class Workspace:
    """The folders and files below ``AIGAP_DATA_DIR``.

    The default is ``warehouse/data`` in a checkout; for an installed copy the user's folder for data of programs.
    """

    data: Path

    @classmethod
    def from_environment(cls) -> Workspace:
        """The workspace that ``AIGAP_DATA_DIR`` names. Raises `UsageError` for a path that libraries misread."""
        chosen = os.environ.get("AIGAP_DATA_DIR")
        if chosen and re.match(r"[A-Za-z]:[\\/]", chosen):
            raise UsageError(
                f"AIGAP_DATA_DIR is {chosen}, a path of Windows",
                "a path of this system",
                f"in WSL: wslpath '{chosen}'; a folder below your home is faster than one below /mnt",
            )
        data = Path(chosen).expanduser().resolve() if chosen else _default_data()
        _require_usable(data)
        return cls(data)

    @property
    def archive(self) -> Path:
        """What was fetched and ingested, with receipts."""
        return self.data / "archive"

    @property
    def staging(self) -> Path:
        """Builds in progress and parsed rows."""
        return self.data / "staging"

    @property
    def releases(self) -> Path:
        """The release files."""
        return self.data / "releases"

    @property
    def as_of(self) -> Path:
        """Releases of past days: what could have been built then."""
        return self.data / "as_of"

    @property
    def reference(self) -> Path:
        """Lines that this site adds to the reference tables: ``AIGAP_REFERENCE_DIR``, else below the data folder."""
        chosen = os.environ.get("AIGAP_REFERENCE_DIR")
        return Path(chosen).expanduser().resolve() if chosen else self.data / "reference"

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
        """Describes the published release, for programs."""
        return self.data / "latest.json"

    @property
    def lock(self) -> Path:
        """The lock of the data folder."""
        return self.data / ".refresh.lock"

    def refuse_own(self, target: Path) -> None:
        """Raise `UsageError` if a file written at ``target`` would be among those that only a build may write."""
        own = (self.archive, self.staging, self.releases, self.as_of, self.latest_json, self.lock)
        place = target.resolve()
        if any(path.resolve() in (place, *place.parents) for path in own):
            raise UsageError(
                f"{target} is a file of the data folder", "a file of your own", "name another one with --to"
            )


def _default_data() -> Path:
    if IS_CHECKOUT:
        return PACKAGE / "data"
    # Only an installed copy needs it.
    from platformdirs import user_data_path

    return user_data_path("aigap", appauthor=False).resolve()


def _require_usable(data: Path) -> None:
    try:
        str(data).encode()
    except UnicodeEncodeError:
        raise UsageError(
            f"{data} is not UTF-8, or this locale cannot read it",
            "a folder whose name is UTF-8",
            "name another one with AIGAP_DATA_DIR, or set PYTHONUTF8=1",
        ) from None
    if "?" in str(data) or not str(data).isprintable():
        raise UsageError(
            f"{data} has a ? or a control character in its name",
            "a folder without",
            "name another one with AIGAP_DATA_DIR",
        )

"""Where the folder is served, and where the files beside it are, as far as that is known."""

from __future__ import annotations

import os
from dataclasses import dataclass
from importlib.metadata import metadata
from pathlib import Path
from urllib.parse import urlsplit

from sources.errors import UsageError
from warehouse.workspace import Workspace

#: Environment variable: the address under which the folder will be served.
SITE_URL = "AIGAP_SITE_URL"


@dataclass(frozen=True)
class Addresses:
    """``site``: where the folder is served, with a slash at its end. ``files``: the folder with ``aigap.duckdb`` and
    ``export/``, from the root of the pages. ``repository``: of the code. None of them: no link to it."""

    site: str | None = None
    files: str | None = None
    repository: str | None = None


def addresses(workspace: Workspace, to: Path, site: str | None = None) -> Addresses:
    """Those of pages in the folder ``to``, served at ``site``, by default at `SITE_URL`. Raises `UsageError`."""
    beside = to.absolute().parent == workspace.data.absolute()
    return Addresses(_checked(site or os.environ.get(SITE_URL)), "../" if beside else None, _repository())


def _checked(site: str | None) -> str | None:
    if not site:
        return None
    parts = urlsplit(site)
    if parts.scheme not in ("https", "http") or not parts.netloc or parts.query or parts.fragment:
        raise UsageError(
            f"{site} is no address of a folder", "as in https://example.org/gap/", f"see {SITE_URL}"
        )
    return site.rstrip("/") + "/"


def _repository() -> str | None:
    """As pyproject.toml declares it."""
    urls = dict(line.split(", ", 1) for line in metadata("aigap").get_all("Project-URL") or [])
    return urls.get("Repository")

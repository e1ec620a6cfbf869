"""The machine: Python and the libraries, the settings, room on the disk, and who holds the data folder."""

from __future__ import annotations

import os
import platform
import re
import shutil
from collections.abc import Iterator, Mapping
from importlib.metadata import PackageNotFoundError, requires, version
from pathlib import Path

from packaging.requirements import Requirement

from pipelines.doctor.finding import Finding
from sources.errors import UsageError, meant
from sources.registry import all_sources
from warehouse.read.to_do import room_needed
from warehouse.release import exclusive
from warehouse.release.lock import Busy
from warehouse.workspace import IS_CHECKOUT, ROOT, Workspace

#: Libraries whose versions decide whether anything works.
NAMED = ("duckdb", "polars", "dagster")
#: Variables that scripts and tests beside the packages read.
OF_SCRIPTS = frozenset({"AIGAP_SETTINGS", "AIGAP_DUCKDB_WASM", "AIGAP_UPSTREAM", "AIGAP_POSTGRES_URL"})


def versions() -> Iterator[Finding]:
    """Python and the libraries against the ranges that this version of the project declares."""
    remedy = "run: make env" if IS_CHECKOUT else "run: pip install --upgrade --force-reinstall aigap"
    try:
        declared = [Requirement(one) for one in requires("aigap") or ()]
    except PackageNotFoundError:
        yield Finding("versions", "warn", "aigap is not installed", remedy, "docs/runbook.md#versions")
        return
    wanted = {one.name: one.specifier for one in declared if one.marker is None}
    found = {name: _installed(name) for name in wanted}
    wrong = [
        f"{name} {found[name] or 'is missing'}, wanted {wanted[name]}"
        for name in wanted
        if found[name] is None or not wanted[name].contains(found[name] or "", prereleases=True)
    ]
    told = ", ".join(
        [f"Python {platform.python_version()}", *(f"{name} {found[name]}" for name in NAMED if name in found)]
    )
    if wrong:
        yield Finding("versions", "fail", "; ".join(wrong), remedy, "docs/runbook.md#versions")
    else:
        yield Finding("versions", "ok", told)


def _installed(name: str) -> str | None:
    try:
        return version(name)
    except PackageNotFoundError:
        return None


def settings(environment: Mapping[str, str] = os.environ) -> Iterator[Finding]:
    """Variables ``AIGAP_…`` that are set and that nothing reads."""
    chosen = sorted(name for name in environment if name.startswith("AIGAP_"))
    known = known_variables()
    unknown = [name for name in chosen if name not in known]
    for name in unknown:
        yield Finding(
            "settings",
            "fail",
            f"{name} is set, and nothing reads it",
            meant(name, known, "remove it"),
            "docs/runbook.md#settings",
        )
    if not unknown:
        yield Finding("settings", "ok", f"{len(chosen)} set: {', '.join(chosen)}" if chosen else "none set")


def known_variables() -> set[str]:
    """The variables that this project reads, as its code names them, with the keys of sources."""
    found = set(OF_SCRIPTS)
    for package in ("sources", "warehouse", "pipelines"):
        for path in (ROOT / package).rglob("*.py"):
            found.update(re.findall(r"AIGAP_[A-Z_]*[A-Z]\b", path.read_text(encoding="utf-8")))
    keys = (request.key for source in all_sources() for request in source.requests)
    # pipelines/defs/schedules.py puts these together
    crons = {f"AIGAP_CRON_{often}" for often in ("DAILY", "WEEKLY", "MONTHLY")}
    return found | crons | {key.variable for key in keys if key}


def disk(workspace: Workspace) -> Iterator[Finding]:
    """Whether a build has room, where the data are."""
    folder = next(path for path in (workspace.data, *workspace.data.parents) if path.exists())
    free, needed = shutil.disk_usage(folder).free, room_needed(workspace)
    if not os.access(folder, os.W_OK):
        yield Finding(
            "disk",
            "fail",
            f"{folder} cannot be written",
            "let this user write there, or name another folder with AIGAP_DATA_DIR",
            "docs/runbook.md#locked-folder",
        )
    elif free < needed:
        yield Finding(
            "disk",
            "fail",
            f"{free / 1e9:.1f} GB free in {folder}, a build needs {needed / 1e9:.1f} GB",
            "make room: aigap archive prune --dry-run",
            "docs/runbook.md#full-disk",
        )
    else:
        yield Finding("disk", "ok", f"{free / 1e9:.1f} GB free in {folder}")


def lock(workspace: Workspace) -> Iterator[Finding]:
    """Whether another program is at work in the data folder, or it cannot be locked at all."""
    if not workspace.data.is_dir():
        yield Finding("lock", "ok", f"{workspace.data} does not exist yet")
        return
    try:
        with exclusive(workspace):
            pass
    except Busy as error:
        yield Finding("lock", "warn", error.found, "wait for it to end", "docs/runbook.md#locked-folder")
    except UsageError as error:
        yield Finding("lock", "fail", error.found, error.remedy, "docs/runbook.md#locked-folder")
    else:
        yield Finding("lock", "ok", f"free in {workspace.data}")


def folder_size(folder: Path) -> int:
    """Bytes of the files below ``folder``; 0 if there is none."""
    return sum(path.lstat().st_size for path in folder.rglob("*") if path.is_file() and not path.is_symlink())

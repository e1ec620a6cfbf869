"""How large each folder is, and what goes by which rule, and when."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

from pipelines.doctor.finding import Finding
from pipelines.doctor.machine import folder_size
from pipelines.runtime.instance import home
from sources.errors import AigapError
from warehouse.release import current, releases
from warehouse.release.archive_policy import DAYS, KEEP_BODIES, days_kept, prune_archive
from warehouse.release.pruning import releases_to_keep
from warehouse.workspace import Workspace

REPLACED = "written anew as a whole"


def look(workspace: Workspace) -> Iterator[Finding]:
    """One line for each folder that exists: its size, and what of it goes."""
    rules: Mapping[Path, Callable[[], str]] = {
        workspace.releases: lambda: _releases(workspace),
        workspace.archive: lambda: _archive(workspace),
        workspace.staging: lambda: "each build removes what earlier ones left",
        workspace.as_of: lambda: "releases of past days, kept until a person deletes their files",
        workspace.export: lambda: REPLACED,
        workspace.site: lambda: REPLACED,
        home() / ".dagster": _runs,
    }
    for folder, rule in rules.items():
        if not folder.is_dir():
            continue
        size = f"{folder.name.lstrip('.')} {folder_size(folder) / 1e6:,.1f} MB"
        try:
            yield Finding("size", "ok", f"{size}; {rule()}")
        except AigapError as error:
            yield Finding("size", "fail", f"{size}; {error.line()}", see="docs/runbook.md#settings")


def _runs() -> str:
    days = os.environ.get("AIGAP_KEEP_RUNS_DAYS", "90")
    return f"runs of more than {days} days go every week (AIGAP_KEEP_RUNS_DAYS)"


def _releases(workspace: Workspace) -> str:
    keep = releases_to_keep()
    kept, now = releases(workspace), current(workspace)
    stays = {now.name, now.previous} if now else set()
    # The next publication adds one, and what is published now is then the one before it.
    goes = [one for one in kept[max(keep - 1, 0) :] if one.name not in stays]
    held = f"{len(kept)} kept of {keep} (AIGAP_KEEP_RELEASES)"
    if not goes:
        return f"{held}; the next publication removes none"
    size = sum(one.path(workspace).stat().st_size for one in goes) / 1e6
    return f"{held}; the next publication removes {', '.join(one.name for one in goes)}, {size:,.1f} MB"


def _archive(workspace: Workspace) -> str:
    if current(workspace) is None:
        return "nothing goes before the first release"
    days = days_kept()
    before, goes = prune_archive(workspace, DAYS if days is None else days, dry_run=True)
    size = sum(one.size for one in goes) / 1e6
    by = "aigap archive prune removes" if days is None else f"the next publication removes ({KEEP_BODIES})"
    return f"{by} {len(goes)} files, {size:,.1f} MB, older than {before:%Y-%m-%d}, that no release needs"

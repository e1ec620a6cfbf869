"""Listing the releases, and finding a release or its file by name."""

from __future__ import annotations

from collections.abc import Collection
from datetime import date
from pathlib import Path

from sources.errors import UsageError, meant
from warehouse.release.record import Release, read_sidecar
from warehouse.workspace import Workspace


def releases(workspace: Workspace) -> list[Release]:
    """Every release in the folder, the last published first, whatever a clock said.

    Raises `AigapError` for a damaged sidecar.
    """
    return _releases_in(workspace.releases)


def past_days(workspace: Workspace) -> list[Release]:
    """Every release of a past day, the last one built first. Raises `AigapError` for a damaged sidecar."""
    return _releases_in(workspace.as_of)


def _releases_in(folder: Path) -> list[Release]:
    found = [
        read_sidecar(sidecar)
        for sidecar in folder.glob("aigap-*.json")
        if sidecar.with_suffix(".duckdb").is_file()
    ]
    return sorted(found, key=lambda one: (one.number, one.published_at, one.name), reverse=True)


def current(workspace: Workspace) -> Release | None:
    """The release the link points to; None before the first."""
    if not workspace.link.is_symlink():
        return None
    file = workspace.releases / workspace.link.readlink().name
    sidecar = file.with_suffix(".json")
    return read_sidecar(sidecar) if file.is_file() and sidecar.is_file() else None


def current_file(workspace: Workspace) -> Path | None:
    """The file the link points to; None before the first release."""
    now = current(workspace)
    return now.path(workspace) if now else None


def previous(workspace: Workspace, release: Release) -> Release | None:
    """The release that was published before ``release``; None if it is not kept any more."""
    return next((one for one in releases(workspace) if one.name == release.previous), None)


def previous_file(workspace: Workspace) -> Path | None:
    """The file that was published before the current one; None if it is not kept any more."""
    now = current(workspace)
    before = previous(workspace, now) if now else None
    return before.path(workspace) if before else None


def published(workspace: Workspace) -> Path:
    """The link, to open for reading. Raises `UsageError` before the first release."""
    if not workspace.link.exists():
        raise UsageError(f"nothing is published in {workspace.data}", "a release", "run: aigap refresh")
    return workspace.link


def existing(workspace: Workspace, input_hash: str) -> Release | None:
    """The release with these inputs that makes a new build unnecessary; None if there is none.

    Only the published release counts, and one that was rolled back. Others were published before the current one, or
    their publication was killed before the link moved.
    """
    now = current(workspace)
    if now is not None and now.input_hash == input_hash:
        return now
    same = (release for release in releases(workspace) if release.input_hash == input_hash)
    return next((release for release in same if release.rolled_back), None)


def existing_past_day(workspace: Workspace, as_of: date, input_hash: str) -> Release | None:
    """The release of what was known at the end of ``as_of``, if it was built from exactly these inputs."""
    wanted = (as_of.isoformat(), input_hash)
    return next((one for one in past_days(workspace) if (one.as_of, one.input_hash) == wanted), None)


def find_release(workspace: Workspace, name: str) -> Release:
    """The release called ``name``, which may be the name of its file. Raises `UsageError` if there is none."""
    kept = {release.name: release for release in releases(workspace)}
    wanted = Path(name).name.removesuffix(".duckdb")
    if wanted not in kept:
        raise _unknown_release(name, kept)
    return kept[wanted]


def find_file(workspace: Workspace, name: str | None) -> Path:
    """The file to read: the published one, the release or past day called ``name``, or the file of that path.

    A prefix is enough if only one release has it. Raises `UsageError` for an unknown name.
    """
    if name is None:
        return published(workspace)
    if Path(name).is_file():
        return Path(name)
    name = Path(name).name.removesuffix(".duckdb")
    kept = {release.name: release for release in [*releases(workspace), *past_days(workspace)]}
    matches = [known for known in kept if known.startswith(name)]
    chosen = name if name in kept else matches[0] if len(matches) == 1 else None
    if chosen is None:
        raise _unknown_release(name, kept)
    return kept[chosen].path(workspace)


def _unknown_release(name: str, kept: Collection[str]) -> UsageError:
    """The error for a release that is not among ``kept``."""
    return UsageError(
        f"no release named {name}",
        "one of " + (", ".join(kept) or "none"),
        meant(name, kept, "see: aigap releases"),
    )

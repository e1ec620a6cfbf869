"""Publishing: a checked candidate becomes an immutable file and a relative symlink moves to it.

Readers open the symlink. They never wait and never see half a release: the file is complete, synced
and read-only before the link is replaced, and replacing a link is atomic. (Replacing the file in
place would not be: a reader's stale ``.wal`` beside it breaks every later open.)
"""

from __future__ import annotations

import json
import os
import stat
from collections.abc import Collection, Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, replace
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

from sources.errors import AigapError, UsageError, meant
from warehouse.files import sync, write_atomically
from warehouse.latest import told, write_latest
from warehouse.workspace import Workspace

#: Releases kept by default, the published one included. ``AIGAP_KEEP_RELEASES`` changes it.
KEEP = 5


class Busy(UsageError):
    """Another refresh holds the data folder."""

    def __init__(self, workspace: Workspace) -> None:
        super().__init__(
            f"another refresh is at work in {workspace.data}",
            "one at a time",
            "wait for it to end; nothing was changed",
        )


@dataclass(frozen=True)
class Release:
    """A published file. ``previous`` is what the link pointed to before; ``summary`` its headline.

    ``rolled_back`` is a person's word that it must not be published again on its own. One with a day ``as_of``
    holds what was known then; it lies beside the releases, and no link points to it.
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


@contextmanager
def exclusive(workspace: Workspace) -> Iterator[None]:
    """Hold the data folder against a second refresh. Raises `Busy` at once if it is held.

    The lock is the operating system's: a killed refresh leaves none behind.
    """
    # Whoever only reads a release never needs it.
    from filelock import FileLock, Timeout

    lock = FileLock(workspace.lock, timeout=0)
    try:
        workspace.data.mkdir(parents=True, exist_ok=True)
        lock.acquire()
    except Timeout:
        raise Busy(workspace) from None
    except OSError as error:
        raise UsageError(
            f"{workspace.data} cannot be written ({error.strerror})",
            "a folder for the warehouse",
            "name another one with AIGAP_DATA_DIR",
        ) from None
    try:
        yield
    finally:
        lock.release()


def releases(workspace: Workspace) -> list[Release]:
    """Every release in the folder, newest first."""
    return _listed(workspace.releases)


def past_days(workspace: Workspace) -> list[Release]:
    """Every release of a past day, the last built first."""
    return _listed(workspace.as_of)


def _listed(folder: Path) -> list[Release]:
    found = []
    for sidecar in sorted(folder.glob("aigap-*.json")):
        if not sidecar.with_suffix(".duckdb").is_file():
            continue
        try:
            found.append(Release(**json.loads(sidecar.read_text(encoding="utf-8"))))
        except (ValueError, TypeError):
            raise AigapError(
                f"{sidecar.name} cannot be read", "the release's JSON", "remove it and its .duckdb file"
            ) from None
    return sorted(found, key=lambda release: (release.published_at, release.name), reverse=True)


def already(workspace: Workspace, input_hash: str) -> Release | None:
    """The release of exactly these inputs that makes another one needless, if there is one.

    That is the published one, or one that a person rolled back. Others do not count: they were published
    before what is published now, or their publication was killed before the link moved.
    """
    now = current(workspace)
    if now is not None and now.input_hash == input_hash:
        return now
    same = (release for release in releases(workspace) if release.input_hash == input_hash)
    return next((release for release in same if release.rolled_back), None)


def of_day(workspace: Workspace, as_of: date, input_hash: str) -> Release | None:
    """The release of what was known at the end of ``as_of``, if it was built from exactly these inputs."""
    wanted = new(workspace, input_hash, {}, as_of=as_of)
    return wanted if wanted.path(workspace).is_file() else None


def current(workspace: Workspace) -> Release | None:
    """The release the link points to; None before the first."""
    if not workspace.link.is_symlink():
        return None
    name = workspace.link.readlink().stem
    return next((release for release in releases(workspace) if release.name == name), None)


def current_file(workspace: Workspace) -> Path | None:
    """The file the link points to; None before the first release."""
    now = current(workspace)
    return now.path(workspace) if now else None


def file_before(workspace: Workspace) -> Path | None:
    """The file that was published before the current one, if it is still there."""
    now = current(workspace)
    before = next((entry for entry in releases(workspace) if now and entry.name == now.previous), None)
    return before.path(workspace) if before else None


def published(workspace: Workspace) -> Path:
    """The path to open for reading. Raises `UsageError` before the first release."""
    if not workspace.link.exists():
        raise UsageError(f"nothing is published in {workspace.data}", "a release", "run: aigap refresh")
    return workspace.link


def file_of(workspace: Workspace, name: str | None) -> Path:
    """The file to read: the published one, the release or past day called ``name``, or the file of that path.

    The beginning of a name will do where it fits one release only. Raises `UsageError`.
    """
    if name is None:
        return published(workspace)
    if Path(name).is_file():
        return Path(name)
    name = Path(name).name.removesuffix(".duckdb")
    kept = {entry.name: entry for entry in [*releases(workspace), *past_days(workspace)]}
    begun = [known for known in kept if known.startswith(name)]
    chosen = name if name in kept else begun[0] if len(begun) == 1 else None
    if chosen is None:
        raise unknown(name, kept)
    return kept[chosen].path(workspace)


def unknown(name: str, kept: Collection[str]) -> UsageError:
    """What to say of a release that is not among ``kept``."""
    return UsageError(
        f"no release named {name}",
        "one of " + (", ".join(kept) or "none"),
        meant(name, kept, "see: aigap releases"),
    )


def new(
    workspace: Workspace,
    input_hash: str,
    summary: dict[str, Any],
    run_id: str | None = None,
    as_of: date | None = None,
) -> Release:
    """The release that `publish` is to make, named by now and its inputs."""
    now = datetime.now(UTC)
    stamp = now.isoformat(timespec="milliseconds")
    if as_of is not None:
        name = f"aigap-as-of-{as_of}-{input_hash[:12]}"
        return Release(name, input_hash, stamp, None, summary, run_id=run_id, as_of=as_of.isoformat())
    name = _free_name(workspace, f"aigap-{now:%Y%m%dT%H%M%SZ}-{input_hash[:12]}")
    before = current(workspace)
    return Release(name, input_hash, stamp, before.name if before else None, summary, run_id=run_id)


def publish(workspace: Workspace, candidate: Path, release: Release) -> Release:
    """Move ``candidate`` to where ``release`` says, re-point the link, keep the last `KEEP`.

    A release of a past day moves no link and counts for none.
    """
    if candidate.with_name(candidate.name + ".wal").exists():
        raise AigapError(
            f"{candidate} has changes beside it that are not in it",
            "one whole file",
            "is the disk full? run: aigap refresh",
        )
    keep = _keep()
    target = release.path(workspace)
    target.parent.mkdir(parents=True, exist_ok=True)
    sync(candidate)
    # The sidecar first: a file without one is invisible, a sidecar without its file too.
    _note(workspace, release)
    candidate.chmod(stat.S_IRUSR | stat.S_IRGRP | stat.S_IROTH)
    candidate.replace(target)
    sync(target.parent)
    if release.as_of is None:
        _point(workspace, target)
        write_latest(workspace, release)
        prune(workspace, keep)
    return release


def mend(workspace: Workspace) -> None:
    """Finish what a publication killed at its very end left: `latest.json` that names another release."""
    now = current(workspace)
    if now is not None and told(workspace) != now.name:
        write_latest(workspace, now)


def rollback(workspace: Workspace, to: str | None = None) -> Release:
    """Re-point the link to release ``to``, or to what was published before the current one.

    The release left is noted as rolled back, so that the next refresh does not bring it back.
    """
    everything = {release.name: release for release in releases(workspace)}
    now = current(workspace)
    if to is None:
        if now is None or now.previous is None:
            raise UsageError("there is no earlier release", "two releases or more", "see: aigap releases")
        to = now.previous
    name = Path(to).name.removesuffix(".duckdb")
    if name not in everything:
        raise unknown(to, everything)
    chosen = replace(everything[name], rolled_back=False)
    _note(workspace, chosen)
    if now is not None and now.name != name:
        _note(workspace, replace(now, rolled_back=True))
    _point(workspace, chosen.path(workspace))
    write_latest(workspace, chosen)
    return chosen


def prune(workspace: Workspace, keep: int | None = None) -> list[str]:
    """Remove all but the newest ``keep`` releases; never the published one or the one before it.

    Also what a killed publication left. Call it with the folder held.
    """
    keep = keep if keep is not None else _keep()
    now = current(workspace)
    kept = {now.name, now.previous} if now else set()
    removed = []
    for release in releases(workspace)[max(keep, 1) :]:
        if release.name in kept:
            continue
        path = release.path(workspace)
        path.unlink(missing_ok=True)
        path.with_suffix(".json").unlink(missing_ok=True)
        removed.append(release.name)
    _sweep(workspace)
    return removed


def _keep() -> int:
    chosen = os.environ.get("AIGAP_KEEP_RELEASES", str(KEEP))
    if not chosen.isdecimal():
        raise UsageError(f"AIGAP_KEEP_RELEASES is {chosen!r}", "a whole number", "nothing was published")
    return int(chosen)


def _sweep(workspace: Workspace) -> None:
    for pattern in (".aigap.duckdb.*", ".latest.json.*", "releases/.aigap-*.json.*"):
        for unfinished in workspace.data.glob(pattern):
            unfinished.unlink(missing_ok=True)
    for sidecar in workspace.releases.glob("aigap-*.json"):
        if not sidecar.with_suffix(".duckdb").exists():
            sidecar.unlink(missing_ok=True)


def _note(workspace: Workspace, release: Release) -> None:
    """Write the sidecar of ``release``."""
    text = json.dumps(asdict(release), indent=2, ensure_ascii=False) + "\n"
    write_atomically(release.path(workspace).with_suffix(".json"), text)


def _point(workspace: Workspace, target: Path) -> None:
    temporary = workspace.data / f".aigap.duckdb.{os.getpid()}"
    temporary.unlink(missing_ok=True)
    temporary.symlink_to(target.relative_to(workspace.data))
    temporary.replace(workspace.link)
    sync(workspace.data)


def _free_name(workspace: Workspace, name: str) -> str:
    """``name``, or with a number behind it when two releases fall into one second."""
    candidate, number = name, 1
    while (workspace.releases / f"{candidate}.duckdb").exists():
        number += 1
        candidate = f"{name}-{number}"
    return candidate

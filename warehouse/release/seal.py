"""Whether a published file is still as it was published. A client that may write can change it all the same."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from sources.errors import AigapError
from warehouse.files import sha256_of
from warehouse.release.record import Release
from warehouse.workspace import Workspace

#: Seconds that a thread waits for its turn beside the hash, which needs Python twice for each piece of the file. With
#: the usual 0.005 it waits as long as it works.
TURN = 0.0001


def require_no_changes_beside(file: Path) -> None:
    """Raise `AigapError` if a client has left changes beside ``file`` (``.wal``), which a reader would take in."""
    whole = file.resolve()
    wal = whole.with_name(whole.name + ".wal")
    if wal.exists():
        raise AigapError(
            f"{whole.name} has changes of another program beside it (.wal)",
            "a release as it was published",
            "remove that file, then run: aigap check (docs/runbook.md#changed-release)",
        )


def broken_seal(workspace: Workspace, release: Release) -> str | None:
    """What shows that the file of ``release`` is not what was published; None if it is, or if no hash was recorded."""
    try:
        require_no_changes_beside(release.path(workspace))
    except AigapError as error:
        return error.found
    if release.sha256 and sha256_of(release.path(workspace)) != release.sha256:
        return f"{release.name} was changed after it was published (another sha256)"
    return None


def require_sealed(workspace: Workspace, release: Release) -> None:
    """Raise `AigapError` if the file of ``release`` is not what was published."""
    require_no_changes_beside(release.path(workspace))
    if broken := broken_seal(workspace, release):
        raise AigapError(
            broken,
            "a release as it was published",
            "remove it, then: aigap rollback, or aigap refresh --force (docs/runbook.md#changed-release)",
        )


@contextmanager
def sealed_meanwhile(workspace: Workspace, release: Release) -> Iterator[None]:
    """`require_sealed` beside the block. Its error takes the place of any that the changed file causes in there.

    To hash the file takes longer than to load and show a report, and hardly needs Python.
    """
    usual = sys.getswitchinterval()
    with ThreadPoolExecutor(1) as beside:
        sealed = beside.submit(require_sealed, workspace, release)
        sys.setswitchinterval(TURN)
        try:
            yield
        finally:
            sys.setswitchinterval(usual)
            sealed.result()

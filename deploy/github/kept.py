"""The archive between two days: files of a draft release, which only those who may write to the repository see.

``restore`` brings the newest one, and the newest release of the warehouse, into the data folder; ``keep`` adds the
archive of today and removes all but the newest `KEPT`. Not a branch and no public file: bodies of upstream may not be
passed on.
"""

from __future__ import annotations

import shutil
import sys
import tarfile
import tempfile
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from hub import Hub, run, say
from sources.errors import AigapError
from warehouse.files import sha256_of
from warehouse.release.link import point_to
from warehouse.release.record import read_sidecar
from warehouse.workspace import Workspace

TAG, TITLE = "aigap-archive", "Archive of fetched bytes: keep this draft, and do not publish it"
NOTE = "What refresh.yml keeps from one day to the next. It holds bytes of others that may not be passed on."
#: Archives kept.
KEPT = 3
#: What a release of the warehouse carries, beside the export.
FILE, SIDECAR = "aigap.duckdb", "release.json"


def restore() -> None:
    """Fill the data folder with what was kept. Raises `AigapError` if anything that should be there cannot be had."""
    hub, workspace = Hub.from_environment(), Workspace.from_environment()
    found = hub.releases()
    with tempfile.TemporaryDirectory() as folder:
        if archives := kept(found):
            packed = Path(folder) / "archive.tar"
            hub.download(archives[-1], packed)
            workspace.data.mkdir(parents=True, exist_ok=True)
            with tarfile.open(packed) as tar:
                tar.extractall(workspace.data, filter="data")
            say(f"archive {archives[-1]['name']}, {packed.stat().st_size / 1e6:.1f} MB")
        else:
            say("no archive is kept yet")
        for one in of_the_warehouse(found)[:1]:
            restore_release(hub, one, workspace, Path(folder))


def kept(releases: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """The archives that are whole, the oldest first."""
    named = [one for one in releases if one["tag_name"] == TAG]
    if any(not one["draft"] for one in named):
        say(f"::warning::the release {TAG} is public; its bytes may not be passed on: make it a draft again")
    whole = [asset for one in named for asset in one["assets"] if asset["state"] == "uploaded"]
    return sorted(whole, key=lambda asset: str(asset["name"]))


def of_the_warehouse(releases: list[dict[str, Any]], drafts: bool = False) -> list[dict[str, Any]]:
    """Those that `publish.py` made, the newest first: GitHub orders them by the time of their commit."""
    ours = [one for one in releases if one["tag_name"].startswith("aigap-2") and one["draft"] == drafts]
    return sorted(ours, key=lambda one: str(one["tag_name"]), reverse=True)


def restore_release(hub: Hub, one: dict[str, Any], workspace: Workspace, folder: Path) -> None:
    """Bring a release of the warehouse back, so that nothing new is seen to be nothing new."""
    assets = {asset["name"]: asset for asset in one["assets"]}
    if not {FILE, SIDECAR} <= assets.keys():
        say(f"::warning::{one['tag_name']} has no {FILE}; the next release will have no predecessor")
        return
    for name in (FILE, SIDECAR):
        hub.download(assets[name], folder / name)
    release = read_sidecar(folder / SIDECAR)
    if sha256_of(folder / FILE) != release.sha256:
        raise AigapError(
            f"{FILE} of {one['tag_name']} is not what was published", release.sha256 or "", "delete it"
        )
    target = release.path(workspace)
    target.parent.mkdir(parents=True, exist_ok=True)
    shutil.copy(folder / SIDECAR, target.with_suffix(".json"))
    shutil.move(folder / FILE, target)
    target.chmod(0o444)
    point_to(workspace, release)
    say(f"release {release.name}, {target.stat().st_size / 1e6:.1f} MB")


def keep() -> None:
    """Add the archive as it is now. Raises `AigapError` if it has lost more than half of its files."""
    hub, workspace = Hub.from_environment(), Workspace.from_environment()
    files = sum(path.is_file() for path in workspace.archive.rglob("*"))
    if not files:
        say("nothing was fetched")
        return
    found = hub.releases()
    before = kept(found)
    if before and files < int(before[-1]["name"].split("-")[-1].removesuffix(".tar")) / 2:
        raise AigapError(
            f"the archive has {files} files, the one kept, {before[-1]['name']}, more than twice as many",
            "what was restored and more",
            "look at it; to go on with this one delete the kept ones in the draft release",
        )
    drafts = [one for one in found if one["tag_name"] == TAG]
    draft = drafts[0] if drafts else hub.new_draft(TAG, TITLE, NOTE)
    with tempfile.TemporaryDirectory() as folder:
        packed = Path(folder) / "archive.tar"
        # Bodies are compressed already.
        with tarfile.open(packed, "w") as tar:
            tar.add(workspace.archive, "archive")
        name = f"archive-{datetime.now(UTC):%Y%m%dT%H%M%S.%fZ}-{files}.tar"
        hub.upload(draft, packed, name)
        say(f"kept {name}, {packed.stat().st_size / 1e6:.1f} MB")
    incomplete = [asset for one in drafts for asset in one["assets"] if asset["state"] != "uploaded"]
    if not hub.go_on():
        say("::warning::the schedule cannot be kept on by itself; GitHub ends it after 60 quiet days")
    for asset in [*before[: len(before) + 1 - KEPT], *incomplete]:
        hub.delete_asset(asset)


if __name__ == "__main__":
    run({"restore": restore, "keep": keep}[sys.argv[1]])

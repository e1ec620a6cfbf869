"""A new release of the warehouse becomes a release on GitHub, and a folder of pages.

``publish.py PAGES`` writes the pages to the folder ``PAGES`` and tells later steps ``new=true``; when the release is on
GitHub already, it does nothing and tells them ``new=false``. Readers see a release once all of its files are there.
"""

from __future__ import annotations

import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

from hub import Hub, note, run, say
from kept import FILE, SIDECAR, of_the_warehouse
from sources.errors import AigapError
from warehouse import release
from warehouse.export.exporting import export_release
from warehouse.read.headline import headline
from warehouse.release import withheld
from warehouse.workspace import Workspace

#: Releases kept on GitHub, beside the last one of each month.
KEPT = 30
#: GitHub takes 125,000 characters.
LONGEST = 60_000


def main() -> None:
    """Publish what is published in the data folder, unless GitHub has it."""
    hub, workspace = Hub.from_environment(), Workspace.from_environment()
    now = release.current(workspace)
    if now is None:
        raise AigapError("nothing is published", "a release", "see the step before")
    found = hub.releases()
    there = of_the_warehouse(found)
    if there and there[0]["tag_name"] == now.name:
        note("GITHUB_OUTPUT", "new=false")
        say(f"{now.name} is published")
        return
    for unfinished in of_the_warehouse(found, drafts=True):
        hub.delete(unfinished)
    with tempfile.TemporaryDirectory() as folder:
        files = packed(workspace, now, Path(folder))
        pages(Path(sys.argv[1]))
        draft = hub.new_draft(now.name, now.name, text(now, Path(folder) / "export" / "CHANGES.md"))
        for name, file in files.items():
            hub.upload(draft, file, name)
            say(f"{name}, {file.stat().st_size / 1e6:.1f} MB")
        hub.publish(draft)
    for old in surplus(there):
        hub.delete(old)
        say(f"removed {old['tag_name']}")
    note("GITHUB_OUTPUT", "new=true")
    say(f"published {now.name}")


def packed(workspace: Workspace, now: release.Release, folder: Path) -> dict[str, Path]:
    """The files of a release on GitHub, by their names there."""
    export_release(workspace, folder / "export", [], ["parquet", "csv"])
    export = Path(shutil.make_archive(str(folder / "export"), "zip", folder, "export"))
    file = now.path(workspace)
    return {FILE: file, SIDECAR: file.with_suffix(".json"), "export.zip": export}


def pages(folder: Path) -> None:
    """Write the pages. ``AIGAP_SITE_URL`` is where they will be served."""
    command = [sys.executable, "-m", "pipelines.cli", "site", "--quiet", "--to", str(folder)]
    if subprocess.run(command, check=False).returncode:
        raise AigapError("the pages were not written", "a folder of pages", "see the lines above")


def text(now: release.Release, changes: Path) -> str:
    """What a release on GitHub says."""
    address = f"{os.environ.get('GITHUB_SERVER_URL', 'https://github.com')}/{os.environ['GITHUB_REPOSITORY']}"
    lines = [
        *headline(now.summary),
        "",
        *(f"Withheld: {line}" for line in withheld.lines(now.summary["withheld"])),
        "",
        f"`{FILE}` opens in DuckDB 1.4 and later, also from {address}/releases/latest/download/{FILE}.",
        "`export.zip` has every table as Parquet and CSV, with the licence of each source in its README.",
        "",
        changes.read_text(encoding="utf-8"),
    ]
    return "\n".join(lines)[:LONGEST]


def surplus(there: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Of the releases ``there``, the newest first, those that need not be kept beside a new one."""
    seen: set[str] = set()
    found = []
    for place, one in enumerate(there, start=2):
        month = one["tag_name"][len("aigap-") :][:6]
        if place > KEPT and month in seen:
            found.append(one)
        seen.add(month)
    return found


if __name__ == "__main__":
    run(main)

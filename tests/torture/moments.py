"""Full disks and copies: a folder that runs out of room at every level, and one copied while it is written."""

from __future__ import annotations

import random
import shutil
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import oracle
from tests.torture.ground import DEEDS, Ground

#: Shares of what a command writes that the disk has room for.
LEVELS = (0.0, 0.02, 0.05, 0.1, 0.25, 0.5, 0.75, 0.9)
#: The commands that write much.
WRITERS = ("refresh", "live", "ingest", "export", "backfill")


@dataclass
class Findings:
    """How often it was tried, and what was lost."""

    tried: int = 0
    #: Commands that failed, as they should, and copies that had to be mended by a refresh.
    failed: int = 0
    losses: list[str] = field(default_factory=list)


class NoMount(Exception):
    """No file system of one's own can be mounted here."""


@contextmanager
def small_disk(folder: Path) -> Iterator[Path]:
    """A file system of its own at ``folder``. Raises `NoMount`."""
    folder.mkdir(parents=True, exist_ok=True)
    mount = ["mount", "-t", "tmpfs", "-o", "size=1g", "tmpfs", str(folder)]
    if not shutil.which("mount") or subprocess.run(mount, capture_output=True, check=False).returncode:
        raise NoMount
    try:
        yield folder
    finally:
        subprocess.run(["umount", "--lazy", str(folder)], check=True)


def fill(ground: Ground, name: str, level: float) -> Findings:
    """The deed ``name`` on a disk with room for a share of what it writes, then with room. Raises `NoMount`."""
    deed, result = DEEDS[name], Findings(1)
    with small_disk(ground.folder / "disk") as disk:
        data = disk / "data"
        shutil.copytree(ground.base, data, symlinks=True)
        deed.prepare(ground, data)
        _room(disk, _used(disk) + int(level * _needed(ground)))
        process = ground.start(data, *deed.words(ground, data))
        code = process.wait()
        result.failed = int(code != 0)
        said = ground.said()
        if "Traceback" in said or (code and not said.strip()):
            result.losses.append(f"{name} at {level}: ended with {code}: {said[-300:]}")
        result.losses += [f"{name} at {level}: {loss}" for loss in oracle.losses(data)]
        _room(disk, 2**30)
        try:
            ground.run(data, *deed.words(ground, data))
            if not deed.publishes:
                ground.run(data, "refresh", "--force")
        except RuntimeError as error:
            result.losses.append(f"{name} at {level}, with room again: {error}")
        found = [*oracle.losses(data), *oracle.leftovers(data)]
        result.losses += [f"{name} at {level}, with room again: {loss}" for loss in found]
    return result


def copy_during(ground: Ground, name: str, seed: str) -> Findings:
    """A copy of the data folder, made as `cp` does at a random moment of the deed ``name``, is opened."""
    deed, result = DEEDS[name], Findings(1)
    work = ground.folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    data, copy = work / "data", work / "copy"
    shutil.copytree(ground.base, data, symlinks=True)
    deed.prepare(ground, data)
    chance = random.Random(seed)
    process = ground.start(data, *deed.words(ground, data))
    until = time.monotonic() + chance.uniform(0.1, 8.0)
    while process.poll() is None and time.monotonic() < until:
        time.sleep(0.01)
    # Files that vanish while it copies are no loss; `cp` says so and goes on.
    subprocess.run(["cp", "-a", str(data), str(copy)], capture_output=True, check=False)
    process.wait()
    if oracle.losses(copy):
        # It met a publication: the link was copied before its release was there, or the other way round.
        result.failed = 1
    try:
        ground.run(copy, "refresh", "--force")
    except RuntimeError as error:
        result.losses.append(f"copy during {name}, {seed}: {error}")
    found = [*oracle.losses(copy), *oracle.leftovers(copy)]
    result.losses += [f"copy during {name}, {seed}: {loss}" for loss in found]
    return result


def _needed(ground: Ground) -> int:
    """Bytes that a build writes: its candidate, and as much again for what it spills and keeps."""
    return 2 * (ground.base / "aigap.duckdb").stat().st_size


def _used(disk: Path) -> int:
    usage = shutil.disk_usage(disk)
    return usage.total - usage.free


def _room(disk: Path, size: int) -> None:
    subprocess.run(["mount", "-o", f"remount,size={size}", str(disk)], check=True)

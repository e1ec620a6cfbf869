"""Kills: a command is killed again and again, then runs to its end, and is compared with one left in peace."""

from __future__ import annotations

import os
import random
import shutil
import signal
import subprocess
import time
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

from tests.torture import oracle
from tests.torture.ground import DEEDS, Deed, Ground

#: Kills from which one folder must recover.
IN_A_ROUND = 10
#: Of a command's work and changes, within which it is killed.
SHARE = 0.95
TICK = os.sysconf("SC_CLK_TCK")


@dataclass
class Tally:
    """What was done, and what was lost."""

    kills: int = 0
    #: Commands that ended before their moment came.
    ended: int = 0
    recovered: int = 0
    losses: list[str] = field(default_factory=list)

    def line(self) -> str:
        return (
            f"{self.kills} kills, {self.ended} ended before theirs, {self.recovered} recoveries, "
            f"{len(self.losses)} losses"
        )


@dataclass(frozen=True)
class Peace:
    """A command left in peace: CPU seconds, how often its folders changed, and what it made."""

    seconds: float
    changes: int
    made: str


def round_of(ground: Ground, name: str, seed: str, kills: int, *, with_build: bool = True) -> Tally:
    """``kills`` kills of the deed ``name`` in one folder, each from what the one before it left.

    ``with_build``: a build afterwards, which removes what killed processes left in the archive, must succeed too.
    """
    deed, tally = DEEDS[name], Tally()
    work = ground.folder / "work"
    shutil.rmtree(work, ignore_errors=True)
    data, twin = work / "data", work / "twin" / "data"
    shutil.copytree(ground.base, data, symlinks=True)
    deed.prepare(ground, data)
    shutil.copytree(work, work / "twin", symlinks=True)
    peace = in_peace(ground, deed, twin, with_build)
    before = _made(deed, data)
    for number in range(kills):
        chance = random.Random(f"{seed} {name} {number}")
        if _kill(ground, deed, data, peace, chance):
            tally.kills += 1
        else:
            tally.ended += 1
        found = [*oracle.losses(data), *oracle.history_losses(work / "history")]
        if deed.makes and _made(deed, data) not in (before, peace.made):
            found.append(f"{deed.makes} is neither as before nor as it is to be")
        tally.losses += [f"{name}, kill {number} of {seed}: {loss}" for loss in found]
    try:
        ground.run(data, *deed.words(ground, data))
        if with_build and not deed.publishes:
            ground.run(data, "refresh", "--force")
    except RuntimeError as error:
        tally.losses.append(f"{name}, after {kills} kills of {seed}: {error}")
        return tally
    tally.recovered += 1
    found = [*oracle.losses(data), *oracle.history_losses(work / "history")]
    found += oracle.leftovers(data) if with_build else []
    if _made(deed, data) != peace.made:
        found.append("the tables or files are not those of a command left in peace")
    tally.losses += [f"{name}, recovered from {seed}: {loss}" for loss in found]
    return tally


def in_peace(ground: Ground, deed: Deed, data: Path, with_build: bool) -> Peace:
    """The deed in ``data`` to its end."""
    before = os.times()
    process, changes = ground.start(data, *deed.words(ground, data)), 0
    seen = _stamps(data)
    while process.poll() is None:
        time.sleep(0.001)
        now = _stamps(data)
        changes += now != seen
        seen = now
    if process.returncode:
        raise RuntimeError(f"left in peace, it ended with {process.returncode}: {ground.said()}")
    after = os.times()
    if with_build and deed.is_built_from:
        ground.run(data, "refresh", "--force")
    seconds = after.children_user + after.children_system - before.children_user - before.children_system
    return Peace(seconds, changes, _made(deed, data))


def _made(deed: Deed, data: Path) -> str:
    if deed.publishes or deed.is_built_from:
        return oracle.tables(data)
    return oracle.files(data / deed.makes) if deed.makes else ""


def _kill(ground: Ground, deed: Deed, data: Path, peace: Peace, chance: random.Random) -> bool:
    """Kill the deed at a random moment: of its work, or of what it changes. False when it ended before."""
    # Not to the very end: a command that has ended leaves the next ones nothing to do.
    last = int(peace.changes * SHARE)
    at_change = chance.randint(1, last) if last and chance.random() < 0.5 else None
    at_seconds = chance.uniform(0.0, peace.seconds * SHARE)
    process = ground.start(data, *deed.words(ground, data))
    seen, changes = _stamps(data), 0
    while process.poll() is None:
        if at_change is None:
            if _cpu_seconds(process) >= at_seconds:
                break
            time.sleep(0.005)
            continue
        now = _stamps(data)
        changes += now != seen
        seen = now
        if changes >= at_change:
            break
    is_running = process.poll() is None
    with suppress(ProcessLookupError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    return is_running


def _cpu_seconds(process: subprocess.Popen[str]) -> float:
    """What the process and its ended children have used."""
    try:
        words = Path(f"/proc/{process.pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except OSError:
        return 0.0
    return sum(map(int, words[11:15])) / TICK


def _stamps(data: Path) -> tuple[int, ...]:
    """When the folders that a command writes to were last changed."""
    return tuple(_stamps_of(data.parent))


def _stamps_of(folder: Path, depth: int = 3) -> Iterator[int]:
    with suppress(OSError):
        yield folder.stat().st_mtime_ns
        for entry in os.scandir(folder) if depth else ():
            if entry.is_dir(follow_symlinks=False) and entry.name != "twin":
                yield from _stamps_of(Path(entry.path), depth - 1)

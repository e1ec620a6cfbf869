"""`make torture`: kills, publishes, full disks and copies by the hundred; prints what was lost, which must be nothing.

Two processes share the rounds, each with data of its own. Every round is noted in the folder: started again, it goes on
where it was. Ends with exit code 1 if anything was lost. Seeds are fixed; a loss names its round, and `--only` repeats
the rounds of one kind.
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.fixtures.web import web
from tests.torture import kills, moments, publishing
from tests.torture.ground import DEEDS, Ground, made

#: Of a hundred kills, how many each command gets.
SHARES = {
    "refresh": 25, "live": 15, "ingest": 15, "export": 15, "rollback": 10, "backfill": 10, "history": 7, "site": 3,
}  # fmt: skip


@dataclass(frozen=True)
class Round:
    """One thing to do; ``key`` names it in the state file."""

    key: str
    chapter: str
    act: Callable[[Ground, Ground], dict[str, Any]]


def main() -> int:
    wanted = _arguments()
    wanted.folder.mkdir(parents=True, exist_ok=True)
    if wanted.worker is not None:
        _work(wanted)
        return 0
    if wanted.anew:
        for file in wanted.folder.glob("state-*.json"):
            file.unlink()
    command = [sys.executable, "-m", "tests.torture.run", *sys.argv[1:], "--worker"]
    workers = [subprocess.Popen([*command, str(number)]) for number in range(wanted.workers)]
    codes = [worker.wait() for worker in workers]
    state = _state(wanted.folder)
    if wanted_but_missing := [
        key for _, one in _rounds(wanted) if wanted.only in (key := one.key) and key not in state
    ]:
        print(f"{len(wanted_but_missing)} rounds are left; the same command goes on from here")
    return _report(state) or max(map(abs, codes))


def _state(folder: Path) -> dict[str, dict[str, Any]]:
    """What was found in each round so far, by its key."""
    found: dict[str, dict[str, Any]] = {}
    for file in sorted(folder.glob("state-*.json")):
        found |= json.loads(file.read_text(encoding="utf-8"))
    return found


def _work(wanted: argparse.Namespace) -> None:
    """Do the rounds of one worker, each noted when it is over, until none is left or the time is."""
    folder = wanted.folder / f"worker-{wanted.worker}"
    done = _state(wanted.folder)
    state_file = wanted.folder / f"state-{wanted.worker}.json"
    state = json.loads(state_file.read_text(encoding="utf-8")) if state_file.exists() else {}
    end = time.monotonic() + wanted.minutes * 60
    with web() as site:
        small = made(folder / "small", site)
        whole = made(folder / "whole", site, whole=True) if wanted.whole else small
        for number, one in _rounds(wanted):
            if number % wanted.workers != wanted.worker or one.key in done or wanted.only not in one.key:
                continue
            if time.monotonic() > end:
                break
            begun = time.monotonic()
            state[one.key] = {"chapter": one.chapter, **one.act(small, whole)}
            state[one.key]["seconds"] = round(time.monotonic() - begun, 1)
            unfinished = state_file.with_suffix(".tmp")
            unfinished.write_text(json.dumps(state, indent=1), encoding="utf-8")
            unfinished.replace(state_file)
            if not wanted.quiet:
                print(one.key, *(f"{name} {value}" for name, value in state[one.key].items()), flush=True)


def _arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="python -m tests.torture.run", description=__doc__)
    parser.add_argument("--kills", type=int, default=1000, help="on a history of ten bodies")
    parser.add_argument(
        "--whole", type=int, default=100, help="kills of refresh on the whole shipped history"
    )
    parser.add_argument("--publishes", type=int, default=1000, help="beside eight kinds of readers")
    parser.add_argument("--copies", type=int, default=12, help="copies of the folder while it is written")
    parser.add_argument("--disks", type=int, default=len(moments.LEVELS), help="levels of a full disk")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--only", default="", help="the rounds whose name has this in it")
    parser.add_argument(
        "--folder", type=Path, default=Path("/tmp/aigap-torture"), help="its state and its data"
    )
    parser.add_argument("--workers", type=int, default=2, help="processes that share the rounds")
    parser.add_argument("--worker", type=int, help=argparse.SUPPRESS)
    parser.add_argument("--anew", action="store_true", help="forget the state")
    parser.add_argument("--minutes", type=float, default=60.0, help="to begin no round after")
    parser.add_argument("--quiet", action="store_true", help="print the figures at the end only")
    return parser.parse_args()


def _rounds(wanted: argparse.Namespace) -> Iterator[tuple[int, Round]]:
    """All of them, mixed so that a run that is cut short has done some of each.

    Each with a number that gives every worker its part of each kind.
    """
    plans = [
        *(list(_killing(name, wanted.kills * share // 100, wanted.seed)) for name, share in SHARES.items()),
        list(_killing("refresh", wanted.whole, wanted.seed, whole=True)),
        list(_publishing(wanted.publishes)),
        [_copying(name, number, wanted.seed) for number in range(wanted.copies) for name in ("refresh", "live")][
            : wanted.copies
        ],
        [_filling(name, level) for level in moments.LEVELS[:: max(1, len(moments.LEVELS) // max(wanted.disks, 1))]
         for name in moments.WRITERS] if wanted.disks else [],
    ]  # fmt: skip
    for turn in range(max(map(len, plans))):
        yield from ((turn + place, plan[turn]) for place, plan in enumerate(plans) if turn < len(plan))


def _killing(name: str, kills_: int, seed: int, *, whole: bool = False) -> Iterator[Round]:
    where = "whole" if whole else "small"
    for number, done in enumerate(range(0, kills_, kills.IN_A_ROUND)):
        count = min(kills.IN_A_ROUND, kills_ - done)
        key = f"kill {where} {name} {seed}.{number}"

        def act(small: Ground, all_: Ground, count: int = count, key: str = key) -> dict[str, Any]:
            return vars(kills.round_of(all_ if whole else small, name, key, count))

        yield Round(key, f"kills of {name}, {where}", act)


def _publishing(times: int, at_once: int = 100) -> Iterator[Round]:
    for number, done in enumerate(range(0, times, at_once)):
        count = min(at_once, times - done)

        def act(small: Ground, whole: Ground, count: int = count) -> dict[str, Any]:
            found = publishing.publish_beside_readers(small, count)
            return {"publishes": found.publishes, "reads": sum(found.reads.values()), "losses": found.losses}

        yield Round(f"publish {number}", "publishes", act)


def _copying(name: str, number: int, seed: int) -> Round:
    key = f"copy {name} {seed}.{number}"
    return Round(key, "copies", lambda small, whole: vars(moments.copy_during(small, name, key)))


def _filling(name: str, level: float) -> Round:
    def act(small: Ground, whole: Ground) -> dict[str, Any]:
        try:
            return vars(moments.fill(small, name, level))
        except moments.NoMount:
            return {"skipped": 1, "losses": []}

    return Round(f"disk {name} {level}", "full disks", act)


def _report(state: dict[str, dict[str, Any]]) -> int:
    chapters: dict[str, dict[str, float]] = {}
    losses: list[str] = []
    for one in state.values():
        figures = chapters.setdefault(one["chapter"], {})
        for name, value in one.items():
            if isinstance(value, int | float):
                figures[name] = figures.get(name, 0) + value
        figures["losses"] = figures.get("losses", 0) + len(one["losses"])
        losses += one["losses"]
    for chapter, figures in chapters.items():
        if figures.get("skipped"):
            print(f"{chapter}: {figures['skipped']:.0f} rounds skipped: no right to mount a small disk here")
        print(f"{chapter}:", ", ".join(f"{name} {value:,.0f}" for name, value in figures.items()))
    for loss in losses:
        print(f"LOST {loss}")
    print("lost: nothing" if not losses else f"lost: {len(losses)}")
    return 1 if losses else 0


if __name__ == "__main__":
    assert set(SHARES) == set(DEEDS)
    sys.exit(main())

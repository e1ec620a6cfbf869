"""`make fuzz`: thousands of mutated bodies of every source, and some two hundred bombs, each in a fresh process.

Prints what was offered, what became of it, the slowest and the largest, and every finding. Ends with exit code 1 if
there is a finding. Seeds are fixed: a finding names its body, and `--only` offers that one again.
"""

from __future__ import annotations

import argparse
import multiprocessing
import os
import random
import subprocess
import sys
import tempfile
import time
from collections import Counter
from concurrent.futures import ProcessPoolExecutor, ThreadPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path

from sources.ingestion import parser_process
from tests.fuzz.bases import Base, made, real
from tests.fuzz.bombs import Bomb, bombs
from tests.fuzz.mutations import mutated
from tests.fuzz.oracle import MAX_BYTES, Verdict, archive_of, judge
from warehouse.workspace import ROOT

UPSTREAM = Path(os.environ.get("AIGAP_UPSTREAM", ROOT.parent / "shared" / "upstream"))
MUTATED = 25_000
#: Seconds that a bomb may take in all, its process's start included.
BOMB_SECONDS = 30.0


@dataclass
class Tally:
    """The figures of many bodies."""

    outcomes: Counter[tuple[str, str]] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    findings: dict[str, list[str]] = field(default_factory=dict)
    slowest: tuple[float, str] = (0.0, "")
    largest: tuple[int, str] = (0, "")

    def add(self, source_id: str, body: str, verdict: Verdict) -> None:
        """Count one body; ``body`` names it."""
        self.outcomes[source_id, verdict.outcome] += 1
        if verdict.reason:
            self.reasons[verdict.reason] += 1
        for finding in verdict.findings:
            self.findings.setdefault(f"{source_id}: {finding}", []).append(body)
        self.slowest = max(self.slowest, (verdict.seconds, f"{source_id} {body}"))
        self.largest = max(self.largest, (verdict.memory, f"{source_id} {body}"))

    def merge(self, other: Tally) -> None:
        """Count the bodies of ``other`` too."""
        self.outcomes += other.outcomes
        self.reasons += other.reasons
        for finding, names in other.findings.items():
            self.findings.setdefault(finding, []).extend(names)
        self.slowest = max(self.slowest, other.slowest)
        self.largest = max(self.largest, other.largest)


def fuzz(base: Base, place: int, seeds: range) -> Tally:
    """Mutate ``base`` once for each seed. The body itself is offered first."""
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder:
        archive = archive_of(base, Path(folder))
        untouched = judge(base, base.body, archive)
        if untouched.outcome not in ("accepted", "lossy") or untouched.findings:
            finding = f"{base.source_id}: not accepted as it is: {untouched.reason} {untouched.findings}"
            tally.findings[finding] = [base.file_name]
        for seed in seeds:
            body, changes = mutated(base.body, random.Random(f"{base.source_id} {place} {seed}"))
            tally.add(base.source_id, f"{place}/{seed} {changes}", judge(base, body, archive))
    return tally


def explode(bomb: Bomb, path: Path, how: str) -> Verdict:
    """Offer ``bomb``, written to ``path``, in a fresh process: ``apart`` or ``alone``, see `tests.fuzz.bomb`."""
    words = [sys.executable, "-m", "tests.fuzz.bomb", "offer", bomb.name, str(path), how]
    started = time.monotonic()
    child = subprocess.Popen(words, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
    assert child.stdout is not None
    verdict = Verdict("broken")
    with ThreadPoolExecutor(1) as reader:
        told = reader.submit(child.stdout.read)
        while time.monotonic() - started < BOMB_SECONDS:
            done, status, usage = os.wait4(child.pid, os.WNOHANG)
            if done:
                child.returncode = os.waitstatus_to_exitcode(status)
                verdict.memory = usage.ru_maxrss * 1024
                break
            time.sleep(0.02)
        else:
            child.kill()
            child.wait()
            verdict.findings.append(f"bomb: more than {BOMB_SECONDS:g} s")
        lines = told.result().splitlines()
    verdict.seconds = time.monotonic() - started
    if not verdict.findings and (child.returncode or len(lines) != 1):
        verdict.findings.append(f"bomb: exit code {child.returncode}, {len(lines)} lines")
    if verdict.memory > MAX_BYTES:
        verdict.findings.append("bomb: more than 2 GB")
    if lines:
        by_process = "its parser" in lines[0]
        verdict.outcome = "accepted" if lines[0] == "accepted" else "stopped" if by_process else "refused"
        verdict.reason = lines[0]
    return verdict


def main() -> int:
    """Run what the command line asks for and print the figures."""
    options = _options()
    started = time.monotonic()
    everything = made() + real(UPSTREAM)
    bases = [base for base in everything if options.source in ("", base.source_id)]
    tally = Tally()
    if options.only:
        place, seed = map(int, options.only.split()[0].split("/"))
        return _show(everything[place], place, seed)
    # Every source has the same number of bodies, shared among its shapes.
    shapes = Counter(base.source_id for base in bases)
    context = multiprocessing.get_context("spawn")
    with ProcessPoolExecutor(options.jobs, context) as pool:
        waiting = []
        for place, base in enumerate(everything):
            if base.source_id in shapes:
                many = -(-options.mutated // (len(shapes) * shapes[base.source_id]))
                waiting.append(pool.submit(fuzz, base, place, range(many)))
        for done in waiting:
            tally.merge(done.result())
    seconds = time.monotonic() - started
    _print(
        tally,
        f"{tally.outcomes.total():,} mutated bodies of {len(bases)} shapes in {seconds:.0f} s, "
        f"{options.jobs} processes",
    )
    chosen = [bomb for bomb in bombs() if options.source in ("", bomb.source_id)][: options.bombs]
    exploded = _bombs(chosen, options.jobs)
    return 1 if tally.findings or exploded.findings else 0


def _bombs(chosen: list[Bomb], jobs: int) -> Tally:
    started = time.monotonic()
    tally = Tally()
    with tempfile.TemporaryDirectory() as folder, ThreadPoolExecutor(jobs) as pool:

        def both(place: int) -> list[Verdict]:
            bomb, path = chosen[place], Path(folder) / str(place)
            words = [sys.executable, "-m", "tests.fuzz.bomb", "make", bomb.name, str(path)]
            subprocess.run(words, cwd=ROOT, check=True)
            apart = explode(bomb, path, "apart")
            # What only the limits of its process stop would not be stopped alone.
            verdicts = [apart] if apart.outcome == "stopped" else [apart, explode(bomb, path, "alone")]
            path.unlink()
            return verdicts

        for bomb, verdicts in zip(chosen, pool.map(both, range(len(chosen))), strict=True):
            for verdict, how in zip(verdicts, ("apart", "alone"), strict=False):
                if verdict.outcome in ("stopped", "accepted") and how == "apart":
                    cost = f"{verdict.seconds:.1f} s, {verdict.memory / 1e6:.0f} MB"
                    print(f"  {bomb.source_id}, {bomb.name}: {cost}: {verdict.reason[:150]}")
                verdict.reason = ""
                tally.add(bomb.source_id, f"{bomb.name} ({how})", verdict)
    _print(
        tally,
        f"{len(chosen)} bombs in fresh processes in {time.monotonic() - started:.0f} s, first with the parser "
        "apart, then alone",
    )
    return tally


def _print(tally: Tally, title: str) -> None:
    print(f"\n{title}")
    outcomes = sorted({outcome for _, outcome in tally.outcomes})
    print(f"  {'source':28}{''.join(f'{outcome:>12}' for outcome in outcomes)}")
    for source_id in sorted({source_id for source_id, _ in tally.outcomes}):
        print(
            f"  {source_id:28}{''.join(f'{tally.outcomes[source_id, outcome]:12,}' for outcome in outcomes)}"
        )
    for reason, many in tally.reasons.most_common(40):
        print(f"  {many:7,}  {reason}")
    print(f"  slowest {tally.slowest[0]:.2f} s: {tally.slowest[1]}")
    print(f"  largest {tally.largest[0] / 1e6:.0f} MB: {tally.largest[1]}")
    print(f"  {len(tally.findings)} findings" + (":" if tally.findings else ""))
    for finding, names in sorted(tally.findings.items()):
        print(f"    {len(names):5} × {finding}   e.g. {names[0]}")


def _show(base: Base, place: int, seed: int) -> int:
    """Offer one body again and write it to a file."""
    body, changes = mutated(base.body, random.Random(f"{base.source_id} {place} {seed}"))
    path = Path(tempfile.gettempdir()) / f"fuzz-{base.source_id}-{place}-{seed}"
    path.write_bytes(body)
    print(f"{base.source_id}/{base.request} {base.file_name}: {changes}, written to {path}")
    with tempfile.TemporaryDirectory() as folder:
        print(judge(base, body, archive_of(base, Path(folder))))
    parser_process._process.end()
    return 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mutated", type=int, default=MUTATED, help="how many mutated bodies")
    parser.add_argument("--bombs", type=int, default=10_000, help="at most so many bombs")
    parser.add_argument("--jobs", type=int, default=2)
    parser.add_argument("--source", default="", help="only this source")
    parser.add_argument("--only", default="", help="PLACE/SEED of one body, as a finding names it")
    return parser.parse_args()


if __name__ == "__main__":
    sys.exit(main())

"""How often the interval of the median time to a match holds the truth, in simulated races.

``python bench/median_coverage.py`` lets one country set records at random times and the other follow by about eight
months, in models of its own that often match several records at once. The records of the first years of each race are
what a vintage would show, open ones too. The truth is the median over a long race. Two rules are counted: whole
clusters drawn again (`record_matches.median_low` and ``median_high``), and records drawn singly. The same seed gives
the same figures.
"""

from __future__ import annotations

import argparse
import sys
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from warehouse.compute.lag_survival import CLUSTERS_NEEDED, Median, clustered_median  # noqa: E402 (run as a script)

SEED = 20_261_129
#: Months between records, points between them, months between models of the follower, months it is behind, and how
#: uneven its models are, in points.
RECORD_EVERY, STEP, MODEL_EVERY, BEHIND, UNEVEN = 2.0, 1.0, 1.5, 8.0, 1.0
#: Months before the race is watched, and after it until all its records are matched.
BEFORE, AFTER = 40.0, 60.0


@dataclass(frozen=True)
class Race:
    """Months of the records since it is watched, and of the model that matched each, with that model's number."""

    record: NDArray[np.float64]
    match: NDArray[np.float64]
    model: NDArray[np.intp]


def race(generator: np.random.Generator, months: float) -> Race:
    """A race that is watched for so many months."""
    record = _times(generator, RECORD_EVERY, BEFORE + months)
    score = np.cumsum(generator.exponential(STEP, len(record)))
    model = _times(generator, MODEL_EVERY, BEFORE + months + AFTER)
    level = np.interp(model - BEHIND, record, score) + generator.normal(0, UNEVEN, len(model))
    first = np.searchsorted(np.maximum.accumulate(level), score)
    match = np.append(model, np.inf)[first] - BEFORE
    is_watched = record >= BEFORE
    return Race(record[is_watched] - BEFORE, match[is_watched], first[is_watched])


def _times(generator: np.random.Generator, every: float, until: float) -> NDArray[np.float64]:
    times = np.cumsum(generator.exponential(every, int(2 * until / every) + 50))
    return times[times < until]


def median(seen: Race, months: float, is_clustered: bool, draws: int) -> Median:
    """What a vintage at the end of the race would print."""
    times = [
        float(end - start) if end <= months else None
        for start, end in zip(seen.record, seen.match, strict=True)
    ]
    open_months = [
        None if time is not None else months - float(start)
        for start, time in zip(seen.record, times, strict=True)
    ]
    matches = list(seen.model) if is_clustered else list(range(len(times)))
    return clustered_median(times, open_months, matches, draws)


def main(arguments: list[str] | None = None) -> None:
    """Print the coverage of both rules for races of several lengths."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--races", type=int, default=2_000)
    parser.add_argument("--draws", type=int, default=400)
    given = parser.parse_args(arguments)
    generator = np.random.default_rng(SEED)
    long = race(generator, 60_000.0)
    is_done = np.isfinite(long.match)
    truth = float(np.median((long.match - long.record)[is_done]))
    print(f"true median {truth:.2f} months; nominal 95 %, {given.races} races of each length")
    print(
        "months  clusters  whole clusters: holds, below, above, width   single records: holds, below, above, width"
    )
    for months in (24.0, 36.0, 60.0):
        found: dict[bool, list[Median]] = {True: [], False: []}
        for _ in range(given.races):
            seen = race(generator, months)
            by_cluster = median(seen, months, True, given.draws)
            if by_cluster.clusters < CLUSTERS_NEEDED or by_cluster.low is None:
                continue
            found[True].append(by_cluster)
            found[False].append(median(seen, months, False, given.draws))
        clusters = float(np.mean([one.clusters for one in found[True]]))
        parts = [f"{months:6.0f}  {clusters:8.1f}"]
        for medians in found.values():
            low = np.array([np.inf if one.low is None else one.low for one in medians])
            high = np.array([np.inf if one.high is None else one.high for one in medians])
            holds, below, above = (
                100 * np.mean(part) for part in ((low <= truth) & (truth <= high), high < truth, low > truth)
            )
            width = np.median(np.minimum(high, months) - low)
            parts.append(f"{holds:14.1f} {below:6.1f} {above:6.1f} {width:7.1f}        ")
        print("  ".join(parts))


if __name__ == "__main__":
    main()

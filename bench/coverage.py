"""How often the intervals of the gap hold the truth, in simulation.

``python bench/coverage.py`` reads four real lists of scores from the newest release, supposes four kinds of truth
behind each (`bench.truths`), draws new lists from it with the published errors, picks the leaders anew in each, and
counts how often an interval holds the true gap of the two models it names, and the gap of the two models that are truly
best. Worst cases that are made are there too: several models of one country exactly tied. The same seed gives the same
figures. The default, wide and old interval are those of `core.gap_intervals`, whose ``max_`` columns are the old one.
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT))

from bench.truths import TRUTHS, Matrix, Vector  # noqa: E402 (run as a script)
from warehouse.compute.gap_intervals import DEVIATIONS, wide_deviations  # noqa: E402
from warehouse.compute.gap_of_maxima import gap_distribution  # noqa: E402
from warehouse.db import read_only  # noqa: E402
from warehouse.workspace import Workspace  # noqa: E402

Places = NDArray[np.intp]
SEED = 20_261_129
LISTS = 4_000
#: The rules of the interval, as `core.gap_intervals` has them.
RULES = ("default", "wide", "old")
#: Models more points than this below their country's best never lead in a draw, and have no part in any interval.
REACH = 110.0
#: Variant and day of lists of the text arena: one with a large error near the top, with three and with five Chinese
#: models close together, and with hardly a gap.
SNAPSHOTS = (
    ("raw", "2025-11-06"),
    ("style_control", "2026-01-31"),
    ("raw", "2026-06-25"),
    ("style_control", "2026-08-03"),
)
#: How many models of one country share the highest true score.
TIED = (1, 2, 3, 5, 10, 20)


@dataclass(frozen=True)
class Country:
    """The published scores and standard errors of a country's models, in points."""

    scores: Vector
    errors: Vector


@dataclass(frozen=True)
class Intervals:
    """The ends of an interval for each list, and its middle."""

    low: Vector
    high: Vector
    middle: Vector


@dataclass(frozen=True)
class Coverage:
    """Of one rule in one case: shares of lists, and medians in points."""

    named: float
    too_high: float
    too_low: float
    of_maxima: float
    bias: float
    width: float


def read_country(path: Path, variant: str, day: str, country: str) -> Country:
    """A country's models in the list of the text arena that stands for ``day``, within `REACH` of its best."""
    with read_only(path) as con:
        rows = con.execute(
            "SELECT c.score, c.standard_error FROM core.publications AS p "
            "JOIN internal.country_scores AS c USING (snapshot_id, category) "
            "WHERE p.board = 'arena_text' AND p.category = 'overall' AND p.variant = ? AND p.published_on = ? "
            "AND p.is_last_of_day AND c.country = ? AND c.standard_error IS NOT NULL ORDER BY c.score DESC",
            [variant, day, country],
        ).fetchnumpy()
    scores, errors = np.asarray(rows["score"]), np.asarray(rows["standard_error"])
    if not len(scores):
        raise SystemExit(f"{path} has no list of {variant} of {day}; run: aigap refresh")
    near = scores > scores[0] - REACH
    return Country(scores[near], errors[near])


def contenders(lists: Matrix, errors: Vector, leader: Places) -> Vector:
    """How many models of each list could truly be its best."""
    rows = np.arange(len(lists))
    behind = lists[rows, leader][:, None] - lists
    counts: Vector = np.sum(behind <= DEVIATIONS * np.sqrt(errors[leader][:, None] ** 2 + errors**2), axis=1)
    return counts


def intervals(
    a_lists: Matrix, a_errors: Vector, b_lists: Matrix, b_errors: Vector, rules: Sequence[str]
) -> dict[str, Intervals]:
    """The intervals of every rule for each pair of drawn lists."""
    rows = np.arange(len(a_lists))
    a, b = np.argmax(a_lists, axis=1), np.argmax(b_lists, axis=1)
    gap = a_lists[rows, a] - b_lists[rows, b]
    error = np.hypot(a_errors[a], b_errors[b])
    found = {}
    if "default" in rules:
        found["default"] = Intervals(gap - DEVIATIONS * error, gap + DEVIATIONS * error, gap)
    if "wide" in rules:
        pairs = contenders(a_lists, a_errors, a) + contenders(b_lists, b_errors, b) - 1
        factor = {int(count): wide_deviations(int(count)) for count in np.unique(pairs)}
        half = error * np.array([factor[int(count)] for count in pairs])
        found["wide"] = Intervals(gap - half, gap + half, gap)
    if "old" in rules:
        laws = [
            gap_distribution(a_list, a_errors, b_list, b_errors)
            for a_list, b_list in zip(a_lists, b_lists, strict=True)
        ]
        found["old"] = Intervals(
            *(np.array([getattr(law, end) for law in laws]) for end in ("low", "high", "median"))
        )
    return found


def simulate(
    a_truth: Matrix,
    a_errors: Vector,
    b_truth: Matrix,
    b_errors: Vector,
    generator: np.random.Generator,
    rules: Sequence[str],
) -> dict[str, Coverage]:
    """Draw a list from each row of the two truths, and see what each rule's interval holds."""
    rows = np.arange(len(a_truth))
    a_lists = a_truth + a_errors * generator.standard_normal(a_truth.shape)
    b_lists = b_truth + b_errors * generator.standard_normal(b_truth.shape)
    named = a_truth[rows, np.argmax(a_lists, axis=1)] - b_truth[rows, np.argmax(b_lists, axis=1)]
    best = a_truth.max(axis=1) - b_truth.max(axis=1)
    return {
        rule: Coverage(
            named=float(np.mean((found.low <= named) & (named <= found.high))),
            too_high=float(np.mean(named < found.low)),
            too_low=float(np.mean(named > found.high)),
            of_maxima=float(np.mean((found.low <= best) & (best <= found.high))),
            bias=float(np.median(found.middle - named)),
            width=float(np.median(found.high - found.low)),
        )
        for rule, found in intervals(a_lists, a_errors, b_lists, b_errors, rules).items()
    }


def cases(path: Path, lists: int, rules: Sequence[str] = RULES) -> Iterator[tuple[str, dict[str, Coverage]]]:
    """Every list of `SNAPSHOTS` under every kind of truth."""
    for number, (variant, day) in enumerate(SNAPSHOTS):
        a, b = read_country(path, variant, day, "US"), read_country(path, variant, day, "CN")
        for place, (name, truth) in enumerate(TRUTHS.items()):
            generator = np.random.default_rng([SEED, number, place])
            a_truth = truth(a.scores, a.errors, lists, generator)
            b_truth = truth(b.scores, b.errors, lists, generator)
            yield (
                f"{variant} {day} {name}",
                simulate(a_truth, a.errors, b_truth, b.errors, generator, rules),
            )


def tied(count: int, lists: int, rules: Sequence[str] = RULES) -> dict[str, Coverage]:
    """``count`` models of one country with the same truth and error, against one model of the other."""
    generator = np.random.default_rng([SEED, count])
    errors = np.full(count, 5.0)
    return simulate(np.zeros((lists, count)), errors, np.zeros((lists, 1)), errors[:1], generator, rules)


def percent(share: float) -> str:
    return f"{100 * share:.1f}"


def report(found: Sequence[tuple[str, dict[str, Coverage]]]) -> Iterator[str]:
    """The table of the rules over all cases."""
    yield "95 % interval   named gap       misses too      gap of true      median   median"
    yield "                mean  worst     high    low     maxima (worst)   bias     width"
    for rule in found[0][1]:
        each = [case[rule] for _, case in found]
        named, maxima = [case.named for case in each], [case.of_maxima for case in each]
        high, low, bias, width = (
            float(np.mean([getattr(case, name) for case in each]))
            for name in ("too_high", "too_low", "bias", "width")
        )
        yield (
            f"{rule:<15} {percent(float(np.mean(named))):<5} {percent(min(named)):<9} {percent(high):<7} "
            f"{percent(low):<7} {percent(float(np.mean(maxima)))} ({percent(min(maxima))})      "
            f"{bias:<8.1f} {width:.1f}"
        )


def main() -> None:
    parser = argparse.ArgumentParser(description="Coverage of the intervals of the gap, in simulation.")
    parser.add_argument("release", nargs="?", type=Path, help="a DuckDB file; by default the newest release")
    parser.add_argument("--lists", type=int, default=LISTS, help=f"lists drawn in each case ({LISTS})")
    parser.add_argument(
        "--fast", action="store_true", help="leave out the old rule, which takes most of the time"
    )
    parser.add_argument("--cases", action="store_true", help="print every case")
    options = parser.parse_args()
    path = options.release or Workspace.from_environment().link
    if not path.exists():
        raise SystemExit(f"no release at {path}; run: aigap refresh")
    rules = RULES[:2] if options.fast else RULES
    found = list(cases(path, options.lists, rules))
    if options.cases:
        for name, case in found:
            shares = "   ".join(f"{rule} {percent(case[rule].named)}" for rule in case)
            print(f"{name:<40} {shares}")
        print()
    print(f"{len(found)} cases of {options.lists:,} lists")
    print("\n".join(report(found)))
    print("\nmodels of one country exactly tied, one of the other: coverage of the named gap")
    for count in TIED:
        case = tied(count, options.lists, rules)
        print(f"{count:>3}   " + "   ".join(f"{rule} {percent(case[rule].named)}" for rule in case))


if __name__ == "__main__":
    main()

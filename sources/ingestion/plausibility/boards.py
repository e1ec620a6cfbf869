"""Leaderboards: a publication beside the one before it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import polars as pl

from sources.ingestion.plausibility.factors import times
from sources.ingestion.plausibility.pairs import LEAST_LEAD, compare, habits_of
from sources.ingestion.plausibility.points import KEY, SERIES, consecutive, days_of, predecessors
from sources.ingestion.plausibility.suspicion import Series, Suspicion

#: Shared models that are enough for a median or a correlation.
ENOUGH_SHARED = 3
ENOUGH_RANKED = 8
#: A median ratio beyond this is another unit or scale, if the scores moved by more than this share of their scale;
#: the last is for exams whose questions were changed.
RATIO = 2.0
LEAST_MOVE = 0.02
UNIT_RATIO = 8.0
#: All models together may move by this share of the scale: re-anchoring has moved them by 179 points of 450.
OFFSET = 0.6
#: Below this rank correlation it is another column or board.
AGREEMENT = 0.5
#: Without shared models the tops may differ by this share of the scale and by this factor.
TOPS = 1.5
TOPS_RATIO = 5.0
#: A series that has less than this share of its rows has lost some. After more days a board may have been cleared of
#: old models: the longest real gap, 165 days, left 57 % of a category.
LEAST_ROWS = 0.8
LONG_AGO = 120
LEAST_ROWS_LONG_AGO = 0.55
#: Wrong days of one series in one body that are told apart from the others.
ROUNDS = 10

#: A publication: board, variant, category and day.
Key = tuple[str, str, str, date]
KEY_TYPES = dict.fromkeys(SERIES, pl.String()) | {"day": pl.Date()}


@dataclass(frozen=True)
class Allowed:
    """What a source may do: cut its listing (``may_shrink``), ask ``new_questions`` on every day."""

    may_shrink: bool = False
    new_questions: bool = False


def suspicious_publications(now: pl.DataFrame, known: pl.DataFrame, allowed: Allowed) -> list[Suspicion]:
    """The series, or days of series, among the points ``now`` that do not fit what was before.

    Before a day is the newest of the ``known`` ones, else an earlier one of ``now`` that fits itself. Where ``now``
    has several days of a series the one is named by ``published_on``.
    """
    days = days_of(now)
    several = days.group_by(SERIES).len().filter(pl.col("len") > 1).select(SERIES)
    pairs = predecessors(days, days_of(known))
    # Of a long history only the days before are joined.
    before = known.join(pairs.select(*SERIES, day="before"), on=KEY, how="semi")
    found = _judge(pairs, now, before, known, allowed)
    if not several.is_empty():
        found = _judge_within(now.join(several, on=SERIES, how="semi"), known, found, allowed)
    dated = set(several.iter_rows())
    return [Suspicion(_name(key, key[:3] in dated), reason) for key, reason in sorted(found.items())]


def _judge_within(
    now: pl.DataFrame, known: pl.DataFrame, found: dict[Key, str], allowed: Allowed
) -> dict[Key, str]:
    """``found``, and the days that do not fit the day before them in the same body, of those not ``known`` before."""
    known_days = days_of(known)
    # A day after a wrong one differs from it: it is compared with the last good one instead.
    for _ in range(ROUNDS):
        wrong = pl.DataFrame(list(found), schema=KEY_TYPES, orient="row")
        good = now.join(wrong, on=KEY, how="anti")
        pairs = consecutive(days_of(good)).join(known_days, on=KEY, how="anti")
        first: dict[tuple[str, str, str], Key] = {}
        new = _judge(pairs, good, good, known, allowed)
        for key in sorted(new):
            first.setdefault(key[:3], key)
        if not first:
            return found
        found = {**found, **{key: new[key] for key in first.values()}}
    # So many wrong days are no longer exceptions: which of its days are right is not known.
    days = days_of(now).join(known_days, on=KEY, how="anti")
    rest = {key: new[first[key[:3]]] for key in days.iter_rows() if key[:3] in first}
    return {**rest, **found}


def _judge(
    pairs: pl.DataFrame, now: pl.DataFrame, before: pl.DataFrame, known: pl.DataFrame, allowed: Allowed
) -> dict[Key, str]:
    """What does not fit, by series and day, of the points ``now`` beside those ``before``, as ``pairs`` says.

    The habits of a series are those of all that is ``known`` of it.
    """
    if pairs.is_empty():
        return {}
    statistics = compare(pairs, now, before)
    # What is usual for a series takes long to compute and is asked only where it could make a difference.
    asked = statistics.filter((pl.col("could_exceed") > 1) | (_jump() > LEAST_LEAD * pl.col("scale")))
    if not asked.is_empty():
        habits = habits_of(known.join(asked, on=SERIES, how="semi"))
        statistics = compare(pairs, now, before, habits)
    found: dict[Key, str] = {}
    for row in statistics.with_columns(jump=_jump()).iter_rows(named=True):
        reason = next(_reasons(row, allowed), None)
        if reason is not None:
            key = (row["board"], row["variant"], row["category"], row["day"])
            found[key] = f"{reason}, on {row['before']}"
    return found


def _jump() -> pl.Expr:
    """How far the top stands out: above the old top, and before the second as the old one did not."""
    return pl.min_horizontal("lead", pl.col("gap") - pl.col("old_gap").fill_null(0))


def _name(key: Key, dated: bool) -> Series:
    series: dict[str, str | None] = dict(zip(SERIES, key[:3], strict=True))
    return {**series, "published_on": key[3].isoformat()} if dated else series


def _reasons(row: Mapping[str, Any], allowed: Allowed) -> Iterator[str]:
    """What does not fit, the gravest first; each ends with what was there before."""
    if row["top"] is None or row["old_top"] is None:
        return
    is_other_exam = allowed.new_questions and row["day"] != row["before"]
    yield from _other_scale(row, is_other_exam)
    if not is_other_exam:
        yield from _other_order(row)
    if row["jump"] is not None and row["jump"] > row["lead_limit"]:
        yield (
            f"{row['top_item']} leads with {row['top']:.6g} before {row['second']:.6g}, "
            f"after a top of {row['old_top']:.6g}"
        )
    elapsed = (row["day"] - row["before"]).days
    least = LEAST_ROWS if elapsed <= LONG_AGO else LEAST_ROWS_LONG_AGO
    # Listings of the same board by others may be shorter.
    is_same = row["listing"] == row["old_listing"]
    if is_same and not (allowed.may_shrink or is_other_exam) and row["rows"] < least * row["old_rows"]:
        yield f"{row['rows']} rows, after {row['old_rows']}"


def _other_scale(row: Mapping[str, Any], is_other_exam: bool) -> Iterator[str]:
    tops = f"the top is {row['top']:.6g}, after {row['old_top']:.6g}"
    if row["shared"] >= ENOUGH_SHARED:
        limit = UNIT_RATIO if is_other_exam else RATIO
        ratio, offset = row["ratio"], abs(row["offset"])
        has_moved = offset > LEAST_MOVE * row["scale"]
        if ratio is not None and has_moved and not 1 / limit <= ratio <= limit:
            yield f"the scores are {times(ratio)} those before: {tops}"
        if offset > OFFSET * row["scale"] and not is_other_exam:
            yield f"all scores moved: {tops}"
    else:
        ratio = row["top"] / row["old_top"] if row["old_top"] > 0 else 1.0
        is_near = 1 / TOPS_RATIO <= ratio <= TOPS_RATIO and abs(row["lead"]) <= TOPS * row["scale"]
        if not is_near:
            yield f"another scale: {tops}"


def _other_order(row: Mapping[str, Any]) -> Iterator[str]:
    agreement = row["agreement"]
    # Not a number where all have one score, and then not below anything.
    if row["shared"] >= ENOUGH_RANKED and agreement is not None and agreement < AGREEMENT:
        yield (
            f"another order of the same models (rank correlation {agreement:.2f}): "
            f"{row['top_item']} leads, after {row['old_top_item']}"
        )
    if row["shared"] >= ENOUGH_SHARED and row["excess"] > 1:
        yield f"{row['odd']} alone moved: {row['odd_now']:.6g}, after {row['odd_before']:.6g}"

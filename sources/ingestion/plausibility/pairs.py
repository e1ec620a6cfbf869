"""Each publication of a leaderboard beside the one before it, as numbers: one row for each series and day."""

from __future__ import annotations

import polars as pl

from sources.ingestion.plausibility.points import KEY, SERIES, consecutive, days_of

#: A board whose scores between the first and the last tenth differ by more than this factor, and that is no share of
#: a hundred, counts minutes or the like: its scores are compared by their logarithms.
WIDE = 10.0
#: The scale of a board is how far its scores lie apart: at least this share of their size and, in per cent, this much.
LEAST_SHARE = 0.2
LEAST_PERCENT = 40.0
#: How far one model may move against all others, as a share of the scale: with printed intervals, and without. Where
#: the series' own history shows how far models move, twice as far as ever before, but at least the third share.
STEP_WITH_INTERVAL = 0.07
STEP = 0.4
LEAST_STEP = 0.03
#: Scores in per cent are measured anew more often: at least this many points.
LEAST_STEP_PERCENT = 8.0
#: …and in widths of the interval of the difference, and in usual movements of the others.
WIDTHS = 4.0
USUAL = 6.0
#: How far a new top may be above all known before, as a share of the scale, and likewise at least.
LEAD = 0.35
LEAST_LEAD = 0.15
#: Boards of pictures and video, whose scale is about 240 points: a new model has entered 242 points above all others,
#: and one was rated anew by 123. A top, or one model, may move by these shares of the scale.
LIVELY = (
    "arena_text_to_image", "arena_image_edit", "arena_text_to_video", "arena_image_to_video", "arena_video_edit",
)  # fmt: skip
LIVELY_LEAD = 1.2
LIVELY_STEP = 0.6
#: Days of a series' own history that are enough to judge by, and how many times as far as ever before is plausible.
ENOUGH_DAYS = 5
BEYOND = 2.0
#: Points that are compared at once.
ROWS_AT_ONCE = 250_000

HABITS = {
    **dict.fromkeys(SERIES, pl.String()),
    "days": pl.UInt32(),
    "step": pl.Float64(),
    "rise": pl.Float64(),
}


def compare(
    pairs: pl.DataFrame, now: pl.DataFrame, known: pl.DataFrame, habits: pl.DataFrame | None = None
) -> pl.DataFrame:
    """Statistics of each of ``pairs``: the points ``now`` of a day beside the ``known`` ones of the day ``before``.

    Models of both are ``shared``; ``ratio`` and ``offset`` are medians over these, ``agreement`` is their rank
    correlation, ``step`` the largest distance of one from the offset. ``odd`` is the model that moved furthest beyond
    what is plausible (`_limit`), ``excess`` how many times as far; ``could_exceed`` likewise, were its series known to
    move little. ``top`` and ``second`` are the best of the day, ``old_…`` those of the day before, ``lead`` is how far
    the top is above the old one, offset aside, and ``lead_limit`` how far it may be. ``scale`` is how far the scores
    lie apart; it, ``offset``, ``step``, ``lead`` and the gaps are differences of logarithms where ``is_log``.
    ``habits`` are those of `habits_of`.
    """
    # A whole history is joined in parts: in one piece it takes four times its size.
    rows_a_day = max(1, now.height // max(1, now.select(KEY).n_unique()))
    at_once = max(1, ROWS_AT_ONCE // rows_a_day)
    parts = [pairs] if pairs.height <= at_once else pairs.iter_slices(at_once)
    return pl.concat([_compare(part, now, known, habits) for part in parts]).sort(KEY)


def _compare(
    pairs: pl.DataFrame, now: pl.DataFrame, known: pl.DataFrame, habits: pl.DataFrame | None
) -> pl.DataFrame:
    lazy = pairs.lazy()
    old = lazy.join(known.lazy().rename({"day": "before"}), on=[*SERIES, "before"])
    before = _day_before(old)
    if habits is None:
        habits = pl.DataFrame(schema=HABITS)
    here = lazy.join(now.lazy(), on=KEY).join(
        old.select(*KEY, "item", was="value", was_half="half"), on=[*KEY, "item"], how="left"
    )
    here = here.join(before, on=KEY).join(habits.lazy(), on=SERIES, how="left", suffix="_habit")
    here = here.with_columns(seen=_seen("value"), by=_seen("value") - _seen("was")).sort(
        "seen", "item", descending=[True, False], nulls_last=True
    )
    shared = here.filter(pl.col("by").is_not_null()).with_columns(offset=pl.col("by").median().over(KEY))
    shared = shared.with_columns(off=(pl.col("by") - pl.col("offset")).abs())
    shared = shared.with_columns(
        excess=pl.col("off") / _limit(), could_exceed=pl.col("off") / _limit(least=True)
    )
    odd = pl.col("excess").arg_max()
    moved = shared.group_by(KEY).agg(
        shared=pl.len(),
        ratio=(pl.col("value") / pl.col("was")).filter(pl.col("was") != 0).median(),
        offset=pl.col("offset").first(),
        agreement=pl.corr("value", "was", method="spearman"),
        step=pl.col("off").max(),
        excess=pl.col("excess").max(),
        could_exceed=pl.col("could_exceed").max(),
        odd=pl.col("item").get(odd, null_on_oob=True),
        odd_now=pl.col("value").get(odd, null_on_oob=True),
        odd_before=pl.col("was").get(odd, null_on_oob=True),
    )
    tops = here.group_by(KEY, maintain_order=True).agg(
        rows=pl.len(),
        top_item=pl.col("item").first(),
        top=pl.col("value").first(),
        listing=pl.col("listing").first(),
        second=pl.col("value").get(1, null_on_oob=True),
        gap=pl.col("seen").first() - pl.col("seen").get(1, null_on_oob=True),
        top_seen=pl.col("seen").first(),
        rise=pl.col("rise").first(),
        habit_days=pl.col("days").first(),
    )
    lead = pl.col("top_seen") - pl.col("offset").fill_null(0) - pl.col("old_top_seen")
    return (
        lazy.join(tops, on=KEY)
        .join(before, on=KEY)
        .join(moved, on=KEY, how="left")
        .with_columns(pl.col("shared").fill_null(0), lead=lead, lead_limit=_lead_limit())
        .drop("rise", "habit_days", "top_seen", "old_top_seen")
        .collect()
    )


def habits_of(known: pl.DataFrame) -> pl.DataFrame:
    """How far the figures of each series moved so far: the number of ``days``, the largest ``step`` of one model
    against the others and the largest ``rise`` of the top, one row a series."""
    pairs = compare(consecutive(days_of(known)), known, known)
    rise = pl.min_horizontal(
        pl.max_horizontal("lead", 0), pl.max_horizontal(pl.col("gap") - pl.col("old_gap"), 0)
    )
    return pairs.group_by(SERIES).agg(days=pl.len(), step=pl.col("step").max(), rise=rise.max())


def _day_before(old: pl.LazyFrame) -> pl.LazyFrame:
    """Rows, tops and scale of the day before; ``is_log`` where scores are compared by their logarithms."""
    low, high = pl.col("value").quantile(0.1), pl.col("value").quantile(0.9)
    percent = (pl.col("value").max() <= 100) & (pl.col("value").min() >= 0)
    is_log = (pl.col("value").min() > 0) & (pl.col("value").max() > 100) & (high / low > WIDE)
    apart = pl.max_horizontal(
        high - low,
        LEAST_SHARE * pl.col("value").median().abs(),
        pl.when(percent).then(LEAST_PERCENT).otherwise(0.0),
    )
    sizes = (
        old.sort("value", "item", descending=[True, False], nulls_last=True)
        .group_by(KEY, maintain_order=True)
        .agg(
            old_rows=pl.len(),
            old_listing=pl.col("listing").first(),
            is_log=is_log,
            is_percent=percent,
            scale=pl.when(is_log).then((high / low).log()).otherwise(apart),
            old_top_item=pl.col("item").first(),
            old_top=pl.col("value").first(),
            old_second=pl.col("value").get(1, null_on_oob=True),
        )
    )
    return sizes.with_columns(old_top_seen=_seen("old_top"), old_gap=_seen("old_top") - _seen("old_second"))


def _seen(column: str) -> pl.Expr:
    """The scores of ``column`` as they are compared."""
    # A score that is not positive has no logarithm; among minutes it stands out as one of a thousandth.
    return pl.when("is_log").then(pl.col(column).clip(1e-3).log()).otherwise(pl.col(column))


def _limit(*, least: bool = False) -> pl.Expr:
    """How far a model may move against all others; with ``least`` as if its series had hardly moved so far."""
    scale, enough = pl.col("scale"), pl.lit(least) | (pl.col("days") >= ENOUGH_DAYS)
    share = pl.when(_is_lively()).then(LIVELY_STEP).otherwise(STEP_WITH_INTERVAL)
    width = (pl.col("half") ** 2 + pl.col("was_half") ** 2).sqrt()
    least_step = pl.when("is_percent").then(LEAST_STEP_PERCENT).otherwise(LEAST_STEP * scale)
    moved = pl.lit(0.0) if least else BEYOND * pl.col("step")
    return pl.max_horizontal(
        USUAL * pl.col("off").median().over(KEY),
        pl.when(width.is_not_null() & ~pl.col("is_log"))
        .then(pl.max_horizontal(WIDTHS * width, share * scale))
        .when(enough)
        .then(moved.clip(least_step, STEP * scale))
        .otherwise(STEP * scale),
    )


def _lead_limit() -> pl.Expr:
    """How far a new top may be above the old one."""
    scale, enough = pl.col("scale"), pl.col("habit_days") >= ENOUGH_DAYS
    habit = (BEYOND * pl.col("rise")).clip(LEAST_LEAD * scale, LEAD * scale)
    return pl.when(_is_lively()).then(LIVELY_LEAD * scale).when(enough).then(habit).otherwise(LEAD * scale)


def _is_lively() -> pl.Expr:
    return pl.col("board").is_in(LIVELY)

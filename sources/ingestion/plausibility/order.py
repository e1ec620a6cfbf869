"""The order of a listing against its scores: what can be seen from one body alone."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import polars as pl

from sources.contract.set_aside import PLACE
from sources.ingestion.plausibility.points import SERIES
from sources.ingestion.plausibility.suspicion import Suspicion

#: A listing this long that is in order but for one row shows a wrong score. Of 2,000 real ones each is in order
#: throughout or nowhere near it.
ENOUGH_ROWS = 5
#: A score may be above the one before it by this share of the range of scores: they are rounded.
ROUNDING = 0.002


def out_of_order(frame: pl.DataFrame) -> list[Suspicion]:
    """The publications in ``frame`` (rows as `OBSERVATION`) of which one row alone is out of its place.

    The place is the printed rank, else that of the row, which is in `PLACE` if ``frame`` is a part of a body. Of a
    series with several days ``published_on`` names the one.
    """
    publication = [*SERIES, "published_on"]
    score = pl.col("score")
    listed = (
        (frame if PLACE in frame.columns else frame.with_row_index(PLACE))
        .filter(score.is_not_null())
        .sort(pl.coalesce(pl.col("rank").cast(pl.Int64), pl.col(PLACE).cast(pl.Int64)), PLACE)
        .with_columns(rise=(score - score.shift(1)).over(publication, mapping_strategy="group_to_rows"))
    )
    rises = (pl.col("rise") > ROUNDING * (score.max() - score.min())).sum()
    one = listed.group_by(publication).agg(rows=pl.len(), rises=rises)
    one = one.filter(pl.col("rises") == 1, pl.col("rows") >= ENOUGH_ROWS)
    several = frame.group_by(SERIES).agg(pl.col("published_on").n_unique().alias("days"))
    found = []
    for row in one.join(several, on=SERIES).sort(publication, nulls_last=True).iter_rows(named=True):
        same = pl.all_horizontal(pl.col(name).eq_missing(pl.lit(row[name])) for name in publication)
        rows = listed.filter(same).select("model_name", "score").rows()
        reason = _misplaced(rows)
        if reason is not None:
            found.append(Suspicion(_series(row), reason))
    return found


def _series(row: Mapping[str, Any]) -> dict[str, str | None]:
    series: dict[str, str | None] = {name: row[name] for name in SERIES}
    if row["days"] > 1:
        series["published_on"] = None if row["published_on"] is None else row["published_on"].isoformat()
    return series


def _misplaced(rows: list[tuple[str, float]]) -> str | None:
    """The row without which all are in order, in words; None when there is none."""
    scores = [score for _, score in rows]
    slack = ROUNDING * (max(scores) - min(scores))
    place = next(k for k in range(1, len(scores)) if scores[k] > scores[k - 1] + slack)
    # Either the lower one is too low or the upper one too high. Whichever stands between its neighbours is right.
    for wrong in (place, place - 1):
        above = scores[wrong - 1] if wrong else None
        below = scores[wrong + 1] if wrong + 1 < len(scores) else None
        if above is None or below is None or below <= above + slack:
            name, score = rows[wrong]
            least, most = (f"{one:.6g}" if one is not None else "any" for one in (below, above))
            return f"{name} is listed at place {wrong + 1} with {score:.6g}, between {most} and {least}"
    return None

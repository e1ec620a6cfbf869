"""The intervals of the gap between the leaders of two countries.

Two models that are named are compared: the difference of two scores with independent errors. Upstream publishes no
covariances; independence makes the error of a difference a little too large (docs/method.md).
"""

from __future__ import annotations

from collections.abc import Sequence
from statistics import NormalDist

import polars as pl

from warehouse.compute.gap_of_maxima import gap_distribution

NORMAL = NormalDist()
#: 1.96: half the width of a 95 % interval, in standard errors.
DEVIATIONS = NORMAL.inv_cdf(0.975)
#: The variance of what a score loses when it is rounded to a whole number: of the uniform distribution from −½ to ½.
ROUNDING = 1 / 12

KEY = ("snapshot_id", "category", "listing", "country_rule", "country_a", "country_b")
DEFAULT = ("gap_median", "gap_low", "gap_high", "probability_a_leads", "gap_error")
WIDE = (
    "gap_low_wide",
    "gap_high_wide",
    "a_contenders",
    "b_contenders",
    "a_contending_base_models",
    "b_contending_base_models",
    "error_source_id",
)
_MAXIMA = {name: pl.Float64() for name in ("max_median", "max_low", "max_high", "max_probability_a_leads")}


def wide_deviations(contenders: int) -> float:
    """Half the width of the wide interval, in standard errors, for ``contenders`` comparisons that could be the one
    made: 1.96 for one. Each is covered so often that all are in 95 % (Šidák 1967, doi:10.1080/01621459.1967.10482935).
    """
    return NORMAL.inv_cdf((1 + 0.95 ** (1 / contenders)) / 2)


def gap_intervals(inputs: pl.DataFrame) -> pl.DataFrame:
    """``core.gap_intervals`` from rows of ``staging/interval_inputs.sql``, in their order; all in points."""
    rounding = pl.when("is_rounded").then(2 * ROUNDING).otherwise(0.0)
    gap, error = pl.col("gap_median"), pl.col("gap_error")
    # Either leader is one of its country's contenders, so one comparison is counted twice.
    comparisons = pl.col("a_contenders") + pl.col("b_contenders") - 1
    wide = pl.col("wide_deviations") * error
    return (
        inputs.with_columns(
            gap_median=pl.col("a_score") - pl.col("b_score"),
            gap_error=(pl.col("a_error").pow(2) + pl.col("b_error").pow(2) + rounding).sqrt(),
            wide_deviations=comparisons.map_elements(wide_deviations, pl.Float64()),
        )
        .with_columns(
            *_maxima(inputs),
            gap_low=gap - DEVIATIONS * error,
            gap_high=gap + DEVIATIONS * error,
            gap_low_wide=gap - wide,
            gap_high_wide=gap + wide,
            probability_a_leads=pl.struct(gap=gap, error=error).map_elements(
                lambda row: probability_of_a_lead(row["gap"], row["error"]), pl.Float64()
            ),
        )
        .select(*KEY, *DEFAULT, *WIDE, *_MAXIMA)
    )


def probability_of_a_lead(gap: float, error: float) -> float:
    """Φ(gap / error); of scores without any error 0, ½ or 1."""
    if error == 0:
        return 0.5 if gap == 0 else float(gap > 0)
    return NORMAL.cdf(gap / error)


#: Of each side, the scores and errors of all eligible models: null where the law of two maxima has no row.
SIDES = ("a_scores", "a_errors", "b_scores", "b_errors")


def _maxima(inputs: pl.DataFrame) -> Sequence[pl.Series]:
    """The law of two maxima of every row that lists all models of both sides."""
    found = [
        gap_distribution(*(vector.to_numpy() for vector in vectors))
        if all(vector is not None for vector in vectors)
        else None
        for vectors in zip(*(inputs[side] for side in SIDES), strict=True)
    ]
    rows = [(law.median, law.low, law.high, law.probability_a_leads) if law else (None,) * 4 for law in found]
    return pl.DataFrame(rows, schema=_MAXIMA, orient="row").get_columns()

"""Epoch AI's Capabilities Index: many benchmarks on one scale, refitted at every release, so each file is a vintage.
Claude 3.5 Sonnet is 130 and GPT-5 is 150 by definition, without bounds.

Three formats: `eci_scores.csv`, one row per model, with bounds of 90 %; `epoch_capabilities_index.csv` of the
benchmark archive, one row per model version and effort, without bounds, half of them unscored, with resellers'
copies of models (`fireworks/…`); and a public tracker's figures, with standard deviations. No date is printed: a
file's name has it.
"""

from __future__ import annotations

from datetime import timedelta

import polars as pl

from sources.contract import Request, Snapshot, Source
from sources.parsing.epoch import CSV_TYPES, known_at_of, origin
from sources.parsing.frames import read_csv

COLUMNS = {
    "model_name": ("Model version", "Model"),
    "display_name": ("Display name", "display_name"),
    "score": ("ECI Score", "eci"),
    "score_low": ("eci_ci_low",),
    "score_high": ("eci_ci_high",),
    "deviation": ("eci_std",),
    "released_on": ("Release date", "date"),
    "organization_name": ("Organization",),
    "accessibility": ("Model accessibility",),
}
OPTIONAL = ("score_low", "score_high", "deviation", "accessibility")
#: Standard deviations between the bounds, which hold 90 % (github.com/epoch-research/eci-public: ci_level 0.90).
BOUNDS_IN_DEVIATIONS = 2 * 1.6448536269514722


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per scored model, in points of the index. Models of Epoch's list without a score are left out.

    ``standard_error`` is the printed deviation, else the width of the bounds divided by 2 · 1.645. ``extra`` has the
    name that upstream displays, footnote asterisks included.
    """
    rows = read_csv(snapshot).select(COLUMNS, OPTIONAL)
    rows.parse_names("model_name")
    rows.parse_strings("display_name", "organization_name", "accessibility")
    rows.parse_floats("score")
    rows.keep(pl.col("score").is_not_null())
    rows.parse_floats("score_low", "score_high", "deviation")
    rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    if "deviation" in rows.columns:
        error = pl.col("deviation")
    elif {"score_low", "score_high"} <= set(rows.columns):
        error = (pl.col("score_high") - pl.col("score_low")) / BOUNDS_IN_DEVIATIONS
    else:
        error = pl.lit(None)
    rows.frame = rows.frame.with_columns(error.alias("standard_error"))
    rows.with_extra(["display_name", "accessibility"])
    return rows.conform(board="eci", variant="default", category="overall")


SOURCE = Source(
    id="epoch_eci",
    title="Epoch Capabilities Index",
    origin=origin("Epoch Capabilities Index", "https://epoch.ai/benchmarks/eci"),
    requests=(Request("eci_scores", "https://epoch.ai/data/eci_scores.csv", CSV_TYPES),),
    parse=parse,
    cadence=timedelta(days=14),
    row_floor=50,
    raw_patterns=("epoch/eci_scores_*.csv", "epoch/epoch_capabilities_index_*.csv"),
    known_at_of=known_at_of,
)

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

from sources.contract import Request, Snapshot, Source, conform
from sources.parsing.columns import (
    parse_dates,
    parse_floats,
    parse_names,
    parse_strings,
    select_columns,
    with_extra,
)
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
    where = snapshot.where()
    rows = select_columns(read_csv(snapshot), COLUMNS, where, OPTIONAL)
    rows = parse_names(rows, ["model_name"], where)
    rows = parse_strings(rows, ["display_name", "organization_name", "accessibility"], where)
    rows = parse_floats(rows, ["score", "score_low", "score_high", "deviation"], where).drop_nulls("score")
    rows = parse_dates(rows, "released_on", "%Y-%m-%d", where, optional=True)
    if "deviation" in rows.columns:
        error = pl.col("deviation")
    elif {"score_low", "score_high"} <= set(rows.columns):
        error = (pl.col("score_high") - pl.col("score_low")) / BOUNDS_IN_DEVIATIONS
    else:
        error = pl.lit(None)
    rows = with_extra(rows.with_columns(error.alias("standard_error")), ["display_name", "accessibility"])
    return conform(rows, board="eci", variant="default", category="overall")


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

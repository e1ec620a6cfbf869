"""Epoch AI's Capabilities Index: many benchmarks on one scale, fitted anew at every release, so each file is
one vintage. Claude 3.5 Sonnet is 130 and GPT-5 is 150 by definition, without bounds.

Three shapes: `eci_scores.csv`, one row a model, with bounds of 90 %; `epoch_capabilities_index.csv` of the
benchmark archive, one row a model version and effort, without bounds, half of them unscored, resellers' copies
of a model among them (`fireworks/…`); and the figures of a public tracker, with standard deviations.
No day is printed: a file's name tells it.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from pathlib import PurePath

import polars as pl

from sources.contract import Origin, Request, Snapshot, Source, conform
from sources.parsing.arena import day_in_name
from sources.parsing.columns import csv_frame, days, labels, midnight, numbers, picked, texts

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
#: The bounds hold 90 % (github.com/epoch-research/eci-public: ci_level 0.90), not the 95 % usual elsewhere.
BOUNDS_IN_DEVIATIONS = 2 * 1.6448536269514722
_MONTH = re.compile(r"(?<!\d)(\d{4})-(\d{2})(?![\d-])")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row a scored model, in points of the index; rows without a score are models of Epoch's list that
    the index does not rank, and are left out.

    ``standard_error`` is the printed deviation, else the width of the bounds over 2 · 1.645. What upstream
    shows as the model's name, footnote asterisks included, is in ``extra``.
    """
    where = snapshot.where()
    rows = picked(csv_frame(snapshot), COLUMNS, where, OPTIONAL)
    rows = labels(rows, ["model_name"], where)
    rows = texts(rows, ["display_name", "organization_name", "accessibility"], where)
    rows = numbers(rows, ["score", "score_low", "score_high", "deviation"], where).drop_nulls("score")
    rows = with_release_dates(rows, where)
    if "deviation" in rows.columns:
        error = pl.col("deviation")
    elif {"score_low", "score_high"} <= set(rows.columns):
        error = (pl.col("score_high") - pl.col("score_low")) / BOUNDS_IN_DEVIATIONS
    else:
        error = pl.lit(None)
    beside = [name for name in ("display_name", "accessibility") if name in rows.columns]
    return conform(
        rows.with_columns(
            pl.lit("eci").alias("board"),
            pl.lit("default").alias("variant"),
            pl.lit("overall").alias("category"),
            error.alias("standard_error"),
            pl.struct(beside).struct.json_encode().alias("extra"),
        )
    )


def with_release_dates(rows: pl.DataFrame, where: str) -> pl.DataFrame:
    """``released_on`` of ``rows`` as a date, null where nothing is printed. Raises `ParseError` for a date
    in any other form than ``2026-01-02``.
    """
    rows = texts(rows, ["released_on"], where)
    days(rows.drop_nulls("released_on"), "released_on", "%Y-%m-%d", where)
    return rows.with_columns(pl.col("released_on").str.to_date("%Y-%m-%d", strict=False))


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The day in the file's name; of a month without a day, its last."""
    day = day_in_name(path)
    month = _MONTH.search(path.name)
    if day is None and month and 1 <= int(month[2]) <= 12:
        year, number = int(month[1]), int(month[2])
        day = date(year, number, calendar.monthrange(year, number)[1])
    return midnight(day) if day else None


def origin(title: str, address: str) -> Origin:
    """Epoch AI's figures, found at ``address``."""
    return Origin(
        producer="Epoch AI",
        title=title,
        address=address,
        citation=f"Epoch AI, {title} ({address}), CC-BY-4.0",
        licence="CC-BY-4.0",
        licence_address="https://creativecommons.org/licenses/by/4.0/",
        redistributable=True,
        redistribution_note="Published by Epoch AI under CC-BY-4.0, also where a public tracker passes it on.",
    )


SOURCE = Source(
    id="epoch_eci",
    title="Epoch Capabilities Index",
    origin=origin("Epoch Capabilities Index", "https://epoch.ai/benchmarks/eci"),
    requests=(
        Request(
            "eci_scores",
            "https://epoch.ai/data/eci_scores.csv",
            ("text/csv", "text/plain", "application/csv", "application/octet-stream"),
        ),
    ),
    parse=parse,
    cadence=timedelta(days=14),
    row_floor=50,
    raw_patterns=("epoch/eci_scores_*.csv", "epoch/epoch_capabilities_index_*.csv"),
    request_of=lambda path: "eci_scores",
    known_at_of=known_at_of,
)

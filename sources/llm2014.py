"""llm2014: questions of logic that one tester keeps private and changes every month, since 2024-04.

One CSV a month with Chinese headers that change. Two figures, both per cent of the points to be had: the best of
several runs (百分制, since 2025-02 极限分数), and since 2025-02 the median (中位分数). Until 2025-05 leading models
have none, so medians are read only of a month in which nine in ten models have one. Each month has questions of its
own. Neither makers nor a day are printed: a month counts from its last day. No licence is stated: nothing ships.
"""

from __future__ import annotations

import calendar
import re
from datetime import date, datetime, timedelta
from pathlib import PurePath

import polars as pl

from sources.contract import Board, Origin, Request, Snapshot, Source
from sources.parsing.columns import PLACE
from sources.parsing.dates import midnight
from sources.parsing.frames import read_csv
from sources.parsing.github import Repository

REPOSITORY = Repository("llm2014/llm_benchmark")
COLUMNS = {
    "model_name": ("模型",),
    "best": ("百分制", "极限分数"),
    "median": ("中位分数",),
    # The day of the model; in two months, when it was tested, without a day.
    "released_on": ("发布时间", "测试时间"),
    "price": ("价格(元/百万)",),
    "thinks": ("Think",),
}
OPTIONAL = ("median", "released_on", "price", "thinks")
#: The share of a month's models that must have a median.
MOST = 0.9
_MONTH = re.compile(r"(?<!\d)(20\d\d)-(\d\d)\.csv$")


def parse(snapshot: Snapshot) -> pl.DataFrame:
    """One row per model and figure, variant ``best`` or ``median``. ``released_on`` is the printed day of the model."""
    rows = read_csv(snapshot).select(COLUMNS, OPTIONAL)
    rows.parse_names("model_name")
    # "Doubao-Seed-2.0-pro  (high)": blanks as they come.
    rows.frame = rows.frame.with_columns(pl.col("model_name").str.replace_all(r"\s+", " "))
    if "thinks" in rows.columns:
        # A model listed twice was asked with and without thinking, which only this column says.
        is_doubled = pl.col("model_name").is_duplicated() & (pl.col("thinks") == "1")
        name = pl.when(is_doubled).then(pl.format("{} (Think)", "model_name")).otherwise("model_name")
        rows.frame = rows.frame.with_columns(name.alias("model_name"))
    rows.parse_floats("best", "median")
    if "median" in rows.columns and rows.frame["median"].is_not_null().sum() < MOST * rows.frame.height:
        rows.frame = rows.frame.drop("median")
    if "released_on" in rows.columns:
        is_day = pl.col("released_on").str.contains(r"^\d\d-\d\d?-\d\d?$")
        rows.frame = rows.frame.with_columns(
            pl.when(is_day).then(pl.format("20{}", "released_on")).alias("released_on")
        )
        rows.parse_dates("released_on", "%Y-%m-%d", optional=True)
    rows.with_extra(["price"])
    figures = [name for name in ("best", "median") if name in rows.columns]
    kept = [name for name in (PLACE, "model_name", "released_on", "extra") if name in rows.frame.columns]
    rows.frame = rows.frame.unpivot(figures, index=kept, variable_name="variant", value_name="score")
    rows.keep(pl.col("score").is_not_null())
    return rows.conform(board="llm2014_logic", category="overall")


def known_at_of(path: PurePath, body: bytes) -> datetime | None:
    """The last day of the month in the file's name; None when there is none."""
    found = _MONTH.search(path.name)
    if not found or not 1 <= int(found[2]) <= 12:
        return None
    year, month = int(found[1]), int(found[2])
    return midnight(date(year, month, calendar.monthrange(year, month)[1]))


SOURCE = Source(
    id="llm2014",
    title="llm2014, logic",
    origin=Origin(
        producer="llm2014",
        title="llm_benchmark, logic",
        address=REPOSITORY.address,
        citation=f"llm2014, llm_benchmark ({REPOSITORY.address})",
        licence="none stated",
        licence_address="",
        redistributable=False,
        redistribution_note="Its repository states no licence.",
    ),
    requests=(Request("logic"),),
    boards=(
        Board(
            "llm2014_logic",
            "Logic (llm2014)",
            unit="percent",
            kind="exam",
            ceiling=100.0,
            private=True,
        ),
    ),
    parse=parse,
    cadence=timedelta(days=31),
    row_floor=10,
    new_questions=True,
    raw_patterns=("llm2014/logic/*.csv",),
    known_at_of=known_at_of,
)

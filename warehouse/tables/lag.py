"""Tables of the lag in months."""

from __future__ import annotations

from warehouse.tables.fields import columns, field, nullable
from warehouse.tables.schema import Column, Table, refers

TABLES: tuple[Table, ...] = (
    Table(
        "main",
        "monthly_lag",
        comment=(
            "How many months the best Chinese models are behind the US ones, by release dates within one "
            "vintage. Negative: China was there first."
        ),
        grain="a month's end in one vintage under one reading",
        rule=(
            "Within one vintage, at each month's end. first_reached: how long ago the US first stood "
            "where China stands. last_matched: the age of the newest US record that China has matched; while it "
            "has matched none, at least the age of the first, which is_censored marks. passed: how long ago the US "
            "first went beyond China's present best; if it has not, minus the "
            "time since China passed the US, else 0. A score counts as matched within the tolerance."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id month reading",
            field("lag_months", "The lag on measured_on; null where the reading is undefined, never clamped"),
            "is_censored tolerance",
            Column("measured_on", "DATE", "Last day of the month; the vintage's day in its own month"),
            Column(
                "since_on",
                "DATE",
                "Day of the model the reading counts from; of the first US record where it is a bound",
                nullable=True,
            ),
            Column(
                "since_model",
                "VARCHAR",
                "The model itself, as printed: a US record, or China's where passed is negative",
                nullable=True,
            ),
            field("us_model", "US record holder on measured_on, as printed", nullable=True),
            nullable("us_score"),
            field("cn_model", "Chinese record holder on measured_on, as printed"),
            "cn_score",
        ),
        key=("board", "variant", "category", "vintage", "tolerance", "reading", "month"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT month, reading, lag_months, is_censored, since_model FROM monthly_lag\n"
            "WHERE board = 'eci' AND vintage = '2025-12-19' AND month = '2025-12-01' ORDER BY reading"
        ),
    ),
    Table(
        "main",
        "daily_lag",
        comment="The readings of monthly_lag day by day, on the capability index.",
        grain="a day in one vintage of a capability index under one reading",
        rule=(
            "The readings of monthly_lag for every day, on the capability index only: its means and "
            "extremes are over days."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id",
            Column("day", "DATE", "The day, from the first Chinese model to the vintage's own"),
            "reading",
            field("lag_months", "The lag on that day; null where the reading is undefined"),
            "is_censored tolerance",
        ),
        key=("board", "variant", "category", "vintage", "tolerance", "reading", "day"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT day, lag_months FROM daily_lag WHERE board = 'eci' AND vintage = '2025-12-19' AND "
            "reading = 'last_matched'\n"
            "AND day BETWEEN '2025-07-23' AND '2025-07-27' ORDER BY day"
        ),
    ),
    Table(
        "main",
        "lag_summary",
        comment=(
            "Mean and extremes of each reading over days, without days that have only a bound and with them, and "
            "95 % intervals of the means from the published errors."
        ),
        grain="a reading in one vintage",
        rule=(
            "Mean, largest and smallest of the daily readings of a vintage, over the days on which the "
            "reading is defined. Days with only a bound are the worst ones: mean_at_least and max_at_least count "
            "each with its bound, so the true figures are at least those. The intervals of the means are from seeded "
            "draws of all scores with their published errors; null without errors."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id reading tolerance",
            Column(
                "mean_months",
                "DOUBLE",
                "Mean over the days on which it is defined, without bounds",
                nullable=True,
                unit="months",
            ),
            Column("max_months", "DOUBLE", "Largest reading, without bounds", nullable=True, unit="months"),
            Column("min_months", "DOUBLE", "Smallest reading, without bounds", nullable=True, unit="months"),
            Column(
                "mean_low",
                "DOUBLE",
                "2.5 % point of mean_months over draws; null without published errors",
                nullable=True,
                unit="months",
            ),
            Column(
                "mean_high",
                "DOUBLE",
                "97.5 % point of mean_months over draws",
                nullable=True,
                unit="months",
            ),
            Column(
                "mean_at_least",
                "DOUBLE",
                "Mean with bounds as they stand: the true mean is at least this; mean_months where there are none",
                nullable=True,
                unit="months",
            ),
            Column("max_at_least", "DOUBLE", "Largest reading or bound", nullable=True, unit="months"),
            Column(
                "mean_at_least_low",
                "DOUBLE",
                "2.5 % point of mean_at_least over draws; null without published errors",
                nullable=True,
                unit="months",
            ),
            Column(
                "mean_at_least_high",
                "DOUBLE",
                "97.5 % point of mean_at_least over draws",
                nullable=True,
                unit="months",
            ),
            Column("first_day", "DATE", "Day of the first Chinese model"),
            Column("days", "BIGINT", "Days on which the reading is defined"),
            Column("censored_days", "BIGINT", "Days on which it has only a bound"),
            Column("undefined_days", "BIGINT", "Days on which it has neither; they are in no mean"),
            Column("draws", "INTEGER", "Draws taken; null without published errors", nullable=True),
            Column("seed", "BIGINT", "Seed of the draws", nullable=True),
        ),
        key=("board", "variant", "category", "vintage", "tolerance", "reading"),
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT reading, mean_months, mean_low, mean_high, mean_at_least, max_months, max_at_least, days, "
            "censored_days FROM lag_summary\n"
            "WHERE board = 'eci' AND vintage = '2025-12-19' ORDER BY reading"
        ),
    ),
)

"""Tables of the lag in months."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, field, nullable, share
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
            "where China stands. last_matched: the age of the newest US record that China has matched. "
            "passed: how long ago the US first went beyond China's present best; if it has not, minus the "
            "time since China passed the US, else 0. A score counts as matched within the tolerance."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id month reading",
            field("lag_months", "The lag on measured_on; null where the reading is undefined, never clamped"),
            "tolerance",
            Column("measured_on", "DATE", "Last day of the month; the vintage's day in its own month"),
            Column("since_on", "DATE", "Day of the model the reading counts from", nullable=True),
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
            "SELECT month, reading, lag_months, since_model FROM monthly_lag\n"
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
            "tolerance",
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
            "Mean and extremes of each reading over days, with a 95 % interval of the mean from the "
            "published errors."
        ),
        grain="a reading in one vintage",
        rule=(
            "Mean, largest and smallest of the daily readings of a vintage, over the days on which the "
            "reading is defined. The interval of the mean is from seeded draws of all scores with their "
            "published errors; null without errors."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id reading tolerance",
            Column(
                "mean_months",
                "DOUBLE",
                "Mean over the days on which it is defined",
                nullable=True,
                unit="months",
            ),
            Column("max_months", "DOUBLE", "Largest reading", nullable=True, unit="months"),
            Column("min_months", "DOUBLE", "Smallest reading", nullable=True, unit="months"),
            Column(
                "mean_low",
                "DOUBLE",
                "2.5 % point of the mean over draws; null without published errors",
                nullable=True,
                unit="months",
            ),
            Column(
                "mean_high", "DOUBLE", "97.5 % point of the mean over draws", nullable=True, unit="months"
            ),
            Column("first_day", "DATE", "Day of the first Chinese model"),
            Column("days", "BIGINT", "Days on which the reading is defined"),
            Column("undefined_days", "BIGINT", "Days on which it is not; they are in no mean"),
            Column("draws", "INTEGER", "Draws taken; null without published errors", nullable=True),
            Column("seed", "BIGINT", "Seed of the draws", nullable=True),
        ),
        key=("board", "variant", "category", "vintage", "tolerance", "reading"),
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT reading, tolerance, mean_months, max_months, mean_low, mean_high, days, "
            "undefined_days FROM lag_summary\n"
            "WHERE board = 'eci' AND vintage = '2025-12-19' ORDER BY reading"
        ),
    ),
    Table(
        "main",
        "record_matches",
        comment=(
            "The first Chinese model to match each US record, and the months between; unmatched records "
            "stay open."
        ),
        grain="a US record since 2023 in one vintage under one match rule",
        rule=(
            "For each US record since 2023 the first Chinese model with a score of at least the record "
            "less the tolerance (rule point), or with a paired probability of at least 5 % to stand at or "
            "above it (rule interval). Records without a match stay open, count as censored in the "
            "Kaplan–Meier median, and are never zero."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id",
            Column("match_rule", "VARCHAR", "What counts as a match", values=domains.MATCH_RULES),
            field("us_model", "The US record, as printed"),
            nullable("us_model_id"),
            "us_released_on",
            nullable("us_released_basis"),
            field("us_score", "Score of us_model in the vintage", nullable=True),
            field(
                "cn_model",
                "First Chinese model to match it, as printed; null while there is none",
                nullable=True,
            ),
            nullable("cn_model_id cn_released_on cn_released_basis"),
            field("cn_score", "Score of cn_model in the vintage", nullable=True),
            field(
                "months",
                "The Chinese day less the US one; null while open, negative where China stood there before",
            ),
            Column("is_open", "BOOLEAN", "No Chinese model had matched it by the vintage"),
            field("open_months", "Age of an open record on the vintage's day"),
            Column(
                "months_low",
                "DOUBLE",
                "2.5 % point over draws; null if open there, or without errors",
                nullable=True,
                unit="months",
            ),
            Column(
                "months_high",
                "DOUBLE",
                "97.5 % point over draws; null if open there, or without errors",
                nullable=True,
                unit="months",
            ),
            share(
                "probability_matched", "Share of draws in which it was matched by the vintage", nullable=True
            ),
            Column(
                "median_months",
                "DOUBLE",
                "Kaplan–Meier median over all records of the vintage and rule, open ones censored; null if not reached",
                nullable=True,
                unit="months",
            ),
            field("tolerance", "Points within which a score counts as matched, of rule point", nullable=True),
            share("probability", "Least paired probability, of rule interval", nullable=True),
        ),
        key=("board", "variant", "category", "vintage", "match_rule", "us_released_on"),
        key_in_ddl=False,
        checks={
            "open has no match": "is_open = (months IS NULL) AND is_open = (cn_model IS NULL) "
            "AND is_open = (open_months IS NOT NULL)"
        },
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT us_model, us_released_on, cn_model, cn_released_on, months, open_months, "
            "median_months FROM record_matches\n"
            "WHERE board = 'eci' AND vintage = '2025-12-19' AND match_rule = 'point' ORDER BY "
            "us_released_on DESC LIMIT 8"
        ),
    ),
    Table(
        "main",
        "threshold_lag",
        comment="The first US and the first Chinese model to score a threshold or more, and the months between.",
        grain="a threshold on one board in one vintage",
        rule=(
            "For each level of a board's scale the first US and the first Chinese model, by release day "
            "(first listing on the arena), whose score in the vintage reaches it."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id",
            Column("threshold", "DOUBLE", "Score in the board's unit"),
            Column("state", "VARCHAR", "Who has crossed it", values=domains.THRESHOLD_STATES),
            field(
                "us_model", "First US model to reach it, as printed; null while there is none", nullable=True
            ),
            nullable("us_model_id us_released_on us_released_basis us_score"),
            field(
                "cn_model",
                "First Chinese model to reach it, as printed; null while there is none",
                nullable=True,
            ),
            nullable("cn_model_id cn_released_on cn_released_basis cn_score"),
            field("months", "The Chinese day less the US one; null while only one has crossed"),
            field("open_months", "How long the one that has crossed stood alone on the vintage's day"),
        ),
        key=("board", "variant", "category", "vintage", "threshold"),
        key_in_ddl=False,
        checks={
            "open has no months": "(state = 'both') = (months IS NOT NULL) AND (state = 'both') = (open_months IS NULL)"
        },
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT threshold, us_model, us_released_on, cn_model, cn_released_on, months, state FROM "
            "threshold_lag\n"
            "WHERE board = 'gpqa_diamond' AND vintage = '2026-08-22' ORDER BY threshold DESC LIMIT 4"
        ),
    ),
)

"""Tables of the lag in months, filled by `warehouse.compute.lag_tables`."""

from __future__ import annotations

from dataclasses import replace

from warehouse.tables.fields import MONTH, one_of, series
from warehouse.tables.schema import Column, Table

#: ``staging/lag_inputs.sql``: a model in one vintage, with the day from which it counts.
NAME = ("lag_inputs.name",)
MODEL = ("lag_inputs.model_id",)
SCORE = ("lag_inputs.score",)
DAY = ("lag_inputs.available_on",)
BASIS = ("lag_inputs.available_basis",)
#: Days from the first model to the vintage.
SPAN = (*DAY, "lag_inputs.vintage")
TOLERANCE = ("meta.parameters.value",)
LAGGED = (*SPAN, *SCORE, *TOLERANCE)
DRAWN = (*LAGGED, "lag_inputs.standard_error")
FILLED_FROM = ("lag_inputs", "meta.parameters")


def vintage() -> tuple[Column, ...]:
    return (
        Column("vintage", "DATE", "Publication day of the ratings"),
        Column("snapshot_id", "VARCHAR", "The vintage"),
    )


def matched_models(us_may_lack: bool = True) -> tuple[Column, ...]:
    """Both models; of a record the US one is always there."""
    return (
        Column("us_model", "VARCHAR", "US model, as printed", nullable=us_may_lack, derived_from=NAME),
        Column("us_model_id", "VARCHAR", "As resolved", nullable=True, derived_from=MODEL),
        Column("us_released_on", "DATE", "Day from which it counts", nullable=us_may_lack, derived_from=DAY),
        Column("us_released_basis", "VARCHAR", "released or first_listed", nullable=True, derived_from=BASIS),
        Column("us_score", "DOUBLE", "Its score in the vintage", nullable=True, derived_from=SCORE),
        Column(
            "cn_model",
            "VARCHAR",
            "Chinese model, as printed; null while there is none",
            nullable=True,
            derived_from=NAME,
        ),
        Column("cn_model_id", "VARCHAR", "As resolved", nullable=True, derived_from=MODEL),
        Column("cn_released_on", "DATE", "Day from which it counts", nullable=True, derived_from=DAY),
        Column("cn_released_basis", "VARCHAR", "released or first_listed", nullable=True, derived_from=BASIS),
        Column("cn_score", "DOUBLE", "Its score in the vintage", nullable=True, derived_from=SCORE),
    )


READING = Column(
    "reading",
    "VARCHAR",
    "first_reached, last_matched or passed",
    check=one_of("reading", ("first_reached", "last_matched", "passed")),
)
SNAPSHOT: tuple[tuple[tuple[str, ...], str, tuple[str, ...]], ...] = (
    (("snapshot_id",), "core.snapshots", ("snapshot_id",)),
)

LAG: tuple[Table, ...] = (
    Table(
        "main",
        "monthly_lag",
        "a month's end in one vintage under one reading",
        "How many months the best Chinese models are behind the US ones, by release dates within one vintage. "
        "Negative: China was there first.",
        (
            *series(),
            *vintage(),
            replace(MONTH, derived_from=SPAN),
            READING,
            Column(
                "lag_months",
                "DOUBLE",
                "The lag on measured_on; null where the reading is undefined, never clamped",
                nullable=True,
                unit="months of 30.4375 days",
                derived_from=LAGGED,
            ),
            Column(
                "tolerance",
                "DOUBLE",
                "Points within which a score counts as matched",
                check="tolerance >= 0",
                derived_from=TOLERANCE,
            ),
            Column(
                "measured_on",
                "DATE",
                "Last day of the month; the vintage's day in its own month",
                derived_from=SPAN,
            ),
            Column(
                "since_on",
                "DATE",
                "Day of the model the reading counts from",
                nullable=True,
                derived_from=DAY,
            ),
            Column(
                "since_model",
                "VARCHAR",
                "That model, as printed: a US record, or China's where passed is negative",
                nullable=True,
                derived_from=NAME,
            ),
            Column(
                "us_model", "VARCHAR", "US record holder on measured_on", nullable=True, derived_from=NAME
            ),
            Column("us_score", "DOUBLE", "Its score", nullable=True, derived_from=SCORE),
            Column("cn_model", "VARCHAR", "Chinese record holder on measured_on", derived_from=NAME),
            Column("cn_score", "DOUBLE", "Its score", derived_from=SCORE),
        ),
        ("board", "variant", "category", "vintage", "tolerance", "reading", "month"),
        references=SNAPSHOT,
        key_in_ddl=False,
        filled_from=FILLED_FROM,
        topic="lag",
        rule=(
            "Within one vintage, at each month's end. first_reached: how long ago the US first stood where "
            "China stands. last_matched: the age of the newest US record that China has matched. passed: "
            "how long ago the US first went beyond China's present best; if it has not, minus the time "
            "since China passed the US, else 0. A score counts as matched within the tolerance."
        ),
        filled_by="compute/lag_tables.py",
        example=(
            "SELECT month, reading, lag_months, since_model FROM monthly_lag\n"
            "WHERE board = 'eci' AND vintage = '2025-12-19' AND month = '2025-12-01' ORDER BY reading"
        ),
    ),
    Table(
        "main",
        "daily_lag",
        "a day in one vintage of a capability index under one reading",
        "The readings of monthly_lag day by day, on the capability index.",
        (
            *series(),
            *vintage(),
            Column(
                "day", "DATE", "The day, from the first Chinese model to the vintage's own", derived_from=SPAN
            ),
            READING,
            Column(
                "lag_months",
                "DOUBLE",
                "The lag on that day; null where the reading is undefined",
                nullable=True,
                unit="months of 30.4375 days",
                derived_from=LAGGED,
            ),
            Column(
                "tolerance", "DOUBLE", "Points within which a score counts as matched", derived_from=TOLERANCE
            ),
        ),
        ("board", "variant", "category", "vintage", "tolerance", "reading", "day"),
        references=SNAPSHOT,
        key_in_ddl=False,
        filled_from=FILLED_FROM,
        topic="lag",
        rule=(
            "The readings of monthly_lag for every day, on the capability index only: its means and "
            "extremes are over days."
        ),
        filled_by="compute/lag_tables.py",
        example=(
            "SELECT day, lag_months FROM daily_lag WHERE board = 'eci' AND vintage = '2025-12-19' AND "
            "reading = 'last_matched'\n"
            "AND day BETWEEN '2025-07-23' AND '2025-07-27' ORDER BY day"
        ),
    ),
    Table(
        "main",
        "lag_summary",
        "a reading in one vintage",
        "Mean and extremes of each reading over days, with a 95 % interval of the mean from the published errors.",
        (
            *series(),
            *vintage(),
            READING,
            Column(
                "tolerance",
                "DOUBLE",
                "Points within which a score counts as matched",
                check="tolerance >= 0",
                derived_from=TOLERANCE,
            ),
            Column(
                "mean_months",
                "DOUBLE",
                "Mean over the days on which it is defined",
                nullable=True,
                unit="months",
                derived_from=LAGGED,
            ),
            Column("max_months", "DOUBLE", "Largest", nullable=True, unit="months", derived_from=LAGGED),
            Column("min_months", "DOUBLE", "Smallest", nullable=True, unit="months", derived_from=LAGGED),
            Column(
                "mean_low",
                "DOUBLE",
                "2.5 % point of the mean over draws; null without published errors",
                nullable=True,
                unit="months",
                derived_from=DRAWN,
            ),
            Column("mean_high", "DOUBLE", "97.5 % point", nullable=True, unit="months", derived_from=DRAWN),
            Column("first_day", "DATE", "Day of the first Chinese model", derived_from=DAY),
            Column("days", "BIGINT", "Days on which the reading is defined", derived_from=LAGGED),
            Column("undefined_days", "BIGINT", "Days on which it is not: in no mean", derived_from=LAGGED),
            Column("draws", "INTEGER", "Draws taken; null without published errors", nullable=True),
            Column("seed", "BIGINT", "Seed of the draws", nullable=True),
        ),
        ("board", "variant", "category", "vintage", "tolerance", "reading"),
        references=SNAPSHOT,
        filled_from=FILLED_FROM,
        topic="lag",
        rule=(
            "Mean, largest and smallest of the daily readings of a vintage, over the days on which the "
            "reading is defined. The interval of the mean is from seeded draws of all scores with their "
            "published errors; null without errors."
        ),
        filled_by="compute/lag_tables.py",
        example=(
            "SELECT reading, tolerance, mean_months, max_months, mean_low, mean_high, days, undefined_days "
            "FROM lag_summary\n"
            "WHERE board = 'eci' AND vintage = '2025-12-19' ORDER BY reading"
        ),
    ),
    Table(
        "main",
        "record_matches",
        "a US record since 2023 in one vintage under one match rule",
        "The first Chinese model to match each US record, and the months between; unmatched records stay open.",
        (
            *series(),
            *vintage(),
            Column(
                "match_rule",
                "VARCHAR",
                "point: score at least the record less the tolerance; interval: paired probability of at least 5 %",
                check=one_of("match_rule", ("point", "interval")),
            ),
            *matched_models(us_may_lack=False),
            Column(
                "months",
                "DOUBLE",
                "Chinese day less US day; null while open, negative where China stood there before",
                nullable=True,
                unit="months",
                derived_from=DRAWN,
            ),
            Column(
                "is_open", "BOOLEAN", "No Chinese model had matched it by the vintage", derived_from=DRAWN
            ),
            Column(
                "open_months",
                "DOUBLE",
                "Age of an open record on the vintage's day",
                nullable=True,
                unit="months",
                derived_from=DRAWN,
            ),
            Column(
                "months_low",
                "DOUBLE",
                "2.5 % point over draws; null if open there, or without errors",
                nullable=True,
                unit="months",
                derived_from=DRAWN,
            ),
            Column(
                "months_high",
                "DOUBLE",
                "97.5 % point; null if open there, or without errors",
                nullable=True,
                unit="months",
                derived_from=DRAWN,
            ),
            Column(
                "probability_matched",
                "DOUBLE",
                "Share of draws in which it was matched by the vintage",
                nullable=True,
                derived_from=DRAWN,
            ),
            Column(
                "median_months",
                "DOUBLE",
                "Kaplan–Meier median over all records of the vintage and rule, open ones censored; null if not reached",
                nullable=True,
                unit="months",
                derived_from=DRAWN,
            ),
            Column("tolerance", "DOUBLE", "Points, of rule point", nullable=True, derived_from=TOLERANCE),
            Column("probability", "DOUBLE", "Least paired probability, of rule interval", nullable=True),
        ),
        ("board", "variant", "category", "vintage", "match_rule", "us_released_on"),
        checks={
            "open has no match": "is_open = (months IS NULL) "
            "AND is_open = (cn_model IS NULL) AND is_open = (open_months IS NOT NULL)",
        },
        references=SNAPSHOT,
        key_in_ddl=False,
        filled_from=FILLED_FROM,
        topic="lag",
        rule=(
            "For each US record since 2023 the first Chinese model with a score of at least the record less "
            "the tolerance (rule point), or with a paired probability of at least 5 % to stand at or above "
            "it (rule interval). Records without a match stay open, count as censored in the Kaplan–Meier "
            "median, and are never zero."
        ),
        filled_by="compute/lag_tables.py",
        example=(
            "SELECT us_model, us_released_on, cn_model, cn_released_on, months, open_months, median_months "
            "FROM record_matches\n"
            "WHERE board = 'eci' AND vintage = '2025-12-19' AND match_rule = 'point' ORDER BY "
            "us_released_on DESC LIMIT 8"
        ),
    ),
    Table(
        "main",
        "threshold_lag",
        "a threshold on one board in one vintage",
        "The first US and the first Chinese model to score a threshold or more, and the months between.",
        (
            *series(),
            *vintage(),
            Column("threshold", "DOUBLE", "Score in the board's unit"),
            Column(
                "state",
                "VARCHAR",
                "both, us_only or cn_only have crossed it",
                check=one_of("state", ("both", "us_only", "cn_only")),
                derived_from=SCORE,
            ),
            *matched_models(),
            Column(
                "months",
                "DOUBLE",
                "Chinese day less US day; null while only one has crossed",
                nullable=True,
                unit="months",
                derived_from=(*DAY, *SCORE),
            ),
            Column(
                "open_months",
                "DOUBLE",
                "How long that one stood alone on the vintage's day",
                nullable=True,
                unit="months",
                derived_from=(*SPAN, *SCORE),
            ),
        ),
        ("board", "variant", "category", "vintage", "threshold"),
        checks={
            "open has no months": "(state = 'both') = (months IS NOT NULL) AND (state = 'both') = (open_months IS NULL)"
        },
        references=SNAPSHOT,
        key_in_ddl=False,
        filled_from=FILLED_FROM,
        topic="lag",
        rule=(
            "For each level of a board's scale the first US and the first Chinese model, by release day "
            "(first listing on the arena), whose score in the vintage reaches it."
        ),
        filled_by="compute/lag_tables.py",
        example=(
            "SELECT threshold, us_model, us_released_on, cn_model, cn_released_on, months, state FROM "
            "threshold_lag\n"
            "WHERE board = 'gpqa_diamond' AND vintage = '2026-08-22' ORDER BY threshold DESC LIMIT 4"
        ),
    ),
)

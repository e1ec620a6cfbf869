"""Tables of single models: who matched whom, and how much later."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, field, nullable, share
from warehouse.tables.schema import Column, Table, refers

TABLES: tuple[Table, ...] = (
    Table(
        "main",
        "record_matches",
        comment=(
            "The first Chinese model to match each US record, and the months between; unmatched records "
            "stay open."
        ),
        grain="a US record since 2023 in one vintage",
        rule=(
            "For each US record since 2023 the first Chinese model with a score of at least the record "
            "less the tolerance: one point on the capability index, none elsewhere. Records without a match stay "
            "open, count as censored in the Kaplan–Meier median, and are never zero. Means are over all records with "
            "months, the first one too unless said. What the errors do not exclude is said beside the match and is "
            "part of no mean and no median."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id",
            Column(
                "match_rule", "VARCHAR", "What counts as a match; always point", values=domains.MATCH_RULES
            ),
            field("us_model", "The US record, as printed"),
            nullable("us_model_id"),
            "us_released_on",
            nullable("us_released_basis"),
            field("us_score", "Score of us_model in the vintage", nullable=True),
            field(
                "us_is_left_censored",
                "us_model was there on the first day of the list, a record because nothing came before it",
            ),
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
                "Kaplan–Meier median over all records of the vintage, open ones censored; null if not reached",
                nullable=True,
                unit="months",
            ),
            Column(
                "median_low",
                "DOUBLE",
                "Lower end of the median's 95 % interval, from whole clusters drawn again: records matched by one "
                "model are one, and so are the open ones; null with fewer than five. It covers the true median in "
                "91 to 93 % of simulated races",
                nullable=True,
                unit="months",
            ),
            Column(
                "median_high",
                "DOUBLE",
                "Upper end of the same; null as well where it has no end",
                nullable=True,
                unit="months",
            ),
            Column("median_clusters", "INTEGER", "Clusters that the median rests on"),
            field("tolerance", "Points within which a score counts as matched"),
            Column(
                "not_excluded",
                "VARCHAR",
                "Is there a Chinese model that the published errors do not exclude from standing at the record?",
                values=domains.NOT_EXCLUDED,
            ),
            Column(
                "cn_not_excluded_model",
                "VARCHAR",
                "First Chinese model that is not excluded: its probability to stand at the record or above is at least "
                "probability. It rewards noise, since larger errors bring it earlier: never average it",
                nullable=True,
            ),
            Column("cn_not_excluded_from", "DATE", "Its day", nullable=True),
            share(
                "probability", "Least probability of cn_not_excluded_model, both scores independent normals"
            ),
        ),
        key=("board", "variant", "category", "vintage", "match_rule", "us_released_on"),
        key_in_ddl=False,
        checks={
            "a model that is not excluded is found": "(not_excluded = 'found') = (cn_not_excluded_model IS NOT NULL) "
            "AND (not_excluded = 'found') = (cn_not_excluded_from IS NOT NULL)",
            "open has no match": "is_open = (months IS NULL) AND is_open = (cn_model IS NULL) "
            "AND is_open = (open_months IS NOT NULL)",
        },
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT us_model, us_released_on, cn_model, cn_released_on, months, open_months, "
            "median_months FROM record_matches\n"
            "WHERE board = 'eci' AND vintage = '2025-12-19' ORDER BY us_released_on DESC LIMIT 8"
        ),
    ),
    Table(
        "main",
        "threshold_lag",
        comment="The first US and the first Chinese model to score a threshold or more, and the months between.",
        grain="a threshold on one board in one vintage",
        rule=(
            "For each level of a board's scale the first US and the first Chinese model, by release day "
            "(first listing on the arena), whose score in the vintage reaches it. Levels that guessing reaches are "
            "left out. A model that was there on the first day of the list is left-censored: its country may have "
            "crossed before. months is then at least (the US one) or at most (the Chinese one), and null if both are."
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
                "us_is_left_censored",
                "us_model was there on the first day of the list: the US may have crossed before",
            ),
            field(
                "cn_model",
                "First Chinese model to reach it, as printed; null while there is none",
                nullable=True,
            ),
            nullable("cn_model_id cn_released_on cn_released_basis cn_score"),
            Column(
                "cn_is_left_censored",
                "BOOLEAN",
                "cn_model was there on the first day of the list: China may have crossed before",
            ),
            "us_is_doubled cn_is_doubled",
            field(
                "months",
                "The Chinese day less the US one; null while only one has crossed, or where both are left-censored",
            ),
            field("open_months", "How long the one that has crossed stood alone on the vintage's day"),
        ),
        key=("board", "variant", "category", "vintage", "threshold"),
        key_in_ddl=False,
        checks={
            "open has no months": "(state = 'both') = (open_months IS NULL) AND (months IS NOT NULL) = "
            "(state = 'both' AND NOT (us_is_left_censored AND cn_is_left_censored))"
        },
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT threshold, us_model, us_released_on, cn_model, cn_released_on, months, state FROM "
            "threshold_lag\n"
            "WHERE board = 'gpqa_diamond' AND vintage = '2026-08-22' ORDER BY threshold DESC LIMIT 4"
        ),
    ),
    Table(
        "main",
        "model_lag",
        comment="How many months each Chinese model came after the first US model that did as well, or better.",
        grain="a Chinese model in one vintage under one reading",
        rule=(
            "Within one vintage: the day of a Chinese model less that of the first US model with at least its score "
            "less the tolerance (first_reached), or with more than its score plus the tolerance (passed); negative "
            "where the US came later. A lag behind the frontier is first_reached. The interval takes all scores as "
            "independent normals with the published errors and is computed without random numbers. Of arena boards "
            "only the newest vintage."
        ),
        filled_by="compute/lag_tables.py",
        filled_from=("lag_inputs", "meta.parameters"),
        columns=columns(
            "board variant category vintage snapshot_id",
            field("reading", "Which US model it is compared with", values=domains.MODEL_READINGS),
            field("cn_model", "The Chinese model, as printed"),
            nullable("cn_model_id"),
            "cn_released_on cn_released_basis",
            field("cn_score", "Score of cn_model in the vintage"),
            field("us_model", "The first such US model, as printed; null while there is none", nullable=True),
            nullable("us_model_id us_released_on us_released_basis"),
            field("us_score", "Score of us_model in the vintage", nullable=True),
            field("us_is_left_censored", nullable=True),
            "us_is_doubled cn_is_doubled",
            field("months", "The Chinese day less the US one; null while there is no such US model"),
            field("open_months", "How long the Chinese model has stood without one on the vintage's day"),
            Column(
                "months_low",
                "DOUBLE",
                "5 % point from the published errors; null without errors, and where no US model may have done it yet",
                nullable=True,
                unit="months",
            ),
            Column("months_high", "DOUBLE", "95 % point of the same", nullable=True, unit="months"),
            share(
                "probability_reached",
                "Probability, from the errors, that a US model of the vintage did it; null without errors",
                nullable=True,
            ),
            "tolerance",
        ),
        key=("board", "variant", "category", "vintage", "snapshot_id", "reading", "cn_model_id"),
        key_in_ddl=False,
        checks={
            "open has no months": "(months IS NULL) = (us_model IS NULL) "
            "AND (months IS NULL) = (open_months IS NOT NULL)"
        },
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT vintage, reading, us_model, months, months_low, months_high FROM model_lag\n"
            "WHERE board = 'eci' AND cn_model = 'DeepSeek-V4-Pro' ORDER BY vintage, reading"
        ),
    ),
)

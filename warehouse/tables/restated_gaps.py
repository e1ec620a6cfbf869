"""The gap as known then and as later ratings have it."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, field, nullable
from warehouse.tables.schema import Column, Macro, Table, refers

TABLES: tuple[Table | Macro, ...] = (
    Macro(
        "main",
        "gap_as_of",
        arguments=("known_on",),
        comment="The monthly gap as anyone could have computed it on that day.",
        example=(
            "SELECT month, us_model, cn_model, gap_points, source_id, known_at FROM gap_as_of(DATE "
            "'2025-02-20')\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' AND month >= "
            "'2024-12-01' ORDER BY month"
        ),
    ),
    Table(
        "main",
        "restated_gap",
        comment="Each month's gap as a later vintage would have it: a model counts from its first listing.",
        columns=columns(
            "board variant category month vintage",
            field("us_model", "Best US model by the month's end, as the vintage prints it"),
            "us_model_id us_score",
            field("cn_model", "Best Chinese model by the month's end, as the vintage prints it"),
            "cn_model_id cn_score gap_points gap_pct_of_cn gap_pct_of_us",
            nullable("then_variant us_model_then cn_model_then gap_points_then"),
            Column("us_leader_then_missing", "BOOLEAN", "us_model_then is not in the vintage"),
            Column("cn_leader_then_missing", "BOOLEAN", "cn_model_then is not in the vintage"),
            Column("leader_then_missing", "BOOLEAN", "Either of them is not"),
            "snapshot_id",
        ),
        key=("board", "variant", "category", "month", "snapshot_id"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT vintage, us_model, us_score, cn_model, cn_score, gap_points, leader_then_missing FROM "
            "restated_gap\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND month "
            "= '2025-02-01' AND vintage IN ('2025-03-17', '2025-12-11', '2026-08-03') ORDER BY vintage"
        ),
    ),
    Table(
        "main",
        "gap_revisions",
        comment="What changed between the gap as published then and as restated, and why.",
        columns=columns(
            "board variant category month",
            field("vintage", "Publication day of the later ratings"),
            "then_variant gap_points_then",
            Column("gap_points_now", "DOUBLE", "Gap in the vintage", unit="points"),
            Column("change_points", "DOUBLE", "gap_points_now − gap_points_then", unit="points"),
            "us_model_then",
            Column("us_model_now", "VARCHAR", "US leader in the vintage"),
            "cn_model_then",
            Column("cn_model_now", "VARCHAR", "Chinese leader in the vintage"),
            Column("reasons", "VARCHAR[]", "Why it changed", values=domains.REVISION_REASONS),
            "snapshot_id",
        ),
        key=("board", "variant", "category", "month", "snapshot_id"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT vintage, gap_points_then, gap_points_now, us_model_then, us_model_now, reasons FROM "
            "gap_revisions\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' AND month = "
            "'2025-01-01' AND vintage IN ('2025-03-26', '2025-12-11') ORDER BY vintage"
        ),
    ),
    Table(
        "main",
        "frontier",
        comment="Models that set their country's record when they became available, in the ratings of each vintage.",
        columns=columns(
            "board variant category vintage snapshot_id country",
            Column("available_on", "DATE", "Day from which the model counts"),
            Column("available_basis", "VARCHAR", "What available_on is", values=domains.RELEASE_BASES),
            field("model_name", "The model as printed"),
            field("model_id", "Identity of the model, see core.models"),
            field("score", "Its score in the vintage"),
            field("standard_error", "Standard error of the score"),
            Column(
                "previous_record", "DOUBLE", "Score of the record it broke; null for the first", nullable=True
            ),
        ),
        key=("snapshot_id", "category", "country", "available_on"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT country, available_on, model_name, score, previous_record FROM frontier\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND "
            "vintage = '2026-08-03' AND country = 'CN' ORDER BY available_on DESC LIMIT 5"
        ),
    ),
)

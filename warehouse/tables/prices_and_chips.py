"""What the best models cost, and how the chips of the two countries compare."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import PER_MTOK, columns, field, nullable
from warehouse.tables.schema import Column, Table, refers

TIER_OF = "Longest prompt that {} is for; null where one price holds for all"

TABLES: tuple[Table, ...] = (
    Table(
        "main",
        "price_gap",
        comment=(
            "What the best models, and given levels, cost at their makers in each country. Resellers are "
            "left out and a zero is no price unless the maker says free. score is of one snapshot: never "
            "compare it across rows of different snapshots."
        ),
        columns=columns(
            "month",
            Column("question", "VARCHAR", "Which model is priced", values=domains.PRICE_QUESTIONS),
            Column(
                "level",
                "DOUBLE",
                "Score to be reached; null unless question is level",
                nullable=True,
                unit="elo",
            ),
            "country",
            Column(
                "model", "VARCHAR", "The model as printed; null where no candidate has a price", nullable=True
            ),
            field("model_id", "Identity of the model, see core.models", nullable=True),
            "input_usd_per_mtok output_usd_per_mtok",
            Column(
                "blended_usd_per_mtok",
                "DOUBLE",
                "Input and output in the parts price_blend_input : price_blend_output (3 : 1)",
                nullable=True,
                unit=PER_MTOK,
            ),
            "tier_up_to_tokens",
            Column("score", "DOUBLE", "Score of the model in snapshot_id", nullable=True, unit="elo"),
            Column("price_status", "VARCHAR", "Where the price is from", values=domains.PRICE_STATUSES),
            Column("candidates", "INTEGER", "Models that answer the question but for their price"),
            Column("priced_candidates", "INTEGER", "Of these, models with a price of their maker"),
            nullable("price_list_date"),
            field("source_id", "The price list", nullable=True),
            nullable("provider listed_name"),
            field("variant", "Variant of the scores", nullable=True),
            field("snapshot_id", "Snapshot of the scores", nullable=True),
        ),
        key=("month", "question", "level", "country"),
        key_in_ddl=False,
        checks={
            "missing_has_no_price": "(price_status = 'missing') = (blended_usd_per_mtok IS NULL)",
            "zero_is_free": "price_status <> 'first_party' OR blended_usd_per_mtok > 0",
            "level_is_asked": "(question = 'level') = (level IS NOT NULL)",
            "list_is_of_then": "price_list_date IS NULL OR price_list_date <= last_day(month)",
        },
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT month, country, model, blended_usd_per_mtok, price_status, price_list_date FROM "
            "price_gap\n"
            "WHERE question = 'level' AND level = 1450 AND month = '2026-06-01' ORDER BY country"
        ),
    ),
    Table(
        "main",
        "price_parity",
        comment=(
            "What a model of the same rating costs in either country: months in which both have a list. A headline "
            "is the newest of them (is_newest)."
        ),
        columns=columns(
            "month",
            Column("level", "DOUBLE", "Score to be reached, in one restated vintage", unit="elo"),
            field("us_model", "Cheapest US model of the level, as printed"),
            Column("us_usd_per_mtok", "DOUBLE", "Its blended price at its maker", unit=PER_MTOK),
            Column(
                "us_tier_up_to_tokens",
                "BIGINT",
                TIER_OF.format("us_usd_per_mtok"),
                nullable=True,
                unit="tokens",
            ),
            field("cn_model", "Cheapest Chinese model of the level, as printed"),
            Column("cn_usd_per_mtok", "DOUBLE", "Its blended price at its maker", unit=PER_MTOK),
            Column(
                "cn_tier_up_to_tokens",
                "BIGINT",
                TIER_OF.format("cn_usd_per_mtok"),
                nullable=True,
                unit="tokens",
            ),
            Column(
                "us_per_cn_price",
                "DOUBLE",
                "us_usd_per_mtok / cn_usd_per_mtok: above 1 the US model is dearer; null where the Chinese one is free",
                nullable=True,
            ),
            Column("is_newest", "BOOLEAN", "The newest month of the level"),
            Column("us_price_list_date", "DATE", "Day of the list of us_usd_per_mtok"),
            Column("us_source_id", "VARCHAR", "That list"),
            Column("cn_price_list_date", "DATE", "Day of the list of cn_usd_per_mtok"),
            Column("cn_source_id", "VARCHAR", "That list"),
            field("snapshot_id", "Snapshot of the scores"),
        ),
        key=("level", "month"),
        may_be_empty=True,
        checks={
            "lists_are_of_the_month": "date_trunc('month', us_price_list_date) = month "
            "AND date_trunc('month', cn_price_list_date) = month"
        },
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT level, month, us_model, us_usd_per_mtok, cn_model, cn_usd_per_mtok, us_per_cn_price FROM "
            "price_parity\nWHERE is_newest ORDER BY level DESC"
        ),
    ),
    Table(
        "main",
        "chip_gap",
        comment=(
            "Chinese against US accelerators on paper. Blank figures stay blank; what a chip can do in a "
            "system is another question."
        ),
        columns=columns(
            Column(
                "year",
                "INTEGER",
                "best_shipped: what had shipped by its end; named pairs: when both had got so far",
            ),
            Column(
                "measure",
                "VARCHAR",
                "What is compared, tensor rates dense",
                values=domains.CHIP_MEASURES,
            ),
            Column(
                "precision",
                "VARCHAR",
                "Number format of a tensor rate, null for other measures",
                nullable=True,
                values=domains.CHIP_PRECISIONS,
            ),
            Column("pair", "VARCHAR", "best_shipped, or a pair of core.chip_pairs"),
            field("us_chip", "US chip; null where none has the figure", nullable=True),
            Column("us_value", "DOUBLE", "Figure of us_chip", nullable=True, unit="FLOP/s, bytes or bytes/s"),
            field("cn_chip", "Chinese chip; null where none has the figure", nullable=True),
            Column("cn_value", "DOUBLE", "Figure of cn_chip", nullable=True, unit="FLOP/s, bytes or bytes/s"),
            Column("ratio", "DOUBLE", "cn_value / us_value", nullable=True),
            field("availability", "How far the Chinese chip has come"),
            Column("note", "VARCHAR", "Blank figures and what else to know", nullable=True),
        ),
        key=("pair", "measure", "year"),
        checks={"blank_stays_blank": "(ratio IS NULL) = (nullif(us_value, 0) IS NULL OR cn_value IS NULL)"},
        example=(
            "SELECT pair, measure, us_value, cn_value, ratio, availability FROM chip_gap\n"
            "WHERE pair IN ('910B_v_H100', '910C_v_H100') AND measure IN ('fp16_tensor', 'memory') ORDER "
            "BY pair, measure"
        ),
    ),
)

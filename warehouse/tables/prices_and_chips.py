"""Tables beside the scores: prices, chips, notable models, published figures, claims, policy events."""

from __future__ import annotations

from warehouse.tables.schema import Column, Table


def _listed() -> tuple[Column, ...]:
    return (
        Column("input_id", "VARCHAR", "The bytes it came from, see meta.inputs"),
        Column("listing", "BIGINT", "Place in the list, by name"),
        Column("source_id", "VARCHAR", "Source"),
    )


_INPUT = ((("input_id",), "meta.inputs", ("input_id",)), (("source_id",), "meta.sources", ("source_id",)))

BESIDE: tuple[Table, ...] = (
    Table(
        "core",
        "prices",
        "a listing of one price list",
        "Prices as printed, resellers too. A zero may mean free or unknown.",
        (
            *_listed(),
            Column("price_list_date", "DATE", "Day of the list"),
            Column("listed_name", "VARCHAR", "Name as printed"),
            Column("provider", "VARCHAR", "Who sells it, as printed", nullable=True),
            Column("mode", "VARCHAR", "chat, embedding, …, as printed", nullable=True),
            Column(
                "input_usd_per_mtok", "DOUBLE", "Input price", nullable=True, unit="US$ per million tokens"
            ),
            Column(
                "output_usd_per_mtok", "DOUBLE", "Output price", nullable=True, unit="US$ per million tokens"
            ),
            Column(
                "cached_input_usd_per_mtok",
                "DOUBLE",
                "Cached input",
                nullable=True,
                unit="US$ per million tokens",
            ),
            Column("has_tiered_prices", "BOOLEAN", "The entry has prices by tier, not shown here"),
            Column("released_on", "DATE", "Release date as printed", nullable=True),
            Column("open_weights", "BOOLEAN", "As printed", nullable=True),
            Column("context_tokens", "BIGINT", "Context window", nullable=True, unit="tokens"),
        ),
        ("input_id", "listing"),
        references=_INPUT,
        key_in_ddl=False,
        topic="reference_lists",
        rule="Price lists as printed, resellers too, in US$ per million tokens.",
        example=(
            "SELECT price_list_date, provider, input_usd_per_mtok, output_usd_per_mtok FROM core.prices\n"
            "WHERE source_id = 'litellm_prices' AND listed_name = 'deepseek/deepseek-reasoner' ORDER BY "
            "price_list_date DESC LIMIT 3"
        ),
    ),
    Table(
        "core",
        "chips",
        "a chip in one list",
        "Accelerators in base units, per second. Blank figures stay blank.",
        (
            *_listed(),
            Column("listed_on", "DATE", "Day the list was known"),
            Column("chip_name", "VARCHAR", "Name as printed"),
            Column("manufacturer_name", "VARCHAR", "Maker as printed", nullable=True),
            Column("released_on", "DATE", "Release date as printed", nullable=True),
            Column(
                "availability",
                "VARCHAR",
                "announced, sampled or shipped, where the source says it",
                nullable=True,
            ),
            Column("fp16_tensor_flops", "DOUBLE", "Dense FP16 tensor rate", nullable=True, unit="FLOP/s"),
            Column("bf16_tensor_flops", "DOUBLE", "Dense BF16 tensor rate", nullable=True, unit="FLOP/s"),
            Column(
                "fp16_flops",
                "DOUBLE",
                "Plain FP16, another rate than the tensor one",
                nullable=True,
                unit="FLOP/s",
            ),
            Column("fp8_tensor_flops", "DOUBLE", "Dense FP8 tensor rate", nullable=True, unit="FLOP/s"),
            Column("int8_tensor_ops", "DOUBLE", "Dense INT8 tensor rate", nullable=True, unit="OP/s"),
            Column("memory_bytes", "DOUBLE", "Memory", nullable=True, unit="bytes"),
            Column("bandwidth_bytes_per_s", "DOUBLE", "Memory bandwidth", nullable=True, unit="bytes/s"),
            Column("interconnect_bytes_per_s", "DOUBLE", "Interconnect", nullable=True, unit="bytes/s"),
            Column("tdp_watts", "DOUBLE", "Thermal design power", nullable=True, unit="W"),
            Column("process_nm", "DOUBLE", "Process", nullable=True, unit="nm"),
        ),
        ("input_id", "listing"),
        references=_INPUT,
        topic="reference_lists",
        rule="Chip lists as printed, in base units. Tensor rates are the dense ones; a blank stays null.",
        example=(
            "SELECT chip_name, fp16_tensor_flops, memory_bytes, bandwidth_bytes_per_s FROM core.chips\n"
            "WHERE chip_name IN ('NVIDIA HGX H20', 'Huawei Ascend 910C') ORDER BY chip_name"
        ),
    ),
    Table(
        "core",
        "notable_models",
        "a model in one vintage of a list",
        "Lists of notable models, with organizations and countries as printed.",
        (
            *_listed(),
            Column("vintage", "DATE", "Day the list was known"),
            Column("model_name", "VARCHAR", "Name as printed"),
            Column("organizations", "VARCHAR[]", "Organizations as printed", nullable=True),
            Column(
                "countries",
                "VARCHAR[]",
                "One for each country of each organization, as printed",
                nullable=True,
            ),
            Column("published_on", "DATE", "Publication date", nullable=True),
            Column("domain", "VARCHAR", "As printed", nullable=True),
            Column("parameters", "DOUBLE", "As printed", nullable=True),
            Column("training_compute_flop", "DOUBLE", "As printed", nullable=True, unit="FLOP"),
            Column("accessibility", "VARCHAR", "As printed", nullable=True),
            Column("open_weights", "BOOLEAN", "Null where accessibility is blank", nullable=True),
        ),
        ("input_id", "listing"),
        references=_INPUT,
        topic="reference_lists",
        rule="Lists of notable models as printed, every vintage kept: the list grows backwards.",
        example=(
            "SELECT vintage, model_name, organizations, countries, published_on FROM core.notable_models\n"
            "WHERE model_name LIKE 'DeepSeek-R1%' ORDER BY published_on"
        ),
    ),
    Table(
        "core",
        "published_figures",
        "a figure as somebody published it",
        "Single cited figures about the two countries; editions disagree and are both kept.",
        (
            *_listed(),
            Column("edition", "INTEGER", "Year of the edition"),
            Column("figure", "VARCHAR", "Figure number", nullable=True),
            Column("measure", "VARCHAR", "What is counted"),
            Column("period", "VARCHAR", "Of when", nullable=True),
            Column("us", "DOUBLE", "US value", nullable=True),
            Column("us_label", "VARCHAR", "Of what", nullable=True),
            Column("china", "DOUBLE", "Chinese value", nullable=True),
            Column("china_label", "VARCHAR", "Of what", nullable=True),
            Column("other", "DOUBLE", "A third party's value", nullable=True),
            Column("other_label", "VARCHAR", "Whose", nullable=True),
            Column("unit", "VARCHAR", "Unit of the values", nullable=True),
            Column("gap", "DOUBLE", "US less China, where stated", nullable=True),
            Column("gap_unit", "VARCHAR", "Its unit", nullable=True),
            Column("note", "VARCHAR", "What to know", nullable=True),
            Column("sentence", "VARCHAR", "The evidence"),
            Column("address", "VARCHAR", "Where it stands", nullable=True),
        ),
        ("input_id", "listing"),
        references=_INPUT,
        topic="claims",
        rule=(
            "Figures copied from reports with the sentence they stand in. Editions that disagree are both "
            "kept."
        ),
        example=(
            "SELECT edition, measure, period, us, china, unit FROM core.published_figures\n"
            "WHERE measure = 'notable models' AND us IS NOT NULL ORDER BY edition, period"
        ),
    ),
    Table(
        "main",
        "claims",
        "a public statement about the gap",
        "What others have claimed, in a form that can be measured (see claim_checks).",
        (
            Column("claim_id", "VARCHAR", "Name"),
            Column("claimant", "VARCHAR", "Who"),
            Column("claimed_on", "DATE", "When"),
            Column("statement", "VARCHAR", "What was said"),
            Column("measure", "VARCHAR", "What it is about"),
            Column("board", "VARCHAR", "Board, if any", nullable=True),
            Column("variant", "VARCHAR", "Variant, reading or counting", nullable=True),
            Column("country", "VARCHAR", "Country counted, where one is; ISO 3166-1 alpha-2", nullable=True),
            Column("period", "VARCHAR", "Of when"),
            Column("published_on", "DATE", "Snapshot it speaks of", nullable=True),
            Column("reading", "VARCHAR", "Reading of the lag", nullable=True),
            Column("vintage", "VARCHAR", "Vintage it was computed from", nullable=True),
            Column("comparison", "VARCHAR", "about, at_least, at_most, between or none"),
            Column("value", "VARCHAR", "Claimed value, or a range", nullable=True),
            Column("unit", "VARCHAR", "Its unit", nullable=True),
            Column("tolerance", "VARCHAR", "How far off still reproduces it", nullable=True),
            Column("us_model", "VARCHAR", "Claimed US leader", nullable=True),
            Column("cn_model", "VARCHAR", "Claimed Chinese leader", nullable=True),
            Column("how_computed", "VARCHAR", "As far as the source says", nullable=True),
            Column("source", "VARCHAR", "Where it stands"),
        ),
        ("claim_id",),
        filled_from=("reference/claims.csv",),
        topic="claims",
        rule=(
            "The lines of claims.csv: what was said, by whom and when, with the rule the statement implies. "
            "claim_checks measures each."
        ),
        filled_by="builder/core.py",
        example=(
            "SELECT claim_id, claimed_on, comparison, value, unit FROM claims WHERE claimant LIKE "
            "'%Schmidt%' ORDER BY claimed_on"
        ),
    ),
    Table(
        "main",
        "policy_events",
        "an event",
        "Export-control milestones of both sides, to be drawn over the gap. No causal claim.",
        (
            Column("date", "DATE", "Day"),
            Column("actor", "VARCHAR", "Who acted"),
            Column("event", "VARCHAR", "What happened"),
            Column("effect_on", "VARCHAR", "What it concerns"),
            Column("citation", "VARCHAR", "Where a person can check"),
            Column("side", "VARCHAR", "US or CN"),
        ),
        ("date", "actor", "event"),
        filled_from=("reference/policy_events.csv",),
        topic="claims",
        rule="The lines of policy_events.csv, each with a citation. Nothing is computed from them.",
        filled_by="builder/core.py",
        example=(
            "SELECT date, side, actor, event FROM policy_events\n"
            "WHERE date BETWEEN '2025-04-01' AND '2025-08-31' ORDER BY date LIMIT 4"
        ),
    ),
)

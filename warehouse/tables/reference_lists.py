"""Lists of prices, chips and notable models, and what their names mean."""

from __future__ import annotations

from warehouse.tables.fields import PER_MTOK, PLACE_IN_LIST, columns, country, field, nullable
from warehouse.tables.schema import Column, Table, refers

TABLES: tuple[Table, ...] = (
    Table(
        "core",
        "prices",
        comment=(
            "Prices as printed, those of resellers too; of prices by length of prompt those of the shortest. A zero "
            "may mean free or unknown."
        ),
        columns=columns(
            "input_id",
            PLACE_IN_LIST,
            "source_id price_list_date listed_name",
            nullable("provider"),
            Column("mode", "VARCHAR", "What it does, as printed: chat, embedding, …", nullable=True),
            "input_usd_per_mtok output_usd_per_mtok",
            Column(
                "cached_input_usd_per_mtok", "DOUBLE", "Price of cached input", nullable=True, unit=PER_MTOK
            ),
            Column(
                "has_tiered_prices",
                "BOOLEAN",
                "The entry has prices by tier, of which the lowest is shown here",
            ),
            "tier_up_to_tokens",
            "released_on open_weights",
            Column("context_tokens", "BIGINT", "Context window", nullable=True, unit="tokens"),
        ),
        key=("input_id", "listing"),
        key_in_ddl=False,
        references=(
            refers("input_id", "meta.inputs"),
            refers("source_id", "meta.sources"),
        ),
        example=(
            "SELECT price_list_date, provider, input_usd_per_mtok, output_usd_per_mtok FROM core.prices\n"
            "WHERE source_id = 'litellm_prices' AND listed_name = 'deepseek/deepseek-reasoner' ORDER BY "
            "price_list_date DESC LIMIT 3"
        ),
    ),
    Table(
        "core",
        "price_providers",
        comment="Who sells its own models, and who resells.",
        grain="a seller in one price list",
        rule=(
            "The lines of price_providers.csv: a seller is first party when it is the maker's own outlet. "
            "Only those set prices in price_gap."
        ),
        filled_by="builder/reference_frames.py",
        filled_from=("reference/price_providers.csv",),
        columns=columns(
            field("source_id", "The price list"),
            "provider",
            field("organization_id", "The maker whose own outlet it is"),
            Column("is_first_party", "BOOLEAN", "False: a reseller, or a host of other makers' models"),
            Column("preference", "INTEGER", "Of several outlets of a maker in one list, the lowest is taken"),
            "evidence",
        ),
        key=("source_id", "provider"),
        references=(refers("source_id", "meta.sources"),),
        example=(
            "SELECT source_id, provider, organization_id, preference FROM core.price_providers\n"
            "WHERE organization_id IN ('deepseek', 'alibaba') AND is_first_party ORDER BY source_id, "
            "organization_id, preference, provider"
        ),
    ),
    Table(
        "core",
        "price_names",
        comment="What the names in price lists stand for. Aliases mean different models over time.",
        grain="a name in a price list, a model it is the price of, and a span of time",
        rule=(
            "The lines of price_names.csv. An alias has one line for each span of time in which it stood "
            "for another model."
        ),
        filled_by="builder/reference_frames.py",
        filled_from=("reference/price_names.csv", "parsed_price", "meta.inputs"),
        columns=columns(
            field("source_id", "The price list"),
            field("provider", "Seller as printed: the maker's own outlet"),
            "listed_name",
            field("model_id", "The model whose price it is"),
            field("valid_from", "First list day on which the name has this meaning; 0001-01-01 when always"),
            field("valid_to", "Last list day on which the name has this meaning; 9999-12-31 when open"),
            Column("free_by_maker", "BOOLEAN", "The maker itself says it is free: a zero is then a price"),
            "evidence",
        ),
        key=("source_id", "provider", "listed_name", "model_id", "valid_from"),
        checks={"ordered": "valid_from <= valid_to"},
        references=(
            refers("source_id provider", "core.price_providers"),
            refers("model_id", "core.models"),
        ),
        example=(
            "SELECT listed_name, model_id, valid_from, valid_to FROM core.price_names\n"
            "WHERE source_id = 'litellm_prices' AND listed_name LIKE '%deepseek-reasoner' ORDER BY "
            "listed_name, valid_from"
        ),
    ),
    Table(
        "core",
        "chips",
        comment="Accelerators in base units, per second. Blank figures stay blank.",
        columns=columns(
            "input_id",
            PLACE_IN_LIST,
            "source_id",
            Column("listed_on", "DATE", "Day the list was known"),
            "chip_name",
            field("manufacturer_name", nullable=True),
            "released_on",
            field("availability", "How far the chip has come, where the list says it", nullable=True),
            Column("fp16_tensor_flops", "DOUBLE", "Dense FP16 tensor rate", nullable=True, unit="FLOP/s"),
            Column("bf16_tensor_flops", "DOUBLE", "Dense BF16 tensor rate", nullable=True, unit="FLOP/s"),
            Column(
                "fp16_flops",
                "DOUBLE",
                "FP16 rate printed without naming a unit; dense only where core.chip_makers says so",
                nullable=True,
                unit="FLOP/s",
            ),
            Column("fp8_tensor_flops", "DOUBLE", "Dense FP8 tensor rate", nullable=True, unit="FLOP/s"),
            Column("int8_tensor_ops", "DOUBLE", "Dense INT8 tensor rate", nullable=True, unit="OP/s"),
            Column("memory_bytes", "DOUBLE", "Memory of the chip", nullable=True, unit="bytes"),
            Column("bandwidth_bytes_per_s", "DOUBLE", "Memory bandwidth", nullable=True, unit="bytes/s"),
            Column(
                "interconnect_bytes_per_s",
                "DOUBLE",
                "Interconnect bandwidth",
                nullable=True,
                unit="bytes/s",
            ),
            Column("tdp_watts", "DOUBLE", "Thermal design power", nullable=True, unit="W"),
            Column("process_nm", "DOUBLE", "Manufacturing process", nullable=True, unit="nm"),
        ),
        key=("input_id", "listing"),
        references=(
            refers("input_id", "meta.inputs"),
            refers("source_id", "meta.sources"),
        ),
        example=(
            "SELECT chip_name, fp16_tensor_flops, memory_bytes, bandwidth_bytes_per_s FROM core.chips\n"
            "WHERE chip_name IN ('NVIDIA HGX H20', 'Huawei Ascend 910C') ORDER BY chip_name"
        ),
    ),
    Table(
        "core",
        "chip_pairs",
        comment="Chips that are compared by name.",
        grain="a named pair of chips",
        rule="The lines of chip_pairs.csv.",
        filled_by="builder/fillers.py",
        filled_from=("reference/chip_pairs.csv",),
        columns=columns(
            Column("pair", "VARCHAR", "Name of the pair"),
            "us_chip cn_chip",
            "note",
        ),
        key=("pair",),
        example="SELECT pair, us_chip, cn_chip FROM core.chip_pairs WHERE us_chip LIKE '%H20' ORDER BY pair",
    ),
    Table(
        "core",
        "chip_makers",
        comment="What the plain FP16 figure of a maker's chips is.",
        grain="a maker",
        rule=(
            "The lines of chip_makers.csv. Plain FP16 of chips that have matrix units only is their dense rate; "
            "of GPUs, which have vector units too, and of makers that are not listed it is not."
        ),
        filled_by="builder/reference_frames.py",
        filled_from=("reference/chip_makers.csv",),
        columns=columns(
            "manufacturer_name",
            Column("plain_fp16_is_dense", "BOOLEAN", "Is the plain FP16 figure the dense tensor rate?"),
            "evidence",
        ),
        key=("manufacturer_name",),
        example="SELECT manufacturer_name, plain_fp16_is_dense FROM core.chip_makers ORDER BY manufacturer_name",
    ),
    Table(
        "core",
        "chip_availability",
        comment="When chips were announced, sampled and shipped, as far as it is known for certain.",
        grain="a chip at one stage",
        rule=(
            "The lines of chip_availability.csv: announced, sampled and shipped are separate stages, and only "
            "what is known for certain is listed. Shipped is the first delivery to a customer on record, to the "
            "month; where it is known to a quarter or year only, the last month of it. Engineering samples are "
            "sampled. Chips that are only rented out by their maker (Google's TPUs) are not listed."
        ),
        filled_by="builder/reference_frames.py",
        filled_from=("reference/chip_availability.csv",),
        columns=columns(
            "chip_name",
            country("country", "Home of the chip's maker"),
            "availability",
            Column(
                "since",
                "DATE",
                "Day of the announcement or first sample; first day of the month of the first delivery",
            ),
            "evidence",
        ),
        key=("chip_name", "availability"),
        example=(
            "SELECT chip_name, availability, since FROM core.chip_availability WHERE country = 'CN' ORDER "
            "BY since, chip_name LIMIT 5"
        ),
    ),
    Table(
        "core",
        "notable_models",
        comment="Lists of notable models, with organizations and countries as printed.",
        columns=columns(
            "input_id",
            PLACE_IN_LIST,
            "source_id",
            field("vintage", "Day the list was known"),
            "model_name",
            Column("organizations", "VARCHAR[]", "Organizations as printed", nullable=True),
            Column(
                "countries",
                "VARCHAR[]",
                "One for each country of each organization, as printed",
                nullable=True,
            ),
            field("published_on", "Publication day of the model", nullable=True),
            Column("domain", "VARCHAR", "Domains of the model, as printed", nullable=True),
            Column("parameters", "DOUBLE", "Number of parameters, as printed", nullable=True),
            Column(
                "training_compute_flop", "DOUBLE", "Training compute, as printed", nullable=True, unit="FLOP"
            ),
            Column("accessibility", "VARCHAR", "How the model can be used, as printed", nullable=True),
            field("open_weights", "Can the weights be downloaded? Null where accessibility is blank"),
        ),
        key=("input_id", "listing"),
        references=(
            refers("input_id", "meta.inputs"),
            refers("source_id", "meta.sources"),
        ),
        example=(
            "SELECT vintage, model_name, organizations, countries, published_on FROM core.notable_models\n"
            "WHERE model_name LIKE 'DeepSeek-R1%' ORDER BY published_on"
        ),
    ),
    Table(
        "core",
        "country_names",
        comment="Which country a list means by a name.",
        grain="a printed country name",
        rule="The lines of countries.csv.",
        filled_by="builder/fillers.py",
        filled_from=("reference/countries.csv",),
        columns=columns(
            Column("printed", "VARCHAR", "Name as lists print it"),
            country("country", "Country; ZZ for a name that is no country"),
            field("evidence", "Where this is from"),
        ),
        key=("printed",),
        example=(
            "SELECT printed, country FROM core.country_names WHERE country IN ('CN', 'HK', 'ZZ') ORDER BY "
            "printed"
        ),
    ),
)

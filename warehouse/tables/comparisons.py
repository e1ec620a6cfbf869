"""Tables beside the scores: notable models, cadence, prices, chips, all boards together, claims.

`COMPARED_FACTS` are facts with evidence (reference CSVs), published so that the marts' SQL runs on the
published file; `COMPARISONS` are the marts, in the order in which they are filled.
"""

from __future__ import annotations

from warehouse.tables.fields import MONTH, SNAPSHOT_STATUS, one_of
from warehouse.tables.schema import Column, Table

AVAILABILITY = ("announced", "sampled", "shipped")
PRICE_STATUS = ("first_party", "missing", "free_by_maker")
QUESTIONS = ("top_model", "near_top", "level")
VERDICTS = ("reproduced", "differs", "vintage_not_held", "not_measurable", "no_value_claimed")

PER_MTOK = "US$ per million tokens"
SIGN = "1: the US leads; −1: China leads; 0: level"


def _of(table: str, columns: str) -> tuple[str, ...]:
    return tuple(f"{table}.{column}" for column in columns.split())


#: What `warehouse.compute.claim_checks` reads: of a claim, of the tables, and the figure each measure is.
MEASURED_FROM = (
    "main.claims",
    "meta.parameters",
    *_of("core", "snapshots publications country_leaders models model_names chips prices price_names"),
    *_of("main", "restated_gap notable_models_by_year monthly_lag record_matches lag_summary chip_gap"),
)
MEASURED = (
    "core.country_leaders.score",
    "main.restated_gap.gap_points",
    "main.notable_models_by_year.models",
    "main.monthly_lag.lag_months",
    "main.record_matches.months",
    "main.chip_gap.ratio",
)
RULED = _of("main.claims", "measure board variant country period published_on vintage us_model cn_model")
JUDGED = (
    *MEASURED,
    *_of("main.claims", "value comparison tolerance us_model cn_model"),
    "core.models.name",
    "core.model_names.model_name",
)
TOLD = (
    *MEASURED,
    *_of("main.claims", "measure claimed_on statement"),
    "core.publications.published_on",
    "core.snapshots.anchor_is_standard",
    "core.country_leaders.model_name",
    *_of("main.restated_gap", "vintage us_model us_score cn_model cn_score"),
    *_of("main.restated_gap", "then_variant us_model_then cn_model_then gap_points_then"),
    "main.notable_models_by_year.vintage",
    *_of("main.monthly_lag", "reading vintage"),
    *_of("main.record_matches", "vintage us_model cn_model cn_released_on"),
    *_of("main.lag_summary", "reading mean_months max_months"),
    "main.chip_gap.measure",
    "core.chips.chip_name",
    *_of("core.prices", "input_usd_per_mtok output_usd_per_mtok price_list_date"),
    "core.price_names.model_id",
)
LOCATED = (
    *_of("main.claims", "period country"),
    "core.publications.snapshot_id",
    *_of("main.restated_gap", "month snapshot_id"),
    "main.notable_models_by_year.vintage",
    *_of("main.monthly_lag", "month snapshot_id"),
    "main.record_matches.snapshot_id",
    "core.prices.price_list_date",
)

COMPARED_FACTS: tuple[Table, ...] = (
    Table(
        "core",
        "country_names",
        "a printed country name",
        "Which country a list means by a name.",
        (
            Column("printed", "VARCHAR", "Name as lists print it"),
            Column(
                "country",
                "VARCHAR",
                "ISO 3166-1 alpha-2; ZZ for a name that is no country",
                check="country ~ '^[A-Z]{2}$'",
            ),
            Column("evidence", "VARCHAR", "Where this is from"),
        ),
        ("printed",),
        filled_from=("reference/countries.csv",),
        topic="reference_lists",
        rule="The lines of countries.csv.",
        filled_by="builder/core.py",
        example=(
            "SELECT printed, country FROM core.country_names WHERE country IN ('CN', 'HK', 'ZZ') ORDER BY "
            "printed"
        ),
    ),
    Table(
        "core",
        "price_providers",
        "a seller in one price list",
        "Who sells its own models, and who resells.",
        (
            Column("source_id", "VARCHAR", "The price list"),
            Column("provider", "VARCHAR", "Seller as the list prints it"),
            Column("organization_id", "VARCHAR", "The maker whose own outlet it is", nullable=True),
            Column("is_first_party", "BOOLEAN", "False: a reseller or a host of other makers’ models"),
            Column("preference", "INTEGER", "Of several outlets of a maker in one list, the lowest is taken"),
            Column("evidence", "VARCHAR", "Where a person can check"),
        ),
        ("source_id", "provider"),
        references=((("source_id",), "meta.sources", ("source_id",)),),
        filled_from=("reference/price_providers.csv",),
        topic="reference_lists",
        rule=(
            "The lines of price_providers.csv: a seller is first party when it is the maker's own outlet. "
            "Only those set prices in price_gap."
        ),
        filled_by="builder/core.py",
        example=(
            "SELECT source_id, provider, organization_id, preference FROM core.price_providers\n"
            "WHERE organization_id IN ('deepseek', 'alibaba') AND is_first_party ORDER BY source_id, "
            "organization_id, preference, provider"
        ),
    ),
    Table(
        "core",
        "price_names",
        "a name in a price list, a model it is the price of, and a span of time",
        "What the names in price lists stand for. Aliases mean different models over time.",
        (
            Column("source_id", "VARCHAR", "The price list"),
            Column("provider", "VARCHAR", "Seller as printed: the maker’s own outlet"),
            Column("listed_name", "VARCHAR", "Name as printed"),
            Column("model_id", "VARCHAR", "The model whose price it is"),
            Column("valid_from", "DATE", "First list day of this reading; 0001-01-01 when always"),
            Column("valid_to", "DATE", "Last list day of this reading; 9999-12-31 when open"),
            Column("free_by_maker", "BOOLEAN", "The maker itself says it is free: a zero is then a price"),
            Column("evidence", "VARCHAR", "Where a person can check"),
        ),
        ("source_id", "provider", "listed_name", "model_id", "valid_from"),
        checks={"ordered": "valid_from <= valid_to"},
        references=(
            (("source_id", "provider"), "core.price_providers", ("source_id", "provider")),
            (("model_id",), "core.models", ("model_id",)),
        ),
        filled_from=("reference/price_names.csv",),
        topic="reference_lists",
        rule=(
            "The lines of price_names.csv. An alias has one line for each span of time in which it stood "
            "for another model."
        ),
        filled_by="builder/core.py",
        example=(
            "SELECT listed_name, model_id, valid_from, valid_to FROM core.price_names\n"
            "WHERE source_id = 'litellm_prices' AND listed_name LIKE '%deepseek-reasoner' ORDER BY "
            "listed_name, valid_from"
        ),
    ),
    Table(
        "core",
        "chip_pairs",
        "a named pair of chips",
        "Chips to be compared by name.",
        (
            Column("pair", "VARCHAR", "Name of the pair"),
            Column("us_chip", "VARCHAR", "US chip as the list prints it"),
            Column("cn_chip", "VARCHAR", "Chinese chip as the list prints it"),
            Column("note", "VARCHAR", "What to know", nullable=True),
        ),
        ("pair",),
        filled_from=("reference/chip_pairs.csv",),
        topic="reference_lists",
        rule="The lines of chip_pairs.csv.",
        filled_by="builder/core.py",
        example="SELECT pair, us_chip, cn_chip FROM core.chip_pairs WHERE us_chip LIKE '%H20' ORDER BY pair",
    ),
    Table(
        "core",
        "chip_availability",
        "a chip at one stage",
        "When chips were announced, sampled and shipped, as far as it is known for certain.",
        (
            Column("chip_name", "VARCHAR", "Chip as the list prints it"),
            Column("country", "VARCHAR", "Home of its maker, ISO 3166-1 alpha-2"),
            Column(
                "availability",
                "VARCHAR",
                "announced, sampled or shipped",
                check=one_of("availability", AVAILABILITY),
            ),
            Column("since", "DATE", "Known since"),
            Column("evidence", "VARCHAR", "Where a person can check"),
        ),
        ("chip_name", "availability"),
        filled_from=("reference/chip_availability.csv",),
        topic="reference_lists",
        rule=(
            "The lines of chip_availability.csv: announced, sampled and shipped are told apart, and only "
            "what is known for certain is listed."
        ),
        filled_by="builder/core.py",
        example=(
            "SELECT chip_name, availability, since FROM core.chip_availability WHERE country = 'CN' ORDER "
            "BY since, chip_name LIMIT 5"
        ),
    ),
)

COMPARISONS: tuple[Table, ...] = (
    Table(
        "main",
        "notable_models_by_year",
        "a publication year, country and way of counting in one vintage of the list",
        "Notable models by year and country. The list grows backwards: counts belong to a vintage.",
        (
            Column("year", "INTEGER", "Year of publication"),
            Column(
                "country", "VARCHAR", "ISO 3166-1 alpha-2; ZZ for no country (multinational, none, unmapped)"
            ),
            Column(
                "counting",
                "VARCHAR",
                "any: once for each distinct country; fractional: shared equally among them",
                check=one_of("counting", ("any", "fractional")),
            ),
            Column("models", "DOUBLE", "How many", unit="models", check="models > 0"),
            Column("vintage", "DATE", "Day the list was known"),
            Column("source_id", "VARCHAR", "The list"),
        ),
        ("source_id", "vintage", "counting", "year", "country"),
        topic="boards",
        rule=(
            "Models of a vintage of the list by publication year and country of their makers. any: a model "
            "counts once for each country; fractional: it is shared equally among them. Names that are no "
            "country, and models without one, count under ZZ."
        ),
        example=(
            "SELECT year, country, counting, models, vintage FROM notable_models_by_year\n"
            "WHERE year = 2025 AND country IN ('US', 'CN') ORDER BY counting, country DESC"
        ),
    ),
    Table(
        "main",
        "release_cadence",
        "a month, arena board and country",
        "How many models a board first listed, and how many of these came in near its top in that month.",
        (
            Column("board", "VARCHAR", "Arena board"),
            MONTH,
            Column("country", "VARCHAR", "ISO 3166-1 alpha-2, by the default country rule"),
            Column("first_listed", "INTEGER", "Models first listed in the month", unit="models"),
            Column(
                "entered_top_10", "INTEGER", "Of these, in the overall top 10 in that month", unit="models"
            ),
            Column(
                "entered_top_50", "INTEGER", "Of these, in the overall top 50 in that month", unit="models"
            ),
        ),
        ("board", "month", "country"),
        checks={"nested": "entered_top_10 <= entered_top_50 AND entered_top_50 <= first_listed"},
        topic="boards",
        rule=(
            "Models by the month and board of their first listing; entered_top_10 and entered_top_50 count "
            "those that stood there in a publication of the same month, overall, in any variant. In a "
            "board's first month everything on it is first listed."
        ),
        example=(
            "SELECT month, country, first_listed, entered_top_10, entered_top_50 FROM release_cadence\n"
            "WHERE board = 'arena_text' AND month = '2026-07-01' AND country IN ('US', 'CN') ORDER BY "
            "country"
        ),
    ),
    Table(
        "main",
        "price_gap",
        "a month, question, level and country",
        "What the best models, and given levels, cost at their makers in each country. Resellers are left out and a "
        "zero is no price unless the maker says free. score is of one snapshot: never compare it across rows of "
        "different snapshots.",
        (
            MONTH,
            Column(
                "question",
                "VARCHAR",
                "top_model: the country’s best; near_top: the cheapest near it; level: the cheapest at a level",
                check=one_of("question", QUESTIONS),
            ),
            Column(
                "level",
                "DOUBLE",
                "Least score asked for; null unless question is level",
                nullable=True,
                unit="elo",
            ),
            Column("country", "VARCHAR", "ISO 3166-1 alpha-2"),
            Column("model", "VARCHAR", "As printed; null where no candidate has a price", nullable=True),
            Column("model_id", "VARCHAR", "As resolved", nullable=True),
            Column("input_usd_per_mtok", "DOUBLE", "Input price", nullable=True, unit=PER_MTOK),
            Column("output_usd_per_mtok", "DOUBLE", "Output price", nullable=True, unit=PER_MTOK),
            Column(
                "blended_usd_per_mtok",
                "DOUBLE",
                "Input and output in the parts price_blend_input : price_blend_output (3 : 1)",
                nullable=True,
                unit=PER_MTOK,
            ),
            Column("score", "DOUBLE", "Its score in snapshot_id", nullable=True, unit="elo"),
            Column(
                "price_status",
                "VARCHAR",
                "first_party, missing or free_by_maker",
                check=one_of("price_status", PRICE_STATUS),
            ),
            Column("candidates", "INTEGER", "Models that answer the question but for their price"),
            Column("priced_candidates", "INTEGER", "Of these, models with a price of their maker"),
            Column("price_list_date", "DATE", "Day of the list the price is from", nullable=True),
            Column("source_id", "VARCHAR", "That list", nullable=True),
            Column("provider", "VARCHAR", "Seller as printed there", nullable=True),
            Column("listed_name", "VARCHAR", "Name as printed there", nullable=True),
            Column("variant", "VARCHAR", "Variant of the scores", nullable=True),
            Column("snapshot_id", "VARCHAR", "Snapshot of the scores", nullable=True),
        ),
        ("month", "question", "level", "country"),
        checks={
            "missing_has_no_price": "(price_status = 'missing') = (blended_usd_per_mtok IS NULL)",
            "zero_is_free": "price_status <> 'first_party' OR blended_usd_per_mtok > 0",
            "level_is_asked": "(question = 'level') = (level IS NOT NULL)",
            "list_is_of_then": "price_list_date IS NULL OR price_list_date <= last_day(month)",
        },
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        # A primary key takes no null level.
        key_in_ddl=False,
        topic="prices_and_chips",
        rule=(
            "top_model: the country's best model of the month's arena_text snapshot (style control where "
            "there is one, else raw). near_top: the cheapest within 20 points of it. level: the cheapest "
            "listed by the month's end that reaches the level in the newest whole style-control vintage. "
            "Prices are the maker's own from the newest list by the month's end, three parts input to one "
            "output; a zero is missing unless the maker says free."
        ),
        example=(
            "SELECT month, country, model, blended_usd_per_mtok, price_status, price_list_date FROM "
            "price_gap\n"
            "WHERE question = 'level' AND level = 1450 AND month = '2026-06-01' ORDER BY country"
        ),
    ),
    Table(
        "main",
        "chip_gap",
        "a year, measure and pair of chips",
        "Chinese against US accelerators on paper. Blank figures stay blank; what a chip can do in a system is "
        "another question.",
        (
            Column(
                "year", "INTEGER", "best_shipped: by the end of it; named pairs: when both had got so far"
            ),
            Column(
                "measure",
                "VARCHAR",
                "fp16_tensor and bf16_tensor (dense), memory or bandwidth",
                check=one_of("measure", ("fp16_tensor", "bf16_tensor", "memory", "bandwidth")),
            ),
            Column("precision", "VARCHAR", "fp16 or bf16; null for memory and bandwidth", nullable=True),
            Column("pair", "VARCHAR", "best_shipped, or a pair of core.chip_pairs"),
            Column("us_chip", "VARCHAR", "US chip; null where none has the figure", nullable=True),
            Column("us_value", "DOUBLE", "Its figure", nullable=True, unit="FLOP/s, bytes or bytes/s"),
            Column("cn_chip", "VARCHAR", "Chinese chip; null where none has the figure", nullable=True),
            Column("cn_value", "DOUBLE", "Its figure", nullable=True, unit="FLOP/s, bytes or bytes/s"),
            Column("ratio", "DOUBLE", "cn_value / us_value", nullable=True),
            Column(
                "availability",
                "VARCHAR",
                "How far the Chinese chip has come",
                check=one_of("availability", AVAILABILITY),
            ),
            Column("note", "VARCHAR", "Blank figures and what else to know", nullable=True),
        ),
        ("pair", "measure", "year"),
        checks={"blank_stays_blank": "(ratio IS NULL) = (nullif(us_value, 0) IS NULL OR cn_value IS NULL)"},
        topic="prices_and_chips",
        rule=(
            "cn_value / us_value on paper, in base units and dense tensor rates. best_shipped: of each "
            "country's chips known to be shipped by the end of the year, the one with the highest figure. "
            "Named pairs stand in the year in which the later of the two had got so far. A blank figure "
            "gives no ratio."
        ),
        example=(
            "SELECT pair, measure, us_value, cn_value, ratio, availability FROM chip_gap\n"
            "WHERE pair IN ('910B_v_H100', '910C_v_H100') AND measure IN ('fp16_tensor', 'memory') ORDER BY "
            "pair, measure"
        ),
    ),
    Table(
        "main",
        "gap_triangulation",
        "a month of one board",
        "All boards on one monthly grid: who leads, by how much in the board’s own unit, and do the kinds agree? "
        "Sizes of different units are not comparable, signs are.",
        (
            Column("board", "VARCHAR", "Board"),
            Column("kind", "VARCHAR", "preference, exam, coding, agentic or index"),
            Column("private", "BOOLEAN", "Are the questions kept from the public?", nullable=True),
            Column("variant", "VARCHAR", "On the arena style_control where the month has it, else raw"),
            MONTH,
            Column("gap_points", "DOUBLE", "us_score − cn_score in unit", nullable=True),
            Column("unit", "VARCHAR", "The board’s unit"),
            Column("sign", "INTEGER", SIGN, nullable=True),
            Column("logit_gap", "DOUBLE", "Percent boards, see monthly_gap", nullable=True, unit="logit"),
            Column("near_ceiling", "BOOLEAN", "Percent boards, see monthly_gap", nullable=True),
            Column("us_model", "VARCHAR", "US leader as printed", nullable=True),
            Column("cn_model", "VARCHAR", "Chinese leader as printed", nullable=True),
            Column("status", "VARCHAR", "As in monthly_gap", check=one_of("status", SNAPSHOT_STATUS)),
            Column("lag_first_reached", "DOUBLE", "See monthly_lag", nullable=True, unit="months"),
            Column("lag_last_matched", "DOUBLE", "See monthly_lag", nullable=True, unit="months"),
            Column("lag_passed", "DOUBLE", "See monthly_lag", nullable=True, unit="months"),
            Column(
                "lag_vintage", "DATE", "Vintage of the lags: the newest that has the month", nullable=True
            ),
            Column(
                "kind_sign", "INTEGER", "Side of the boards of this kind; null when divided", nullable=True
            ),
            Column(
                "private_sign",
                "INTEGER",
                "Side of the boards as private, or as public, as this; null when divided",
                nullable=True,
            ),
            Column("kinds_measured", "INTEGER", "Kinds with a gap in the month"),
            Column("boards_measured", "INTEGER", "Boards with a gap in the month"),
            Column("boards_us_leads", "INTEGER", "Boards on which the US leads"),
            Column("boards_cn_leads", "INTEGER", "Boards on which China leads"),
            Column(
                "kinds_agree",
                "BOOLEAN",
                "No board of the month stands against another; null with fewer than two kinds",
                nullable=True,
            ),
            Column("snapshot_id", "VARCHAR", "Snapshot", nullable=True),
        ),
        ("board", "month"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        topic="boards",
        rule=(
            "The overall gap of every board and month, each in its own unit; on the arena style control "
            "where the month has it, else raw. kinds_agree: no board of the month stands against another, "
            "and at least two kinds are measured. Lags are month ends in the newest vintage that has the "
            "month."
        ),
        example=(
            "SELECT board, kind, gap_points, unit, near_ceiling, kinds_agree FROM gap_triangulation\n"
            "WHERE month = '2026-08-01' AND gap_points IS NOT NULL ORDER BY kind, board LIMIT 8"
        ),
    ),
    Table(
        "main",
        "claim_checks",
        "a claim",
        "What the tables here give for each claim, by the rule it states. A claim that differs is a finding, and "
        "no tolerance is widened to make one pass.",
        (
            Column("claim_id", "VARCHAR", "See claims"),
            Column(
                "claimed_value", "VARCHAR", "As claimed", nullable=True, derived_from=("main.claims.value",)
            ),
            Column("measured_value", "DOUBLE", "Ours", nullable=True, derived_from=MEASURED),
            Column("unit", "VARCHAR", "Unit of both", nullable=True),
            Column(
                "verdict",
                "VARCHAR",
                "reproduced, differs, vintage_not_held, not_measurable or no_value_claimed",
                check=one_of("verdict", VERDICTS),
                derived_from=JUDGED,
            ),
            Column("rule", "VARCHAR", "How it was measured and compared", derived_from=RULED),
            Column(
                "explanation",
                "VARCHAR",
                "What was found",
                derived_from=TOLD,
            ),
            Column(
                "us_model",
                "VARCHAR",
                "US model measured, as printed",
                nullable=True,
                derived_from=(
                    "core.country_leaders.model_name",
                    "main.restated_gap.us_model",
                    "main.monthly_lag.us_model",
                    "main.record_matches.us_model",
                    "main.chip_gap.us_chip",
                ),
            ),
            Column(
                "cn_model",
                "VARCHAR",
                "Chinese model measured, as printed",
                nullable=True,
                derived_from=(
                    "core.country_leaders.model_name",
                    "main.restated_gap.cn_model",
                    "main.monthly_lag.cn_model",
                    "main.record_matches.cn_model",
                    "main.chip_gap.cn_chip",
                ),
            ),
            Column(
                "rows",
                "VARCHAR",
                "What it was measured from: table and key, or snapshot",
                nullable=True,
                derived_from=LOCATED,
            ),
        ),
        ("claim_id",),
        checks={
            "no_data_no_value": "verdict <> 'not_measurable' OR measured_value IS NULL",
            "judged_by_value": "verdict <> 'reproduced' OR measured_value IS NOT NULL",
        },
        references=((("claim_id",), "main.claims", ("claim_id",)),),
        filled_from=MEASURED_FROM,
        topic="claims",
        rule=(
            "Each claim is measured by the rule it states, in the snapshot, list or vintage it speaks of, "
            "and compared within the tolerance it states. reproduced: the value within tolerance, and the "
            "claimed leaders; differs: not; vintage_not_held: what it was computed from is not here; "
            "not_measurable: no data of that board; no_value_claimed: our value stands beside it."
        ),
        filled_by="compute/claim_checks.py",
        example=(
            "SELECT claim_id, claimed_value, measured_value, unit, verdict, rule FROM claim_checks\n"
            "WHERE claim_id IN ('ai-index-2025-arena-2025-02', 'seed-arena-2025-05', 'epoch-lag-max') ORDER "
            "BY claim_id"
        ),
    ),
)

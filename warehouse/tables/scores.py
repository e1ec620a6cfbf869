"""Tables of ``core``: identities, snapshots and scores, and what is chosen from them."""

from __future__ import annotations

from warehouse.tables.fields import DATE_BASES, RESOLUTIONS, one_of, series
from warehouse.tables.schema import Column, Table

#: What the distribution of a gap is drawn from.
SCORES_AND_ERRORS = tuple(f"interval_inputs.{side}_{what}" for side in "ab" for what in ("scores", "errors"))

CORE: tuple[Table, ...] = (
    Table(
        "core",
        "boards",
        "a board",
        "What each leaderboard measures, in which unit.",
        (
            Column("board", "VARCHAR", "Name used everywhere"),
            Column("name", "VARCHAR", "Name in prose"),
            Column("unit", "VARCHAR", "elo, percent, index, minutes, count or points"),
            Column(
                "direction",
                "VARCHAR",
                "higher or lower is better",
                check=one_of("direction", ("higher", "lower")),
            ),
            Column("ceiling", "DOUBLE", "Largest possible score", nullable=True),
            Column("private", "BOOLEAN", "Are the questions kept from the public?", nullable=True),
            Column("kind", "VARCHAR", "preference, exam, coding, agentic or index"),
            Column("note", "VARCHAR", "What a reader must know", nullable=True),
            Column("evidence", "VARCHAR", "Where this is from", nullable=True),
        ),
        ("board",),
        filled_from=("reference/boards.csv", "sources/*.py"),
        topic="scores",
        rule="The lines of boards.csv, then the boards that only their source declares.",
        filled_by="builder/core.py",
        example=(
            "SELECT board, name, unit, ceiling, private FROM core.boards WHERE kind = 'agentic' OR kind = "
            "'index' ORDER BY board LIMIT 5"
        ),
    ),
    Table(
        "core",
        "organizations",
        "an organization and a span of time",
        "Who makes models, and in which country its head office is.",
        (
            Column("organization_id", "VARCHAR", "Identity of the organization"),
            Column("name", "VARCHAR", "Its usual name"),
            Column(
                "hq_country",
                "VARCHAR",
                "ISO 3166-1 alpha-2 of the head office; null when there is none",
                nullable=True,
                check="hq_country IS NULL OR hq_country ~ '^[A-Z]{2}$'",
            ),
            Column("other_countries", "VARCHAR[]", "Further countries it belongs to (rule any)"),
            Column("valid_from", "DATE", "First day of this row; 0001-01-01 when always"),
            Column("valid_to", "DATE", "Last day of this row; 9999-12-31 when open"),
            Column("names", "VARCHAR[]", "Every printed spelling"),
            Column("note", "VARCHAR", "Why a debatable case was decided as it is", nullable=True),
            Column("evidence", "VARCHAR", "Where a person can check"),
        ),
        ("organization_id", "valid_from"),
        filled_from=("reference/organizations.csv",),
        topic="identity",
        rule=(
            "The lines of organizations.csv: the country of an organization is that of its head office on "
            "the day, with evidence."
        ),
        filled_by="compute/identity.py",
        example=(
            "SELECT organization_id, hq_country, other_countries, names FROM core.organizations\n"
            "WHERE organization_id IN ('google', 'zhipu', 'deepseek') ORDER BY organization_id"
        ),
    ),
    Table(
        "core",
        "models",
        "a model identity: one upstream version",
        "Who made each model, what it is a variant or fine-tune of, and when people could use it.",
        (
            Column("model_id", "VARCHAR", "Identity of the model version"),
            Column(
                "name",
                "VARCHAR",
                "Its usual name",
                derived_from=("reference/models.csv.name", "core.model_names.model_name"),
            ),
            Column("organization_id", "VARCHAR", "Who made it", nullable=True),
            Column("base_model", "VARCHAR", "What effort variants have in common", nullable=True),
            Column("effort", "VARCHAR", "Effort of this variant", nullable=True),
            Column("joint_organizations", "VARCHAR[]", "Further makers of a joint model"),
            Column(
                "is_joint",
                "BOOLEAN",
                "Made jointly by organizations of several home countries: leads for none",
                derived_from=(
                    "reference/models.csv.organization_id",
                    "reference/models.csv.joint_organizations",
                    "reference/organizations.csv.hq_country",
                ),
            ),
            Column("fine_tune_of", "VARCHAR", "The model it was tuned from", nullable=True),
            Column("base_model_country", "VARCHAR", "Home country of that model's maker", nullable=True),
            Column(
                "public_from",
                "DATE",
                "First day people could use it; null when unknown, read as public",
                nullable=True,
            ),
            Column("public_to", "DATE", "Last day people could use it", nullable=True),
            Column("was_public", "BOOLEAN", "False for a name that never was public (anonymous tests)"),
            Column(
                "resolution",
                "VARCHAR",
                "name: in the reference table; organization: only its maker is known",
                check=one_of("resolution", RESOLUTIONS),
            ),
            Column(
                "evidence",
                "VARCHAR",
                "Where a person can check",
                derived_from=(
                    "reference/models.csv.evidence",
                    "core.model_names.source_id",
                    "core.model_names.organization_name",
                ),
            ),
        ),
        ("model_id",),
        filled_from=("reference/models.csv", "core.model_names"),
        topic="identity",
        rule=(
            "The lines of models.csv, one identity for each upstream version; then one identity for each "
            "printed name of which only the maker is known. Unknown public_from is read as public."
        ),
        filled_by="compute/identity.py",
        example=(
            "SELECT model_id, organization_id, public_from, was_public FROM core.models\n"
            "WHERE model_id IN ('early-grok-3', 'grok-3-preview-02-24', 'deepseek-r1') ORDER BY model_id"
        ),
    ),
    Table(
        "core",
        "model_names",
        "a printed name and organization in one source",
        "How each printed name was resolved.",
        (
            Column("source_id", "VARCHAR", "Source that printed it", derived_from=("meta.inputs.source_id",)),
            Column("model_name", "VARCHAR", "Name as printed", derived_from=("observations.model_name",)),
            Column(
                "organization_name",
                "VARCHAR",
                "Organization as printed; empty when none",
                derived_from=("observations.organization_name",),
            ),
            Column(
                "valid_from",
                "DATE",
                "First day of this reading; 0001-01-01 when always",
                derived_from=("reference/name_periods.csv.valid_from", "reference/name_periods.csv.valid_to"),
            ),
            Column(
                "valid_to",
                "DATE",
                "Last day of this reading; 9999-12-31 when open",
                derived_from=("reference/name_periods.csv.valid_from", "reference/name_periods.csv.valid_to"),
            ),
            Column(
                "model_id",
                "VARCHAR",
                "The identity; null when unresolved",
                nullable=True,
                derived_from=(
                    "reference/name_periods.csv.model_id",
                    "reference/models.csv.model_id",
                    "observations.model_name",
                ),
            ),
            Column(
                "organization_id",
                "VARCHAR",
                "The maker; null when unresolved",
                nullable=True,
                derived_from=(
                    "reference/models.csv.organization_id",
                    "reference/organizations.csv.organization_id",
                ),
            ),
            Column(
                "resolution",
                "VARCHAR",
                "name, organization or unresolved",
                check=one_of("resolution", RESOLUTIONS),
                derived_from=(
                    "observations.model_name",
                    "observations.organization_name",
                    "reference/name_periods.csv.name",
                    "reference/models.csv.names",
                    "reference/models.csv.model_id",
                    "reference/organizations.csv.names",
                ),
            ),
        ),
        ("source_id", "model_name", "organization_name", "valid_from"),
        references=((("model_id",), "core.models", ("model_id",)),),
        filled_from=("observations", "meta.inputs"),
        topic="identity",
        rule=(
            "A printed name is looked up in models.csv, within the dates of name_periods.csv where one name "
            "has stood for several models. Failing that, the printed organization gives the maker; failing "
            "that, the name is unresolved."
        ),
        filled_by="compute/identity.py",
        example=(
            "SELECT model_name, valid_from, valid_to, model_id FROM core.model_names\n"
            "WHERE source_id = 'chatbot_arena_history' AND model_name = 'chatgpt-4o-latest' ORDER BY "
            "valid_from"
        ),
    ),
    Table(
        "core",
        "model_countries",
        "a model under one country rule and span of time",
        "The country a model leads for. A joint model of several home countries has no row.",
        (
            Column("model_id", "VARCHAR", "The model"),
            Column(
                "country_rule",
                "VARCHAR",
                "hq: head office; any: member of; cn_hk: as hq with Hong Kong as CN",
                derived_from=("core.attributions.country_rule",),
            ),
            Column(
                "country",
                "VARCHAR",
                "ISO 3166-1 alpha-2",
                derived_from=(
                    "core.organizations.hq_country",
                    "core.organizations.other_countries",
                    "core.attributions.country",
                    "core.models.is_joint",
                ),
            ),
            Column("valid_from", "DATE", "First day"),
            Column("valid_to", "DATE", "Last day"),
        ),
        ("model_id", "country_rule", "country", "valid_from"),
        references=((("model_id",), "core.models", ("model_id",)),),
        filled_from=("core.organizations", "core.models", "core.attributions"),
        topic="identity",
        rule=(
            "The country of the maker under each country rule: hq (head office), any (every country it "
            "belongs to), cn_hk (as hq, Hong Kong as CN), and hq with one debatable attribution changed. A "
            "joint model leads for a country only if all its makers share it."
        ),
        filled_by="compute/identity.py",
        example=(
            "SELECT model_id, country_rule, country FROM core.model_countries WHERE model_id = "
            "'gemini-2.5-pro' AND country_rule IN ('hq', 'any') ORDER BY country_rule, country"
        ),
    ),
    Table(
        "core",
        "attributions",
        "a debatable maker or model under one alternative country rule",
        "Attributions that could have been decided otherwise; every other model counts as under hq.",
        (
            Column("country_rule", "VARCHAR", "Name of the alternative rule"),
            Column("subject", "VARCHAR", "organization_id or model_id"),
            Column("subject_kind", "VARCHAR", "organization or model"),
            Column("country", "VARCHAR", "Country under this rule; null counts for none", nullable=True),
            Column("why", "VARCHAR", "What speaks for it"),
            Column("evidence", "VARCHAR", "Where a person can check"),
        ),
        ("country_rule", "subject_kind", "subject"),
        filled_from=("reference/attributions.csv",),
        topic="identity",
        rule=(
            "The lines of attributions.csv: debatable cases decided the other way, each under a rule of its "
            "own. gap_sensitivity shows what they change."
        ),
        filled_by="builder/core.py",
        example=(
            "SELECT country_rule, subject, country, why FROM core.attributions ORDER BY country_rule, "
            "subject LIMIT 3"
        ),
    ),
    Table(
        "core",
        "snapshots",
        "one publication of one board and variant by one source, in one set of bytes",
        "Vintages: a difference of scores of two snapshots means nothing.",
        (
            Column(
                "snapshot_id", "VARCHAR", "source/board/variant/date/first characters of the bytes' sha256"
            ),
            Column("source_id", "VARCHAR", "Source, see meta.sources"),
            Column("board", "VARCHAR", "Board"),
            Column("variant", "VARCHAR", "Variant"),
            Column("published_on", "DATE", "Publication day, read as date_basis says"),
            Column(
                "date_basis",
                "VARCHAR",
                "printed; matched: same figures as a dated snapshot; not_after: fetch or commit day",
                check=one_of("date_basis", DATE_BASES),
            ),
            Column("printed_on", "DATE", "What upstream prints, if anything", nullable=True),
            Column(
                "known_at", "TIMESTAMP", "When the bytes were known: fetch time or a mirror's commit (UTC)"
            ),
            Column("same_as", "VARCHAR", "Snapshot whose figures this one repeats", nullable=True),
            Column(
                "coverage",
                "VARCHAR",
                "whole, truncated or leaders",
                check=one_of("coverage", ("whole", "truncated", "leaders")),
            ),
            Column(
                "precision",
                "VARCHAR",
                "full, or rounded to whole numbers",
                check=one_of("precision", ("full", "rounded")),
            ),
            Column("distance", "INTEGER", "0 is upstream itself, higher is further from it"),
            Column("anchor", "VARCHAR", "The zero of the scale"),
            Column(
                "anchor_is_standard",
                "BOOLEAN",
                "False: percentages are not comparable with the usual anchor's",
            ),
            Column("models", "INTEGER", "Distinct models listed"),
            Column("categories", "INTEGER", "Categories held"),
            Column("rows", "INTEGER", "Score rows"),
            Column("input_id", "VARCHAR", "The bytes it came from, see meta.inputs"),
        ),
        ("snapshot_id",),
        references=(
            (("input_id",), "meta.inputs", ("input_id",)),
            (("source_id",), "meta.sources", ("source_id",)),
            (("board",), "core.boards", ("board",)),
            (("same_as",), "core.snapshots", ("snapshot_id",)),
        ),
        topic="scores",
        rule=(
            "published_on is the printed day; where nothing is printed, the day of the dated snapshot with "
            "which all shared models (ten at least, or all there are) agree within half a point; else the "
            "day of the fetch or commit. same_as names the snapshot whose figures this one repeats. A "
            "listing with less than 60 % of the models of the largest one before it is truncated."
        ),
        example=(
            "SELECT published_on, date_basis, source_id, coverage, models, known_at::DATE AS known_on FROM "
            "core.snapshots\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND published_on BETWEEN '2025-02-10' AND "
            "'2025-02-20' ORDER BY published_on, source_id"
        ),
    ),
    Table(
        "core",
        "scores",
        "a model in one category of one snapshot",
        "Scores as published, unrounded, with the model each name stands for.",
        (
            Column("snapshot_id", "VARCHAR", "The snapshot"),
            Column("category", "VARCHAR", "The category"),
            Column("model_name", "VARCHAR", "Name as printed"),
            Column("model_id", "VARCHAR", "The identity; null when unresolved", nullable=True),
            Column("organization_name", "VARCHAR", "Organization as printed", nullable=True),
            Column("license_name", "VARCHAR", "Licence as printed; null is not open", nullable=True),
            Column(
                "score", "DOUBLE", "Score in the board's unit; null when upstream has none", nullable=True
            ),
            Column("score_low", "DOUBLE", "Published lower bound (95 %)", nullable=True),
            Column("score_high", "DOUBLE", "Published upper bound (95 %)", nullable=True),
            Column(
                "standard_error",
                "DOUBLE",
                "Published standard error; else from the bounds; else null",
                nullable=True,
            ),
            Column("votes", "BIGINT", "Votes or questions behind the score", nullable=True),
            Column("rank", "INTEGER", "Rank as printed", nullable=True),
            Column("released_on", "DATE", "Release date as printed", nullable=True),
            Column(
                "is_ambiguous",
                "BOOLEAN",
                "True: differing rows stand under one key; the category is quarantined",
            ),
            Column("is_public", "BOOLEAN", "Could people use the model on published_on? Unknown is public"),
        ),
        ("snapshot_id", "category", "model_name"),
        references=(
            (("snapshot_id",), "core.snapshots", ("snapshot_id",)),
            (("model_id",), "core.models", ("model_id",)),
        ),
        key_in_ddl=False,
        topic="scores",
        rule=(
            "Scores as parsed, identical repeats collapsed. The standard error is the published one, else "
            "(upper − lower) / (2 · 1.96), else null. Of differing rows under one key no score is taken: "
            "they stand in core.ambiguous_rows."
        ),
        example=(
            "SELECT model_name, organization_name, score, standard_error, votes, is_public FROM core.scores\n"
            "WHERE snapshot_id LIKE 'lmarena_hf/arena_text/style_control/2026-08-03/%' AND category = "
            "'overall' ORDER BY score DESC LIMIT 4"
        ),
    ),
    Table(
        "core",
        "ambiguous_rows",
        "one of several differing rows under one key",
        "Rows upstream printed more than once with different figures and no label to tell them apart.",
        (
            Column("snapshot_id", "VARCHAR", "The snapshot"),
            Column("category", "VARCHAR", "The category"),
            Column("model_name", "VARCHAR", "Name as printed"),
            Column("occurrence", "INTEGER", "1, 2, … by score, descending"),
            Column("score", "DOUBLE", "Score as printed", nullable=True),
            Column("votes", "BIGINT", "Votes as printed", nullable=True),
            Column("extra", "VARCHAR", "What else was printed, as JSON", nullable=True),
        ),
        ("snapshot_id", "category", "model_name", "occurrence"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        topic="scores",
        rule=(
            "Rows of one snapshot, category and model name whose figures differ. Their category of that "
            "snapshot is quarantined: it gives no gap (status ambiguous)."
        ),
        example=(
            "SELECT model_name, occurrence, score FROM core.ambiguous_rows\n"
            "WHERE snapshot_id LIKE 'epoch_benchmarks/swe_bench_verified/%' ORDER BY model_name, occurrence "
            "LIMIT 4"
        ),
    ),
    Table(
        "core",
        "snapshot_categories",
        "a category of one snapshot",
        "What each snapshot lists, by category.",
        (
            Column("snapshot_id", "VARCHAR", "The snapshot"),
            Column("category", "VARCHAR", "The category"),
            Column("is_ambiguous", "BOOLEAN", "Quarantined: differing rows stand under one key"),
            Column("listed_models", "INTEGER", "Models with a score"),
            Column("lowest_score", "DOUBLE", "Lowest score listed"),
        ),
        ("snapshot_id", "category"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="scores",
        rule="Counts what each snapshot lists in each category; only categories with at least one score.",
        example=(
            "SELECT category, listed_models, lowest_score FROM core.snapshot_categories\n"
            "WHERE snapshot_id LIKE 'lmarena_hf/arena_text/style_control/2026-08-03/%' AND category IN "
            "('overall', 'coding', 'chinese', 'math') ORDER BY category"
        ),
    ),
    Table(
        "core",
        "first_listed",
        "a model on a board",
        "When a board first listed each model, on any variant, by any source.",
        (
            Column("board", "VARCHAR", "The board"),
            Column("model_id", "VARCHAR", "The model"),
            Column("first_listed_on", "DATE", "Earliest publication day that lists it"),
            Column("snapshot_id", "VARCHAR", "The snapshot of that day"),
        ),
        ("board", "model_id"),
        references=(
            (("model_id",), "core.models", ("model_id",)),
            (("snapshot_id",), "core.snapshots", ("snapshot_id",)),
        ),
        topic="scores",
        rule=(
            "The earliest publication day on which any source lists the model on the board, in any variant "
            "or category."
        ),
        example=(
            "SELECT model_id, first_listed_on FROM core.first_listed\n"
            "WHERE board = 'arena_text' AND model_id LIKE 'deepseek-r1%' ORDER BY first_listed_on"
        ),
    ),
    Table(
        "core",
        "publications",
        "a board, variant, category and day",
        "Which snapshot stands for each day: the most complete whole one, then the most official.",
        (
            *series(),
            Column("published_on", "DATE", "The day"),
            Column("snapshot_id", "VARCHAR", "The snapshot that stands for it"),
            Column(
                "is_ambiguous", "BOOLEAN", "True: every snapshot of the day is quarantined in this category"
            ),
            Column(
                "is_last_of_day",
                "BOOLEAN",
                "False for a day only bounded (not_after) that a printed one of the same day follows",
            ),
            Column("listed_models", "INTEGER", "Models with a score"),
            Column("lowest_score", "DOUBLE", "Lowest score listed"),
            Column("candidates", "INTEGER", "Snapshots of several sources or fetches to choose from"),
        ),
        ("board", "variant", "category", "published_on", "snapshot_id"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="scores",
        rule=(
            "Of several snapshots of a day: a clean category before a quarantined one, then the most "
            "complete whole one, then an unrounded one, then the most official. A day that is only bounded "
            "(not_after) sorts before a printed one of the same day, so both may stand."
        ),
        example=(
            "SELECT published_on, snapshot_id, listed_models, candidates FROM core.publications\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND published_on "
            "BETWEEN '2025-03-10' AND '2025-03-31' ORDER BY published_on"
        ),
    ),
    Table(
        "core",
        "month_snapshots",
        "a board, variant, category and month",
        "Which publication stands for each month under the month rule.",
        (
            *series(),
            Column("month", "DATE", "First day of the month (UTC)"),
            Column("month_rule", "VARCHAR", "last or first: which publication of the month"),
            Column("published_on", "DATE", "Its day"),
            Column("snapshot_id", "VARCHAR", "Its snapshot"),
            Column("is_ambiguous", "BOOLEAN", "Quarantined in this category"),
            Column("listed_models", "INTEGER", "Models with a score"),
            Column("lowest_score", "DOUBLE", "Lowest score listed"),
        ),
        ("board", "variant", "category", "month", "month_rule"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="scores",
        rule=(
            "The month's last publication (rule last) or its first (rule first); of one day's two, the "
            "printed follows the merely bounded."
        ),
        example=(
            "SELECT month, month_rule, published_on, listed_models FROM core.month_snapshots\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND month = "
            "'2025-02-01' ORDER BY month_rule"
        ),
    ),
    Table(
        "core",
        "country_leaders",
        "a country's best eligible model in one snapshot and category",
        "The top of each country, for every snapshot, under one listing and one country rule.",
        (
            Column("snapshot_id", "VARCHAR", "The snapshot"),
            Column("category", "VARCHAR", "The category"),
            Column("listing", "VARCHAR", "any: all that is listed; public: what people could use that day"),
            Column("country_rule", "VARCHAR", "hq, any or cn_hk"),
            Column("country", "VARCHAR", "ISO 3166-1 alpha-2"),
            Column("model_name", "VARCHAR", "The leader as printed"),
            Column("model_id", "VARCHAR", "The leader as resolved"),
            Column("score", "DOUBLE", "Its score"),
            Column("standard_error", "DOUBLE", "Its standard error", nullable=True),
            Column("eligible_models", "INTEGER", "Models of the country that could lead"),
        ),
        ("snapshot_id", "category", "listing", "country_rule", "country"),
        references=(
            (
                ("snapshot_id", "category", "model_name"),
                "core.scores",
                ("snapshot_id", "category", "model_name"),
            ),
        ),
        key_in_ddl=False,
        topic="scores",
        rule=(
            "The highest score among the models that count for the country under the rule and the listing; "
            "equal scores go to the name first in the alphabet."
        ),
        example=(
            "SELECT country, model_name, score, eligible_models FROM core.country_leaders\n"
            "WHERE snapshot_id LIKE 'lmarena_hf/arena_text/style_control/2026-08-03/%' AND category = "
            "'overall' AND listing = 'any' AND country_rule = 'hq'\n"
            "ORDER BY score DESC LIMIT 5"
        ),
    ),
    Table(
        "core",
        "gap_intervals",
        "a pair of countries in one snapshot and category",
        "The distribution of the gap between two countries' tops, from published errors only.",
        (
            Column("snapshot_id", "VARCHAR", "The snapshot"),
            Column("category", "VARCHAR", "The category"),
            Column("listing", "VARCHAR", "any or public"),
            Column("country_rule", "VARCHAR", "hq, any or cn_hk"),
            Column("country_a", "VARCHAR", "ISO 3166-1 alpha-2"),
            Column("country_b", "VARCHAR", "ISO 3166-1 alpha-2"),
            Column(
                "gap_median",
                "DOUBLE",
                "Median of top a − top b",
                unit="points",
                derived_from=SCORES_AND_ERRORS,
            ),
            Column("gap_low", "DOUBLE", "2.5 % point", unit="points", derived_from=SCORES_AND_ERRORS),
            Column("gap_high", "DOUBLE", "97.5 % point", unit="points", derived_from=SCORES_AND_ERRORS),
            Column(
                "probability_a_leads",
                "DOUBLE",
                "P(top a > top b)",
                check="probability_a_leads BETWEEN 0 AND 1",
                derived_from=SCORES_AND_ERRORS,
            ),
        ),
        ("snapshot_id", "category", "listing", "country_rule", "country_a", "country_b"),
        checks={"ordered": "gap_low <= gap_median AND gap_median <= gap_high"},
        filled_from=("interval_inputs",),
        topic="gap",
        rule=(
            "A rating is a normal with its published standard error, and ratings are independent (their "
            "covariance is not published). A country's top has the distribution function Π Φ((x − μᵢ)/σᵢ); "
            "the gap's distribution is the convolution of one top with the other mirrored, on a grid, "
            "without random numbers. No row where an eligible model has no published error."
        ),
        filled_by="compute/gap_intervals.py",
        example=(
            "SELECT s.published_on, i.gap_low, i.gap_median, i.gap_high, i.probability_a_leads\n"
            "FROM core.gap_intervals AS i JOIN core.snapshots AS s USING (snapshot_id)\n"
            "WHERE s.board = 'arena_text' AND s.variant = 'style_control' AND i.category = 'overall' ORDER "
            "BY s.published_on DESC LIMIT 3"
        ),
    ),
)

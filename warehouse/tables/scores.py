"""Boards, their snapshots, the scores in them, and what is chosen from these."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, field
from warehouse.tables.schema import Column, Table, refers

TABLES: tuple[Table, ...] = (
    Table(
        "core",
        "boards",
        comment="What each leaderboard measures, in which unit.",
        grain="a board",
        rule="The lines of boards.csv, then the boards that only their source declares.",
        filled_by="builder/reference_frames.py",
        filled_from=("reference/boards.csv", "sources/*.py"),
        columns=columns(
            field("board", "Name of the board, used everywhere"),
            Column("name", "VARCHAR", "Name of the board in prose"),
            Column("unit", "VARCHAR", "What scores are counted in", values=domains.UNITS),
            Column("direction", "VARCHAR", "Which scores are better", values=domains.DIRECTIONS),
            Column("ceiling", "DOUBLE", "Largest possible score", nullable=True),
            Column(
                "chance",
                "DOUBLE",
                "What guessing scores, of questions with answers to choose from; null where answers are free",
                nullable=True,
            ),
            "private kind note",
            field("evidence", "Where this is from", nullable=True),
        ),
        key=("board",),
        checks={"chance is below the ceiling": "chance IS NULL OR (chance > 0 AND chance < ceiling)"},
        example=(
            "SELECT board, name, unit, ceiling, private FROM core.boards WHERE kind = 'agentic' OR kind = "
            "'index' ORDER BY board LIMIT 5"
        ),
    ),
    Table(
        "core",
        "snapshots",
        comment="Snapshots of boards, each a vintage of its ratings. Never subtract scores of two snapshots.",
        columns=columns(
            field("snapshot_id", "source/board/variant/date/first characters of the bytes' sha256"),
            "source_id board variant",
            field("published_on", "Publication day, known from what date_basis says"),
            "date_basis",
            Column(
                "printed_on",
                "DATE",
                "Day that upstream prints, if any; of a table that is filled later, its label",
                nullable=True,
            ),
            "known_at",
            Column("same_as", "VARCHAR", "Snapshot whose figures this one repeats", nullable=True),
            "coverage precision distance anchor anchor_is_standard",
            Column("models", "INTEGER", "Distinct models listed"),
            Column("categories", "INTEGER", "Distinct categories listed"),
            Column("rows", "INTEGER", "Score rows"),
            "input_id",
        ),
        key=("snapshot_id",),
        references=(
            refers("input_id", "meta.inputs"),
            refers("source_id", "meta.sources"),
            refers("board", "core.boards"),
            refers("same_as", "core.snapshots", "snapshot_id"),
        ),
        example=(
            "SELECT published_on, date_basis, source_id, coverage, models, known_at::DATE AS known_on "
            "FROM core.snapshots\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND published_on BETWEEN '2025-02-10' AND "
            "'2025-02-20' ORDER BY published_on, source_id"
        ),
    ),
    Table(
        "core",
        "board_ends",
        comment="Boards that are known to have ended: no publication after that day is to be expected.",
        grain="a board that has ended",
        rule="The lines of board_ends.csv, each with evidence.",
        filled_by="builder/reference_frames.py",
        filled_from=("reference/board_ends.csv",),
        columns=columns(
            "board",
            Column("ended_on", "DATE", "Day of its last publication, or of its replacement"),
            "evidence",
        ),
        key=("board",),
        references=(refers("board", "core.boards"),),
        example="SELECT board, ended_on FROM core.board_ends ORDER BY ended_on, board",
    ),
    Table(
        "core",
        "fixed_scores",
        comment="Scores that define the scale of a board. They have no error.",
        grain="a model whose score on a board is fixed",
        rule=(
            "The lines of fixed_scores.csv. Where a snapshot prints exactly this score for the model, its standard "
            "error in core.scores is 0; upstream prints none."
        ),
        filled_by="builder/reference_frames.py",
        filled_from=("reference/fixed_scores.csv",),
        columns=columns("board model_id", field("score", "The score by definition"), "evidence"),
        key=("board", "model_id"),
        references=(refers("board", "core.boards"), refers("model_id", "core.models")),
        example="SELECT board, model_id, score FROM core.fixed_scores ORDER BY score",
    ),
    Table(
        "core",
        "scores",
        comment="Scores as published, unrounded, with the model each name stands for.",
        columns=columns(
            "snapshot_id category model_name",
            field("model_id", "The model the name stands for; null when unresolved", nullable=True),
            field("organization_name", "Organization as printed", nullable=True),
            Column("license_name", "VARCHAR", "Licence as printed; null is not open", nullable=True),
            field("score", "Score in the board's unit; null when upstream has none", nullable=True),
            Column("score_low", "DOUBLE", "Published lower bound (95 %)", nullable=True),
            Column("score_high", "DOUBLE", "Published upper bound (95 %)", nullable=True),
            "standard_error votes",
            Column("rank", "INTEGER", "Rank as printed", nullable=True),
            "released_on",
            "basis",
            "is_ambiguous",
            Column("is_public", "BOOLEAN", "Could people use the model on published_on? Unknown is public"),
            Column(
                "is_known_public", "BOOLEAN", "Is it a fact that people could use the model on published_on?"
            ),
        ),
        key=("snapshot_id", "category", "model_name"),
        key_in_ddl=False,
        references=(
            refers("snapshot_id", "core.snapshots"),
            refers("model_id", "core.models"),
        ),
        example=(
            "SELECT model_name, organization_name, score, standard_error, votes, is_public FROM "
            "core.scores\n"
            "WHERE snapshot_id LIKE 'lmarena_hf/arena_text/style_control/2026-08-03/%' AND category = "
            "'overall' ORDER BY score DESC LIMIT 4"
        ),
    ),
    Table(
        "core",
        "snapshot_categories",
        comment="What each snapshot lists, by category.",
        columns=columns(
            "snapshot_id category is_ambiguous listed_models lowest_score highest_unlisted",
            Column(
                "errors_from",
                "VARCHAR",
                "Snapshot whose standard errors count: itself, or a copy where it prints none; null where no copy does",
                nullable=True,
            ),
        ),
        key=("snapshot_id", "category"),
        key_in_ddl=False,
        references=(
            refers("snapshot_id", "core.snapshots"),
            refers("errors_from category", "core.snapshot_categories", "snapshot_id category"),
        ),
        example=(
            "SELECT category, listed_models, lowest_score FROM core.snapshot_categories\n"
            "WHERE snapshot_id LIKE 'lmarena_hf/arena_text/style_control/2026-08-03/%' AND category IN "
            "('overall', 'coding', 'chinese', 'math') ORDER BY category"
        ),
    ),
    Table(
        "core",
        "ambiguous_rows",
        comment="Rows that upstream prints more than once, with different figures and nothing that distinguishes them.",
        columns=columns(
            "snapshot_id category model_name",
            Column("occurrence", "INTEGER", "1, 2, … by score, descending"),
            field("score", "Score as printed", nullable=True),
            field("votes", "Votes as printed"),
            Column("extra", "VARCHAR", "What else was printed, as JSON", nullable=True),
        ),
        key=("snapshot_id", "category", "model_name", "occurrence"),
        may_be_empty=True,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT model_name, occurrence, score FROM core.ambiguous_rows\n"
            "WHERE snapshot_id LIKE 'epoch_benchmarks/swe_bench_verified/%' ORDER BY model_name, "
            "occurrence LIMIT 4"
        ),
    ),
    Table(
        "core",
        "publications",
        comment="Which snapshot stands for each day: the most complete whole one, then the most official.",
        columns=columns(
            "board variant category",
            field("published_on", "The day"),
            field("snapshot_id", "The snapshot that stands for the day"),
            field("is_ambiguous", "Every snapshot of the day is quarantined in this category"),
            Column(
                "is_last_of_day",
                "BOOLEAN",
                "False for a day only bounded (not_after) that a printed one of the same day follows",
            ),
            "listed_models lowest_score",
            Column("candidates", "INTEGER", "Snapshots of several sources or fetches to choose from"),
        ),
        key=("board", "variant", "category", "published_on", "snapshot_id"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT published_on, snapshot_id, listed_models, candidates FROM core.publications\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND published_on "
            "BETWEEN '2025-03-10' AND '2025-03-31' ORDER BY published_on"
        ),
    ),
    Table(
        "core",
        "missing_leaders",
        comment="Leaders that one publication lacks, though those before and after it list them.",
        columns=columns(
            "board variant published_on",
            field("snapshot_id", "The snapshot that lacks the model"),
            Column("earlier_on", "DATE", "Day of the publication before it"),
            Column("later_on", "DATE", "Day of the publication after it"),
            "country",
            field("model_id", "Identity of the model, see core.models"),
            Column("place", "INTEGER", "1 to 5: place of the model among those of its country on earlier_on"),
        ),
        key=("snapshot_id", "country", "model_id"),
        may_be_empty=True,
        references=(refers("snapshot_id", "core.snapshots"), refers("model_id", "core.models")),
        example=(
            "SELECT published_on, variant, country, model_id, place, later_on FROM core.missing_leaders\n"
            "WHERE board = 'arena_text' ORDER BY published_on DESC, variant, country, place LIMIT 5"
        ),
    ),
    Table(
        "core",
        "month_snapshots",
        comment="Which publication stands for each month under the month rule.",
        columns=columns(
            "board variant category month month_rule published_on",
            field("snapshot_id", "The snapshot that stands for the month"),
            "is_ambiguous listed_models lowest_score",
        ),
        key=("board", "variant", "category", "month", "month_rule"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT month, month_rule, published_on, listed_models FROM core.month_snapshots\n"
            "WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND month = "
            "'2025-02-01' ORDER BY month_rule"
        ),
    ),
    Table(
        "core",
        "country_leaders",
        comment="The top of each country, for every snapshot, under one listing and one country rule.",
        columns=columns(
            "snapshot_id category listing country_rule country",
            field("model_name", "Name of the leader as printed"),
            field("model_id", "Identity of the leader, see core.models"),
            field("score", "Score of the leader"),
            field(
                "standard_error", "Standard error of the score, as core.snapshot_categories.errors_from says"
            ),
            "basis",
            Column("eligible_models", "INTEGER", "Models of the country that could lead"),
        ),
        key=("snapshot_id", "category", "listing", "country_rule", "country"),
        key_in_ddl=False,
        references=(refers("snapshot_id category model_name", "core.scores"),),
        example=(
            "SELECT country, model_name, score, eligible_models FROM core.country_leaders\n"
            "WHERE snapshot_id LIKE 'lmarena_hf/arena_text/style_control/2026-08-03/%' AND category = "
            "'overall' AND listing = 'any' AND country_rule = 'hq'\n"
            "ORDER BY score DESC LIMIT 5"
        ),
    ),
    Table(
        "core",
        "first_listed",
        comment="When a board first listed each model, in any variant and by any source.",
        columns=columns(
            "board model_id",
            Column("first_listed_on", "DATE", "Earliest publication day that lists it"),
            field("snapshot_id", "A snapshot of that day"),
        ),
        key=("board", "model_id"),
        references=(
            refers("model_id", "core.models"),
            refers("snapshot_id", "core.snapshots"),
        ),
        example=(
            "SELECT model_id, first_listed_on FROM core.first_listed\n"
            "WHERE board = 'arena_text' AND model_id LIKE 'deepseek-r1%' ORDER BY first_listed_on"
        ),
    ),
)

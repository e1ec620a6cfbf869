"""Where the figures come from, how fresh they are, and which names are not resolved."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, field, nullable
from warehouse.tables.schema import Column, Table, refers

TABLES: tuple[Table, ...] = (
    Table(
        "meta",
        "sources",
        comment="Where figures come from, whose they are and under what licence.",
        grain="a source",
        rule=(
            "What each module of sources/ declares of its source: whose figures, where, under which "
            "licence, and whether they may ship."
        ),
        filled_by="builder/meta_frames.py",
        filled_from=("sources/*.py",),
        columns=columns(
            field("source_id", "Name of the source, used everywhere"),
            Column("title", "VARCHAR", "What the source publishes"),
            Column("producer", "VARCHAR", "Whose figures they are"),
            Column("mirror", "VARCHAR", "Who copied them, if not the producer", nullable=True),
            Column("address", "VARCHAR", "Where the figures are"),
            Column("citation", "VARCHAR", "How to cite them"),
            Column("licence", "VARCHAR", "Licence of the figures"),
            Column("licence_address", "VARCHAR", "Where the text of the licence is", nullable=True),
            Column("redistributable", "BOOLEAN", "May the figures ship with this project?"),
            Column("redistribution_note", "VARCHAR", "Why they may or may not"),
            Column(
                "share_alike",
                "BOOLEAN",
                "Must what is made of the figures be passed on under their licence? Rows of boards with such a source "
                "lie in files of their own in an export",
            ),
            field("coverage", "How much of a board one publication shows"),
            Column(
                "basis",
                "VARCHAR",
                "Who measured the scores; core.scores says so for each",
                values=domains.BASES,
            ),
            "precision distance",
            Column(
                "every_change_until",
                "DATE",
                "The shipped history holds every change of upstream up to this day; null where it is a selection",
                nullable=True,
            ),
        ),
        key=("source_id",),
        example=(
            "SELECT source_id, producer, mirror, licence FROM meta.sources\n"
            "WHERE source_id LIKE '%arena%' AND distance <= 1 ORDER BY source_id"
        ),
    ),
    Table(
        "meta",
        "inputs",
        comment="What the release was built from: entries of the shipped history and receipts of the archive.",
        grain="one set of bytes this release was built from",
        rule=(
            "One row for each set of bytes read: what the manifest of the shipped history lists, and what "
            "is in the archive only. Bytes that both have are listed once."
        ),
        filled_by="builder/meta_frames.py",
        filled_from=("observations",),
        columns=columns(
            field("input_id", "source/request/known day/first characters of sha256"),
            "source_id request",
            Column("held_in", "VARCHAR", "Where the bytes are", values=domains.HOLDINGS),
            "sha256",
            Column("size", "BIGINT", "Length of the bytes", unit="bytes"),
            "file_name",
            Column("address", "VARCHAR", "Where the bytes are or were"),
            "known_at",
            Column("rows", "BIGINT", "Rows parsed"),
        ),
        key=("input_id",),
        references=(refers("source_id", "meta.sources"),),
        example=(
            "SELECT source_id, held_in, count(*) AS inputs, sum(rows)::BIGINT AS rows, "
            "max(known_at)::DATE AS newest FROM meta.inputs\n"
            "WHERE source_id LIKE 'arena%' GROUP BY ALL ORDER BY source_id"
        ),
    ),
    Table(
        "meta",
        "set_aside",
        comment="Rows and cells of upstream's tables that cannot be read or cannot be, each with its reason.",
        columns=columns(
            "input_id source_id",
            Column("row", "BIGINT", "Place in upstream's table, from 1"),
            Column("name", "VARCHAR", "The model or chip in it, as far as it can be read"),
            Column("column_name", "VARCHAR", "The cell that cannot be read or cannot be"),
            Column("found", "VARCHAR", "What stands there"),
            Column("expected", "VARCHAR", "What should"),
            Column("is_cell", "BOOLEAN", "Only the cell counts as not printed: the row is in the tables"),
            Column("rows", "BIGINT", "Rows with the same fault, of which this is the first"),
        ),
        key=("input_id", "row", "name", "column_name", "found", "expected", "is_cell"),
        references=(refers("input_id", "meta.inputs"), refers("source_id", "meta.sources")),
        may_be_empty=True,
        example=(
            "SELECT count(DISTINCT source_id) AS sources, count(*) FILTER (NOT is_cell) AS lines_of_rows, "
            "count(*) FILTER (is_cell) AS lines_of_cells FROM meta.set_aside"
        ),
    ),
    Table(
        "meta",
        "held",
        comment="What is left out of an archived body, once was, or is missing from it, and why.",
        grain="a series of a body",
        rule=(
            "Rows that do not fit the figures known before are held back alone until a person releases them (aigap "
            "archive release). A body can also be rejected (aigap archive reject)."
        ),
        filled_by="builder/meta_frames.py",
        filled_from=("archive", "observations"),
        columns=columns(
            "source_id request sha256 file_name known_at",
            Column("series", "VARCHAR", "The rows: board/variant/category, or everything"),
            Column("state", "VARCHAR", "Whether they count", values=domains.HELD_STATES),
            Column("reason", "VARCHAR", "What was found, and what was known before"),
            Column("selector", "VARCHAR", "The rows, as JSON: column → value; {} for all"),
            field("input_id", nullable=True),
            Column("held_at", "TIMESTAMP", "When they were held back (UTC)", nullable=True),
            Column("decided_at", "TIMESTAMP", "When they were released or rejected (UTC)", nullable=True),
            Column("decision_reason", "VARCHAR", "Why they were released or rejected", nullable=True),
        ),
        key=("source_id", "request", "sha256", "series", "state"),
        references=(refers("source_id", "meta.sources"),),
        may_be_empty=True,
        example="SELECT count(*) AS held FROM meta.held WHERE state = 'held'",
    ),
    Table(
        "meta",
        "source_status",
        comment="How fresh each source is, as of its newest stored bytes.",
        columns=columns(
            "source_id",
            Column("inputs", "BIGINT", "Inputs stored"),
            Column("last_fetch", "TIMESTAMP", "known_at of the newest bytes", nullable=True, volatile=True),
            Column(
                "last_change",
                "TIMESTAMP",
                "known_at of the newest bytes that brought new figures",
                nullable=True,
            ),
            Column("last_published_on", "DATE", "Newest publication day stored", nullable=True),
            Column(
                "is_repeating", "BOOLEAN", "The newest bytes repeat figures already known under an older date"
            ),
            Column(
                "next_expected",
                "TIMESTAMP",
                "last_fetch plus the source's cadence",
                nullable=True,
                volatile=True,
            ),
            Column(
                "last_error", "VARCHAR", "Why the newest body was not accepted", nullable=True, volatile=True
            ),
        ),
        key=("source_id",),
        references=(refers("source_id", "meta.sources"),),
        example=(
            "SELECT source_id, last_fetch::DATE AS last_fetch, last_published_on, is_repeating, "
            "next_expected::DATE AS next_expected\n"
            "FROM meta.source_status WHERE inputs > 0 ORDER BY next_expected LIMIT 4"
        ),
    ),
    Table(
        "meta",
        "board_status",
        comment="How fresh each board is, by its own rhythm.",
        columns=columns(
            "board variant",
            Column("publications", "BIGINT", "Days with new figures"),
            Column("last_published_on", "DATE", "Newest day with new figures"),
            Column(
                "rhythm_days",
                "INTEGER",
                "Longest usual interval between days with new figures",
                nullable=True,
                unit="days",
            ),
            Column("state", "VARCHAR", "Whether new figures are expected", values=domains.BOARD_STATES),
            Column("expected_on", "DATE", "By when new figures are usual", nullable=True),
            Column("overdue_after", "DATE", "After this day the board is overdue", nullable=True),
            Column("source_ids", "VARCHAR[]", "Sources that have the board and may still change"),
        ),
        key=("board", "variant"),
        checks={"expected_or_not": "(state = 'expected') = (overdue_after IS NOT NULL)"},
        references=(refers("board", "core.boards"),),
        example=(
            "SELECT board, variant, last_published_on, rhythm_days, overdue_after FROM meta.board_status\n"
            "WHERE state = 'expected' ORDER BY overdue_after DESC LIMIT 5"
        ),
    ),
    Table(
        "meta",
        "coverage",
        comment=(
            "Which months of which boards are held: observed or not, with an interval or not, from whom, and why not."
        ),
        columns=columns(
            "board variant month",
            Column("is_observed", "BOOLEAN", "The month has a gap, from a publication that is new in it"),
            Column("has_interval", "BOOLEAN", "It is observed, and its gap has a 95 % interval"),
            "status",
            Column(
                "reason", "VARCHAR", "Why it is not observed", nullable=True, values=domains.COVERAGE_REASONS
            ),
            Column("new_publications", "INTEGER", "Publications of the month that are new in it"),
            field("source_id", "Source of the gap", nullable=True),
            Column(
                "sources", "VARCHAR[]", "All sources that print figures published in the month, copies too"
            ),
            nullable("published_on"),
            "days_before_month_end month_is_open",
            Column(
                "is_self_reported",
                "BOOLEAN",
                "Only makers themselves report on this board: to be counted apart from measured boards",
            ),
            Column(
                "board_stands_still",
                "BOOLEAN",
                "The board has not ended, and nothing of the newest three months is observed, in any variant",
            ),
        ),
        key=("board", "variant", "month"),
        checks={
            "observed_or_why_not": "is_observed = (reason IS NULL)",
            "interval_needs_a_gap": "is_observed OR NOT has_interval",
        },
        references=(refers("source_id", "meta.sources"), refers("board", "core.boards")),
        filled_in="marts",
        example=(
            "SELECT board, variant, count(*) FILTER (is_observed) AS observed, count(*) FILTER (has_interval) AS "
            "with_interval, count(*) AS months\nFROM meta.coverage GROUP BY ALL ORDER BY observed DESC, board LIMIT 5"
        ),
    ),
    Table(
        "meta",
        "unresolved_models",
        comment="Printed names that could not be resolved by name, and where they stood.",
        columns=columns(
            field("source_id", "Source that printed it"),
            "model_name organization_name",
            field(
                "resolution",
                values={name: domains.RESOLUTIONS[name] for name in ("organization", "unresolved")},
            ),
            Column("first_seen", "DATE", "First publication day"),
            Column("last_seen", "DATE", "Last publication day"),
            Column("snapshots", "BIGINT", "Snapshots that list it"),
            Column("best_rank", "BIGINT", "Best place by score in any snapshot and category"),
            Column("best_score", "DOUBLE", "Score at that place", nullable=True),
            Column("best_where", "VARCHAR", "Snapshot and category of that place"),
            Column(
                "margin_to_top",
                "DOUBLE",
                "Score less the lowest top of a compared country, at its closest; at or above 0 it could lead",
                nullable=True,
                unit="points",
            ),
            Column(
                "blocks_release",
                "BOOLEAN",
                "Nothing is known of it, and it could change the top of a compared country: see meta.withheld",
            ),
            Column("reason", "VARCHAR", "Why it is knowingly unresolved, if it is", nullable=True),
            Column("csv_line", "VARCHAR", "The line for models.csv that would resolve it"),
        ),
        key=("source_id", "model_name", "organization_name"),
        may_be_empty=True,
        example=(
            "SELECT source_id, model_name, resolution, best_rank, margin_to_top, reason FROM "
            "meta.unresolved_models\n"
            "WHERE resolution = 'unresolved' ORDER BY margin_to_top DESC LIMIT 3"
        ),
    ),
    Table(
        "meta",
        "withheld",
        comment=(
            "What is left out of this release because it is doubtful, with the reason and what to do. The month's last "
            "good publication stands for it, else its status is withheld."
        ),
        columns=columns(
            field("snapshot_id", "Snapshot; of another list its input"),
            "category",
            Column("reason", "VARCHAR", "Why it is left out", values=domains.WITHHELD_REASONS),
            field("model_name", "Model it is about, as printed; empty when it is about no single one"),
            "organization_name",
            Column("score", "DOUBLE", "Score of the model there", nullable=True),
            "board variant published_on source_id input_id",
            Column("csv_file", "VARCHAR", "Reference table in which one line mends it", nullable=True),
            Column("csv_line", "VARCHAR", "That line; what only a person knows stands in <>", nullable=True),
            Column("message", "VARCHAR", "What was found and what to do"),
        ),
        key=("snapshot_id", "category", "reason", "model_name", "organization_name"),
        references=(refers("input_id", "meta.inputs"),),
        may_be_empty=True,
        example="SELECT count(*) AS withheld FROM meta.withheld",
    ),
    Table(
        "meta",
        "identity_coverage",
        comment="How far the printed names of each source are resolved.",
        columns=columns(
            "source_id",
            Column("names", "BIGINT", "Distinct printed model names"),
            Column("by_name", "BIGINT", "Names that the reference tables have"),
            Column("by_organization", "BIGINT", "Names of which only the maker is known"),
            Column("knowingly_unresolved", "BIGINT", "Names listed in known_unresolved.csv, with the reason"),
            Column("unresolved", "BIGINT", "Names of which nothing is known"),
        ),
        key=("source_id",),
        references=(refers("source_id", "meta.sources"),),
        example=(
            "SELECT source_id, names, by_name, by_organization, knowingly_unresolved, unresolved FROM "
            "meta.identity_coverage\n"
            "ORDER BY names DESC LIMIT 4"
        ),
    ),
)

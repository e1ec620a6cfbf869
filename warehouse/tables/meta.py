"""Tables of ``meta``: sources, inputs, checks, unresolved names, parameters, the release itself."""

from __future__ import annotations

from warehouse.tables.fields import one_of
from warehouse.tables.schema import EVERY_TABLE, Column, Table

META: tuple[Table, ...] = (
    Table(
        "meta",
        "sources",
        "a source",
        "Where figures come from, whose they are and under what licence.",
        (
            Column("source_id", "VARCHAR", "Name used everywhere", derived_from=("sources/*.py.id",)),
            Column("title", "VARCHAR", "What it publishes"),
            Column("producer", "VARCHAR", "Whose figures"),
            Column("mirror", "VARCHAR", "Who copied them, if not the producer", nullable=True),
            Column("address", "VARCHAR", "Where"),
            Column("citation", "VARCHAR", "How to cite"),
            Column("licence", "VARCHAR", "Licence of the figures"),
            Column("licence_address", "VARCHAR", "Its text", nullable=True),
            Column("redistributable", "BOOLEAN", "May the figures ship with this project?"),
            Column("redistribution_note", "VARCHAR", "Why"),
            Column("coverage", "VARCHAR", "whole, truncated or leaders"),
            Column("precision", "VARCHAR", "full or rounded"),
            Column("distance", "INTEGER", "0 is upstream itself"),
        ),
        ("source_id",),
        filled_from=("sources/*.py",),
        topic="provenance",
        rule=(
            "What each module of sources/ declares of its source: whose figures, where, under which "
            "licence, and whether they may ship."
        ),
        filled_by="builder/core.py",
        example=(
            "SELECT source_id, producer, mirror, licence FROM meta.sources\n"
            "WHERE source_id LIKE '%arena%' AND distance <= 1 ORDER BY source_id"
        ),
    ),
    Table(
        "meta",
        "inputs",
        "one set of bytes this release was built from",
        "Manifest entries of the shipped history and receipts of the archive.",
        (
            Column("input_id", "VARCHAR", "source/request/known day/first characters of sha256"),
            Column("source_id", "VARCHAR", "Source"),
            Column("request", "VARCHAR", "What was asked for"),
            Column(
                "held_in",
                "VARCHAR",
                "history: shipped figures; archive: bytes kept here",
                check=one_of("held_in", ("history", "archive")),
            ),
            Column("sha256", "VARCHAR", "Of the uncompressed bytes", check="length(sha256) = 64"),
            Column("size", "BIGINT", "Length of the bytes", unit="bytes"),
            Column("file_name", "VARCHAR", "Name of the raw file", nullable=True),
            Column("address", "VARCHAR", "Where the bytes are or were"),
            Column("known_at", "TIMESTAMP", "When the bytes were known (UTC)"),
            Column("rows", "BIGINT", "Rows parsed"),
        ),
        ("input_id",),
        references=((("source_id",), "meta.sources", ("source_id",)),),
        filled_from=("observations",),
        topic="provenance",
        rule=(
            "One row for each set of bytes read: what the manifest of the shipped history lists, and what "
            "lies in the archive beyond it. Bytes that both hold are listed once."
        ),
        filled_by="builder/inputs.py",
        example=(
            "SELECT source_id, held_in, count(*) AS inputs, sum(rows)::BIGINT AS rows, max(known_at)::DATE "
            "AS newest FROM meta.inputs\n"
            "WHERE source_id LIKE 'arena%' GROUP BY ALL ORDER BY source_id"
        ),
    ),
    Table(
        "meta",
        "source_status",
        "a source",
        "How fresh each source is, as of the newest bytes held.",
        (
            Column("source_id", "VARCHAR", "Source"),
            Column("inputs", "BIGINT", "Sets of bytes held"),
            # A fetch that brings the same bytes again moves these, and makes no other release.
            Column("last_fetch", "TIMESTAMP", "Newest known_at", nullable=True, volatile=True),
            Column(
                "last_change",
                "TIMESTAMP",
                "known_at of the newest bytes that brought new figures",
                nullable=True,
            ),
            Column("last_published_on", "DATE", "Newest publication day held", nullable=True),
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
                "last_error",
                "VARCHAR",
                "Why the newest body was not accepted",
                nullable=True,
                volatile=True,
            ),
        ),
        ("source_id",),
        references=((("source_id",), "meta.sources", ("source_id",)),),
        topic="provenance",
        rule=(
            "Newest bytes, newest figures and newest publication day of each source; next_expected is the "
            "newest fetch plus the source's own cadence. No clock is read: what is overdue is for the "
            "reader to say."
        ),
        example=(
            "SELECT source_id, last_fetch::DATE AS last_fetch, last_published_on, is_repeating, "
            "next_expected::DATE AS next_expected\n"
            "FROM meta.source_status WHERE inputs > 0 ORDER BY next_expected LIMIT 4"
        ),
    ),
    Table(
        "meta",
        "unresolved_models",
        "a printed name and organization that the reference tables do not know by name",
        "What identity could not resolve, and where it stood.",
        (
            Column("source_id", "VARCHAR", "Source that printed it"),
            Column("model_name", "VARCHAR", "Name as printed"),
            Column("organization_name", "VARCHAR", "Organization as printed; empty when none"),
            Column("resolution", "VARCHAR", "organization: its maker is known; unresolved: nothing is"),
            Column("first_seen", "DATE", "First publication day"),
            Column("last_seen", "DATE", "Last publication day"),
            Column("snapshots", "BIGINT", "Snapshots that list it"),
            Column("best_rank", "BIGINT", "Best place by score in any snapshot and category"),
            Column("best_score", "DOUBLE", "Score at that place", nullable=True),
            Column("best_where", "VARCHAR", "Snapshot and category of that place"),
            Column(
                "margin_to_top",
                "DOUBLE",
                "Score less the lowest top of a compared country, at its closest; at or above 0 stops a release",
                nullable=True,
                unit="points",
            ),
            Column(
                "blocks_release",
                "BOOLEAN",
                "Nothing is known of it and it could change a compared country's top",
            ),
            Column("reason", "VARCHAR", "Why it is knowingly unresolved, if it is", nullable=True),
            Column("csv_line", "VARCHAR", "The line to add to warehouse/reference/models.csv"),
        ),
        ("source_id", "model_name", "organization_name"),
        topic="provenance",
        rule=(
            "Printed names that models.csv does not hold, with the best place they ever stood at. A name of "
            "which nothing is known stops the release when its score reaches the lower of the two compared "
            "countries' tops anywhere."
        ),
        example=(
            "SELECT source_id, model_name, resolution, best_rank, margin_to_top, reason FROM "
            "meta.unresolved_models\n"
            "WHERE resolution = 'unresolved' ORDER BY margin_to_top DESC LIMIT 3"
        ),
    ),
    Table(
        "meta",
        "identity_coverage",
        "a source",
        "How far the printed names of each source are resolved.",
        (
            Column("source_id", "VARCHAR", "Source"),
            Column("names", "BIGINT", "Distinct printed model names"),
            Column("by_name", "BIGINT", "Resolved by name"),
            Column("by_organization", "BIGINT", "Only the maker is known"),
            Column("knowingly_unresolved", "BIGINT", "Listed in known_unresolved.csv with the reason"),
            Column("unresolved", "BIGINT", "Nothing is known"),
        ),
        ("source_id",),
        references=((("source_id",), "meta.sources", ("source_id",)),),
        topic="provenance",
        rule="Counts the distinct names each source has printed by how they were resolved.",
        example=(
            "SELECT source_id, names, by_name, by_organization, knowingly_unresolved, unresolved FROM "
            "meta.identity_coverage\n"
            "ORDER BY names DESC LIMIT 4"
        ),
    ),
    Table(
        "meta",
        "parameters",
        "a parameter",
        "Choices the default marts are computed with.",
        (
            Column("name", "VARCHAR", "Parameter"),
            Column("value", "VARCHAR", "Its value"),
            Column("comment", "VARCHAR", "What it decides"),
        ),
        ("name",),
        filled_from=("reference/parameters.csv",),
        topic="provenance",
        rule=(
            "The lines of parameters.csv. `aigap recompute --set NAME=VALUE` computes the marts under "
            "others, in a file of their own."
        ),
        filled_by="builder/core.py",
        example=(
            "SELECT name, value, comment FROM meta.parameters WHERE name IN ('country_a', 'country_b', "
            "'month_rule', 'listing', 'country_rule')\n"
            "ORDER BY name"
        ),
    ),
    Table(
        "meta",
        "checks",
        "a check",
        "Every check this release went through.",
        (
            Column("check_name", "VARCHAR", "Name"),
            Column("severity", "VARCHAR", "block or warn", check=one_of("severity", ("block", "warn"))),
            Column("passed", "BOOLEAN", "No failing rows"),
            Column("failing_rows", "BIGINT", "How many"),
            # "First" of rows that a query returns in no order of its own.
            Column("sample", "VARCHAR", "First failing rows, as JSON", nullable=True, volatile=True),
            Column("query", "VARCHAR", "SQL that returns the failing rows"),
        ),
        ("check_name",),
        filled_from=EVERY_TABLE,
        topic="provenance",
        rule=(
            "Every check is a query for the rows that break a rule: keys and references follow from the "
            "declarations, the others are files of warehouse/checks. A check that blocks and finds rows "
            "keeps the release from being published."
        ),
        filled_by="builder/checks.py",
        example=(
            "SELECT check_name, severity, passed, failing_rows FROM meta.checks\n"
            "WHERE check_name LIKE '%near_top' OR check_name LIKE 'gap%' ORDER BY check_name"
        ),
    ),
    Table(
        "meta",
        "release",
        "this release",
        "What this file is: schema version and the hash of everything it was built from.",
        (
            Column("schema_version", "VARCHAR", "Version of the published tables"),
            Column("input_hash", "VARCHAR", "sha256 over inputs, reference tables and code"),
            Column("inputs", "BIGINT", "Sets of bytes"),
            Column(
                "latest_month",
                "DATE",
                "Latest month of any arena snapshot",
                derived_from=("core.snapshots.published_on",),
            ),
            Column("project_version", "VARCHAR", "Version of aigap"),
            Column(
                "run_id",
                "VARCHAR",
                "Dagster run that built it; null outside Dagster",
                nullable=True,
                volatile=True,
            ),
            Column(
                "as_of",
                "DATE",
                "Built from what was known at the end of this day; null: of all",
                nullable=True,
            ),
        ),
        ("input_hash",),
        filled_from=("meta.inputs", "core.snapshots"),
        topic="provenance",
        rule=(
            "Written at the end of the core step. The hash covers the inputs, the reference tables and the "
            "code: equal hashes mean equal tables."
        ),
        filled_by="builder/core.py",
        example="SELECT schema_version, latest_month FROM meta.release",
    ),
    Table(
        "meta",
        "runs",
        "a release kept when this one was published, or this one",
        "Which run built which release.",
        (
            Column("release", "VARCHAR", "Name of the release, as `aigap releases` lists it"),
            Column("run_id", "VARCHAR", "Dagster run that built it; null outside Dagster", nullable=True),
            Column("input_hash", "VARCHAR", "sha256 over its inputs, reference tables and code"),
            Column("published_at", "TIMESTAMP", "When it was published (UTC)"),
            Column("replaced", "VARCHAR", "What was published before it", nullable=True),
        ),
        ("release",),
        volatile=True,
        topic="provenance",
        rule=(
            "Written when the release is published: it and those kept beside it, each with the run that built it, as "
            "the web UI of Dagster lists it."
        ),
        filled_by="builder/steps.py",
        example="SELECT count(*) > 0 AS has_runs FROM meta.release LEFT JOIN meta.runs USING (input_hash)",
    ),
    Table(
        "meta",
        "columns",
        "a column of a published table",
        "The dictionary: what each column means.",
        (
            Column("table_name", "VARCHAR", "Table with schema"),
            Column("column_name", "VARCHAR", "Column"),
            Column("position", "INTEGER", "Place in the table"),
            Column("data_type", "VARCHAR", "DuckDB type"),
            Column("nullable", "BOOLEAN", "May it be null?"),
            Column("unit", "VARCHAR", "Unit, if it has one", nullable=True),
            Column("comment", "VARCHAR", "Meaning"),
            Column("is_key", "BOOLEAN", "Part of the key"),
            Column(
                "derived_from",
                "VARCHAR[]",
                "What its values are computed from, as schema.table.column, or a column of observations, "
                "reference/<table>.csv, sources/*.py or archive; empty for a constant or a count",
            ),
        ),
        ("table_name", "column_name"),
        topic="provenance",
        rule="The declaration of every published table, as rows.",
        filled_by="builder/core.py",
        example=(
            "SELECT column_name, data_type, nullable, unit, comment FROM meta.columns\n"
            "WHERE table_name = 'main.monthly_gap' AND column_name LIKE 'gap_p%' ORDER BY position"
        ),
    ),
    Table(
        "meta",
        "errata",
        "a correction of a published figure",
        "Corrections: what was published, what is right, since when.",
        (
            Column("erratum_id", "VARCHAR", "Name"),
            Column("table_name", "VARCHAR", "Where the wrong figure was"),
            Column("what_was_wrong", "VARCHAR", "The published figure and its place"),
            Column("correction", "VARCHAR", "The right one and why"),
            Column("corrected_on", "DATE", "Day of the correction"),
        ),
        ("erratum_id",),
        filled_from=("reference/errata.csv",),
        topic="provenance",
        rule=(
            "The lines of errata.csv: figures that this project has published wrongly. Empty when nothing "
            "had to be corrected."
        ),
        filled_by="builder/core.py",
        example="SELECT count(*) AS corrections FROM meta.errata",
    ),
)

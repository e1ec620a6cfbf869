"""What this release is, and how it was checked."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, field
from warehouse.tables.schema import EVERY_TABLE, Column, Table

TABLES: tuple[Table, ...] = (
    Table(
        "meta",
        "release",
        comment="What this file is: schema version and the hash of everything it was built from.",
        grain="this release",
        rule=(
            "Written at the end of the core step. The hash covers the inputs, the reference tables and "
            "the code: equal hashes mean equal tables."
        ),
        filled_by="builder/meta_frames.py",
        filled_from=("meta.inputs", "core.snapshots"),
        columns=columns(
            Column("schema_version", "VARCHAR", "Version of the published tables"),
            "input_hash",
            Column("inputs", "BIGINT", "Sets of bytes it was built from"),
            Column("latest_month", "DATE", "Latest month of any arena snapshot"),
            Column("project_version", "VARCHAR", "Version of aigap"),
            field("run_id", volatile=True),
            Column(
                "as_of",
                "DATE",
                "Built from what was known at the end of this day; null when from everything",
                nullable=True,
            ),
            Column(
                "left_out",
                "VARCHAR[]",
                "Sources whose inputs were left out on request (aigap refresh --except)",
            ),
        ),
        key=("input_hash",),
        example="SELECT schema_version, latest_month FROM meta.release",
    ),
    Table(
        "meta",
        "runs",
        comment="Which Dagster run built which release.",
        grain="a release kept when this one was published, or this one",
        rule=(
            "Written when the release is published: it and the other releases kept, each with the run that "
            "built it, as the web UI of Dagster lists it."
        ),
        filled_by="builder/steps.py",
        columns=columns(
            Column("release", "VARCHAR", "Name of the release, as `aigap releases` lists it"),
            "run_id input_hash",
            Column("published_at", "TIMESTAMP", "When it was published (UTC)"),
            Column("replaced", "VARCHAR", "What was published before it", nullable=True),
        ),
        key=("release",),
        volatile=True,
        example="SELECT count(*) > 0 AS has_runs FROM meta.release LEFT JOIN meta.runs USING (input_hash)",
    ),
    Table(
        "meta",
        "checks",
        comment="Every check that was run on this release.",
        grain="a check",
        rule=(
            "Every check is a query for the rows that break a rule: keys and references follow from the "
            "declarations, the others are files of warehouse/checks. A check that blocks and finds rows "
            "keeps the release from being published."
        ),
        filled_by="builder/checks.py",
        filled_from=EVERY_TABLE,
        columns=columns(
            Column("check_name", "VARCHAR", "Name of the check"),
            Column("severity", "VARCHAR", "What a failure does", values=domains.SEVERITIES),
            Column("passed", "BOOLEAN", "True when no row breaks the rule"),
            Column("failing_rows", "BIGINT", "How many rows break the rule"),
            Column("sample", "VARCHAR", "First failing rows, as JSON", nullable=True, volatile=True),
            Column("query", "VARCHAR", "SQL that returns the failing rows"),
        ),
        key=("check_name",),
        example=(
            "SELECT check_name, severity, passed, failing_rows FROM meta.checks\n"
            "WHERE check_name LIKE '%near_top' OR check_name LIKE 'gap%' ORDER BY check_name"
        ),
    ),
    Table(
        "meta",
        "parameters",
        comment="The parameters of the release.",
        grain="a parameter",
        rule=(
            "The lines of parameters.csv. `aigap recompute --set NAME=VALUE` computes the marts under "
            "others, in a file of their own."
        ),
        filled_by="builder/fillers.py",
        filled_from=("reference/parameters.csv",),
        columns=columns(
            Column("name", "VARCHAR", "Name of the parameter"),
            Column("value", "VARCHAR", "Value of the parameter"),
            Column("comment", "VARCHAR", "What it decides"),
        ),
        key=("name",),
        example=(
            "SELECT name, value, comment FROM meta.parameters WHERE name IN ('country_a', 'country_b', "
            "'month_rule', 'listing', 'country_rule')\n"
            "ORDER BY name"
        ),
    ),
    Table(
        "meta",
        "errata",
        comment="Corrections: what was published, what is right, and since when.",
        grain="a correction of a published figure",
        rule=(
            "The lines of errata.csv: figures that this project has published wrongly. Empty when nothing "
            "had to be corrected."
        ),
        filled_by="builder/reference_frames.py",
        filled_from=("reference/errata.csv",),
        columns=columns(
            Column("erratum_id", "VARCHAR", "Name of the correction"),
            Column("table_name", "VARCHAR", "Where the wrong figure was"),
            Column("what_was_wrong", "VARCHAR", "The published figure and its place"),
            Column("correction", "VARCHAR", "The right one and why"),
            Column("corrected_on", "DATE", "Day of the correction"),
        ),
        key=("erratum_id",),
        example="SELECT count(*) AS corrections FROM meta.errata",
    ),
    Table(
        "meta",
        "definitions",
        comment="The method: what each term and measure means, how it is computed, and what it tells.",
        grain="a term or measure",
        rule="The entries of warehouse/definitions.toml, from which docs/method.md is written too.",
        filled_by="builder/meta_frames.py",
        columns=columns(
            Column("measure", "VARCHAR", "Name of the term or measure"),
            Column("section", "VARCHAR", "Heading in docs/method.md"),
            Column("position", "INTEGER", "Place in docs/method.md, from 1"),
            Column("columns", "VARCHAR[]", "Where it stands: schema.table or schema.table.column"),
            Column("rule", "VARCHAR", "What is done"),
            Column("formula", "VARCHAR", "The arithmetic, if there is any", nullable=True),
            Column("estimand", "VARCHAR", "What the figure tells", nullable=True),
            Column(
                "source", "VARCHAR", "Where the rule or formula comes from, if from elsewhere", nullable=True
            ),
        ),
        key=("measure",),
        example=(
            "SELECT measure, rule, formula FROM meta.definitions\n"
            "WHERE list_contains(columns, 'main.monthly_gap.us_win_probability')"
        ),
    ),
    Table(
        "meta",
        "columns",
        comment="The dictionary: what each column means.",
        grain="a column of a published table",
        rule="The declarations of all published tables.",
        filled_by="builder/meta_frames.py",
        columns=columns(
            Column("table_name", "VARCHAR", "Name of the table, with its schema"),
            Column("column_name", "VARCHAR", "Name of the column"),
            Column("position", "INTEGER", "Place of the column in the table, from 1"),
            Column("data_type", "VARCHAR", "DuckDB type"),
            Column("nullable", "BOOLEAN", "May it be null?"),
            Column("unit", "VARCHAR", "Unit, if it has one", nullable=True),
            Column("comment", "VARCHAR", "What the column means"),
            Column("is_key", "BOOLEAN", "Is it part of the key?"),
            Column(
                "derived_from",
                "VARCHAR[]",
                "What its values are computed from, as schema.table.column, or a column of observations, "
                "reference/<table>.csv, sources/*.py or archive; empty for a constant or a count",
            ),
        ),
        key=("table_name", "column_name"),
        example=(
            "SELECT column_name, data_type, nullable, unit, comment FROM meta.columns\n"
            "WHERE table_name = 'main.monthly_gap' AND column_name LIKE 'gap_p%' ORDER BY position"
        ),
    ),
)

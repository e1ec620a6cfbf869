"""How the gap depends on how it is defined."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, country, field, nullable
from warehouse.tables.schema import Column, Table, refers

TABLES: tuple[Table, ...] = (
    Table(
        "main",
        "gap_definitions",
        comment="The gap under every month rule, listing and country rule, and how far the definitions are apart.",
        columns=columns(
            "board variant category month",
            field("month_rule", "Which gap of the month's publications", values=domains.MONTH_SUMMARIES),
            "listing country_rule",
            field("us_model", "Best US model, as printed; null for a mean", nullable=True),
            nullable("us_score"),
            field("cn_model", "Best Chinese model, as printed; null for a mean", nullable=True),
            nullable("cn_score"),
            field("gap_points", "us_score − cn_score, or the mean of it"),
            "gap_pct_of_cn",
            Column(
                "definition_spread",
                "DOUBLE",
                "Largest less smallest gap of the month over all definitions",
                unit="points",
            ),
            field("gap_low", "Lower end of the 95 % interval under the default definition", nullable=True),
            field("gap_high", "Upper end of the 95 % interval under the default definition", nullable=True),
            field("snapshot_id", "The snapshot; null for a mean", nullable=True),
            field("published_on", "Publication day of the snapshot; null for a mean", nullable=True),
        ),
        key=("board", "variant", "category", "month", "month_rule", "listing", "country_rule"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT month_rule, listing, us_model, gap_points, definition_spread FROM gap_definitions\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' AND month = "
            "'2025-02-01' AND country_rule = 'hq' AND month_rule IN ('last', 'first', 'mean')\n"
            "ORDER BY month_rule, listing"
        ),
    ),
    Table(
        "main",
        "gap_sensitivity",
        comment=(
            "What the gap would be had a debatable maker or model been attributed otherwise, or without the models of "
            "which no fact says when people could use them. What it covers is in attribution_effects."
        ),
        columns=columns(
            "board variant category month",
            field(
                "country_rule",
                "any, cn_hk, or a rule of core.attributions: hq with one attribution changed; the month's own with "
                "the listing known_public",
            ),
            "us_model us_score cn_model cn_score",
            field("gap_points", "us_score − cn_score under the alternative"),
            Column(
                "default_gap_points",
                "DOUBLE",
                "gap_points of monthly_gap; with the listing known_public, those under the listing public",
                nullable=True,
                unit="points",
            ),
            Column("difference", "DOUBLE", "gap_points − default_gap_points", nullable=True, unit="points"),
            field("snapshot_id", "The snapshot of both gaps"),
            field("listing", "Which models may lead: the month's own, or known_public"),
        ),
        key=("board", "variant", "category", "month", "country_rule"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT month, country_rule, listing, cn_model, gap_points, default_gap_points FROM gap_sensitivity\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' ORDER BY month, "
            "country_rule LIMIT 6"
        ),
    ),
    Table(
        "main",
        "attribution_effects",
        comment=(
            "Which attributions could have been decided otherwise, and how many months of the gap each would change, "
            "also those that change none: what gap_sensitivity covers."
        ),
        columns=columns(
            Column("alternative", "VARCHAR", "The country rule, or the subject and the other country"),
            Column("basis", "VARCHAR", "What speaks for it", values=domains.ATTRIBUTION_BASES),
            Column("subjects", "VARCHAR[]", "organization_id or model_id of those attributed otherwise"),
            country("country", "Country they then count for; null for none, or for several", nullable=True),
            Column("why", "VARCHAR", "What speaks for it, in words"),
            Column("changed_months", "BIGINT", "Months of all series with another gap"),
            Column(
                "changed_headline_months", "BIGINT", "Of these, those of the text arena's category overall"
            ),
            Column("gained_months", "BIGINT", "Months that have a gap only then"),
            Column("lost_months", "BIGINT", "Months that have none then"),
            Column(
                "largest_difference",
                "DOUBLE",
                "The gap then less gap_points of monthly_gap, where that is largest",
                nullable=True,
                unit="points",
            ),
            Column("first_month", "DATE", "First month with another gap", nullable=True),
            Column("last_month", "DATE", "Last month with another gap", nullable=True),
        ),
        key=("alternative", "basis"),
        example=(
            "SELECT alternative, basis, changed_months, changed_headline_months, largest_difference FROM "
            "attribution_effects\nORDER BY changed_months DESC, alternative LIMIT 5"
        ),
    ),
)

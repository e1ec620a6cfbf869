"""How the gap depends on how it is defined."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, field, nullable
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
            "which no fact says when people could use them."
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
)

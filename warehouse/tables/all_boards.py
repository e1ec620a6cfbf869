"""All boards side by side, and what countries release."""

from __future__ import annotations

from warehouse.tables import domains
from warehouse.tables.fields import columns, country, field, nullable, sign
from warehouse.tables.schema import Column, Table, refers

TABLES: tuple[Table, ...] = (
    Table(
        "main",
        "gap_triangulation",
        comment=(
            "All boards on one monthly grid: who leads, by how much in the board's own unit, and do the "
            "kinds agree? Sizes of different units are not comparable, signs are."
        ),
        columns=columns(
            "board kind private",
            field("variant", "On the arena style_control where the month has it, else raw"),
            "month",
            Column("gap_points", "DOUBLE", "us_score − cn_score, in unit", nullable=True),
            Column("unit", "VARCHAR", "Unit of the board"),
            sign("sign", "Who leads on the board"),
            "logit_gap near_ceiling",
            field("us_model", "US leader, as printed", nullable=True),
            field("cn_model", "Chinese leader, as printed", nullable=True),
            "us_basis cn_basis",
            "status",
            Column(
                "lag_first_reached",
                "DOUBLE",
                "Reading first_reached of monthly_lag",
                nullable=True,
                unit="months",
            ),
            Column(
                "lag_last_matched",
                "DOUBLE",
                "Reading last_matched of monthly_lag",
                nullable=True,
                unit="months",
            ),
            Column(
                "lag_last_matched_is_censored",
                "BOOLEAN",
                "lag_last_matched is only a bound, at least this much: nothing was matched yet",
                nullable=True,
            ),
            Column("lag_passed", "DOUBLE", "Reading passed of monthly_lag", nullable=True, unit="months"),
            Column(
                "lag_vintage", "DATE", "Vintage of the lags: the newest that has the month", nullable=True
            ),
            sign("kind_sign", "Who leads on the boards of this kind; null when they are divided"),
            sign(
                "private_sign",
                "Who leads on the boards as private, or as public, as this one; null when they are divided",
            ),
            Column("kinds_measured", "INTEGER", "Kinds with a gap in the month"),
            Column("boards_measured", "INTEGER", "Boards with a gap in the month"),
            Column("boards_us_leads", "INTEGER", "Boards on which the US leads"),
            Column("boards_cn_leads", "INTEGER", "Boards on which China leads"),
            Column(
                "kinds_agree",
                "BOOLEAN",
                "No board of the month contradicts another; null with fewer than two kinds",
                nullable=True,
            ),
            nullable("snapshot_id"),
        ),
        key=("board", "month"),
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT board, kind, gap_points, unit, near_ceiling, kinds_agree FROM gap_triangulation\n"
            "WHERE month = '2026-08-01' AND gap_points IS NOT NULL ORDER BY kind, board LIMIT 8"
        ),
    ),
    Table(
        "main",
        "release_cadence",
        comment="How many models a board first listed, and how many of these came in near its top in that month.",
        columns=columns(
            field("board", "Arena board"),
            "month",
            country("country", "Country, by the default country rule"),
            Column(
                "first_listed",
                "INTEGER",
                "Models first listed in the month, in all efforts and names once; null without any list",
                nullable=True,
                unit="models",
            ),
            Column(
                "entered_top_10",
                "INTEGER",
                "Of these, in the overall top 10 in that month",
                nullable=True,
                unit="models",
            ),
            Column(
                "entered_top_50",
                "INTEGER",
                "Of these, in the overall top 50 in that month",
                nullable=True,
                unit="models",
            ),
            Column(
                "further_listings",
                "INTEGER",
                "New names and efforts of models that were listed before or beside them",
                nullable=True,
                unit="listings",
            ),
            Column(
                "list_status",
                "VARCHAR",
                "What was published of the board in the month",
                values=domains.LIST_STATUSES,
            ),
            Column(
                "catches_up",
                "BOOLEAN",
                "The month before had no whole list, or there is none: models of then may be counted here",
            ),
        ),
        key=("board", "month", "country"),
        checks={
            "nested": "entered_top_10 <= entered_top_50 AND entered_top_50 <= first_listed",
            "unknown without a list": "(list_status = 'none') = (first_listed IS NULL)",
        },
        example=(
            "SELECT month, country, first_listed, entered_top_10, entered_top_50, list_status FROM release_cadence\n"
            "WHERE board = 'arena_text' AND month = '2026-07-01' AND country IN ('US', 'CN') ORDER BY "
            "country"
        ),
    ),
    Table(
        "main",
        "notable_models_by_year",
        comment="Notable models by year and country. The list grows backwards: counts belong to a vintage.",
        columns=columns(
            Column("year", "INTEGER", "Year of publication"),
            country("country", "Country; ZZ for none (multinational, none, unmapped)"),
            Column(
                "counting", "VARCHAR", "How a model of several countries is counted", values=domains.COUNTINGS
            ),
            Column("models", "DOUBLE", "Models counted", unit="models", check="models > 0"),
            field("vintage", "Day the list was known"),
            field("source_id", "The list"),
        ),
        key=("source_id", "vintage", "counting", "year", "country"),
        example=(
            "SELECT year, country, counting, models, vintage FROM notable_models_by_year\n"
            "WHERE year = 2025 AND country IN ('US', 'CN') ORDER BY counting, country DESC"
        ),
    ),
)

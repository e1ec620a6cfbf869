"""Tables of the monthly gap."""

from __future__ import annotations

from warehouse.tables.fields import columns, country, field, nullable, share
from warehouse.tables.schema import Column, Macro, Table, refers

TABLES: tuple[Table | Macro, ...] = (
    Table(
        "core",
        "snapshot_gaps",
        "a category of one snapshot under one listing and country rule",
        "The gap between the best US and the best Chinese model of every snapshot. Positive: the US leads. "
        "Scores of two snapshots must not be subtracted from each other.",
        (
            Column("snapshot_id", "VARCHAR", "The snapshot"),
            Column("category", "VARCHAR", "Part of the board's questions: overall, coding, chinese, …"),
            Column("listing", "VARCHAR", "any: all that is listed; public: what people could use that day"),
            Column("country_rule", "VARCHAR", "How a model gets its country, see core.model_countries"),
            Column("board", "VARCHAR", "Leaderboard or benchmark, see core.boards"),
            Column("variant", "VARCHAR", "raw or style_control on the arena, default elsewhere"),
            Column("published_on", "DATE", "Publication day of the snapshot"),
            Column(
                "status",
                "VARCHAR",
                "observed, leaders_only, truncated, ambiguous, no_cn_model or no_us_model",
                check=one_of("status", tuple(s for s in SNAPSHOT_STATUS if s != "no_snapshot")),
            ),
            Column("us_model", "VARCHAR", "Best US model, as printed", nullable=True),
            Column("us_score", "DOUBLE", "Its score", nullable=True),
            Column("cn_model", "VARCHAR", "Best Chinese model, as printed", nullable=True),
            Column("cn_score", "DOUBLE", "Its score", nullable=True),
            Column(
                "gap_points",
                "DOUBLE",
                "us_score − cn_score, from unrounded scores, never clamped",
                nullable=True,
                unit="points",
            ),
            Column(
                "gap_pct_of_cn",
                "DOUBLE",
                "100 · gap / cn_score (the AI Index's convention)",
                nullable=True,
                unit="percent",
            ),
            Column("gap_pct_of_us", "DOUBLE", "100 · gap / us_score", nullable=True, unit="percent"),
            Column(
                "us_win_probability",
                "DOUBLE",
                "Elo boards: 1 / (1 + 10^(−gap/400))",
                nullable=True,
                check="us_win_probability BETWEEN 0 AND 1",
            ),
            Column(
                "logit_gap",
                "DOUBLE",
                "Percent boards: ln(p/(1−p)) of the US score less that of the Chinese one; null at 0 and 100",
                nullable=True,
                unit="logit",
            ),
            Column(
                "near_ceiling",
                "BOOLEAN",
                "Percent boards: the better score is above the share near_ceiling of the ceiling",
                nullable=True,
            ),
            Column(
                "gap_at_least",
                "DOUBLE",
                "Listings that are not whole and have no Chinese model: us_score − lowest listed score",
                nullable=True,
                unit="points",
            ),
            Column("us_model_id", "VARCHAR", "Best US model, as resolved", nullable=True),
            Column("cn_model_id", "VARCHAR", "Best Chinese model, as resolved", nullable=True),
            Column("us_organization_id", "VARCHAR", "Its maker", nullable=True),
            Column("cn_organization_id", "VARCHAR", "Its maker", nullable=True),
            Column(
                "us_eligible_models",
                "INTEGER",
                "US models that could lead; null when only leaders are known",
                nullable=True,
            ),
            Column(
                "cn_eligible_models",
                "INTEGER",
                "Chinese models that could lead; null when only leaders are known",
                nullable=True,
            ),
            Column(
                "listed_models",
                "INTEGER",
                "Models with a score; null when only leaders are known",
                nullable=True,
            ),
            Column("date_basis", "VARCHAR", "printed, matched or not_after"),
            Column("source_id", "VARCHAR", "Source of the snapshot"),
            Column("anchor", "VARCHAR", "The zero of its scale"),
            Column(
                "anchor_is_standard", "BOOLEAN", "False: do not compare this row's percentages with others"
            ),
        ),
        ("snapshot_id", "category", "listing", "country_rule"),
        checks={
            "gap_is_difference": "gap_points IS NULL OR abs(gap_points - (us_score - cn_score)) < 1e-9",
        },
        references=(
            (("snapshot_id", "category"), "core.snapshot_categories", ("snapshot_id", "category")),
            (
                ("snapshot_id", "category", "us_model"),
                "core.scores",
                ("snapshot_id", "category", "model_name"),
            ),
            (
                ("snapshot_id", "category", "cn_model"),
                "core.scores",
                ("snapshot_id", "category", "model_name"),
            ),
        ),
        key_in_ddl=False,
        topic="gap",
        rule=(
            "The best US and the best Chinese model of core.country_leaders and the gap between them, all of that "
            "one snapshot. status says why there is no gap. A percentage is of a score other than 0. Of mere "
            "leaders no model is counted."
        ),
        example=(
            "SELECT published_on, us_model, cn_model, gap_points, source_id FROM core.snapshot_gaps\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND listing = 'any'\n"
            "AND country_rule = 'hq' ORDER BY published_on DESC, snapshot_id LIMIT 5"
        ),
    ),
    Table(
        "main",
        "monthly_gap",
        comment=(
            "The gap between the best US and the best Chinese model in the month's last snapshot. "
            "Positive: the US leads. An Elo scale has no natural zero, so percentages depend on the "
            "anchor."
        ),
        columns=columns(
            "board variant category month status",
            nullable("us_model us_score cn_model cn_score gap_points"),
            "gap_pct_of_cn gap_pct_of_us us_win_probability logit_gap near_ceiling",
            nullable("gap_median"),
            field(
                "gap_low",
                "2.5 % point; the interval is of the gap between maxima and need not contain gap_points",
                nullable=True,
            ),
            nullable("gap_high"),
            share("probability_us_leads", "P(top US > top Chinese)", nullable=True),
            Column("is_tie", "BOOLEAN", "The interval holds 0", nullable=True),
            Column(
                "gap_at_least",
                "DOUBLE",
                "Truncated listings without a Chinese model: us_score − lowest listed score",
                nullable=True,
                unit="points",
            ),
            nullable("us_model_id cn_model_id"),
            Column("us_organization_id", "VARCHAR", "Maker of us_model", nullable=True),
            Column("cn_organization_id", "VARCHAR", "Maker of cn_model", nullable=True),
            Column(
                "us_eligible_models",
                "INTEGER",
                "US models that could lead; null when only leaders are known",
                nullable=True,
            ),
            Column(
                "cn_eligible_models",
                "INTEGER",
                "Chinese models that could lead; null when only leaders are known",
                nullable=True,
            ),
            field("listed_models", "Models with a score; null when only leaders are known", nullable=True),
            field("snapshot_id", "The snapshot that stands for the month", nullable=True),
            nullable("published_on date_basis"),
            field("source_id", "Source of the snapshot", nullable=True),
            nullable("anchor"),
            field(
                "anchor_is_standard",
                "False: do not compare this row's percentages with others",
                nullable=True,
            ),
            "month_rule listing country_rule",
        ),
        key=("board", "variant", "category", "month"),
        checks={
            "gap_is_difference": "gap_points IS NULL OR abs(gap_points - (us_score - cn_score)) < 1e-9",
            "no_snapshot_has_no_numbers": "status <> 'no_snapshot' OR "
            "coalesce(snapshot_id, gap_points::VARCHAR, us_score::VARCHAR, cn_score::VARCHAR) IS NULL",
            "in_month": "published_on IS NULL OR date_trunc('month', published_on) = month",
        },
        references=(
            refers("snapshot_id", "core.snapshots"),
            refers("snapshot_id category us_model", "core.scores", "snapshot_id category model_name"),
            refers("snapshot_id category cn_model", "core.scores", "snapshot_id category model_name"),
        ),
        example=(
            "SELECT month, status, us_model, cn_model, gap_points, gap_low, gap_high, is_tie FROM "
            "monthly_gap\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND month "
            "BETWEEN '2026-05-01' AND '2026-10-01' ORDER BY month"
        ),
    ),
    Table(
        "main",
        "monthly_gap_filled",
        comment="The newest gap known by each month, with its age: carried forward where the month has none.",
        columns=columns(
            "board variant category month",
            Column("from_month", "DATE", "Month whose gap this is"),
            Column("age_months", "INTEGER", "Months since then", unit="months"),
            Column("is_carried", "BOOLEAN", "The month has no gap of its own"),
            field("status", "Status of the month itself, as in monthly_gap"),
            "us_model us_score cn_model cn_score gap_points gap_pct_of_cn gap_pct_of_us",
            "us_win_probability",
            nullable("gap_median gap_low gap_high"),
            field("snapshot_id", "The snapshot that stands for from_month"),
            "published_on",
        ),
        key=("board", "variant", "category", "month"),
        key_in_ddl=False,
        references=(refers("snapshot_id", "core.snapshots"),),
        example=(
            "SELECT month, from_month, age_months, is_carried, gap_points FROM monthly_gap_filled\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND month "
            "BETWEEN '2025-05-01' AND '2025-10-01' ORDER BY month"
        ),
    ),
    Macro(
        "main",
        "gap_pair",
        arguments=("a", "b"),
        comment="The monthly gap of any two countries, by ISO 3166-1 alpha-2 code. Positive: a leads.",
        example=(
            "SELECT month, a_model, b_model, gap_points FROM gap_pair('CN', 'FR')\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' AND gap_points IS "
            "NOT NULL\n"
            "ORDER BY month DESC LIMIT 4"
        ),
    ),
    Table(
        "core",
        "gap_intervals",
        comment="The distribution of the gap between two countries' tops, from published errors only.",
        grain="a pair of countries in one snapshot and category",
        rule=(
            "A rating is a normal with its published standard error, and ratings are independent (their "
            "covariance is not published). A country's top has the distribution function Π Φ((x − "
            "μᵢ)/σᵢ); the gap's distribution is the convolution of one top with the other mirrored, on a "
            "grid, without random numbers. No row where an eligible model has no published error."
        ),
        filled_by="compute/gap_intervals.py",
        filled_from=("interval_inputs",),
        columns=columns(
            "snapshot_id category listing country_rule",
            country("country_a", "The country whose top is a"),
            country("country_b", "The country whose top is b"),
            "gap_median gap_low gap_high",
            share("probability_a_leads", "P(top a > top b)"),
        ),
        key=("snapshot_id", "category", "listing", "country_rule", "country_a", "country_b"),
        checks={"ordered": "gap_low <= gap_median AND gap_median <= gap_high"},
        example=(
            "SELECT s.published_on, i.gap_low, i.gap_median, i.gap_high, i.probability_a_leads\n"
            "FROM core.gap_intervals AS i JOIN core.snapshots AS s USING (snapshot_id)\n"
            "WHERE s.board = 'arena_text' AND s.variant = 'style_control' AND i.category = 'overall' "
            "ORDER BY s.published_on DESC LIMIT 3"
        ),
    ),
)

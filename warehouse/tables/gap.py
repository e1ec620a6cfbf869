"""Tables of ``main``: what analysts query. In the order they are built."""

from __future__ import annotations

from warehouse.tables.fields import MONTH, SNAPSHOT_STATUS, one_of, series
from warehouse.tables.schema import Column, Table

MAIN: tuple[Table, ...] = (
    Table(
        "main",
        "monthly_gap",
        "a month of one board, variant and category",
        "The gap between the best US and the best Chinese model in the month's last snapshot. Positive: the US leads. "
        "An Elo scale has no natural zero, so percentages depend on the anchor.",
        (
            *series(),
            Column("month", "DATE", "First day of the month (UTC)", check="extract(day FROM month) = 1"),
            Column(
                "status",
                "VARCHAR",
                "observed, no_snapshot, leaders_only, truncated, ambiguous, no_cn_model or no_us_model",
                check=one_of("status", SNAPSHOT_STATUS),
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
            Column("gap_median", "DOUBLE", "Median of the gap's distribution", nullable=True, unit="points"),
            Column(
                "gap_low",
                "DOUBLE",
                "2.5 % point; the interval is of the gap between maxima and need not contain gap_points",
                nullable=True,
                unit="points",
            ),
            Column("gap_high", "DOUBLE", "97.5 % point", nullable=True, unit="points"),
            Column(
                "probability_us_leads",
                "DOUBLE",
                "P(top US > top Chinese)",
                nullable=True,
                check="probability_us_leads BETWEEN 0 AND 1",
            ),
            Column("is_tie", "BOOLEAN", "The interval holds 0", nullable=True),
            Column(
                "gap_at_least",
                "DOUBLE",
                "Truncated listings without a Chinese model: us_score − lowest listed score",
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
            Column("snapshot_id", "VARCHAR", "The month's last snapshot", nullable=True),
            Column("published_on", "DATE", "Its publication day", nullable=True),
            Column("date_basis", "VARCHAR", "printed, matched or not_after", nullable=True),
            Column("source_id", "VARCHAR", "Its source", nullable=True),
            Column("anchor", "VARCHAR", "The zero of its scale", nullable=True),
            Column(
                "anchor_is_standard",
                "BOOLEAN",
                "False: do not compare this row's percentages with others",
                nullable=True,
            ),
            Column("month_rule", "VARCHAR", "Which snapshot of the month: last"),
            Column("listing", "VARCHAR", "Which models are eligible: any"),
            Column("country_rule", "VARCHAR", "How a model gets its country: hq"),
        ),
        ("board", "variant", "category", "month"),
        checks={
            "gap_is_difference": "gap_points IS NULL OR abs(gap_points - (us_score - cn_score)) < 1e-9",
            "no_snapshot_has_no_numbers": "status <> 'no_snapshot' OR "
            "coalesce(snapshot_id, gap_points::VARCHAR, us_score::VARCHAR, cn_score::VARCHAR) IS NULL",
            "in_month": "published_on IS NULL OR date_trunc('month', published_on) = month",
        },
        references=(
            (("snapshot_id",), "core.snapshots", ("snapshot_id",)),
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
        topic="gap",
        rule=(
            "The month's last publication; in it the best US and the best Chinese model of all that is "
            "listed. Both scores are of that one snapshot: nothing is subtracted across snapshots, variants "
            "or sources, nothing is clamped or carried forward. status says why a month has no number; the "
            "interval is that of core.gap_intervals."
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
        "gap_definitions",
        "a month of one board, variant and category under one definition",
        "The gap under every month rule, listing and country rule, and how far the definitions are apart.",
        (
            *series(),
            Column("month", "DATE", "First day of the month (UTC)"),
            Column(
                "month_rule", "VARCHAR", "Over the month's publications: last, first, mean, max or min gap"
            ),
            Column("listing", "VARCHAR", "any or public"),
            Column("country_rule", "VARCHAR", "hq, any or cn_hk"),
            Column("us_model", "VARCHAR", "Best US model as printed; null for a mean", nullable=True),
            Column("us_score", "DOUBLE", "Its score", nullable=True),
            Column("cn_model", "VARCHAR", "Best Chinese model as printed; null for a mean", nullable=True),
            Column("cn_score", "DOUBLE", "Its score", nullable=True),
            Column("gap_points", "DOUBLE", "us_score − cn_score, or the mean of it", unit="points"),
            Column("gap_pct_of_cn", "DOUBLE", "100 · gap / cn_score", nullable=True, unit="percent"),
            Column(
                "definition_spread",
                "DOUBLE",
                "Largest less smallest gap of the month over all definitions",
                unit="points",
            ),
            Column(
                "gap_low", "DOUBLE", "2.5 % point of the default definition", nullable=True, unit="points"
            ),
            Column(
                "gap_high", "DOUBLE", "97.5 % point of the default definition", nullable=True, unit="points"
            ),
            Column("snapshot_id", "VARCHAR", "The snapshot; null for a mean", nullable=True),
            Column("published_on", "DATE", "Its day; null for a mean", nullable=True),
        ),
        ("board", "variant", "category", "month", "month_rule", "listing", "country_rule"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="definitions",
        rule=(
            "The gap of every publication of the month under each listing and country rule; of these the "
            "last, the first, the mean, the largest and the smallest. definition_spread is the largest less "
            "the smallest over all of them."
        ),
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
        "a month of one series and an alternative attribution that changes its gap",
        "What the gap would be had a debatable maker or model been attributed otherwise.",
        (
            *series(),
            Column("month", "DATE", "First day of the month (UTC)"),
            Column(
                "country_rule",
                "VARCHAR",
                "any, cn_hk, or hq with one attribution changed (see core.attributions)",
            ),
            Column("us_model", "VARCHAR", "Best US model as printed"),
            Column("us_score", "DOUBLE", "Its score"),
            Column("cn_model", "VARCHAR", "Best Chinese model as printed"),
            Column("cn_score", "DOUBLE", "Its score"),
            Column("gap_points", "DOUBLE", "us_score − cn_score under the alternative", unit="points"),
            Column("default_gap_points", "DOUBLE", "As in monthly_gap", nullable=True, unit="points"),
            Column("difference", "DOUBLE", "Alternative less default", nullable=True, unit="points"),
            Column("snapshot_id", "VARCHAR", "The snapshot of both"),
        ),
        ("board", "variant", "category", "month", "country_rule"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="definitions",
        rule=(
            "The month's snapshot again, with one debatable attribution of core.attributions changed, or "
            "under the rule any or cn_hk; only months whose gap changes are listed."
        ),
        example=(
            "SELECT month, country_rule, cn_model, gap_points, default_gap_points FROM gap_sensitivity\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' ORDER BY month, "
            "country_rule LIMIT 6"
        ),
    ),
    Table(
        "main",
        "monthly_gap_filled",
        "a month of one board, variant and category from its first gap on",
        "The newest gap known by each month, with its age: carried forward where the month has none.",
        (
            *series(),
            MONTH,
            Column("from_month", "DATE", "Month the gap is of"),
            Column("age_months", "INTEGER", "Months since then", unit="months"),
            Column("is_carried", "BOOLEAN", "The month has no gap of its own"),
            Column("status", "VARCHAR", "Status of the month itself, as in monthly_gap"),
            Column("us_model", "VARCHAR", "Best US model, as printed"),
            Column("us_score", "DOUBLE", "Its score"),
            Column("cn_model", "VARCHAR", "Best Chinese model, as printed"),
            Column("cn_score", "DOUBLE", "Its score"),
            Column("gap_points", "DOUBLE", "us_score − cn_score", unit="points"),
            Column("gap_pct_of_cn", "DOUBLE", "100 · gap / cn_score", nullable=True, unit="percent"),
            Column("gap_pct_of_us", "DOUBLE", "100 · gap / us_score", nullable=True, unit="percent"),
            Column("us_win_probability", "DOUBLE", "Elo boards: 1 / (1 + 10^(−gap/400))", nullable=True),
            Column("gap_median", "DOUBLE", "Median of the gap’s distribution", nullable=True, unit="points"),
            Column("gap_low", "DOUBLE", "2.5 % point", nullable=True, unit="points"),
            Column("gap_high", "DOUBLE", "97.5 % point", nullable=True, unit="points"),
            Column("snapshot_id", "VARCHAR", "Snapshot of from_month"),
            Column("published_on", "DATE", "Its day"),
        ),
        ("board", "variant", "category", "month"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="gap",
        rule=(
            "monthly_gap; a month without a gap of its own takes the newest one before it and says from "
            "which month and how old it is."
        ),
        example=(
            "SELECT month, from_month, age_months, is_carried, gap_points FROM monthly_gap_filled\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND month "
            "BETWEEN '2025-05-01' AND '2025-10-01' ORDER BY month"
        ),
    ),
    Table(
        "main",
        "frontier",
        "a record-setting model of one country in one vintage",
        "Models that set their country’s record when they became available, in the ratings of each vintage.",
        (
            *series(),
            Column("vintage", "DATE", "Publication day of the ratings"),
            Column("snapshot_id", "VARCHAR", "The vintage"),
            Column("country", "VARCHAR", "ISO 3166-1 alpha-2"),
            Column("available_on", "DATE", "Release day, else first listing"),
            Column("available_basis", "VARCHAR", "released or first_listed"),
            Column("model_name", "VARCHAR", "As printed"),
            Column("model_id", "VARCHAR", "As resolved"),
            Column("score", "DOUBLE", "Its score in the vintage"),
            Column("standard_error", "DOUBLE", "Its standard error", nullable=True),
            Column("previous_record", "DOUBLE", "The record it broke; null for the first", nullable=True),
        ),
        ("snapshot_id", "category", "country", "available_on"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="revisions",
        rule=(
            "Within one vintage, by the day each model became available (its printed release day, else its "
            "first listing): the models of a country that scored strictly higher than all of that country "
            "before them. Of one day only the best counts."
        ),
        example=(
            "SELECT country, available_on, model_name, score, previous_record FROM frontier\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND vintage "
            "= '2026-08-03' AND country = 'CN' ORDER BY available_on DESC LIMIT 5"
        ),
    ),
    Table(
        "main",
        "restated_gap",
        "a month in the ratings of one later vintage",
        "Each month’s gap as a later vintage would have it: a model counts from its first listing.",
        (
            *series(),
            MONTH,
            Column("vintage", "DATE", "Publication day of the ratings"),
            Column("us_model", "VARCHAR", "Best US model by the month’s end, as the vintage prints it"),
            Column("us_model_id", "VARCHAR", "As resolved"),
            Column("us_score", "DOUBLE", "Its score in the vintage"),
            Column("cn_model", "VARCHAR", "Best Chinese model"),
            Column("cn_model_id", "VARCHAR", "As resolved"),
            Column("cn_score", "DOUBLE", "Its score"),
            Column("gap_points", "DOUBLE", "us_score − cn_score", unit="points"),
            Column("gap_pct_of_cn", "DOUBLE", "100 · gap / cn_score", nullable=True, unit="percent"),
            Column("gap_pct_of_us", "DOUBLE", "100 · gap / us_score", nullable=True, unit="percent"),
            Column("then_variant", "VARCHAR", "Variant of what was published then", nullable=True),
            Column("us_model_then", "VARCHAR", "US leader as published then", nullable=True),
            Column("cn_model_then", "VARCHAR", "Chinese leader as published then", nullable=True),
            Column("gap_points_then", "DOUBLE", "Gap as published then", nullable=True, unit="points"),
            Column("us_leader_then_missing", "BOOLEAN", "The US leader then is not in the vintage"),
            Column("cn_leader_then_missing", "BOOLEAN", "The Chinese leader then is not in the vintage"),
            Column("leader_then_missing", "BOOLEAN", "Either is not"),
            Column("snapshot_id", "VARCHAR", "The vintage"),
        ),
        ("board", "variant", "category", "month", "snapshot_id"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="revisions",
        rule=(
            "One vintage's ratings for all months up to it: a model counts from the month in which the "
            "board first listed it, on any variant, by any source. leader_then_missing: a leader as "
            "published then is not in the vintage at all."
        ),
        example=(
            "SELECT vintage, us_model, us_score, cn_model, cn_score, gap_points, leader_then_missing FROM "
            "restated_gap\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'style_control' AND month = "
            "'2025-02-01' AND vintage IN ('2025-03-17', '2025-12-11', '2026-08-03') ORDER BY vintage"
        ),
    ),
    Table(
        "main",
        "gap_revisions",
        "a month and a later vintage with another gap",
        "What changed between the gap as published then and as restated, and why.",
        (
            *series(),
            MONTH,
            Column("vintage", "DATE", "Publication day of the later ratings"),
            Column("then_variant", "VARCHAR", "Variant of what was published then"),
            Column("gap_points_then", "DOUBLE", "As published then", unit="points"),
            Column("gap_points_now", "DOUBLE", "In the vintage", unit="points"),
            Column("change_points", "DOUBLE", "Now less then", unit="points"),
            Column("us_model_then", "VARCHAR", "US leader then"),
            Column("us_model_now", "VARCHAR", "US leader now"),
            Column("cn_model_then", "VARCHAR", "Chinese leader then"),
            Column("cn_model_now", "VARCHAR", "Chinese leader now"),
            Column("reasons", "VARCHAR[]", "variant, model_dropped, new_model, reranked, rename, rescaling"),
            Column("snapshot_id", "VARCHAR", "The vintage"),
        ),
        ("board", "variant", "category", "month", "snapshot_id"),
        references=((("snapshot_id",), "core.snapshots", ("snapshot_id",)),),
        key_in_ddl=False,
        topic="revisions",
        rule=(
            "Rows of restated_gap whose gap is another than the one published then, with the reasons: "
            "variant (raw then, style control now), model_dropped (the leader then is not in the vintage), "
            "new_model (the leader now was listed later in the month), reranked, rename, rescaling (the "
            "same leaders with other scores)."
        ),
        example=(
            "SELECT vintage, gap_points_then, gap_points_now, us_model_then, us_model_now, reasons FROM "
            "gap_revisions\n"
            "WHERE board = 'arena_text' AND category = 'overall' AND variant = 'raw' AND month = "
            "'2025-01-01' AND vintage IN ('2025-03-26', '2025-12-11') ORDER BY vintage"
        ),
    ),
)

-- One row: a month of one board, variant and category.
-- The gap between the best US and the best Chinese model in the snapshot that stands for the month, of all that
-- is listed. Both scores are of that one snapshot: nothing is subtracted across snapshots, variants or sources,
-- nothing is clamped or carried forward. Every month up to the newest has a row from the first publication of
-- its series on; status says why a month has no number. The interval is that of core.gap_intervals.
WITH choice AS (
    SELECT
        max(value) FILTER (name = 'country_a') AS a,
        max(value) FILTER (name = 'country_b') AS b,
        max(value) FILTER (name = 'month_rule') AS month_rule,
        max(value) FILTER (name = 'listing') AS listing,
        max(value) FILTER (name = 'country_rule') AS country_rule,
        max(value) FILTER (name = 'spine_board') AS spine_board,
        max(value) FILTER (name = 'spine_from')::DATE AS spine_from,
        max(value) FILTER (name = 'near_ceiling')::DOUBLE / 100 AS near_ceiling
    FROM meta.parameters
),
last_month AS (
    SELECT latest_month AS month FROM meta.release
),
series AS (
    SELECT board, variant, category, date_trunc('month', min(published_on))::DATE AS first_month
    FROM core.publications
    GROUP BY ALL
    UNION ALL
    SELECT spine_board, variant, 'overall', spine_from
    FROM choice, (VALUES ('raw'), ('style_control')) AS v(variant)
),
spine AS (
    SELECT board, variant, category, unnest(generate_series(first_month, (SELECT month FROM last_month), INTERVAL 1 MONTH))::DATE AS month
    FROM (SELECT board, variant, category, min(first_month) AS first_month FROM series GROUP BY ALL)
),
tops AS (
    SELECT
        spine.board,
        spine.variant,
        spine.category,
        spine.month,
        p.snapshot_id,
        p.published_on,
        p.is_ambiguous,
        p.listed_models,
        p.lowest_score,
        s.date_basis,
        s.source_id,
        s.coverage,
        s.anchor,
        s.anchor_is_standard,
        a.model_name AS us_model,
        a.model_id AS us_model_id,
        am.organization_id AS us_organization_id,
        a.score AS us_score,
        a.eligible_models AS us_eligible_models,
        b.model_name AS cn_model,
        b.model_id AS cn_model_id,
        bm.organization_id AS cn_organization_id,
        b.score AS cn_score,
        b.eligible_models AS cn_eligible_models,
        a.score - b.score AS gap_points,
        bd.unit,
        a.score / bd.ceiling AS us_share,
        b.score / bd.ceiling AS cn_share
    FROM spine
    CROSS JOIN choice
    JOIN core.boards AS bd ON bd.board = spine.board
    LEFT JOIN core.month_snapshots AS p
        ON p.month_rule = choice.month_rule
        AND p.board = spine.board AND p.variant = spine.variant
        AND p.category = spine.category AND p.month = spine.month
    LEFT JOIN core.snapshots AS s ON s.snapshot_id = p.snapshot_id
    LEFT JOIN core.country_leaders AS a
        ON a.snapshot_id = p.snapshot_id AND a.category = p.category AND a.country = choice.a
        AND a.listing = choice.listing AND a.country_rule = choice.country_rule
    LEFT JOIN core.country_leaders AS b
        ON b.snapshot_id = p.snapshot_id AND b.category = p.category AND b.country = choice.b
        AND b.listing = choice.listing AND b.country_rule = choice.country_rule
    LEFT JOIN core.models AS am ON am.model_id = a.model_id
    LEFT JOIN core.models AS bm ON bm.model_id = b.model_id
)
SELECT
    t.board,
    t.variant,
    t.category,
    t.month,
    CASE
        WHEN t.snapshot_id IS NULL THEN 'no_snapshot'
        WHEN t.is_ambiguous THEN 'ambiguous'
        WHEN t.coverage <> 'whole' AND (t.us_score IS NULL OR t.cn_score IS NULL) THEN 'truncated'
        WHEN t.cn_score IS NULL THEN 'no_cn_model'
        WHEN t.us_score IS NULL THEN 'no_us_model'
        WHEN t.coverage = 'leaders' THEN 'leaders_only'
        ELSE 'observed'
    END AS status,
    t.us_model,
    t.us_score,
    t.cn_model,
    t.cn_score,
    t.gap_points,
    -- A score of 0 is a score, but no percentage is of it: dividing would give an infinity.
    100 * t.gap_points / nullif(t.cn_score, 0) AS gap_pct_of_cn,
    100 * t.gap_points / nullif(t.us_score, 0) AS gap_pct_of_us,
    CASE WHEN t.unit = 'elo' THEN 1 / (1 + pow(10, -t.gap_points / 400)) END AS us_win_probability,
    CASE
        WHEN t.unit = 'percent' AND least(t.us_share, t.cn_share) > 0 AND greatest(t.us_share, t.cn_share) < 1 AND t.gap_points IS NOT NULL
            THEN ln(t.us_share / (1 - t.us_share)) - ln(t.cn_share / (1 - t.cn_share))
    END AS logit_gap,
    CASE WHEN t.unit = 'percent' THEN greatest(t.us_share, t.cn_share) > choice.near_ceiling END AS near_ceiling,
    i.gap_median,
    i.gap_low,
    i.gap_high,
    i.probability_a_leads AS probability_us_leads,
    i.gap_low <= 0 AND i.gap_high >= 0 AS is_tie,
    CASE WHEN t.coverage <> 'whole' AND t.us_score IS NOT NULL AND t.cn_score IS NULL THEN t.us_score - t.lowest_score END AS gap_at_least,
    t.us_model_id,
    t.cn_model_id,
    t.us_organization_id,
    t.cn_organization_id,
    CASE WHEN t.coverage <> 'leaders' THEN t.us_eligible_models END AS us_eligible_models,
    CASE WHEN t.coverage <> 'leaders' THEN t.cn_eligible_models END AS cn_eligible_models,
    CASE WHEN t.coverage <> 'leaders' THEN t.listed_models END AS listed_models,
    t.snapshot_id,
    t.published_on,
    t.date_basis,
    t.source_id,
    t.anchor,
    t.anchor_is_standard,
    choice.month_rule,
    choice.listing,
    choice.country_rule
FROM tops AS t
CROSS JOIN choice
LEFT JOIN core.gap_intervals AS i
    ON i.snapshot_id = t.snapshot_id AND i.category = t.category
    AND i.listing = choice.listing AND i.country_rule = choice.country_rule
    AND i.country_a = choice.a AND i.country_b = choice.b
    AND t.coverage <> 'leaders'
ORDER BY t.board, t.variant, t.category, t.month

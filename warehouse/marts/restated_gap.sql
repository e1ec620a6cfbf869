-- One row: a month in the ratings of one later vintage.
-- One vintage's ratings for all months up to it: the newest record of each country by the month's end is its
-- top. A model counts from the month in which it became available, see frontier. With it comes the gap as
-- published then: of the same variant, else of the raw one. leader_then_missing: a leader as published then is
-- not in the vintage at all.
WITH vintages AS (
    SELECT
        board, variant, category, vintage, snapshot_id,
        unnest(generate_series(date_trunc('month', min(available_on)), date_trunc('month', vintage), INTERVAL 1 MONTH))::DATE
            AS month
    FROM main.frontier
    GROUP BY board, variant, category, vintage, snapshot_id
),
months AS (
    SELECT v.*, last_day(v.month) AS month_end, settings.country_a, settings.country_b
    FROM vintages AS v
    CROSS JOIN internal.settings
),
tops AS (
    SELECT
        m.*,
        us.model_name AS us_model, us.model_id AS us_model_id, us.score AS us_score,
        cn.model_name AS cn_model, cn.model_id AS cn_model_id, cn.score AS cn_score,
        us.score - cn.score AS gap_points
    FROM months AS m
    ASOF JOIN main.frontier AS us
        ON us.snapshot_id = m.snapshot_id AND us.category = m.category AND us.country = m.country_a
        AND us.available_on <= m.month_end
    ASOF JOIN main.frontier AS cn
        ON cn.snapshot_id = m.snapshot_id AND cn.category = m.category AND cn.country = m.country_b
        AND cn.available_on <= m.month_end
),
gaps_then AS (
    -- The same variant as published then; where it did not exist yet, the raw one.
    SELECT g.* EXCLUDE (variant), g.variant AS then_variant, v.variant
    FROM main.monthly_gap AS g
    JOIN (SELECT DISTINCT variant FROM main.monthly_gap) AS v
        ON v.variant = g.variant OR (g.variant = 'raw' AND v.variant = 'style_control')
    WHERE g.gap_points IS NOT NULL
    QUALIFY row_number() OVER (
        PARTITION BY g.board, v.variant, g.category, g.month ORDER BY g.variant = v.variant DESC
    ) = 1
),
compared AS MATERIALIZED (
    SELECT
        t.*,
        g.then_variant,
        g.us_model AS us_model_then,
        g.us_model_id AS us_model_id_then,
        g.cn_model AS cn_model_then,
        g.cn_model_id AS cn_model_id_then,
        g.gap_points AS gap_points_then
    FROM tops AS t
    LEFT JOIN gaps_then AS g USING (board, variant, category, month)
),
rated_models AS (
    SELECT DISTINCT snapshot_id, category, model_id
    FROM core.scores
    SEMI JOIN (
        SELECT snapshot_id, category, unnest([us_model_id_then, cn_model_id_then]) AS model_id FROM compared
    ) USING (snapshot_id, category, model_id)
)
SELECT
    t.board,
    t.variant,
    t.category,
    t.month,
    t.vintage,
    t.us_model,
    t.us_model_id,
    t.us_score,
    t.cn_model,
    t.cn_model_id,
    t.cn_score,
    t.gap_points,
    100 * t.gap_points / nullif(t.cn_score, 0) AS gap_pct_of_cn,
    100 * t.gap_points / nullif(t.us_score, 0) AS gap_pct_of_us,
    t.then_variant,
    t.us_model_then,
    t.cn_model_then,
    t.gap_points_then,
    t.us_model_id_then IS NOT NULL AND us.model_id IS NULL AS us_leader_then_missing,
    t.cn_model_id_then IS NOT NULL AND cn.model_id IS NULL AS cn_leader_then_missing,
    us_leader_then_missing OR cn_leader_then_missing AS leader_then_missing,
    t.snapshot_id
FROM compared AS t
LEFT JOIN rated_models AS us
    ON us.snapshot_id = t.snapshot_id AND us.category = t.category AND us.model_id = t.us_model_id_then
LEFT JOIN rated_models AS cn
    ON cn.snapshot_id = t.snapshot_id AND cn.category = t.category AND cn.model_id = t.cn_model_id_then
ORDER BY t.board, t.variant, t.category, t.month, t.vintage

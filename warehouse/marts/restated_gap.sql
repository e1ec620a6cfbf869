-- One row: a month in the ratings of one later vintage.
-- One vintage's ratings for all months up to it: the newest record of each country by the month's end is its
-- top. A model counts from the month in which it became available, see frontier. Beside it is the gap as
-- published then: of the same variant, else of the raw one. leader_then_missing: a leader as published then is
-- not in the vintage at all.
WITH choice AS (
    SELECT
        max(value) FILTER (name = 'country_a') AS a,
        max(value) FILTER (name = 'country_b') AS b
    FROM meta.parameters
),
vintages AS (
    SELECT
        board, variant, category, vintage, snapshot_id,
        unnest(
            generate_series(
                date_trunc('month', min(available_on)), date_trunc('month', vintage), INTERVAL 1 MONTH
            )
        )::DATE AS month
    FROM main.frontier
    GROUP BY board, variant, category, vintage, snapshot_id
),
topped AS (
    SELECT
        v.*,
        last_day(v.month) AS month_end,
        choice.a,
        choice.b
    FROM vintages AS v
    CROSS JOIN choice
),
us AS (
    SELECT t.*, f.model_name AS us_model, f.model_id AS us_model_id, f.score AS us_score
    FROM topped AS t
    ASOF JOIN main.frontier AS f
        ON f.snapshot_id = t.snapshot_id AND f.category = t.category AND f.country = t.a
        AND f.available_on <= t.month_end
),
both_tops AS (
    SELECT t.*, f.model_name AS cn_model, f.model_id AS cn_model_id, f.score AS cn_score
    FROM us AS t
    ASOF JOIN main.frontier AS f
        ON f.snapshot_id = t.snapshot_id AND f.category = t.category AND f.country = t.b
        AND f.available_on <= t.month_end
),
then_known AS (
    -- The same variant as published then; where it did not exist yet, the raw one.
    SELECT *
    FROM (
        SELECT board, variant, variant AS then_variant, category, month, us_model_id, cn_model_id, us_model, cn_model, gap_points
        FROM main.monthly_gap
        WHERE gap_points IS NOT NULL
        UNION ALL
        SELECT board, 'style_control', variant, category, month, us_model_id, cn_model_id, us_model, cn_model, gap_points
        FROM main.monthly_gap
        WHERE gap_points IS NOT NULL AND variant = 'raw'
    )
    QUALIFY row_number() OVER (PARTITION BY board, variant, category, month ORDER BY then_variant = variant DESC) = 1
),
held AS (
    SELECT DISTINCT snapshot_id, category, model_id
    FROM core.scores
    WHERE snapshot_id IN (SELECT snapshot_id FROM vintages)
)
SELECT
    n.board,
    n.variant,
    n.category,
    n.month,
    n.vintage,
    n.us_model,
    n.us_model_id,
    n.us_score,
    n.cn_model,
    n.cn_model_id,
    n.cn_score,
    n.us_score - n.cn_score AS gap_points,
    100 * (n.us_score - n.cn_score) / nullif(n.cn_score, 0) AS gap_pct_of_cn,
    100 * (n.us_score - n.cn_score) / nullif(n.us_score, 0) AS gap_pct_of_us,
    t.then_variant,
    t.us_model AS us_model_then,
    t.cn_model AS cn_model_then,
    t.gap_points AS gap_points_then,
    t.us_model_id IS NOT NULL AND u.model_id IS NULL AS us_leader_then_missing,
    t.cn_model_id IS NOT NULL AND c.model_id IS NULL AS cn_leader_then_missing,
    us_leader_then_missing OR cn_leader_then_missing AS leader_then_missing,
    n.snapshot_id
FROM both_tops AS n
LEFT JOIN then_known AS t USING (board, variant, category, month)
LEFT JOIN held AS u ON u.snapshot_id = n.snapshot_id AND u.category = n.category AND u.model_id = t.us_model_id
LEFT JOIN held AS c ON c.snapshot_id = n.snapshot_id AND c.category = n.category AND c.model_id = t.cn_model_id
ORDER BY n.board, n.variant, n.category, n.month, n.vintage

WITH months AS (
    SELECT board, variant, category, unnest(generate_series(min(month), max(month), INTERVAL 1 MONTH))::DATE AS month
    FROM {{ ref('month_snapshots') }}
    WHERE starts_with(board, 'arena_')
    GROUP BY board, variant, category
)
SELECT
    m.board,
    m.variant,
    m.category,
    m.month,
    CASE
        WHEN p.snapshot_id IS NULL THEN 'no_snapshot'
        WHEN cn.score IS NULL THEN 'no_cn_model'
        WHEN us.score IS NULL THEN 'no_us_model'
        ELSE 'observed'
    END AS status,
    us.model_name AS us_model,
    us.score AS us_score,
    cn.model_name AS cn_model,
    cn.score AS cn_score,
    us.score - cn.score AS gap_points,
    100 * (us.score - cn.score) / nullif(cn.score, 0) AS gap_pct_of_cn,
    1 / (1 + pow(10, (cn.score - us.score) / 400)) AS us_win_probability,
    p.snapshot_id,
    p.day
FROM months AS m
LEFT JOIN {{ ref('month_snapshots') }} AS p USING (board, variant, category, month)
LEFT JOIN {{ ref('country_leaders') }} AS us
    ON us.snapshot_id = p.snapshot_id AND us.category = p.category AND us.country = 'US'
LEFT JOIN {{ ref('country_leaders') }} AS cn
    ON cn.snapshot_id = p.snapshot_id AND cn.category = p.category AND cn.country = 'CN'

-- One row: a month of one board, variant and category under one definition.
-- The gap of every publication of the month under each listing and under the country rules hq, any and cn_hk;
-- of these the last, the first, the mean, the largest and the smallest. definition_spread is the largest less
-- the smallest over all of them, to be read beside the sampling interval of the default definition.
WITH choice AS (
    SELECT
        max(value) FILTER (name = 'country_a') AS a,
        max(value) FILTER (name = 'country_b') AS b
    FROM meta.parameters
),
day AS (
    SELECT
        p.board,
        p.variant,
        p.category,
        date_trunc('month', p.published_on)::DATE AS month,
        p.published_on,
        p.is_last_of_day,
        p.snapshot_id,
        a.listing,
        a.country_rule,
        a.model_name AS us_model,
        a.score AS us_score,
        b.model_name AS cn_model,
        b.score AS cn_score,
        a.score - b.score AS gap_points
    FROM core.publications AS p
    CROSS JOIN choice
    JOIN core.country_leaders AS a
        ON a.snapshot_id = p.snapshot_id AND a.category = p.category AND a.country = choice.a
    JOIN core.country_leaders AS b
        ON b.snapshot_id = p.snapshot_id AND b.category = p.category AND b.country = choice.b
        AND b.listing = a.listing AND b.country_rule = a.country_rule
    WHERE a.country_rule IN ('hq', 'any', 'cn_hk')
),
placed AS (
    SELECT
        *,
        row_number() OVER (series ORDER BY published_on DESC, is_last_of_day DESC) AS from_last,
        row_number() OVER (series ORDER BY published_on, is_last_of_day) AS from_first,
        row_number() OVER (series ORDER BY gap_points DESC, published_on DESC, is_last_of_day DESC) AS from_max,
        row_number() OVER (series ORDER BY gap_points, published_on DESC, is_last_of_day DESC) AS from_min
    FROM day
    WINDOW series AS (PARTITION BY board, variant, category, month, listing, country_rule)
),
ruled AS (
    SELECT r.month_rule, p.*
    FROM placed AS p
    JOIN (VALUES ('last'), ('first'), ('max'), ('min')) AS r(month_rule)
        ON CASE r.month_rule
            WHEN 'last' THEN from_last
            WHEN 'first' THEN from_first
            WHEN 'max' THEN from_max
            ELSE from_min
        END = 1
),
defined AS (
    SELECT
        board, variant, category, month, month_rule, listing, country_rule,
        us_model, us_score, cn_model, cn_score, gap_points, snapshot_id, published_on
    FROM ruled
    UNION ALL
    SELECT
        board, variant, category, month, 'mean', listing, country_rule,
        NULL, NULL, NULL, NULL, avg(gap_points), NULL, NULL
    FROM day
    GROUP BY ALL
)
SELECT
    d.*,
    100 * d.gap_points / nullif(d.cn_score, 0) AS gap_pct_of_cn,
    max(d.gap_points) OVER month_of_series - min(d.gap_points) OVER month_of_series AS definition_spread,
    g.gap_low,
    g.gap_high
FROM defined AS d
LEFT JOIN main.monthly_gap AS g USING (board, variant, category, month)
WINDOW month_of_series AS (PARTITION BY d.board, d.variant, d.category, d.month)
ORDER BY d.board, d.variant, d.category, d.month, d.month_rule, d.listing, d.country_rule

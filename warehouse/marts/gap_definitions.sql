-- One row: a month of one board, variant and category under one definition.
-- The gap of every publication of the month under the listings any and public and under the country rules hq,
-- any and cn_hk; of these the last, the first, the mean, the largest and the smallest. definition_spread is the
-- largest less the smallest over all of them, to be compared with the sampling interval of the default definition.
WITH gaps AS (
    SELECT
        g.board,
        g.variant,
        g.category,
        date_trunc('month', g.published_on)::DATE AS month,
        g.published_on,
        p.is_last_of_day,
        g.snapshot_id,
        g.listing,
        g.country_rule,
        g.us_model,
        g.us_score,
        g.cn_model,
        g.cn_score,
        g.gap_points,
        g.gap_pct_of_cn
    FROM core.publications AS p
    JOIN core.snapshot_gaps AS g ON g.snapshot_id = p.snapshot_id AND g.category = p.category
    WHERE g.gap_points IS NOT NULL
        AND g.listing IN ('any', 'public')
        AND g.country_rule NOT IN (SELECT country_rule FROM core.attributions)
),
placed_gaps AS (
    SELECT
        *,
        row_number() OVER (series ORDER BY published_on DESC, is_last_of_day DESC) AS from_last,
        row_number() OVER (series ORDER BY published_on, is_last_of_day) AS from_first,
        row_number() OVER (series ORDER BY gap_points DESC, published_on DESC, is_last_of_day DESC) AS from_max,
        row_number() OVER (series ORDER BY gap_points, published_on DESC, is_last_of_day DESC) AS from_min
    FROM gaps
    WINDOW series AS (PARTITION BY board, variant, category, month, listing, country_rule)
),
definitions AS (
    SELECT
        board, variant, category, month, month_rule, listing, country_rule,
        us_model, us_score, cn_model, cn_score, gap_points, snapshot_id, published_on, gap_pct_of_cn
    FROM placed_gaps
    JOIN (VALUES ('last'), ('first'), ('max'), ('min')) AS r(month_rule)
        ON CASE r.month_rule
            WHEN 'last' THEN from_last
            WHEN 'first' THEN from_first
            WHEN 'max' THEN from_max
            ELSE from_min
        END = 1
    UNION ALL
    SELECT
        board, variant, category, month, 'mean', listing, country_rule,
        NULL, NULL, NULL, NULL, avg(gap_points ORDER BY gap_points), NULL, NULL, NULL
    FROM gaps
    GROUP BY ALL
)
SELECT
    d.*,
    max(d.gap_points) OVER month_of_series - min(d.gap_points) OVER month_of_series AS definition_spread,
    g.gap_low,
    g.gap_high
FROM definitions AS d
LEFT JOIN main.monthly_gap AS g USING (board, variant, category, month)
WINDOW month_of_series AS (PARTITION BY d.board, d.variant, d.category, d.month)
ORDER BY d.board, d.variant, d.category, d.month, d.month_rule, d.listing, d.country_rule

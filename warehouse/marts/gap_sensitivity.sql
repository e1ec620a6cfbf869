-- One row: a month of one series and an alternative attribution that changes its gap.
-- The month's snapshot again, with one debatable attribution of core.attributions changed, or under the rule
-- any or cn_hk; only months whose gap changes are listed.
WITH choice AS (
    SELECT
        max(value) FILTER (name = 'country_a') AS a,
        max(value) FILTER (name = 'country_b') AS b,
        max(value) FILTER (name = 'listing') AS listing,
        max(value) FILTER (name = 'month_rule') AS month_rule
    FROM meta.parameters
),
alternative AS (
    SELECT
        p.board, p.variant, p.category, p.month, p.snapshot_id,
        a.country_rule,
        a.model_name AS us_model,
        a.score AS us_score,
        b.model_name AS cn_model,
        b.score AS cn_score,
        a.score - b.score AS gap_points
    FROM core.month_snapshots AS p
    JOIN choice ON choice.month_rule = p.month_rule
    JOIN core.country_leaders AS a
        ON a.snapshot_id = p.snapshot_id AND a.category = p.category AND a.country = choice.a AND a.listing = choice.listing
    JOIN core.country_leaders AS b
        ON b.snapshot_id = p.snapshot_id AND b.category = p.category AND b.country = choice.b
        AND b.listing = a.listing AND b.country_rule = a.country_rule
)
SELECT
    x.board,
    x.variant,
    x.category,
    x.month,
    x.country_rule,
    x.us_model,
    x.us_score,
    x.cn_model,
    x.cn_score,
    x.gap_points,
    g.gap_points AS default_gap_points,
    x.gap_points - g.gap_points AS difference,
    x.snapshot_id
FROM alternative AS x
JOIN main.monthly_gap AS g USING (board, variant, category, month)
WHERE x.country_rule <> g.country_rule AND x.gap_points IS DISTINCT FROM g.gap_points
ORDER BY x.board, x.variant, x.category, x.month, x.country_rule

-- One row: a month of one series and an alternative attribution that changes its gap.
-- The month's snapshot again, with one debatable attribution of core.attributions changed, or under the rule
-- any or cn_hk; only months whose gap changes are listed.
SELECT
    d.board,
    d.variant,
    d.category,
    d.month,
    g.country_rule,
    g.us_model,
    g.us_score,
    g.cn_model,
    g.cn_score,
    g.gap_points,
    d.gap_points AS default_gap_points,
    g.gap_points - d.gap_points AS difference,
    g.snapshot_id
FROM main.monthly_gap AS d
JOIN core.snapshot_gaps AS g
    ON g.snapshot_id = d.snapshot_id AND g.category = d.category AND g.listing = d.listing
WHERE g.country_rule <> d.country_rule
    AND g.gap_points IS NOT NULL
    AND g.gap_points IS DISTINCT FROM d.gap_points
ORDER BY d.board, d.variant, d.category, d.month, g.country_rule

-- One row: a month of one series and an alternative that changes its gap.
-- The month's snapshot again, with one debatable attribution of core.attributions changed, or under the rule
-- any or cn_hk; and, on boards of preference, under the month's own country rule with the listing known_public,
-- where a model of which no fact says when people could use it does not count. That row is compared with the gap
-- under the listing public, all others with monthly_gap. Only months whose gap changes are listed; attribution_effects
-- also names the attributions that change none.
WITH alternatives AS (
    SELECT d.*, d.listing AS alternative_listing, d.gap_points AS compared_gap_points, FALSE AS is_listing
    FROM main.monthly_gap AS d
    UNION ALL
    SELECT d.*, 'known_public', p.gap_points, TRUE
    FROM main.monthly_gap AS d
    JOIN core.boards AS b ON b.board = d.board AND b.kind = 'preference'
    JOIN core.snapshot_gaps AS p
        ON p.snapshot_id = d.snapshot_id AND p.category = d.category AND p.listing = 'public'
        AND p.country_rule = d.country_rule
)
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
    d.compared_gap_points AS default_gap_points,
    g.gap_points - d.compared_gap_points AS difference,
    g.snapshot_id,
    g.listing
FROM alternatives AS d
JOIN core.snapshot_gaps AS g
    ON g.snapshot_id = d.snapshot_id AND g.category = d.category AND g.listing = d.alternative_listing
    AND (g.country_rule = d.country_rule) = d.is_listing
WHERE g.gap_points IS NOT NULL
    AND g.gap_points IS DISTINCT FROM d.compared_gap_points
ORDER BY d.board, d.variant, d.category, d.month, g.country_rule

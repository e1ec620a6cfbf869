-- One row: a month of one board, variant and category.
-- The gap between the best US and the best Chinese model in the snapshot that stands for the month, of all that
-- is listed. Both scores are of that one snapshot: nothing is subtracted across snapshots, variants or sources,
-- nothing is clamped or carried forward. Publications that are withheld (meta.withheld) stand for no month. Every
-- month has a row from the first publication of its series to the newest month of any arena board, or of the series
-- itself if that is later; status says why a month has no number. The intervals are those of core.gap_intervals. The
-- month of the newest bytes was not over when they became known: another snapshot may still come to stand for it.
WITH withheld AS (
    SELECT DISTINCT board, variant, category, date_trunc('month', published_on)::DATE AS month
    FROM meta.withheld
    WHERE board <> ''
),
series AS (
    SELECT board, variant, category, date_trunc('month', published_on)::DATE AS month
    FROM core.publications
    UNION ALL
    SELECT board, variant, category, month FROM withheld
    UNION ALL
    SELECT spine_board, variant, 'overall', spine_from
    FROM internal.settings
    CROSS JOIN (VALUES ('raw'), ('style_control')) AS v(variant)
),
months AS (
    SELECT board, variant, category, unnest(generate_series(
        min(month), greatest(max(month), (SELECT latest_month FROM meta.release)), INTERVAL 1 MONTH
    ))::DATE AS month
    FROM series
    GROUP BY board, variant, category
)
SELECT
    m.board,
    m.variant,
    m.category,
    m.month,
    coalesce(g.status, CASE WHEN w.month IS NOT NULL THEN 'withheld' END, 'no_snapshot') AS status,
    g.us_model,
    g.us_score,
    g.cn_model,
    g.cn_score,
    g.gap_points,
    g.gap_pct_of_cn,
    g.gap_pct_of_us,
    g.us_win_probability,
    g.logit_gap,
    g.near_ceiling,
    i.gap_median,
    i.gap_low,
    i.gap_high,
    i.probability_a_leads AS probability_us_leads,
    i.gap_low <= 0 AND i.gap_high >= 0 AS is_tie,
    i.gap_error,
    i.gap_low_wide,
    i.gap_high_wide,
    i.a_contenders AS us_contenders,
    i.b_contenders AS cn_contenders,
    i.a_contending_base_models AS us_contending_base_models,
    i.b_contending_base_models AS cn_contending_base_models,
    g.gap_at_least,
    g.us_model_id,
    g.cn_model_id,
    g.us_organization_id,
    g.cn_organization_id,
    g.us_eligible_models,
    g.cn_eligible_models,
    g.listed_models,
    g.us_basis,
    g.cn_basis,
    g.snapshot_id,
    g.published_on,
    last_day(m.month) - g.published_on AS days_before_month_end,
    m.month >= date_trunc('month', (SELECT max(known_at) FROM meta.inputs)) AS month_is_open,
    g.date_basis,
    g.source_id,
    i.error_source_id,
    g.anchor,
    g.anchor_is_standard,
    settings.month_rule,
    settings.listing,
    settings.country_rule
FROM months AS m
CROSS JOIN internal.settings
LEFT JOIN core.month_snapshots AS s
    ON s.month_rule = settings.month_rule
    AND s.board = m.board AND s.variant = m.variant AND s.category = m.category AND s.month = m.month
LEFT JOIN withheld AS w
    ON w.board = m.board AND w.variant = m.variant AND w.category = m.category AND w.month = m.month
LEFT JOIN core.snapshot_gaps AS g
    ON g.snapshot_id = s.snapshot_id AND g.category = s.category
    AND g.listing = settings.listing AND g.country_rule = settings.country_rule
LEFT JOIN core.gap_intervals AS i
    ON i.snapshot_id = g.snapshot_id AND i.category = g.category
    AND i.listing = g.listing AND i.country_rule = g.country_rule
    AND i.country_a = settings.country_a AND i.country_b = settings.country_b
ORDER BY m.board, m.variant, m.category, m.month

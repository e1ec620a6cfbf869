-- One row: a month of one board, variant and category from its first gap on.
-- monthly_gap; a month without a gap of its own takes the newest one before it and says from which month and
-- how old it is.
SELECT
    m.board,
    m.variant,
    m.category,
    m.month,
    g.month AS from_month,
    date_diff('month', g.month, m.month)::INTEGER AS age_months,
    g.month <> m.month AS is_carried,
    m.status,
    g.us_model,
    g.us_score,
    g.cn_model,
    g.cn_score,
    g.gap_points,
    g.gap_pct_of_cn,
    g.gap_pct_of_us,
    g.us_win_probability,
    g.gap_median,
    g.gap_low,
    g.gap_high,
    g.gap_error,
    g.gap_low_wide,
    g.gap_high_wide,
    g.snapshot_id,
    g.published_on
FROM main.monthly_gap AS m
ASOF JOIN (SELECT * FROM main.monthly_gap WHERE gap_points IS NOT NULL) AS g
    ON g.board = m.board AND g.variant = m.variant AND g.category = m.category AND g.month <= m.month
ORDER BY m.board, m.variant, m.category, m.month

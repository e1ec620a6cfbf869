-- One row: a month of one board, variant and category as known on the day known_on.
-- The rule of monthly_gap over the snapshots whose bytes were known by the day: fetched, or committed by a
-- mirror. A history fetched later counts from the day it was fetched, whatever days it speaks of. Errors that are
-- taken from a copy count from the day the copy was known. Columns mean what they mean in main.monthly_gap.
CREATE OR REPLACE MACRO main.gap_as_of(known_on) AS TABLE
WITH months AS (
    SELECT *, date_trunc('month', published_on)::DATE AS month
    FROM internal.standing_snapshots
    WHERE known_at < CAST(known_on AS DATE) + INTERVAL 1 DAY
    QUALIFY row_number() OVER (
        PARTITION BY board, variant, category, date_trunc('month', published_on)
        ORDER BY published_on DESC, is_bounded, rank
    ) = 1
)
SELECT
    m.board,
    m.variant,
    m.category,
    m.month,
    g.status,
    g.us_model,
    g.us_score,
    g.cn_model,
    g.cn_score,
    g.gap_points,
    g.gap_pct_of_cn,
    g.gap_pct_of_us,
    i.gap_error,
    i.gap_low,
    i.gap_high,
    i.gap_low_wide,
    i.gap_high_wide,
    i.a_contenders AS us_contenders,
    i.b_contenders AS cn_contenders,
    i.probability_a_leads AS probability_us_leads,
    g.gap_at_least,
    m.snapshot_id,
    m.published_on,
    g.date_basis,
    g.source_id,
    i.error_source_id,
    m.known_at
FROM months AS m
CROSS JOIN internal.settings
JOIN core.snapshot_gaps AS g
    ON g.snapshot_id = m.snapshot_id AND g.category = m.category
    AND g.listing = settings.listing AND g.country_rule = settings.country_rule
JOIN core.snapshot_categories AS c ON c.snapshot_id = m.snapshot_id AND c.category = m.category
LEFT JOIN core.snapshots AS e
    ON e.snapshot_id = c.errors_from AND e.known_at < CAST(known_on AS DATE) + INTERVAL 1 DAY
LEFT JOIN core.gap_intervals AS i
    ON i.snapshot_id = g.snapshot_id AND i.category = g.category
    AND i.listing = g.listing AND i.country_rule = g.country_rule
    AND i.country_a = settings.country_a AND i.country_b = settings.country_b
    AND e.snapshot_id IS NOT NULL
ORDER BY m.board, m.variant, m.category, m.month

-- One row: a month of one board, variant and category for the countries a and b.
-- The snapshots, listing and country rule of monthly_gap with the tops of the two countries, by ISO 3166-1
-- alpha-2 code. Positive: a leads. Intervals exist for the default pair only. Columns mean what they mean in
-- main.monthly_gap, with a_ and b_ for us_ and cn_.
CREATE OR REPLACE MACRO main.gap_pair(a, b) AS TABLE
SELECT
    g.board,
    g.variant,
    g.category,
    g.month,
    CASE
        WHEN g.status IN ('no_snapshot', 'ambiguous') THEN g.status
        WHEN x.score IS NOT NULL AND y.score IS NOT NULL THEN CASE WHEN s.coverage = 'leaders' THEN 'leaders_only' ELSE 'observed' END
        WHEN s.coverage <> 'whole' THEN 'truncated'
        WHEN y.score IS NULL THEN 'no_b_model'
        ELSE 'no_a_model'
    END AS status,
    x.model_name AS a_model,
    x.score AS a_score,
    y.model_name AS b_model,
    y.score AS b_score,
    x.score - y.score AS gap_points,
    100 * (x.score - y.score) / nullif(y.score, 0) AS gap_pct_of_b,
    100 * (x.score - y.score) / nullif(x.score, 0) AS gap_pct_of_a,
    CASE WHEN d.unit = 'elo' THEN 1 / (1 + pow(10, -(x.score - y.score) / 400)) END AS a_win_probability,
    g.snapshot_id,
    g.published_on,
    g.date_basis,
    g.source_id
FROM main.monthly_gap AS g
JOIN core.boards AS d ON d.board = g.board
LEFT JOIN core.snapshots AS s ON s.snapshot_id = g.snapshot_id
LEFT JOIN core.country_leaders AS x
    ON x.snapshot_id = g.snapshot_id AND x.category = g.category AND x.country = a
    AND x.listing = g.listing AND x.country_rule = g.country_rule
LEFT JOIN core.country_leaders AS y
    ON y.snapshot_id = g.snapshot_id AND y.category = g.category AND y.country = b
    AND y.listing = g.listing AND y.country_rule = g.country_rule
ORDER BY g.board, g.variant, g.category, g.month

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
        WHEN g.status IN ('no_snapshot', 'ambiguous', 'withheld') THEN g.status
        WHEN leader_a.score IS NOT NULL AND leader_b.score IS NOT NULL THEN CASE WHEN s.coverage = 'leaders' THEN 'leaders_only' ELSE 'observed' END
        WHEN s.coverage <> 'whole' THEN 'truncated'
        WHEN leader_b.score IS NULL THEN 'no_b_model'
        ELSE 'no_a_model'
    END AS status,
    leader_a.model_name AS a_model,
    leader_a.score AS a_score,
    leader_b.model_name AS b_model,
    leader_b.score AS b_score,
    leader_a.score - leader_b.score AS gap_points,
    100 * (leader_a.score - leader_b.score) / nullif(leader_b.score, 0) AS gap_pct_of_b,
    100 * (leader_a.score - leader_b.score) / nullif(leader_a.score, 0) AS gap_pct_of_a,
    CASE WHEN d.unit = 'elo' THEN 1 / (1 + pow(10, -(leader_a.score - leader_b.score) / 400)) END AS a_win_probability,
    g.snapshot_id,
    g.published_on,
    g.date_basis,
    g.source_id
FROM main.monthly_gap AS g
JOIN core.boards AS d ON d.board = g.board
LEFT JOIN core.snapshots AS s ON s.snapshot_id = g.snapshot_id
LEFT JOIN core.country_leaders AS leader_a
    ON leader_a.snapshot_id = g.snapshot_id AND leader_a.category = g.category AND leader_a.country = a
    AND leader_a.listing = g.listing AND leader_a.country_rule = g.country_rule
LEFT JOIN core.country_leaders AS leader_b
    ON leader_b.snapshot_id = g.snapshot_id AND leader_b.category = g.category AND leader_b.country = b
    AND leader_b.listing = g.listing AND leader_b.country_rule = g.country_rule
ORDER BY g.board, g.variant, g.category, g.month

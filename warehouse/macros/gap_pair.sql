-- One row: a month of one board, variant and category for the countries a and b.
-- The snapshots, listing and country rule of monthly_gap with the tops of the two countries, by ISO 3166-1
-- alpha-2 code. Positive: a leads. gap_low to gap_high is the 95 % interval of the named leaders' gap, by the rule of
-- core.gap_intervals; the wide one and its contenders are there for the default pair only. Columns mean what they
-- mean in main.monthly_gap, with a_ and b_ for us_ and cn_.
CREATE OR REPLACE MACRO main.gap_pair(a, b) AS TABLE
WITH pairs AS (
    SELECT
        g.*,
        d.unit,
        s.coverage,
        leader_a.model_name AS a_model,
        leader_a.score AS a_score,
        leader_b.model_name AS b_model,
        leader_b.score AS b_score,
        leader_a.score - leader_b.score AS points,
        -- An error of the difference only where no model that is not listed could lead.
        CASE
            WHEN s.coverage = 'whole' OR least(leader_a.score, leader_b.score) >= c.highest_unlisted
                THEN sqrt(
                    pow(leader_a.standard_error, 2) + pow(leader_b.standard_error, 2)
                    + CASE WHEN s.precision = 'rounded' THEN 2 / 12 ELSE 0 END
                )
        END AS error
    FROM main.monthly_gap AS g
    JOIN core.boards AS d ON d.board = g.board
    LEFT JOIN core.snapshots AS s ON s.snapshot_id = g.snapshot_id
    LEFT JOIN core.snapshot_categories AS c ON c.snapshot_id = g.snapshot_id AND c.category = g.category
    LEFT JOIN core.country_leaders AS leader_a
        ON leader_a.snapshot_id = g.snapshot_id AND leader_a.category = g.category AND leader_a.country = a
        AND leader_a.listing = g.listing AND leader_a.country_rule = g.country_rule
    LEFT JOIN core.country_leaders AS leader_b
        ON leader_b.snapshot_id = g.snapshot_id AND leader_b.category = g.category AND leader_b.country = b
        AND leader_b.listing = g.listing AND leader_b.country_rule = g.country_rule
)
SELECT
    board,
    variant,
    category,
    month,
    CASE
        WHEN status IN ('no_snapshot', 'ambiguous', 'withheld') THEN status
        WHEN points IS NOT NULL THEN CASE WHEN coverage = 'leaders' THEN 'leaders_only' ELSE 'observed' END
        WHEN coverage <> 'whole' THEN 'truncated'
        WHEN b_score IS NULL THEN 'no_b_model'
        ELSE 'no_a_model'
    END AS status,
    a_model,
    a_score,
    b_model,
    b_score,
    points AS gap_points,
    100 * points / nullif(b_score, 0) AS gap_pct_of_b,
    100 * points / nullif(a_score, 0) AS gap_pct_of_a,
    CASE WHEN unit = 'elo' THEN 1 / (1 + pow(10, -points / 400)) END AS a_win_probability,
    error AS gap_error,
    points - 1.959963984540054 * error AS gap_low,
    points + 1.959963984540054 * error AS gap_high,
    snapshot_id,
    published_on,
    date_basis,
    source_id
FROM pairs
ORDER BY board, variant, category, month

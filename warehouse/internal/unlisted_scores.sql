-- One row: a category of one snapshot that does not list all, and the highest score that a row it leaves out can have.
-- The score above the first rank that is missing; with no rank missing, that of the last row. Of a list that is cut and
-- prints no ranks, that of the last row. Of mere leaders without ranks nothing is known: null.
WITH placed AS (
    SELECT
        c.snapshot_id,
        c.category,
        s.coverage,
        c.score,
        coalesce(c.rank, 2147483647) > row_number() OVER (list ORDER BY c.rank NULLS LAST, c.score DESC NULLS LAST) AS is_below_a_hole,
        bool_or(c.rank IS NOT NULL) OVER list AS has_ranks,
        c.rank,
        c.model_name
    FROM core.scores AS c
    JOIN core.snapshots AS s ON s.snapshot_id = c.snapshot_id AND s.coverage <> 'whole'
    WINDOW list AS (PARTITION BY c.snapshot_id, c.category)
),
proved AS (
    SELECT
        *,
        bool_or(is_below_a_hole) OVER (
            PARTITION BY snapshot_id, category ORDER BY rank NULLS LAST, score DESC NULLS LAST, model_name
        ) AS is_open_above
    FROM placed
)
SELECT
    snapshot_id,
    category,
    CASE
        WHEN bool_or(has_ranks) THEN min(score) FILTER (NOT is_open_above)
        WHEN any_value(coverage) = 'truncated' THEN min(score)
    END AS highest_unlisted
FROM proved
GROUP BY snapshot_id, category

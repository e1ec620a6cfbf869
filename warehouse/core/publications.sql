-- One row: a board, variant, category and day.
-- Of several snapshots of a day: a clean category before a quarantined one, then a whole listing before a
-- truncated one before mere leaders, then the one with most models, then an unrounded one, then the most
-- official, then the one known first. A day that is only bounded (not_after) sorts before a printed one of the
-- same date, so both may stand.
WITH listed AS (
    SELECT
        s.board,
        s.variant,
        c.category,
        s.published_on,
        s.date_basis = 'not_after' AS is_bounded,
        s.snapshot_id,
        s.coverage,
        s.precision,
        s.distance,
        s.known_at,
        c.is_ambiguous,
        c.listed_models,
        c.lowest_score
    FROM core.snapshot_categories AS c
    JOIN core.snapshots AS s USING (snapshot_id)
),
ranked AS (
    SELECT
        *,
        count(*) OVER same_day AS candidates,
        row_number() OVER (
            same_day
            ORDER BY
                is_ambiguous,
                CASE coverage WHEN 'whole' THEN 0 WHEN 'truncated' THEN 1 ELSE 2 END,
                listed_models DESC,
                precision,
                distance,
                known_at,
                snapshot_id
        ) AS place
    FROM listed
    WINDOW same_day AS (PARTITION BY board, variant, category, published_on, is_bounded)
)
SELECT
    board,
    variant,
    category,
    published_on,
    snapshot_id,
    is_ambiguous,
    row_number() OVER (PARTITION BY board, variant, category, published_on ORDER BY is_bounded) = 1 AS is_last_of_day,
    listed_models,
    lowest_score,
    candidates::INTEGER AS candidates
FROM ranked
WHERE place = 1
ORDER BY board, variant, category, published_on, snapshot_id

-- One row: a board, variant, category and day.
-- Of several snapshots of a day: a clean category before a quarantined one, then a whole listing before a
-- truncated one before mere leaders, then the one with most models, then an unrounded one, then the most
-- official, then of changes within the day the last, then the one known first. A day that is only bounded (not_after) sorts before a printed one of the
-- same date, so both may be chosen. What is withheld (meta.withheld) is not chosen.
WITH days AS (
    SELECT
        *,
        count(*) OVER day AS candidates,
        row_number() OVER (day ORDER BY rank) AS place
    FROM internal.standing_snapshots
    WINDOW day AS (PARTITION BY board, variant, category, published_on, is_bounded)
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
FROM days
WHERE place = 1
ORDER BY board, variant, category, published_on, snapshot_id

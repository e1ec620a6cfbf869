-- One row: two listings of one board and variant, compared on the models they share.
-- Only listings whose day is in doubt are compared, with everything they could be a copy of.
WITH points AS (
    SELECT
        l.key,
        l.board,
        l.variant,
        l.known_at,
        l.printed_on,
        l.printed_on IS NULL OR s.stamp_can_lag AS is_in_doubt,
        c.category,
        coalesce(c.model_id, lower(c.model_name)) AS model,
        max(c.score) AS score
    FROM staged_score AS c
    JOIN listing AS l USING (key)
    JOIN staged_source AS s USING (source_id)
    WHERE c.score IS NOT NULL AND NOT c.is_ambiguous
    GROUP BY ALL
)
SELECT
    least(u.key, d.key) AS one,
    greatest(u.key, d.key) AS other,
    count(*) AS shared,
    max(abs(u.score - d.score)) AS largest_difference,
    avg(abs(u.score - d.score)) AS mean_difference
FROM points AS u
JOIN points AS d
    ON d.board = u.board AND d.variant = u.variant AND d.category = u.category AND d.model = u.model
    AND u.is_in_doubt
    AND d.key <> u.key
    AND CASE WHEN d.is_in_doubt THEN d.key < u.key ELSE d.printed_on <= u.known_at::DATE END
GROUP BY ALL

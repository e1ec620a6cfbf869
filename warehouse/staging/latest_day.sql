-- One row: a listing, with the latest day on which its figures can have been published.
-- The day its bytes were known. A table that is filled under a label is not filled once upstream has a newer label,
-- and no table is older than the newest release day of its models, where we know one.
WITH releases AS (
    SELECT c.model_id, min(c.released_on) AS released_on
    FROM listed_name AS c
    JOIN listing AS l USING (key)
    WHERE c.model_id IS NOT NULL AND c.released_on <= l.known_at::DATE + 1
    GROUP BY ALL
),
newest_releases AS (
    SELECT c.key, max(r.released_on) AS released_on
    FROM listed_name AS c
    JOIN releases AS r USING (model_id)
    GROUP BY ALL
),
superseded AS (
    SELECT l.key, min(n.known_at::DATE) AS day
    FROM listing AS l
    JOIN listing AS n
        ON n.source_id = l.source_id AND n.board = l.board AND n.variant = l.variant AND n.printed_on > l.printed_on
    GROUP BY ALL
)
SELECT
    l.key,
    CASE
        WHEN s.fills_up THEN greatest(least(l.known_at::DATE, u.day), r.released_on)
        ELSE l.known_at::DATE
    END AS not_after
FROM listing AS l
JOIN staged_source AS s USING (source_id)
LEFT JOIN newest_releases AS r USING (key)
LEFT JOIN superseded AS u USING (key)

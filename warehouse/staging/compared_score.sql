-- One row: a model in one category of one listing, as it is compared with that of other listings.
-- series is one board and variant; is_in_doubt: of a listing whose day is. Of a model with several names the highest
-- score counts, and the fact that comes first.
WITH licences AS (
    SELECT spelling, regexp_replace(lower(spelling), '[^a-z0-9]', '', 'g') AS licence
    FROM (SELECT DISTINCT license_name AS spelling FROM staged_score)
),
listings AS (
    SELECT
        l.key,
        l.board,
        dense_rank() OVER (ORDER BY l.board, l.variant) AS series,
        l.source_id,
        l.known_at,
        l.stamped_on,
        s.precision = 'rounded' AS is_rounded,
        l.stamped_on IS NULL OR s.stamp_can_lag AS is_in_doubt
    FROM listing AS l
    JOIN staged_source AS s USING (source_id)
),
best AS (
    SELECT
        c.key,
        c.category,
        coalesce(c.model_id, lower(c.model_name)) AS model,
        max(c.score) AS score,
        min(m.organization_id) AS maker,
        min(i.licence) AS licence,
        min(c.released_on) AS released_on
    FROM staged_score AS c
    LEFT JOIN staged_maker AS m ON m.organization_name = c.organization_name
    LEFT JOIN licences AS i ON i.spelling = c.license_name
    WHERE c.score IS NOT NULL AND c.occurrences = 1
    GROUP BY ALL
)
SELECT *
FROM best
JOIN listings USING (key)

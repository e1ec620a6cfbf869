-- One row: a name and maker as one listing prints them, with the model they mean on that day.
-- name is a number in the order of model_id. A name is repeated where it stands more often than in categories: only
-- such rows are compared column by column (repeated_score.sql). Nearly every name stands once in a category. Of
-- listings that are carried over (printed_name.sql) it is known what their names mean, and none is repeated.
WITH repeated AS (
    SELECT key, model_name
    FROM printed_name
    WHERE NOT is_carried
    GROUP BY key, model_name
    HAVING sum(rows) > bit_count(bit_or(categories))
),
-- First: listings joined to the names of their source give five times as many rows.
names AS (
    SELECT DISTINCT
        p.key,
        p.model_name,
        coalesce(p.organization_name, '') AS organization_name,
        l.source_id,
        coalesce(l.printed_on, l.known_at::DATE) AS read_on
    FROM printed_name AS p
    JOIN listing AS l USING (key)
    WHERE NOT p.is_carried
),
-- Ordered before they are joined: each stands in many listings.
meanings AS (
    SELECT *, dense_rank() OVER (ORDER BY model_id NULLS LAST) AS model_place FROM core.model_names
)
SELECT
    row_number() OVER (ORDER BY n.model_place)::INTEGER AS name,
    o.key,
    o.model_name,
    o.organization_name,
    n.model_id,
    r.key IS NOT NULL AS is_repeated
FROM names AS o
JOIN meanings AS n
    ON n.source_id = o.source_id
    AND n.model_name = o.model_name
    AND n.organization_name = o.organization_name
    AND o.read_on BETWEEN n.valid_from AND n.valid_to
LEFT JOIN repeated AS r ON r.key = o.key AND r.model_name = o.model_name

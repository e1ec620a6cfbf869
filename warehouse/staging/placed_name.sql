-- One row: a name and maker as one snapshot prints them, with what holds for it in every category.
-- fixed_score is the score that defines the scale of its board; basis that of the source.
WITH places AS (
    SELECT l.key, s.snapshot_id, s.board, s.published_on, w.basis
    FROM listing AS l
    JOIN staged_source AS w ON w.source_id = l.source_id
    JOIN core.snapshots AS s
        ON s.input_id = l.input_id AND s.board = l.board AND s.variant = l.variant
        AND s.printed_on IS NOT DISTINCT FROM l.printed_on
)
SELECT
    n.name,
    s.snapshot_id,
    s.basis,
    f.score AS fixed_score,
    coalesce(m.was_public, TRUE) AND coalesce(s.published_on BETWEEN m.public_from AND m.public_to, TRUE)
        AND x.model_id IS NULL AS is_public,
    is_public AND coalesce(m.public_basis = 'fact', FALSE) AS is_known_public
FROM read_name AS n
JOIN places AS s USING (key)
LEFT JOIN core.fixed_scores AS f ON f.board = s.board AND f.model_id = n.model_id
LEFT JOIN core.models AS m ON m.model_id = n.model_id
LEFT JOIN core.suspensions AS x ON x.model_id = n.model_id AND s.published_on BETWEEN x.valid_from AND x.valid_to

-- One row: a model in one category of one snapshot.
-- core.scores but for is_ambiguous, which needs all of them. basis: that of the source, unless the row says otherwise
-- in extra. highest: of a doubled name the highest of its readings.
WITH places AS MATERIALIZED (
    SELECT l.key, s.snapshot_id, s.board, s.published_on, w.basis
    FROM listing AS l
    JOIN staged_source AS w ON w.source_id = l.source_id
    JOIN core.snapshots AS s
        ON s.input_id = l.input_id AND s.board = l.board AND s.variant = l.variant
        AND s.printed_on IS NOT DISTINCT FROM l.printed_on
)
SELECT
    s.snapshot_id,
    c.category,
    c.model_name,
    c.model_id,
    c.organization_name,
    c.license_name,
    CASE WHEN c.occurrences = 1 THEN c.score END AS score,
    CASE WHEN c.occurrences = 1 THEN c.score_low END AS score_low,
    CASE WHEN c.occurrences = 1 THEN c.score_high END AS score_high,
    CASE
        WHEN c.occurrences > 1 THEN NULL
        WHEN c.score = f.score THEN 0
        WHEN c.standard_error > 0 THEN c.standard_error
        WHEN c.score_high > c.score_low THEN (c.score_high - c.score_low) / (2 * 1.959963984540054)
    END AS standard_error,
    CASE WHEN c.occurrences = 1 THEN c.votes END AS votes,
    c.rank,
    c.released_on,
    coalesce(CASE WHEN contains(c.extra, '"basis"') THEN c.extra ->> 'basis' END, s.basis) AS basis,
    c.occurrences > 1 AS is_doubled,
    c.score AS highest,
    coalesce(m.was_public, TRUE) AND coalesce(s.published_on BETWEEN m.public_from AND m.public_to, TRUE)
        AND x.model_id IS NULL AS is_public,
    is_public AND coalesce(m.public_basis = 'fact', FALSE) AS is_known_public
FROM staged_score AS c
JOIN places AS s USING (key)
LEFT JOIN core.fixed_scores AS f ON f.board = s.board AND f.model_id = c.model_id
LEFT JOIN core.models AS m ON m.model_id = c.model_id
LEFT JOIN core.suspensions AS x ON x.model_id = c.model_id AND s.published_on BETWEEN x.valid_from AND x.valid_to
WHERE c.occurrence = 1

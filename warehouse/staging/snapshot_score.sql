-- One row: a model in one category of one snapshot.
-- core.scores but for is_ambiguous, which needs all of them. basis: that of the source, unless the row says otherwise
-- in extra. highest: of a doubled name the highest of its readings. A view, as read_score is.
SELECT
    s.snapshot_id,
    c.input_id,
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
        WHEN c.score = s.fixed_score THEN 0
        WHEN c.standard_error > 0 THEN c.standard_error
        WHEN c.score_high > c.score_low THEN (c.score_high - c.score_low) / (2 * 1.959963984540054)
    END AS standard_error,
    CASE WHEN c.occurrences = 1 THEN c.votes END AS votes,
    c.rank,
    c.released_on,
    coalesce(CASE WHEN contains(c.extra, '"basis"') THEN c.extra ->> 'basis' END, s.basis) AS basis,
    c.occurrences > 1 AS is_doubled,
    c.score AS highest,
    s.is_public,
    s.is_known_public
FROM staged_score AS c
JOIN placed_name AS s USING (name)
WHERE c.occurrence = 1

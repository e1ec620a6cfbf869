-- One row: one of several differing rows under one key.
-- Rows of one snapshot, category and model name whose figures differ. Their category of that snapshot is
-- quarantined: it gives no gap (status ambiguous).
SELECT
    s.snapshot_id,
    c.category,
    c.model_name,
    c.occurrence::INTEGER AS occurrence,
    c.score,
    c.votes,
    c.extra
FROM staged_score AS c
JOIN listing AS l USING (key)
JOIN core.snapshots AS s
    ON s.input_id = l.input_id AND s.board = l.board AND s.variant = l.variant
    AND s.printed_on IS NOT DISTINCT FROM l.printed_on
WHERE c.occurrences > 1
ORDER BY s.snapshot_id, c.category, c.model_name, c.occurrence

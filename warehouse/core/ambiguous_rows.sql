-- One row: one of several differing rows under one key.
-- Rows of one snapshot, category and model name whose figures differ. The name is set aside: core.scores has no score
-- for it. The category of that snapshot gives no gap (status ambiguous) only if one of the readings could change a
-- leader.
SELECT
    s.snapshot_id,
    c.category,
    c.model_name,
    c.occurrence::INTEGER AS occurrence,
    c.score,
    c.votes,
    c.extra
FROM repeated_score AS c
JOIN listing AS l USING (key)
JOIN core.snapshots AS s
    ON s.input_id = l.input_id AND s.board = l.board AND s.variant = l.variant
    AND s.printed_on IS NOT DISTINCT FROM l.printed_on
WHERE c.occurrences > 1
ORDER BY s.snapshot_id, c.category, c.model_name, c.occurrence

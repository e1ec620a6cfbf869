-- One row: a model in a category of a publication without standard errors, with the error that a copy of it prints.
-- Only of the copy that core.snapshot_categories names, and only where both print the same score, but for rounding.
SELECT
    k.snapshot_id,
    k.category,
    c.model_name,
    min_by(e.standard_error, (abs(e.score - c.score), e.model_name)) AS standard_error
FROM core.snapshot_categories AS k
CROSS JOIN internal.settings
JOIN core.snapshots AS s ON s.snapshot_id = k.snapshot_id
JOIN core.snapshots AS o ON o.snapshot_id = k.errors_from
JOIN core.scores AS c ON c.snapshot_id = k.snapshot_id AND c.category = k.category
JOIN core.scores AS e ON e.snapshot_id = k.errors_from AND e.category = k.category AND e.model_id = c.model_id
WHERE k.errors_from <> k.snapshot_id
    AND c.standard_error IS NULL
    AND e.standard_error IS NOT NULL
    -- A millionth more: 1446.55 less 1446 is a little more than 0.55 in binary.
    AND abs(e.score - c.score)
    <= CASE WHEN 'rounded' IN (s.precision, o.precision) THEN 0.5 ELSE 0 END + settings.same_within + 1e-6
GROUP BY k.snapshot_id, k.category, c.model_name

-- severity: block
-- about: core.scores
-- why: a score far outside the scale of its board comes from a misread column
SELECT
    format('{} scores {} in {} {}', c.model_name, c.score, c.snapshot_id, c.category) AS message,
    c.snapshot_id, c.category, c.model_name, c.score
FROM core.scores AS c
JOIN core.snapshots AS s USING (snapshot_id)
JOIN core.boards AS b USING (board)
WHERE CASE b.unit
    WHEN 'elo' THEN c.score NOT BETWEEN 300 AND 2500
    WHEN 'percent' THEN c.score NOT BETWEEN 0 AND 100
    ELSE FALSE
END
ORDER BY c.score DESC

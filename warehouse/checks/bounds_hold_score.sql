-- severity: warn
-- about: core.scores
-- why: a score outside its own interval points to a misread bound
SELECT c.snapshot_id, c.category, c.model_name, c.score, c.score_low, c.score_high
FROM core.scores AS c
WHERE c.score < c.score_low - 0.5 OR c.score > c.score_high + 0.5
ORDER BY c.snapshot_id, c.category, c.model_name

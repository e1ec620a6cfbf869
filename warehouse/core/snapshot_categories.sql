-- One row: a category of one snapshot.
-- Counts what each snapshot lists in each category; only categories with at least one score.
SELECT
    c.snapshot_id,
    c.category,
    bool_or(c.is_ambiguous) AS is_ambiguous,
    count(DISTINCT c.model_name) FILTER (c.score IS NOT NULL)::INTEGER AS listed_models,
    min(c.score) AS lowest_score
FROM core.scores AS c
GROUP BY ALL
HAVING count(c.score) > 0
ORDER BY c.snapshot_id, c.category

-- severity: warn
-- about: core.ambiguous_rows
-- why: a category whose rows contradict each other is left out of that snapshot
SELECT format('{} {}: {} names are listed more than once with different figures', snapshot_id, category, names) AS message, *
FROM (
    SELECT snapshot_id, category, count(DISTINCT model_name) AS names, count(*) AS rows
    FROM core.ambiguous_rows
    GROUP BY ALL
)
ORDER BY snapshot_id, category

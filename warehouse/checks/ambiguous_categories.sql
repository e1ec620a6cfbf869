-- severity: warn
-- about: core.ambiguous_rows
-- why: a name whose rows contradict each other is set aside, and its category too where it could change a leader
SELECT
    format(
        '{} {}: {} names are listed more than once with different figures ({}), {}',
        snapshot_id, category, names, example,
        CASE WHEN is_ambiguous THEN 'and could change a leader: the category has no gap' ELSE 'and are set aside' END
    ) AS message,
    *
FROM (
    SELECT snapshot_id, category, count(DISTINCT model_name) AS names, min(model_name) AS example, count(*) AS rows
    FROM core.ambiguous_rows
    GROUP BY ALL
)
JOIN (SELECT snapshot_id, category, bool_or(is_ambiguous) AS is_ambiguous FROM core.scores GROUP BY ALL) USING (snapshot_id, category)
ORDER BY snapshot_id, category

-- One row: a source.
-- Counts the distinct names each source has printed by how they were resolved. A name that stands for a model in some
-- periods only (name_periods.csv) is unresolved if it was printed in another.
SELECT
    n.source_id,
    count(DISTINCT n.model_name) AS names,
    count(DISTINCT n.model_name) FILTER (n.resolution = 'name') AS by_name,
    count(DISTINCT n.model_name) FILTER (n.resolution = 'organization') AS by_organization,
    count(DISTINCT n.model_name) FILTER (n.resolution = 'unresolved' AND k.reason IS NOT NULL) AS knowingly_unresolved,
    count(DISTINCT u.model_name) FILTER (k.reason IS NULL) AS unresolved
FROM core.model_names AS n
LEFT JOIN staged_known_unresolved AS k
    ON (k.source_id = n.source_id OR k.source_id IS NULL) AND k.model_name = n.model_name
LEFT JOIN unknown_name AS u
    ON u.source_id = n.source_id AND u.model_name = n.model_name AND n.resolution = 'unresolved' AND u.resolution = 'unresolved'
GROUP BY n.source_id
ORDER BY n.source_id

-- severity: withhold
-- about: meta.withheld
-- why: sources of the same board and day must agree on the leading models and their scores
SELECT message, * EXCLUDE (message)
FROM meta.withheld
WHERE reason = 'sources_disagree'
ORDER BY published_on DESC, snapshot_id, category

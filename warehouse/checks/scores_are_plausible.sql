-- severity: withhold
-- about: meta.withheld
-- why: a score far outside the scale of its board comes from a misread column, so its snapshot is left out
SELECT message, * EXCLUDE (message)
FROM meta.withheld
WHERE reason = 'implausible_score'
ORDER BY published_on DESC, snapshot_id, category

-- severity: withhold
-- about: meta.unresolved_models
-- why: an unknown model that could change a country's top leaves out what it could lead until it is resolved
SELECT message, * EXCLUDE (message)
FROM meta.withheld
WHERE reason = 'unknown_name'
ORDER BY published_on DESC, snapshot_id, category, model_name

-- severity: withhold
-- about: meta.withheld
-- why: models of a country that is not in countries.csv would be counted for no country, so the list is left out
SELECT message, * EXCLUDE (message)
FROM meta.withheld
WHERE reason = 'unknown_country'
ORDER BY published_on DESC, snapshot_id, model_name

-- severity: withhold
-- about: meta.withheld
-- why: a model whose maker has no country is left out of every country's top, so what it could lead is left out
SELECT message, * EXCLUDE (message)
FROM meta.withheld
WHERE reason = 'maker_without_country'
ORDER BY published_on DESC, snapshot_id, category, model_name

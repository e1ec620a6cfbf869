-- severity: warn
-- about: meta.withheld
-- why: a publication without leaders that those before and after it list is cut or wrong; it stands for no month
SELECT message, * EXCLUDE (message)
FROM meta.withheld
WHERE reason = 'suspect'
ORDER BY published_on DESC, snapshot_id, category

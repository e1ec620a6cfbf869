-- severity: warn
-- about: core.model_names
-- why: the name may be a wrong alias: the printed maker and the resolved one are from different countries
SELECT DISTINCT
    format('{} is listed under {} but resolves to {} of {}', n.model_name, n.organization_name, n.model_id, n.organization_id) AS message,
    n.source_id, n.model_name, n.organization_name, n.model_id, n.organization_id
FROM core.model_names AS n
JOIN core.organizations AS o ON list_contains(list_transform(o.names, lambda x: lower(x)), lower(n.organization_name))
JOIN core.organizations AS mine ON mine.organization_id = n.organization_id
WHERE o.hq_country IS DISTINCT FROM mine.hq_country
ORDER BY n.source_id, n.model_name

-- One row: a name in one listing, with the model it means and the maker, licence and release day printed beside it.
-- As in staged_score; rows counts its rows, each key once.
SELECT p.key, p.model_name, n.model_id, p.organization_name, p.license_name, p.released_on, p.rows
FROM printed_name AS p
JOIN read_name AS n
    ON n.key = p.key AND n.model_name = p.model_name AND n.organization_name = coalesce(p.organization_name, '')
WHERE NOT n.is_repeated AND NOT p.is_carried
UNION ALL
SELECT key, model_name, model_id, organization_name, license_name, released_on, rows
FROM printed_name
WHERE is_carried
UNION ALL
SELECT
    key, model_name, model_id, organization_name, license_name, released_on,
    count(*) FILTER (occurrence = 1) AS rows
FROM repeated_score
GROUP BY ALL

-- severity: block
-- about: main.notable_models_by_year
-- why: models of a country that is not in countries.csv are counted for no country
SELECT
    format('{}: country "{}" is not in countries.csv ({} models)', source_id, name, count(*)) AS message,
    source_id,
    name AS country,
    count(*) AS models
FROM (SELECT source_id, unnest(countries) AS name FROM core.notable_models)
WHERE name NOT IN (SELECT printed FROM core.country_names)
GROUP BY source_id, name
ORDER BY source_id, name

-- severity: warn
-- about: core.model_weights
-- why: a licence that licence_spellings.csv does not have says nothing, so its models may be of unknown weights and withhold a class
SELECT
    format(
        '"{}" is no licence that licence_spellings.csv knows ({} models, {} for one): it counts as unknown, never as open; add to licence_spellings.csv: {},<licence_kind>,<where a person can check>',
        c.license_name, count(DISTINCT c.model_name), min(c.model_name),
        CASE WHEN regexp_matches(c.license_name, '[",]') THEN '"' || replace(c.license_name, '"', '""') || '"' ELSE c.license_name END
    ) AS message,
    c.license_name,
    count(DISTINCT c.model_name) AS models
FROM core.scores AS c
WHERE c.license_name IS NOT NULL AND c.license_name NOT IN (SELECT spelling FROM core.licence_spellings)
GROUP BY c.license_name
ORDER BY models DESC, c.license_name

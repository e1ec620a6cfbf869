-- One row: a list of notable models with its count for $year and $country, in order of days.
SELECT models, vintage, source_id
FROM main.notable_models_by_year
WHERE year = $year AND country = $country AND counting = $counting
ORDER BY vintage, source_id

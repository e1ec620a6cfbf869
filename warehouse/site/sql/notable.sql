-- Models of Epoch AI's list of notable models by year of publication, each counted once for each country.
SELECT year, country, models, vintage, source_id
FROM notable_models_by_year
WHERE counting = 'any' AND country IN ('US', 'CN') AND year >= 2012
QUALIFY vintage = max(vintage) OVER ()
ORDER BY year, country DESC

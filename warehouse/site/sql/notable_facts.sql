-- The newest whole year of the newest list.
WITH newest_counts AS (
  SELECT * FROM notable_models_by_year
  WHERE counting = 'any' QUALIFY vintage = max(vintage) OVER ()
)
SELECT
  year, sum(models) FILTER (country = 'US') AS us, sum(models) FILTER (country = 'CN') AS cn
FROM newest_counts
WHERE year < date_part('year', vintage)
GROUP BY year
ORDER BY year DESC LIMIT 1

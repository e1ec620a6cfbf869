-- The newest whole year of the newest list.
WITH newest AS (
  SELECT * FROM notable_models_by_year
  WHERE counting = 'any' QUALIFY vintage = max(vintage) OVER ()
)
SELECT
  year, vintage, sum(models) FILTER (country = 'US') AS us, sum(models) FILTER (country = 'CN') AS cn,
  arg_max(source_id, vintage) AS source_id
FROM newest
WHERE year < date_part('year', vintage)
GROUP BY year, vintage
ORDER BY year DESC LIMIT 1

-- How the forecasts of the same kind have fared: of those made from each month since January 2024, how many of the gaps
-- that came lay within the ranges, by how many months ahead.
SELECT
  horizon, count(*) AS forecasts, avg(is_within_50::INTEGER) AS within_50, avg(is_within_80::INTEGER) AS within_80,
  avg(is_within_95::INTEGER) AS within_95, avg(abs(error)) AS mean_absolute_error, min(origin_month) AS first_origin,
  max(origin_month) AS last_origin, max(month) AS vintage, 'lmarena_hf' AS source_id
FROM gap_outlook_record
WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND horizon <= 6
GROUP BY horizon
ORDER BY horizon

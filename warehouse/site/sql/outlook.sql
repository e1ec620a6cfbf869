-- The gap in raw votes of the newest twenty-four months, and where it may be in one to six months if it goes on moving
-- as lately: the last gap, and the ranges that hold 50, 80 and 95 of 100 such movements.
SELECT
  month, coalesce(published_on, last_day(month)) AS day, 'observed' AS kind, NULL::INTEGER AS horizon, gap_points, gap_low,
  gap_high, NULL AS low_50, NULL AS high_50, NULL AS low_80, NULL AS high_80, NULL AS low_95, NULL AS high_95,
  us_model, cn_model, published_on, source_id
FROM monthly_gap
WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND gap_points IS NOT NULL
  AND month > (SELECT max(origin_month) FROM gap_outlook) - INTERVAL 24 MONTHS
UNION ALL BY NAME
SELECT
  month, last_day(month) AS day, 'outlook' AS kind, horizon, point AS gap_points, low_50, high_50, low_80, high_80,
  low_95, high_95
FROM gap_outlook
WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall'
ORDER BY month, kind

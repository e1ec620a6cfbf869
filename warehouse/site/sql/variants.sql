-- Both variants of the text arena, from the first month in which each of them has a number. Each is a scale of
-- its own; nothing is subtracted across them.
WITH months AS (
  SELECT *, lag(gap_points) OVER past IS NULL OR anchor IS DISTINCT FROM lag(anchor) OVER past AS starts
  FROM monthly_gap
  WHERE board = 'arena_text' AND category = 'overall'
  WINDOW past AS (PARTITION BY variant ORDER BY month)
), first_months AS (
  SELECT max(month) AS month
  FROM (SELECT min(month) AS month FROM months WHERE gap_points IS NOT NULL GROUP BY variant)
)
SELECT
  months.month, variant, coalesce(published_on, last_day(months.month)) AS day, status, gap_points, gap_low, gap_high,
  gap_at_least, us_model, us_score, cn_model, cn_score, gap_pct_of_cn, anchor_is_standard,
  sum(starts::INTEGER) OVER (PARTITION BY variant ORDER BY months.month)::INTEGER AS run,
  published_on, date_basis, source_id, snapshot_id
FROM months, first_months
WHERE months.month >= first_months.month
ORDER BY months.month, variant

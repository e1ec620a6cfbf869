-- The monthly gap of the text arena by both ratings, each from its first month that has a number, also the months
-- without one. A line is drawn within one `run` only: a month without a number, or another zero of the scale, ends it.
WITH months AS (
  SELECT *, lag(gap_points) OVER past IS NULL OR anchor IS DISTINCT FROM lag(anchor) OVER past AS starts,
    min(month) FILTER (gap_points IS NOT NULL) OVER (PARTITION BY variant) AS first_month
  FROM monthly_gap
  WHERE board = 'arena_text' AND category = 'overall'
  WINDOW past AS (PARTITION BY variant ORDER BY month)
)
SELECT
  month, variant, coalesce(published_on, last_day(month)) AS day, status, gap_points, gap_low, gap_high, gap_at_least,
  us_model, us_score, cn_model, cn_score, gap_pct_of_cn, anchor_is_standard,
  sum(starts::INTEGER) OVER (PARTITION BY variant ORDER BY month)::INTEGER AS run,
  published_on, date_basis, source_id, snapshot_id
FROM months
WHERE month >= first_month
ORDER BY variant <> 'style_control', variant, month

-- Every month of the text arena in raw votes, its longest series, also those without a number: policy events stand
-- above it. A line is drawn within one `run` only.
WITH months AS (
  SELECT *, lag(gap_points) OVER past IS NULL OR anchor IS DISTINCT FROM lag(anchor) OVER past AS starts
  FROM monthly_gap
  WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall'
  WINDOW past AS (ORDER BY month)
)
SELECT
  month, coalesce(published_on, last_day(month)) AS day, status, gap_points, gap_low, gap_high, gap_at_least,
  us_model, us_score, cn_model, cn_score, gap_pct_of_cn, anchor_is_standard,
  sum(starts::INTEGER) OVER (ORDER BY month)::INTEGER AS run, published_on, date_basis, source_id, snapshot_id
FROM months
ORDER BY month

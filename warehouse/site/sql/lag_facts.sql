-- Each reading at the newest month's end, null where it has no value or only a bound there; its mean over the days with
-- a value, with the interval of the mean; and the mean with the bounds counted as they stand, which is at least that.
WITH newest_vintages AS (
  SELECT * FROM monthly_lag
  WHERE category = 'overall' AND (board = 'eci' OR board = 'arena_text' AND variant = 'style_control')
  QUALIFY vintage = max(vintage) OVER (PARTITION BY board)
), newest_lags AS (
  SELECT * FROM newest_vintages QUALIFY month = max(month) OVER (PARTITION BY board)
)
SELECT
  board, boards.name AS board_name, reading, vintage, month,
  CASE WHEN NOT is_censored THEN lag_months END AS lag_months, mean_months, mean_low, mean_high, max_months,
  mean_at_least, censored_days
FROM newest_lags
JOIN core.boards AS boards USING (board)
LEFT JOIN lag_summary AS summary USING (board, variant, category, vintage, tolerance, reading)
ORDER BY board DESC, reading

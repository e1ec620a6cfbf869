-- Each reading at the newest month's end, null where it is undefined there, and its mean over all days, with the
-- interval of the mean.
WITH newest_vintages AS (
  SELECT * FROM monthly_lag
  WHERE category = 'overall' AND (board = 'eci' OR board = 'arena_text' AND variant = 'style_control')
  QUALIFY vintage = max(vintage) OVER (PARTITION BY board)
), newest_lags AS (
  SELECT * FROM newest_vintages QUALIFY month = max(month) OVER (PARTITION BY board)
)
SELECT
  board, boards.name AS board_name, reading, vintage, month, lag_months, mean_months, mean_low, mean_high, max_months
FROM newest_lags
JOIN core.boards AS boards USING (board)
LEFT JOIN lag_summary AS summary USING (board, variant, category, vintage, tolerance, reading)
ORDER BY board DESC, reading

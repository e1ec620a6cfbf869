-- The newest lag of each reading and its mean over all days, with the interval of the mean.
WITH newest AS (
  SELECT * FROM monthly_lag
  WHERE category = 'overall' AND (board = 'eci' OR board = 'arena_text' AND variant = 'style_control')
  QUALIFY vintage = max(vintage) OVER (PARTITION BY board)
)
SELECT
  board, boards.name AS board_name, reading, vintage, max(newest.month) AS month,
  arg_max(lag_months, newest.month) AS lag_months, any_value(mean_months) AS mean_months,
  any_value(mean_low) AS mean_low, any_value(mean_high) AS mean_high, any_value(max_months) AS max_months,
  any_value(days) AS days, any_value(first_day) AS first_day
FROM newest
JOIN core.boards AS boards USING (board)
LEFT JOIN lag_summary AS summary USING (board, variant, category, vintage, tolerance, reading)
GROUP BY board, boards.name, reading, vintage
ORDER BY board DESC, reading

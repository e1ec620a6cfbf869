-- How many months China is behind at each month's end, by three readings, in the newest vintage of the capability
-- index and of the text arena with style control. Until China has matched a first US record, `last_matched` has only
-- a bound: `at_least_months`.
SELECT
  board, month, reading, CASE WHEN NOT is_censored THEN lag_months END AS lag_months,
  CASE WHEN is_censored THEN lag_months END AS at_least_months, since_model, since_on, us_model, us_score, cn_model,
  cn_score, measured_on, vintage, snapshot_id, split_part(snapshot_id, '/', 1) AS source_id
FROM monthly_lag
WHERE category = 'overall' AND (board = 'eci' OR board = 'arena_text' AND variant = 'style_control')
QUALIFY vintage = max(vintage) OVER (PARTITION BY board)
ORDER BY board DESC, month, reading

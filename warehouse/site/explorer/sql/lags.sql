-- The lag at each month's end in the newest vintage of each board and variant, by every reading.
SELECT
  board, variant, category, vintage, reading, month, lag_months, is_censored, measured_on, since_model, since_on, us_model,
  us_score, cn_model, cn_score, split_part(snapshot_id, '/', 1) AS source_id
FROM monthly_lag
WHERE lag_months IS NOT NULL
QUALIFY vintage = max(vintage) OVER (PARTITION BY board, variant, category)
ORDER BY reading, board, variant, category, month

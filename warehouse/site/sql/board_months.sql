-- Every overall gap of every board, newest first.
SELECT
  board, variant, month, status, gap_points, gap_low, gap_high, us_model, us_score, cn_model, cn_score, published_on,
  source_id
FROM monthly_gap
WHERE category = 'overall' AND gap_points IS NOT NULL
ORDER BY board, month DESC, variant

-- The gap by category of the text arena with style control, in the newest month that has intervals.
WITH newest_months AS (
  SELECT max(month) AS month FROM monthly_gap
  WHERE board = 'arena_text' AND variant = 'style_control' AND category <> 'overall' AND gap_low IS NOT NULL
)
SELECT
  category, month, gap_points, gap_low, gap_high, is_tie, us_model, us_score, cn_model, cn_score, published_on,
  source_id, snapshot_id
FROM monthly_gap SEMI JOIN newest_months USING (month)
WHERE board = 'arena_text' AND variant = 'style_control' AND gap_points IS NOT NULL
ORDER BY gap_points, category

-- The newest gap of every category of every board; of two variants in one month that with style control. And in how many
-- months the category has a gap.
SELECT
  board, category, variant, count(DISTINCT month) OVER categories AS months, month, gap_points, gap_low, gap_high, is_tie,
  us_model, us_score, cn_model, cn_score, published_on, month_is_open, source_id
FROM monthly_gap
WHERE category <> 'overall' AND gap_points IS NOT NULL
WINDOW categories AS (PARTITION BY board, category)
QUALIFY row_number() OVER (PARTITION BY board, category ORDER BY month DESC, variant = 'style_control' DESC, variant) = 1
ORDER BY board, category

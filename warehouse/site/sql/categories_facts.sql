-- In how many categories the interval leaves the lead open.
WITH newest AS (
  SELECT * FROM monthly_gap
  WHERE board = 'arena_text' AND variant = 'style_control' AND category <> 'overall' AND gap_low IS NOT NULL
  QUALIFY month = max(month) OVER ()
)
SELECT
  max(month) AS month, count(*) AS categories, count(*) FILTER (is_tie) AS open,
  count(*) FILTER (gap_points < 0) AS cn_ahead,
  arg_min(category, gap_points) AS smallest_category, min(gap_points) AS smallest_gap,
  arg_max(category, gap_points) AS largest_category, max(gap_points) AS largest_gap
FROM newest

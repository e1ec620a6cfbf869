-- In how many categories the interval leaves the lead open, and the smallest and largest gap.
WITH newest_gaps AS (
  SELECT * FROM monthly_gap
  WHERE board = 'arena_text' AND variant = 'style_control' AND category <> 'overall' AND gap_low IS NOT NULL
  QUALIFY month = max(month) OVER ()
)
SELECT
  max(month) AS month, count(*) AS categories, count(*) FILTER (is_tie) AS open,
  min(gap_points) AS smallest_gap, max(gap_points) AS largest_gap
FROM newest_gaps

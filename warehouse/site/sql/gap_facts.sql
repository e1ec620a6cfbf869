-- First, smallest and newest gap of the text arena by each rating, and how many months have what.
WITH months AS (
  SELECT *, min(month) FILTER (gap_points IS NOT NULL) OVER (PARTITION BY variant) AS start
  FROM monthly_gap
  WHERE board = 'arena_text' AND category = 'overall'
)
SELECT
  variant, start AS first_month, arg_min(gap_points, month) AS first_gap,
  arg_min(month, gap_points) AS smallest_month, min(gap_points) AS smallest_gap,
  max(month) FILTER (gap_points IS NOT NULL) AS last_month, arg_max(gap_points, month) AS last_gap,
  coalesce(arg_max(month_is_open, month) FILTER (gap_points IS NOT NULL), FALSE) AS last_is_open,
  count(*) AS months, count(gap_points) AS months_with_gap, count(gap_low) AS months_with_interval,
  count(*) FILTER (status = 'leaders_only') AS months_leaders_only,
  count(*) FILTER (status = 'truncated') AS months_truncated,
  count(*) FILTER (gap_points IS NULL) AS months_without,
  count(*) FILTER (NOT anchor_is_standard) AS months_other_zero,
  min(published_on) FILTER (NOT anchor_is_standard) AS other_zero_from,
  max(published_on) FILTER (NOT anchor_is_standard) AS other_zero_to
FROM months
WHERE month >= start
GROUP BY variant, start
ORDER BY variant <> 'style_control', variant

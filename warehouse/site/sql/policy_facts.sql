-- Export-control milestones of each side since the first month of the raw text arena, and its first and newest gap.
WITH gaps AS (
  SELECT * FROM monthly_gap
  WHERE board = 'arena_text' AND variant = 'raw' AND category = 'overall' AND gap_points IS NOT NULL
), events AS (
  SELECT side FROM policy_events WHERE date >= (SELECT min(month) FROM gaps)
)
SELECT
  (SELECT count(*) FROM events WHERE side = 'US') AS us_events,
  (SELECT count(*) FROM events WHERE side = 'CN') AS cn_events,
  min(month) AS first_month, arg_min(gap_points, month) AS first_gap,
  max(month) AS last_month, arg_max(gap_points, month) AS last_gap,
  min(published_on) FILTER (NOT anchor_is_standard) AS other_zero_from,
  max(published_on) FILTER (NOT anchor_is_standard) AS other_zero_to
FROM gaps
